//! The durable log: the contract, and what only a log on a disk can be asked.

#![expect(clippy::unwrap_used, reason = "tests")]

mod backing_up;
mod commit_window;
mod contract;
mod damage;
mod failing;
mod following;
mod healing;
mod index_snapshots;
mod misbehaving;
mod opening;
mod reading_only;
mod salvaging;
mod sealing;
mod support;
mod surveying;
mod torn;
mod trimming;
mod verifying;
