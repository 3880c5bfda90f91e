//! Which invoice is it? Its id tells: so it is the same whenever the invoice is made out.

use std::{fmt, str::FromStr};

use events::{Currency, InvalidValue, PartnerId};

use super::month::BillingMonth;

/// One invoice: of a partner, for a month, in a currency. Written as
/// `01890a5d-ac96-774b-bcce-b302099a8057_2026-10_usd`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct InvoiceId {
    /// The partner that sold what it bills.
    pub seller: PartnerId,
    /// The month.
    pub month: BillingMonth,
    /// The currency of all its lines.
    pub currency: Currency,
}

impl fmt::Display for InvoiceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let currency = self.currency.as_str().to_ascii_lowercase();
        write!(f, "{}_{}_{currency}", self.seller, self.month)
    }
}

impl FromStr for InvoiceId {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let mut parts = text.trim().split('_');
        let mut read = || {
            let seller = parts.next()?.parse().ok()?;
            let month = parts.next()?.parse().ok()?;
            let currency = parts.next()?.parse().ok()?;
            parts.next().is_none().then_some(Self { seller, month, currency })
        };
        let reason = "must be the id of an invoice";
        read().ok_or_else(|| InvalidValue { kind: "invoice id", reason: reason.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_back_as_it_is_written_in_any_case() {
        let text = "01890a5d-ac96-774b-bcce-b302099a8057_2026-10_usd";
        let id: InvoiceId = text.parse().unwrap();
        assert_eq!(id.to_string(), text);
        assert_eq!(text.to_uppercase().parse(), Ok(id));
        for wrong in ["", "_2026-10_usd", "01890a5d-ac96-774b-bcce-b302099a8057_2026-10", "a_b_c"] {
            assert!(wrong.parse::<InvoiceId>().is_err(), "{wrong}");
        }
        assert!(format!("{text}_x").parse::<InvoiceId>().is_err());
    }
}
