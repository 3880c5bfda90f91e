//! JSON web tokens: who signed one, and what does it say?
//!
//! The signatures are those of *ring*, which rustls brings anyway; around them is the little of the
//! format that is needed: compact form, three asymmetric algorithms, a key that knows its own. A key
//! decides the algorithm and never the token, so that neither `none` nor a public key taken for a
//! shared secret gets anywhere.

mod claims;
mod compact;
mod public_key;

pub(crate) use self::{
    claims::{Claims, Demands, unproved_issuer},
    compact::{Compact, encode},
    public_key::{Algorithm, PublicKey},
};

/// Why a token is not believed. Told to operators in traces, never to its bearer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum JwtError {
    /// It has not the form of a token.
    #[error("it is no JSON web token")]
    Malformed,
    /// It demands what is not understood here.
    #[error("it demands an extension that is not understood")]
    Extension,
    /// It names no key that is known.
    #[error("it names no key that is known")]
    UnknownKey,
    /// It names another algorithm than its key's.
    #[error("it names another algorithm than that of its key")]
    Algorithm,
    /// The signature is wrong.
    #[error("its signature is wrong")]
    Signature,
    /// It comes from another issuer.
    #[error("it comes from another issuer")]
    Issuer,
    /// It is for somebody else.
    #[error("it is for another audience")]
    Audience,
    /// It has expired.
    #[error("it has expired")]
    Expired,
    /// It does not work yet.
    #[error("it does not work yet")]
    NotYet,
    /// A claim is missing or has the wrong form.
    #[error("the claim {0} is missing or has the wrong form")]
    Claim(&'static str),
}
