//! The compact form of a token: header, claims and signature in one text.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value};

use super::{
    JwtError,
    public_key::{Algorithm, PublicKey},
};

/// The longest token that is read, in bytes.
const TOKEN_BYTES_MAX: usize = 16 << 10;
/// The longest key id, in bytes.
const KEY_ID_BYTES_MAX: usize = 200;

/// A token, taken apart and not believed yet.
pub(crate) struct Compact<'a> {
    /// The key it names.
    pub(crate) key_id: String,
    algorithm: String,
    signed: &'a str,
    signature: Vec<u8>,
    claims: Map<String, Value>,
}

impl<'a> Compact<'a> {
    /// Takes a token apart.
    ///
    /// # Errors
    /// When it has not the form of one, or demands an extension.
    pub(crate) fn read(text: &'a str) -> Result<Self, JwtError> {
        if text.len() > TOKEN_BYTES_MAX {
            return Err(JwtError::Malformed);
        }
        let (signed, signature) = text.rsplit_once('.').ok_or(JwtError::Malformed)?;
        let (header, claims) = signed.split_once('.').ok_or(JwtError::Malformed)?;
        let header = object(header)?;
        if header.contains_key("crit") {
            return Err(JwtError::Extension);
        }
        let named = |name: &str| match header.get(name) {
            Some(Value::String(text)) if text.len() <= KEY_ID_BYTES_MAX => Ok(text.clone()),
            None => Ok(String::new()),
            Some(_) => Err(JwtError::Malformed),
        };
        Ok(Self {
            key_id: named("kid")?,
            algorithm: named("alg")?,
            signed,
            signature: bytes(signature)?,
            claims: object(claims)?,
        })
    }

    /// The claims, before anybody has proved them.
    pub(super) const fn unproved(&self) -> &Map<String, Value> {
        &self.claims
    }

    /// The claims, once the holder of the key has signed them.
    ///
    /// # Errors
    /// When the token names another algorithm than the key's, or the signature is not the key's.
    pub(crate) fn proved_by(self, key: &PublicKey) -> Result<Map<String, Value>, JwtError> {
        if self.algorithm != key.algorithm().name() {
            return Err(JwtError::Algorithm);
        }
        if key.has_signed(self.signed.as_bytes(), &self.signature) {
            Ok(self.claims)
        } else {
            Err(JwtError::Signature)
        }
    }
}

fn bytes(text: &str) -> Result<Vec<u8>, JwtError> {
    BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| JwtError::Malformed)
}

fn object(text: &str) -> Result<Map<String, Value>, JwtError> {
    serde_json::from_slice(&bytes(text)?).map_err(|_| JwtError::Malformed)
}

/// Writes a token; `sign` signs what stands before the signature.
///
/// # Errors
/// When it cannot be signed.
pub(crate) fn encode<E>(
    algorithm: Algorithm,
    key_id: &str,
    claims: &Value,
    sign: impl FnOnce(&[u8]) -> Result<Vec<u8>, E>,
) -> Result<String, E> {
    let header = serde_json::json!({ "typ": "JWT", "alg": algorithm.name(), "kid": key_id });
    let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    let signed = format!("{}.{}", part(&header), part(claims));
    let signature = BASE64URL_NOPAD.encode(&sign(signed.as_bytes())?);
    Ok(format!("{signed}.{signature}"))
}
