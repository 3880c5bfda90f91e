//! The event feed: read to its end, followed, gone on with where it broke off.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    time::Duration,
};

use serde_json::Value;
use tests::{Api, RunningServer};

use crate::begin;

/// How long a line may take; far beyond what a loaded machine needs.
const LINE_SECONDS_MAX: u64 = 60;

/// A feed that is followed.
struct Followed {
    lines: BufReader<TcpStream>,
    status: u16,
}

/// An event as a feed tells it, with its id.
#[derive(Clone, PartialEq, Debug)]
struct Told {
    id: u64,
    event: Value,
}

impl Followed {
    fn begin(server: &RunningServer, token: &str, query: &str, headers: &str) -> Self {
        let address = server.url().strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(LINE_SECONDS_MAX))).unwrap();
        // With the older version the answer comes as it is, not in chunks.
        let request = format!(
            "GET /v1/events{query} HTTP/1.0\r\nHost: localhost\r\nAccept: text/event-stream\r\n\
             Authorization: Bearer {token}\r\n{headers}\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut lines = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert!(lines.read_line(&mut head).unwrap() > 0, "{head}");
        }
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Self { lines, status }
    }

    /// The next line that is not empty; `None` at the end.
    fn line(&mut self) -> Option<String> {
        loop {
            let mut line = String::new();
            if self.lines.read_line(&mut line).unwrap() == 0 {
                return None;
            }
            if !line.trim().is_empty() {
                return Some(line.trim().to_owned());
            }
        }
    }

    /// The next event.
    #[track_caller]
    fn next(&mut self) -> Told {
        loop {
            let line = self.line().expect("the feed goes on");
            if let Some(id) = line.strip_prefix("id: ") {
                let data = self.line().unwrap();
                let event = serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap();
                return Told { id: id.parse().unwrap(), event };
            }
            assert!(line.starts_with(':') || line.starts_with("retry:"), "{line}");
        }
    }

    /// Events until one of this type.
    #[track_caller]
    fn until(&mut self, name: &str) -> Vec<Told> {
        let mut told = Vec::new();
        loop {
            told.push(self.next());
            if told.last().unwrap().event["type"] == name {
                return told;
            }
        }
    }

    /// What the last lines say, once the feed is over.
    fn rest(mut self) -> String {
        let mut rest = String::new();
        while let Some(line) = self.line() {
            rest += &line;
        }
        rest
    }
}

/// The feed as JSON Lines.
#[track_caller]
fn lines(api: &Api, query: &str) -> Vec<Value> {
    let answer = api.request("GET", &format!("/v1/events{query}")).send().expect(200);
    assert_eq!(answer.header("content-type"), Some("application/x-ndjson"));
    answer.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn place(event: &Value) -> u64 {
    event["position"].as_u64().unwrap()
}

#[test]
fn lines_hold_the_whole_activity_log_oldest_first_and_go_on_where_they_ended() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Contoso", "contoso.example");
    for number in 0..110 {
        api.create_user(&customer, &format!("user{number}"));
    }
    let all = lines(&api, "");
    let mut history = api.items("/v1/history?size=1000");
    history.reverse();
    assert!(all.len() > 100, "more than one part: {}", all.len());
    assert_eq!(all, history);

    let answer = api.get("/v1/events").expect(200);
    let end = answer.header("x-position").unwrap().to_owned();
    assert!(lines(&api, &format!("?from={end}")).is_empty());
    let later = api.create_user(&customer, "later");
    let news = lines(&api, &format!("?from={end}"));
    assert_eq!(news[0]["type"], "CustomerUserCreated");
    assert_eq!(news[0]["data"]["userId"], later.id.as_str());
    let middle = place(&all[70]);
    assert_eq!(lines(&api, &format!("?from={middle}"))[0], all[70]);
    assert_eq!(lines(&api, &format!("?after={middle}"))[0], all[71]);
    assert_eq!(lines(&api, &format!("?asOf={end}")), all);
}

#[test]
fn a_feed_is_narrowed_to_a_customer_and_to_types() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let contoso = api.create_customer("Contoso", "contoso.example");
    let fabrikam = api.create_customer("Fabrikam", "fabrikam.example");
    api.create_user(&contoso, "nora");
    api.delete_user(&api.create_user(&fabrikam, "piet"));
    let of_fabrikam = lines(&api, &format!("?customerId={}", fabrikam.id));
    assert!(of_fabrikam.iter().all(|event| event["customer"]["id"] == fabrikam.id.as_str()));
    assert!(of_fabrikam.iter().any(|event| event["type"] == "CustomerUserDeleted"));
    let created = lines(&api, "?type=CustomerUserCreated,customer_created");
    let types: Vec<_> = created.iter().map(|event| event["type"].as_str().unwrap()).collect();
    assert!(types.contains(&"CustomerCreated") && types.contains(&"CustomerUserCreated"));
    assert!(types.iter().all(|name| name.ends_with("Created")));

    let query = format!("?customerId={}&type=CustomerUserCreated&from=head", contoso.id);
    let mut followed = Followed::begin(&server, &installation.provider.token, &query, "");
    api.create_user(&fabrikam, "other");
    let mine = api.create_user(&contoso, "mine");
    assert_eq!(followed.next().event["data"]["userId"], mine.id.as_str());
}

#[test]
fn who_follows_is_told_of_the_past_and_then_of_what_happens_and_goes_on_after_a_restart() {
    let installation = begin();
    let token = &installation.provider.token;
    let server = installation.serve();
    let api = server.api(token);
    let customer = api.create_customer("Contoso", "contoso.example");
    let mut followed = Followed::begin(&server, token, "", "");
    let mut told = followed.until("CustomerCreated");
    api.create_user(&customer, "nora");
    told.extend(followed.until("CustomerUserCreated"));

    // The stop ends it, in no more time than it takes.
    let printed = server.stop();
    assert!(!printed.contains("still under way"), "{printed}");
    assert!(followed.rest().contains("over: the server stops"));
    let server = installation.serve();
    let api = api.at(&server);
    let last = told.last().unwrap().id;
    api.create_user(&customer, "piet");
    let header = format!("Last-Event-ID: {last}\r\n");
    let mut followed = Followed::begin(&server, token, "", &header);
    told.extend(followed.until("CustomerUserCreated"));
    api.delete(&format!(
        "{}/users/{}",
        customer.path,
        told.last().unwrap().event["data"]["userId"].as_str().unwrap()
    ))
    .expect(204);
    told.extend(followed.until("CustomerUserDeleted"));

    assert!(told.iter().all(|told| told.id == place(&told.event)));
    let events: Vec<_> = told.into_iter().map(|told| told.event).collect();
    assert_eq!(lines(&api, ""), events);
}

#[test]
fn a_feed_is_over_once_the_right_to_it_is_gone() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let user = api.add_partner_user("Nora Berg", "nora@relecloud.example", &["helpdesk_agent"]);
    let token = api.issue_token(&user.id);
    let mut followed = Followed::begin(&server, &token, "?from=head", "");
    api.create_customer("Contoso", "contoso.example");
    followed.until("CustomerCreated");
    api.assign_role(&user.id, "incentives_user").expect_success();
    api.revoke_role(&user.id, "helpdesk_agent").expect(204);
    assert!(followed.rest().contains(": over:"), "it ends by itself");
    let refused = Followed::begin(&server, &token, "?from=head", "");
    assert_eq!(refused.status, 403);

    let other = api.add_partner_user("Piet Vos", "piet@relecloud.example", &["admin_agent"]);
    let token = api.issue_token(&other.id);
    let followed = Followed::begin(&server, &token, "?from=head&type=CustomerCreated", "");
    api.delete(&format!("/v1/users/{}", other.id)).expect(204);
    assert!(followed.rest().contains(": over:"), "it ends by itself");
    assert_eq!(Followed::begin(&server, &token, "", "").status, 401);
}

#[test]
fn another_partner_is_told_nothing_of_it() {
    let installation = begin();
    let other =
        installation.register("Wide World", "direct-partner", "wim@wide.example", "7654321");
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let stranger = server.api(&other.token);
    let mut followed = Followed::begin(&server, &other.token, "", "");
    let customer = api.create_customer("Contoso", "contoso.example");
    api.create_user(&customer, "nora");
    let own = stranger.create_customer("Fabrikam", "fabrikam.example");
    let told = followed.until("CustomerCreated");
    assert_eq!(told.last().unwrap().event["customer"]["id"], own.id.as_str());
    let text = told.iter().map(|told| told.event.to_string()).collect::<Vec<_>>().concat();
    assert!(!text.contains(&customer.id) && !text.contains("contoso"), "{text}");
    assert!(!stranger.get("/v1/events").expect(200).text.contains(&customer.id));
    stranger.get(&format!("/v1/events?customerId={}", customer.id)).refused(403, 20_002);
}

#[test]
fn an_account_follows_in_a_few_places_and_the_server_in_as_many_as_it_is_told() {
    let installation = begin();
    let server = installation.serve_with(["--event-streams", "9"]);
    let api = server.api(&installation.provider.token);
    let user = api.add_partner_user("Nora Berg", "nora@relecloud.example", &["admin_agent"]);
    let [token, other] = [&installation.provider.token, &api.issue_token(&user.id)];
    let followed: Vec<_> = (0..8).map(|_| Followed::begin(&server, token, "", "")).collect();
    assert!(followed.iter().all(|it| it.status == 200));
    let refused = api.get("/v1/events").expect(429);
    assert!(refused.header("retry-after").is_some());
    let others = Followed::begin(&server, other, "", "");
    assert_eq!(others.status, 200);
    assert_eq!(Followed::begin(&server, other, "", "").status, 503);
    // They take no place of ordinary requests, and give theirs back.
    api.get("/v1/roles").expect(200);
    drop((followed, others));
    tests::until("the places are free again", || {
        api.create_customer("Contoso", &format!("c{}.example", tests::fresh_guid()));
        Some(api.get("/v1/events")).filter(|answer| answer.status == 200)
    });
}

#[test]
fn a_place_or_a_filter_that_is_none_is_refused_by_name() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    for (query, field) in [
        ("from=soon", "from"),
        ("from=-1", "from"),
        ("from=18446744073709551616", "from"),
        ("from=1000000", "from"),
        ("after=1000000", "after"),
        ("after=x", "after"),
        ("type=Nothing", "type"),
        ("customerId=x", "customerId"),
        ("asOf=soon", "asOf"),
    ] {
        let refused = api.get(&format!("/v1/events?{query}")).refused(400, 2000);
        assert_eq!(refused.json()["data"][1], field, "{query}");
    }
    let ask = |name, value| {
        let request = api.request("GET", "/v1/events?asOf=1").header("Accept", "text/event-stream");
        request.header(name, value).send().refused(400, 2000)
    };
    assert_eq!(ask("X-Nothing", "1").json()["data"][1], "asOf");
    let resumed = api.request("GET", "/v1/events").header("Last-Event-ID", "x").send();
    assert_eq!(resumed.refused(400, 2000).json()["data"][1], "Last-Event-ID");
    server.anonymous().get("/v1/events").refused(401, 800_001);
}
