//! Who is calling the API: the bearer token in the header, and nothing else.

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use events::Client;

use super::{ApiError, AppState, RequestContext};
use crate::{
    application::{Call, Idempotency, Principal},
    auth::{Authenticated, BearerToken},
};

/// An authenticated caller with its request.
#[derive(Clone)]
pub(crate) struct Caller {
    /// Who the token stands for.
    pub(crate) authenticated: Authenticated,
    /// What the request carries.
    pub(crate) context: RequestContext,
    /// Where the caller reaches this program, such as `http://127.0.0.1:8080`, for links.
    pub(crate) own_address: String,
    /// The verb, which is part of what an idempotency key stands for.
    method: String,
    /// The path, likewise.
    path: String,
}

impl Caller {
    /// The caller as the application knows it.
    #[must_use]
    pub(crate) const fn principal(&self) -> Principal {
        let Authenticated { partner, user, .. } = self.authenticated;
        Principal::PartnerUser { partner, user }
    }

    /// The call a request makes; `body` tells a repeat from another request under the same key.
    #[must_use]
    pub(crate) fn call(&self, app: &AppState, body: &[u8]) -> Call {
        self.call_part(app, body, "")
    }

    /// One of several calls a request makes, each with an outcome of its own; `part` tells them
    /// apart.
    #[must_use]
    pub(crate) fn call_part(&self, app: &AppState, body: &[u8], part: &str) -> Call {
        let mut call = Call::new(self.principal(), Client::Api, self.context.correlation_id);
        call.origin.clone_from(&self.context.origin);
        call.idempotency = self.context.idempotency_key.as_ref().map(|key| {
            let Authenticated { partner, user, .. } = self.authenticated;
            Idempotency {
                commit_id: app.keys().commit_id(&[
                    partner.as_uuid().as_bytes(),
                    user.as_uuid().as_bytes(),
                    self.method.as_bytes(),
                    self.path.as_bytes(),
                    key.to_ascii_lowercase().as_bytes(),
                    part.as_bytes(),
                ]),
                digest: app.keys().request_digest(body),
            }
        });
        call
    }
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, ApiError> {
        let header =
            parts.headers.get(header::AUTHORIZATION).ok_or_else(ApiError::token_missing)?;
        let token = header
            .to_str()
            .ok()
            .and_then(|text| text.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token)
            .ok_or_else(ApiError::token_missing)?;
        let authenticated = app.authenticate(&token.parse::<BearerToken>()?).await?;
        let context = parts.extensions.get::<RequestContext>().cloned();
        Ok(Self {
            authenticated,
            context: context.ok_or_else(ApiError::internal)?,
            own_address: super::own_address(&parts.headers),
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
        })
    }
}
