//! The rules of billing, one by one; then all of them against a plain model that counts day by day.

mod plain;

use events::{
    BillingCycle, Money, OrderRebilled, RebilledSubscription, SaleTerms, SubscriptionCancelled,
    SubscriptionCreated, SubscriptionQuantityChanged, SubscriptionReactivated,
    SubscriptionSuspended, SubscriptionUpgraded, Timestamp,
};

use super::{BillingMonth, InvoiceId, InvoiceLine, InvoiceRow};
use crate::testing::{
    History, customer, offer, order, order_submitted, partner, quantity, sku, subscription,
    subscription_created, terms,
};

fn moment(text: &str) -> Timestamp {
    Timestamp::new(text.parse().unwrap())
}

fn month(text: &str) -> BillingMonth {
    text.parse().unwrap()
}

fn priced(minor_units: u64, currency: &str) -> SaleTerms {
    let unit_price = Money { currency: currency.parse().unwrap(), minor_units };
    SaleTerms { unit_price, ..terms("Mail") }
}

/// A history of customer 1 of partner 1, told with moments.
struct Told(History);

impl Told {
    fn new() -> Self {
        let mut history = History::new();
        history.now = moment("2026-01-01T00:00:00Z");
        history.customer(1, "Contoso", 1);
        Self(history)
    }

    /// Records an event at a moment, to the minute.
    #[track_caller]
    fn at(&mut self, when: &str, event: impl Into<events::Event>) -> &mut Self {
        self.0.now = moment(&format!("{when}:00Z")).plus_seconds(-60);
        self.0.then(customer(1), event);
        self
    }

    /// Licences of an offer at 10.00 USD are bought.
    #[track_caller]
    fn buys(&mut self, when: &str, licenses: u32, cycle: BillingCycle) -> &mut Self {
        self.buys_at(when, licenses, cycle, priced(1_000, "USD"))
    }

    #[track_caller]
    fn buys_at(
        &mut self,
        when: &str,
        licenses: u32,
        billing_cycle: BillingCycle,
        terms: SaleTerms,
    ) -> &mut Self {
        let terms = Some(terms);
        let created = subscription_created(1, 5, licenses, 1);
        self.at(when, SubscriptionCreated { billing_cycle, terms, ..created })
    }

    #[track_caller]
    fn has(&mut self, when: &str, old: u32, new: u32) -> &mut Self {
        let (old, new) = (quantity(old), quantity(new));
        let subscription_id = subscription(1);
        self.at(when, SubscriptionQuantityChanged { subscription_id, old, new })
    }

    #[track_caller]
    fn suspended(&mut self, when: &str) -> &mut Self {
        self.at(when, SubscriptionSuspended { subscription_id: subscription(1) })
    }

    #[track_caller]
    fn reactivated(&mut self, when: &str) -> &mut Self {
        self.at(when, SubscriptionReactivated { subscription_id: subscription(1) })
    }

    #[track_caller]
    fn cancelled(&mut self, when: &str) -> &mut Self {
        let (subscription_id, sku_id) = (subscription(1), sku(5));
        self.at(when, SubscriptionCancelled { subscription_id, sku_id, released: Vec::new() })
    }

    #[track_caller]
    fn upgraded(&mut self, when: &str, terms: SaleTerms) -> &mut Self {
        let event = SubscriptionUpgraded {
            subscription_id: subscription(1),
            old_offer_id: offer(5),
            new_offer_id: offer(6),
            old_sku_id: sku(5),
            new_sku_id: sku(6),
            terms,
            moved: Vec::new(),
            released: Vec::new(),
        };
        self.at(when, event)
    }

    /// The order of the subscription is billed in another cycle.
    #[track_caller]
    fn rebilled(&mut self, when: &str, new: BillingCycle, terms: SaleTerms) -> &mut Self {
        let old = BillingCycle::Monthly;
        let (order_id, partner_id) = (order(1), partner(1));
        let subscriptions = vec![RebilledSubscription { subscription_id: subscription(1), terms }];
        self.at(when, OrderRebilled { order_id, partner_id, old, new, subscriptions })
    }

    fn lines(&self, id: &InvoiceId) -> Vec<InvoiceLine<'static>> {
        let model = Box::leak(Box::new(self.0.model.clone()));
        let id = Box::leak(Box::new(id.clone()));
        model.invoices().lines(id, None, None).collect()
    }

    /// What the lines of a month used and cost, in USD.
    fn costs(&self, of: &str) -> Vec<(u64, u64)> {
        let lines = self.lines(&usd(of));
        let total = lines.iter().map(|line| line.amount.minor_units).sum::<u64>();
        let invoice = self.invoice(&usd(of));
        let row = (invoice.as_ref().map(|it| it.lines), invoice.map(|it| it.total.minor_units));
        let expected = (!lines.is_empty()).then_some((lines.len(), total)).unzip();
        assert_eq!(row, expected, "the invoice is the sum of its lines");
        lines.iter().map(|line| (line.used, line.amount.minor_units)).collect()
    }

    fn invoice(&self, id: &InvoiceId) -> Option<InvoiceRow> {
        self.0.model.invoices().get(id, moment("2030-01-01T00:00:00Z"))
    }
}

fn usd(of: &str) -> InvoiceId {
    InvoiceId { seller: partner(1), month: month(of), currency: "USD".parse().unwrap() }
}

#[test]
fn a_monthly_price_is_paid_for_each_licence_and_day_from_the_day_of_the_purchase_on() {
    let mut told = Told::new();
    told.buys("2026-01-17T23:59", 4, BillingCycle::Monthly);
    assert_eq!(told.costs("2025-12"), []);
    assert_eq!(told.costs("2026-01"), [(4 * 15, 1_935)], "15 of 31 days: 1935.48 cents");
    assert_eq!(told.costs("2026-02"), [(4 * 28, 4_000)]);
    assert_eq!(told.costs("2026-03"), [(4 * 31, 4_000)]);
}

#[test]
fn the_licences_at_the_end_of_a_day_count_for_the_day() {
    let mut told = Told::new();
    told.buys("2026-01-01T10:00", 10, BillingCycle::Monthly)
        .has("2026-04-10T09:00", 10, 50)
        .has("2026-04-10T17:00", 50, 20)
        .has("2026-04-21T00:00", 20, 10);
    assert_eq!(told.costs("2026-04"), [(9 * 10 + 11 * 20 + 10 * 10, 13_667)]);
    assert_eq!(told.costs("2026-05"), [(310, 10_000)]);
}

#[test]
fn an_annual_price_is_paid_by_a_twelfth_a_month() {
    let mut told = Told::new();
    told.buys("2026-02-01T00:00", 5, BillingCycle::Annual).has("2026-02-15T12:00", 5, 8);
    assert_eq!(told.costs("2026-02"), [(14 * 5 + 14 * 8, 542)], "6.5 of 12 tens: 541.67 cents");
    assert_eq!(told.costs("2026-03"), [(31 * 8, 667)]);
    assert_eq!(told.costs("2027-02"), [(28 * 8, 667)]);
}

#[test]
fn a_price_that_is_paid_once_is_paid_in_the_month_of_the_purchase_for_each_licence() {
    let mut told = Told::new();
    told.buys("2026-01-31T23:00", 5, BillingCycle::OneTime)
        .has("2026-03-02T10:00", 5, 3)
        .has("2026-03-04T10:00", 3, 7)
        .suspended("2026-04-04T10:00")
        .reactivated("2026-05-04T10:00");
    assert_eq!(told.costs("2026-01"), [(5, 5_000)]);
    assert_eq!(told.costs("2026-02"), []);
    assert_eq!(told.costs("2026-03"), [(2, 2_000)], "two more than were ever paid for");
    assert_eq!(told.costs("2026-04"), []);
    assert_eq!(told.costs("2026-05"), []);
}

#[test]
fn suspended_days_are_free_and_a_cancelled_subscription_costs_nothing_any_more() {
    let mut told = Told::new();
    told.buys("2026-01-01T10:00", 2, BillingCycle::Monthly)
        .suspended("2026-04-11T08:00")
        .reactivated("2026-04-21T08:00")
        .suspended("2026-05-01T08:00");
    assert_eq!(told.costs("2026-04"), [(2 * 20, 1_333)]);
    assert_eq!(told.costs("2026-05"), []);
    told.reactivated("2026-06-01T08:00").cancelled("2026-06-04T08:00");
    assert_eq!(told.costs("2026-06"), [(2 * 3, 200)]);
    assert_eq!(told.costs("2026-07"), []);
}

#[test]
fn what_is_bought_and_cancelled_within_a_day_costs_nothing() {
    let mut told = Told::new();
    told.buys("2026-04-11T08:00", 2, BillingCycle::Monthly).cancelled("2026-04-11T20:00");
    assert_eq!(told.costs("2026-04"), []);
}

#[test]
fn each_sale_of_a_subscription_has_a_line_with_the_price_agreed_then() {
    let mut told = Told::new();
    told.buys("2026-04-01T08:00", 2, BillingCycle::Monthly)
        .upgraded("2026-04-16T08:00", priced(3_000, "USD"));
    assert_eq!(told.costs("2026-04"), [(30, 1_000), (30, 3_000)]);
    assert_eq!(told.costs("2026-05"), [(62, 6_000)]);
    let lines = told.lines(&usd("2026-04"));
    let places: Vec<_> = lines.iter().map(|line| (line.sale, line.offer)).collect();
    assert_eq!(places, [(0, offer(5)), (1, offer(6))]);
}

#[test]
fn currencies_are_never_added_up_in_one_invoice() {
    let mut told = Told::new();
    told.buys("2026-04-01T08:00", 2, BillingCycle::Monthly)
        .upgraded("2026-04-16T08:00", priced(2_000, "EUR"));
    let eur = InvoiceId { currency: "EUR".parse().unwrap(), ..usd("2026-04") };
    assert_eq!(told.costs("2026-04"), [(30, 1_000)]);
    assert_eq!(told.invoice(&eur).unwrap().total.to_string(), "20.00 EUR");
    let invoices = told.0.model.invoices().of(partner(1), moment("2026-06-01T00:00:00Z"));
    let shown: Vec<_> = invoices
        .iter()
        .map(|it| (it.id.month.to_string(), it.total.to_string(), it.lines))
        .collect();
    let expected =
        [("2026-05", "40.00 EUR", 1), ("2026-04", "20.00 EUR", 1), ("2026-04", "10.00 USD", 1)];
    assert_eq!(shown, expected.map(|(month, total, lines)| (month.into(), total.into(), lines)));
}

#[test]
fn only_closed_months_are_billed() {
    let mut told = Told::new();
    told.buys("2026-04-01T08:00", 2, BillingCycle::Monthly);
    let invoices = told.0.model.invoices();
    let id = usd("2026-04");
    assert_eq!(invoices.get(&id, moment("2026-04-30T23:59:59Z")), None);
    assert!(invoices.get(&id, moment("2026-05-01T00:00:00Z")).is_some());
    assert_eq!(invoices.of(partner(1), moment("2026-04-30T23:59:59Z")), []);
    assert_eq!(invoices.of(partner(1), moment("2026-06-30T23:59:59Z")).len(), 2);
    let months: Vec<_> = invoices.months_of(customer(1), moment("2026-06-01T00:00:00Z")).collect();
    assert_eq!(months, [month("2026-05"), month("2026-04")]);
    assert_eq!(invoices.months_of(customer(2), moment("2026-06-01T00:00:00Z")).count(), 0);
}

#[test]
fn what_was_sold_before_terms_were_recorded_is_not_billed_until_it_is_upgraded() {
    let mut told = Told::new();
    told.at("2026-04-01T08:00", subscription_created(1, 5, 2, 1));
    assert_eq!(told.costs("2026-04"), []);
    told.upgraded("2026-06-16T08:00", priced(2_000, "USD"));
    assert_eq!(told.costs("2026-06"), [(30, 2_000)]);
}

#[test]
fn an_invoice_is_its_seller_s_and_its_lines_follow_each_other_by_customer() {
    let mut told = Told::new();
    let terms = || Some(priced(1_000, "USD"));
    told.buys("2026-04-01T08:00", 2, BillingCycle::Monthly);
    let other = SubscriptionCreated { terms: terms(), ..subscription_created(2, 5, 3, 2) };
    told.at("2026-04-01T09:00", other);
    told.0.customer(2, "Relecloud", 1);
    let third = SubscriptionCreated { terms: terms(), ..subscription_created(3, 5, 4, 1) };
    told.0.then(customer(2), third);

    let id = usd("2026-04");
    let lines = told.lines(&id);
    let of: Vec<_> = lines.iter().map(|line| line.subscription).collect();
    assert_eq!(of, [subscription(1), subscription(3)]);
    assert_eq!(told.costs("2026-04"), [(60, 2_000), (120, 4_000)]);
    let invoices = told.0.model.invoices();
    let rest: Vec<_> = invoices.lines(&id, None, Some(lines[0].place())).collect();
    assert_eq!(rest, lines[1..]);
    let place = lines[1].place();
    assert_eq!(invoices.lines(&id, None, Some(place)).count(), 0);
    let narrowed: Vec<_> = invoices.lines(&id, Some(customer(2)), None).collect();
    assert_eq!(narrowed, lines[1..]);
    assert_eq!(invoices.lines(&id, Some(customer(1)), Some(place)).count(), 0);
    let own: Vec<_> = invoices.of_customer(customer(1), month("2026-04")).collect();
    let sellers: Vec<_> = own.iter().map(|line| line.seller).collect();
    assert_eq!(sellers, [partner(1), partner(2)], "a customer sees what anybody sold to it");
    assert_eq!(invoices.of(partner(3), moment("2026-06-01T00:00:00Z")), []);
}

#[test]
fn what_is_billed_in_another_cycle_costs_what_was_agreed_then_from_that_day_on() {
    let mut told = Told::new();
    told.at("2026-04-01T09:00", order_submitted(1, 5, 1));
    told.buys("2026-04-01T09:00", 3, BillingCycle::Monthly);
    told.rebilled("2026-04-11T09:00", BillingCycle::Annual, priced(10_800, "USD"));
    // Ten days at 10.00 a month, then twenty of thirty at a twelfth of 108.00.
    assert_eq!(told.costs("2026-04"), [(30, 1_000), (60, 1_800)]);
    assert_eq!(told.costs("2026-05"), [(93, 2_700)]);
    let lines = told.lines(&usd("2026-04"));
    assert_eq!(
        lines.iter().map(|line| line.billing_cycle).collect::<Vec<_>>(),
        [BillingCycle::Monthly, BillingCycle::Annual]
    );
}
