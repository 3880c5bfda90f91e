//! New identifiers: time-ordered UUIDs, made at the edge.

use events::Timestamp;
use uuid::Uuid;

/// A fresh identifier of the kind `wrap` makes, ordered by `now`.
pub fn fresh<T>(now: Timestamp, wrap: impl FnOnce(Uuid) -> T) -> T {
    let moment = now.as_microseconds();
    let seconds = u64::try_from(moment.div_euclid(1_000_000)).unwrap_or(0);
    let nanoseconds = u32::try_from(moment.rem_euclid(1_000_000) * 1_000).unwrap_or(0);
    let stamp = uuid::Timestamp::from_unix(uuid::NoContext, seconds, nanoseconds);
    wrap(Uuid::new_v7(stamp))
}
