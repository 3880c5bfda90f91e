//! Roles of later documentation: account admins, referral users, report viewers.

use serde_json::json;
use tests::{NewCustomer, OFFER_PREMIUM};

use super::{Market, Visit};

#[test]
fn an_account_admin_assigns_roles_of_its_categories_on_its_page() {
    let market = Market::open();
    let carl = market.provider.add_partner_user("carl", "carl@staff.example", &["sales_agent"]);
    let (admin, token) = market.hire(&market.provider, "account_admin");
    admin.assign_role(&carl.id, "incentives_user").expect_success();
    admin.revoke_role(&carl.id, "incentives_user").expect(204);
    let position = market.server.position();
    for (role, reason) in [
        ("admin_agent", "role_out_of_reach"),
        ("billing_admin", "global_admin_only"),
        ("account_admin", "global_admin_only"),
    ] {
        let refused = admin.assign_role(&carl.id, role);
        assert_eq!((refused.status, refused.reason()), (403, reason), "{refused}");
    }
    admin.get("/v1/customers").refused(403, 900_150);
    let new = json!({ "fullName": "Dora", "email": "dora@staff.example" });
    admin.post("/v1/users", &new).refused(403, 900_150);
    assert_eq!(market.server.position(), position);

    let visit = Visit::begin(&market.server, &token);
    let path = format!("/roles/users/{}", carl.id);
    let fields = [("role", "report_viewer"), ("reason", "reads reports"), ("action", "assign")];
    visit.submit(&path, &path, &fields).expect(303);
    assert!(visit.get(&path).expect(200).text.contains("Report viewer was assigned."));
    let refused = visit.submit(&path, &path, &[("role", "admin_agent"), ("action", "assign")]);
    assert!(refused.status >= 400 && refused.text.contains("insights only"), "{refused}");
    assert!(visit.get("/roles").expect(200).text.contains("Executive report viewer"));
    visit.get("/profiles").expect(200);
    visit.get("/customers").expect(403);
}

#[test]
fn a_referral_user_reads_leads_and_changes_none() {
    let market = Market::open();
    let lead = json!({
        "resellerId": market.reseller.partner, "companyName": "Relecloud",
        "contact": {
            "firstName": "Kim", "lastName": "Abercrombie", "email": "kim@relecloud.example",
        },
    });
    let path = format!(
        "/v1/leads/{}",
        market.provider.post("/v1/leads", &lead).expect(201).text_at("/id")
    );
    let (viewer, token) = market.hire(&market.wingtip, "referral_user");
    assert_eq!(viewer.items("/v1/leads").len(), 1);
    assert_eq!(viewer.get(&path).expect(200).text_at("/contact/email"), "kim@relecloud.example");
    let position = market.server.position();
    for word in ["accept", "decline"] {
        viewer.post(&format!("{path}/{word}"), &json!({})).refused(403, 900_150);
    }
    let body = NewCustomer::body("Relecloud", "relecloud.example");
    viewer.post(&format!("{path}/customer"), &body).refused(403, 900_150);
    assert_eq!(market.server.position(), position);
    let visit = Visit::begin(&market.server, &token);
    let shown = visit.get(&path.replace("/v1", "")).expect(200).text;
    assert!(shown.contains("Abercrombie") && !shown.contains("/accept"), "no button: {shown}");
    visit.get("/leads/new").expect(403);
}

#[test]
fn report_viewers_see_sums_and_executive_ones_also_whose_they_are() {
    let market = Market::open();
    for (name, domain, quantity) in [("Ace", "ace.example", 3), ("Best", "best.example", 4)] {
        let customer = market.provider.create_customer(name, domain);
        market.provider.order(&customer, OFFER_PREMIUM, quantity);
    }
    let foreign = market.rival.create_customer("Theirs", "theirs.example");
    market.rival.order(&foreign, OFFER_PREMIUM, 50);

    let (viewer, token) = market.hire(&market.provider, "report_viewer");
    let products = viewer.items("/v1/reports/products");
    assert_eq!(products.len(), 1, "{products:?}");
    assert_eq!((&products[0]["customers"], &products[0]["activeLicenses"]), (&json!(2), &json!(7)));
    viewer.get("/v1/reports/customers").refused(403, 900_150);
    viewer.get("/v1/reports/customers/csv").refused(403, 900_150);
    let visit = Visit::begin(&market.server, &token);
    let page = visit.get("/reports").expect(200).text;
    assert!(page.contains("products-sold") && !page.contains("Ace"), "{page}");
    visit.get("/reports/customers.csv").expect(403);

    let (executive, token) = market.hire(&market.provider, "executive_report_viewer");
    let customers = executive.items("/v1/reports/customers");
    let names: Vec<_> = customers.iter().map(|row| row["customer"]["name"].clone()).collect();
    assert!(names.contains(&json!("Ace")) && names.contains(&json!("Best")), "{names:?}");
    assert_eq!(names.len(), 2, "another partner's sales are in no report");
    let file = executive.get("/v1/reports/customers/csv").expect(200);
    assert!(file.header("Content-Disposition").unwrap().contains("customers-sold.csv"));
    let visit = Visit::begin(&market.server, &token);
    assert!(visit.get("/reports").expect(200).text.contains("Best"));
    assert_eq!(visit.get("/reports/customers.csv").expect(200).text, file.text);
    for stranger in ["sales_agent", "billing_admin"] {
        let (staff, _) = market.hire(&market.provider, stranger);
        staff.get("/v1/reports/products").refused(403, 900_150);
        staff.get("/v1/reports/products/csv").refused(403, 900_150);
    }
}
