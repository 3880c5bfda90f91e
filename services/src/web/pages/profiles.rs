//! `/profiles`: what the partner shows of itself, and what its providers show.

use axum::{Router, response::Response, routing::get};
use commands::{Permission, permission_to_edit_profile, permission_to_view_profile};
use events::{
    Opened, PartnerId, PartnerKind, PartnerProfile, PostalAddress, ProfileContact, ProfileKind,
    PublicProfile, WebAddress,
};
use maud::{Markup, html};

use super::requests::may_log;
use crate::{
    http::AppState,
    web::{
        error::PageError,
        layout::{Frame, Section},
        names,
        screen::Screen,
        widgets,
    },
};

pub(super) const PATH: &str = "/profiles";

pub(super) fn router() -> Router<AppState> {
    Router::new().route(PATH, get(show))
}

async fn show(screen: Screen) -> Result<Response, PageError> {
    screen.allow(Permission::OwnProfile).await?;
    let own = screen.visitor.partner;
    let partner = screen.model.partners().get(own);
    let is_provider = partner.is_some_and(|it| it.kind == PartnerKind::IndirectProvider);
    let providers: Vec<PartnerId> =
        screen.model.resellers().providers_of(own).map(|row| row.provider).collect();
    let own_profiles = own_profiles(&screen).await?;
    let body = html! {
        @if is_provider { (section(&screen, own, "Your public profile")) }
        @for provider in &providers {
            @let name = screen.model.partners().get(*provider).map_or("Provider", |it| it.name.as_str());
            (section(&screen, *provider, name))
        }
        @if !is_provider && providers.is_empty() {
            (widgets::empty("Only indirect providers have a public profile."))
        }
        (own_profiles)
    };
    let ask = events::ServiceRequestKind::PartnerSupport;
    let actions = html! {
        @if super::network::OPENED_BY.into_iter().any(|it| screen.sees(it)) {
            a.button #network href=(screen.link(super::network::PATH)) { "Partner network" }
        }
        @if is_provider && may_log(&screen, &ask) {
            a.button.primary #change-profile href="/requests/new?kind=public-profile" { "Ask for a change" }
        }
    };
    let frame = Frame::new(&screen, Section::Profiles, "Profiles");
    Ok(frame.readable().actions(actions).show(&body))
}

/// The partner's own profiles that the visitor may see.
async fn own_profiles(screen: &Screen) -> Result<Markup, PageError> {
    let own = screen.visitor.partner;
    let mut shown = Vec::new();
    for kind in ProfileKind::ALL {
        if !screen.sees(permission_to_view_profile(kind)) {
            continue;
        }
        let row = screen.model.partner_profiles().get(own, kind);
        let opened = match row {
            Some(row) => Some(screen.app.vault().open::<PartnerProfile>(&row.profile).await?),
            None => None,
        };
        shown.push((kind, row, opened));
    }
    Ok(html! {
        @for (kind, row, opened) in &shown {
            section.card data-profile=(kind.name()) {
                h2 { (kind.title()) }
                @if let (Some(row), Some(opened)) = (row, opened) {
                    dl.pairs {
                        div { dt { "Company" } dd { (row.company_name) ", " (row.country) } }
                        @if let Opened::Readable(profile) = opened { (details(profile)) }
                        @else { div { dt { "Details" } dd { (names::shown(opened, |_| String::new())) } } }
                        div { dt { "Changed" } dd { (widgets::time(row.changed_at)) } }
                    }
                } @else { (widgets::empty("Not entered yet.")) }
                @if screen.can(permission_to_edit_profile(*kind)) {
                    a.button id={ "edit-" (kind.name()) } href={ (PATH) "/" (kind.name()) } { "Edit" }
                }
            }
        }
    })
}

fn details(profile: &PartnerProfile) -> Markup {
    let pair = |name: &str, value: String| html! { div { dt { (name) } dd { (value) } } };
    let contact = |it: &ProfileContact| {
        html! {
            (pair("Contact", format!("{} {}, {}", it.first_name, it.last_name, it.email)))
            @if let Some(phone) = &it.phone_number { (pair("Telephone", phone.to_string())) }
        }
    };
    let address = |it: &PostalAddress| {
        let code = it.postal_code.as_ref().map(|code| format!("{code} ")).unwrap_or_default();
        pair("Address", format!("{}, {code}{}", it.line1, it.city))
    };
    let website = |it: &Option<WebAddress>| {
        html! {
            @if let Some(site) = it {
                div { dt { "Web site" } dd { a href=(site) rel="noreferrer noopener" { (site) } } }
            }
        }
    };
    match profile {
        PartnerProfile::Business { about, website: site, contact: person } => html! {
            div { dt { "About" } dd { pre.letter { (about) } } } (website(site)) (contact(person))
        },
        PartnerProfile::LegalBusiness { address: place, contact: person }
        | PartnerProfile::Organization { address: place, contact: person } => {
            html! { (address(place)) (contact(person)) }
        }
        PartnerProfile::Billing { address: place, contact: person, purchase_order, tax_id } => {
            html! {
                (address(place)) (contact(person))
                @if let Some(number) = purchase_order { (pair("Purchase order", number.to_string())) }
                @if let Some(number) = tax_id { (pair("Tax number", number.to_string())) }
            }
        }
        PartnerProfile::Support { website: site, email, phone_number } => html! {
            (website(site)) (pair("E-mail", email.to_string())) (pair("Telephone", phone_number.to_string()))
        },
    }
}

fn section(screen: &Screen, partner: PartnerId, title: &str) -> Markup {
    html! {
        section.card data-profile=(partner) {
            h2 { (title) }
            @match screen.model.public_profiles().get(partner) {
                Some(row) => {
                    (public_profile(&row.profile))
                    p { "Since " (widgets::time(row.since)) }
                }
                None => { (widgets::empty("No public profile was entered yet.")) }
            }
        }
    }
}

/// A public profile with its links. The logo is linked and not shown: pages load nothing from
/// elsewhere.
pub(super) fn public_profile(profile: &PublicProfile) -> Markup {
    html! {
        dl.pairs {
            div { dt { "Name" } dd { (profile.name) } }
            div { dt { "Logo" } dd {
                @match &profile.logo {
                    Some(logo) => a href=(logo) rel="noreferrer noopener" { (logo) },
                    None => (widgets::dash()),
                }
            } }
            @for location in &profile.locations {
                div { dt { (location.country) } dd {
                    a href=(location.target) rel="noreferrer noopener" { (location.target) }
                } }
            }
        }
    }
}
