//! On `/customers`: the subscriptions a reseller manages whose customers it does not see.

use commands::Permission;
use maud::{Markup, html};
use projections::SubscriptionRow;

use super::{PAGE_ROWS, customer_subscriptions::state, product, subscription};
use crate::web::{screen::Screen, widgets};

/// The parameter of the place from which on they are shown.
const FROM: &str = "on_record_from";

/// The subscriptions, where there are any.
pub(super) fn section(screen: &Screen) -> Markup {
    let rows = subscriptions(screen);
    let from: usize = screen.query.text(FROM).parse().unwrap_or(0);
    let page: Vec<_> = rows.iter().skip(from).take(PAGE_ROWS).collect();
    let end = from.saturating_add(page.len());
    let next =
        (end < rows.len()).then(|| screen.link_with("/customers", &[(FROM, &end.to_string())]));
    let first = (from > 0).then(|| screen.link("/customers"));
    let shown = html! { @for subscription in &page { (row(screen, subscription)) } };
    let headers = ["Subscription", "Customer", "Product", "Licences", "State", "Sold by"];
    html! {
        @if !rows.is_empty() {
            h2 { "Subscriptions you are on record for" }
            (widgets::table("on-record", "Subscriptions you are on record for", &headers, &shown))
            @if next.is_some() || first.is_some() {
                (widgets::pager(page.len(), Some(rows.len()), first, next))
            }
        }
    }
}

fn subscriptions(screen: &Screen) -> Vec<&SubscriptionRow> {
    let own = screen.visitor.partner;
    let Some(partner) = screen.model.partners().get(own) else { return Vec::new() };
    if !screen.sees(Permission::SubscriptionsView) {
        return Vec::new();
    }
    let (customers, bonds) = (screen.model.customers(), screen.model.resellers());
    let is_served = |row: &&SubscriptionRow| {
        let customer = customers.get(row.customer).filter(|customer| !customer.is_seen_by(own));
        let bond = customer.and_then(|customer| customer.relationship(row.partner));
        bond.is_some_and(|bond| bond.active) && bonds.between(row.partner, own).is_some()
    };
    screen.model.subscriptions().on_record(&partner.mpn_id).filter(is_served).collect()
}

fn row(screen: &Screen, row: &SubscriptionRow) -> Markup {
    let customer = screen.model.customers().get(row.customer);
    let seller = screen.model.partners().get(row.partner);
    html! {
        tr data-subscription=(row.id) {
            th scope="row" data-label="Subscription" {
                a href=(screen.link(&subscription::path(row))) { (row.friendly_name) }
            }
            td data-label="Customer" { @if let Some(customer) = customer { (customer.company_name) } }
            td data-label="Product" { (product(screen, row.sku)) }
            td.number data-label="Licences" { (row.quantity) }
            td data-label="State" { (state(row.state)) }
            td data-label="Sold by" { @if let Some(seller) = seller { (seller.name) } }
        }
    }
}
