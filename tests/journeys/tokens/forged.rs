//! Tokens that nobody may believe, shown to the real server.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use super::{API, Program};
use crate::begin;

fn part(value: &Value) -> String {
    BASE64URL_NOPAD.encode(value.to_string().as_bytes())
}

fn opened(part: &str) -> Value {
    serde_json::from_slice(&BASE64URL_NOPAD.decode(part.as_bytes()).unwrap()).unwrap()
}

#[test]
fn a_forged_token_is_answered_401_and_never_500() {
    let installation = begin();
    let program = Program::register(&installation);
    let server = installation.serve();
    let good = program.token(&server, API);
    server.api(&good).get("/v1/customers").expect(200);
    let [head, claims, signature] = good.split('.').collect::<Vec<_>>()[..] else {
        panic!("a token has three parts: {good}");
    };
    let keys = server.anonymous().get("/common/discovery/keys").expect(200);
    let public = BASE64URL_NOPAD.decode(keys.text_at("/keys/0/x").as_bytes()).unwrap();
    let hmac = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &public);
    let with_header = |name: &str, value: Value| {
        let mut header = opened(head);
        header[name] = value;
        format!("{}.{claims}", part(&header))
    };
    let with_claim = |name: &str, value: Value| {
        let mut changed = opened(claims);
        changed[name] = value;
        format!("{head}.{}.{signature}", part(&changed))
    };
    let confused = with_header("alg", json!("HS256"));
    let tag = BASE64URL_NOPAD.encode(ring::hmac::sign(&hmac, confused.as_bytes()).as_ref());
    let none = with_header("alg", json!("none"));
    let forged = [
        none.clone() + ".",
        format!("{none}.{signature}"),
        format!("{confused}.{tag}"),
        with_header("alg", json!("RS256")) + "." + signature,
        with_header("kid", json!("another")) + "." + signature,
        with_header("kid", json!(7)) + "." + signature,
        with_header("kid", json!("../../secrets")) + "." + signature,
        with_header("crit", json!(["exp"])) + "." + signature,
        with_claim("exp", json!(4_000_000_000_i64)),
        with_claim("tid", json!("01890a5d-ac96-774b-bcce-b302099a8057")),
        with_claim("aud", json!("https://other.example")),
        with_claim("iss", json!("https://other.example")),
        with_claim("idtyp", json!("user")),
        format!("{head}.{claims}."),
        format!("{head}.{claims}"),
        format!("{good}.{signature}"),
        format!("{head}..{signature}"),
        "..".to_owned(),
        ".".to_owned(),
        "eyJhbGciOiJub25lIn0.e30.".to_owned(),
        "plog_".to_owned(),
        "x".repeat(40_000),
    ];
    for token in forged {
        let answer = server.api(&token).get("/v1/customers");
        let shown: String = token.chars().take(60).collect();
        assert_eq!((answer.status, answer.error_code()), (401, Some(400)), "{shown}: {answer}");
    }
    for path in ["/v1/customers?access_token=", "/v1/customers?size=1&Access_Token="] {
        server.anonymous().get(&format!("{path}{good}")).refused(401, 400);
        server.api(&good).get(&format!("{path}{good}")).refused(401, 400);
    }
    server.anonymous().get("/v1/customers").refused(401, 800_001);
    let basic = server.anonymous().request("GET", "/v1/customers");
    basic.header("Authorization", "Basic eDp5").send().refused(401, 800_001);
}
