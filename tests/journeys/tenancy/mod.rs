//! Whose is it: another partner's ids open nothing, a reseller sees its customers while it is one.

mod ids;
mod routes;
mod tables;

use serde_json::{Value, json};
use tests::{Api, Installation, NewCustomer, Registered, RunningServer};

use crate::begin;

/// Two providers and a reseller in one installation.
struct Market {
    installation: Installation,
    reseller: Registered,
    server: RunningServer,
}

fn market() -> (Market, Api, Api, Api) {
    let installation = begin();
    let rival = installation.register(
        "Rival Provider",
        "indirect-provider",
        "rita@rival.example",
        "7000001",
    );
    let reseller = installation.register(
        "Wingtip Reseller",
        "indirect-reseller",
        "wanda@wingtip.example",
        "7000002",
    );
    let server = installation.serve();
    let ours = server.api(&installation.provider.token);
    let theirs = server.api(&rival.token);
    let wingtip = server.api(&reseller.token);
    (Market { installation, reseller, server }, ours, theirs, wingtip)
}

/// Asks the reseller for a partnership; the link it was sent, and the partnership's id.
pub(crate) fn invite(provider: &Api) -> (String, String) {
    let body = json!({
        "recipient": "wanda@wingtip.example", "subject": "Sell with us",
        "text": "Dear Wanda, please follow {link} to become our reseller.",
    });
    let requested = provider.post("/v1/partnerships", &body).expect(201);
    (requested.text_at("/link"), requested.text_at("/id"))
}

/// The token in a partnership's link.
fn link_token(link: &str) -> &str {
    link.rsplit(['/', '=']).next().unwrap()
}

pub(crate) fn accept(reseller: &Api, link: &str) -> tests::Answer {
    reseller.post("/v1/invitations/accept", &json!({ "token": link_token(link) }))
}

fn resellers(provider: &Api) -> Vec<Value> {
    provider.items("/v1/relationships?relationship_type=IsIndirectCloudSolutionProviderOf")
}

#[test]
fn a_partnership_begins_when_the_reseller_accepts_the_link() {
    let (market, ours, theirs, wingtip) = market();
    let (link, _) = invite(&ours);
    assert!(resellers(&ours).is_empty());
    let mut body = NewCustomer::body("Relecloud", "relecloud.example");
    body["associatedPartnerId"] = json!(market.reseller.partner);
    ours.post("/v1/customers", &body).refused(400, 800_016);

    let wrong = accept(&theirs, &link);
    assert!([400, 403].contains(&wrong.status), "a provider is no reseller: {wrong}");
    accept(&wingtip, &link).expect_success();
    let listed = resellers(&ours);
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["id"], market.reseller.partner.as_str());
    assert_eq!(listed[0]["mpnId"], "7000002");
    assert!(resellers(&theirs).is_empty());
    let providers = wingtip.items("/v1/relationships?relationship_type=is_indirect_reseller_of");
    assert_eq!(providers[0]["id"], market.installation.provider.partner.as_str());
    let again = accept(&wingtip, &link);
    assert!((400..500).contains(&again.status), "a link works once: {again}");
    ours.post("/v1/customers", &body).expect(201);
}

#[test]
fn a_reseller_sees_its_customers_only_and_only_while_the_partnership_lasts() {
    let (market, ours, _, wingtip) = market();
    let (link, partnership) = invite(&ours);
    accept(&wingtip, &link).expect_success();
    let mut body = NewCustomer::body("Relecloud", "relecloud.example");
    body["associatedPartnerId"] = json!(market.reseller.partner);
    let shared = ours.create_customer_from(&body);
    let unshared = ours.create_customer("Tailspin Toys", "tailspin.example");
    let seen = wingtip.items("/v1/customers");
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0]["id"], shared.id.as_str());
    wingtip.get(&unshared.path).refused(403, 20_002);
    let user = wingtip.create_user(&shared, "nora");

    ours.post(&format!("/v1/partnerships/{partnership}/end"), &json!({})).expect_success();
    assert!(wingtip.items("/v1/customers").is_empty());
    wingtip.get(&shared.path).refused(403, 20_002);
    wingtip.get(&user.path).refused(403, 20_002);
    wingtip.delete(&user.path).refused(403, 20_002);
    assert!(resellers(&ours).is_empty());
    ours.get(&user.path).expect(200);
}

#[test]
fn a_new_partnership_does_not_revive_what_the_reseller_could_reach() {
    let (market, ours, _, wingtip) = market();
    let (link, partnership) = invite(&ours);
    accept(&wingtip, &link).expect_success();
    let mut body = NewCustomer::body("Relecloud", "relecloud.example");
    body["associatedPartnerId"] = json!(market.reseller.partner);
    let shared = ours.create_customer_from(&body);
    wingtip.get(&shared.path).expect(200);
    ours.post(&format!("/v1/partnerships/{partnership}/end"), &json!({})).expect_success();
    tests::until("the association ends, too", || {
        let history = ours.get(&format!("/v1/history?customerId={}", shared.id)).expect(200);
        history.text.contains("ResellerRemoved").then_some(())
    });
    let (link, _) = invite(&ours);
    accept(&wingtip, &link).expect_success();
    wingtip.get(&shared.path).refused(403, 20_002);
    assert!(wingtip.items("/v1/customers").is_empty());
}

#[test]
fn an_invitation_can_be_declined_and_withdrawn_and_then_works_no_more() {
    let (market, ours, theirs, wingtip) = market();
    let (declined, _) = invite(&ours);
    wingtip
        .post("/v1/invitations/decline", &json!({ "token": link_token(&declined) }))
        .expect_success();
    let (withdrawn, partnership) = invite(&ours);
    let foreign = theirs.post(&format!("/v1/partnerships/{partnership}/withdraw"), &json!({}));
    assert!([403, 404].contains(&foreign.status), "{foreign}");
    ours.post(&format!("/v1/partnerships/{partnership}/withdraw"), &json!({})).expect_success();
    let position = market.server.position();
    for link in [declined, withdrawn, "forged".to_owned()] {
        let refused = accept(&wingtip, &link);
        assert!((400..500).contains(&refused.status), "{refused}");
    }
    assert_eq!(market.server.position(), position);
    assert!(resellers(&ours).is_empty());
}
