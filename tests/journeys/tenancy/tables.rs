//! The routes that have somebody's id in their path.

use serde_json::{Value, json};
use tests::{NewCustomer, OFFER_PREMIUM, SKU_PREMIUM};

use super::ids::Ids;

/// A customer's routes that read.
pub(super) const READS: [&str; 51] = [
    "/v1/customers/{customer}/subscriptions/{subscription}/conversions",
    "/v1/customers/{customer}/products",
    "/v1/customers/{customer}/products/{product}",
    "/v1/customers/{customer}/products/{product}/skus",
    "/v1/customers/{customer}/products/{product}/skus/{sku}",
    "/v1/customers/{customer}/products/{product}/skus/{sku}/availabilities",
    "/v1/customers/{customer}/products/{product}/skus/{sku}/availabilities/{place}",
    "/v1/customers/{customer}/qualification",
    "/v1/customers/{customer}/qualifications",
    "/v1/customers/{customer}/validations",
    "/v1/customers/{customer}/managedservices",
    "/v1/customers/{customer}/offers",
    "/v1/customers/{customer}/offers/{offer}/addons",
    "/v1/customers/{customer}/offercategories",
    "/v1/customers/{customer}/orders/{order}/provisioningstatus",
    "/v1/customers/{customer}/subscriptions/{subscription}/provisioningstatus",
    "/v1/customers/{customer}/subscriptions/{subscription}/registrationstatus",
    "/v1/customers/{customer}/invoicelineitems",
    "/v1/customers/{customer}/servicehealth",
    "/v1/customers/{customer}/devicebatches",
    "/v1/customers/{customer}/devicebatches/{batch}/devices",
    "/v1/customers/{customer}/policies",
    "/v1/customers/{customer}/policies/{policy}",
    "/v1/customers/{customer}/agreements",
    "/v1/customers/{customer}/directsignedmicrosoftcustomeragreementstatus",
    "/v1/selfservepolicy/{permission}",
    "/v1/customers/{customer}",
    "/v1/customers/{customer}/profiles/company",
    "/v1/customers/{customer}/profiles/billing",
    "/v1/customers/{customer}/users",
    "/v1/customers/{customer}/users?{deleted}",
    "/v1/customers/{customer}/users/{user}",
    "/v1/customers/{customer}/users/{user}/licenses",
    "/v1/customers/{customer}/users/{user}/directoryroles",
    "/v1/customers/{customer}/subscribedskus",
    "/v1/customers/{customer}/subscriptions",
    "/v1/customers/{customer}/subscriptions/{subscription}",
    "/v1/customers/{customer}/subscriptions/{subscription}/addons",
    "/v1/customers/{customer}/subscriptions/{subscription}/supportcontact",
    "/v1/customers/{customer}/subscriptions/{subscription}/supportcontacts",
    "/v1/customers/{customer}/subscriptions/{subscription}/upgrades",
    "/v1/customers/{customer}/carts",
    "/v1/customers/{customer}/carts/{cart}",
    "/v1/customers/{customer}/orders",
    "/v1/customers/{customer}/orders/{order}",
    "/v1/customers/{customer}/directoryroles",
    "/v1/customers/{customer}/directoryroles/{role}/usermembers",
    "/v1/customers/{customer}/relationships",
    "/v1/customers/{customer}/servicerequests",
    "/v1/customers/{customer}/servicerequests/{request}",
    "/v1/history?customerId={customer}",
];

/// A customer's routes that change something.
pub(super) fn writes(ids: &Ids) -> Vec<(&'static str, &'static str, Value)> {
    [changes_of_account(ids), changes_of_sales(ids)].concat()
}

/// Those of the account and its users.
fn changes_of_account(ids: &Ids) -> Vec<(&'static str, &'static str, Value)> {
    let users = json!({ "userIds": [ids.user] });
    let sku = json!([{ "skuId": SKU_PREMIUM }]);
    let billing = NewCustomer::body("Stolen", "relecloud.example")["billingProfile"].clone();
    let eve = json!({ "userPrincipalName": "eve@relecloud.example", "displayName": "Eve" });
    vec![
        ("PATCH", "/v1/customers/{customer}", json!({ "relationshipToPartner": "none" })),
        ("DELETE", "/v1/customers/{customer}", json!({})),
        ("PUT", "/v1/customers/{customer}/profiles/billing", billing),
        ("PUT", "/v1/customers/{customer}/qualification", json!("education")),
        (
            "POST",
            "/v1/customers/{customer}/qualifications",
            json!({ "qualification": "Education" }),
        ),
        (
            "POST",
            "/v1/customers/{customer}/verifieddomain",
            json!({ "verifiedDomainName": "eve.example" }),
        ),
        ("POST", "/v1/domains/eve.example?customer_id={customer}", json!({})),
        ("POST", "/v1/customers/{customer}/users", eve),
        ("POST", "/v1/customers/{customer}/users/import", json!({})),
        ("PATCH", "/v1/customers/{customer}/users/{user}", json!({ "displayName": "Eve" })),
        ("PATCH", "/v1/customers/{customer}/users/{gone}", json!({ "state": "active" })),
        ("DELETE", "/v1/customers/{customer}/users/{user}", json!({})),
        ("PATCH", "/v1/customers/{customer}/users?user_id={user}", json!({ "displayName": "Eve" })),
        ("DELETE", "/v1/customers/{customer}/users?user_id={user}", json!({})),
        ("DELETE", "/v1/customers/{customer}/relationships/partner", json!({})),
        ("DELETE", "/v1/customers/{customer}/customerpartnerrelationships/reseller", json!({})),
        (
            "POST",
            "/v1/customers/{customer}/directoryroles?role_id={role}",
            json!({ "id": ids.user }),
        ),
        (
            "DELETE",
            "/v1/customers/{customer}/directoryroles?role_id={role}&member_id={user}",
            json!({}),
        ),
        ("PATCH", "/v1/customers/{customer}/users/{user}/resetpassword", json!({})),
        ("POST", "/v1/customers/{customer}/users/delete", users.clone()),
        ("POST", "/v1/customers/{customer}/users/resetpassword", users.clone()),
        ("POST", "/v1/customers/{customer}/users/restore", json!({ "userIds": [ids.gone] })),
        (
            "POST",
            "/v1/customers/{customer}/licenseupdates",
            json!({ "userIds": [ids.user], "licensesToAssign": sku }),
        ),
        (
            "POST",
            "/v1/customers/{customer}/users/{user}/licenseupdates",
            json!({ "licensesToAssign": sku }),
        ),
        (
            "POST",
            "/v1/customers/{customer}/directoryroles/{role}/usermembers",
            json!({ "id": ids.user }),
        ),
        ("DELETE", "/v1/customers/{customer}/directoryroles/{role}/usermembers/{user}", json!({})),
    ]
}

/// Those of what was sold and who serves the customer.
fn changes_of_sales(ids: &Ids) -> Vec<(&'static str, &'static str, Value)> {
    let cart = json!([{ "catalogItemId": OFFER_PREMIUM, "quantity": 1 }]);
    let line = json!([{ "lineItemNumber": 0, "offerId": OFFER_PREMIUM, "quantity": 1 }]);
    vec![
        ("POST", "/v1/customers/{customer}/orders", json!({ "lineItems": line })),
        ("PATCH", "/v1/customers/{customer}/orders/{order}", json!({ "billingCycle": "annual" })),
        (
            "PATCH",
            "/v1/customers/{customer}/subscriptions/{subscription}",
            json!({ "quantity": 9 }),
        ),
        (
            "POST",
            "/v1/customers/{customer}/subscriptions/{subscription}/upgrades",
            json!({ "targetOffer": { "id": OFFER_PREMIUM } }),
        ),
        (
            "POST",
            "/v1/customers/{customer}/subscriptions/{subscription}/conversions",
            json!({ "targetOfferId": OFFER_PREMIUM }),
        ),
        ("POST", "/v1/customers/{customer}/subscriptions/{subscription}/registrations", json!({})),
        (
            "PUT",
            "/v1/customers/{customer}/subscriptions/{subscription}/supportcontact",
            json!({ "supportTenantId": ids.reseller }),
        ),
        ("POST", "/v1/customers/{customer}/carts", json!({ "lineItems": cart })),
        ("PUT", "/v1/customers/{customer}/carts/{cart}", json!({ "lineItems": cart })),
        ("DELETE", "/v1/customers/{customer}/carts/{cart}", json!({})),
        ("POST", "/v1/customers/{customer}/carts/{cart}/review", json!({})),
        ("POST", "/v1/customers/{customer}/carts/{cart}/checkout", json!({})),
        ("POST", "/v1/customers/{customer}/resellers/{reseller}", json!({})),
        (
            "POST",
            "/v1/customers/{customer}/servicerequests",
            json!({ "title": "Mine", "description": "Now" }),
        ),
        (
            "PATCH",
            "/v1/customers/{customer}/servicerequests/{request}",
            json!({ "newNote": { "text": "Mine" } }),
        ),
        ("DELETE", "/v1/customers/{customer}/resellers/{reseller}", json!({})),
        ("PATCH", "/v1/relationships/{reseller}/customer/{customer}", json!({})),
        ("DELETE", "/v1/selfservepolicy/{permission}", json!({})),
    ]
}

/// The routes that change a customer's devices and agreements.
pub(super) fn things(ids: &Ids) -> Vec<(&'static str, &'static str, Value)> {
    vec![
        (
            "POST",
            "/v1/customers/{customer}/devicebatches",
            json!({ "name": "Theirs", "devices": [{ "serialNumber": "EVE-1" }] }),
        ),
        (
            "POST",
            "/v1/customers/{customer}/devicebatches/{batch}/devices",
            json!({ "devices": [{ "serialNumber": "EVE-1" }] }),
        ),
        ("DELETE", "/v1/customers/{customer}/devicebatches/{batch}/devices/{device}", json!({})),
        ("DELETE", "/v1/customers/{customer}/devices/{device}/policy", json!({})),
        (
            "POST",
            "/v1/customers/{customer}/policies",
            json!({ "name": "Theirs", "policySettings": ["skip_eula"] }),
        ),
        (
            "PUT",
            "/v1/customers/{customer}/policies/{policy}",
            json!({ "name": "Theirs", "policySettings": ["skip_eula"] }),
        ),
        ("DELETE", "/v1/customers/{customer}/policies/{policy}", json!({})),
        (
            "POST",
            "/v1/customers/{customer}/policies/{policy}/devices",
            json!({ "deviceIds": [ids.device] }),
        ),
        (
            "POST",
            "/v1/customers/{customer}/agreements",
            json!({
                "type": "MicrosoftCustomerAgreement", "dateAgreed": "2020-03-01",
                "primaryContact": { "firstName": "E", "lastName": "E", "email": "e@e.example" },
            }),
        ),
    ]
}

/// A partner's own routes: its users, its partnerships.
pub(super) fn own(ids: &Ids) -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("GET", "/v1/users/{user}", Value::Null),
        ("PATCH", "/v1/users/{user}", json!({ "fullName": "Eve" })),
        ("DELETE", "/v1/users/{user}", json!({})),
        ("POST", "/v1/users/{user}/restore", json!({})),
        ("PATCH", "/v1/users/{user}/resetpassword", json!({})),
        ("DELETE", "/v1/sessions/{token}", json!({})),
        ("GET", "/v1/users/{user}/skills", Value::Null),
        ("PUT", "/v1/users/{user}/skills", json!({ "skills": [] })),
        ("GET", "/v1/users/{user}/preferences/notifications/service_health/web", Value::Null),
        ("GET", "/v1/users/{user}/tokens", Value::Null),
        ("POST", "/v1/users/{user}/tokens", json!({})),
        ("DELETE", "/v1/users/{user}/tokens/{token}", json!({})),
        ("POST", "/v1/roles/{role}/usermembers", json!({ "id": ids.user })),
        ("DELETE", "/v1/roles/{role}/usermembers/{user}", json!({})),
        ("GET", "/v1/servicerequests/{request}", Value::Null),
        ("PATCH", "/v1/servicerequests/{request}", json!({ "status": "closed" })),
        ("DELETE", "/v1/company/partners/{reseller}/delegatedadmin", json!({})),
        ("GET", "/v1/relationshiprequests/{invitation}", Value::Null),
        ("PATCH", "/v1/relationshiprequests/{invitation}", json!({ "subject": "Mine" })),
        ("POST", "/v1/relationshiprequests/{invitation}/send", json!({})),
        ("POST", "/v1/relationshiprequests/{invitation}/withdraw", json!({})),
        ("GET", "/v1/partnerships/{partnership}", Value::Null),
        ("PATCH", "/v1/partnerships/{partnership}", json!({ "text": "Open {link}" })),
        ("POST", "/v1/partnerships/{partnership}/send", json!({})),
        ("POST", "/v1/partnerships/{partnership}/withdraw", json!({})),
        ("POST", "/v1/partnerships/{partnership}/end", json!({})),
        ("GET", "/v1/applications/{application}", Value::Null),
        ("POST", "/v1/applications/{application}/secrets", json!({})),
        ("DELETE", "/v1/applications/{application}/secrets/{token}", json!({})),
        ("DELETE", "/v1/applications/{application}", json!({})),
        ("GET", "/v1/leads/{lead}", Value::Null),
        ("POST", "/v1/leads/{lead}/accept", json!({})),
        ("POST", "/v1/leads/{lead}/decline", json!({})),
        ("POST", "/v1/leads/{lead}/withdraw", json!({})),
        ("POST", "/v1/leads/{lead}/customer", NewCustomer::body("Relecloud", "other.example")),
    ]
}

/// The routes of the installation's operators, which no partner has.
pub(super) fn of_operators() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("GET", "/v1/operator/servicerequests/{request}", Value::Null),
        ("PATCH", "/v1/operator/servicerequests/{request}", json!({ "status": "closed" })),
        (
            "POST",
            "/v1/operator/servicerequests/{request}/verify",
            json!({ "absence": "left", "evidence": "Seen" }),
        ),
        ("POST", "/v1/operator/servicerequests/{request}/carryout", json!({})),
        ("GET", "/v1/operator/partners/{reseller}/network", Value::Null),
        ("POST", "/v1/operator/partners/{reseller}/competencies", json!({})),
        ("PATCH", "/v1/operator/partners/{reseller}/competencies/{lead}", json!({})),
        ("DELETE", "/v1/operator/partners/{reseller}/competencies/{lead}", json!({})),
        ("POST", "/v1/operator/partners/{reseller}/benefits", json!({})),
        ("DELETE", "/v1/operator/partners/{reseller}/benefits/{lead}", json!({})),
        ("POST", "/v1/operator/incidents/{lead}/updates", json!({})),
        ("POST", "/v1/operator/incidents/{lead}/resolve", json!({})),
        ("POST", "/v1/operator/servicerequests/{request}/decline", json!({ "because": "No" })),
    ]
}

/// A partner's invoices. A month must be over before there is one, so here is none to be found; the
/// journey of the sample's invoices asks for those of another partner.
pub(super) const INVOICES: [&str; 3] =
    ["/v1/invoices/{invoice}", "/v1/invoices/{invoice}/lineitems", "/v1/invoices/{invoice}/csv"];
