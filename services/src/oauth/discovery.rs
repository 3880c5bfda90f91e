//! What is published so that others can check our tokens: the keys, and where everything is.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use events::PartnerId;

use super::{
    client::tenant,
    shapes::{KeySet, OpenIdConfiguration, TokenFault},
};
use crate::{
    auth::{AccessRules, Endpoint},
    http::{AppState, RequestContext},
    jwt::Algorithm,
};

/// The keys that access tokens are checked with.
#[utoipa::path(
    get,
    path = "/{tenant}/discovery/keys",
    tag = "Tokens",
    security(()),
    responses((status = OK, description = "The keys.", body = KeySet))
)]
pub(super) async fn keys_v1(State(app): State<AppState>) -> Json<KeySet> {
    keys(&app)
}

/// The keys that access tokens are checked with, at the second address.
#[utoipa::path(
    get,
    path = "/{tenant}/discovery/v2.0/keys",
    tag = "Tokens",
    security(()),
    responses((status = OK, description = "The keys.", body = KeySet))
)]
pub(super) async fn keys_v2(State(app): State<AppState>) -> Json<KeySet> {
    keys(&app)
}

/// The keys are those of the whole installation, whatever the path names.
fn keys(app: &AppState) -> Json<KeySet> {
    let keys = app.keys().signing.public(app.now());
    Json(KeySet { keys: keys.iter().map(crate::jwt::PublicKey::jwk).collect() })
}

/// Tells clients of the first endpoint where everything is.
#[utoipa::path(
    get,
    path = "/{tenant}/.well-known/openid-configuration",
    tag = "Tokens",
    security(()),
    responses(
        (status = OK, description = "Where everything is.", body = OpenIdConfiguration),
        (status = BAD_REQUEST, description = "There is no such tenant.", body = TokenFault),
    )
)]
pub(super) async fn configuration_v1(
    State(app): State<AppState>,
    Path(named): Path<String>,
    context: RequestContext,
) -> Response {
    configuration(&app, &named, &context, Endpoint::V1)
}

/// Tells clients of the second endpoint where everything is.
#[utoipa::path(
    get,
    path = "/{tenant}/v2.0/.well-known/openid-configuration",
    tag = "Tokens",
    security(()),
    responses(
        (status = OK, description = "Where everything is.", body = OpenIdConfiguration),
        (status = BAD_REQUEST, description = "There is no such tenant.", body = TokenFault),
    )
)]
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

fn described(rules: &AccessRules, partner: PartnerId, endpoint: Endpoint) -> OpenIdConfiguration {
    let base = format!("{}/{partner}", rules.issuer);
    let (token, keys) = match endpoint {
        Endpoint::V1 => ("oauth2/token", "discovery/keys"),
        Endpoint::V2 => ("oauth2/v2.0/token", "discovery/v2.0/keys"),
    };
    let mut grants = vec!["client_credentials", "refresh_token"];
    if rules.takes_passwords {
        grants.push("password");
    }
    OpenIdConfiguration {
        issuer: rules.issuer_of(partner, endpoint),
        token_endpoint: format!("{base}/{token}"),
        jwks_uri: format!("{base}/{keys}"),
        grant_types_supported: grants,
        response_types_supported: [],
        subject_types_supported: ["public"],
        token_endpoint_auth_methods_supported: ["client_secret_post", "client_secret_basic"],
        id_token_signing_alg_values_supported: [Algorithm::Es256.name()],
    }
}
