//! What an answer and a page contain follows the rights of who asks: also in the activity log.

use serde_json::json;
use tests::{Api, Installation, NewCustomer, RunningServer};

use crate::{
    begin,
    pages::{page, sign_in},
};

#[test]
fn the_activity_log_opens_personal_data_only_to_who_may_see_it_elsewhere() {
    let installation = begin();
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let customer = admin.create_customer("Relecloud", "relecloud.example");
    admin.create_user(&customer, "quistname");
    let as_role = |role: &str| {
        let email = format!("{}@fabrikam.example", role.replace('_', "."));
        let user = admin.add_partner_user(&format!("Person of {role}"), &email, &[role]);
        admin.issue_token(&user.id)
    };
    let (billing, helpdesk) = (as_role("billing_admin"), as_role("helpdesk_agent"));
    let reads = |token: &str| {
        let history = server.api(token).get("/v1/history").expect(200).text;
        (history, page(&sign_in(&server, token), "/audit").expect(200).text)
    };
    let (history, audit) = reads(&installation.provider.token);
    for personal in ["quistname", "Abercrombie", "Person of billing_admin"] {
        assert!(
            history.contains(personal) && audit.contains(personal),
            "the admin sees {personal}"
        );
    }
    let (history, audit) = reads(&billing);
    assert!(history.contains("CustomerUserCreated"), "that something happened is seen: {history}");
    for personal in ["quistname", "Abercrombie", "One Harbour Way", "office@relecloud.example"] {
        assert!(!history.contains(personal), "{personal} in {history}");
        assert!(!audit.contains(personal), "{personal} in {audit}");
    }
    let (history, audit) = reads(&helpdesk);
    assert!(history.contains("quistname") && audit.contains("quistname"));
    for personal in ["billing.admin@fabrikam.example", "127.0.0.1"] {
        assert!(!history.contains(personal), "{personal} in {history}");
        assert!(!audit.contains(personal), "{personal} in {audit}");
    }
}

#[test]
fn pages_of_another_partner_show_nothing_of_a_customer() {
    let installation = begin();
    let rival =
        installation.register("Rival", "indirect-provider", "rita@rival.example", "7000001");
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let customer = admin.create_customer("Relecloud", "relecloud.example");
    let user = admin.create_user(&customer, "quistname");
    let colleague = admin.add_partner_user("Bo Berg", "bo@fabrikam.example", &["sales_agent"]);
    let base = format!("/customers/{}", customer.id);
    let paths = [
        base.clone(),
        format!("{base}/deleted"),
        format!("{base}/licenses"),
        format!("{base}/subscriptions"),
        format!("{base}/activity"),
        format!("{base}/account"),
        format!("{base}/users/new"),
        format!("{base}/users/{}", user.id),
        format!("{base}?as_of={}", server.head()),
        format!("/users/{}", colleague.id),
        format!("/roles/users/{}", colleague.id),
    ];
    let (own, theirs) =
        (sign_in(&server, &installation.provider.token), sign_in(&server, &rival.token));
    for path in &paths[..9] {
        page(&own, path).expect(200);
    }
    for path in &paths {
        let refused = page(&theirs, path);
        assert!([403, 404].contains(&refused.status), "{path}: {refused}");
        for secret in ["elecloud", "quistname", "Bo Berg", "fabrikam"] {
            assert!(!refused.text.contains(secret), "{path} shows {secret}");
        }
    }
    for list in ["/customers", "/audit", "/users", "/roles", "/resellers"] {
        let shown = page(&theirs, list).expect(200);
        for secret in ["elecloud", "quistname", "Bo Berg", "fabrikam"] {
            assert!(!shown.text.contains(secret), "{list} shows {secret}");
        }
    }
}

#[test]
fn a_reseller_reads_nothing_in_the_history_but_what_concerns_it() {
    let installation = begin();
    let reseller =
        installation.register("Wingtip", "indirect-reseller", "wanda@wingtip.example", "7000002");
    let (provider, wingtip, server) = partners(&installation, &reseller.token);
    let mut body = NewCustomer::body("Relecloud", "relecloud.example");
    body["associatedPartnerId"] = json!(reseller.partner);
    let shared = provider.create_customer_from(&body);
    let user = provider.create_user(&shared, "nora");
    let reason = json!({ "reason": "plantedreason" });
    provider.request("DELETE", &user.path).json(&reason).send().expect(204);
    let unshared = provider.create_customer("Tailspin Toys", "tailspin.example");
    provider.create_user(&unshared, "quistname");
    provider.add_partner_user("Bo Berg", "bo@fabrikam.example", &["sales_agent"]);

    assert!(provider.get("/v1/history").expect(200).text.contains("plantedreason"));
    for path in [
        "/v1/history".to_owned(),
        format!("/v1/history?customerId={}", shared.id),
        "/v1/rolehistory".to_owned(),
    ] {
        let history = wingtip.get(&path).expect(200);
        for foreign in ["plantedreason", "ailspin", "quistname", "Bo Berg", "fabrikam.example"] {
            assert!(!history.text.contains(foreign), "{path} shows {foreign}: {}", history.text);
        }
    }
    wingtip.get(&format!("/v1/history?customerId={}", unshared.id)).refused(403, 20_002);
    drop(server);
}

/// A provider and its reseller, partners already.
fn partners(installation: &Installation, reseller: &str) -> (Api, Api, RunningServer) {
    let server = installation.serve();
    let provider = server.api(&installation.provider.token);
    let wingtip = server.api(reseller);
    let asked = provider.post("/v1/partnerships", &json!({ "recipient": "wanda@wingtip.example" }));
    let link = asked.expect(201).text_at("/link");
    wingtip.post("/v1/invitations/accept", &json!({ "token": link })).expect_success();
    (provider, wingtip, server)
}
