//! Who looks at the pages: the session behind the cookie, and what its account may do now.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Method, header, request::Parts},
};
use commands::{Permission, Rejection};
use events::{AuditScope, PartnerId, PartnerUserId, Role};

use super::{error::PageError, paths};
use crate::{
    application::{Principal, permissions_with},
    auth::{AuthError, Authenticated, Session, SessionKey},
    http::{AppState, Rates, RequestContext},
};

/// The cookie that holds the session.
pub(super) const COOKIE: &str = "partnerlog_session";
/// Where an account chooses another password.
pub(super) const PASSWORD_PAGE: &str = "/password";

/// Anybody who is signed in: also who must choose another password first.
pub(super) struct Somebody {
    pub(super) app: AppState,
    pub(super) key: SessionKey,
    pub(super) session: Session,
    pub(super) authenticated: Authenticated,
    pub(super) context: RequestContext,
}

/// Somebody on the side of a partner: one of its users, or an auditor who reads.
pub(super) struct Visitor {
    pub(super) key: SessionKey,
    pub(super) session: Session,
    pub(super) partner: PartnerId,
    /// Its user; `None` for an auditor.
    pub(super) user: Option<PartnerUserId>,
    /// The roles it holds now, also while it looks at the past.
    pub(super) roles: Vec<Role>,
    /// What it is allowed now.
    pub(super) permissions: Vec<Permission>,
    pub(super) context: RequestContext,
    /// The address under which the browser reaches us.
    pub(super) own_address: String,
    principal: Principal,
}

impl Visitor {
    /// Whether it is allowed something: decides what is drawn. What is done is authorised again.
    pub(super) fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }

    /// The visitor as the application knows it.
    pub(super) const fn principal(&self) -> Principal {
        self.principal
    }
}

impl FromRequestParts<AppState> for Somebody {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, PageError> {
        let signed_out = || PageError::SignIn { next: next(parts) };
        let key = session_key(&parts.headers).ok_or_else(signed_out)?;
        let session = app.sessions().find(&key, app.now()).ok_or_else(signed_out)?;
        let authenticated = match app.authenticate_id(session.token).await {
            Ok(who) => who,
            Err(error @ (AuthError::Unavailable | AuthError::NoRole)) => return Err(error.into()),
            Err(
                AuthError::Malformed
                | AuthError::Unknown
                | AuthError::RetiredAudience
                | AuthError::InAddress
                | AuthError::Expired,
            ) => {
                app.sessions().end(&key);
                return Err(signed_out());
            }
        };
        Rates::count_in(&parts.extensions, &authenticated.principal)?;
        let context = RequestContext::from_request_parts(parts, app).await;
        let context = match context {
            Ok(context) => context,
            Err(never) => match never {},
        };
        Ok(Self { app: Arc::clone(app), key, session, authenticated, context })
    }
}

impl Somebody {
    /// Refuses who must choose another password before anything else.
    pub(super) fn settled(self) -> Result<Self, PageError> {
        if self.authenticated.must_change_password {
            Err(PageError::elsewhere(PASSWORD_PAGE))
        } else {
            Ok(self)
        }
    }
}

impl FromRequestParts<AppState> for Visitor {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, PageError> {
        let somebody = Somebody::from_request_parts(parts, app).await?.settled()?;
        let Somebody { key, session, authenticated, context, .. } = somebody;
        let principal = authenticated.principal;
        let (partner, user, roles) = match principal {
            Principal::PartnerUser { partner, user } => {
                (partner, Some(user), app.roles_of(partner, user).await?)
            }
            Principal::Auditor { auditor } => {
                let scope = app.audit_scope(auditor).await?;
                let partner = match scope {
                    AuditScope::Partner(partner) => Some(partner),
                    AuditScope::Installation => app.sessions().partner(&key),
                };
                let partner = partner.ok_or_else(|| PageError::elsewhere("/auditor"))?;
                (partner, None, Vec::new())
            }
            Principal::CustomerUser { .. } => return Err(elsewhere(parts, "/company")),
            Principal::SupportOperator { .. } => return Err(elsewhere(parts, "/operator")),
            Principal::Operator
            | Principal::System(_)
            | Principal::Application { .. }
            | Principal::Visitor => {
                return Err((&Rejection::ActorNotAllowed).into());
            }
        };
        let permissions = match user {
            Some(_) => permissions_with(&roles),
            None => app.permissions_of(principal).await?,
        };
        let own_address = crate::http::own_address(&parts.headers);
        Ok(Self {
            key,
            session,
            partner,
            user,
            roles,
            permissions,
            context,
            own_address,
            principal,
        })
    }
}

/// The start leads everybody to its own side; other pages of a partner are no business of others.
fn elsewhere(parts: &Parts, home: &'static str) -> PageError {
    if parts.uri.path() == "/" {
        PageError::elsewhere(home)
    } else {
        (&Rejection::ActorNotAllowed).into()
    }
}

/// Where to go on after signing in: to the page that was asked for, never to a form's target.
fn next(parts: &Parts) -> String {
    let wanted = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let is_page = parts.method == Method::GET && wanted != "/";
    paths::local(wanted).filter(|_| is_page).unwrap_or_default().to_owned()
}

/// The session cookie of a request.
pub(super) fn session_key(headers: &HeaderMap) -> Option<SessionKey> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, value)| SessionKey::from_cookie(value))
}
