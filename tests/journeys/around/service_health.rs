//! Service health: told by operators, seen by who administers for customers.

use serde_json::{Value, json};
use tests::{OFFER_PREMIUM, SKU_E3, SKU_PREMIUM};

use super::{Market, Visit};

fn incident() -> Value {
    json!({
        "skuId": SKU_PREMIUM, "severity": "degraded", "title": "Mail is late",
        "note": "We look into it.", "startedAt": "2026-01-01T08:00:00Z",
    })
}

#[test]
fn operators_tell_of_incidents_and_admin_agents_see_those_of_their_customers_products() {
    let (market, token) = Market::open_with_operator();
    let operator = market.server.api(&token);
    let holder = market.provider.create_customer("Ace", "ace.example");
    market.provider.order(&holder, OFFER_PREMIUM, 1);
    let other = market.provider.create_customer("Best", "best.example");
    let opened = operator.post("/v1/operator/incidents", &incident()).expect(201);
    let id = opened.text_at("/id");
    let (agent, agent_token) = market.hire(&market.provider, "admin_agent");
    let seen = agent.items("/v1/servicehealth?state=current");
    assert_eq!((seen.len(), &seen[0]["title"]), (1, &json!("Mail is late")));
    assert_eq!(agent.items(&format!("{}/servicehealth", holder.path)).len(), 1);
    assert!(agent.items(&format!("{}/servicehealth", other.path)).is_empty());
    assert!(agent.items(&format!("/v1/servicehealth?skuId={SKU_E3}")).is_empty());
    agent.get("/v1/servicehealth?state=soon").refused(400, 2000);

    let updates = format!("/v1/operator/incidents/{id}/updates");
    let worse = json!({ "severity": "interrupted", "note": "Nothing works." });
    operator.post(&updates, &worse).expect(200);
    let visit = Visit::begin(&market.server, &agent_token);
    let page = visit.get(&format!("{}/account", holder.path.replace("/v1", ""))).expect(200).text;
    assert!(page.contains("Mail is late") && page.contains("Service interrupted"), "{page}");
    assert!(visit.get("/service-health").expect(200).text.contains("Nothing works."));

    let resolve = format!("/v1/operator/incidents/{id}/resolve");
    operator.post(&resolve, &json!({ "note": "A cable was cut." })).expect(200);
    let past = agent.items("/v1/servicehealth?state=past");
    assert_eq!(past[0]["notes"].as_array().map(Vec::len), Some(3));
    assert!(agent.items("/v1/servicehealth?state=current").is_empty());
    let again = operator.post(&resolve, &json!({ "note": "Again" })).refused(400, 2000);
    assert_eq!(again.reason(), "incident_resolved");
    let then = agent.items("/v1/servicehealth?state=current&asOf=2026-01-01");
    assert!(then.is_empty());
}

#[test]
fn who_may_not_sees_no_incident_and_tells_of_none() {
    let (market, token) = Market::open_with_operator();
    let operator = market.server.api(&token);
    let id = operator.post("/v1/operator/incidents", &incident()).expect(201).text_at("/id");
    let customer = market.provider.create_customer("Ace", "ace.example");
    let note = json!({ "note": "Mine" });
    for role in ["sales_agent", "helpdesk_agent"] {
        let (staff, token) = market.hire(&market.provider, role);
        staff.get("/v1/servicehealth").refused(403, 900_150);
        staff.get(&format!("{}/servicehealth", customer.path)).refused(403, 900_150);
        staff.post("/v1/operator/incidents", &incident()).refused(403, 900_150);
        staff.post(&format!("/v1/operator/incidents/{id}/updates"), &note).refused(403, 900_150);
        staff.post(&format!("/v1/operator/incidents/{id}/resolve"), &note).refused(403, 900_150);
        Visit::begin(&market.server, &token).get("/service-health").expect(403);
    }
    market.rival.get(&format!("{}/servicehealth", customer.path)).refused(403, 20_002);
    let told = operator.get("/v1/operator/incidents").expect(200).text;
    for (member, wrong, code) in [
        ("skuId", Value::Null, 2001),
        ("skuId", json!("mail"), 2000),
        ("skuId", json!("0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b"), 2000),
        ("severity", json!("bad"), 900_126),
        ("severity", Value::Null, 2001),
        ("title", json!(""), 2001),
        ("title", json!("x".repeat(201)), 2000),
        ("note", Value::Null, 2001),
        ("note", json!("x".repeat(501)), 2000),
        ("startedAt", json!("soon"), 2000),
        ("startedAt", json!("2099-01-01"), 2000),
    ] {
        let mut body = incident();
        body[member] = wrong;
        let refused = operator.post("/v1/operator/incidents", &body).expect(400);
        assert_eq!(refused.error_code(), Some(code), "{member}: {refused}");
    }
    let nobody = "/v1/operator/incidents/0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b/updates";
    operator.post(nobody, &note).refused(404, 1000);
    operator.post(&format!("/v1/operator/incidents/{id}/updates"), &json!({})).refused(400, 2001);
    let still = operator.get("/v1/operator/incidents").expect(200).text;
    assert_eq!(still, told, "nothing was recorded");
}

#[test]
fn an_operator_tells_of_an_incident_on_its_page_and_resolves_it() {
    let (market, token) = Market::open_with_operator();
    let visit = Visit::begin(&market.server, &token);
    let page = "/operator/incidents";
    let fields = [
        ("product", SKU_PREMIUM),
        ("severity", "advisory"),
        ("title", "Works tonight"),
        ("note", "From ten to eleven."),
        ("started", ""),
    ];
    visit.submit(page, page, &fields).expect(303);
    let shown = visit.get(page).expect(200).text;
    assert!(shown.contains("Works tonight"), "{shown}");
    let id = market.provider.items("/v1/servicehealth")[0]["id"].as_str().unwrap().to_owned();
    let tell = format!("{page}/{id}");
    visit.submit(page, &tell, &[("note", "Over."), ("action", "resolve")]).expect(303);
    assert_eq!(market.provider.items("/v1/servicehealth?state=past").len(), 1);
    visit.submit(page, page, &[("product", ""), ("title", "")]).expect(303);
    assert!(visit.get(page).expect(200).text.contains("must not be empty"));
}
