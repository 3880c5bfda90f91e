//! The log: where events are recorded, durably and in one order, and read back.
//!
//! This crate answers *is this fact recorded, where does it stand, and what came after it*.
//!
//! **Architecture invariant.** The only crate that touches the log's files. It moves encoded events
//! and knows no rule, no JSON, no HTTP; nobody outside it knows whether sled, a file or memory
//! holds the bytes.

mod error;
mod event_store;
mod record;

pub use error::{AppendError, CommitRefusal, ReadError};
pub use event_store::{
    Appended, COMMIT_BYTES_MAX, COMMIT_EVENTS_MAX, Commit, Delivery, EventStore, ExpectedVersion,
    RECORD_BYTES_MAX, StreamCheck, StreamWrite, Subscription,
};
pub use record::{
    Placement, RECORD_HEADER_BYTES, Record, RecordError, RecordHeader, record_bytes, write_record,
};
