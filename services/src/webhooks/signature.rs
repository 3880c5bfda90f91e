//! How does a receiver know that it was told from here, and when? By a keyed hash over the time and
//! the body, under a secret that only it and this installation know.

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// The name of the algorithm, as the request tells it.
pub(super) const ALGORITHM: &str = "hmac-sha256";

/// The signature of a body that is sent at this second: HMAC-SHA-256 of `seconds.body` under the text
/// of the secret, in base64.
pub(super) fn of(secret: &SecretString, seconds: i64, body: &[u8]) -> String {
    let mut mac = new_mac(secret);
    mac.update(format!("{seconds}.").as_bytes());
    mac.update(body);
    BASE64.encode(&mac.finalize().into_bytes())
}

#[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
fn new_mac(secret: &SecretString) -> Hmac<Sha256> {
    Hmac::new_from_slice(secret.expose_secret().as_bytes())
        .expect("HMAC takes keys of every length")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_time_and_body_under_the_secret() {
        let [one, other] = ["plogw_one", "plogw_other"].map(SecretString::from);
        let signature = of(&one, 1_700_000_000, b"{}");
        // printf '1700000000.{}' | openssl dgst -sha256 -hmac plogw_one -binary | base64
        assert_eq!(signature, "2tI0odWW9cw53BcqnO681Dbd6/+zNpMKqOd5eseucHM=");
        assert_ne!(signature, of(&one, 1_700_000_001, b"{}"));
        assert_ne!(signature, of(&one, 1_700_000_000, b"{ }"));
        assert_ne!(signature, of(&other, 1_700_000_000, b"{}"));
    }
}
