//! Several at once: one request sent twice counts once, the last seat goes to one, a name to one.

use std::{collections::BTreeSet, thread};

use serde_json::json;
use tests::{Answer, NewCustomer, OFFER_PREMIUM, SKU_PREMIUM, fresh_guid};

use crate::begin;

pub(crate) const AT_ONCE: usize = 12;

/// Lets everybody act at the same time.
pub(crate) fn all_at_once(act: impl Fn(usize) -> Answer + Sync) -> Vec<Answer> {
    thread::scope(|scope| {
        let acting: Vec<_> = (0..AT_ONCE)
            .map(|number| {
                scope.spawn({
                    let act = &act;
                    move || act(number)
                })
            })
            .collect();
        acting.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

pub(crate) fn good(answers: &[Answer]) -> Vec<&Answer> {
    answers.iter().filter(|answer| answer.status < 300).collect()
}

#[test]
fn the_same_request_sent_many_times_at_once_counts_once() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let key = fresh_guid();
    let body = NewCustomer::body("Relecloud", "relecloud.example");
    let answers =
        all_at_once(|_| api.request("POST", "/v1/customers").key(&key).json(&body).send());
    let ids: BTreeSet<String> =
        answers.into_iter().map(|answer| answer.expect(201).text_at("/id")).collect();
    assert_eq!(ids.len(), 1);
    assert_eq!(api.items("/v1/customers").len(), 1);
}

#[test]
fn exactly_one_of_many_gets_the_same_domain_or_sign_in_name() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let answers = all_at_once(|number| {
        let body = NewCustomer::body(&format!("Company {number}"), "relecloud.example");
        api.post("/v1/customers", &body)
    });
    assert_eq!(good(&answers).len(), 1);
    assert!(answers.iter().all(|answer| answer.status == 201 || answer.status == 409));
    let answers = all_at_once(|number| {
        let name = format!("Bo {number}");
        api.post("/v1/users", &json!({ "fullName": name, "email": "bo@fabrikam.example" }))
    });
    assert_eq!(good(&answers).len(), 1);
    assert!(answers.iter().all(|answer| answer.status == 201 || answer.status == 409));
}

#[test]
fn seats_are_never_given_out_twice_however_many_ask_at_once() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    api.order(&customer, OFFER_PREMIUM, 5);
    let users: Vec<_> =
        (0..AT_ONCE).map(|number| api.create_user(&customer, &format!("u{number}"))).collect();
    let answers = all_at_once(|number| {
        let body = json!({ "licensesToAssign": [{ "skuId": SKU_PREMIUM }] });
        api.post(&format!("{}/licenseupdates", users[number].path), &body)
    });
    assert_eq!(good(&answers).len(), 5);
    let refused = answers.into_iter().filter(|answer| answer.status >= 300);
    refused.for_each(|answer| drop(answer.refused(400, 60_012)));
    assert_eq!(api.free_seats(&customer, SKU_PREMIUM), 0);
}

#[test]
fn of_two_who_restore_and_reuse_a_name_at_once_one_gets_it() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    let user = api.create_user(&customer, "nora");
    api.delete_user(&user);
    let answers = all_at_once(|number| {
        if number % 2 == 0 {
            api.restore(&user)
        } else {
            api.post(&format!("{}/users", customer.path), &customer.user_body("nora"))
        }
    });
    let created = answers.iter().skip(1).step_by(2).filter(|answer| answer.status < 300).count();
    let active = api.items(&format!("{}/users", customer.path));
    let holders = active.iter().filter(|row| row["userPrincipalName"] == "nora@relecloud.example");
    assert_eq!(holders.count(), 1);
    let is_back = api.user_ids(&customer, "Active").contains(&user.id);
    assert_eq!(created, usize::from(!is_back), "{answers:?}");
}

#[test]
fn parts_of_a_user_that_are_changed_at_once_are_all_kept() {
    const PARTS: [&str; 3] = ["displayName", "firstName", "lastName"];
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    let user = api.create_user(&customer, "nora");
    for round in 0..4 {
        let wanted = format!("Nora {round}");
        all_at_once(|number| {
            api.patch(&user.path, &json!({ PARTS[number % PARTS.len()]: wanted })).expect(200)
        });
        let answer = api.get(&user.path).expect(200);
        let kept = answer.json();
        for part in PARTS {
            assert_eq!(kept[part], wanted, "{part} is lost: {kept}");
        }
    }
}

#[test]
fn of_many_who_know_the_same_version_one_changes_it() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    let path = format!("{}/profiles/billing", customer.path);
    for round in 0..4 {
        let answer = api.get(&path).expect(200);
        let known = answer.json();
        let answers = all_at_once(|number| {
            let mut body = known.clone();
            body["companyName"] = json!(format!("Relecloud {round} {number}"));
            api.put(&path, &body)
        });
        assert_eq!(good(&answers).len(), 1, "{answers:?}");
        let refused = answers.into_iter().filter(|answer| answer.status >= 300);
        refused.for_each(|answer| drop(answer.refused(400, 2055)));
    }
}
