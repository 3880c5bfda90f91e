//! What the server does not take on: too much, too often, too slowly, too long.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
};

use tests::{Answer, Installation, RunningServer};

use crate::begin;

/// How often somebody else asks before the slow request is taken for refused.
const ASKED_MEANWHILE: usize = 200;

/// A connection on which the test writes what it likes.
struct Wire(BufReader<TcpStream>);

impl Wire {
    fn to(server: &RunningServer) -> Self {
        let address = server.url().strip_prefix("http://").unwrap();
        Self(BufReader::new(TcpStream::connect(address).unwrap()))
    }

    fn write(&mut self, text: &str) {
        self.0.get_mut().write_all(text.as_bytes()).unwrap();
    }

    /// Reads the first line of the answer.
    #[track_caller]
    fn expect(&mut self, status: u16) {
        let mut line = String::new();
        self.0.read_line(&mut line).unwrap();
        assert!(line.starts_with(&format!("HTTP/1.1 {status} ")), "{line}");
    }

    /// The head of a request that announces a body and sends none of it yet.
    fn announce(&mut self, token: &str, body: &str) {
        self.write(&format!(
            "POST /v1/users HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
             Connection: close\r\nContent-Length: {}\r\n\r\n",
            body.len()
        ));
    }
}

const NEW_USER: &str = r#"{"fullName":"Nora Berg","email":"nora@contoso.example"}"#;

/// A request that has the only place of the server and waits for its body, and the answer that
/// somebody else was given meanwhile. The slow one is itself too many if it arrives while another
/// is served: then it comes again.
fn slow_request(installation: &Installation, server: &RunningServer) -> (Wire, Answer) {
    let api = server.api(&installation.provider.token);
    tests::until("slow request under way", || {
        let mut slow = Wire::to(server);
        slow.announce(&installation.provider.token, NEW_USER);
        let mut answers = (0..ASKED_MEANWHILE).map(|_| api.get("/v1/roles"));
        answers.find(|answer| answer.status == 503).map(|busy| (slow, busy))
    })
}

#[test]
fn an_account_that_asks_too_often_is_told_when_to_come_back_and_others_are_served() {
    let installation = begin();
    let server = installation.serve_with(["--requests-per-minute", "5"]);
    let api = server.api(&installation.provider.token);
    for _ in 0..5 {
        api.get("/v1/customers").expect(200);
    }
    let refused = api.get("/v1/customers").expect(429);
    let seconds: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=12).contains(&seconds), "{seconds}");
    let told = format!(
        r#"{{"message":"Rate limit is exceeded. Try again in {seconds} seconds.","statusCode":429}}"#
    );
    assert_eq!(refused.text, told);
    // Strangers are not counted with it, and health does not wait.
    server.anonymous().get("/v1/customers").refused(401, 800_001);
    server.anonymous().get("/health/ready").expect(200);
}

#[test]
fn more_requests_at_once_than_are_served_are_answered_busy_and_health_is_not() {
    let installation = begin();
    let server = installation.serve_with(["--concurrent-requests", "1"]);
    let api = server.api(&installation.provider.token);
    let (mut slow, busy) = slow_request(&installation, &server);
    assert_eq!((busy.error_code(), busy.header("retry-after")), (Some(800_003), Some("1")));
    server.anonymous().get("/health/live").expect(200);
    slow.write(NEW_USER);
    slow.expect(201);
    tests::until("the place is free again", || {
        Some(api.get("/v1/roles")).filter(|answer| answer.status == 200)
    });
}

#[test]
fn a_request_whose_head_is_too_long_is_refused_and_the_server_goes_on() {
    let installation = begin();
    let server = installation.serve();
    // The server hangs up while most of it is still on its way: what arrives first is left to the
    // network, the answer or the end of the connection.
    let mut wire = Wire::to(&server);
    let long = "x".repeat(4 << 20);
    let _ = write!(wire.0.get_mut(), "GET /v1/roles HTTP/1.1\r\nHost: localhost\r\nX-Long: {long}");
    let mut answer = String::new();
    let _ = wire.0.read_line(&mut answer);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431 "), "{answer}");
    let mut wire = Wire::to(&server);
    let many = "A: b\r\n".repeat(200);
    wire.write(&format!("GET /v1/roles HTTP/1.1\r\nHost: localhost\r\n{many}\r\n"));
    wire.expect(431);
    server.api(&installation.provider.token).get("/v1/roles").expect(200);
}

#[test]
fn a_filter_that_is_too_long_is_refused_by_name() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let long = format!("/v1/customers?filter={}", "x".repeat(3_000));
    assert!(api.get(&long).refused(400, 2000).description().starts_with("filter must be at most"));
}

#[test]
fn a_request_that_is_under_way_at_the_stop_is_answered_and_recorded() {
    let installation = begin();
    let server = installation.serve_with(["--concurrent-requests", "1"]);
    let (mut slow, _busy) = slow_request(&installation, &server);
    let stopping = std::thread::spawn(move || server.stop());
    slow.write(NEW_USER);
    let mut answer = String::new();
    slow.0.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 201 Created\r\n"), "{answer}");
    stopping.join().unwrap();
    let server = installation.serve();
    let names = server.api(&installation.provider.token).get("/v1/users").text;
    assert!(names.contains("nora@contoso.example"), "{names}");
}
