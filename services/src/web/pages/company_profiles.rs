//! `/company/profiles`: who serves the company, as providers and resellers show themselves.

use axum::{Router, response::Response, routing::get};
use commands::CompanyPermission;
use maud::html;

use super::profiles::public_profile;
use crate::{
    api::serving,
    http::AppState,
    web::{error::PageError, own_company::OwnCompany, widgets},
};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/company/profiles", get(show))
}

async fn show(company: OwnCompany) -> Result<Response, PageError> {
    company.allow(CompanyPermission::CompanyView).await?;
    let body = html! {
        @for partner in serving(&company.model, company.customer) {
            section.card data-profile=(partner) {
                h2 { @if let Some(row) = company.model.partners().get(partner) { (row.name) } }
                @match company.model.public_profiles().get(partner) {
                    Some(row) => (public_profile(&row.profile)),
                    None => (widgets::empty("It has entered no public profile.")),
                }
            }
        }
    };
    Ok(company.inner_frame("Who serves us").show(&body))
}
