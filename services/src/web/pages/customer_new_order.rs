//! `/customers/new/subscriptions`: what a customer buys whose account is being opened.

use axum::{Router, response::Response, routing::post};
use commands::Permission;
use events::PartnerId;
use maud::html;

use super::{
    customer_new::{self, carried},
    order_lines::{self, Buyer, ON_RECORD},
};
use crate::{
    http::AppState,
    web::{
        error::PageError,
        forms::{Faults, Fields},
        layout,
        screen::Screen,
        submitted::Submitted,
        widgets,
    },
};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/customers/new/subscriptions", post(show))
}

async fn show(form: Submitted) -> Result<Response, PageError> {
    let screen = &form.screen;
    screen.allow(Permission::CustomersCreate).await?;
    match customer_new::read_new(screen, &form.fields) {
        Ok(wanted) => {
            let fields = proposed(screen, form.fields.clone(), wanted.reseller);
            Ok(page(screen, &fields, &Faults::default()))
        }
        Err(faults) => Ok(customer_new::page(screen, &form.fields, &faults)),
    }
}

/// The reseller of the customer is proposed as the one on record, until something else is chosen.
fn proposed(screen: &Screen, fields: Fields, reseller: Option<PartnerId>) -> Fields {
    let is_chosen = fields.all(ON_RECORD).next().is_some();
    let reseller = reseller.filter(|_| !is_chosen);
    match reseller.and_then(|reseller| screen.model.partners().get(reseller)) {
        Some(reseller) => fields.with(ON_RECORD, &reseller.mpn_id),
        None => fields,
    }
}

pub(super) fn page(screen: &Screen, fields: &Fields, faults: &Faults) -> Response {
    let buyer = Buyer { screen, customer: None };
    let inner = html! {
        (layout::faults(faults))
        p.before { "Enter a number of licences for what " (fields.text("company_name")) " buys, or \
                  continue without. Nothing is recorded before the last step." }
        (order_lines::draw(buyer, fields, faults))
        (carried(fields, customer_new::is_field))
        div.buttons {
            button.primary type="submit" { "Continue to the review" }
            button type="submit" formaction="/customers/new" formnovalidate { "Back" }
            a.button href="/customers" { "Cancel" }
        }
    };
    let body = html! {
        (widgets::steps(&customer_new::STEPS, 1))
        (widgets::form(screen, "new-customer-order", "/customers/new/review", &inner))
    };
    customer_new::frame(screen).faulty(faults).show(&body)
}
