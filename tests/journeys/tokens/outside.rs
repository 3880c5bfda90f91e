//! Tokens of a configured outside issuer, whose keys lie in a file.

use std::time::{SystemTime, UNIX_EPOCH};

use data_encoding::BASE64URL_NOPAD;
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};

use crate::begin;

const ISSUER: &str = "https://login.contoso.example/";

struct Issuer {
    pair: EcdsaKeyPair,
    random: SystemRandom,
}

impl Issuer {
    fn new() -> Self {
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let made = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        Self { pair: EcdsaKeyPair::from_pkcs8(algorithm, made.as_ref(), &random).unwrap(), random }
    }

    fn key_set(&self) -> Value {
        let (x, y) = self.pair.public_key().as_ref()[1..].split_at(32);
        let [x, y] = [x, y].map(|it| BASE64URL_NOPAD.encode(it));
        json!({ "keys": [{ "kty": "EC", "crv": "P-256", "kid": "a", "use": "sig", "x": x, "y": y }] })
    }

    fn sign(&self, claims: &Value) -> String {
        let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        let signed = format!("{}.{}", part(&json!({ "alg": "ES256", "kid": "a" })), part(claims));
        let signature = self.pair.sign(&self.random, signed.as_bytes()).unwrap();
        format!("{signed}.{}", BASE64URL_NOPAD.encode(signature.as_ref()))
    }
}

fn now() -> u64 {
    #[expect(clippy::disallowed_methods, reason = "the server under test goes by the real time")]
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

#[test]
fn a_user_of_the_outside_issuer_acts_with_the_rights_it_has_here() {
    let installation = begin();
    let issuer = Issuer::new();
    let file = installation.beside("keys.json");
    std::fs::write(&file, issuer.key_set().to_string()).unwrap();
    let keys = file.to_str().unwrap();
    let server = installation.serve_with([
        "--oidc-issuer",
        ISSUER,
        "--oidc-audience",
        "partnerlog",
        "--oidc-keys",
        keys,
    ]);
    let admin = server.api(&installation.provider.token);
    let bo = admin.add_partner_user("Bo Berg", "bo@fabrikam.example", &["sales_agent"]);
    let claims = |name: &str, value: Value| {
        let mut claims = json!({
            "iss": ISSUER, "aud": "partnerlog", "iat": now(), "exp": now() + 300,
            "email": "Bo@Fabrikam.example", "email_verified": true,
        });
        claims[name] = value;
        claims
    };
    let with = |name: &str, value: Value| server.api(&issuer.sign(&claims(name, value)));
    let api = with("sub", json!("x"));
    assert_eq!(api.get("/v1/me").expect(200).text_at("/userId"), bo.id);
    api.create_customer("Contoso", "contoso.example");
    api.get("/v1/users").refused(403, 900_150);
    for (name, value) in [
        ("aud", json!("another")),
        ("iss", json!("https://login.contoso.example")),
        ("exp", json!(now() - 120)),
        ("nbf", json!(now() + 300)),
        ("email", json!("nobody@fabrikam.example")),
        ("email", json!(["bo@fabrikam.example"])),
        ("email_verified", json!(false)),
        ("email_verified", json!("true")),
    ] {
        with(name, value).get("/v1/customers").refused(401, 400);
    }
    let foreign = Issuer::new().sign(&claims("sub", json!("x")));
    server.api(&foreign).get("/v1/customers").refused(401, 400);
    admin.delete(&format!("/v1/users/{}", bo.id)).expect_success();
    api.get("/v1/customers").refused(401, 400);
}
