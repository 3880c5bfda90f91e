//! The thread that copies full ranges of 256 records into the sealed log, behind the writer and
//! never in its way.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::Receiver,
    },
    time::{Duration, Instant},
};

use events::{InstallationId, Position};

use super::{
    disk::DiskError,
    layout::Layout,
    options::{Retention, StoreOptions},
    reader::Published,
    retention::{Kept, Trimming},
    sealed::{RANGE_RECORDS, SealedError, SealedLog},
    watermark::Watermark,
};
use crate::error::ReadError;

/// How many ranges share one sync when the sealer is behind.
const SYNC_RANGES_MAX: u64 = 16;

/// How often old segments are looked at, at most.
const TRIM_INTERVAL: Duration = Duration::from_mins(1);

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
    /// Which segments of the journal are dropped once they are sealed.
    pub(crate) trimmer: Option<Trimmer>,
}

/// Drops old segments of the journal from time to time.
pub(crate) struct Trimmer {
    layout: Layout,
    installation: InstallationId,
    retention: Retention,
    /// When it looked last.
    looked: Option<Instant>,
}

impl Trimmer {
    /// One that does what the options say; none if they keep everything.
    pub(crate) fn new(
        layout: &Layout,
        installation: InstallationId,
        options: &StoreOptions,
    ) -> Option<Self> {
        let retention = options.retention.clone()?;
        Some(Self { layout: layout.clone(), installation, retention, looked: None })
    }

    fn look(&mut self, published: &Published, sealed: &SealedLog) -> Result<(), DiskError> {
        if self.looked.is_some_and(|looked| looked.elapsed() < TRIM_INTERVAL) {
            return Ok(());
        }
        self.looked = Some(Instant::now());
        let Self { layout, installation, retention, .. } = self;
        let trimming =
            Trimming { published, sealed, layout, installation: *installation, retention };
        let report = trimming.run()?;
        match &report.kept {
            Kept::CopyInDoubt { .. } | Kept::NotBackedUp { .. } => {
                tracing::warn!(kept = %report.kept, "a segment of the journal is kept");
            }
            Kept::Written | Kept::Wanted | Kept::Unsealed => {}
        }
        Ok(())
    }
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
        self.trim(&sealed);
        while let Ok(wake) = self.wakes.recv() {
            self.seal_full_ranges(&sealed)?;
            self.trim(&sealed);
            if matches!(wake, Wake::Finish) {
                return self.seal_tail(&sealed);
            }
        }
        Ok(())
    }

    /// A segment that cannot be dropped is in nobody's way.
    fn trim(&mut self, sealed: &SealedLog) {
        let abandoned = self.abandoned.load(Ordering::Relaxed);
        let Some(trimmer) = self.trimmer.as_mut().filter(|_| !abandoned) else { return };
        if let Err(error) = trimmer.look(&self.published, sealed) {
            tracing::warn!(%error, "old segments of the journal cannot be dropped");
        }
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
