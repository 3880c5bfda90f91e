//! On `/customers`: the subscriptions a reseller manages whose customers it does not see.

use commands::Permission;
use maud::{Markup, html};
use projections::SubscriptionRow;

use super::{customer_subscriptions::state, product, subscription};
use crate::web::{screen::Screen, widgets};

/// The subscriptions, where there are any.
pub(super) fn section(screen: &Screen) -> Markup {
    let rows = subscriptions(screen);
    let shown = html! { @for subscription in &rows { (row(screen, subscription)) } };
    let headers = ["Subscription", "Customer", "Product", "Licences", "State", "Sold by"];
    html! {
        @if !rows.is_empty() {
            h2 { "Subscriptions you are on record for" }
            (widgets::table("on-record", "Subscriptions you are on record for", &headers, &shown))
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
