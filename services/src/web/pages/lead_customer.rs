//! `/leads/{lead}/customer`: turns an accepted lead into a customer.

use axum::{Router, extract::Path, response::Response, routing::get};
use commands::Permission;
use events::{LeadId, Opened};
use maud::html;
use projections::LeadRow;

use super::{
    customer_new::{self, customer_fields},
    id,
    leads::{self, lead_of},
};
use crate::{
    http::AppState,
    web::{
        error::PageError,
        forms::{Faults, Fields, mendable},
        layout::{Frame, Section},
        screen::Screen,
        submitted::Submitted,
        widgets,
    },
};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/leads/{lead}/customer", get(show).post(create))
}

async fn allow(screen: &Screen) -> Result<(), PageError> {
    screen.allow(Permission::LeadsManage).await?;
    screen.allow(Permission::CustomersCreate).await
}

/// The form, filled in with what the lead tells.
async fn show(Path(lead): Path<String>, screen: Screen) -> Result<Response, PageError> {
    allow(&screen).await?;
    let (row, contact) = lead_of(&screen, id::<LeadId>(&lead)?).await?;
    let mut fields = Fields::default()
        .with("company_name", &row.company_name)
        .with("culture", "en-US")
        .with("language", "en");
    if let Some(country) = &row.country {
        fields = fields.with("country", country);
    }
    if let Opened::Readable(contact) = contact {
        fields = fields
            .with("first_name", contact.first_name)
            .with("last_name", contact.last_name)
            .with("email", contact.email);
        if let Some(number) = contact.phone_number {
            fields = fields.with("phone_number", number);
        }
    }
    Ok(page(&screen, row, &fields, &Faults::default()))
}

fn page(screen: &Screen, lead: &LeadRow, fields: &Fields, faults: &Faults) -> Response {
    let path = format!("{}/{}", leads::PATH, lead.id);
    let inner = html! {
        p.hint { "The provider who referred it holds the relationship; you are its indirect reseller." }
        (customer_fields(&[], fields, faults))
        div.buttons {
            button.primary type="submit" { "Add customer" }
            a.button href=(path) { "Cancel" }
        }
    };
    Frame::new(screen, Section::Leads, "Turn into a customer")
        .under("Leads", leads::PATH)
        .under(lead.company_name.as_str(), path.clone())
        .faulty(faults)
        .show(&widgets::form(screen, "new-customer", &format!("{path}/customer"), &inner))
}

async fn create(Path(lead): Path<String>, form: Submitted) -> Result<Response, PageError> {
    let screen = &form.screen;
    allow(screen).await?;
    let (row, _) = lead_of(screen, id::<LeadId>(&lead)?).await?;
    let wanted = match customer_new::read(&form.fields) {
        Ok(wanted) => wanted,
        Err(faults) => return Ok(page(screen, row, &form.fields, &faults)),
    };
    let (user_name, company) =
        (wanted.first_user.user_name.to_string(), wanted.company_name.to_string());
    let (call, own) = (form.call(b""), screen.visitor.partner);
    let created = screen.app.turn_lead_into_customer(&call, own, row.id, wanted).await;
    match mendable(created, form.catalogue())? {
        Ok(created) => {
            let frame =
                Frame::new(screen, Section::Leads, "Customer added").under("Leads", leads::PATH);
            Ok(customer_new::added(frame, &company, user_name, &created, 0))
        }
        Err(faults) => Ok(page(screen, row, &form.fields, &faults)),
    }
}
