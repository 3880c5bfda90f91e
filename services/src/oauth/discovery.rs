//! What is published so that others can check our tokens: the keys, and where everything is.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use events::PartnerId;
use serde_json::{Value, json};

use super::client::tenant;
use crate::{
    auth::{AccessRules, Endpoint},
    http::{AppState, RequestContext},
    jwt::Algorithm,
};

/// The keys are those of the whole installation, whatever the path names.
pub(super) async fn keys(State(app): State<AppState>) -> Response {
    let keys = app.keys().signing.public(app.now());
    let keys: Vec<Value> = keys.iter().map(crate::jwt::PublicKey::jwk).collect();
    Json(json!({ "keys": keys })).into_response()
}

pub(super) async fn configuration_v1(
    State(app): State<AppState>,
    Path(named): Path<String>,
    context: RequestContext,
) -> Response {
    configuration(&app, &named, &context, Endpoint::V1)
}

pub(super) async fn configuration_v2(
    State(app): State<AppState>,
    Path(named): Path<String>,
    context: RequestContext,
) -> Response {
    configuration(&app, &named, &context, Endpoint::V2)
}

fn configuration(
    app: &AppState,
    named: &str,
    context: &RequestContext,
    endpoint: Endpoint,
) -> Response {
    let Some(rules) = app.access.rules() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match tenant(app, named) {
        Ok(partner) => Json(described(rules, partner, endpoint)).into_response(),
        Err(fault) => fault.answer(context.correlation_id, app.now()),
    }
}

fn described(rules: &AccessRules, partner: PartnerId, endpoint: Endpoint) -> Value {
    let base = format!("{}/{partner}", rules.issuer);
    let (token, keys) = match endpoint {
        Endpoint::V1 => ("oauth2/token", "discovery/keys"),
        Endpoint::V2 => ("oauth2/v2.0/token", "discovery/v2.0/keys"),
    };
    let mut grants = vec!["client_credentials", "refresh_token"];
    if rules.takes_passwords {
        grants.push("password");
    }
    json!({
        "issuer": rules.issuer_of(partner, endpoint),
        "token_endpoint": format!("{base}/{token}"),
        "jwks_uri": format!("{base}/{keys}"),
        "grant_types_supported": grants,
        "response_types_supported": [],
        "subject_types_supported": ["public"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "id_token_signing_alg_values_supported": [Algorithm::Es256.name()],
    })
}
