//! Bearer tokens: `plog_` and the token's id and secret in one text; only a hash is kept.

use std::str::FromStr;

use commands::SignIn;
use data_encoding::BASE64URL_NOPAD;
use events::{
    Actor, ApplicationId, InstallationAccount, PartnerId, PartnerUserId, StreamId, Timestamp,
    TokenId,
};
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::password::fill;
use crate::{
    application::{Application, Principal},
    keys::{Credential, CredentialKey, KeyError},
};

const PREFIX: &str = "plog_";
const ID_BYTES: usize = 16;
const SECRET_BYTES: usize = 32;

/// A token as a client presents it. `Debug` shows nothing of it.
pub struct BearerToken {
    id: TokenId,
    secret: SecretString,
}

/// Who a token stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Authenticated {
    /// The token.
    pub token: TokenId,
    /// Who it is.
    pub principal: Principal,
    /// The application through which it comes, where it is one.
    pub application: Option<ApplicationId>,
    /// Whether the token is a session that began with a password.
    pub is_session: bool,
    /// Whether it is good for choosing another password and nothing else.
    pub must_change_password: bool,
}

/// Why a token does not open the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// It has not the form of a token.
    #[error("the token is malformed")]
    Malformed,
    /// It is not one of ours, or it was revoked, or its user is gone.
    #[error("the token is not valid")]
    Unknown,
    /// Its user has neither a role nor the default level.
    #[error("the user has neither a role nor the default level")]
    NoRole,
    /// It has expired.
    #[error("the token has expired")]
    Expired,
    /// It is for an audience of long ago.
    #[error("the token is for an audience that was retired; ask for one for the API")]
    RetiredAudience,
    /// It came in the address, where it ends up in logs.
    #[error("a token is taken from the Authorization header only, never from the address")]
    InAddress,
    /// Whether it does cannot be found out now.
    #[error("tokens cannot be checked now")]
    Unavailable,
}

/// Makes a new token: its id, the text to show once, and what the credential store keeps.
pub(crate) fn new_token(id: TokenId) -> Result<(SecretString, Credential), KeyError> {
    let mut bytes = [0; ID_BYTES + SECRET_BYTES];
    bytes[..ID_BYTES].copy_from_slice(id.as_uuid().as_bytes());
    fill(&mut bytes[ID_BYTES..])?;
    let text = SecretString::from(format!("{PREFIX}{}", BASE64URL_NOPAD.encode(&bytes)));
    let hash = Sha256::digest(&bytes[ID_BYTES..]).into();
    bytes.zeroize();
    Ok((text, Credential::Token { id, hash }))
}

impl FromStr for BearerToken {
    type Err = AuthError;

    fn from_str(text: &str) -> Result<Self, AuthError> {
        let encoded = text.trim().strip_prefix(PREFIX).ok_or(AuthError::Malformed)?;
        let bytes = BASE64URL_NOPAD.decode(encoded.as_bytes()).map_err(|_| AuthError::Malformed)?;
        let (id, secret) = bytes.split_at_checked(ID_BYTES).ok_or(AuthError::Malformed)?;
        if secret.len() != SECRET_BYTES {
            return Err(AuthError::Malformed);
        }
        let id = Uuid::from_slice(id).map_err(|_| AuthError::Malformed)?;
        let secret = SecretString::from(BASE64URL_NOPAD.encode(secret));
        Ok(Self { id: TokenId::from_uuid(id), secret })
    }
}

impl BearerToken {
    /// Whether a text is meant to be such a token.
    pub(super) fn has_form_of(text: &str) -> bool {
        text.starts_with(PREFIX)
    }

    /// The token's id, which is not secret.
    #[must_use]
    pub const fn id(&self) -> TokenId {
        self.id
    }

    fn secret_hash(&self) -> [u8; 32] {
        let secret = BASE64URL_NOPAD.decode(self.secret.expose_secret().as_bytes());
        Sha256::digest(secret.unwrap_or_default()).into()
    }
}

impl Application {
    /// Finds out who presents a token. What it may do is looked up at each command.
    ///
    /// # Errors
    /// When the token does not open the door.
    pub async fn authenticate(&self, token: &BearerToken) -> Result<Authenticated, AuthError> {
        let stored = self.keys.credentials.get(CredentialKey::Token(token.id));
        let Some(Credential::Token { hash, .. }) = stored else { return Err(AuthError::Unknown) };
        if !bool::from(hash.ct_eq(&token.secret_hash())) {
            return Err(AuthError::Unknown);
        }
        self.authenticate_id(token.id).await
    }

    /// Finds out whom a token or session that was shown before stands for, and whether it still works:
    /// by its holder's own stream at its head, so that a revocation counts at once.
    ///
    /// # Errors
    /// When it was revoked, has ended or expired, or its holder is gone or has no role.
    pub async fn authenticate_id(&self, token: TokenId) -> Result<Authenticated, AuthError> {
        let holder = self.models.current().tokens().get(token).map(|row| row.holder);
        let known = match holder.ok_or(AuthError::Unknown)? {
            Actor::PartnerUser { partner, user } => self.of_partner(token, partner, user).await?,
            Actor::CustomerUser { customer, user } => {
                let folded = self.aggregates.load::<commands::Customer>(customer.into()).await;
                let state = folded.map_err(|_| AuthError::Unavailable)?.state;
                let user = state.user(user).filter(|user| user.is_active());
                Known::of(&user.ok_or(AuthError::Unknown)?.sign_in, token)?
            }
            Actor::SupportOperator { operator } => {
                self.of_installation(token, InstallationAccount::Operator(operator)).await?
            }
            Actor::Auditor { auditor } => {
                self.of_installation(token, InstallationAccount::Auditor(auditor)).await?
            }
            Actor::Operator | Actor::System(_) | Actor::Application { .. } | Actor::Visitor => {
                return Err(AuthError::Unknown);
            }
        };
        if known.expires_at <= self.now() {
            return Err(AuthError::Expired);
        }
        let principal = holder.and_then(Principal::of_holder).ok_or(AuthError::Unknown)?;
        let Known { is_session, must_change_password, .. } = known;
        let application = None;
        Ok(Authenticated { token, principal, application, is_session, must_change_password })
    }

    async fn of_partner(
        &self,
        token: TokenId,
        partner: PartnerId,
        user: PartnerUserId,
    ) -> Result<Known, AuthError> {
        let folded = self.aggregates.load::<commands::Partner>(partner.into()).await;
        let state = folded.map_err(|_| AuthError::Unavailable)?.state;
        let user = state.active_user(user).ok_or(AuthError::Unknown)?;
        let known = match state.token(token) {
            Some(made) => Known {
                expires_at: made.expires_at,
                is_session: false,
                must_change_password: false,
            },
            None => Known::of(&user.sign_in, token)?,
        };
        if user.roles().next().is_none() { Err(AuthError::NoRole) } else { Ok(known) }
    }

    async fn of_installation(
        &self,
        token: TokenId,
        account: InstallationAccount,
    ) -> Result<Known, AuthError> {
        let stream = StreamId::INSTALLATION;
        let folded = self.aggregates.load::<commands::Installation>(stream).await;
        let state = folded.map_err(|_| AuthError::Unavailable)?.state;
        let person = state.people().get(account).ok_or(AuthError::Unknown)?;
        if person.audit.is_some_and(|(_, until)| until <= self.now()) {
            return Err(AuthError::Expired);
        }
        Known::of(&person.sign_in, token)
    }
}

/// What its holder's stream says about a token or session.
struct Known {
    expires_at: Timestamp,
    is_session: bool,
    must_change_password: bool,
}

impl Known {
    /// A temporary password opens the door to choosing another, whatever was obtained with it.
    fn of(sign_in: &SignIn, token: TokenId) -> Result<Self, AuthError> {
        let made = sign_in.token(token).map(|expires_at| Self {
            expires_at,
            is_session: false,
            must_change_password: false,
        });
        let session = || {
            sign_in.session(token).map(|expires_at| Self {
                expires_at,
                is_session: true,
                must_change_password: sign_in.must_change_password(),
            })
        };
        made.or_else(session).ok_or(AuthError::Unknown)
    }
}
