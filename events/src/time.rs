//! Moments: UTC, microsecond precision, the same before and after a round trip to disk.

use std::fmt;

use jiff::SignedDuration;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::personal::Clear;

/// A moment in UTC, in whole microseconds since 1970.
///
/// Stored as a signed 64-bit count; shown (and read) as RFC 3339 where the format is for people.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Timestamp(jiff::Timestamp);

impl Timestamp {
    /// The beginning of 1970.
    pub const EPOCH: Self = Self(jiff::Timestamp::UNIX_EPOCH);

    /// Takes a moment, cutting what is finer than a microsecond.
    #[must_use]
    pub fn new(moment: jiff::Timestamp) -> Self {
        Self::from_microseconds(moment.as_microsecond()).unwrap_or(Self(moment))
    }

    /// The moment that lies this many microseconds after 1970; `None` outside the calendar.
    #[must_use]
    pub fn from_microseconds(microseconds: i64) -> Option<Self> {
        jiff::Timestamp::from_microsecond(microseconds).ok().map(Self)
    }

    /// Microseconds since 1970.
    #[must_use]
    pub fn as_microseconds(self) -> i64 {
        self.0.as_microsecond()
    }

    /// The calendar library's own type.
    #[must_use]
    pub const fn as_jiff(self) -> jiff::Timestamp {
        self.0
    }

    /// The moment `hours` later (earlier when negative), held at the ends of the calendar.
    #[must_use]
    pub fn plus_hours(self, hours: i64) -> Self {
        self.plus(SignedDuration::from_hours(hours))
    }

    /// The moment `seconds` later (earlier when negative), held at the ends of the calendar.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        self.plus(SignedDuration::from_secs(seconds))
    }

    /// The moment `months` later by the calendar in UTC, on the last day of a month that is too short;
    /// held at the end of the calendar.
    #[must_use]
    pub fn plus_months(self, months: u32) -> Self {
        let zoned = self.0.to_zoned(jiff::tz::TimeZone::UTC);
        let later = jiff::Span::new().try_months(months).and_then(|span| zoned.checked_add(span));
        later.map_or(self, |later| Self::new(later.timestamp()))
    }

    fn plus(self, span: SignedDuration) -> Self {
        Self(self.0.saturating_add(span).unwrap_or(self.0))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Clear for Timestamp {}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(&self.0)
        } else {
            serializer.serialize_i64(self.as_microseconds())
        }
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            jiff::Timestamp::deserialize(deserializer).map(Self::new)
        } else {
            Self::from_microseconds(i64::deserialize(deserializer)?)
                .ok_or_else(|| serde::de::Error::custom("a moment outside the calendar"))
        }
    }
}
