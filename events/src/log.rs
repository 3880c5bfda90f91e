//! Where an event stands: its position in the log, its stream and its version there.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    ids::{CustomerId, LeadId, PartnerId, PartnershipId},
    personal::Clear,
};

/// A place in the log: the number of events before it, so 0 is the beginning of the log and the
/// head of the log is the number of events in it. A read *from* a position starts with the event
/// *at* it.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Position(u64);

impl Position {
    /// The beginning of the log.
    pub const START: Self = Self(0);

    /// The position that has `events_before` events before it.
    #[must_use]
    pub const fn new(events_before: u64) -> Self {
        Self(events_before)
    }

    /// The number of events before this position.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The position after the event at this one.
    #[must_use]
    pub const fn next(self) -> Self {
        self.plus(1)
    }

    /// The position `events` further on.
    #[must_use]
    pub const fn plus(self, events: u64) -> Self {
        Self(self.0.saturating_add(events))
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The version of a stream: how many events it holds. 0 means the stream does not exist; the first
/// event of a stream makes it version 1.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct StreamVersion(u64);

impl StreamVersion {
    /// The version of a stream that does not exist.
    pub const NONE: Self = Self(0);

    /// The version of a stream with this many events.
    #[must_use]
    pub const fn new(events: u64) -> Self {
        Self(events)
    }

    /// The number of events in the stream.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The version after one more event.
    #[must_use]
    pub const fn next(self) -> Self {
        self.plus(1)
    }

    /// The version after `events` more events.
    #[must_use]
    pub const fn plus(self, events: u64) -> Self {
        Self(self.0.saturating_add(events))
    }
}

impl fmt::Display for StreamVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The kind of thing a stream tells about. The numbers are stored: they are never reused.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum Category {
    /// A partner with its users and roles.
    Partner = 1,
    /// A provider–reseller bond.
    Partnership = 2,
    /// A customer with its relationships, subscriptions, users and licences.
    Customer = 3,
    /// A name that must be unique in the installation.
    NameClaim = 4,
    /// The installation as a whole.
    Installation = 5,
    /// A company that a provider refers to a reseller.
    Lead = 7,
    /// A service request.
    ServiceRequest = 6,
}

impl Category {
    /// Every category, in the order of its number.
    pub const ALL: [Self; 7] = [
        Self::Partner,
        Self::Partnership,
        Self::Customer,
        Self::NameClaim,
        Self::Installation,
        Self::Lead,
        Self::ServiceRequest,
    ];

    /// The number stored in record headers.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The category of a stored number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.number() == number)
    }

    /// The name in stream texts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Partner => "partner",
            Self::Partnership => "partnership",
            Self::Customer => "customer",
            Self::NameClaim => "name_claim",
            Self::Installation => "installation",
            Self::Lead => "lead",
            Self::ServiceRequest => "service_request",
        }
    }
}

/// The name of a stream: a category and an opaque id, written `customer-<guid>`.
///
/// A stream name never holds personal data: it stands readable in headers, indexes and logs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct StreamId {
    category: Category,
    id: Uuid,
}

impl Clear for StreamId {}
impl Clear for Position {}

impl From<StreamId> for String {
    fn from(stream: StreamId) -> Self {
        stream.to_string()
    }
}

impl TryFrom<String> for StreamId {
    type Error = ParseStreamError;

    fn try_from(text: String) -> Result<Self, ParseStreamError> {
        text.parse()
    }
}

impl StreamId {
    /// The one stream of the installation.
    pub const INSTALLATION: Self = Self::new(Category::Installation, Uuid::nil());

    /// The stream of this category and id.
    #[must_use]
    pub const fn new(category: Category, id: Uuid) -> Self {
        Self { category, id }
    }

    /// What kind of thing the stream tells about.
    #[must_use]
    pub const fn category(self) -> Category {
        self.category
    }

    /// The id of the thing the stream tells about.
    #[must_use]
    pub const fn id(self) -> Uuid {
        self.id
    }
}

impl From<PartnerId> for StreamId {
    fn from(id: PartnerId) -> Self {
        Self::new(Category::Partner, id.as_uuid())
    }
}

impl From<PartnershipId> for StreamId {
    fn from(id: PartnershipId) -> Self {
        Self::new(Category::Partnership, id.as_uuid())
    }
}

impl From<CustomerId> for StreamId {
    fn from(id: CustomerId) -> Self {
        Self::new(Category::Customer, id.as_uuid())
    }
}

impl From<LeadId> for StreamId {
    fn from(id: LeadId) -> Self {
        Self::new(Category::Lead, id.as_uuid())
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.category.name(), self.id)
    }
}

impl fmt::Debug for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StreamId({self})")
    }
}

/// A text that does not name a stream.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a stream name: expected a category such as customer, a hyphen and a GUID")]
pub struct ParseStreamError;

impl FromStr for StreamId {
    type Err = ParseStreamError;

    fn from_str(text: &str) -> Result<Self, ParseStreamError> {
        let (name, id) = text.trim().split_once('-').ok_or(ParseStreamError)?;
        let category = Category::ALL.into_iter().find(|category| category.name() == name);
        let id = Uuid::try_parse(id).map_err(|_| ParseStreamError)?;
        category.map(|category| Self { category, id }).ok_or(ParseStreamError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_name_round_trips_through_its_text() {
        for category in Category::ALL {
            let stream = StreamId::new(category, Uuid::from_u128(7));
            assert_eq!(stream.to_string().parse(), Ok(stream));
            assert_eq!(Category::from_number(category.number()), Some(category));
        }
    }
}
