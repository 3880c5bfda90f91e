//! Several at once change what they have just looked at: each gets what it asked for, or is refused.

use std::{collections::BTreeSet, fs};

use serde_json::{Value, json};
use tests::{
    Answer, Api, Installation, NewCustomer, OFFER_E3, OFFER_ESSENTIALS, OFFER_PREMIUM, PageSession,
    Registered, RunningServer,
};

use crate::{
    around::visit::Visit,
    begin,
    races::{AT_ONCE, all_at_once, good},
};

const ROUNDS: usize = 4;
/// A trial that becomes Enterprise E3.
const OFFER_TRIAL: &str = "a8e7a4d5-3f5c-4bd0-9b5f-6d1a3c5b7e21";

fn with_customer() -> (Installation, RunningServer, Api, NewCustomer) {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    (installation, server, api, customer)
}

/// A partner that asks companies for a relationship.
fn direct(installation: &Installation) -> Registered {
    installation.register("Tailspin", "direct-partner", "tina@tailspin.example", "7000009")
}

/// Where in the log an answer was given.
fn position(answer: &Answer) -> u64 {
    answer.header("x-position").unwrap().parse().unwrap()
}

/// A resource as it was at a position.
fn at(api: &Api, path: &str, position: u64) -> Value {
    api.get(&format!("{path}?asOf={position}")).expect(200).json().clone()
}

/// At the position of its answer the resource has what each request asked for.
fn each_got(api: &Api, path: &str, answers: &[(Value, Answer)]) {
    for (asked, answer) in answers {
        let then = at(api, path, position(answer));
        for (member, wanted) in asked.as_object().unwrap() {
            assert_eq!(then[member], *wanted, "{member} of {answer}");
        }
    }
}

#[test]
fn a_line_keeps_its_subscription_however_many_change_the_cart_at_once() {
    let (_installation, _server, api, customer) = with_customer();
    let carts = format!("{}/carts", customer.path);
    let line = |offer| json!({ "catalogItemId": offer, "quantity": 2 });
    for _ in 0..ROUNDS {
        let opened = json!({ "lineItems": [line(OFFER_PREMIUM)] });
        let cart = api.post(&carts, &opened).expect(201).text_at("/id");
        let path = format!("{carts}/{cart}");
        let wanted = json!({ "lineItems": [line(OFFER_PREMIUM), line(OFFER_ESSENTIALS)] });
        let answers = all_at_once(|_| api.put(&path, &wanted));
        let promised = answers.into_iter();
        let promised = promised.map(|it| it.expect(200).text_at("/lineItems/1/subscriptionId"));
        assert_eq!(promised.collect::<BTreeSet<_>>().len(), 1);
    }
}

#[test]
fn a_cart_that_many_save_the_same_on_its_page_is_changed_once() {
    let (installation, server, api, customer) = with_customer();
    let session = PageSession::by_token(&server, &installation.provider.token);
    let quantity = |offer| format!("quantity_{offer}");
    let cycle = |offer| format!("cycle_{offer}");
    let (premium, essentials) = (quantity(OFFER_PREMIUM), quantity(OFFER_ESSENTIALS));
    let cycles = (cycle(OFFER_PREMIUM), cycle(OFFER_ESSENTIALS));
    let fields = [
        (premium.as_str(), "2"),
        (essentials.as_str(), "2"),
        (cycles.0.as_str(), "monthly"),
        (cycles.1.as_str(), "monthly"),
        ("then", "later"),
    ];
    let changes = || api.get("/v1/history").expect(200).text.matches("CartChanged").count();
    for _ in 0..ROUNDS {
        let line =
            json!({ "catalogItemId": OFFER_PREMIUM, "quantity": 2, "friendlyName": "Sales" });
        let opened = json!({ "lineItems": [line] });
        let carts = format!("{}/carts", customer.path);
        let cart = api.post(&carts, &opened).expect(201).text_at("/id");
        let path = format!("/customers/{}/carts/{cart}/lines", customer.id);
        let pages: Vec<_> = (0..AT_ONCE).map(|_| session.open(&path).expect(200)).collect();
        let before = changes();
        all_at_once(|number| session.send(&pages[number], &path, &fields).expect(303));
        assert_eq!(changes() - before, 1);
    }
}

#[test]
fn a_service_request_stands_where_each_of_many_put_it() {
    let (_installation, _server, api, _customer) = with_customer();
    let question =
        json!({ "title": "Cannot add users", "description": "The button does nothing." });
    let id = api.post("/v1/servicerequests/en-US", &question).expect(201).text_at("/id");
    let path = format!("/v1/servicerequests/{id}");
    for _ in 0..ROUNDS {
        let asked = |number: usize| json!({ "status": (["closed", "open"][number % 2]) });
        let answers = all_at_once(|number| api.patch(&path, &asked(number)).expect(200));
        let answers: Vec<_> = (0..).map(asked).zip(answers).collect();
        each_got(&api, &path, &answers);
    }
}

#[test]
fn whether_a_subscription_is_renewed_is_as_each_of_many_said() {
    let (_installation, _server, api, customer) = with_customer();
    let id = api.order(&customer, OFFER_PREMIUM, 5);
    let path = format!("{}/subscriptions/{id}", customer.path);
    for _ in 0..ROUNDS {
        let asked = |number: usize| json!({ "autoRenewEnabled": number.is_multiple_of(2) });
        let answers = all_at_once(|number| api.patch(&path, &asked(number)).expect(200));
        let answers: Vec<_> = (0..).map(asked).zip(answers).collect();
        each_got(&api, &path, &answers);
    }
}

#[test]
fn what_is_not_renewed_ends_with_the_term_that_runs_also_when_that_changes_meanwhile() {
    let (installation, server, api, customer) = with_customer();
    let visit = Visit::begin(&server, &installation.provider.token);
    for round in 0..2 * ROUNDS {
        let id = api.order(&customer, OFFER_PREMIUM, 5);
        let path = format!("{}/subscriptions/{id}", customer.path);
        let order = api.get(&path).expect(200).text_at("/orderId");
        let order = format!("{}/orders/{order}", customer.path);
        let page = format!("/customers/{}/subscriptions/{id}", customer.id);
        let by_page = round % 2 == 0;
        all_at_once(|number| match number {
            0 => api.patch(&order, &json!({ "billingCycle": "annual" })).expect(200),
            1 if by_page => visit.submit(&page, &page, &[("action", "stop-renewal")]).expect(303),
            1 => api.patch(&path, &json!({ "autoRenewEnabled": false })).expect(200),
            // Others, on whose account the two come at any moment beside each other.
            _ => api.post(&format!("{}/users", customer.path), &user(&customer, round, number)),
        });
        let head = server.head();
        let ends = |at_position| at(&api, &path, at_position)["commitmentEndDate"].clone();
        let stopped = |position: &u64| at(&api, &path, *position)["autoRenewEnabled"] == false;
        let since = (0..=head).rev().take_while(stopped).last().unwrap();
        assert_eq!(ends(since), ends(since - 1), "in round {round}");
    }
}

#[test]
fn a_trial_is_converted_as_it_is_billed_also_when_that_changes_meanwhile() {
    let installation = begin();
    let catalogue = installation.beside("catalogue.toml");
    let sample = include_str!("../../services/src/sample/catalogue.toml");
    let billed = sample.replace("{ monthly = 0 }", "{ monthly = 0, annual = 0 }");
    fs::write(&catalogue, billed).unwrap();
    let server = installation.serve_with(["--catalogue".as_ref(), catalogue.as_os_str()]);
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    for _ in 0..2 * ROUNDS {
        let id = api.order(&customer, OFFER_TRIAL, 5);
        let path = format!("{}/subscriptions/{id}", customer.path);
        let order = api.get(&path).expect(200).text_at("/orderId");
        let order = format!("{}/orders/{order}", customer.path);
        let conversion = json!({ "targetOfferId": OFFER_E3, "billingCycle": "monthly" });
        let answers = all_at_once(|number| match number % 2 {
            0 => api.patch(&order, &json!({ "billingCycle": "annual" })).expect(200),
            _ => api.post(&format!("{path}/conversions"), &conversion),
        });
        let converted = answers.into_iter().skip(1).step_by(2).filter(|it| it.status == 200);
        for converted in converted {
            assert_eq!(at(&api, &path, position(&converted))["billingCycle"], "monthly");
        }
    }
}

fn user(customer: &NewCustomer, round: usize, number: usize) -> Value {
    customer.user_body(&format!("u{round}x{number}"))
}

#[test]
fn licences_of_an_offer_are_not_bought_of_the_one_it_became_meanwhile() {
    let (_installation, _server, api, customer) = with_customer();
    for _ in 0..ROUNDS {
        let id = api.order(&customer, OFFER_PREMIUM, 5);
        let path = format!("{}/subscriptions/{id}", customer.path);
        let asked = |number: usize| json!({ "offerId": OFFER_PREMIUM, "quantity": 5 + number });
        let upgrade = json!({ "targetOffer": { "id": OFFER_E3 } });
        let answers = all_at_once(|number| match number {
            0 => api.post(&format!("{path}/upgrades"), &upgrade).expect(200),
            _ => api.patch(&path, &asked(number)),
        });
        let answers = (0..).map(asked).zip(answers).skip(1);
        let (done, refused): (Vec<_>, Vec<_>) = answers.partition(|(_, it)| it.status == 200);
        each_got(&api, &path, &done);
        for (_, refused) in refused {
            assert_eq!(refused.refused(400, 2000).json()["data"][1], "offerId");
        }
    }
}

#[test]
fn the_roles_of_a_user_are_those_that_somebody_ticked() {
    let (installation, server, api, customer) = with_customer();
    let session = PageSession::by_token(&server, &installation.provider.token);
    let roles = api.items(&format!("{}/directoryroles", customer.path));
    let roles: Vec<_> = roles.iter().map(|role| role["id"].as_str().unwrap()).collect();
    for round in 0..ROUNDS {
        let user = api.create_user(&customer, &format!("nora{round}"));
        let path = format!("/customers/{}/users/{}", customer.id, user.id);
        let action = format!("{path}/roles");
        let pages: Vec<_> = (0..AT_ONCE).map(|_| session.open(&path).expect(200)).collect();
        let ticked = |number: usize| [roles[number % 2 * 2], roles[number % 2 * 2 + 1]];
        all_at_once(|number| {
            let fields = ticked(number).map(|role| ("directory_role", role));
            session.send(&pages[number], &action, &fields).expect(303)
        });
        let held = api.items(&format!("{}/directoryroles", user.path));
        let held: BTreeSet<_> = held.iter().map(|role| role["id"].as_str().unwrap()).collect();
        let known = [ticked(0), ticked(1)].map(BTreeSet::from);
        assert!(known.contains(&held), "{held:?} is none of {known:?}");
    }
}

#[test]
fn one_link_is_made_for_many_who_ask_for_it_at_once() {
    let installation = begin();
    let direct = direct(&installation);
    let server = installation.serve();
    let api = server.api(&direct.token);
    let link = "/v1/customers/relationshiprequests";
    let answers = all_at_once(|_| api.get(link));
    assert_eq!(good(&answers).len(), AT_ONCE);
    let links: BTreeSet<_> = answers.iter().map(|answer| answer.text_at("/url")).collect();
    assert_eq!(links.len(), 1);
    assert_eq!(api.items("/v1/relationshiprequests").len(), 1);
}

#[test]
fn a_letter_that_is_sent_has_a_recipient_also_when_it_is_taken_away_meanwhile() {
    let installation = begin();
    let direct = direct(&installation);
    let server = installation.serve();
    let (api, visit) = (server.api(&direct.token), Visit::begin(&server, &direct.token));
    for _ in 0..2 * ROUNDS {
        let asked = json!({ "recipient": "office@relecloud.example" });
        let asked = api.post("/v1/relationshiprequests", &asked).expect(201);
        let id = asked.text_at("/id");
        let path = format!("/v1/relationshiprequests/{id}");
        let page = format!("/customers/requests/{id}");
        let (subject, text) = (asked.text_at("/subject"), asked.text_at("/draftText"));
        let fields = [("recipient", ""), ("subject", subject.as_str()), ("text", text.as_str())];
        let answers = all_at_once(|number| {
            if number % 2 == 0 {
                return visit.submit(&page, &page, &fields);
            }
            visit.get(&page);
            api.post(&format!("{path}/send"), &json!({}))
        });
        let sent = answers.into_iter().skip(1).step_by(2).filter(|answer| answer.status == 200);
        for sent in sent {
            let letter = at(&api, &path, position(&sent));
            assert!(letter["recipient"].is_string(), "{letter}");
        }
    }
}
