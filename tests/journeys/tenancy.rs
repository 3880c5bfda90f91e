//! Whose is it: another partner's ids open nothing, a reseller sees its customers while it is one.

use serde_json::{Value, json};
use tests::{
    Api, Installation, NewCustomer, OFFER_PREMIUM, Registered, RunningServer, SKU_PREMIUM,
};

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
fn invite(provider: &Api) -> (String, String) {
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

fn accept(reseller: &Api, link: &str) -> tests::Answer {
    reseller.post("/v1/invitations/accept", &json!({ "token": link_token(link) }))
}

fn resellers(provider: &Api) -> Vec<Value> {
    provider.items("/v1/relationships?relationship_type=IsIndirectCloudSolutionProviderOf")
}

#[test]
fn another_partners_token_opens_nothing_of_a_customer() {
    let (market, ours, theirs, _) = market();
    let customer = ours.create_customer("Relecloud", "relecloud.example");
    let subscription = ours.order(&customer, OFFER_PREMIUM, 3);
    let orders = ours.items(&format!("{}/orders", customer.path));
    let order = orders[0]["id"].as_str().unwrap();
    let user = ours.create_user(&customer, "nora");
    let gone = ours.create_user(&customer, "nils");
    ours.delete_user(&gone);
    let (customer, user) = (&customer.path, &user.path);
    let role = "62e90394-69f5-4237-9190-012177145e10";
    let reads = [
        customer.clone(),
        format!("{customer}/profiles/company"),
        format!("{customer}/profiles/billing"),
        format!("{customer}/users"),
        format!("{customer}/users?{}", tests::user_filter("Inactive")),
        format!("{customer}/subscribedskus"),
        format!("{customer}/subscriptions"),
        format!("{customer}/subscriptions/{subscription}"),
        format!("{customer}/orders"),
        format!("{customer}/orders/{order}"),
        format!("{customer}/directoryroles"),
        format!("{customer}/directoryroles/{role}/usermembers"),
        format!("{customer}/relationships"),
        user.clone(),
        format!("{user}/licenses"),
        format!("{user}/directoryroles"),
    ];
    let position = market.server.position();
    for path in &reads {
        ours.get(path).expect(200);
        let refused = theirs.get(path).refused(403, 20_002);
        assert!(!refused.text.contains("elecloud") && !refused.text.contains("nora"), "{refused}");
        let then = format!("{path}{}asOf={position}", if path.contains('?') { '&' } else { '?' });
        theirs.get(&then).refused(403, 20_002);
    }
    let sku = json!({ "licensesToAssign": [{ "skuId": SKU_PREMIUM }] });
    let new_user = json!({ "userPrincipalName": "eve@relecloud.example", "displayName": "Eve" });
    let line =
        json!({ "lineItems": [{ "lineItemNumber": 0, "offerId": OFFER_PREMIUM, "quantity": 1 }] });
    let billing = NewCustomer::body("Stolen", "relecloud.example")["billingProfile"].clone();
    let writes = [
        ("POST", format!("{customer}/users"), new_user),
        ("PATCH", user.clone(), json!({ "displayName": "Eve" })),
        ("PATCH", gone.path.clone(), json!({ "state": "active" })),
        ("DELETE", user.clone(), json!({})),
        ("PATCH", format!("{user}/resetpassword"), json!({})),
        ("POST", format!("{user}/licenseupdates"), sku),
        ("POST", format!("{customer}/orders"), line),
        ("PATCH", format!("{customer}/subscriptions/{subscription}"), json!({ "quantity": 9 })),
        ("PATCH", customer.clone(), json!({ "relationshipToPartner": "none" })),
        ("PUT", format!("{customer}/profiles/billing"), billing),
        (
            "POST",
            format!("{customer}/directoryroles/{role}/usermembers"),
            json!({ "id": user.rsplit('/').next() }),
        ),
        (
            "DELETE",
            format!(
                "{customer}/directoryroles/{role}/usermembers/{}",
                user.rsplit('/').next().unwrap()
            ),
            json!({}),
        ),
    ];
    for (method, path, body) in writes {
        theirs.request(method, &path).json(&body).send().refused(403, 20_002);
    }
    assert_eq!(market.server.position(), position, "nothing was changed");
    assert!(theirs.items("/v1/customers").is_empty());
}

#[test]
fn another_partners_users_are_not_there_for_a_partner() {
    let (market, ours, theirs, _) = market();
    let colleague = ours.add_partner_user("Bo", "bo@fabrikam.example", &["sales_agent"]);
    let position = market.server.position();
    let user = format!("/v1/users/{}", colleague.id);
    let refusals = [
        theirs.get(&user),
        theirs.patch(&user, &json!({ "fullName": "Eve" })),
        theirs.delete(&user),
        theirs.post(&format!("{user}/tokens"), &json!({})),
        theirs.patch(&format!("{user}/resetpassword"), &json!({})),
        theirs.assign_role(&colleague.id, "helpdesk_agent"),
        theirs.revoke_role(&colleague.id, "sales_agent"),
    ];
    for refused in refusals {
        assert!([403, 404].contains(&refused.status), "{refused}");
        assert!(!refused.text.contains("fabrikam"), "{refused}");
    }
    assert_eq!(market.server.position(), position);
    for list in ["/v1/users", "/v1/rolehistory", "/v1/history"] {
        let shown = theirs.get(list).expect(200);
        assert!(!shown.text.contains(&colleague.id), "{shown}");
        assert!(!shown.text.contains("bo@fabrikam.example"), "{shown}");
    }
    let refused = theirs.post(
        "/v1/users",
        &json!({ "fullName": "Bo", "email": "bo@fabrikam.example", "roles": [] }),
    );
    assert_eq!(refused.status, 409, "a sign-in name is unique in the installation: {refused}");
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
