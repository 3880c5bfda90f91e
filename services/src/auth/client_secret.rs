//! Secrets of applications: `plogs_` and 256 random bits in one text; only a hash is kept.

use data_encoding::BASE64URL_NOPAD;
use events::{ApplicationSecretId, TokenId};
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroize};
use sha2::{Digest, Sha256};

use super::password::fill;
use crate::keys::{Credential, KeyError};

const PREFIX: &str = "plogs_";
const SECRET_BYTES: usize = 32;

/// Makes a new secret: the text to show once, and what the credential store keeps.
pub(crate) fn new_client_secret(
    id: ApplicationSecretId,
) -> Result<(SecretString, Credential), KeyError> {
    let mut bytes = [0; SECRET_BYTES];
    fill(&mut bytes)?;
    let text = SecretString::from(format!("{PREFIX}{}", BASE64URL_NOPAD.encode(&bytes)));
    bytes.zeroize();
    let credential = Credential::Token { id: kept_as(id), hash: hash(&text) };
    Ok((text, credential))
}

fn hash(text: &SecretString) -> [u8; 32] {
    Sha256::digest(text.expose_secret()).into()
}

const fn kept_as(id: ApplicationSecretId) -> TokenId {
    TokenId::from_uuid(id.as_uuid())
}
