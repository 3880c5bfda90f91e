//! What runs while a log is open, and how it ends.

use std::{
    sync::mpsc::SyncSender,
    thread::{self, JoinHandle},
};

use super::{
    disk::DiskError, error::CloseError, healing::Repair, identity::Lock, index_snapshot::Snapshots,
    layout::Layout, reader::Published, sealer::Wake,
};

/// What runs and what is held while the log is open.
pub(super) struct Running {
    pub(super) writer: JoinHandle<()>,
    pub(super) sealer: JoinHandle<()>,
    pub(super) wakes: SyncSender<Wake>,
    pub(super) scrubber: JoinHandle<()>,
    pub(super) repairs: SyncSender<Repair>,
    pub(super) snapshots: Snapshots,
    pub(super) lock: Lock,
}

impl Running {
    /// Waits for the writer, has the sealer seal the tail, and frees the directory.
    pub(super) fn finish(self, published: &Published) -> Result<(), CloseError> {
        let Self { writer, sealer, wakes, scrubber, repairs, mut snapshots, lock: _lock } = self;
        let _ = repairs.send(Repair::Stop);
        let scrubbed = scrubber.join();
        let wrote = writer.join();
        let _ = wakes.send(Wake::Finish);
        let sealed = sealer.join();
        if published.failure().is_none() {
            snapshots.save(published);
        }
        published.close();
        let panicked = [wrote, sealed, scrubbed]
            .iter()
            .any(Result::is_err)
            .then_some("a thread of it panicked");
        match published.failure().or_else(|| published.sealing_failure()).or(panicked) {
            Some(reason) => Err(CloseError { reason: reason.to_owned() }),
            None => Ok(()),
        }
    }

    /// Stops the threads where they are.
    pub(super) fn abandon(self) {
        let Self { writer, sealer, wakes, scrubber, repairs, lock: _lock, .. } = self;
        drop(wakes);
        let _ = repairs.send(Repair::Stop);
        let _ = scrubber.join();
        let _ = writer.join();
        let _ = sealer.join();
    }
}

/// Starts a thread of the log.
pub(super) fn spawn(
    name: &str,
    layout: &Layout,
    work: impl FnOnce() + Send + 'static,
) -> Result<JoinHandle<()>, DiskError> {
    let spawned = thread::Builder::new().name(name.to_owned()).spawn(work);
    spawned.map_err(|error| DiskError::new("start a thread for", layout.root(), &error))
}
