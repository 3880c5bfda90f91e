//! Access tokens of our own: they carry who, never what. Rights are looked up with every request, so
//! that a revoked application, a deleted user or a changed password stop working at once.

use std::sync::OnceLock;

use events::{ApplicationId, PartnerId, PartnerUserId, Timestamp, TokenId};
use serde_json::{Value, json};

use super::{AuthError, Authenticated, outside::OutsideIssuer};
use crate::{
    application::{Application, Principal},
    ids,
    jwt::{Claims, Compact, Demands, JwtError},
    keys::KeyError,
};

/// How long an access token works, in seconds.
pub(crate) const ACCESS_TOKEN_SECONDS: i64 = 3_600;
/// Whom tokens are for unless it is said otherwise, as the contract has it.
pub(crate) const AUDIENCE_DEFAULT: &str = "https://api.partnercenter.microsoft.com";
/// Whom tokens were for long ago: good for the second hop of old clients and nothing else.
pub(crate) const RETIRED_AUDIENCE: &str = "https://graph.windows.net";

/// From whom and for whom access tokens are here.
#[derive(Clone, Debug)]
pub(crate) struct AccessRules {
    /// The address under which tokens name this installation, without a slash at its end.
    pub(crate) issuer: String,
    /// For whom tokens are, the usual one first.
    pub(crate) audiences: Vec<String>,
    /// Whether a name and a password are exchanged for tokens.
    pub(crate) takes_passwords: bool,
}

/// Which of the two endpoints a token comes from, whose tokens name their issuer differently.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Endpoint {
    /// `/oauth2/token`.
    V1,
    /// `/oauth2/v2.0/token`.
    V2,
}

impl AccessRules {
    /// The issuer that tokens of a partner name.
    pub(crate) fn issuer_of(&self, partner: PartnerId, endpoint: Endpoint) -> String {
        match endpoint {
            Endpoint::V1 => format!("{}/{partner}/", self.issuer),
            Endpoint::V2 => format!("{}/{partner}/v2.0", self.issuer),
        }
    }

    /// The audience that a client means by this text: a slash at its end makes no difference.
    pub(crate) fn audience(&self, text: &str) -> Option<&str> {
        let wanted = text.trim_end_matches('/');
        let retired = std::iter::once(RETIRED_AUDIENCE);
        self.audiences.iter().map(String::as_str).chain(retired).find(|it| *it == wanted)
    }
}

/// The rules, once a server has set them: without one there are no tokens.
#[derive(Default)]
pub(crate) struct Access(OnceLock<(AccessRules, Option<OutsideIssuer>)>);

impl Access {
    /// Sets the rules, and the outside issuer whose tokens are taken; what was set first stays.
    pub(crate) fn set(&self, rules: AccessRules, outside: Option<OutsideIssuer>) {
        drop(self.0.set((rules, outside)));
    }

    /// The rules, where there are any.
    pub(crate) fn rules(&self) -> Option<&AccessRules> {
        self.0.get().map(|(rules, _)| rules)
    }

    /// The outside issuer, where there is one.
    pub(super) fn outside(&self) -> Option<&OutsideIssuer> {
        self.0.get().and_then(|(_, outside)| outside.as_ref())
    }
}

/// Whom an access token stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Bearer {
    /// An application by itself.
    Application(ApplicationId),
    /// A user, through an application that it lets act for it.
    User {
        /// The application.
        application: ApplicationId,
        /// The user.
        user: PartnerUserId,
        /// What the user granted.
        grant: TokenId,
    },
}

/// An access token that is to be made.
pub(crate) struct NewAccess<'a> {
    /// The partner.
    pub(crate) partner: PartnerId,
    /// Whom it stands for.
    pub(crate) bearer: Bearer,
    /// For whom it is.
    pub(crate) audience: &'a str,
    /// Where it was asked for.
    pub(crate) endpoint: Endpoint,
    /// When it must end at the latest, if before its time.
    pub(crate) no_later_than: Option<Timestamp>,
}

/// An access token as it is given out. Not for `Debug`.
pub(crate) struct IssuedAccess {
    /// The token.
    pub(crate) text: secrecy::SecretString,
    /// From when it works.
    pub(crate) not_before: Timestamp,
    /// From when it works no longer.
    pub(crate) expires_at: Timestamp,
}

/// An access token of ours that is good: whom it stands for, and until when.
pub(crate) struct Proved {
    /// The partner.
    pub(crate) partner: PartnerId,
    /// Whom it stands for.
    pub(crate) bearer: Bearer,
    /// For whom it is.
    pub(crate) audience: String,
    /// From when it works no longer.
    pub(crate) expires_at: Timestamp,
    token: TokenId,
}

impl Application {
    /// Makes an access token.
    ///
    /// # Errors
    /// When no server runs, or nothing can be signed.
    pub(crate) fn issue_access(&self, new: &NewAccess<'_>) -> Result<IssuedAccess, KeyError> {
        let rules = self.access.rules().ok_or(KeyError::Stopped)?;
        let now = self.now();
        let whole = |moment: Timestamp| moment.as_microseconds().div_euclid(1_000_000);
        let full = now.plus_seconds(ACCESS_TOKEN_SECONDS);
        let expires_at = new.no_later_than.map_or(full, |limit| limit.min(full));
        let (application, subject, kind, grant) = match new.bearer {
            Bearer::Application(id) => (id, id.as_uuid(), "app", None),
            Bearer::User { application, user, grant } => {
                (application, user.as_uuid(), "user", Some(grant))
            }
        };
        let mut claims = json!({
            "iss": rules.issuer_of(new.partner, new.endpoint),
            "aud": new.audience,
            "iat": whole(now),
            "nbf": whole(now),
            "exp": whole(expires_at),
            "tid": new.partner,
            "appid": application,
            "oid": subject,
            "sub": subject,
            "idtyp": kind,
            "jti": ids::fresh(now, TokenId::from_uuid),
            "ver": match new.endpoint { Endpoint::V1 => "1.0", Endpoint::V2 => "2.0" },
        });
        if let (Some(grant), Value::Object(claims)) = (grant, &mut claims) {
            claims.insert("sid".to_owned(), json!(grant));
        }
        let text = self.keys.signing.sign(&claims, now)?.into();
        Ok(IssuedAccess { text, not_before: now, expires_at })
    }

    /// Whom a token of ours stands for, if it is good: signature, issuer, audience and time. Says
    /// nothing about what it may do, nor whether who it is still is.
    pub(crate) fn prove_access(&self, token: Compact<'_>) -> Result<Proved, JwtError> {
        let rules = self.access.rules().ok_or(JwtError::Issuer)?;
        let now = self.now();
        let key = self.keys.signing.proving(&token.key_id, now).ok_or(JwtError::UnknownKey)?;
        let claims = token.proved_by(&key)?;
        let tenant = claims.get("tid").and_then(Value::as_str).and_then(|it| it.parse().ok());
        let partner: PartnerId = tenant.ok_or(JwtError::Claim("tid"))?;
        let issuers = [Endpoint::V1, Endpoint::V2].map(|it| rules.issuer_of(partner, it));
        let mut audiences = rules.audiences.clone();
        audiences.push(RETIRED_AUDIENCE.to_owned());
        let demands = Demands { issuers: &issuers, audiences: &audiences };
        let claims = Claims::checked(claims, &demands, now)?;
        let application = claims.id("appid")?;
        let bearer = match claims.text("idtyp") {
            Some("app") => Bearer::Application(application),
            Some("user") => {
                Bearer::User { application, user: claims.id("oid")?, grant: claims.id("sid")? }
            }
            _ => return Err(JwtError::Claim("idtyp")),
        };
        let (token, expires_at) = (claims.id("jti")?, claims.expires_at);
        Ok(Proved { partner, bearer, audience: claims.audience, expires_at, token })
    }

    /// Whether who a good token stands for still is, by the partner's stream at its head.
    ///
    /// # Errors
    /// When it is not, or that cannot be found out.
    pub(crate) async fn alive(&self, proved: &Proved) -> Result<Authenticated, AuthError> {
        let folded = self.aggregates.load::<commands::Partner>(proved.partner.into()).await;
        let state = folded.map_err(|_| AuthError::Unavailable)?.state;
        let partner = proved.partner;
        let (principal, application) = match proved.bearer {
            Bearer::Application(application) => {
                state.applications().get(application).ok_or(AuthError::Unknown)?;
                (Principal::Application { partner, application }, application)
            }
            Bearer::User { application, user, grant } => {
                let held = state.applications().get(application).and_then(|it| it.grant(grant));
                let held = held.filter(|it| it.user_id == user && self.now() < it.expires_at);
                held.ok_or(AuthError::Unknown)?;
                let account = state.active_user(user).ok_or(AuthError::Unknown)?;
                if account.roles().next().is_none() {
                    return Err(AuthError::NoRole);
                }
                (Principal::PartnerUser { partner, user }, application)
            }
        };
        Ok(Authenticated {
            token: proved.token,
            principal,
            application: Some(application),
            is_session: false,
            must_change_password: false,
        })
    }
}

impl From<JwtError> for AuthError {
    /// A bearer is not told what is wrong with its token; operators find it in the traces.
    fn from(error: JwtError) -> Self {
        tracing::debug!(%error, "a token was not believed");
        match error {
            JwtError::Expired => Self::Expired,
            JwtError::Malformed => Self::Malformed,
            JwtError::Extension
            | JwtError::UnknownKey
            | JwtError::Algorithm
            | JwtError::Signature
            | JwtError::Issuer
            | JwtError::Audience
            | JwtError::NotYet
            | JwtError::Claim(_) => Self::Unknown,
        }
    }
}
