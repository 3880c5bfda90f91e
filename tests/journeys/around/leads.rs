//! A provider refers, a reseller turns the lead into a customer.

use serde_json::{Value, json};
use tests::{NewCustomer, fresh_guid};

use super::{Market, Visit, refuses_each};

impl Market {
    fn lead(&self) -> Value {
        json!({
            "resellerId": self.reseller.partner, "companyName": "Relecloud", "country": "US",
            "contact": {
                "firstName": "Kim", "lastName": "Abercrombie", "email": "kim@relecloud.example",
                "phoneNumber": "+1 425 555 0101",
            },
            "note": "Asked for mail.\nCall after ten.",
        })
    }

    /// Refers a lead; its path.
    fn refer(&self) -> String {
        let referred = self.provider.post("/v1/leads", &self.lead()).expect(201);
        format!("/v1/leads/{}", referred.text_at("/id"))
    }
}

#[test]
fn a_referred_lead_is_accepted_and_becomes_the_providers_customer_with_the_reseller() {
    let market = Market::open();
    let path = market.refer();
    let seen = market.wingtip.get(&path).expect(200);
    assert_eq!(seen.text_at("/status"), "referred");
    assert_eq!(seen.text_at("/contact/email"), "kim@relecloud.example");
    assert_eq!(seen.text_at("/note"), "Asked for mail.\nCall after ten.");
    assert_eq!(market.wingtip.items("/v1/leads").len(), 1);
    let before = market.server.position();

    let body = NewCustomer::body("Relecloud", "relecloud.example");
    let turn = format!("{path}/customer");
    let early = market.wingtip.post(&turn, &body).refused(400, 2000);
    assert_eq!(early.reason(), "lead_in_state");
    let accept = format!("{path}/accept");
    let accepted = market.wingtip.post(&accept, &json!({ "reason": "we know them" })).expect(200);
    assert_eq!(accepted.text_at("/status"), "accepted");

    let key = fresh_guid();
    let send = || market.wingtip.request("POST", &turn).key(&key).json(&body).send();
    let customer = send().expect(201);
    assert!(!customer.text_at("/userCredentials/password").is_empty());
    let id = customer.text_at("/id");
    let again = send().expect(201);
    assert_eq!(
        (again.text_at("/id"), again.json()["passwordState"].clone()),
        (id.clone(), json!("already_shown"))
    );
    assert!(again.json().pointer("/userCredentials/password").is_none());

    // The provider holds the relationship, the reseller is associated; both see it.
    let held = market.provider.get(&format!("/v1/customers/{id}")).expect(200);
    assert_eq!(held.text_at("/associatedPartnerId"), market.reseller.partner);
    market.wingtip.get(&format!("/v1/customers/{id}/users")).expect(200);
    market.rival.get(&format!("/v1/customers/{id}")).refused(403, 20_002);
    let lead = market.provider.get(&path).expect(200);
    assert_eq!(
        (lead.text_at("/status"), lead.text_at("/customerId")),
        ("converted".to_owned(), id)
    );
    let then = market.provider.get(&format!("{path}?asOf={before}")).expect(200);
    assert_eq!(then.text_at("/status"), "referred");

    let twice = NewCustomer::body("Relecloud", "second.example");
    assert_eq!(market.wingtip.post(&turn, &twice).refused(400, 2000).reason(), "lead_in_state");
    let history = market.provider.get("/v1/history").expect(200).text;
    assert!(history.contains("LeadConverted") && !history.contains("we know them"), "{history}");
}

#[test]
fn a_taken_domain_leaves_the_lead_as_it_was() {
    let market = Market::open();
    let path = market.refer();
    market.provider.create_customer("Other", "relecloud.example");
    market.wingtip.post(&format!("{path}/accept"), &json!({})).expect(200);
    let position = market.server.position();
    let body = NewCustomer::body("Relecloud", "relecloud.example");
    market.wingtip.post(&format!("{path}/customer"), &body).refused(409, 2000);
    assert_eq!(market.server.position(), position);
    assert_eq!(market.wingtip.get(&path).expect(200).text_at("/status"), "accepted");
}

#[test]
fn a_lead_is_declined_withdrawn_and_not_followed_past_the_partnership() {
    let market = Market::open();
    let [declined, withdrawn, left] = [market.refer(), market.refer(), market.refer()];
    let change = |path: &str, word: &str| format!("{path}/{word}");
    market.wingtip.post(&change(&declined, "decline"), &json!({})).expect(200);
    market.wingtip.post(&change(&declined, "accept"), &json!({})).refused(400, 2000);
    market.provider.post(&change(&withdrawn, "withdraw"), &json!({})).expect(200);
    market.wingtip.post(&change(&withdrawn, "accept"), &json!({})).refused(400, 2000);
    market.wingtip.post(&change(&left, "withdraw"), &json!({})).refused(404, 1000);
    market.provider.post(&change(&left, "accept"), &json!({})).refused(404, 1000);

    let end = format!("/v1/partnerships/{}/end", market.partnership);
    market.provider.post(&end, &json!({})).expect_success();
    market.wingtip.post(&change(&left, "accept"), &json!({})).refused(400, 800_016);
    market.wingtip.post(&change(&left, "decline"), &json!({})).expect(200);
    market.provider.post("/v1/leads", &market.lead()).refused(400, 800_016);
}

#[test]
fn leads_are_for_global_admins_sales_agents_and_referral_admins() {
    let market = Market::open();
    let path = market.refer();
    for (role, sees, turns) in [
        ("sales_agent", true, true),
        ("referral_admin", true, false),
        ("admin_agent", false, false),
        ("helpdesk_agent", false, false),
        ("billing_admin", false, false),
        ("user_management_admin", false, false),
        ("business_profile_admin", false, false),
    ] {
        let (staff, _) = market.hire(&market.wingtip, role);
        let (list, one) = (staff.get("/v1/leads"), staff.get(&path));
        if !sees {
            for answer in [list, one, staff.post(&format!("{path}/accept"), &json!({}))] {
                answer.refused(403, 900_150);
            }
            continue;
        }
        list.expect(200);
        assert_eq!(one.expect(200).text_at("/contact/lastName"), "Abercrombie");
        let lead = market.refer();
        staff.post(&format!("{lead}/accept"), &json!({})).expect(200);
        let body = NewCustomer::body(role, &format!("{}.example", role.replace('_', "-")));
        let turned = staff.post(&format!("{lead}/customer"), &body);
        if turns {
            turned.expect(201)
        } else {
            turned.refused(403, 900_150)
        };
    }
}

#[test]
fn a_faulty_referral_is_refused_by_name_and_changes_nothing() {
    let market = Market::open();
    let long = "x".repeat(2_001);
    let wrong = [
        ("/resellerId", json!(null), 2001),
        ("/resellerId", json!("42"), 2000),
        ("/resellerId", json!(42), 2000),
        ("/companyName", json!(" "), 2001),
        ("/companyName", json!("x".repeat(201)), 2000),
        ("/companyName", json!(["Relecloud"]), 2000),
        ("/country", json!("USA"), 2000),
        ("/contact", json!(null), 2001),
        ("/contact", json!("Kim"), 2000),
        ("/contact/firstName", json!(null), 2001),
        ("/contact/lastName", json!("x".repeat(101)), 2000),
        ("/contact/email", json!("kim"), 2000),
        ("/contact/phoneNumber", json!("call me"), 2000),
        ("/note", json!(long), 2000),
        ("/note", json!("a\u{0}b"), 2000),
    ];
    let (api, server) = (&market.provider, &market.server);
    refuses_each(api, server, "/v1/leads", &market.lead(), &wrong);
    let position = server.position();
    let mut to_nobody = market.lead();
    to_nobody["resellerId"] = json!(fresh_guid());
    api.post("/v1/leads", &to_nobody).refused(400, 800_016);
    market.rival.post("/v1/leads", &market.lead()).refused(400, 800_016);
    market.wingtip.post("/v1/leads", &market.lead()).refused(400, 800_016);
    for word in ["accept", "decline", "withdraw"] {
        let change = |id: &str| api.post(&format!("/v1/leads/{id}/{word}"), &json!({}));
        change(&fresh_guid()).refused(404, 1000);
        change("42").refused(400, 2000);
    }
    assert_eq!(server.position(), position, "nothing was changed");
}

#[test]
fn a_lead_goes_from_form_to_customer_on_the_pages() {
    let market = Market::open();
    let (_, token) = market.hire(&market.provider, "referral_admin");
    let provider = Visit::begin(&market.server, &token);
    let mut fields = vec![
        ("company_name", "Relecloud"),
        ("country", "US"),
        ("first_name", "Kim"),
        ("last_name", "Abercrombie"),
        ("email", "kim"),
        ("note", "Asked for mail."),
        ("reseller", &market.reseller.partner),
    ];
    let faulty = provider.submit("/leads/new", "/leads", &fields).expect(422);
    assert!(faulty.text.contains("Nothing was changed"), "{faulty}");
    fields[4].1 = "kim@relecloud.example";
    provider.submit("/leads/new", "/leads", &fields).expect(303);
    assert!(provider.get("/leads").expect(200).text.contains("waits for an answer"));

    let (_, token) = market.hire(&market.wingtip, "sales_agent");
    let reseller = Visit::begin(&market.server, &token);
    let lead = market.wingtip.items("/v1/leads")[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/leads/{lead}");
    let page = reseller.get(&path).expect(200).text;
    assert!(page.contains("Kim Abercrombie") && page.contains("Asked for mail."), "{page}");
    reseller.submit(&path, &format!("{path}/accept"), &[]).expect(303);
    let form = format!("{path}/customer");
    let page = reseller.get(&form).expect(200).text;
    assert!(page.contains("kim@relecloud.example"), "what the lead tells is filled in: {page}");
    let company = [
        ("company_name", "Relecloud"),
        ("domain", "relecloud.example"),
        ("culture", "en-US"),
        ("language", "en"),
        ("country", "US"),
        ("first_name", "Kim"),
        ("last_name", "Abercrombie"),
        ("email", "kim@relecloud.example"),
        ("line1", "One Harbour Way"),
        ("city", "Redmond"),
    ];
    let added = reseller.submit(&form, &form, &company).expect(200).text;
    assert!(added.contains("credential-password"), "{added}");
    assert_eq!(market.provider.items("/v1/customers").len(), 1);
    assert!(reseller.get(&path).expect(200).text.contains("became a customer"));
    let activity = Visit::begin(&market.server, &token).get("/audit").expect(200).text;
    assert!(activity.contains("turned a lead from"), "{activity}");
}
