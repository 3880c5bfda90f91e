//! Whether a domain is free for a new customer.

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, head},
};
use commands::Permission;
use events::DomainName;
use serde_json::Value;

use super::{reading::Reader, wire::Answer};
use crate::http::{ApiError, AppState};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/v1/validations/checkdomainavailability/{prefix}", get(is_available))
        .route("/v1/domains/{domain}", head(exists))
}

/// A prefix is free when no customer's domain begins with it; a full domain when none is the same.
async fn is_available(
    State(app): State<AppState>,
    Path(prefix): Path<String>,
    reader: Reader<()>,
) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::CustomersCreate).await?;
    let is_free = view.model.customers().is_domain_free(&prefix);
    let is_free = is_free.map_err(|error| ApiError::invalid("prefix", error.reason))?;
    Ok(Answer::ok(view.position(), Value::Bool(is_free)))
}

/// 200 where the domain is taken, 404 where it is free; neither has a body.
async fn exists(
    State(app): State<AppState>,
    Path(domain): Path<String>,
    reader: Reader<()>,
) -> Result<Response, ApiError> {
    let view = reader.view(&app, Permission::CustomersCreate).await?;
    let domain: DomainName = domain
        .parse()
        .map_err(|error: events::InvalidValue| ApiError::invalid("domain", error.reason))?;
    let is_taken = view.model.customers().by_domain(&domain).is_some();
    let status = if is_taken { StatusCode::OK } else { StatusCode::NOT_FOUND };
    Ok(status.into_response())
}
