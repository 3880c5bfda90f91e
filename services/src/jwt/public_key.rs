//! Keys that signatures are held against, and how they are published and read.

use data_encoding::BASE64URL_NOPAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
    UnparsedPublicKey,
};
use serde_json::{Value, json};

/// Bytes of a coordinate of the curve P-256, and of a key of Ed25519.
const COORDINATE_BYTES: usize = 32;
/// What stands before the coordinates of a point that is not compressed.
const UNCOMPRESSED: u8 = 4;

/// The algorithms that are understood: asymmetric ones only.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub(crate) enum Algorithm {
    /// RSA with PKCS#1 v1.5 and SHA-256.
    #[value(name = "RS256")]
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    #[value(name = "ES256")]
    Es256,
    /// Ed25519.
    #[value(name = "EdDSA")]
    EdDsa,
}

impl Algorithm {
    /// The name in headers of tokens.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }
}

/// A key that signatures are held against. It belongs to one algorithm, whatever a token says.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PublicKey {
    /// Its name.
    pub(crate) id: String,
    material: Material,
}

#[derive(Clone, PartialEq, Eq)]
enum Material {
    Rsa {
        modulus: Vec<u8>,
        exponent: Vec<u8>,
    },
    /// The point, not compressed.
    P256(Vec<u8>),
    Ed25519(Vec<u8>),
}

impl PublicKey {
    /// A key of P-256 by its point, not compressed.
    pub(crate) fn p256(id: String, point: &[u8]) -> Self {
        Self { id, material: Material::P256(point.to_vec()) }
    }

    /// Reads a key as a set of keys lists it; `None` for one that is for something else or of a kind
    /// that is not understood.
    pub(crate) fn from_jwk(jwk: &Value) -> Option<Self> {
        let text = |name: &str| jwk.get(name).and_then(Value::as_str);
        let bytes = |name: &str| BASE64URL_NOPAD.decode(text(name)?.as_bytes()).ok();
        let coordinate = |name: &str| bytes(name).filter(|it| it.len() == COORDINATE_BYTES);
        if text("use").is_some_and(|it| it != "sig") {
            return None;
        }
        let material = match (text("kty")?, text("crv")) {
            ("RSA", _) => Material::Rsa { modulus: bytes("n")?, exponent: bytes("e")? },
            ("EC", Some("P-256")) => {
                Material::P256([vec![UNCOMPRESSED], coordinate("x")?, coordinate("y")?].concat())
            }
            ("OKP", Some("Ed25519")) => Material::Ed25519(coordinate("x")?),
            _ => return None,
        };
        let key = Self { id: text("kid")?.to_owned(), material };
        text("alg").is_none_or(|it| it == key.algorithm().name()).then_some(key)
    }

    /// The key as a set of keys lists it.
    pub(crate) fn jwk(&self) -> Value {
        let text = |bytes: &[u8]| BASE64URL_NOPAD.encode(bytes);
        let (alg, kid) = (self.algorithm().name(), &self.id);
        match &self.material {
            Material::Rsa { modulus, exponent } => json!({
                "kty": "RSA", "use": "sig", "alg": alg, "kid": kid,
                "n": text(modulus), "e": text(exponent),
            }),
            Material::P256(point) => {
                let coordinates = point.get(1..).unwrap_or_default();
                let (x, y) = coordinates.split_at(coordinates.len() / 2);
                json!({
                    "kty": "EC", "use": "sig", "alg": alg, "kid": kid,
                    "crv": "P-256", "x": text(x), "y": text(y),
                })
            }
            Material::Ed25519(key) => json!({
                "kty": "OKP", "use": "sig", "alg": alg, "kid": kid,
                "crv": "Ed25519", "x": text(key),
            }),
        }
    }

    /// The one algorithm of the key.
    pub(crate) const fn algorithm(&self) -> Algorithm {
        match self.material {
            Material::Rsa { .. } => Algorithm::Rs256,
            Material::P256(_) => Algorithm::Es256,
            Material::Ed25519(_) => Algorithm::EdDsa,
        }
    }

    /// Whether the holder of the key has signed these bytes so.
    pub(super) fn has_signed(&self, signed: &[u8], signature: &[u8]) -> bool {
        let outcome = match &self.material {
            Material::Rsa { modulus, exponent } => {
                RsaPublicKeyComponents { n: modulus, e: exponent }.verify(
                    &RSA_PKCS1_2048_8192_SHA256,
                    signed,
                    signature,
                )
            }
            Material::P256(point) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(signed, signature)
            }
            Material::Ed25519(key) => {
                UnparsedPublicKey::new(&ED25519, key).verify(signed, signature)
            }
        };
        outcome.is_ok()
    }
}
