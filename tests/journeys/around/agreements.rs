//! Agreements of customers, confirmed by people of a partner.

use serde_json::{Value, json};
use tests::OFFER_PREMIUM;

use super::{Market, Visit, refuses_each};

fn agreement() -> Value {
    json!({
        "type": "MicrosoftCustomerAgreement", "dateAgreed": "2020-03-01",
        "primaryContact": {
            "firstName": "Cora", "lastName": "Quillfeather", "email": "cora@relecloud.example",
            "phoneNumber": "+1 425 555 0101",
        },
    })
}

#[test]
fn an_agreement_is_confirmed_and_orders_do_not_wait_for_it() {
    let market = Market::open();
    let customer = market.provider.create_customer("Relecloud", "relecloud.example");
    market.provider.order(&customer, OFFER_PREMIUM, 1);
    let path = format!("{}/agreements", customer.path);
    assert!(market.provider.items(&path).is_empty());
    let before = market.server.position();
    market.provider.post(&path, &agreement()).expect(201);
    let listed = market.provider.items(&path);
    assert_eq!(listed[0]["primaryContact"]["lastName"], "Quillfeather");
    assert_eq!(listed[0]["dateAgreed"], "2020-03-01T00:00:00Z");
    assert!(listed[0]["userId"].is_string());
    assert!(market.provider.items(&format!("{path}?asOf={before}")).is_empty());
    let of_type = |kind: &str| market.provider.items(&format!("{path}?agreementType={kind}")).len();
    assert_eq!((of_type("microsoftCustomerAgreement"), of_type("MicrosoftCloudAgreement")), (1, 0));
    market.rival.get(&path).refused(403, 20_002);
}

#[test]
fn who_views_agreements_and_who_confirms_them_follows_the_roles() {
    let market = Market::open();
    let customer = market.provider.create_customer("Relecloud", "relecloud.example");
    let path = format!("{}/agreements", customer.path);
    for (role, sees, confirms) in [
        ("sales_agent", true, true),
        ("admin_agent", false, true),
        ("billing_admin", true, false),
        ("helpdesk_agent", false, false),
        ("user_management_admin", false, false),
    ] {
        let (staff, _) = market.hire(&market.provider, role);
        let confirmed = staff.post(&path, &agreement());
        if confirms {
            confirmed.expect(201)
        } else {
            confirmed.refused(403, 900_150)
        };
        let listed = staff.get(&path);
        if sees {
            listed.expect(200)
        } else {
            listed.refused(403, 900_150)
        };
        let history = staff.get("/v1/history").expect(200).text;
        assert_eq!(history.contains("Quillfeather"), sees, "{role}: {history}");
    }
}

#[test]
fn a_faulty_agreement_is_refused_by_name_and_changes_nothing() {
    let market = Market::open();
    let (api, server) = (&market.provider, &market.server);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    let path = format!("{}/agreements", customer.path);
    let wrong = [
        ("/type", json!(null), 2001),
        ("/type", json!("handshake"), 900_126),
        ("/dateAgreed", json!(null), 2001),
        ("/dateAgreed", json!("soon"), 2000),
        ("/dateAgreed", json!(20_200_301), 2000),
        ("/primaryContact", json!(null), 2001),
        ("/primaryContact/firstName", json!(null), 2001),
        ("/primaryContact/lastName", json!("x".repeat(101)), 2000),
        ("/primaryContact/email", json!("cora"), 2000),
        ("/primaryContact/phoneNumber", json!("call"), 2000),
    ];
    refuses_each(api, server, &path, &agreement(), &wrong);
    let position = server.position();
    let mut ahead = agreement();
    ahead["dateAgreed"] = json!("2999-01-01");
    assert_eq!(api.post(&path, &ahead).refused(400, 2000).reason(), "agreed_ahead");
    market.rival.post(&path, &agreement()).refused(403, 20_002);
    assert_eq!(server.position(), position, "nothing was changed");
}

#[test]
fn an_agreement_is_confirmed_on_the_page() {
    let market = Market::open();
    let customer = market.provider.create_customer("Relecloud", "relecloud.example");
    let (_, token) = market.hire(&market.provider, "sales_agent");
    let seller = Visit::begin(&market.server, &token);
    let page = format!("/customers/{}/agreements", customer.id);
    let mut fields = [
        ("type", "MicrosoftCustomerAgreement"),
        ("date_agreed", "soon"),
        ("first_name", "Cora"),
        ("last_name", "Quillfeather"),
        ("email", "cora@relecloud.example"),
    ];
    seller.submit(&page, &page, &fields).expect(422);
    fields[1].1 = "2020-03-01";
    seller.submit(&page, &page, &fields).expect(303);
    let shown = seller.get(&page).expect(200).text;
    assert!(shown.contains("Cora Quillfeather") && shown.contains("2020-03-01"), "{shown}");
}

#[test]
fn an_agreement_is_named_by_its_template_and_its_text_is_found() {
    let market = Market::open();
    let provider = &market.provider;
    let customer = provider.create_customer("Relecloud", "relecloud.example");
    let count = |query: &str| provider.items(&format!("/v1/agreements{query}")).len();
    assert_eq!((count(""), count("?agreementType=*")), (1, 2));
    let found = provider.items("/v1/agreements?agreementType=MicrosoftCustomerAgreement");
    let template = found[0]["templateId"].as_str().unwrap();
    let path = format!("{}/agreements", customer.path);
    let mut by_template = agreement();
    by_template["type"] = Value::Null;
    by_template["templateId"] = json!(template);
    let confirmed = provider.post(&path, &by_template).expect(201);
    assert_eq!(confirmed.text_at("/type"), "MicrosoftCustomerAgreement");
    let mut other = agreement();
    other["templateId"] = json!("998b88de-aa99-4388-a42c-1b3517d49490");
    provider.post(&path, &other).refused(400, 2000);
    other["templateId"] = json!("0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b");
    provider.post(&path, &other).refused(400, 2000);
    let document = format!("/v1/agreementTemplates/{template}/document");
    let text = provider.get(&format!("{document}?language=en-US&country=all")).expect(200);
    assert_eq!(text.json()["displayUri"], found[0]["agreementLink"]);
    provider.get(&format!("{document}?country=DE")).expect(200);
    provider.get(&format!("{document}?country=Germany")).refused(400, 2000);
    provider.get(&format!("{document}?language=de-DE")).refused(404, 1000);
    provider.get("/v1/agreementtemplates/none/document").refused(400, 2000);
    let direct = format!("{}/directSignedMicrosoftCustomerAgreementStatus", customer.path);
    assert_eq!(provider.get(&direct).expect(200).json()["isSigned"], false);
    market.rival.get(&direct).refused(403, 20_002);
}

#[test]
fn a_provider_asks_whether_a_reseller_has_agreed_to_sell() {
    let market = Market::open();
    let provider = &market.provider;
    let status = |query: &str| provider.get(&format!("/v1/compliance/csp/agreementstatus{query}"));
    let resellers =
        provider.items("/v1/relationships?relationship_type=IsIndirectCloudSolutionProviderOf");
    let (id, mpn_id) =
        (resellers[0]["id"].as_str().unwrap(), resellers[0]["mpnId"].as_str().unwrap());
    for query in [format!("?mpnId={mpn_id}"), format!("?tenantId={id}")] {
        assert_eq!(status(&query).expect(200).json()["isAgreementSigned"], true);
    }
    let own = provider.get("/v1/profiles/mpn").expect(200).text_at("/mpnId");
    for (query, code) in [
        (String::new(), 2001),
        (format!("?mpnId={mpn_id}&tenantId={id}"), 2000),
        ("?mpnId=abc".to_owned(), 2000),
        ("?tenantId=abc".to_owned(), 2000),
        ("?mpnId=99999999".to_owned(), 2200),
        (format!("?mpnId={own}"), 2204),
        ("?tenantId=0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b".to_owned(), 2205),
    ] {
        status(&query).refused(400, code);
    }
}
