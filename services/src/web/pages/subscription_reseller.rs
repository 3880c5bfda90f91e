//! `/customers/{id}/subscriptions/{subscription}/reseller`: which indirect reseller is on record.

use axum::{Router, extract::Path, response::Response, routing::get};
use commands::{ChangeResellerOfRecord, Permission, Rejection};
use events::{CustomerId, MpnId, SubscriptionId};
use maud::html;
use projections::SubscriptionRow;

use super::{id, resellers_of_record, subscription};
use crate::{
    application::OnCustomer,
    http::AppState,
    web::{
        error::PageError,
        forms::{Faults, Fields},
        layout,
        screen::Screen,
        submitted::Submitted,
        widgets::{self, Input},
    },
};

const FIELD: &str = "mpn_id";

pub(super) fn router() -> Router<AppState> {
    Router::new().route(
        "/customers/{customer}/subscriptions/{subscription}/reseller",
        get(show).post(change),
    )
}

/// The subscription, which the visitor's partner sold.
async fn sold<'s>(
    screen: &'s Screen,
    customer: &str,
    subscription: &str,
) -> Result<&'s SubscriptionRow, PageError> {
    let (customer, id) = (id::<CustomerId>(customer)?, id::<SubscriptionId>(subscription)?);
    screen.allow_customer(customer, Permission::ResellersOfRecordManage).await?;
    let row = screen.model.subscriptions().get(customer, id);
    let row = row.filter(|row| row.partner == screen.visitor.partner);
    row.ok_or_else(|| (&Rejection::SubscriptionNotFound { subscription_id: id }).into())
}

async fn show(
    Path((customer, subscription)): Path<(String, String)>,
    screen: Screen,
) -> Result<Response, PageError> {
    let row = sold(&screen, &customer, &subscription).await?;
    let current = row.partner_on_record.as_ref().map_or("", MpnId::as_str);
    let fields = Fields::default().with(FIELD, current);
    Ok(page(&screen, row, &fields, &Faults::default()))
}

fn page(screen: &Screen, row: &SubscriptionRow, fields: &Fields, faults: &Faults) -> Response {
    let path = subscription::path(row);
    let inner = html! {
        (layout::faults(faults))
        fieldset {
            p.before.wide { "For " strong { (row.friendly_name) } ". The reseller on record manages this subscription on the customer's behalf, and is \
                      credited for its licences. It needs an active partnership." }
            (Input::text(FIELD, "Reseller on record")
                .draw_choice(&choices(screen, row), fields, faults))
        }
        div.buttons {
            button.primary type="submit" { "Save" }
            a.button href=(back(screen, row)) { "Back" }
        }
    };
    let frame = subscription::frame(screen, row, "Reseller on record");
    let frame = if screen.sees(Permission::SubscriptionsView) {
        frame.under(row.friendly_name.as_str(), path.clone())
    } else {
        frame
    };
    frame.faulty(faults).show(&widgets::form(
        screen,
        "reseller",
        &format!("{path}/reseller"),
        &inner,
    ))
}

/// None, the resellers that can be on record, and the one that is: it stays although it could not be
/// put there any more.
fn choices(screen: &Screen, row: &SubscriptionRow) -> Vec<(String, String)> {
    let mut choices = resellers_of_record(screen);
    if let Some(mpn_id) = &row.partner_on_record
        && !choices.iter().any(|(choice, _)| choice == mpn_id.as_str())
    {
        let name =
            screen.model.partners().by_mpn_id(mpn_id).map(|partner| partner.name.to_string());
        let name = name.unwrap_or_else(|| format!("MPN {mpn_id}"));
        choices.push((mpn_id.to_string(), format!("{name} (no active partnership)")));
    }
    choices
}

/// Who does not view subscriptions came from the incentives.
fn back(screen: &Screen, row: &SubscriptionRow) -> String {
    if screen.sees(Permission::SubscriptionsView) {
        subscription::path(row)
    } else {
        super::incentives::PATH.to_owned()
    }
}

async fn change(
    Path((customer, id)): Path<(String, String)>,
    form: Submitted,
) -> Result<Response, PageError> {
    let screen = &form.screen;
    let row = sold(screen, &customer, &id).await?;
    let mut faults = Faults::default();
    let Some(mpn_id) = form.fields.optional::<MpnId>(&mut faults, FIELD) else {
        return Ok(page(screen, row, &form.fields, &faults));
    };
    let note = match mpn_id {
        Some(_) => "The reseller is on record for the subscription.",
        None => "No reseller is on record for the subscription any more.",
    };
    let command = ChangeResellerOfRecord { subscription_id: row.id, mpn_id };
    match form.execute(&form.call(b""), &OnCustomer::new(row.customer, command)).await? {
        Ok(_) => Ok(form.done(&back(screen, row), layout::done(note))),
        Err(faults) => Ok(page(screen, row, &form.fields, &faults)),
    }
}
