//! What a token says once its signature is proved: from whom, for whom, until when.

use events::Timestamp;
use serde_json::{Map, Value};

use super::{JwtError, compact::Compact};

/// How far clocks may differ, in seconds.
const LEEWAY_SECONDS: i64 = 60;

/// What is demanded of every token of an issuer.
pub(crate) struct Demands<'a> {
    /// From whom it may come.
    pub(crate) issuers: &'a [String],
    /// For whom it may be.
    pub(crate) audiences: &'a [String],
}

/// Claims that are proved, and of a token that is good now.
pub(crate) struct Claims {
    /// From when the token works no longer.
    pub(crate) expires_at: Timestamp,
    /// Whom it is for, of those demanded.
    pub(crate) audience: String,
    said: Map<String, Value>,
}

impl Claims {
    /// Takes claims whose signature is proved, if the token is from whom and for whom is demanded,
    /// and works now.
    ///
    /// # Errors
    /// When it is not.
    pub(crate) fn checked(
        claims: Map<String, Value>,
        demands: &Demands<'_>,
        now: Timestamp,
    ) -> Result<Self, JwtError> {
        let issuer = claims.get("iss").and_then(Value::as_str).unwrap_or_default();
        if !demands.issuers.iter().any(|it| it == issuer) {
            return Err(JwtError::Issuer);
        }
        let audience = audiences(&claims)
            .find(|it| demands.audiences.iter().any(|wanted| wanted == it))
            .ok_or(JwtError::Audience)?
            .to_owned();
        let expires_at = moment(&claims, "exp")?.ok_or(JwtError::Claim("exp"))?;
        if now >= expires_at.plus_seconds(LEEWAY_SECONDS) {
            return Err(JwtError::Expired);
        }
        let begins = [moment(&claims, "nbf")?, moment(&claims, "iat")?];
        if begins.into_iter().flatten().any(|it| now.plus_seconds(LEEWAY_SECONDS) < it) {
            return Err(JwtError::NotYet);
        }
        Ok(Self { expires_at, audience, said: claims })
    }

    /// A claim that is a text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.value(name).and_then(Value::as_str)
    }

    /// A claim of any kind.
    pub(crate) fn value(&self, name: &str) -> Option<&Value> {
        self.said.get(name)
    }

    /// A claim that is an identifier.
    ///
    /// # Errors
    /// When it is not.
    pub(crate) fn id<T: std::str::FromStr>(&self, name: &'static str) -> Result<T, JwtError> {
        self.text(name).and_then(|text| text.parse().ok()).ok_or(JwtError::Claim(name))
    }
}

/// For whom a token is: one text or several.
fn audiences(claims: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let (one, several) = match claims.get("aud") {
        Some(Value::String(one)) => (Some(one.as_str()), &[][..]),
        Some(Value::Array(several)) => (None, several.as_slice()),
        _ => (None, &[][..]),
    };
    one.into_iter().chain(several.iter().filter_map(Value::as_str))
}

/// A moment in seconds since 1970, with or without a fraction.
fn moment(claims: &Map<String, Value>, name: &'static str) -> Result<Option<Timestamp>, JwtError> {
    let Some(value) = claims.get(name) else { return Ok(None) };
    let whole = value.as_i64().or_else(|| {
        let seconds = value.as_f64().filter(|it| it.is_finite() && it.abs() < 1e12)?;
        #[expect(clippy::cast_possible_truncation, reason = "it is within the range just checked")]
        let whole = seconds.trunc() as i64;
        Some(whole)
    });
    let microseconds = whole.and_then(|seconds| seconds.checked_mul(1_000_000));
    let moment = microseconds.and_then(Timestamp::from_microseconds);
    moment.map(Some).ok_or(JwtError::Claim(name))
}

/// The issuer a token names, to choose the keys it is held against: what it says is not proved.
pub(crate) fn unproved_issuer<'a>(token: &'a Compact<'_>) -> Option<&'a str> {
    token.unproved().get("iss").and_then(Value::as_str)
}
