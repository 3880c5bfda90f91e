//! Makes the next segment ready in the background: writing and syncing its zeros takes longer than
//! an acknowledgement may wait.

use std::{
    sync::mpsc::{Receiver, Sender, channel},
    thread::{self, JoinHandle},
};

use events::InstallationId;

use super::segment::Segment;
use crate::log::{disk::DiskError, layout::Layout};

/// The thread that prepares segments, one at a time, when asked.
pub(crate) struct Preparer {
    asks: Option<Sender<u64>>,
    ready: Receiver<Result<Segment, DiskError>>,
    thread: Option<JoinHandle<()>>,
    layout: Layout,
}

impl Preparer {
    /// Starts the thread; segments become `segment_bytes` long.
    pub(crate) fn start(
        layout: Layout,
        id: InstallationId,
        segment_bytes: u64,
    ) -> Result<Self, DiskError> {
        let (asks, asked) = channel();
        let (done, ready) = channel();
        let home = layout.clone();
        let work = move || {
            for sequence in asked {
                if done.send(Segment::create(&layout, id, sequence, segment_bytes)).is_err() {
                    break;
                }
            }
        };
        let started = thread::Builder::new().name("log-preparer".to_owned()).spawn(work);
        let thread = started
            .map_err(|error| DiskError::new("start the preparer for", home.root(), &error))?;
        Ok(Self { asks: Some(asks), ready, thread: Some(thread), layout: home })
    }

    /// Has a segment made.
    pub(crate) fn ask_for(&self, sequence: u64) {
        if let Some(asks) = &self.asks {
            // A thread that is gone is noticed when its segment is wanted.
            let _ = asks.send(sequence);
        }
    }

    /// The segment that was asked for, waiting for it if need be.
    pub(crate) fn take(&self) -> Result<Segment, DiskError> {
        self.ready.recv().unwrap_or_else(|_| {
            let reason = "the thread that prepares segments is gone".to_owned();
            let path = self.layout.journal();
            Err(DiskError { operation: "create a segment in", path, reason })
        })
    }
}

impl Drop for Preparer {
    /// Waits for a segment in the making, so that nothing touches the directory afterwards.
    fn drop(&mut self) {
        self.asks = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
