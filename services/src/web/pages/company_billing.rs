//! `/company/billing`: what a company's subscriptions cost month by month, whoever sold them.

use axum::{Router, extract::Query, response::Response, routing::get};
use commands::CompanyPermission;

use super::customer_billing::{SHOWN, lines_page};
use crate::{
    api::lines_of,
    http::AppState,
    web::{
        error::PageError,
        forms::Fields,
        own_company::{HOME, OwnCompany},
        paths,
    },
};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/company/billing", get(show))
}

/// Where it is shown.
pub(super) fn path() -> String {
    format!("{HOME}/billing")
}

async fn show(
    Query(query): Query<Vec<(String, String)>>,
    company: OwnCompany,
) -> Result<Response, PageError> {
    company.allow(CompanyPermission::BillingView).await?;
    let query = Fields::checked(query).unwrap_or_default();
    let (model, now) = (&company.model, company.app().now());
    let lines: Vec<_> = lines_of(model, company.customer, now).collect();
    let link = |parameters: &[(&str, &str)]| paths::with_parameters(&path(), parameters);
    let body = lines_page(model, &lines, query.text(SHOWN), link);
    Ok(company.inner_frame("Billing").show(&body))
}
