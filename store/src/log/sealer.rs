//! The thread that copies full ranges of 256 records into the sealed log, behind the writer and
//! never in its way.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
    mpsc::Receiver,
};

use events::Position;

use super::{
    disk::DiskError,
    reader::Published,
    sealed::{RANGE_RECORDS, SealedError, SealedLog},
    watermark::Watermark,
};
use crate::error::ReadError;

/// How many ranges share one sync when the sealer is behind.
const SYNC_RANGES_MAX: u64 = 16;

/// What the sealer is told.
pub(crate) enum Wake {
    /// There may be something to seal.
    Look,
    /// Seal everything, the unfinished range too, and end.
    Finish,
}

/// Why sealing stopped.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SealingError {
    #[error(transparent)]
    Sealed(#[from] SealedError),
    #[error(transparent)]
    Mark(#[from] DiskError),
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// The sealer's own things.
pub(crate) struct Sealer {
    pub(crate) wakes: Receiver<Wake>,
    pub(crate) published: Arc<Published>,
    /// How far sealing went.
    pub(crate) mark: Watermark,
    /// Set when the log is dropped: stop where you are.
    pub(crate) abandoned: Arc<AtomicBool>,
}

impl Sealer {
    /// Works until told to finish, or until nobody can tell it anything.
    pub(crate) fn run(mut self) {
        if let Err(error) = self.work() {
            self.published.fail_sealing(&error.to_string());
        }
    }

    fn work(&mut self) -> Result<(), SealingError> {
        let Some(sealed) = self.published.sealed() else { return Ok(()) };
        self.seal_full_ranges(&sealed)?;
        while let Ok(wake) = self.wakes.recv() {
            self.seal_full_ranges(&sealed)?;
            if matches!(wake, Wake::Finish) {
                return self.seal_tail(&sealed);
            }
        }
        Ok(())
    }

    fn seal_full_ranges(&mut self, sealed: &SealedLog) -> Result<(), SealingError> {
        loop {
            let first = self.published.sealed_to().get() / RANGE_RECORDS;
            let full = self.published.head().get() / RANGE_RECORDS;
            let until = full.min(first + SYNC_RANGES_MAX);
            if first >= until || self.abandoned.load(Ordering::Relaxed) {
                return Ok(());
            }
            for range in first..until {
                self.seal(sealed, range)?;
            }
            sealed.sync()?;
            let sealed_to = Position::new(until * RANGE_RECORDS);
            self.mark.write(sealed_to)?;
            self.published.set_sealed_to(sealed_to);
        }
    }

    /// Gives the records of the unfinished range their second copy.
    fn seal_tail(&mut self, sealed: &SealedLog) -> Result<(), SealingError> {
        let head = self.published.head();
        if head > self.published.sealed_to() {
            self.seal(sealed, head.get() / RANGE_RECORDS)?;
            sealed.sync()?;
            self.mark.write(head)?;
        }
        Ok(self.mark.sync()?)
    }

    fn seal(&self, sealed: &SealedLog, range: u64) -> Result<(), SealingError> {
        let from = Position::new(range * RANGE_RECORDS);
        let records_max = usize::try_from(RANGE_RECORDS).unwrap_or(usize::MAX);
        let records = self.published.read_range(from, records_max)?;
        Ok(sealed.seal(range, &records)?)
    }
}
