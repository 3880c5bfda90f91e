//! `/company`: the start of a customer's own side: who serves it, and what it bought.

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use commands::{CompanyPermission, Rejection};
use events::CustomerUserProfile;
use maud::{Markup, html};
use projections::{CustomerRow, ReadModel};

use crate::{
    application::Principal,
    http::AppState,
    web::{error::PageError, layout, names, signed_in::Somebody, widgets},
};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/company", get(show))
}

async fn show(State(app): State<AppState>, somebody: Somebody) -> Result<Response, PageError> {
    let somebody = somebody.settled()?;
    let principal = somebody.authenticated.principal;
    let Principal::CustomerUser { customer, user } = principal else {
        return Err((&Rejection::ActorNotAllowed).into());
    };
    app.allow_in_company(principal, customer, CompanyPermission::OwnAccount).await?;
    let sees = app.allow_in_company(principal, customer, CompanyPermission::CompanyView).await;
    let model = app.models().current();
    let row = model.customers().get(customer);
    let row = row.ok_or_else(|| PageError::not_found("your company is not there yet"))?;
    let own = model.customer_users().get(customer, user);
    let own = own.ok_or_else(|| PageError::not_found("your account is not there yet"))?;
    let profile = app.vault().open::<CustomerUserProfile>(&own.profile).await?;
    let body = html! {
        section.card {
            dl.pairs {
                div { dt { "Signed in as" } dd #own-name { (names::shown(&profile, |it| it.user_name.to_string())) } }
                div { dt { "Name" } dd { (names::shown(&profile, |it| it.display_name.to_string())) } }
                div { dt { "Company" } dd { (row.company_name) " · " (row.domain) } }
            }
        }
        @if sees.is_ok() { (partners(&model, row)) (subscriptions(&model, row)) }
        @else { p #no-role { "You have no role in your company that shows more." } }
    };
    let note = app.sessions().take_note(&somebody.key);
    Ok(layout::own_side("My company", row.company_name.as_str(), &somebody, note, &body)
        .into_response())
}

/// The partners that serve the company.
fn partners(model: &ReadModel, row: &CustomerRow) -> Markup {
    let serving = model.partners().iter().filter_map(|partner| {
        row.relationship(partner.id).filter(|bond| bond.active).map(|bond| (partner, bond))
    });
    let rows = html! {
        @for (partner, bond) in serving {
            tr {
                th scope="row" data-label="Partner" { (partner.name) }
                td data-label="Administers on your behalf" { @if bond.delegated_admin { "Yes" } @else { "No" } }
            }
        }
    };
    widgets::table("partners", "Partners", &["Partner", "Administers on your behalf"], &rows)
}

/// What the company bought.
fn subscriptions(model: &ReadModel, row: &CustomerRow) -> Markup {
    let rows = html! {
        @for subscription in model.subscriptions().of(row.id) {
            tr {
                th scope="row" data-label="Subscription" { (subscription.friendly_name) }
                td data-label="Licences" { (subscription.quantity) }
                td data-label="From" {
                    @if let Some(partner) = model.partners().get(subscription.partner) { (partner.name) }
                }
            }
        }
    };
    widgets::table("subscriptions", "Subscriptions", &["Subscription", "Licences", "From"], &rows)
}
