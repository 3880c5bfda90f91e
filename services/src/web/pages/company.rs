//! `/company`: the start of a customer's own side: who asks, who serves it, and what it bought.

use axum::{Router, response::Response, routing::get};
use commands::CompanyPermission;
use events::CustomerUserProfile;
use maud::{Markup, html};

use super::{
    company_billing, company_buy, company_partners, company_requests, company_subscriptions,
};
use crate::{
    http::AppState,
    web::{
        error::PageError,
        forms::Faults,
        layout, names,
        own_company::{HOME, OwnCompany},
    },
};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(HOME, get(show))
        .merge(company_requests::router())
        .merge(company_partners::router())
        .merge(company_buy::router())
        .merge(company_billing::router())
}

async fn show(company: OwnCompany) -> Result<Response, PageError> {
    start(&company, &Faults::default()).await
}

/// The start of the side, with what is wrong with a form that is drawn there.
pub(super) async fn start(company: &OwnCompany, faults: &Faults) -> Result<Response, PageError> {
    company.allow(CompanyPermission::OwnAccount).await?;
    let body = html! {
        (layout::faults(faults))
        (account(company).await?)
        @if company.may(CompanyPermission::RelationshipsAnswer) { (company_requests::pending(company)) }
        @if company.may(CompanyPermission::CompanyView) {
            h2 { "Partners that serve us" }
            p { a #provider-profiles href="/company/profiles" { "How they present themselves" } }
            (company_partners::table(company)?)
            h2 { "What we bought" }
            (company_subscriptions::table(company).await?)
            @if company.may(CompanyPermission::BillingView) {
                p { a #billing href=(company_billing::path()) { "What it cost, month by month" } }
            }
        } @else {
            p #no-role { "You have no role in your company that shows more." }
        }
    };
    Ok(company.frame().faulty(faults).show(&body))
}

async fn account(company: &OwnCompany) -> Result<Markup, PageError> {
    let own = company.model.customer_users().get(company.customer, company.user);
    let own = own.ok_or_else(|| PageError::not_found("your account is not there yet"))?;
    let profile = company.app().vault().open::<CustomerUserProfile>(&own.profile).await?;
    let row = company.row()?;
    Ok(html! {
        section.card {
            dl.pairs {
                div { dt { "Signed in as" } dd #own-name { (names::shown(&profile, |it| it.user_name.to_string())) } }
                div { dt { "Name" } dd { (names::shown(&profile, |it| it.display_name.to_string())) } }
                div { dt { "Company" } dd { (row.company_name) " · " (row.domain) } }
            }
        }
    })
}
