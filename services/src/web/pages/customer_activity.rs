//! `/customers/{id}/activity`: what happened at a customer.

use axum::{Router, extract::Path, response::Response, routing::get};
use commands::Permission;
use events::{Category, CustomerId};
use maud::html;
use projections::TimelineScope;

use super::id;
use crate::{
    http::AppState,
    web::{
        customer_frame::{self, Tab},
        error::PageError,
        event_list,
        screen::Screen,
    },
};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/customers/{customer}/activity", get(show))
}

async fn show(Path(customer): Path<String>, screen: Screen) -> Result<Response, PageError> {
    let customer = id::<CustomerId>(&customer)?;
    screen.allow_customer(customer, Permission::ActivityLogView).await?;
    let customer = screen.customer(customer)?;
    let path = format!("{}/activity", customer_frame::path(customer));
    let scope = TimelineScope::PartnerAtCustomer(screen.visitor.partner, customer.id);
    let events = event_list::show(&screen, scope, &path, &[]).await?;
    let body = html! {
        form.filter method="get" action=(path) {
            @if screen.is_past() {
                input type="hidden" name="as_of" value=(screen.query.text("as_of"));
            }
            (event_list::type_choice(&screen, &[(Category::Customer, "Customer")]))
            button type="submit" { "Filter" }
        }
        (events)
    };
    Ok(customer_frame::frame(&screen, customer, Tab::Activity).show(&body))
}
