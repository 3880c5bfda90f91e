//! The one thread that writes: it takes the waiting commits, admits them, makes them durable with
//! one sync, publishes them and only then answers.
//!
//! The first failure of the disk ends it. What was in flight has an unknown outcome, what waited
//! was not written, and nothing is accepted until the log is opened again.

use std::{
    sync::{Arc, mpsc::SyncSender},
    thread,
    time::Instant,
};

use events::Timestamp;
use tokio::sync::{mpsc, oneshot};

use super::{
    disk::DiskError,
    frame::{FrameBuilder, LogTag},
    journal::Journal,
    reader::Published,
    sealed::RANGE_RECORDS,
    sealer::Wake,
    watermark::Watermark,
};
use crate::{
    admission::Admission,
    clock::Clock,
    error::AppendError,
    event_store::{Appended, Commit},
    record::{Placement, write_record},
};

/// A group is closed once it has this many commits.
const GROUP_COMMITS_MAX: usize = 4_096;
/// A group is closed once its records take this many bytes.
const GROUP_BYTES_MAX: usize = 1 << 20;
/// A clock that is behind the newest record by less is not worth a word.
const CLOCK_BEHIND_TOLERATED_SECONDS: i64 = 1;

type Outcome = Result<Appended, AppendError>;

/// One commit that waits for the writer.
pub(crate) struct Request {
    pub(crate) commit: Commit,
    /// The bytes of its records.
    pub(crate) bytes: usize,
    pub(crate) deadline: Instant,
    pub(crate) reply: oneshot::Sender<Outcome>,
}

/// What the writer is told.
pub(crate) enum Order {
    Append(Request),
    /// Write what waits, accept nothing more, end.
    Stop,
}

/// The writer's own things.
pub(crate) struct Writer {
    pub(crate) orders: mpsc::Receiver<Order>,
    pub(crate) journal: Journal,
    pub(crate) watermark: Watermark,
    pub(crate) published: Arc<Published>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) sealer: SyncSender<Wake>,
    pub(crate) tag: LogTag,
    pub(crate) clock_watch: ClockWatch,
}

/// Says once that the clock is behind the log, and again only after it had caught up.
#[derive(Default)]
pub(crate) struct ClockWatch {
    behind: bool,
}

impl ClockWatch {
    fn look(&mut self, now: Timestamp, recorded_at: Timestamp) {
        let behind = now.plus_seconds(CLOCK_BEHIND_TOLERATED_SECONDS) < recorded_at;
        if behind && !self.behind {
            tracing::warn!(%now, %recorded_at, "the clock is behind the log, which keeps its time");
        }
        self.behind = behind;
    }
}

impl Writer {
    /// Works until it is stopped, nobody can send any more, or the disk fails.
    pub(crate) fn run(mut self) {
        let _guard = PanicGuard(Arc::clone(&self.published));
        let mut group = Vec::new();
        while let Some(order) = self.orders.blocking_recv() {
            self.collect(order, &mut group);
            self.published.metrics.queued(group.len() + self.orders.len());
            if let Err(error) = self.commit_group(&mut group) {
                self.published.fail(&error.to_string());
                self.refuse_waiting();
                return;
            }
            self.published.metrics.queued(self.orders.len());
        }
        if let Err(error) = self.watermark.sync() {
            self.published.fail(&error.to_string());
        }
    }

    /// Takes everything that waits, up to the limits of a group.
    fn collect(&mut self, first: Order, group: &mut Vec<Request>) {
        let mut bytes = 0;
        let mut next = Some(first);
        while let Some(order) = next {
            match order {
                Order::Append(request) => {
                    bytes += request.bytes;
                    group.push(request);
                }
                Order::Stop => self.orders.close(),
            }
            let full = bytes >= GROUP_BYTES_MAX || group.len() >= GROUP_COMMITS_MAX;
            next = if full { None } else { self.orders.try_recv().ok() };
        }
    }

    fn commit_group(&mut self, group: &mut Vec<Request>) -> Result<(), DiskError> {
        let (frame, placements, outcomes) = self.admit(group);
        if frame.is_empty() {
            answer(group, outcomes);
            return Ok(());
        }
        let frame = frame.finish();
        let written = self.journal.append(&frame).and_then(|written| {
            self.watermark.write(frame.next())?;
            Ok(written)
        });
        let written = match written {
            Ok(written) => written,
            Err(error) => {
                answer_unknown(group, outcomes, &error);
                return Err(error);
            }
        };
        self.published.metrics.group(group.len(), frame.bytes().len(), written.synced_in);
        self.published.publish(&frame, &written, &placements);
        answer(group, outcomes);
        self.wake_sealer(frame.first().get(), frame.next().get());
        Ok(())
    }

    /// Admits the commits of a group one after the other and writes their records into one frame.
    fn admit(&mut self, group: &[Request]) -> (FrameBuilder, Vec<Placement>, Vec<Outcome>) {
        let published = Arc::clone(&self.published);
        let index = published.index();
        let bytes = group.iter().map(|request| request.bytes).sum();
        let mut frame = FrameBuilder::new(self.tag, index.next(), bytes, group.len());
        let mut placements = Vec::with_capacity(group.len());
        let clock_now = self.clock.now();
        self.clock_watch.look(clock_now, index.recorded_at());
        let mut admission = Admission::new(&index, clock_now);
        let now = Instant::now();
        let outcomes = group
            .iter()
            .map(|request| {
                if request.deadline <= now {
                    return Err(unavailable("the deadline passed in the queue"));
                }
                admission.admit(&request.commit, |event, placement| {
                    frame.push(|buffer| write_record(buffer, event, placement));
                    placements.push(*placement);
                })
            })
            .collect();
        (frame, placements, outcomes)
    }

    /// A wake that finds the sealer woken already may be lost: it looks at the head by itself.
    fn wake_sealer(&self, from: u64, to: u64) {
        if from / RANGE_RECORDS != to / RANGE_RECORDS {
            let _ = self.sealer.try_send(Wake::Look);
        }
    }

    fn refuse_waiting(&mut self) {
        self.orders.close();
        let reason = self.published.failure().unwrap_or("the disk failed").to_owned();
        while let Some(order) = self.orders.blocking_recv() {
            if let Order::Append(request) = order {
                let _ = request.reply.send(Err(unavailable(&reason)));
            }
        }
    }
}

/// Sees to it that a writer that panicked is known to have failed.
struct PanicGuard(Arc<Published>);

impl Drop for PanicGuard {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.fail("the writer panicked");
        }
    }
}

fn unavailable(reason: &str) -> AppendError {
    AppendError::Unavailable { reason: reason.to_owned() }
}

/// A caller that is gone does not hear the answer; the commit stands all the same.
fn answer(group: &mut Vec<Request>, outcomes: Vec<Outcome>) {
    for (request, outcome) in group.drain(..).zip(outcomes) {
        let _ = request.reply.send(outcome);
    }
}

/// Whatever counted on this group being written is unknown; definite refusals stay definite.
fn answer_unknown(group: &mut Vec<Request>, outcomes: Vec<Outcome>, error: &DiskError) {
    let unknown = |request: &Request, outcome| match outcome {
        Ok(_) => Err(AppendError::OutcomeUnknown {
            commit: request.commit.id,
            reason: error.to_string(),
        }),
        Err(refused) => Err(refused),
    };
    for (request, outcome) in group.drain(..).zip(outcomes) {
        let outcome = unknown(&request, outcome);
        let _ = request.reply.send(outcome);
    }
}
