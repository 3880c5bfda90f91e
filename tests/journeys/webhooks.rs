//! Webhooks: a receiver on this machine that takes what it is told, or does not.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use tests::{Api, Installation, RunningServer, fresh_guid};

use crate::begin;

const REGISTRATION: &str = "/webhooks/v1/registration";

/// A receiver, and what it was told.
struct Receiver {
    url: String,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    status: u16,
    told: Vec<Told>,
}

/// One request that a receiver got, and what it answered.
#[derive(Clone, Debug)]
struct Told {
    head: String,
    body: String,
    status: u16,
}

impl Receiver {
    fn begin() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/hook?from=partnerlog", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State { status: 200, told: Vec::new() }));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming() {
                // Whoever hangs up before it was understood has told nothing.
                let _ = receive(stream.unwrap(), &shared);
            }
        });
        Self { url, state }
    }

    fn answer(&self, status: u16) {
        self.state.lock().unwrap().status = status;
    }

    fn told(&self) -> Vec<Told> {
        self.state.lock().unwrap().told.clone()
    }

    /// Everything that was taken, once there are so many.
    #[track_caller]
    fn taken(&self, count: usize) -> Vec<Told> {
        tests::until("what is to be told", || {
            let told = self.told().into_iter().filter(|told| told.status == 200);
            Some(told.collect::<Vec<_>>()).filter(|taken| taken.len() >= count)
        })
    }
}

fn receive(stream: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head)? == 0 {
            return Ok(());
        }
    }
    let length = header(&head, "content-length").map_or(0, |text| text.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let mut state = state.lock().unwrap();
    let status = state.status;
    state.told.push(Told { head, body: String::from_utf8(body).unwrap(), status });
    drop(state);
    let answer = format!("HTTP/1.1 {status} So\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    reader.get_mut().write_all(answer.as_bytes())
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let lines = head.lines().filter_map(|line| line.split_once(": "));
    lines.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

impl Told {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    fn name(&self) -> String {
        self.json()["EventName"].as_str().unwrap().to_owned()
    }

    fn header(&self, name: &str) -> &str {
        header(&self.head, name).unwrap_or_else(|| panic!("no {name} in {}", self.head))
    }

    /// Checks the signature as the documentation says.
    fn is_signed_with(&self, secret: &str) -> bool {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(self.header("x-signature-timestamp").as_bytes());
        mac.update(b".");
        mac.update(self.body.as_bytes());
        let signature = self.header("authorization").strip_prefix("Signature ").unwrap();
        self.header("x-ms-signature-algorithm") == "hmac-sha256"
            && mac.verify_slice(&BASE64.decode(signature.as_bytes()).unwrap()).is_ok()
    }
}

fn serve(installation: &Installation) -> RunningServer {
    installation.serve_with(["--webhooks-to-private-addresses"])
}

fn body(url: &str, names: &[&str]) -> Value {
    json!({ "WebhookUrl": url, "WebhookEvents": names })
}

/// Registers, and gives the secret.
#[track_caller]
fn register(api: &Api, receiver: &Receiver, names: &[&str]) -> String {
    api.post(REGISTRATION, &body(&receiver.url, names)).expect(200).text_at("/secret")
}

#[test]
fn a_partner_is_told_signed_and_in_order_also_what_its_receiver_did_not_take_at_first() {
    let installation = begin();
    let server = serve(&installation);
    let api = server.api(&installation.provider.token);
    let receiver = Receiver::begin();
    receiver.answer(503);
    let before = api.create_customer("Before", "before.example");
    let secret = register(&api, &receiver, &["customer-created", "customer-user-created"]);
    let contoso = api.create_customer("Contoso", "contoso.example");
    api.create_user(&contoso, "nora");
    // Until then it is tried again; a user of the customer alone is no news of the customer.
    let failing = tests::until("a second attempt", || {
        let shown = api.get(&format!("{REGISTRATION}/deliveries")).expect(200).json().clone();
        (shown["failing"]["attempts"].as_u64() >= Some(2)).then_some(shown)
    });
    assert_eq!(failing["failing"]["reason"], "refused");
    assert_eq!(failing["failing"]["status"], 503);
    assert_eq!(failing["failing"]["eventName"], "customer-created");
    assert_eq!(failing["delivered"], 0);
    let tried = receiver.told();
    assert!(tried.iter().all(|told| told.name() == "customer-created"), "in order: {tried:?}");
    let again = tried[0].header("x-delivery-id");
    assert!(tried.iter().all(|told| told.header("x-delivery-id") == again));

    // What happens while the server stands still is not lost, nor is what was not told before.
    server.stop();
    let server = serve(&installation);
    let api = api.at(&server);
    receiver.answer(200);
    let fabrikam = api.create_customer("Fabrikam", "fabrikam.example");
    let taken = receiver.taken(5);
    let names: Vec<_> = taken.iter().map(Told::name).collect();
    let created = ["customer-created", "customer-user-created"];
    // Each customer comes with its first user.
    let expected = [created[0], created[1], created[1], created[0], created[1]];
    assert_eq!(names, expected);
    assert!(taken.iter().all(|told| told.is_signed_with(&secret)));
    assert!(!taken[0].is_signed_with("plogw_other"));
    let told = taken[0].json();
    assert_eq!(told["ResourceName"], "customer");
    let uri = format!("{}/v1/customers/{}", server.url(), contoso.id);
    assert_eq!(told["ResourceUri"], uri.as_str());
    assert!(taken[3].body.contains(&fabrikam.id));
    assert!(!taken.iter().any(|told| told.body.contains(&before.id)), "only from then on");
    let audited = told["AuditUri"].as_str().unwrap().strip_prefix(server.url()).unwrap();
    assert_eq!(api.get(audited).expect(200).json()["operationType"], "add_customer");
    tests::until("all of it recorded", || {
        let shown = api.get(&format!("{REGISTRATION}/deliveries")).expect(200);
        (shown.json()["delivered"] == 5 && shown.json()["failing"].is_null()).then_some(())
    });
    assert!(!api.get("/v1/history?size=1000").expect(200).text.contains(&secret));
    let printed = server.stop();
    assert!(!printed.contains(&secret), "{printed}");
}

#[test]
fn what_was_told_is_not_told_again_after_a_restart_or_a_change() {
    let installation = begin();
    let server = serve(&installation);
    let api = server.api(&installation.provider.token);
    let receiver = Receiver::begin();
    let secret = register(&api, &receiver, &["customer-created"]);
    api.create_customer("Contoso", "contoso.example");
    receiver.taken(1);
    server.stop();
    let server = serve(&installation);
    let api = api.at(&server);
    let mut changed = body(&receiver.url, &["customer-created", "order-created"]);
    changed["newSecret"] = json!(true);
    let other = api.put(REGISTRATION, &changed).expect(200).text_at("/secret");
    assert_ne!(secret, other);
    api.create_customer("Fabrikam", "fabrikam.example");
    let taken = receiver.taken(2);
    assert_eq!(taken.len(), 2, "{taken:?}");
    assert!(taken[1].is_signed_with(&other) && !taken[1].is_signed_with(&secret));
    api.delete(REGISTRATION).expect(204);
    api.get(REGISTRATION).refused(404, 1000);
    api.delete(REGISTRATION).refused(404, 1000);
    api.create_customer("Wingtip", "wingtip.example");
    let again = register(&api, &receiver, &["order-created", "customer-created"]);
    api.create_customer("Adatum", "adatum.example");
    let taken = receiver.taken(3);
    assert!(taken[2].is_signed_with(&again) && taken.len() == 3, "{taken:?}");
}

#[test]
fn a_registration_is_tried_out() {
    let installation = begin();
    let server = serve(&installation);
    let api = server.api(&installation.provider.token);
    let receiver = Receiver::begin();
    let tests = format!("{REGISTRATION}/validationEvents");
    api.post(&tests, &json!({})).refused(404, 1000);
    let secret = register(&api, &receiver, &["test-created"]);
    let shown = api.get(REGISTRATION).expect(200);
    assert_eq!(shown.json()["webhookUrl"], receiver.url.as_str());
    assert_eq!(shown.json()["webhookEvents"], json!(["test-created"]));
    assert!(!shown.text.contains(&secret));
    let id = api.post(&tests, &json!({})).expect(200).text_at("/correlationId");
    let told = &receiver.taken(1)[0];
    assert_eq!(told.name(), "test-created");
    assert!(told.is_signed_with(&secret) && told.body.contains(&id));
    let result = tests::until("the test to end", || {
        let shown = api.get(&format!("{tests}/{id}")).expect(200).json().clone();
        (shown["status"] == "completed").then_some(shown)
    });
    assert_eq!(result["results"][0]["responseCode"], "OK");
    assert_eq!(result["callbackUrl"], receiver.url.as_str());
    receiver.answer(500);
    let id = api.post(&tests, &json!({})).expect(200).text_at("/correlationId");
    let result = tests::until("an attempt", || {
        let shown = api.get(&format!("{tests}/{id}")).expect(200).json().clone();
        (shown["results"].as_array().is_some_and(|it| !it.is_empty())).then_some(shown)
    });
    assert_eq!(result["status"], "in_progress");
    assert_eq!(result["results"][0]["responseCode"], "InternalServerError");
    let refused = api.post(&tests, &json!({})).expect(429);
    assert!(refused.header("retry-after").is_some());
    api.get(&format!("{tests}/{}", fresh_guid())).refused(404, 1000);
    api.get(&format!("{tests}/x")).refused(400, 2000);
}

#[test]
fn a_receiver_that_is_dead_holds_up_nobody_else() {
    let installation = begin();
    let other =
        installation.register("Wide World", "direct-partner", "wim@wide.example", "7654321");
    let server = serve(&installation);
    let (api, theirs) = (server.api(&installation.provider.token), server.api(&other.token));
    // It takes connections and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let dead = format!("http://{}/", silent.local_addr().unwrap());
    api.post(REGISTRATION, &body(&dead, &["customer-created"])).expect(200);
    let receiver = Receiver::begin();
    register(&theirs, &receiver, &["customer-created"]);
    api.create_customer("Contoso", "contoso.example");
    let (_connection, _) = silent.accept().unwrap();
    let own = theirs.create_customer("Fabrikam", "fabrikam.example");
    let taken = receiver.taken(1);
    assert!(taken[0].body.contains(&own.id));
    // Nobody sees where another partner is told, nor is told of what happens there.
    assert_eq!(theirs.get(REGISTRATION).expect(200).json()["webhookUrl"], receiver.url.as_str());
    assert!(!theirs.get("/v1/history").expect(200).text.contains(&dead));
    // A stop does not wait until it says something.
    let printed = server.stop();
    assert!(!printed.contains("ended badly"), "{printed}");
    assert!(receiver.told().iter().all(|told| told.body.contains(&own.id)));
}

#[test]
fn a_webhook_is_registered_once_by_who_may_and_with_a_secret_that_is_shown_once() {
    let installation = begin();
    let server = serve(&installation);
    let api = server.api(&installation.provider.token);
    api.get(REGISTRATION).refused(404, 1000);
    let wanted = body("https://hooks.contoso.example/", &["subscription-updated"]);
    api.put(REGISTRATION, &wanted).refused(404, 1000);
    let post = || api.request("POST", "/Webhooks/v1//Registration/").key("one").json(&wanted);
    let first = post().send().expect(200);
    assert!(first.text_at("/secret").starts_with("plogw_"));
    let again = post().send().expect(200);
    assert_eq!(again.json()["subscriberId"], first.json()["subscriberId"]);
    assert_eq!(again.json()["secretState"], "already_shown");
    assert!(again.json()["secret"].is_null());
    api.post(REGISTRATION, &wanted).refused(409, 2000);
    api.post(&format!("{REGISTRATION}/validationevents"), &json!({})).refused(400, 2000);
    let names = api.get(&format!("{REGISTRATION}/events")).expect(200);
    assert!(names.json().as_array().unwrap().contains(&json!("test-created")));

    let user = api.add_partner_user("Nora Berg", "nora@contoso.example", &["admin_agent"]);
    let without = server.api(&api.issue_token(&user.id));
    without.get(REGISTRATION).refused(403, 900_150);
    without.put(REGISTRATION, &wanted).refused(403, 900_150);
    without.delete(REGISTRATION).refused(403, 900_150);
    // She sees that there is a webhook, and not where.
    let history = without.get("/v1/history?type=WebhookRegistered").expect(200);
    assert!(history.text.contains("WebhookRegistered") && !history.text.contains("hooks.contoso"));
    server.anonymous().get(REGISTRATION).refused(401, 800_001);
    api.get("/webhooks/v1/nothing").refused(404, 1000);
}

#[test]
fn an_address_or_an_event_that_is_none_is_refused_by_name() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let good = "https://hooks.contoso.example/";
    let too_long = format!("{good}{}", "a".repeat(600));
    for (wrong, code, field) in [
        (json!({ "webhookEvents": ["test-created"] }), 2001, "webhookUrl"),
        (json!({ "webhookUrl": good }), 2001, "webhookEvents"),
        (body("", &["test-created"]), 2001, "webhookUrl"),
        (body("hooks.contoso.example", &["test-created"]), 2000, "webhookUrl"),
        (body("http://hooks.contoso.example", &["test-created"]), 2000, "webhookUrl"),
        (body("http://127.0.0.1:9/", &["test-created"]), 2000, "webhookUrl"),
        (body("https://127.0.0.1/", &["test-created"]), 2000, "webhookUrl"),
        (body("https://localhost/", &["test-created"]), 2000, "webhookUrl"),
        (body("https://10.0.0.1/", &["test-created"]), 2000, "webhookUrl"),
        (body("https://169.254.169.254/latest/meta-data", &["test-created"]), 2000, "webhookUrl"),
        (body("https://u:p@contoso.example/", &["test-created"]), 2000, "webhookUrl"),
        (body(&too_long, &["test-created"]), 2000, "webhookUrl"),
        (body(good, &[]), 2000, "webhookEvents"),
        (body(good, &["weather-changed"]), 2000, "webhookEvents"),
        (body(good, &["x"]), 2000, "webhookEvents"),
        (json!({ "webhookUrl": good, "webhookEvents": [1] }), 2000, "webhookEvents"),
        (json!({ "webhookUrl": good, "webhookEvents": "test-created" }), 2000, "webhookEvents"),
    ] {
        let refused = api.post(REGISTRATION, &wrong).refused(400, code);
        assert_eq!(refused.json()["data"][1], field, "{wrong}");
    }
    api.get(REGISTRATION).refused(404, 1000);
}
