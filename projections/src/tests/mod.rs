//! The whole crate at work: runner, as-of reads and the laws every history keeps.

mod as_of;
mod chaos;
mod laws;
mod running;
