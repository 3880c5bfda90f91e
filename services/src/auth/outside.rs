//! Tokens of one outside issuer: whose are they, and which of our users do they stand for?
//!
//! The issuer, for whom its tokens are, and its algorithms are set at the start; a token only says
//! which of the issuer's keys signed it. Rights are those of the user here, looked up as ever.

use commands::PartnerState;
use events::{EmailAddress, PartnerId, PartnerUserId, Timestamp, TokenId};
use serde_json::Value;
use tokio::sync::Mutex;

use super::{AuthError, Authenticated, key_source::KeySource};
use crate::{
    application::{Application, Principal},
    ids,
    jwt::{Algorithm, Claims, Compact, Demands, JwtError, PublicKey},
};

/// How long fetched keys are believed without asking again, in hours.
const FRESH_HOURS: i64 = 1;
/// How long they are believed while the issuer does not answer, in hours.
const BELIEVED_HOURS: i64 = 24;
/// How long after an attempt to fetch keys none is made again, in seconds, whatever tokens come.
const REFETCH_SECONDS_MIN: i64 = 60;

/// The claim by which an outside token names one of our users.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum UserClaim {
    /// `oid`, the id of the user here, with `tid`, the id of its partner.
    ObjectId,
    /// The claim of this name is the address the user signs in with.
    Address(String),
}

/// An issuer whose tokens are taken.
pub(crate) struct OutsideIssuer {
    pub(super) issuer: String,
    pub(super) audiences: Vec<String>,
    pub(super) algorithms: Vec<Algorithm>,
    pub(super) claim: UserClaim,
    pub(super) source: KeySource,
    pub(super) keys: Mutex<FetchedKeys>,
}

/// The keys of an issuer as they were fetched last.
#[derive(Default)]
pub(super) struct FetchedKeys {
    keys: Vec<PublicKey>,
    fetched_at: Option<Timestamp>,
    tried_at: Option<Timestamp>,
}

impl FetchedKeys {
    fn find(&self, id: &str, now: Timestamp) -> Option<PublicKey> {
        let until = self.fetched_at?.plus_hours(BELIEVED_HOURS);
        self.keys.iter().find(|key| key.id == id && now < until).cloned()
    }

    fn is_fresh(&self, now: Timestamp) -> bool {
        self.fetched_at.is_some_and(|at| now < at.plus_hours(FRESH_HOURS))
    }

    /// Whether keys may be fetched: however many tokens of unknown keys come, the issuer is asked now
    /// and then only.
    fn may_try(&self, now: Timestamp) -> bool {
        self.tried_at.is_none_or(|at| now >= at.plus_seconds(REFETCH_SECONDS_MIN))
    }
}

impl OutsideIssuer {
    /// Whether a token names this issuer.
    pub(super) fn is_named(&self, issuer: &str) -> bool {
        self.issuer == issuer
    }

    async fn key(&self, id: &str, now: Timestamp) -> Result<PublicKey, JwtError> {
        let mut fetched = self.keys.lock().await;
        let known = fetched.find(id, now);
        if (known.is_none() || !fetched.is_fresh(now)) && fetched.may_try(now) {
            fetched.tried_at = Some(now);
            match self.source.fetch().await {
                Ok(keys) => {
                    fetched.keys = keys;
                    fetched.fetched_at = Some(now);
                }
                Err(error) => {
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(error, "the keys of the outside issuer cannot be fetched");
                }
            }
        }
        fetched.find(id, now).ok_or(JwtError::UnknownKey)
    }

    async fn prove(&self, token: Compact<'_>, now: Timestamp) -> Result<Claims, JwtError> {
        let key = self.key(&token.key_id, now).await?;
        if !self.algorithms.contains(&key.algorithm()) {
            return Err(JwtError::Algorithm);
        }
        let claims = token.proved_by(&key)?;
        let issuers = std::slice::from_ref(&self.issuer);
        Claims::checked(claims, &Demands { issuers, audiences: &self.audiences }, now)
    }
}

impl Application {
    /// Finds out which user a token of the outside issuer stands for.
    ///
    /// # Errors
    /// When it is not good, or stands for nobody who may act.
    pub(super) async fn authenticate_outside(
        &self,
        outside: &OutsideIssuer,
        token: Compact<'_>,
    ) -> Result<Authenticated, AuthError> {
        let claims = outside.prove(token, self.now()).await?;
        let (partner, user) = self.user_of(&claims, &outside.claim)?;
        let folded = self.aggregates.load::<commands::Partner>(partner.into()).await;
        may_act(&folded.map_err(|_| AuthError::Unavailable)?.state, user)?;
        Ok(Authenticated {
            token: ids::fresh(self.now(), TokenId::from_uuid),
            principal: Principal::PartnerUser { partner, user },
            application: None,
            is_session: false,
            must_change_password: false,
        })
    }

    fn user_of(
        &self,
        claims: &Claims,
        by: &UserClaim,
    ) -> Result<(PartnerId, PartnerUserId), AuthError> {
        match by {
            UserClaim::ObjectId => Ok((claims.id("tid")?, claims.id("oid")?)),
            UserClaim::Address(name) => {
                // An address that its owner has not proved may be somebody else's.
                if claims.value("email_verified").is_some_and(|it| *it != Value::Bool(true)) {
                    return Err(JwtError::Claim("email_verified").into());
                }
                let address = claims.text(name).and_then(|it| it.parse::<EmailAddress>().ok());
                let address = address.ok_or(JwtError::Claim("of the user"))?;
                let hash = self.keys.sign_in_name_hash(&address);
                let model = self.models.current();
                let row = model.partner_users().by_sign_in_name(hash);
                row.map(|row| (row.partner, row.id)).ok_or(AuthError::Unknown)
            }
        }
    }
}

fn may_act(state: &PartnerState, user: PartnerUserId) -> Result<(), AuthError> {
    let account = state.active_user(user).ok_or(AuthError::Unknown)?;
    if account.roles().next().is_none() { Err(AuthError::NoRole) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64URL_NOPAD;
    use ring::{
        rand::SystemRandom,
        signature::{Ed25519KeyPair, KeyPair},
    };
    use serde_json::json;

    use super::*;
    use crate::jwt::{self};

    const NOW: i64 = 1_800_000_000;

    fn now() -> Timestamp {
        Timestamp::from_microseconds(NOW * 1_000_000).unwrap()
    }

    fn pair() -> Ed25519KeyPair {
        let random = SystemRandom::new();
        let made = Ed25519KeyPair::generate_pkcs8(&random).unwrap();
        Ed25519KeyPair::from_pkcs8(made.as_ref()).unwrap()
    }

    fn jwk(pair: &Ed25519KeyPair, id: &str) -> Value {
        let x = BASE64URL_NOPAD.encode(pair.public_key().as_ref());
        json!({ "kty": "OKP", "crv": "Ed25519", "kid": id, "x": x })
    }

    /// An issuer with one key, in a file that is gone with the directory.
    fn issuer(directory: &tempfile::TempDir, keys: &[Value]) -> OutsideIssuer {
        let file = directory.path().join("keys.json");
        std::fs::write(&file, json!({ "keys": keys }).to_string()).unwrap();
        OutsideIssuer {
            issuer: "https://login.example".to_owned(),
            audiences: vec!["partnerlog".to_owned()],
            algorithms: vec![Algorithm::EdDsa],
            claim: UserClaim::Address("email".to_owned()),
            source: KeySource::File(file),
            keys: Mutex::default(),
        }
    }

    fn claims() -> Value {
        json!({
            "iss": "https://login.example",
            "aud": ["other", "partnerlog"],
            "exp": NOW + 600,
            "nbf": NOW - 5,
            "email": "ana@fabrikam.example",
        })
    }

    fn signed(pair: &Ed25519KeyPair, id: &str, claims: &Value) -> String {
        let sign = |bytes: &[u8]| Ok::<_, JwtError>(pair.sign(bytes).as_ref().to_vec());
        jwt::encode(Algorithm::EdDsa, id, claims, sign).unwrap()
    }

    async fn proved(issuer: &OutsideIssuer, token: &str) -> Result<Claims, JwtError> {
        issuer.prove(Compact::read(token)?, now()).await
    }

    fn changed(name: &str, value: Value) -> Value {
        let mut claims = claims();
        claims[name] = value;
        claims
    }

    #[tokio::test]
    async fn a_token_of_the_issuer_for_us_is_believed_while_it_works() {
        let (directory, pair) = (tempfile::tempdir().unwrap(), pair());
        let issuer = issuer(&directory, &[jwk(&pair, "one")]);
        let good = proved(&issuer, &signed(&pair, "one", &claims())).await.unwrap();
        assert_eq!(good.text("email"), Some("ana@fabrikam.example"));
        for (name, value, fault) in [
            ("iss", json!("https://evil.example"), JwtError::Issuer),
            ("aud", json!("other"), JwtError::Audience),
            ("aud", json!(7), JwtError::Audience),
            ("exp", json!(NOW - 60), JwtError::Expired),
            ("exp", json!("soon"), JwtError::Claim("exp")),
            ("exp", json!(null), JwtError::Claim("exp")),
            ("nbf", json!(NOW + 61), JwtError::NotYet),
            ("nbf", json!(1e300), JwtError::Claim("nbf")),
        ] {
            let outcome = proved(&issuer, &signed(&pair, "one", &changed(name, value))).await;
            assert_eq!(outcome.err(), Some(fault), "{name}");
        }
    }

    #[tokio::test]
    async fn neither_another_key_nor_another_algorithm_nor_none_proves_a_token() {
        let (directory, pair) = (tempfile::tempdir().unwrap(), pair());
        let issuer = issuer(&directory, &[jwk(&pair, "one")]);
        let foreign = signed(&self::pair(), "one", &claims());
        assert_eq!(proved(&issuer, &foreign).await.err(), Some(JwtError::Signature));
        let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        for alg in ["none", "HS256", "RS256"] {
            let header = json!({ "alg": alg, "kid": "one" });
            // The key that everybody knows, used as a shared secret.
            let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, pair.public_key().as_ref());
            let signed = format!("{}.{}", part(&header), part(&claims()));
            let tag = BASE64URL_NOPAD.encode(ring::hmac::sign(&key, signed.as_bytes()).as_ref());
            for signature in [String::new(), tag] {
                let outcome = proved(&issuer, &format!("{signed}.{signature}")).await;
                assert_eq!(outcome.err(), Some(JwtError::Algorithm), "{alg}");
            }
        }
        let mut narrow = issuer;
        narrow.algorithms = vec![Algorithm::Rs256];
        let outcome = proved(&narrow, &signed(&pair, "one", &claims())).await;
        assert_eq!(outcome.err(), Some(JwtError::Algorithm));
    }

    #[tokio::test]
    async fn an_unknown_key_is_looked_for_once_in_a_while_and_then_found() {
        let (directory, pair) = (tempfile::tempdir().unwrap(), pair());
        let issuer = issuer(&directory, &[]);
        let token = signed(&pair, "two", &claims());
        assert_eq!(proved(&issuer, &token).await.err(), Some(JwtError::UnknownKey));
        let keys = json!({ "keys": [jwk(&pair, "two")] }).to_string();
        std::fs::write(directory.path().join("keys.json"), keys).unwrap();
        assert_eq!(proved(&issuer, &token).await.err(), Some(JwtError::UnknownKey));
        let later = now().plus_seconds(REFETCH_SECONDS_MIN);
        assert!(issuer.prove(Compact::read(&token).unwrap(), later).await.is_ok());
    }

    #[tokio::test]
    async fn keys_are_believed_for_a_while_when_the_issuer_does_not_answer() {
        let (directory, pair) = (tempfile::tempdir().unwrap(), pair());
        let issuer = issuer(&directory, &[jwk(&pair, "one")]);
        let key = |at| issuer.key("one", at);
        assert!(key(now()).await.is_ok());
        std::fs::remove_file(directory.path().join("keys.json")).unwrap();
        assert!(key(now().plus_hours(BELIEVED_HOURS - 1)).await.is_ok());
        assert!(key(now().plus_hours(BELIEVED_HOURS)).await.is_err());
    }

    #[test]
    fn what_has_not_the_form_of_a_token_is_told_from_one() {
        let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        let header = part(&json!({ "alg": "EdDSA", "kid": 7 }));
        let critical = part(&json!({ "alg": "EdDSA", "crit": ["b64"] }));
        for (text, fault) in [
            (String::new(), JwtError::Malformed),
            ("a.b".to_owned(), JwtError::Malformed),
            ("..".to_owned(), JwtError::Malformed),
            ("%%%.%%%.%%%".to_owned(), JwtError::Malformed),
            (format!("{header}.{}.", part(&claims())), JwtError::Malformed),
            (format!("{critical}.{}.", part(&claims())), JwtError::Extension),
            (format!("{}.{}.", part(&json!([])), part(&claims())), JwtError::Malformed),
            (format!("{}.x.", "a".repeat(20_000)), JwtError::Malformed),
        ] {
            assert_eq!(Compact::read(&text).err(), Some(fault), "{}", text.len());
        }
    }
}
