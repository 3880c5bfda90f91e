//! The number of a service request: the id people read out on the telephone.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use crate::{
    ids::SubjectId,
    log::{Category, StreamId},
    personal::Clear,
    values::InvalidValue,
};

/// How many digits a number has.
const DIGITS: usize = 15;
const SMALLEST: u64 = 100_000_000_000_000;
const LARGEST: u64 = 999_999_999_999_999;

/// A service request, by its number of 15 digits. The stream of the request is named by the number,
/// so no two requests of an installation have the same.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServiceRequestId(u64);

impl ServiceRequestId {
    /// The smallest number.
    pub const MIN: Self = Self(SMALLEST);
    /// The largest number.
    pub const MAX: Self = Self(LARGEST);

    /// Takes a number of 15 digits.
    ///
    /// # Errors
    /// When it has more or fewer.
    pub fn new(number: u64) -> Result<Self, InvalidValue> {
        if (SMALLEST..=LARGEST).contains(&number) {
            Ok(Self(number))
        } else {
            Err(InvalidValue::new("service request id", format!("must have {DIGITS} digits")))
        }
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The number as streams and subjects carry it.
    #[must_use]
    pub const fn as_uuid(self) -> Uuid {
        Uuid::from_u128(self.0 as u128)
    }

    /// The request whose stream has this id.
    #[must_use]
    pub fn from_uuid(uuid: Uuid) -> Option<Self> {
        let number = u64::try_from(uuid.as_u128()).ok()?;
        Self::new(number).ok()
    }
}

impl fmt::Display for ServiceRequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for ServiceRequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServiceRequestId({})", self.0)
    }
}

impl FromStr for ServiceRequestId {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let text = text.trim();
        let digits = text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse().ok().filter(|_| digits);
        Self::new(number.unwrap_or_default())
    }
}

impl Clear for ServiceRequestId {}

/// A number in the log, a text for people: many readers of JSON keep no such numbers.
impl Serialize for ServiceRequestId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(&self.0)
        } else {
            serializer.serialize_u64(self.0)
        }
    }
}

impl<'de> Deserialize<'de> for ServiceRequestId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
        } else {
            Self::new(u64::deserialize(deserializer)?).map_err(serde::de::Error::custom)
        }
    }
}

impl From<ServiceRequestId> for StreamId {
    fn from(id: ServiceRequestId) -> Self {
        Self::new(Category::ServiceRequest, id.as_uuid())
    }
}

impl From<ServiceRequestId> for SubjectId {
    /// Whoever the free text of the request tells about.
    fn from(id: ServiceRequestId) -> Self {
        Self::from_uuid(id.as_uuid())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_fifteen_digits() {
        let id: ServiceRequestId = " 120261120000042 ".parse().unwrap();
        assert_eq!((id.get(), id.to_string().as_str()), (120_261_120_000_042, "120261120000042"));
        for wrong in [
            "",
            "1",
            "12026112000004",
            "1202611200000421",
            "012026112000004",
            "+20261120000042",
            "1202611200000x2",
        ] {
            assert!(wrong.parse::<ServiceRequestId>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_request_is_found_again_by_the_id_of_its_stream() {
        let id = ServiceRequestId::new(120_261_120_000_042).unwrap();
        assert_eq!(ServiceRequestId::from_uuid(StreamId::from(id).id()), Some(id));
        assert_eq!(ServiceRequestId::from_uuid(Uuid::from_u128(7)), None);
        assert_eq!(ServiceRequestId::from_uuid(Uuid::max()), None);
    }
}
