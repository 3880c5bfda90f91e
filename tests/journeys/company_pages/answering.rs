//! Requests of partners: on the company's start and behind the personalised link.

use serde_json::json;
use tests::PageSession;

use super::{Companies, refused, settled};

#[test]
fn a_request_is_accepted_on_the_companys_start_and_another_declined() {
    let companies = Companies::new();
    let Companies { server, tailspin, pages, customer, .. } = &companies;
    let (asked, _) = companies.asked(true);
    let start = pages.open("/company").expect(200);
    for part in ["Tailspin", "delegated admin privileges", "on your behalf", "Accept", "Decline"] {
        assert!(start.text.contains(part), "{part} in {start}");
    }
    let action = format!("/company/requests/{asked}");
    let accept = [("answer", "accept")];
    let other_tab = pages.open("/company").expect(200);
    let done = pages.follow(&start, &action, &accept);
    assert!(done.text.contains("The relationship is accepted."), "{done}");
    assert!(!done.text.contains(&action), "there is nothing left to answer: {done}");
    assert_eq!(tailspin.get(&customer.path).expect(200).json()["allowDelegatedAccess"], true);
    let before = server.position();
    pages.send(&start, &action, &accept).expect(303);
    assert_eq!(server.position(), before, "the form sent twice counts once");
    let decline = [("answer", "decline")];
    refused(server, 422, "was sent before", || pages.send(&start, &action, &decline));
    refused(server, 422, "is accepted already", || pages.send(&other_tab, &action, &decline));

    let other = companies.provider.create_customer("Proseware", "proseware.example");
    let (_, strangers) = settled(server, &other.admin);
    let (asked, _) = companies.asked_of(Some(&other.id), false);
    let start = strangers.open("/company").expect(200);
    assert!(start.text.contains("does not ask for delegated admin privileges"), "{start}");
    let action = format!("/company/requests/{asked}");
    let done = strangers.follow(&start, &action, &[("answer", "decline")]);
    assert!(done.text.contains("The request is declined."), "{done}");
    tailspin.get(&other.path).refused(403, 20_002);
}

#[test]
fn a_bad_answer_is_refused_and_nothing_is_written() {
    let companies = Companies::new();
    let Companies { server, pages, .. } = &companies;
    let (asked, link) = companies.asked(true);
    let start = pages.open("/company").expect(200);
    let action = format!("/company/requests/{asked}");
    refused(server, 400, "accept or decline", || pages.send(&start, &action, &[]));
    let perhaps = [("answer", "perhaps")];
    refused(server, 400, "accept or decline", || pages.send(&start, &action, &perhaps));
    let long = "x".repeat(40_001);
    refused(server, 400, "too long", || pages.send(&start, &action, &[("answer", &long)]));
    let unknown = "/company/requests/0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b";
    for path in [unknown, "/company/requests/42"] {
        assert_eq!(pages.open(path).status, 404, "{path}");
    }
    let partner = PageSession::by_token(server, &companies.installation.provider.token);
    for path in ["/company", &action, "/company/buy/42", "/company/partners/42/privileges"] {
        assert_eq!(partner.open(path).status, 403, "{path} is no business of a partner");
    }

    // Another company's admin, and users of this one whose roles do not answer.
    let other = companies.provider.create_customer("Proseware", "proseware.example");
    let (_, strangers) = settled(server, &other.admin);
    let answer = format!("/company/requests/{}", link.trim_start_matches("/relationships/"));
    for path in [&action, &answer] {
        assert_eq!(strangers.open(path).status, 404, "{path}");
    }
    let billing = companies.colleague("bill", &["Billing Administrator"]);
    let nobody = companies.colleague("nora", &[]);
    for session in [&billing, &nobody] {
        assert_eq!(session.open(&action).status, 403);
        let start = session.open("/company").expect(200);
        assert!(!start.text.contains("Accept"), "{start}");
        let page = session.open(&link).expect(200);
        assert!(page.text.contains("A global admin of your company does"), "{page}");
    }
    assert!(billing.open("/company").text.contains("Fabrikam Provider"));
    assert!(!nobody.open("/company").text.contains("Fabrikam Provider"));
}

#[test]
fn a_link_leads_the_admin_to_the_answer_and_everybody_else_to_what_to_do() {
    let companies = Companies::new();
    let Companies { server, tailspin, pages, customer, .. } = &companies;
    let anybody = server.anonymous();
    let (_, link) = companies.asked(false);
    let shown = anybody.get(&link).expect(200);
    let back = format!("/sign-in?next={}", link.replace('/', "%2F"));
    assert!(shown.text.contains(&back), "{shown}");
    assert!(!shown.text.contains("sign-up"), "who has an account opens none: {shown}");

    let led = pages.open(&link).expect(303);
    let action = led.header("Location").unwrap().to_owned();
    let page = pages.open(&action).expect(200);
    let done = pages.follow(&page, &action, &[("answer", "accept")]);
    assert!(done.text.contains("The relationship is accepted."), "{done}");
    assert_eq!(tailspin.get(&customer.path).expect(200).json()["allowDelegatedAccess"], false);
    let used = anybody.get(&link).expect(200);
    assert!(used.text.contains("a link works once") && !used.text.contains("Sign in and answer"));
    let used = pages.open(&action).expect(200);
    assert!(used.text.contains("a link works once") && !used.text.contains("Accept"), "{used}");

    // A link for any company: one with an account answers, one without opens one.
    let (id, link) = companies.asked_of(None, true);
    let shown = anybody.get(&link).expect(200);
    for part in ["Sign in and answer", "sign-up", "Open the account and accept"] {
        assert!(shown.text.contains(part), "{part} in {shown}");
    }
    let path = format!("/v1/relationshiprequests/{id}");
    tailspin.post(&format!("{path}/withdraw"), &json!({})).expect(200);
    let withdrawn = anybody.get(&link).expect(200);
    assert!(withdrawn.text.contains("took it back") && !withdrawn.text.contains("sign-up"));
    assert_eq!(pages.open("/relationships/forged").status, 303);
    assert_eq!(pages.open("/company/requests/forged").status, 404);
    assert_eq!(anybody.get("/relationships/forged").status, 404);
}

#[test]
fn an_ended_relationship_comes_back_once_the_customer_has_accepted_again() {
    let companies = Companies::new();
    let Companies { provider, pages, customer, company, .. } = &companies;
    let ended = json!({ "relationshipToPartner": "none" });
    provider.patch(&customer.path, &ended).expect(200);
    let partners = || company.get("/v1/company").expect(200).json()["partners"].clone();
    assert_eq!(partners(), json!([]));
    let orders = format!("{}/orders", customer.path);
    provider.get(&orders).refused(403, 20_002);
    let body = json!({ "customerId": customer.id, "allowDelegatedAccess": true });
    let asked = provider.post("/v1/relationshiprequests", &body).expect(201).text_at("/id");
    provider.get(&orders).refused(403, 20_002);
    let start = pages.open("/company").expect(200);
    assert!(start.text.contains("No partner serves your company."), "{start}");
    let action = format!("/company/requests/{asked}");
    pages.follow(&start, &action, &[("answer", "accept")]);
    assert_eq!(partners()[0]["allowDelegatedAccess"], true);
    provider.get(&orders).expect(200);
}
