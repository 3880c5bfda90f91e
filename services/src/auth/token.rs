//! Bearer tokens: `plog_` and the token's id and secret in one text; only a hash is kept.

use std::str::FromStr;

use data_encoding::BASE64URL_NOPAD;
use events::{PartnerId, PartnerUserId, TokenId};
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::password::fill;
use crate::{
    application::Application,
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
    /// The partner.
    pub partner: PartnerId,
    /// Its user.
    pub user: PartnerUserId,
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
    /// It has expired.
    #[error("the token has expired")]
    Expired,
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

    /// Finds out whom a token that was shown before stands for, and whether it still works: by the
    /// partner's own stream at its head, so that a revocation counts at once.
    ///
    /// # Errors
    /// When it was revoked, has expired, or its user is gone.
    pub async fn authenticate_id(&self, token: TokenId) -> Result<Authenticated, AuthError> {
        let partner = self.models.current().tokens().get(token).map(|row| row.partner);
        let partner = partner.ok_or(AuthError::Unknown)?;
        let folded = self.aggregates.load::<commands::Partner>(partner.into()).await;
        let state = folded.map_err(|_| AuthError::Unavailable)?.state;
        let issued = state.token(token).ok_or(AuthError::Unknown)?;
        if issued.expires_at <= self.now() {
            return Err(AuthError::Expired);
        }
        let user = issued.user_id;
        state.active_user(user).ok_or(AuthError::Unknown)?;
        Ok(Authenticated { token, partner, user })
    }
}
