//! Numbers with bounds.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::InvalidValue;
use crate::personal::Clear;

/// A number of licences, 1 to 1,000,000.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Quantity(u32);

impl Quantity {
    /// The largest quantity.
    pub const MAX: u32 = 1_000_000;

    /// Checks a number.
    ///
    /// # Errors
    /// When it is 0 or above [`Quantity::MAX`].
    pub fn new(number: u32) -> Result<Self, InvalidValue> {
        if (1..=Self::MAX).contains(&number) {
            Ok(Self(number))
        } else {
            Err(InvalidValue::new("quantity", format!("must be 1 to {}", Self::MAX)))
        }
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl TryFrom<u32> for Quantity {
    type Error = InvalidValue;

    fn try_from(number: u32) -> Result<Self, InvalidValue> {
        Self::new(number)
    }
}

impl From<Quantity> for u32 {
    fn from(quantity: Quantity) -> Self {
        quantity.0
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Clear for Quantity {}
