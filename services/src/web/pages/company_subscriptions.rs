//! What a company bought, and whom it turns to about it.

use events::PartnerProfile;
use maud::{Markup, html};
use projections::SubscriptionRow;

use crate::{
    application::SupportDetails,
    web::{
        error::PageError,
        names,
        own_company::OwnCompany,
        widgets::{self, Tone, badge},
    },
};

/// The subscriptions of the company, each with its support contact.
pub(super) async fn table(company: &OwnCompany) -> Result<Markup, PageError> {
    let mut rows = Vec::new();
    for row in company.model.subscriptions().of(company.customer) {
        rows.push((row, company.app().support_details(&company.model, row).await?));
    }
    let shown = html! {
        @for (row, contact) in &rows { (subscription(company, row, contact.as_ref())) }
    };
    let headers = ["Subscription", "Licences", "State", "From", "Support contact"];
    Ok(if rows.is_empty() {
        widgets::empty("Your company has bought nothing yet.")
    } else {
        widgets::table("subscriptions", "Subscriptions", &headers, &shown)
    })
}

fn subscription(
    company: &OwnCompany,
    row: &SubscriptionRow,
    contact: Option<&SupportDetails<'_>>,
) -> Markup {
    let seller = company.model.partners().get(row.partner);
    html! {
        tr data-subscription=(row.id) {
            th scope="row" data-label="Subscription" { (row.friendly_name) }
            td.number data-label="Licences" { (row.quantity) }
            td data-label="State" {
                @if row.state.is_active() { (badge(Tone::Good, "active")) }
                @else if row.state.is_cancelled() { (badge(Tone::Plain, "cancelled")) }
                @else { (badge(Tone::Warning, "suspended")) }
            }
            td data-label="From" { @if let Some(seller) = seller { (seller.name) } }
            td data-label="Support contact" {
                @match contact {
                    Some(contact) => { (details(contact)) }
                    None => { (widgets::dash()) }
                }
            }
        }
    }
}

/// How to reach the contact.
fn details(contact: &SupportDetails<'_>) -> Markup {
    html! {
        div.contact {
            strong { (contact.partner.name) }
            @match &contact.profile {
                Some(profile) => { (names::shown_as(profile, reached)) }
                None => { p.hint { "has entered no support profile yet" } }
            }
        }
    }
}

fn reached(profile: &PartnerProfile) -> Markup {
    let PartnerProfile::Support { website, email, phone_number } = profile else { return html! {} };
    html! {
        ul {
            li { a href={ "mailto:" (email) } { (email) } }
            li { (phone_number) }
            @if let Some(website) = website { li { a href=(website) rel="noreferrer" { (website) } } }
        }
    }
}
