//! What does one subscription cost in a month?
//!
//! Its licences are counted at the end of each day: those of a subscription that works then. A month
//! of a monthly price costs as many parts of it as the month has days, a month of an annual price a
//! twelfth of that; a price that is paid once is paid for each licence in the month in which it is
//! first counted. Each line is rounded once, half a minor unit up.

use events::{
    BillingCycle, Money, OfferId, PartnerId, SaleTerms, SkuId, SubscriptionCreated,
    SubscriptionUpgraded, Timestamp, TrialConverted,
};

use super::month::{BillingMonth, Day, day_of};

const MONTHS_A_YEAR: u64 = 12;

/// A subscription as it is billed.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Billed {
    /// The partner that sold it.
    pub(super) seller: PartnerId,
    /// The month in which it was created.
    pub(super) since: BillingMonth,
    /// What was sold, first as the subscription was created, then with each upgrade and each change
    /// of how it is billed.
    sales: Vec<Sale>,
    /// What was the case at the end of the days on which something changed.
    days: Vec<EndOfDay>,
    quantity: u32,
    works: bool,
}

/// What was sold; without terms where none were recorded.
#[derive(Clone, PartialEq, Debug)]
struct Sale {
    offer: OfferId,
    sku: SkuId,
    cycle: BillingCycle,
    terms: Option<SaleTerms>,
}

#[derive(Clone, Copy, PartialEq, Debug)]
struct EndOfDay {
    day: Day,
    /// Which sale holds.
    sale: usize,
    /// The licences that work.
    licenses: u32,
}

/// What one sale of a subscription costs in a month.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Charge<'a> {
    pub(super) sale: usize,
    pub(super) offer: OfferId,
    pub(super) sku: SkuId,
    pub(super) cycle: BillingCycle,
    pub(super) terms: &'a SaleTerms,
    pub(super) used: u64,
    pub(super) amount: Money,
}

/// How a subscription changed.
pub(super) enum Change<'a> {
    Quantity(u32),
    Works(bool),
    Upgraded(&'a SubscriptionUpgraded),
    Rebilled(BillingCycle, &'a SaleTerms),
    Converted(&'a TrialConverted),
}

impl Billed {
    pub(super) fn created(event: &SubscriptionCreated, at: Timestamp) -> Self {
        let sale = Sale {
            offer: event.offer_id,
            sku: event.sku_id,
            cycle: event.billing_cycle,
            terms: event.terms.clone(),
        };
        let quantity = event.quantity.get();
        Self {
            seller: event.partner_id,
            since: BillingMonth::of(at),
            sales: vec![sale],
            days: vec![EndOfDay { day: day_of(at), sale: 0, licenses: quantity }],
            quantity,
            works: true,
        }
    }

    pub(super) fn change(&mut self, change: &Change<'_>, at: Timestamp) {
        match change {
            Change::Quantity(quantity) => self.quantity = *quantity,
            Change::Works(works) => self.works = *works,
            Change::Upgraded(event) => self.sell(|sale| Sale {
                offer: event.new_offer_id,
                sku: event.new_sku_id,
                terms: Some(event.terms.clone()),
                ..sale
            }),
            Change::Converted(event) => self.sell(|sale| Sale {
                offer: event.new_offer_id,
                terms: Some(event.terms.clone()),
                ..sale
            }),
            Change::Rebilled(cycle, terms) => {
                self.sell(|sale| Sale { cycle: *cycle, terms: Some((*terms).clone()), ..sale });
            }
        }
        let licenses = if self.works { self.quantity } else { 0 };
        let sale = self.sales.len().saturating_sub(1);
        let end = EndOfDay { day: day_of(at), sale, licenses };
        match self.days.last_mut() {
            Some(last) if last.day == end.day => *last = end,
            Some(_) | None => self.days.push(end),
        }
    }

    /// Sells it anew, as something else than the last time.
    fn sell(&mut self, anew: impl FnOnce(Sale) -> Sale) {
        if let Some(last) = self.sales.last().cloned() {
            self.sales.push(anew(last));
        }
    }

    /// What it costs in a month, sale by sale.
    pub(super) fn charges(&self, month: BillingMonth) -> impl Iterator<Item = Charge<'_>> {
        let days = self.days_of(month);
        let first = days.first().map_or(0, |end| end.sale);
        let count = days.last().map_or(0, |end| end.sale + 1 - first);
        (first..).take(count).filter_map(move |sale| self.charge(sale, days, month))
    }

    fn charge(&self, sale: usize, days: &[EndOfDay], month: BillingMonth) -> Option<Charge<'_>> {
        let Sale { offer, sku, cycle, terms } = self.sales.get(sale)?;
        let terms = terms.as_ref()?;
        let used = match cycle {
            BillingCycle::Monthly | BillingCycle::Annual => license_days(sale, days, month),
            BillingCycle::OneTime => self.new_licenses(sale, days, month),
        };
        let parts = match cycle {
            BillingCycle::Monthly => u64::from(month.days()),
            BillingCycle::Annual => MONTHS_A_YEAR * u64::from(month.days()),
            BillingCycle::OneTime => 1,
        };
        let amount = share(&terms.unit_price, used, parts);
        let (offer, sku, cycle) = (*offer, *sku, *cycle);
        (used > 0).then_some(Charge { sale, offer, sku, cycle, terms, used, amount })
    }

    /// The days on which something changed in a month, after the last one before it.
    fn days_of(&self, month: BillingMonth) -> &[EndOfDay] {
        let (first, next) = (month.first_day(), month.next().first_day());
        let known = self.days.partition_point(|end| end.day <= first);
        let until = self.days.partition_point(|end| end.day < next);
        self.days.get(known.saturating_sub(1)..until).unwrap_or_default()
    }

    /// The licences of a sale that nobody paid for before: what is more than ever before.
    fn new_licenses(&self, sale: usize, days: &[EndOfDay], month: BillingMonth) -> u64 {
        let most = |days: &[EndOfDay]| {
            let of_sale = days.iter().filter(|end| end.sale == sale);
            of_sale.map(|end| end.licenses).max().unwrap_or_default()
        };
        let before = self.days.partition_point(|end| end.day < month.first_day());
        let paid = most(self.days.get(..before).unwrap_or_default());
        u64::from(most(days).saturating_sub(paid))
    }
}

/// The licences of a sale at the end of each day of a month, added up.
fn license_days(sale: usize, days: &[EndOfDay], month: BillingMonth) -> u64 {
    let (first, next) = (month.first_day(), month.next().first_day());
    let ends = days.iter().skip(1).map(|end| end.day).chain([next]);
    let spans = days.iter().zip(ends).filter(|(end, _)| end.sale == sale);
    spans
        .map(|(end, until)| {
            let days = u64::try_from(until - end.day.max(first)).unwrap_or_default();
            u64::from(end.licenses) * days
        })
        .sum()
}

/// So many parts of a price; half a minor unit counts as a whole one.
fn share(price: &Money, parts: u64, of: u64) -> Money {
    let (whole, of) = (u128::from(price.minor_units) * u128::from(parts), u128::from(of.max(1)));
    let rounded = (2 * whole + of) / (2 * of);
    let minor_units = u64::try_from(rounded).unwrap_or(u64::MAX);
    Money { currency: price.currency.clone(), minor_units }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_minor_unit_is_rounded_up_and_less_is_not() {
        let of = |minor_units, parts, of| {
            let price = Money { currency: "USD".parse().unwrap(), minor_units };
            share(&price, parts, of).minor_units
        };
        assert_eq!(of(1, 1, 2), 1);
        assert_eq!(of(1, 1, 3), 0);
        assert_eq!(of(5, 1, 2), 3);
        assert_eq!(of(100, 30, 31), 97);
        assert_eq!(of(1_250, 31, 31), 1_250);
        assert_eq!(of(u64::MAX, u64::from(u32::MAX), 1), u64::MAX, "held at the largest amount");
    }
}
