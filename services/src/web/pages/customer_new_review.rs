//! `/customers/new/review`: everything about a new customer at a glance; then its account is opened
//! and its subscriptions are bought, both or neither.

use axum::{Router, response::Response, routing::post};
use commands::Permission;
use events::CartLine;
use maud::{Markup, html};

use super::{
    customer_new::{self, carried},
    customer_new_order,
    order_lines::{self, Buyer},
    order_review::{self, agreed, priced_now},
};
use crate::{
    application::CustomerToCreate,
    http::AppState,
    web::{
        error::PageError,
        forms::{Faults, Fields, mendable},
        layout::{self, Frame, Section},
        screen::Screen,
        submitted::Submitted,
        widgets,
    },
};

/// The field that holds the prices that were shown.
const AGREED: &str = "agreed";

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/customers/new/review", post(show)).route("/customers", post(create))
}

/// Everything that was typed; what is wrong with it, on the page where it is mended.
fn read(
    screen: &Screen,
    fields: &Fields,
    details: Result<CustomerToCreate, Faults>,
) -> Result<(CustomerToCreate, Vec<CartLine>), Box<Response>> {
    let wanted = details.map_err(|faults| Box::new(customer_new::page(screen, fields, &faults)))?;
    let mut faults = Faults::default();
    let lines = order_lines::read(Buyer { screen, customer: None }, fields, &mut faults);
    if faults.is_empty() {
        Ok((wanted, lines))
    } else {
        Err(Box::new(customer_new_order::page(screen, fields, &faults)))
    }
}

async fn show(form: Submitted) -> Result<Response, PageError> {
    form.screen.allow(Permission::CustomersCreate).await?;
    let details = customer_new::read_new(&form.screen, &form.fields);
    Ok(match read(&form.screen, &form.fields, details) {
        Ok((wanted, lines)) => {
            page(&form.screen, &form.fields, &wanted, &lines, &Faults::default())
        }
        Err(mend) => *mend,
    })
}

fn page(
    screen: &Screen,
    fields: &Fields,
    wanted: &CustomerToCreate,
    lines: &[CartLine],
    faults: &Faults,
) -> Response {
    let priced = priced_now(screen.app.catalogue(), lines);
    let inner = html! {
        (layout::faults(faults))
        section.card #customer { h2 { "Customer" } (facts(screen, wanted)) }
        h2 { "Subscriptions" }
        @if lines.is_empty() { (widgets::empty("None are bought now.")) }
        @else { (order_review::draw(screen, None, &priced)) }
        (carried(fields, |name| customer_new::is_field(name) || order_lines::is_field(name)))
        input type="hidden" name=(AGREED) value=(agreed(&priced));
        div.buttons {
            button.primary type="submit" { "Add customer" }
            button type="submit" formaction="/customers/new" { "Change the customer" }
            button type="submit" formaction="/customers/new/subscriptions" { "Change the subscriptions" }
            a.button href="/customers" { "Cancel" }
        }
    };
    let body = html! {
        (widgets::steps(&customer_new::STEPS, 2))
        (widgets::form(screen, "new-customer-review", "/customers", &inner))
    };
    customer_new::frame(screen).faulty(faults).show(&body)
}

fn facts(screen: &Screen, wanted: &CustomerToCreate) -> Markup {
    let (contact, address) = (&wanted.contact, &wanted.contact.address);
    let reseller = wanted.reseller.and_then(|reseller| screen.model.partners().get(reseller));
    html! {
        dl.pairs {
            div { dt { "Company name" } dd { (wanted.company_name) } }
            div { dt { "Domain" } dd { (wanted.domain) } }
            @if let Some(reseller) = reseller { div { dt { "Indirect reseller" } dd { (reseller.name) } } }
            div { dt { "First user" } dd { (wanted.first_user.user_name) ", global admin of the company" } }
            div { dt { "Contact" } dd { (contact.first_name) " " (contact.last_name) ", " (contact.email) } }
            @if let Some(number) = &contact.phone_number { div { dt { "Phone number" } dd { (number) } } }
            div {
                dt { "Address" }
                dd {
                    (address.line1)
                    @if let Some(line) = &address.line2 { ", " (line) }
                    ", " @if let Some(code) = &address.postal_code { (code) " " }
                    (address.city)
                    @if let Some(state) = &address.state { ", " (state) }
                    ", " (wanted.country)
                }
            }
            div { dt { "Culture and language" } dd { (wanted.culture) ", " (wanted.language) } }
        }
    }
}

async fn create(form: Submitted) -> Result<Response, PageError> {
    let screen = &form.screen;
    screen.allow(Permission::CustomersCreate).await?;
    // Sent twice, the domain is taken, and by this very customer: the command tells.
    let (wanted, lines) = match read(screen, &form.fields, customer_new::read(&form.fields)) {
        Ok(read) => read,
        Err(mend) => return Ok(*mend),
    };
    let prices = agreed(&priced_now(screen.app.catalogue(), &lines));
    if form.fields.text(AGREED) != prices {
        let faults = Faults::general("look at the prices: they are not those that were shown");
        return Ok(page(screen, &form.fields, &wanted, &lines, &faults));
    }
    let user_name = wanted.first_user.user_name.to_string();
    let company = wanted.company_name.to_string();
    let bought = lines.len();
    let (call, own) = (form.call(b""), screen.visitor.partner);
    let created =
        screen.app.create_buying_customer(&call, own, wanted.clone(), lines.clone()).await;
    match mendable(created, form.catalogue())? {
        Ok(created) => {
            let frame = Frame::new(screen, Section::Customers, "Customer added")
                .under("Customers", "/customers");
            Ok(customer_new::added(frame, &company, user_name, &created, bought))
        }
        Err(faults)
            if faults.iter().any(|it| it.field.as_deref().is_some_and(customer_new::is_field)) =>
        {
            Ok(customer_new::page(screen, &form.fields, &faults))
        }
        Err(faults) => Ok(page(screen, &form.fields, &wanted, &lines, &faults)),
    }
}
