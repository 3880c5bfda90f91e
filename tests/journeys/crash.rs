//! Killed while sixty-four clients write: nothing acknowledged is lost, nothing half done is there.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};

use serde_json::Value;
use tests::{Api, NewCustomer, RunningServer, fresh_guid, until, user_filter};

use crate::begin;

const CLIENTS: usize = 64;
const CUSTOMERS: usize = 8;
const ROUNDS: usize = 3;
/// Every third user a client creates it deletes again.
const DELETE_EVERY: usize = 3;

/// What the clients were told, and what they never heard about.
#[derive(Default)]
struct Ledger {
    /// Users by id with their customer; deletions of them count separately.
    created: BTreeMap<String, usize>,
    deleted: BTreeSet<String>,
    /// Creations without an answer: customer, request id, body.
    unanswered: Vec<(usize, String, Value)>,
    /// Deletions without an answer.
    maybe_deleted: BTreeSet<String>,
}

/// One client, writing until the server is gone.
fn write(
    api: &Api,
    client: usize,
    round: usize,
    customers: &[NewCustomer],
    ledger: &Mutex<Ledger>,
    acknowledged: &AtomicUsize,
    killed: &AtomicBool,
) {
    let number = client % customers.len();
    let users = format!("{}/users", customers[number].path);
    for user in 0.. {
        let body = customers[number].user_body(&format!("u{round}-{client}-{user}"));
        let key = fresh_guid();
        let sent = api.request("POST", &users).key(&key).json(&body).try_send();
        let Ok(answer) = sent else {
            assert!(killed.load(Ordering::SeqCst), "a client lost its server too soon");
            ledger.lock().unwrap().unanswered.push((number, key, body));
            return;
        };
        let id = answer.expect_success().text_at("/id");
        ledger.lock().unwrap().created.insert(id.clone(), number);
        acknowledged.fetch_add(1, Ordering::SeqCst);
        if user % DELETE_EVERY != 0 {
            continue;
        }
        let Ok(deleted) = api.request("DELETE", &format!("{users}/{id}")).try_send() else {
            ledger.lock().unwrap().maybe_deleted.insert(id);
            return;
        };
        deleted.expect(204);
        ledger.lock().unwrap().deleted.insert(id);
    }
}

/// Lets all clients write, and kills the server once enough was acknowledged.
fn write_and_kill(
    server: RunningServer,
    token: &str,
    round: usize,
    customers: &[NewCustomer],
    ledger: &Mutex<Ledger>,
) {
    let (acknowledged, killed) = (AtomicUsize::new(0), AtomicBool::new(false));
    // A different moment each round, so that the kill meets the sealer at different work.
    let enough = CLIENTS * (2 + round);
    thread::scope(|scope| {
        for client in 0..CLIENTS {
            let api = server.api(token);
            let (acknowledged, killed) = (&acknowledged, &killed);
            scope
                .spawn(move || write(&api, client, round, customers, ledger, acknowledged, killed));
        }
        until("enough acknowledged commands", || {
            (acknowledged.load(Ordering::SeqCst) >= enough).then_some(())
        });
        killed.store(true, Ordering::SeqCst);
        server.kill();
    });
}

/// Every acknowledged command is there, and what was repeated is there once.
fn check(api: &Api, customers: &[NewCustomer], ledger: &mut Ledger) {
    for (number, key, body) in ledger.unanswered.drain(..) {
        let users = format!("{}/users", customers[number].path);
        let repeated = api.request("POST", &users).key(&key).json(&body).send().expect_success();
        ledger.created.insert(repeated.text_at("/id"), number);
    }
    for (number, customer) in customers.iter().enumerate() {
        let active: BTreeSet<String> = api.user_ids(customer, "Active").into_iter().collect();
        let deleted: BTreeSet<String> = api.user_ids(customer, "Inactive").into_iter().collect();
        let ours = ledger.created.iter().filter(|(_, owner)| **owner == number);
        let ours: BTreeSet<String> = ours.map(|(id, _)| id.clone()).collect();
        let all: BTreeSet<String> = active.union(&deleted).cloned().collect();
        assert!(ours.is_subset(&all), "lost: {:?}", ours.difference(&all));
        assert_eq!(all.len(), ours.len() + 1, "nobody else but the admin user is there");
        for id in ours {
            let must_be_deleted = ledger.deleted.contains(&id);
            let may_be_deleted = must_be_deleted || ledger.maybe_deleted.contains(&id);
            assert!(!must_be_deleted || deleted.contains(&id), "the deletion of {id} is lost");
            assert!(may_be_deleted || active.contains(&id), "{id} was never deleted");
        }
    }
}

/// Everything that can be listed of the customers.
fn lists(api: &Api, customers: &[NewCustomer]) -> Vec<String> {
    let of_one = customers.iter().flat_map(|customer| {
        let deleted = format!("users?{}", user_filter("Inactive"));
        ["users", &deleted, "subscribedskus"].map(|list| format!("{}/{list}", customer.path))
    });
    let paths = std::iter::once("/v1/customers".to_owned()).chain(of_one);
    paths.map(|path| api.get(&path).expect(200).text).collect()
}

#[test]
fn nothing_acknowledged_is_lost_when_the_process_is_killed_while_64_clients_write() {
    let installation = begin();
    let token = installation.provider.token.clone();
    let mut server = installation.serve();
    let api = server.api(&token);
    let customers: Vec<NewCustomer> = (0..CUSTOMERS)
        .map(|number| {
            api.create_customer(&format!("Company {number}"), &format!("c{number}.example"))
        })
        .collect();
    let ledger = Mutex::new(Ledger::default());
    for round in 0..ROUNDS {
        write_and_kill(server, &token, round, &customers, &ledger);
        let positions = crate::positions(&installation);
        let head = positions.len() as u64;
        assert!(positions.iter().copied().eq(0..head), "positions have gaps");
        installation.run(&["verify"], &[]).exited(0);
        server = installation.serve();
        assert_eq!(server.position(), head);
        check(&server.api(&token), &customers, &mut ledger.lock().unwrap());
    }
    let live = lists(&server.api(&token), &customers);
    server.stop();
    installation.run(&["verify"], &[]).exited(0);
    installation.run(&["rebuild"], &[]).exited(0);
    let server = installation.serve();
    assert_eq!(
        lists(&server.api(&token), &customers),
        live,
        "the rebuilt lists equal the live ones"
    );
}
