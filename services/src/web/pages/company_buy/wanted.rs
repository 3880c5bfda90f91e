//! What a company wants to buy, read from its form, with what it costs.

use commands::{Offer, SubmitOrder};
use events::{
    BillingCycle, Money, OfferId, OrderId, OrderLine, PartnerId, Quantity, SubscriptionId,
    Timestamp,
};
use projections::SubscriptionRow;

use crate::{
    api::ORDER_LINES_MAX,
    ids,
    web::{
        forms::{Faults, Fields},
        own_company::{CompanyForm, OwnCompany},
    },
};

/// The billing cycles, as forms say them and as people read them.
pub(super) const CYCLES: [(&str, &str, BillingCycle); 3] = [
    ("monthly", "Monthly", BillingCycle::Monthly),
    ("annual", "Annual", BillingCycle::Annual),
    ("one_time", "One time", BillingCycle::OneTime),
];
/// What the field of an offer's licences is called, before its id.
const QUANTITY: &str = "quantity_";

/// The billing cycle that a form calls so.
pub(super) fn cycle_named(word: &str) -> Option<BillingCycle> {
    CYCLES.iter().find(|(known, ..)| *known == word).map(|(_, _, cycle)| *cycle)
}

/// What forms call a billing cycle.
pub(super) fn word(cycle: BillingCycle) -> &'static str {
    CYCLES.iter().find(|(_, _, known)| *known == cycle).map_or("", |(word, ..)| word)
}

/// When a billing cycle is billed, in a sentence.
pub(super) const fn billed(cycle: BillingCycle) -> &'static str {
    match cycle {
        BillingCycle::Monthly => "every month",
        BillingCycle::Annual => "every year",
        BillingCycle::OneTime => "once",
    }
}

/// What a licence of an offer that is sold costs in this cycle.
pub(super) fn price(offer: &Offer, cycle: BillingCycle) -> Option<&Money> {
    Some(offer).filter(|offer| offer.is_available)?.unit_price(cycle)
}

/// The subscriptions to which the company can add this offer.
pub(super) fn parents<'a>(
    company: &'a OwnCompany,
    seller: PartnerId,
    add_on: &'a Offer,
) -> impl Iterator<Item = &'a SubscriptionRow> {
    let held = company.model.subscriptions().of(company.customer);
    held.filter(move |row| row.partner == seller && row.state.is_active())
        .filter(|row| add_on.parents.contains(&row.offer))
}

/// An order in the making.
pub(super) struct Wanted<'a> {
    pub(super) cycle: BillingCycle,
    pub(super) lines: Vec<WantedLine<'a>>,
    /// What all of it costs, in each currency.
    pub(super) total: String,
}

/// A line of it.
pub(super) struct WantedLine<'a> {
    pub(super) offer: &'a Offer,
    pub(super) quantity: Quantity,
    pub(super) unit_price: &'a Money,
    pub(super) price: Money,
    parent: Option<SubscriptionId>,
}

impl Wanted<'_> {
    /// The order, whose subscriptions get new ids.
    pub(super) fn order(&self, now: Timestamp, partner_id: PartnerId) -> SubmitOrder {
        let line = |(line_number, line): (u32, &WantedLine<'_>)| OrderLine {
            line_number,
            offer_id: line.offer.id,
            subscription_id: ids::fresh(now, SubscriptionId::from_uuid),
            quantity: line.quantity,
            friendly_name: None,
            partner_on_record: None,
            parent_subscription: line.parent,
        };
        SubmitOrder {
            order_id: ids::fresh(now, OrderId::from_uuid),
            partner_id,
            billing_cycle: self.cycle,
            lines: (0..).zip(&self.lines).map(line).collect(),
        }
    }
}

/// Reads the offers of which the form wants licences.
pub(super) fn read(form: &CompanyForm, cycle: BillingCycle) -> Result<Wanted<'_>, Faults> {
    let mut faults = Faults::default();
    let mut lines = Vec::new();
    for (name, value) in form.fields.except(&[]) {
        let Some(offer) = name.strip_prefix(QUANTITY).filter(|_| !value.trim().is_empty()) else {
            continue;
        };
        match line(form, cycle, offer, value.trim()) {
            Ok(line) => lines.push(line),
            Err(reason) => faults.add("licences", reason),
        }
    }
    if lines.len() > ORDER_LINES_MAX {
        faults.add("licences", format!("an order has at most {ORDER_LINES_MAX} lines"));
    }
    if lines.is_empty() && faults.is_empty() {
        faults.add("licences", "enter a number of licences for at least one offer");
    }
    let prices = lines.iter().map(|line: &WantedLine<'_>| &line.price);
    let total = total(prices);
    if total.is_none() {
        faults.add("licences", "the order is too large");
    }
    faults.unless_any(|| Some(Wanted { cycle, lines, total: total? }))
}

fn line<'a>(
    form: &'a CompanyForm,
    cycle: BillingCycle,
    offer: &str,
    quantity: &str,
) -> Result<WantedLine<'a>, String> {
    let known = offer.parse::<OfferId>().ok();
    let known = known.and_then(|id| form.company.app().catalogue().offer(id));
    let offer = known.ok_or("there is no such offer")?;
    let named = |reason: &str| format!("{}: {reason}", offer.name);
    let unit_price = price(offer, cycle).ok_or_else(|| named("is not sold like this"))?;
    let number = quantity.parse::<u32>().map_err(|_| named("must be a whole number"))?;
    let quantity = Quantity::new(number).map_err(|error| named(&error.reason))?;
    let price = unit_price.times(number.into()).ok_or_else(|| named("is too much"))?;
    let parent = parent(&form.fields, offer).map_err(|reason| named(&reason))?;
    Ok(WantedLine { offer, quantity, unit_price, price, parent })
}

fn parent(fields: &Fields, offer: &Offer) -> Result<Option<SubscriptionId>, String> {
    match fields.text(&format!("parent_{}", offer.id)) {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| "names no subscription".to_owned()),
    }
}

/// The sum of prices, currency by currency; `None` where no number is large enough for it.
fn total<'a>(prices: impl Iterator<Item = &'a Money>) -> Option<String> {
    let mut sums: Vec<Money> = Vec::new();
    for price in prices {
        match sums.iter_mut().find(|sum| sum.currency == price.currency) {
            Some(sum) => *sum = sum.plus(price)?,
            None => sums.push(price.clone()),
        }
    }
    let sums: Vec<_> = sums.iter().map(Money::to_string).collect();
    Some(sums.join(" and "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(currency: &str, minor_units: u64) -> Money {
        Money { currency: currency.parse().unwrap(), minor_units }
    }

    #[test]
    fn prices_are_summed_in_each_currency_and_never_overflow() {
        let prices = [money("USD", 1_250), money("EUR", 100), money("USD", 50)];
        assert_eq!(total(prices.iter()).unwrap(), "13.00 USD and 1.00 EUR");
        assert_eq!(total([money("USD", u64::MAX), money("USD", 1)].iter()), None);
    }

    #[test]
    fn every_cycle_has_a_word_that_is_read_back() {
        for cycle in BillingCycle::ALL {
            assert_eq!(cycle_named(word(cycle)), Some(cycle));
        }
        assert_eq!(cycle_named("weekly"), None);
    }
}
