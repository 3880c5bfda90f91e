//! Who looks at the pages: the session behind the cookie, and what its user may do now.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Method, header, request::Parts},
};
use commands::Permission;
use events::{PartnerId, PartnerUserId, Role};

use super::{error::PageError, paths};
use crate::{
    application::Principal,
    auth::{AuthError, Session, SessionKey},
    http::{AppState, RequestContext},
};

/// The cookie that holds the session.
pub(super) const COOKIE: &str = "partnerlog_session";

/// A signed-in employee of a partner.
pub(super) struct Visitor {
    pub(super) key: SessionKey,
    pub(super) session: Session,
    pub(super) partner: PartnerId,
    pub(super) user: PartnerUserId,
    /// The roles it holds now, also while it looks at the past.
    pub(super) roles: Vec<Role>,
    pub(super) context: RequestContext,
    /// The address under which the browser reaches us.
    pub(super) own_address: String,
}

impl Visitor {
    /// Whether its roles allow something: decides what is drawn. What is done is authorised again.
    pub(super) fn may(&self, permission: Permission) -> bool {
        self.roles.iter().any(|role| commands::allows(*role, permission))
    }

    /// The visitor as the application knows it.
    pub(super) const fn principal(&self) -> Principal {
        Principal::PartnerUser { partner: self.partner, user: self.user }
    }
}

impl FromRequestParts<AppState> for Visitor {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, PageError> {
        let signed_out = || PageError::SignIn { next: next(parts) };
        let key = session_key(&parts.headers).ok_or_else(signed_out)?;
        let session = app.sessions().find(&key, app.now()).ok_or_else(signed_out)?;
        let who = match app.authenticate_id(session.token).await {
            Ok(who) => who,
            Err(AuthError::Unavailable) => return Err(AuthError::Unavailable.into()),
            Err(AuthError::Malformed | AuthError::Unknown | AuthError::Expired) => {
                app.sessions().end(&key);
                return Err(signed_out());
            }
        };
        let roles = app.roles_of(who.partner, who.user).await?;
        let own_address = crate::http::own_address(&parts.headers);
        let context = RequestContext::from_request_parts(parts, app).await;
        let context = match context {
            Ok(context) => context,
            Err(never) => match never {},
        };
        let (partner, user) = (who.partner, who.user);
        Ok(Self { key, session, partner, user, roles, context, own_address })
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
