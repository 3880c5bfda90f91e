//! What every back end must keep: one suite of tests that any [`EventStore`] runs.
//!
//! A back end implements [`Harness`] and names itself to [`contract_suite!`](crate::contract_suite),
//! which makes one test of every function here. The functions panic when the contract is broken.

#![expect(clippy::missing_panics_doc, reason = "a broken contract panics: that is the report")]
#![expect(clippy::expect_used, reason = "a suite of tests")]

mod appending;
mod following;
mod idempotency;
mod racing;
mod reading;
mod samples;

use std::sync::Arc;

use async_trait::async_trait;

pub use self::{
    appending::{
        a_deadline_that_has_passed_writes_nothing,
        a_malformed_commit_is_refused_before_anything_is_written,
        a_stream_that_was_only_read_is_checked, an_exact_version_is_neither_too_low_nor_too_high,
        no_stream_on_an_existing_stream_is_a_conflict, recorded_time_never_goes_back,
        several_streams_are_written_all_or_none, the_first_append_counts_versions_from_one,
        the_largest_allowed_commit_is_recorded,
    },
    following::{
        a_follower_from_any_position_sees_every_record_once_in_order,
        a_follower_keeps_up_while_writers_run, a_slow_follower_does_not_hold_appends_up,
        being_caught_up_is_told_once, deliveries_hold_whole_commits,
    },
    idempotency::{
        a_commit_that_conflicted_is_not_there_and_may_be_appended_later,
        a_dropped_append_is_recorded_once_or_not_at_all,
        a_repeat_is_answered_before_versions_are_checked, a_repeat_is_recognised_after_a_reopen,
        a_repeated_commit_returns_the_first_outcome,
        two_appends_of_one_commit_at_once_record_it_once,
    },
    racing::{
        a_reader_beside_writers_sees_whole_commits_and_no_gap, one_writer_wins_each_version,
        positions_have_no_gaps_and_every_acknowledged_event_stands_once,
        writers_of_different_streams_never_conflict,
    },
    reading::{
        an_acknowledged_commit_is_visible_at_once,
        an_unknown_event_type_is_an_explicit_error_and_stays_readable,
        paging_a_stream_equals_reading_it_whole, paging_the_log_equals_reading_it_whole,
        the_log_reads_the_same_after_a_reopen, what_is_not_there_reads_as_nothing,
    },
};
use crate::{clock::ManualClock, event_store::EventStore};

/// A back end under test: one empty store and the clock it records by.
#[async_trait]
pub trait Harness: Send {
    /// The store.
    fn store(&self) -> Arc<dyn EventStore>;

    /// The store's clock.
    fn clock(&self) -> Arc<ManualClock>;

    /// Stops the store and opens it again from what it kept; false if it keeps nothing, in which
    /// case the store goes on as it is. Stores handed out before have been dropped by then.
    async fn reopen(&mut self) -> bool;
}

/// Makes one test of every function of the contract, in a module of the given name.
///
/// `$harness` is an expression, evaluated in async code for each test, that gives a
/// [`Harness`](crate::contract::Harness). The caller needs tokio with `macros` and
/// `rt-multi-thread`.
#[macro_export]
macro_rules! contract_suite {
    ($name:ident, $harness:expr) => {
        $crate::contract_suite! { @each $name, $harness,
            a_commit_that_conflicted_is_not_there_and_may_be_appended_later
            a_deadline_that_has_passed_writes_nothing
            a_dropped_append_is_recorded_once_or_not_at_all
            a_follower_from_any_position_sees_every_record_once_in_order
            a_follower_keeps_up_while_writers_run
            a_malformed_commit_is_refused_before_anything_is_written
            a_reader_beside_writers_sees_whole_commits_and_no_gap
            a_repeat_is_answered_before_versions_are_checked
            a_repeat_is_recognised_after_a_reopen
            a_repeated_commit_returns_the_first_outcome
            a_slow_follower_does_not_hold_appends_up
            a_stream_that_was_only_read_is_checked
            an_acknowledged_commit_is_visible_at_once
            an_exact_version_is_neither_too_low_nor_too_high
            an_unknown_event_type_is_an_explicit_error_and_stays_readable
            being_caught_up_is_told_once
            deliveries_hold_whole_commits
            no_stream_on_an_existing_stream_is_a_conflict
            one_writer_wins_each_version
            paging_a_stream_equals_reading_it_whole
            paging_the_log_equals_reading_it_whole
            positions_have_no_gaps_and_every_acknowledged_event_stands_once
            recorded_time_never_goes_back
            several_streams_are_written_all_or_none
            the_first_append_counts_versions_from_one
            the_largest_allowed_commit_is_recorded
            the_log_reads_the_same_after_a_reopen
            two_appends_of_one_commit_at_once_record_it_once
            what_is_not_there_reads_as_nothing
            writers_of_different_streams_never_conflict
        }
    };
    (@each $name:ident, $harness:expr, $($test:ident)+) => {
        mod $name {
            use super::*;
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $test() {
                    let mut harness = $harness;
                    $crate::contract::$test(&mut harness).await;
                }
            )+
        }
    };
}
