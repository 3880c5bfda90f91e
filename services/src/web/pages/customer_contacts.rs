//! `/customers/{id}/contacts`: whom the customer turns to about each of its subscriptions.

use axum::{Router, extract::Path, response::Response, routing::get};
use commands::{ChangeSupportContact, Permission};
use events::{CustomerId, PartnerId, SubscriptionId};
use maud::{Markup, html};
use projections::{PartnerRow, SubscriptionRow};

use super::{id, product, sees_subscriptions_of};
use crate::{
    application::OnCustomer,
    http::AppState,
    web::{
        customer_frame::{self, Tab},
        error::PageError,
        forms::Faults,
        layout,
        screen::Screen,
        submitted::Submitted,
        widgets,
    },
};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/customers/{customer}/contacts", get(show).post(change))
}

async fn show(Path(customer): Path<String>, screen: Screen) -> Result<Response, PageError> {
    let customer = id::<CustomerId>(&customer)?;
    page(&screen, customer, &Faults::default()).await
}

async fn page(
    screen: &Screen,
    customer: CustomerId,
    faults: &Faults,
) -> Result<Response, PageError> {
    screen.allow_customer(customer, Permission::SupportContactsManage).await?;
    let row = screen.customer(customer)?;
    let seen: Vec<_> = screen
        .model
        .subscriptions()
        .of(customer)
        .filter(|sold| !sold.state.is_cancelled())
        .filter(|sold| sees_subscriptions_of(screen, customer, sold.partner))
        .collect();
    let eligible = eligible(screen, &seen).await?;
    let rows = html! { @for sold in &seen { (contact_row(screen, sold, &eligible)) } };
    let headers =
        ["Subscription", "Product", "Support contact", r#"<span class="hidden">Change</span>"#];
    let body = html! {
        (layout::faults(faults))
        p.before {
            "The customer sees the support contact of each subscription. A reseller can be one while it \
             is associated with the customer, has an active partnership with the seller, and the seller \
             has delegated admin privileges for the customer."
        }
        @if seen.is_empty() { (widgets::empty("There are no subscriptions to support.")) }
        @else { (widgets::table("contacts", "Support contacts", &headers, &rows)) }
    };
    Ok(customer_frame::frame(screen, row, Tab::Contacts).faulty(faults).show(&body))
}

/// Who can be the contact of what the visitor's partner sold: the same for all of it.
async fn eligible<'s>(
    screen: &'s Screen,
    seen: &[&SubscriptionRow],
) -> Result<Vec<&'s PartnerRow>, PageError> {
    let own = screen.visitor.partner;
    let sold = seen.iter().find(|sold| sold.partner == own);
    let Some(sold) = sold.filter(|_| screen.can(Permission::SupportContactsManage)) else {
        return Ok(Vec::new());
    };
    let principal = screen.visitor.principal();
    let found = screen.app.eligible_support_contacts(principal, sold.customer, sold.id).await?;
    Ok(found.into_iter().filter_map(|contact| screen.model.partners().get(contact)).collect())
}

fn contact_row(screen: &Screen, sold: &SubscriptionRow, eligible: &[&PartnerRow]) -> Markup {
    let contact = screen.model.support_contact(sold.customer, sold.id);
    let partner = contact.and_then(|contact| screen.model.partners().get(contact));
    let is_own = sold.partner == screen.visitor.partner;
    html! {
        tr data-subscription=(sold.id) {
            th scope="row" data-label="Subscription" { (sold.friendly_name) }
            td data-label="Product" { (product(screen, sold.sku)) }
            td data-label="Support contact" {
                @match partner {
                    Some(partner) => span {
                        (partner.name) br;
                        span.hint { "MPN id " (partner.mpn_id) ", " (partner.country) }
                    },
                    None => (widgets::dash()),
                }
            }
            td {
                @if is_own && eligible.len() > 1 { (chooser(screen, sold, contact, eligible)) }
                @else if is_own && !screen.is_past() { span.hint { "Nobody else can be it now." } }
            }
        }
    }
}

fn chooser(
    screen: &Screen,
    sold: &SubscriptionRow,
    current: Option<PartnerId>,
    eligible: &[&PartnerRow],
) -> Markup {
    let inner = html! {
        input type="hidden" name="subscription" value=(sold.id);
        span.inline {
            select name="contact" aria-label={ "Support contact of " (sold.friendly_name) } {
                @for partner in eligible {
                    option value=(partner.id) selected[current == Some(partner.id)] { (partner.name) }
                }
            }
            button.small type="submit" { "Save" }
        }
    };
    let action = format!("/customers/{}/contacts", sold.customer);
    widgets::form(screen, &format!("contact-{}", sold.id), &action, &inner)
}

async fn change(Path(customer): Path<String>, form: Submitted) -> Result<Response, PageError> {
    let customer = id::<CustomerId>(&customer)?;
    let mut faults = Faults::default();
    let subscription = form.fields.required::<SubscriptionId>(&mut faults, "subscription");
    let contact = form.fields.required::<PartnerId>(&mut faults, "contact");
    let command = faults.unless_any(|| {
        Some(ChangeSupportContact { subscription_id: subscription?, contact: contact? })
    });
    let command = match command {
        Ok(command) => command,
        Err(faults) => return page(&form.screen, customer, &faults).await,
    };
    match form.execute(&form.call(b""), &OnCustomer::new(customer, command)).await? {
        Ok(_) => {
            let path = format!("/customers/{customer}/contacts");
            Ok(form.done(&path, layout::done("The support contact was changed.")))
        }
        Err(faults) => page(&form.screen, customer, &faults).await,
    }
}
