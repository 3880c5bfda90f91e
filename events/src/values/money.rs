//! Money: whole minor units of a currency. There are no fractions and no floating point anywhere.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{clear_text, text_value};
use crate::personal::Clear;

/// Currencies without a minor unit.
const WITHOUT_MINOR_UNIT: [&str; 16] = [
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV",
    "XAF", "XOF", "XPF",
];
/// Currencies whose minor unit is a thousandth.
const WITH_THOUSANDTHS: [&str; 7] = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

text_value! {
    /// An ISO 4217 currency code in capitals.
    Currency = "currency", |text| {
        let text = text.trim().to_ascii_uppercase();
        if text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase()) {
            Ok(text)
        } else {
            Err("must be three letters such as USD".to_owned())
        }
    }
}

clear_text!(Currency);

impl Currency {
    /// How many decimal digits its minor unit has: 2 for cents.
    #[must_use]
    pub fn minor_digits(&self) -> u32 {
        if WITHOUT_MINOR_UNIT.contains(&self.as_str()) {
            0
        } else if WITH_THOUSANDTHS.contains(&self.as_str()) {
            3
        } else {
            2
        }
    }
}

/// An amount of money, never negative.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct Money {
    /// The currency.
    pub currency: Currency,
    /// How many minor units of it, such as cents.
    pub minor_units: u64,
}

impl Clear for Money {}

impl Money {
    /// So many times the amount; `None` where no number is large enough for it.
    #[must_use]
    pub fn times(&self, number: u64) -> Option<Self> {
        let minor_units = self.minor_units.checked_mul(number)?;
        Some(Self { currency: self.currency.clone(), minor_units })
    }

    /// The sum of two amounts; `None` of two currencies, and where no number is large enough for it.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Option<Self> {
        if self.currency != other.currency {
            return None;
        }
        let minor_units = self.minor_units.checked_add(other.minor_units)?;
        Some(Self { currency: self.currency.clone(), minor_units })
    }
}

impl fmt::Display for Money {
    /// As people read it: `12.50 USD`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.currency.minor_digits();
        let unit = 10_u64.pow(digits);
        let (whole, rest) = (self.minor_units / unit, self.minor_units % unit);
        if digits == 0 {
            write!(f, "{whole} {}", self.currency)
        } else {
            let width = usize::try_from(digits).unwrap_or_default();
            write!(f, "{whole}.{rest:0width$} {}", self.currency)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(currency: &str, minor_units: u64) -> Money {
        Money { currency: currency.parse().unwrap(), minor_units }
    }

    #[test]
    fn an_amount_is_shown_with_the_digits_of_its_currency() {
        assert_eq!(money("usd", 1_205).to_string(), "12.05 USD");
        assert_eq!(money("JPY", 1_205).to_string(), "1205 JPY");
        assert_eq!(money("KWD", 1_205).to_string(), "1.205 KWD");
    }

    #[test]
    fn amounts_add_up_in_one_currency_and_never_overflow() {
        assert_eq!(money("USD", 5).times(3), Some(money("USD", 15)));
        assert_eq!(money("USD", 5).plus(&money("USD", 3)), Some(money("USD", 8)));
        assert_eq!(money("USD", 5).plus(&money("EUR", 3)), None);
        assert_eq!(money("USD", u64::MAX).times(2), None);
        assert_eq!(money("USD", u64::MAX).plus(&money("USD", 1)), None);
    }

    #[test]
    fn what_is_no_currency_code_is_refused() {
        for text in ["", "US", "DOLLAR", "U5D"] {
            assert!(Currency::new(text).is_err(), "{text}");
        }
    }
}
