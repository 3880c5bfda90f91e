//! Reactions: followers of the log and the clock that issue commands of their own.
//!
//! A rebuild or replay never runs them: folds have no side effects.

mod clock_guard;
mod purge;

pub(crate) use self::purge::Purge;
