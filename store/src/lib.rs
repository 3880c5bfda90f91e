//! The log: where events are recorded, durably and in one order, and read back.
//!
//! This crate answers *is this fact recorded, where does it stand, and what came after it*.
//!
//! **Architecture invariant.** The only crate that touches the log's files. It moves encoded events
//! and knows no rule, no JSON, no HTTP; nobody outside it knows whether sled, a file or memory
//! holds the bytes.

pub mod chaos;
pub mod contract;
pub mod metric_definitions;

mod admission;
mod clock;
mod error;
mod event_store;
mod index;
mod log;
mod memory;
mod merkle;

mod record;
mod subscription;
mod take;

pub use clock::{Clock, ManualClock};
pub use error::{AppendError, CommitRefusal, ReadError};
pub use event_store::{
    Appended, COMMIT_BYTES_MAX, COMMIT_EVENTS_MAX, Commit, Delivery, EventStore, ExpectedVersion,
    RECORD_BYTES_MAX, StreamCheck, StreamWrite, Subscription,
};
pub use index::{COMMIT_WINDOW_COMMITS, Discrepancy, commit_window_bytes};
pub use log::{
    BackupError, BackupReport, CloseError, DiskError, Fault, Faults, HealedPart, Healing, Kept,
    LogCopy, LogReader, LogStatus, LogStore, LogSurvey, OpenError, Problem, RestorePoint, Restored,
    Retention, SalvageReport, StoreOptions, TornAppend, TrimReport, Unacknowledged, VerifyReport,
    backup, restore, salvage, survey, verify,
};
pub use memory::MemoryStore;
pub use merkle::{HASH_BYTES, TILE_LEAVES, leaf_hash, tile};
pub use record::{
    Placement, RECORD_HEADER_BYTES, Record, RecordError, RecordHeader, record_bytes, write_record,
};
