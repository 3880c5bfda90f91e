//! The profiles of a partner: business, legal business, organization, support, partner network.

use serde_json::{Value, json};
use tests::{Api, RunningServer};

use crate::begin;

/// A user of the provider with this role and a client that acts as it.
fn hire(server: &RunningServer, admin: &Api, role: &str) -> Api {
    let user = admin.add_partner_user(role, &format!("{role}@fabrikam.example"), &[role]);
    server.api(&admin.issue_token(&user.id))
}

fn contact() -> Value {
    json!({ "firstName": "Bo", "lastName": "Berg", "email": "bo@fabrikam.example" })
}

fn address() -> Value {
    json!({
        "country": "de", "city": "Berlin", "addressLine1": "1 Main Street", "postalCode": "10115",
        "firstName": "Bo", "lastName": "Berg", "phoneNumber": "+49 30 1234567",
    })
}

/// Path, and a complete profile.
fn profiles() -> [(&'static str, Value); 5] {
    [
        (
            "/v1/profiles/business",
            json!({ "description": "We move mail.", "website": "https://fabrikam.example", "contact": contact() }),
        ),
        (
            "/v1/profiles/legalbusiness",
            json!({ "companyName": "Fabrikam GmbH", "address": address(), "primaryContact": contact() }),
        ),
        (
            "/v1/profiles/organization",
            json!({ "defaultAddress": address(), "email": "bo@fabrikam.example" }),
        ),
        (
            "/v1/profiles/support",
            json!({ "email": "help@fabrikam.example", "telephone": "4255550101" }),
        ),
        (
            "/v1/profiles/billing",
            json!({
                "companyName": "Fabrikam Books", "address": address(), "primaryContact": contact(),
                "purchaseOrderNumber": "PO-42", "taxId": "DE 123456789",
            }),
        ),
    ]
}

#[test]
fn profiles_are_viewed_and_managed_as_the_role_table_says() {
    let installation = begin();
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    for (path, body) in profiles() {
        let before = admin.get(path).expect(200);
        assert_eq!(before.text_at("/companyName"), "Fabrikam Provider");
        admin.put(path, &body).expect(200);
    }
    let managers = ["business_profile_admin", "referral_admin"];
    let viewers = ["mpn_partner_admin", "user_management_admin"];
    for role in [
        managers.as_slice(),
        &viewers,
        &["billing_admin", "admin_agent", "sales_agent", "helpdesk_agent", "incentives_admin"],
    ]
    .concat()
    {
        let user = hire(&server, &admin, role);
        for (path, body) in profiles() {
            let is_business = path.ends_with("/business");
            let may_edit = is_business && managers.contains(&role);
            let views = may_edit || viewers.contains(&role);
            let read = user.get(path);
            assert_eq!(read.status, if views { 200 } else { 403 }, "{role} {read}");
            let written = user.put(path, &body);
            assert_eq!(written.status, if may_edit { 200 } else { 403 }, "{role} {written}");
        }
        let mpn = user.get("/v1/profiles/mpn");
        assert_eq!(mpn.status, if viewers.contains(&role) { 200 } else { 403 }, "{role} {mpn}");
    }
}

#[test]
fn a_profile_is_read_back_as_it_was_written_and_as_it_was_before() {
    let installation = begin();
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    for (path, body) in profiles() {
        let position = server.position();
        let written = admin.put(path, &body).expect(200);
        let read = admin.get(path).expect(200);
        assert_eq!(written.json(), read.json());
        for member in
            ["description", "website", "telephone", "email", "purchaseOrderNumber", "taxId"]
        {
            if !body[member].is_null() {
                assert_eq!(read.json()[member], body[member], "{path} {member}");
            }
        }
        let then = admin.get(&format!("{path}?asOf={position}")).expect(200);
        assert!(then.json().get("lastModifiedDate").is_none(), "{then}");
    }
    let legal = admin.get("/v1/profiles/legalbusiness").expect(200);
    assert_eq!(legal.text_at("/companyName"), "Fabrikam GmbH");
    assert_eq!(
        (legal.text_at("/address/country"), legal.text_at("/primaryContact/lastName")),
        ("DE".into(), "Berg".into())
    );
    let same = admin.get("/v1/profiles/supportprofile").expect(200);
    assert_eq!(same.text_at("/telephone"), "4255550101");
    let own = admin.get("/v1/profiles/mpn").expect(200).text_at("/mpnId");
    assert_eq!(
        admin.get(&format!("/v1/profiles/mpn?mpnId={own}")).expect(200).text_at("/mpnId"),
        own
    );
    let network = admin.get(&format!("/v1/profiles/partnernetworkprofile?mpnId={own}"));
    assert_eq!(network.expect(200).text_at("/profileType"), "mpn_profile");
    admin.get("/v1/profiles/legalbusiness?vettingVersion=LastFinalized").expect(200);
    admin.get("/v1/profiles/legalbusiness?vettingVersion=Draft").refused(400, 900_126);
    admin.get("/v1/profiles/mpn?mpnId=9999999999").refused(404, 3000);
    admin.get("/v1/profiles/mpn?mpnId=x").refused(400, 2000);
}

#[test]
fn an_incomplete_or_wrong_profile_is_refused_by_name_and_changes_nothing() {
    let installation = begin();
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let position = server.position();
    let cases = [
        (0, "/description", Value::Null, 2001, "description"),
        (0, "/description", json!("x".repeat(9_000)), 2000, "description"),
        (0, "/website", json!("http://fabrikam.example"), 2000, "website"),
        (0, "/contact", Value::Null, 2001, "contact"),
        (0, "/contact/email", json!("bo"), 2000, "contact.email"),
        (1, "/companyName", json!("x".repeat(201)), 2000, "companyName"),
        (1, "/address", json!("here"), 2000, "address"),
        (1, "/address/country", json!("Germany"), 2000, "address.country"),
        (1, "/address/city", Value::Null, 2001, "address.city"),
        (1, "/primaryContact/firstName", json!(""), 2001, "primaryContact.firstName"),
        (2, "/defaultAddress/lastName", Value::Null, 2001, "defaultAddress.lastName"),
        (2, "/email", Value::Null, 2001, "email"),
        (3, "/telephone", json!("none"), 2000, "telephone"),
        (3, "/email", json!(7), 2000, "email"),
    ];
    for (profile, pointer, value, code, field) in cases {
        let (path, mut body) = profiles()[profile].clone();
        *body.pointer_mut(pointer).unwrap_or(&mut Value::Null) = value.clone();
        if body.pointer(pointer).is_none() {
            body[pointer.trim_start_matches('/')] = value;
        }
        let refused = admin.put(path, &body).refused(400, code);
        assert_eq!(refused.json()["data"][1], field, "{refused}");
    }
    assert_eq!(server.position(), position, "nothing was changed");
}

#[test]
fn a_billing_profile_is_changed_by_who_knows_its_version() {
    let installation = begin();
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let path = "/v1/profiles/billing";
    let [.., (_, body)] = profiles();
    let unknown = admin.get(path).expect(200).text_at("/attributes/etag");
    let put = |tag: &str| admin.request("PUT", path).header("If-Match", tag).json(&body).send();
    let first = put(&format!("\"{unknown}\"")).expect(200).text_at("/attributes/etag");
    let position = server.position();
    put(&unknown).refused(400, 2055);
    let mut stale = body.clone();
    stale["Attributes"] = json!({ "Etag": unknown });
    admin.put(path, &stale).refused(400, 2055);
    assert_eq!(server.position(), position);
    let second = put(&first).expect(200).text_at("/attributes/etag");
    assert_ne!(second, first);
    admin.put(path, &body).expect(200);
}
