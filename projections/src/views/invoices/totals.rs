//! What do the invoices of a partner amount to? Kept up with each event, whatever has been sold.
//!
//! A subscription to which nothing happens costs the same every month, so only the differences from
//! month to month are kept: an event changes those of its own month and of the next one.

use events::{Currency, Money, PartnerId};
use imbl::OrdMap;

use super::{billed::Billed, id::InvoiceId, month::BillingMonth};

/// An invoice of a partner for a closed month.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InvoiceRow {
    /// Which it is: of which partner, for which month, in which currency.
    pub id: InvoiceId,
    /// What its lines amount to.
    pub total: Money,
    /// How many lines it has, at least one.
    pub lines: usize,
}

/// What is billed, in minor units, and in how many lines; or how that differs from another month.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
struct Sum {
    minor_units: i128,
    lines: i64,
}

/// What all partners bill, by currency and month.
#[derive(Clone, Default, PartialEq, Debug)]
pub(super) struct Totals {
    /// How each month differs from the one before it.
    differences: OrdMap<PartnerId, OrdMap<Currency, OrdMap<BillingMonth, Sum>>>,
}

/// What a subscription costs in the month of a change and in those after it.
pub(super) struct Costs {
    this: Vec<(Currency, Sum)>,
    later: Vec<(Currency, Sum)>,
}

impl Costs {
    /// Nothing.
    pub(super) const NONE: Self = Self { this: Vec::new(), later: Vec::new() };

    /// What a subscription costs from a month on, as long as nothing happens to it.
    pub(super) fn of(billed: &Billed, month: BillingMonth) -> Self {
        let costs = |month| {
            let charges = billed.charges(month);
            let costs = charges.map(|charge| {
                let minor_units = i128::from(charge.amount.minor_units);
                (charge.amount.currency, Sum { minor_units, lines: 1 })
            });
            costs.collect()
        };
        Self { this: costs(month), later: costs(month.next()) }
    }
}

impl Sum {
    fn add(&mut self, other: Self, times: i8) {
        self.minor_units += i128::from(times) * other.minor_units;
        self.lines += i64::from(times) * other.lines;
    }
}

impl Totals {
    /// A subscription costs something else from a month on.
    pub(super) fn change(
        &mut self,
        seller: PartnerId,
        month: BillingMonth,
        before: &Costs,
        after: &Costs,
    ) {
        for (costs, times) in [(before, -1), (after, 1)] {
            self.add(seller, month, &costs.this, times);
            self.add(seller, month.next(), &costs.this, -times);
            self.add(seller, month.next(), &costs.later, times);
        }
    }

    fn add(&mut self, seller: PartnerId, month: BillingMonth, sums: &[(Currency, Sum)], times: i8) {
        for (currency, sum) in sums {
            let of_seller = self.differences.entry(seller).or_default();
            let months = of_seller.entry(currency.clone()).or_default();
            months.entry(month).or_default().add(*sum, times);
        }
    }

    /// The invoices of a partner for all months before one, oldest first within each currency.
    pub(super) fn before(&self, seller: PartnerId, end: BillingMonth) -> Vec<InvoiceRow> {
        let mut rows = Vec::new();
        for (currency, months) in self.differences.get(&seller).into_iter().flatten() {
            let mut sum = Sum::default();
            let mut month = months.keys().next().copied().unwrap_or(end);
            while month < end {
                sum.add(months.get(&month).copied().unwrap_or_default(), 1);
                rows.extend(row(InvoiceId { seller, month, currency: currency.clone() }, sum));
                month = month.next();
            }
        }
        rows
    }

    /// One invoice, where it has lines.
    pub(super) fn get(&self, id: &InvoiceId) -> Option<InvoiceRow> {
        let months = self.differences.get(&id.seller)?.get(&id.currency)?;
        let mut sum = Sum::default();
        for (_, difference) in months.range(..=id.month) {
            sum.add(*difference, 1);
        }
        row(id.clone(), sum)
    }
}

fn row(id: InvoiceId, sum: Sum) -> Option<InvoiceRow> {
    let lines = usize::try_from(sum.lines).ok().filter(|lines| *lines > 0)?;
    let minor_units = u64::try_from(sum.minor_units).unwrap_or(u64::MAX);
    let total = Money { currency: id.currency.clone(), minor_units };
    Some(InvoiceRow { id, total, lines })
}
