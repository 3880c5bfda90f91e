//! `/customers/{id}/subscriptions`: what the customer has bought, and orders in the making.

use axum::{Router, extract::Path, response::Response, routing::get};
use commands::{CustomerAccess, Permission};
use events::CustomerId;
use maud::{Markup, html};
use projections::{CartRow, CartStage, SubscriptionRow, SubscriptionState};

use super::{cart, id, product, sees_subscriptions_of};
use crate::{
    http::AppState,
    web::{
        customer_frame::{self, Tab},
        error::PageError,
        screen::Screen,
        widgets::{self, Tone, badge},
    },
};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/customers/{customer}/subscriptions", get(show))
}

async fn show(Path(customer): Path<String>, screen: Screen) -> Result<Response, PageError> {
    let customer = id::<CustomerId>(&customer)?;
    let access = screen.allow_customer(customer, Permission::SubscriptionsView).await?;
    let customer = screen.customer(customer)?;
    let base = customer_frame::path(customer);
    let all = screen.model.subscriptions().of(customer.id);
    let seen: Vec<_> =
        all.filter(|row| sees_subscriptions_of(&screen, customer.id, row.partner)).collect();
    let rows = html! { @for subscription in &seen { (row(&screen, &base, subscription)) } };
    let headers = ["Subscription", "Product", "Licences", "State", "Sold by", "On record", "Since"];
    let body = html! {
        @if seen.is_empty() {
            (widgets::empty("No subscriptions yet."))
        } @else {
            (widgets::table("subscriptions", "Subscriptions", &headers, &rows))
        }
        (carts(&screen, &base, &cart::open_carts(&screen, customer.id)))
    };
    let orders = screen.can(Permission::SubscriptionsManage) && access == CustomerAccess::Holder;
    let actions = html! {
        @if orders { a.button.primary #order href={ (base) "/carts/new" } { "Order subscriptions" } }
    };
    let frame = customer_frame::frame(&screen, customer, Tab::Subscriptions);
    Ok(frame.actions(actions).show(&body))
}

fn row(screen: &Screen, base: &str, row: &SubscriptionRow) -> Markup {
    let seller = screen.model.partners().get(row.partner);
    html! {
        tr data-subscription=(row.id) {
            th scope="row" data-label="Subscription" {
                a href=(screen.link(&format!("{base}/subscriptions/{}", row.id))) { (row.friendly_name) }
            }
            td data-label="Product" { (product(screen, row.sku)) }
            td.number data-label="Licences" { (row.quantity) }
            td data-label="State" { (state(row.state)) }
            td data-label="Sold by" { @if let Some(seller) = seller { (seller.name) } }
            td data-label="On record" { (on_record(screen, row)) }
            td data-label="Since" { (widgets::time(row.created_at)) }
        }
    }
}

/// Whether a subscription works.
pub(super) fn state(state: SubscriptionState) -> Markup {
    match state {
        SubscriptionState::Active => badge(Tone::Good, "active"),
        SubscriptionState::Suspended { .. } => badge(Tone::Warning, "suspended"),
        SubscriptionState::Cancelled { .. } => badge(Tone::Bad, "cancelled"),
    }
}

/// The reseller on record of a subscription.
pub(super) fn on_record(screen: &Screen, row: &SubscriptionRow) -> Markup {
    let mpn_id = row.partner_on_record.as_ref();
    let reseller = mpn_id.and_then(|mpn_id| screen.model.partners().by_mpn_id(mpn_id));
    html! {
        @match (reseller, mpn_id) {
            (Some(reseller), _) => { (reseller.name) }
            (None, Some(mpn_id)) => { "MPN " (mpn_id) }
            (None, None) => { (widgets::dash()) }
        }
    }
}

/// The orders in the making of the visitor's partner.
fn carts(screen: &Screen, base: &str, carts: &[&CartRow]) -> Markup {
    let rows = html! {
        @for cart in carts {
            tr data-cart=(cart.id) {
                th scope="row" data-label="Order" {
                    a href=(screen.link(&format!("{base}/carts/{}", cart.id))) { (what(screen, cart)) }
                }
                td data-label="State" {
                    @if let CartStage::Reviewed { .. } = cart.stage { (badge(Tone::Good, "reviewed")) }
                    @else { (badge(Tone::Plain, "draft")) }
                }
                td data-label="Begun" { (widgets::time(cart.created_at)) }
                td data-label="Until" {
                    span { (widgets::time(cart.expires_at)) " " (badge(Tone::Plain, &cart::time_left(screen, cart))) }
                }
            }
        }
    };
    html! {
        @if !carts.is_empty() {
            h2 { "Orders in the making" }
            (widgets::table("carts", "Orders in the making", &["Order", "State", "Begun", "Until"], &rows))
        }
    }
}

/// What is in a cart, in words.
fn what(screen: &Screen, cart: &CartRow) -> String {
    let name = |offer| screen.app.catalogue().offer(offer).map(|offer| offer.name.to_string());
    let first = cart.lines.first().and_then(|line| name(line.offer_id));
    let first = first.unwrap_or_else(|| "Order".to_owned());
    match cart.lines.len() {
        0 | 1 => first,
        lines => format!("{first} and {} more", lines - 1),
    }
}
