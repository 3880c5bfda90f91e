//! How do tokens, keys and faults look on the wire?

use events::CorrelationId;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// What a token is asked for with.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the document's view of a form that is read parameter by parameter")]
pub(super) struct TokenRequest {
    /// `client_credentials`, `refresh_token`, or `password` where the server takes it.
    #[schema(example = "client_credentials")]
    grant_type: String,
    /// The application; also as the name of Basic authentication.
    client_id: Option<Uuid>,
    /// Its secret.
    #[schema(example = "the-secret-shown-once")]
    client_secret: Option<String>,
    /// For what, at the first endpoint.
    #[schema(example = "https://api.partnercenter.microsoft.com")]
    resource: Option<String>,
    /// For what, at the second endpoint; at the first where no resource is named.
    #[schema(example = "https://api.partnercenter.microsoft.com/.default")]
    scope: Option<String>,
    /// The token to renew with.
    refresh_token: Option<String>,
    /// The name the user signs in with.
    #[schema(example = "nora@relecloud.example")]
    username: Option<String>,
    /// The user's password.
    password: Option<String>,
}

/// What old clients ask for a token with; the token they have goes in the header.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the document's view of a form that is read parameter by parameter")]
pub(super) struct HopRequest {
    #[schema(example = "jwt_token")]
    grant_type: String,
    /// The application that the token is of.
    client_id: Uuid,
}

/// A token as the first endpoint tells it: every number is a text.
#[derive(Serialize, ToSchema)]
pub(super) struct TokenV1 {
    #[schema(example = "Bearer")]
    pub(super) token_type: &'static str,
    /// In how many seconds it ends.
    #[schema(example = "3599")]
    pub(super) expires_in: String,
    #[schema(example = "3599")]
    pub(super) ext_expires_in: String,
    /// When it ends, in seconds since 1970.
    #[schema(example = "1795260600")]
    pub(super) expires_on: String,
    /// From when on it is good, in seconds since 1970.
    #[schema(example = "1795257000")]
    pub(super) not_before: String,
    /// For what it is good.
    #[schema(example = "https://api.partnercenter.microsoft.com")]
    pub(super) resource: String,
    /// The token.
    pub(super) access_token: String,
    /// What renews it, for a user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) refresh_token: Option<String>,
}

/// A token as the second endpoint tells it.
#[derive(Serialize, ToSchema)]
pub(super) struct TokenV2 {
    #[schema(example = "Bearer")]
    pub(super) token_type: &'static str,
    /// For what it is good.
    #[schema(example = "https://api.partnercenter.microsoft.com/.default")]
    pub(super) scope: String,
    /// In how many seconds it ends.
    #[schema(example = 3599)]
    pub(super) expires_in: i64,
    #[schema(example = 3599)]
    pub(super) ext_expires_in: i64,
    /// The token.
    pub(super) access_token: String,
    /// What renews it, for a user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) refresh_token: Option<String>,
}

/// A token of the second hop.
#[derive(Serialize, ToSchema)]
pub(super) struct HopToken {
    /// The token.
    pub(super) access_token: String,
    #[schema(example = "Bearer")]
    pub(super) token_type: &'static str,
    /// In how many seconds it ends: when the one it was given for does.
    #[schema(example = 1800)]
    pub(super) expires_in: i64,
}

/// The keys that tokens are checked with.
#[derive(Serialize, ToSchema)]
pub(super) struct KeySet {
    /// JSON web keys (RFC 7517).
    #[schema(value_type = Vec<Object>, example = json!([{
        "kty": "EC", "use": "sig", "alg": "ES256", "kid": "2026-11-01", "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    }]))]
    pub(super) keys: Vec<Value>,
}

/// Where everything is (`OpenID Connect Discovery`).
#[derive(Serialize, ToSchema)]
pub(super) struct OpenIdConfiguration {
    #[schema(example = "https://log.example/3fa85f64-5717-4562-b3fc-2c963f66afa6/")]
    pub(super) issuer: String,
    #[schema(example = "https://log.example/3fa85f64-5717-4562-b3fc-2c963f66afa6/oauth2/token")]
    pub(super) token_endpoint: String,
    #[schema(example = "https://log.example/3fa85f64-5717-4562-b3fc-2c963f66afa6/discovery/keys")]
    pub(super) jwks_uri: String,
    #[schema(example = json!(["client_credentials", "refresh_token"]))]
    pub(super) grant_types_supported: Vec<&'static str>,
    #[schema(example = json!([]))]
    pub(super) response_types_supported: [&'static str; 0],
    #[schema(example = json!(["public"]))]
    pub(super) subject_types_supported: [&'static str; 1],
    #[schema(example = json!(["client_secret_post", "client_secret_basic"]))]
    pub(super) token_endpoint_auth_methods_supported: [&'static str; 2],
    #[schema(example = json!(["ES256"]))]
    pub(super) id_token_signing_alg_values_supported: [&'static str; 1],
}

/// Why no token is given.
#[derive(Serialize, ToSchema)]
pub(super) struct TokenFault {
    /// The name of RFC 6749.
    #[schema(example = "invalid_client")]
    pub(super) error: &'static str,
    /// For people.
    #[schema(
        example = "AADSTS7000215: Invalid client: the application is not known or the client secret is wrong."
    )]
    pub(super) error_description: String,
    /// The number that clients of Azure AD know it by.
    #[schema(example = json!([7_000_215]))]
    pub(super) error_codes: [u32; 1],
    /// When.
    #[schema(example = "2026-11-20 09:30:00Z")]
    pub(super) timestamp: String,
    pub(super) trace_id: Uuid,
    #[schema(value_type = Uuid)]
    pub(super) correlation_id: CorrelationId,
}
