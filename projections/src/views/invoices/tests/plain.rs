//! A plain model of billing: it keeps what happened and looks at every single day.

use std::collections::BTreeMap;

use events::{
    BillingCycle, Money, OrderRebilled, RebilledSubscription, SaleTerms, SubscriptionCancelled,
    SubscriptionCreated, SubscriptionQuantityChanged, SubscriptionReactivated,
    SubscriptionSuspended, SubscriptionUpgraded, Timestamp,
};
use proptest::prelude::*;

use super::{moment, month, priced};
use crate::{
    testing::{
        History, customer, offer, order, order_submitted, partner, quantity, sku, subscription,
        subscription_created,
    },
    views::invoices::{BillingMonth, InvoiceId},
};

const CYCLES: [BillingCycle; 3] =
    [BillingCycle::Monthly, BillingCycle::Annual, BillingCycle::OneTime];
const CURRENCIES: [&str; 2] = ["EUR", "USD"];
/// Subscriptions, two for each of two customers; each customer's second one is sold by partner 2.
const SUBSCRIPTIONS: u128 = 4;

/// Hours since the step before, the subscription, what happens to it, and a number.
type Step = (u16, u8, u8, u16);

#[derive(Clone)]
enum Happening {
    Sold(SaleTerms, BillingCycle),
    Quantity(u32),
    Works(bool),
}

/// Everything that happened to one subscription.
#[derive(Default)]
struct Plain {
    happened: Vec<(Timestamp, Happening)>,
}

impl Plain {
    /// Which sale holds at a moment and how many licences work.
    fn at(&self, end: Timestamp) -> (usize, u32) {
        let (mut sales, mut quantity, mut works) = (0, 0, false);
        for (_, happening) in self.happened.iter().filter(|(at, _)| *at < end) {
            match happening {
                Happening::Sold(..) => sales += 1,
                Happening::Quantity(number) => quantity = *number,
                Happening::Works(does) => works = *does,
            }
        }
        (sales, if works { quantity } else { 0 })
    }

    fn sale(&self, sale: usize) -> (&SaleTerms, BillingCycle) {
        let sold = self.happened.iter().filter_map(|(_, happening)| match happening {
            Happening::Sold(terms, cycle) => Some((terms, *cycle)),
            Happening::Quantity(_) | Happening::Works(_) => None,
        });
        sold.collect::<Vec<_>>()[sale - 1]
    }

    /// The lines of a month: sale, what is used, currency, amount.
    fn lines(&self, month: BillingMonth) -> Vec<(usize, u64, Money)> {
        let mut used: BTreeMap<usize, u64> = BTreeMap::new();
        let mut paid: BTreeMap<usize, u32> = BTreeMap::new();
        let mut end = moment("2026-01-02T00:00:00Z");
        while end <= month.end() {
            let (sale, licenses) = self.at(end);
            let more = licenses.saturating_sub(*paid.entry(sale).or_default());
            *paid.entry(sale).or_default() += more;
            let once = sale > 0 && self.sale(sale).1 == BillingCycle::OneTime;
            let counts = if once { more } else { licenses };
            if end > month.start() {
                *used.entry(sale).or_default() += u64::from(counts);
            }
            end = end.plus_hours(24);
        }
        let lines = used.into_iter().filter(|(_, used)| *used > 0);
        lines
            .map(|(sale, used)| {
                let (terms, cycle) = self.sale(sale);
                let price = &terms.unit_price;
                let units = cost(price.minor_units, used, cycle, month);
                (sale - 1, used, Money { currency: price.currency.clone(), minor_units: units })
            })
            .collect()
    }
}

/// Whole minor units, and one more where at least half of one is left.
fn cost(price: u64, used: u64, cycle: BillingCycle, month: BillingMonth) -> u64 {
    let days = (month.end().as_microseconds() - month.start().as_microseconds()) / 86_400_000_000;
    let parts = match cycle {
        BillingCycle::Monthly => days.unsigned_abs(),
        BillingCycle::Annual => days.unsigned_abs() * 12,
        BillingCycle::OneTime => 1,
    };
    let (whole, rest) = (price * used / parts, price * used % parts);
    if rest * 2 >= parts { whole + 1 } else { whole }
}

/// The history that steps make, and the plain model of it.
fn told(steps: &[Step]) -> (History, BTreeMap<u128, Plain>) {
    let mut history = History::new();
    history.now = moment("2026-01-01T00:00:00Z");
    history.customer(0, "Contoso", 1).customer(1, "Relecloud", 1);
    let mut plain: BTreeMap<u128, Plain> = BTreeMap::new();
    for (hours, which, what, number) in steps {
        history.now = history.now.plus_hours(i64::from(hours % 500)).plus_seconds(-60);
        let which = u128::from(*which) % SUBSCRIPTIONS;
        let happened = take(&mut history, which, *what, *number);
        let now = history.now;
        let known = plain.entry(which).or_default();
        known.happened.extend(happened.into_iter().map(|happening| (now, happening)));
    }
    (history, plain)
}

fn take(history: &mut History, which: u128, what: u8, number: u16) -> Vec<Happening> {
    let (stream, subscription_id) = (customer(which / 2), subscription(which));
    let currency = CURRENCIES[usize::from(number % 2)];
    let terms = priced(u64::from(number) * 7, currency);
    let row = history.model.subscriptions().get(stream, subscription_id).cloned();
    let Some(row) = row else {
        let licenses = u32::from(number % 40) + 1;
        let created = subscription_created(which, 5, licenses, 1 + which % 2);
        let billing_cycle = CYCLES[usize::from(what) % CYCLES.len()];
        let sold = Some(terms.clone());
        history.then(stream, order_submitted(which, 5, 1 + which % 2));
        history.then(stream, SubscriptionCreated { billing_cycle, terms: sold, ..created });
        return vec![
            Happening::Sold(terms, billing_cycle),
            Happening::Quantity(licenses),
            Happening::Works(true),
        ];
    };
    if row.state.is_cancelled() {
        return Vec::new();
    }
    match what % 8 {
        0..=3 => {
            let new = u32::from(number % 40) + 1;
            let (old, new) = (row.quantity, quantity(new));
            history.then(stream, SubscriptionQuantityChanged { subscription_id, old, new });
            vec![Happening::Quantity(new.get())]
        }
        4 | 5 if row.state.is_active() => {
            history.then(stream, SubscriptionSuspended { subscription_id });
            vec![Happening::Works(false)]
        }
        4 | 5 => {
            history.then(stream, SubscriptionReactivated { subscription_id });
            vec![Happening::Works(true)]
        }
        6 => {
            let event = SubscriptionUpgraded {
                subscription_id,
                old_offer_id: row.offer,
                new_offer_id: offer(6),
                old_sku_id: row.sku,
                new_sku_id: sku(6),
                terms: terms.clone(),
                moved: Vec::new(),
                released: Vec::new(),
            };
            history.then(stream, event);
            vec![Happening::Sold(terms, row.billing_cycle)]
        }
        _ if number.is_multiple_of(3) => {
            let (sku_id, released) = (row.sku, Vec::new());
            history.then(stream, SubscriptionCancelled { subscription_id, sku_id, released });
            vec![Happening::Works(false)]
        }
        _ if row.billing_cycle != BillingCycle::OneTime => {
            let new = CYCLES[usize::from(number) % 2];
            let subscriptions =
                vec![RebilledSubscription { subscription_id, terms: terms.clone() }];
            let event = OrderRebilled {
                order_id: order(which),
                partner_id: partner(1 + which % 2),
                old: row.billing_cycle,
                new,
                subscriptions,
            };
            history.then(stream, event);
            vec![Happening::Sold(terms, new)]
        }
        _ => Vec::new(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_happens_a_month_costs_what_counting_day_by_day_says(
        steps in prop::collection::vec(any::<Step>(), 0..60),
    ) {
        let (history, plain) = told(&steps);
        let invoices = history.model.invoices();
        let end = BillingMonth::of(history.now).next().next().next();
        let mut shown = invoices.of(partner(1), end.start());
        shown.extend(invoices.of(partner(2), end.start()));
        let mut at = month("2026-01");
        while at < end {
            for seller in [1, 2] {
                for currency in CURRENCIES {
                    let currency = currency.parse().unwrap();
                    let id = InvoiceId { seller: partner(seller), month: at, currency };
                    let mut expected = Vec::new();
                    for (which, plain) in plain.iter().filter(|(which, _)| 1 + *which % 2 == seller) {
                        let lines = plain.lines(at).into_iter();
                        let lines = lines.filter(|(_, _, amount)| amount.currency == id.currency);
                        expected.extend(lines.map(|line| (subscription(*which), line)));
                    }
                    let found: Vec<_> = invoices
                        .lines(&id, None, None)
                        .map(|line| (line.subscription, (line.sale, line.used, line.amount)))
                        .collect();
                    prop_assert_eq!(&found, &expected, "{}", id);
                    let total: u64 = expected.iter().map(|(_, (_, _, amount))| amount.minor_units).sum();
                    let row = invoices.get(&id, end.start());
                    let sums = row.as_ref().map(|row| (row.lines, row.total.minor_units));
                    prop_assert_eq!(sums, (!found.is_empty()).then_some((found.len(), total)));
                    prop_assert_eq!(shown.iter().find(|row| row.id == id), row.as_ref());
                }
            }
            at = at.next();
        }
    }

    #[test]
    fn a_closed_month_stays_as_it_is_whatever_happens_later(
        steps in prop::collection::vec(any::<Step>(), 0..60),
        split in any::<prop::sample::Index>(),
    ) {
        let (then, _) = told(&steps[..split.index(steps.len() + 1)]);
        let (now, _) = told(&steps);
        let (before, after) = (then.model.invoices(), now.model.invoices());
        for seller in [1, 2] {
            let invoices = before.of(partner(seller), then.now);
            prop_assert_eq!(&invoices, &after.of(partner(seller), then.now));
            for row in invoices {
                let lines: Vec<_> = before.lines(&row.id, None, None).collect();
                let later: Vec<_> = after.lines(&row.id, None, None).collect();
                prop_assert_eq!(lines, later);
            }
        }
    }
}
