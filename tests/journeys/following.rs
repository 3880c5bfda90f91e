//! Watching the log from another process, and asking how it is, while the server runs.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

use serde_json::Value;
use tests::{Installation, until};

use crate::begin;

const PATIENCE: Duration = Duration::from_mins(1);

/// A `replay --follow` at work.
struct Follower {
    child: Child,
    lines: Receiver<String>,
}

impl Follower {
    fn start(installation: &Installation, options: &[&str]) -> Self {
        let mut command = installation.program().command();
        command.args(["replay", "--follow", "--data"]).arg(installation.data()).args(options);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        thread::spawn(move || {
            stdout.lines().map_while(Result::ok).all(|line| sender.send(line).is_ok())
        });
        Self { child, lines }
    }

    fn line(&self) -> String {
        self.lines.recv_timeout(PATIENCE).unwrap()
    }

    /// The events up to before `position`.
    fn events_to(&self, from: u64, position: u64) -> Vec<Value> {
        (from..position).map(|_| serde_json::from_str(&self.line()).unwrap()).collect()
    }

    fn signal(mut self, signal: &str) -> ExitStatus {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        self.ended()
    }

    fn ended(&mut self) -> ExitStatus {
        until("end of the follower", || self.child.try_wait().unwrap())
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn is_in_order(events: &[Value], from: u64) -> bool {
    events.iter().zip(from..).all(|(event, position)| event["position"] == position)
}

#[test]
fn a_follower_beside_a_server_shows_each_event_once_and_survives_its_kill_and_restart() {
    let installation = begin();
    let server = installation.serve();
    let begun = server.head();
    let follower = Follower::start(&installation, &["--format", "jsonl"]);
    assert!(is_in_order(&follower.events_to(0, begun), 0));
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    for name in ["nora", "nils"] {
        api.create_user(&customer, name);
    }
    let first = server.head();
    let seen = follower.events_to(begun, first);
    assert!(is_in_order(&seen, begun));
    // Keys made after the follower had started open what was sealed under them.
    let created = seen.iter().find(|event| event["type"] == "CustomerUserCreated").unwrap();
    assert!(created["data"]["profile"]["userName"].as_str().is_some(), "{created}");
    server.kill();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    // More than fills a segment.
    for number in 0..150 {
        api.create_user(&customer, &format!("more-{number}"));
    }
    let second = server.head();
    let seen = follower.events_to(first, second);
    assert!(is_in_order(&seen, first));
    assert!(follower.signal("-TERM").success());
    server.stop();
    assert_eq!(crate::positions(&installation).len() as u64, second);
}

#[test]
fn a_follower_filters_begins_and_ends_where_it_is_told_and_speaks_to_people() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let begun = server.head();
    let from = begun.to_string();
    let users = Follower::start(
        &installation,
        &["--format", "jsonl", "--type", "CustomerUserDeleted", "--from", &from],
    );
    let text = Follower::start(&installation, &["--from", &from]);
    let end = (begun + 1).to_string();
    let mut short = Follower::start(&installation, &["--from", &from, "--to", &end]);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    let of_customer = Follower::start(&installation, &["--customer", &customer.id]);
    assert!(text.line().contains(&format!("#{begun} ")));
    assert!(short.line().contains(&format!("#{begun} ")));
    assert!(short.ended().success());
    let user = api.create_user(&customer, "nora");
    api.delete_user(&user);
    let deleted: Value = serde_json::from_str(&users.line()).unwrap();
    assert_eq!(deleted["type"], "CustomerUserDeleted");
    assert!(of_customer.line().contains(&customer.id));
    for follower in [users, text, of_customer] {
        assert!(follower.signal("-INT").success());
    }
    server.stop();
}

#[test]
fn the_status_of_the_log_is_told_beside_a_server_and_after_it() {
    let installation = begin();
    let status = || {
        let told = installation.run(&["log", "status"], &["--json"]).exited(0);
        serde_json::from_str::<Value>(&told.stdout).unwrap()
    };
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    api.create_customer("Relecloud", "relecloud.example");
    let head = server.head();
    let running = status();
    assert_eq!(running["head"], head);
    assert_eq!(running["journal"]["records"], head);
    assert!(running["journal"]["recordBytes"].as_u64() > Some(100 * head));
    assert_ne!(running["inUse"], false);
    assert_eq!(running["unacknowledged"], Value::Null);
    server.stop();
    let stopped = status();
    assert_eq!((&stopped["head"], &stopped["oneCopy"]), (&Value::from(head), &Value::from(0)));
    assert_ne!(stopped["inUse"], true);
    let text = installation.run(&["log", "status"], &[]).exited(0);
    assert_eq!(text.labelled("head"), head.to_string());
    assert!(text.labelled("commit window").contains("of 1000000 commits"), "{}", text.stdout);
    let nowhere = installation.beside("nowhere");
    let words = ["log", "status", "--data", nowhere.to_str().unwrap()];
    installation.program().run(words).exited(2);
}

/// The value of a metric; a histogram's by the name of its part.
fn metric<'a>(metrics: &'a str, name: &str) -> &'a str {
    let line = metrics.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no {name} in\n{metrics}")).trim()
}

#[test]
fn the_metrics_tell_how_the_log_and_its_follower_are() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    api.create_customer("Relecloud", "relecloud.example");
    let head = server.head().to_string();
    let metrics = until("read model at the head", || {
        let metrics = server.anonymous().get("/metrics").expect(200).text;
        (metric(&metrics, "partnerlog_projection_lag_events") == "0").then_some(metrics)
    });
    let value = |name: &str| metric(&metrics, name);
    assert_eq!(value("partnerlog_log_head_position"), head);
    assert_eq!(value("partnerlog_projection_position"), head);
    assert_eq!(value("partnerlog_log_sealed_position"), "0");
    assert_eq!(value("partnerlog_log_queued_commits"), "0");
    assert_eq!(value("partnerlog_log_failed"), "0");
    let age = value("partnerlog_projection_last_advance_age_seconds").parse::<f64>();
    assert!(age.is_ok_and(|age| age >= 0.0));
    let commits = value("partnerlog_log_commits_total");
    for histogram in ["append_seconds", "sync_seconds", "group_commits", "frame_bytes"] {
        let count = value(&format!("partnerlog_log_{histogram}_count"));
        assert_eq!(count, commits, "one commit a group: {histogram}");
    }
    let slowest = r#"partnerlog_log_append_seconds_bucket{le="+Inf"}"#;
    assert_eq!(value(slowest), commits);
    server.stop();
}
