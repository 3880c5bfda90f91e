//! Who is calling the API: the bearer token in the header, and nothing else.

use axum::{
    extract::{FromRequestParts, MatchedPath},
    http::{Method, header, request::Parts},
};
use commands::Rejection;
use events::{AuditScope, AuditorId, Client, PartnerId, PartnerUserId};
use uuid::Uuid;

use super::app_only::takes_no_user;
use super::{ApiError, AppState, Rates, RequestContext};
use crate::{
    application::{Call, Idempotency, Principal},
    auth::{AuthError, Authenticated},
};

/// The parameter by which an auditor of the whole installation names a partner.
const PARTNER_PARAMETER: &str = "partner";

/// The parameter in which some clients send the token, which is refused: addresses end up in logs.
const TOKEN_PARAMETER: &str = "access_token";

/// Somebody with an account and a request: also who must choose another password first.
#[derive(Clone)]
pub(crate) struct SignedIn {
    /// Who the token stands for.
    pub(crate) authenticated: Authenticated,
    /// What the request carries.
    pub(crate) context: RequestContext,
    /// The verb, which is part of what an idempotency key stands for.
    method: String,
    /// The path, likewise.
    path: String,
}

/// An authenticated caller on the side of a partner, with its request: one of its users, or an
/// auditor who reads.
#[derive(Clone)]
pub(crate) struct Caller {
    signed_in: SignedIn,
    /// The partner it works for, or reads of.
    pub(crate) partner: PartnerId,
    /// Where the caller reaches this program, such as `http://127.0.0.1:8080`, for links.
    pub(crate) own_address: String,
}

/// Somebody who asks: an account, as whom it acts.
pub(crate) trait Asking:
    FromRequestParts<AppState, Rejection = ApiError> + Send + Sized
{
    /// The account.
    fn signed_in(&self) -> &SignedIn;

    /// The company that the account acts for, or nil: what lists in parts are read for.
    fn company(&self) -> Uuid;

    /// One of several calls a request makes, each with an outcome of its own; `part` tells them
    /// apart, `body` a repeat from another request under the same key.
    fn call_part(&self, app: &AppState, body: &[u8], part: &str) -> Call {
        self.signed_in().call_part(app, body, part)
    }
}

impl Asking for SignedIn {
    fn signed_in(&self) -> &SignedIn {
        self
    }

    fn company(&self) -> Uuid {
        self.principal().scope().0
    }
}

impl Asking for Caller {
    fn signed_in(&self) -> &SignedIn {
        &self.signed_in
    }

    fn company(&self) -> Uuid {
        self.partner.as_uuid()
    }
}

impl SignedIn {
    /// The caller as the application knows it.
    #[must_use]
    pub(crate) const fn principal(&self) -> Principal {
        self.authenticated.principal
    }

    /// The call a request makes; `body` tells a repeat from another request under the same key, and
    /// `part` one of several calls that a request makes.
    #[must_use]
    pub(crate) fn call_part(&self, app: &AppState, body: &[u8], part: &str) -> Call {
        let client = self.authenticated.application.map_or(Client::Api, Client::Application);
        let mut call = Call::new(self.principal(), client, self.context.correlation_id);
        call.origin.clone_from(&self.context.origin);
        let (company, person) = self.principal().scope();
        call.idempotency = self.context.idempotency_key.as_ref().map(|key| Idempotency {
            commit_id: app.keys().commit_id(&[
                company.as_bytes(),
                person.as_bytes(),
                self.method.as_bytes(),
                self.path.as_bytes(),
                key.to_ascii_lowercase().as_bytes(),
                part.as_bytes(),
            ]),
            digest: app.keys().request_digest(body),
        });
        call
    }
}

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, ApiError> {
        let query = parts.uri.query().unwrap_or_default();
        if pairs(query).any(|(name, _)| name.eq_ignore_ascii_case(TOKEN_PARAMETER)) {
            return Err(AuthError::InAddress.into());
        }
        let header =
            parts.headers.get(header::AUTHORIZATION).ok_or_else(ApiError::token_missing)?;
        let token = header
            .to_str()
            .ok()
            .and_then(|text| text.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token)
            .ok_or_else(ApiError::token_missing)?;
        let authenticated = app.authenticate_text(token).await?;
        demand_user(parts, app, authenticated.principal)?;
        Rates::count_in(&parts.extensions, &authenticated.principal)?;
        let context = parts.extensions.get::<RequestContext>().cloned();
        Ok(Self {
            authenticated,
            context: context.ok_or_else(ApiError::internal)?,
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
        })
    }
}

/// Refuses an application that comes without a user for what takes one.
fn demand_user(parts: &Parts, app: &AppState, principal: Principal) -> Result<(), ApiError> {
    let Principal::Application { .. } = principal else { return Ok(()) };
    let route = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
    if takes_no_user(&parts.method, route) {
        Ok(())
    } else {
        Err(app.refuse_without_user(principal).into())
    }
}

impl Caller {
    /// The caller as the application knows it.
    #[must_use]
    pub(crate) const fn principal(&self) -> Principal {
        self.signed_in.principal()
    }

    /// Whether the caller is this user.
    #[must_use]
    pub(crate) fn is(&self, partner_user: PartnerUserId) -> bool {
        self.user() == Some(partner_user)
    }

    /// The partner's user that calls; `None` for an auditor.
    #[must_use]
    pub(crate) const fn user(&self) -> Option<PartnerUserId> {
        match self.principal() {
            Principal::PartnerUser { user, .. } => Some(user),
            Principal::CustomerUser { .. }
            | Principal::SupportOperator { .. }
            | Principal::Auditor { .. }
            | Principal::Operator
            | Principal::System(_)
            | Principal::Application { .. }
            | Principal::Visitor => None,
        }
    }

    /// The call a request makes; `body` tells a repeat from another request under the same key.
    #[must_use]
    pub(crate) fn call(&self, app: &AppState, body: &[u8]) -> Call {
        self.signed_in.call_part(app, body, "")
    }
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, ApiError> {
        let signed_in = SignedIn::from_request_parts(parts, app).await?;
        if signed_in.authenticated.must_change_password {
            return Err(ApiError::password_must_change());
        }
        let partner = match signed_in.principal() {
            Principal::PartnerUser { partner, .. } | Principal::Application { partner, .. } => {
                partner
            }
            Principal::Auditor { auditor } => audited(parts, app, auditor).await?,
            Principal::CustomerUser { .. }
            | Principal::SupportOperator { .. }
            | Principal::Operator
            | Principal::System(_)
            | Principal::Visitor => return Err((&Rejection::ActorNotAllowed).into()),
        };
        Ok(Self { signed_in, partner, own_address: super::own_address(&parts.headers) })
    }
}

/// The partner an auditor reads of: that of its scope, or the one it names.
async fn audited(parts: &Parts, app: &AppState, auditor: AuditorId) -> Result<PartnerId, ApiError> {
    if parts.method != Method::GET && parts.method != Method::HEAD {
        return Err((&Rejection::AuditorChangesNothing).into());
    }
    let mut pairs = pairs(parts.uri.query().unwrap_or_default());
    let named = pairs.find(|(name, _)| name.eq_ignore_ascii_case(PARTNER_PARAMETER));
    let named = named.map(|(_, value)| value.parse::<PartnerId>()).transpose();
    let named = named.map_err(|error| ApiError::invalid(PARTNER_PARAMETER, error.to_string()))?;
    match (app.audit_scope(auditor).await?, named) {
        (AuditScope::Partner(partner), None) => Ok(partner),
        (AuditScope::Partner(partner), Some(named)) if partner == named => Ok(partner),
        (AuditScope::Partner(_), Some(_)) => Err((&Rejection::NotYourPartner).into()),
        (AuditScope::Installation, Some(named)) => {
            let is_known = app.models().current().partners().get(named).is_some();
            if is_known { Ok(named) } else { Err((&Rejection::PartnerNotFound).into()) }
        }
        (AuditScope::Installation, None) => Err(ApiError::invalid(
            PARTNER_PARAMETER,
            "must name a partner: you read of every one of them",
        )),
    }
}

/// The pairs of a query; an id needs no decoding.
fn pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    query.split('&').filter_map(|pair| pair.split_once('='))
}
