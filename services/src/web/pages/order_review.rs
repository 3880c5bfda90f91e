//! What an order comes to: its lines with their prices, and the total of each billing cycle.

use commands::Catalogue;
use events::{BillingCycle, CartLine, CustomerId, Money};
use maud::{Markup, html};

use super::order_lines::per_cycle;
use crate::web::{
    screen::Screen,
    widgets::{self, Tone, badge},
};

/// A line and what a licence of it costs; no price where it is not sold like this any more.
pub(super) struct Priced<'a> {
    pub(super) line: &'a CartLine,
    pub(super) unit_price: Option<Money>,
}

impl Priced<'_> {
    /// The price of all its licences.
    fn amount(&self) -> Option<Money> {
        self.unit_price.as_ref()?.times(self.line.quantity.get().into())
    }
}

/// The lines at the prices of now.
pub(super) fn priced_now<'a>(catalogue: &Catalogue, lines: &'a [CartLine]) -> Vec<Priced<'a>> {
    let price =
        |line: &CartLine| catalogue.offer(line.offer_id)?.unit_price(line.billing_cycle).cloned();
    lines.iter().map(|line| Priced { line, unit_price: price(line) }).collect()
}

/// The prices in one text: what was agreed to is what is sold, or nothing is.
pub(super) fn agreed(lines: &[Priced<'_>]) -> String {
    let prices = lines.iter().map(|it| it.unit_price.as_ref().map(ToString::to_string));
    prices.map(Option::unwrap_or_default).collect::<Vec<_>>().join("; ")
}

/// The lines and the totals.
pub(super) fn draw(screen: &Screen, customer: Option<CustomerId>, lines: &[Priced<'_>]) -> Markup {
    let rows = html! { @for line in lines { (row(screen, customer, lines, line)) } };
    let headers = ["Offer", "Licences", "Price of a licence", "Amount"];
    let totals = totals(lines);
    html! {
        (widgets::table("order-lines", "What is ordered", &headers, &rows))
        section.card #totals {
            h2 { "Total" }
            dl.pairs {
                @for (cycle, total) in &totals {
                    div {
                        dt { (title(*cycle)) }
                        dd { strong { @match total { Some(total) => (total), None => (widgets::dash()) } } }
                    }
                }
            }
        }
    }
}

const fn title(cycle: BillingCycle) -> &'static str {
    match cycle {
        BillingCycle::Monthly => "Every month",
        BillingCycle::Annual => "Every year",
        BillingCycle::OneTime => "Once",
    }
}

fn row(
    screen: &Screen,
    customer: Option<CustomerId>,
    all: &[Priced<'_>],
    priced: &Priced<'_>,
) -> Markup {
    let line = priced.line;
    let catalogue = screen.app.catalogue();
    let name = |line: &CartLine| {
        let offered = catalogue.offer(line.offer_id).map(|offer| offer.name.to_string());
        offered.unwrap_or_else(|| line.offer_id.to_string())
    };
    let parent = line.parent_subscription.and_then(|parent| {
        let together = all.iter().map(|it| it.line).find(|it| it.subscription_id == parent);
        let held = || screen.model.subscriptions().get(customer?, parent);
        together.map(name).or_else(|| held().map(|row| row.friendly_name.to_string()))
    });
    let reseller = line.partner_on_record.as_ref();
    let reseller = reseller.and_then(|id| screen.model.partners().by_mpn_id(id));
    html! {
        tr data-offer=(line.offer_id) {
            th scope="row" data-label="Offer" {
                span {
                    (name(line))
                    @if let Some(parent) = parent { br; span.hint { "Add-on to " (parent) } }
                    @if let Some(reseller) = reseller { br; span.hint { "On record: " (reseller.name) } }
                }
            }
            td.number data-label="Licences" { (line.quantity) }
            td.number data-label="Price of a licence" {
                @match &priced.unit_price {
                    Some(price) => { (price) " " (per_cycle(line.billing_cycle)) }
                    None => (badge(Tone::Bad, "not sold like this any more")),
                }
            }
            td.number data-label="Amount" {
                @match priced.amount() { Some(amount) => (amount), None => (widgets::dash()) }
            }
        }
    }
}

/// What is paid in each billing cycle that the lines have; nothing where it cannot be told.
fn totals(lines: &[Priced<'_>]) -> Vec<(BillingCycle, Option<Money>)> {
    let mut totals = Vec::new();
    for cycle in BillingCycle::ALL {
        let mut amounts =
            lines.iter().filter(|it| it.line.billing_cycle == cycle).map(Priced::amount);
        let Some(first) = amounts.next() else { continue };
        totals.push((cycle, amounts.fold(first, |sum, amount| sum?.plus(&amount?))));
    }
    totals
}

#[cfg(test)]
mod tests {
    use events::{OfferId, Quantity, SubscriptionId};

    use super::*;

    fn line(cycle: BillingCycle, quantity: u32) -> CartLine {
        CartLine {
            line_number: 0,
            offer_id: OfferId::from_uuid(uuid::Uuid::nil()),
            subscription_id: SubscriptionId::from_uuid(uuid::Uuid::nil()),
            quantity: Quantity::new(quantity).unwrap(),
            billing_cycle: cycle,
            friendly_name: None,
            partner_on_record: None,
            parent_subscription: None,
        }
    }

    fn dollars(minor_units: u64) -> Money {
        Money { currency: "USD".parse().unwrap(), minor_units }
    }

    #[test]
    fn a_total_adds_up_the_lines_of_its_billing_cycle_and_nothing_else() {
        let monthly = [line(BillingCycle::Monthly, 3), line(BillingCycle::Monthly, 2)];
        let once = line(BillingCycle::OneTime, 10);
        let lines = [
            Priced { line: &monthly[0], unit_price: Some(dollars(1_250)) },
            Priced { line: &once, unit_price: Some(dollars(100)) },
            Priced { line: &monthly[1], unit_price: Some(dollars(400)) },
        ];
        let expected = [
            (BillingCycle::Monthly, Some(dollars(4_550))),
            (BillingCycle::OneTime, Some(dollars(1_000))),
        ];
        assert_eq!(totals(&lines), expected);
        assert_eq!(agreed(&lines), "12.50 USD; 1.00 USD; 4.00 USD");
    }

    #[test]
    fn a_total_is_not_told_where_a_price_is_missing_or_no_number_holds_it() {
        let (one, other) = (line(BillingCycle::Annual, 2), line(BillingCycle::Annual, 2));
        let missing = [
            Priced { line: &one, unit_price: Some(dollars(1)) },
            Priced { line: &other, unit_price: None },
        ];
        assert_eq!(totals(&missing), [(BillingCycle::Annual, None)]);
        let huge = [Priced { line: &one, unit_price: Some(dollars(u64::MAX)) }];
        assert_eq!(totals(&huge), [(BillingCycle::Annual, None)]);
    }
}
