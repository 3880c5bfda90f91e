//! How does the contract speak of billing? Cycles, terms, currencies and amounts, for everything that
//! is sold.

use events::{BillingCycle, Currency, Money};
use serde::Serialize;
use serde_json::Number;
use utoipa::ToSchema;

use super::words::Words;
use crate::http::{ApiError, JsonBody};

/// The contract's code for a term that an offer does not come in.
const TERM_NOT_OFFERED: u32 = 6001;

/// How often something is to be billed from now on; what says nothing leaves it as it is, for clients
/// send whole resources with the words for nothing in them.
pub(super) const STATED_CYCLES: Words<Option<BillingCycle>> = Words {
    field: "billingCycle",
    all: &[
        ("unknown", None),
        ("monthly", Some(BillingCycle::Monthly)),
        ("annual", Some(BillingCycle::Annual)),
        ("none", None),
        ("one_time", Some(BillingCycle::OneTime)),
    ],
};

/// For how long something is bought, and how that is billed: nothing is sold for three years.
pub(super) const TERMS: Words<Option<BillingCycle>> = Words {
    field: "termDuration",
    all: &[
        ("P1M", Some(BillingCycle::Monthly)),
        ("P1Y", Some(BillingCycle::Annual)),
        ("P3Y", None),
    ],
};

/// For how long it is bought again once that is over.
pub(super) const RENEWAL_TERMS: Words<Option<BillingCycle>> =
    Words { field: "renewalTermDuration", all: TERMS.all };

/// How often what is bought is billed: as the body says, else as the term of its lines, else every
/// month.
///
/// # Errors
/// When a line is to have a term that is billed otherwise: nothing is sold for another time than was
/// asked for.
pub(super) fn cycle_of(body: &JsonBody, lines: &[JsonBody]) -> Result<BillingCycle, ApiError> {
    let stated = STATED_CYCLES.read_member(body)?.flatten();
    let agreed = lines.iter().try_fold(stated, |cycle, line| with_term_of(line, cycle));
    Ok(agreed?.unwrap_or(BillingCycle::Monthly))
}

/// How often it is billed once the term of a line is known.
///
/// # Errors
/// When that term is billed otherwise.
pub(super) fn with_term_of(
    line: &JsonBody,
    cycle: Option<BillingCycle>,
) -> Result<Option<BillingCycle>, ApiError> {
    let Some(term) = TERMS.read_member(line)? else { return Ok(cycle) };
    if term.is_none() || cycle.is_some_and(|cycle| Some(cycle) != term) {
        let reason =
            "is not sold so: P1M is billed monthly, P1Y annually, and nothing else is sold";
        return Err(ApiError { code: TERM_NOT_OFFERED, ..line.wrong(TERMS.field, reason) });
    }
    Ok(term)
}

/// The orders that are listed; what says nothing lists all.
pub(super) const LISTED_CYCLES: Words<Option<BillingCycle>> =
    Words { field: "billingType", all: STATED_CYCLES.all };

/// How the contract spells a billing cycle.
pub(crate) const fn cycle_word(cycle: BillingCycle) -> &'static str {
    match cycle {
        BillingCycle::Monthly => "monthly",
        BillingCycle::Annual => "annual",
        BillingCycle::OneTime => "one_time",
    }
}

/// The period after which a sale goes on by itself, as a duration: what is paid once has none.
pub(super) const fn term(cycle: BillingCycle) -> Option<&'static str> {
    match cycle {
        BillingCycle::Monthly => Some("P1M"),
        BillingCycle::Annual => Some("P1Y"),
        BillingCycle::OneTime => None,
    }
}

/// The sign of a currency; its code where it has none of its own.
pub(super) fn currency_symbol(currency: &Currency) -> &str {
    match currency.as_str() {
        "USD" | "AUD" | "CAD" | "NZD" | "SGD" | "HKD" | "MXN" => "$",
        "EUR" => "€",
        "GBP" => "£",
        "JPY" | "CNY" => "¥",
        "INR" => "₹",
        "KRW" => "₩",
        code => code,
    }
}

/// An amount as the contract writes it: one decimal number. The decimal text is read as a number only
/// here, on its way out; nothing is ever calculated with it.
pub(super) fn decimal(money: &Money) -> Option<Number> {
    let text = money.to_string();
    text.split(' ').next()?.parse().ok()
}

/// The price of one licence for one billing cycle.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct UnitPrice {
    #[schema(example = "USD")]
    currency_code: String,
    /// Whole minor units.
    #[schema(example = 1250)]
    minor_units: u64,
}

impl From<&Money> for UnitPrice {
    fn from(money: &Money) -> Self {
        Self { currency_code: money.currency.to_string(), minor_units: money.minor_units }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_one_decimal_number_in_the_digits_of_its_currency() {
        let shown = |code: &str, minor_units| {
            decimal(&Money { currency: code.parse().unwrap(), minor_units }).unwrap().to_string()
        };
        assert_eq!(shown("USD", 6_255), "62.55");
        assert_eq!(shown("JPY", 6_255), "6255");
        assert_eq!(shown("USD", 7), "0.07");
    }

    #[test]
    fn what_is_bought_for_a_term_is_billed_as_that_term_is() {
        let body = |text: &'static str| JsonBody::parse(text.into()).unwrap();
        let (nothing, yearly) = (body("{}"), body("{\"termDuration\":\"p1y\"}"));
        let none = body("{\"BillingCycle\":\"unknown\",\"TermDuration\":null}");
        let cycle = |body: &JsonBody, line: &JsonBody| cycle_of(body, std::slice::from_ref(line));
        assert_eq!(cycle(&nothing, &nothing).unwrap(), BillingCycle::Monthly);
        assert_eq!(cycle(&none, &none).unwrap(), BillingCycle::Monthly);
        assert_eq!(cycle(&nothing, &yearly).unwrap(), BillingCycle::Annual);
        for (stated, term, code) in [
            ("{\"billingCycle\":\"monthly\"}", "{\"termDuration\":\"P1Y\"}", 6001),
            ("{\"billingCycle\":\"one_time\"}", "{\"termDuration\":\"P1M\"}", 6001),
            ("{}", "{\"termDuration\":\"P3Y\"}", 6001),
            ("{}", "{\"termDuration\":\"soon\"}", 900_126),
        ] {
            let error = cycle(&body(stated), &body(term)).unwrap_err();
            assert_eq!((error.code, error.data[1].as_str()), (code, "termDuration"), "{stated}");
        }
    }

    #[test]
    fn a_cycle_that_says_nothing_changes_nothing() {
        assert_eq!(STATED_CYCLES.read("unknown").unwrap(), None);
        assert_eq!(STATED_CYCLES.read("None").unwrap(), None);
        assert_eq!(LISTED_CYCLES.read("onetime").unwrap(), Some(BillingCycle::OneTime));
        assert_eq!(LISTED_CYCLES.read("weekly").unwrap_err().data[1], "billingType");
    }
}
