//! Every route that has somebody's id in its path, called by somebody else.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::{Value, json};
use tests::{Api, NewCustomer, OFFER_PREMIUM, Registered, SKU_PREMIUM};

use super::{accept, invite, market};

/// A customer's routes that read.
const READS: [&str; 38] = [
    "/v1/customers/{customer}/offers",
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
fn writes(ids: &Ids) -> Vec<(&'static str, &'static str, Value)> {
    let users = json!({ "userIds": [ids.user] });
    let sku = json!([{ "skuId": SKU_PREMIUM }]);
    let cart = json!([{ "catalogItemId": OFFER_PREMIUM, "quantity": 1 }]);
    let line = json!([{ "lineItemNumber": 0, "offerId": OFFER_PREMIUM, "quantity": 1 }]);
    let billing = NewCustomer::body("Stolen", "relecloud.example")["billingProfile"].clone();
    let eve = json!({ "userPrincipalName": "eve@relecloud.example", "displayName": "Eve" });
    vec![
        ("PATCH", "/v1/customers/{customer}", json!({ "relationshipToPartner": "none" })),
        ("PUT", "/v1/customers/{customer}/profiles/billing", billing),
        ("POST", "/v1/customers/{customer}/users", eve),
        ("POST", "/v1/customers/{customer}/users/import", json!({})),
        ("PATCH", "/v1/customers/{customer}/users/{user}", json!({ "displayName": "Eve" })),
        ("PATCH", "/v1/customers/{customer}/users/{gone}", json!({ "state": "active" })),
        ("DELETE", "/v1/customers/{customer}/users/{user}", json!({})),
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
        ("POST", "/v1/customers/{customer}/orders", json!({ "lineItems": line })),
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
            "PUT",
            "/v1/customers/{customer}/subscriptions/{subscription}/supportcontact",
            json!({ "supportTenantId": ids.reseller }),
        ),
        ("POST", "/v1/customers/{customer}/carts", json!({ "lineItems": cart })),
        ("PUT", "/v1/customers/{customer}/carts/{cart}", json!({ "lineItems": cart })),
        ("DELETE", "/v1/customers/{customer}/carts/{cart}", json!({})),
        ("POST", "/v1/customers/{customer}/carts/{cart}/review", json!({})),
        ("POST", "/v1/customers/{customer}/carts/{cart}/checkout", json!({})),
        (
            "POST",
            "/v1/customers/{customer}/directoryroles/{role}/usermembers",
            json!({ "id": ids.user }),
        ),
        ("DELETE", "/v1/customers/{customer}/directoryroles/{role}/usermembers/{user}", json!({})),
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
fn things(ids: &Ids) -> Vec<(&'static str, &'static str, Value)> {
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
fn own(ids: &Ids) -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("GET", "/v1/users/{user}", Value::Null),
        ("PATCH", "/v1/users/{user}", json!({ "fullName": "Eve" })),
        ("DELETE", "/v1/users/{user}", json!({})),
        ("POST", "/v1/users/{user}/restore", json!({})),
        ("PATCH", "/v1/users/{user}/resetpassword", json!({})),
        ("GET", "/v1/users/{user}/skills", Value::Null),
        ("PUT", "/v1/users/{user}/skills", json!({ "skills": [] })),
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
        ("GET", "/v1/leads/{lead}", Value::Null),
        ("POST", "/v1/leads/{lead}/accept", json!({})),
        ("POST", "/v1/leads/{lead}/decline", json!({})),
        ("POST", "/v1/leads/{lead}/withdraw", json!({})),
        ("POST", "/v1/leads/{lead}/customer", NewCustomer::body("Relecloud", "other.example")),
    ]
}

/// The routes of the installation's operators, which no partner has.
fn of_operators() -> Vec<(&'static str, &'static str, Value)> {
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
const INVOICES: [&str; 3] =
    ["/v1/invoices/{invoice}", "/v1/invoices/{invoice}/lineitems", "/v1/invoices/{invoice}/csv"];

/// What the words in a route stand for.
#[derive(Default)]
struct Ids {
    customer: String,
    user: String,
    gone: String,
    subscription: String,
    cart: String,
    order: String,
    role: String,
    reseller: String,
    token: String,
    partnership: String,
    invitation: String,
    permission: String,
    lead: String,
    request: String,
    batch: String,
    device: String,
    policy: String,
    invoice: String,
}

impl Ids {
    fn fill(&self, route: &str) -> String {
        let words = [
            ("{customer}", self.customer.as_str()),
            ("{user}", &self.user),
            ("{gone}", &self.gone),
            ("{subscription}", &self.subscription),
            ("{cart}", &self.cart),
            ("{order}", &self.order),
            ("{role}", &self.role),
            ("{reseller}", &self.reseller),
            ("{token}", &self.token),
            ("{partnership}", &self.partnership),
            ("{invitation}", &self.invitation),
            ("{permission}", &self.permission),
            ("{lead}", &self.lead),
            ("{request}", &self.request),
            ("{batch}", &self.batch),
            ("{device}", &self.device),
            ("{policy}", &self.policy),
            ("{invoice}", &self.invoice),
            ("{deleted}", &tests::user_filter("Inactive")),
        ];
        words.iter().fold(route.to_owned(), |path, (word, id)| path.replace(word, id))
    }

    /// A customer with everything that can be asked for.
    fn of_customer(ours: &Api, reseller: &Registered) -> Self {
        let customer = ours.create_customer("Relecloud", "relecloud.example");
        let subscription = ours.order(&customer, OFFER_PREMIUM, 3);
        let item = json!([{ "catalogItemId": OFFER_PREMIUM, "quantity": 1 }]);
        let carts = format!("{}/carts", customer.path);
        let cart = ours.post(&carts, &json!({ "lineItems": item })).expect(201).text_at("/id");
        let orders = ours.items(&format!("{}/orders", customer.path));
        let permitted = json!({
            "selfServeEntity": { "tenantID": customer.id }, "permissions": [{ "action": "Purchase" }],
        });
        let permission = ours.post("/v1/selfservepolicy", &permitted).expect(201).text_at("/id");
        let user = ours.create_user(&customer, "nora");
        let gone = ours.create_user(&customer, "nils");
        ours.delete_user(&gone);
        let question = json!({ "title": "nora cannot sign in", "description": "nora again" });
        let asked = ours.post(&format!("{}/servicerequests", customer.path), &question);
        let list = json!({ "name": "Relecloud", "devices": [{ "serialNumber": "SN-1" }] });
        let batches = format!("{}/devicebatches", customer.path);
        let batch = ours.post(&batches, &list).expect(201).text_at("/id");
        let device = ours.items(&format!("{batches}/{batch}/devices"))[0]["id"].clone();
        let policy = json!({ "name": "Relecloud", "policySettings": ["skip_eula"] });
        let policy = ours.post(&format!("{}/policies", customer.path), &policy).expect(201);
        Self {
            request: asked.expect(201).text_at("/id"),
            order: orders[0]["id"].as_str().unwrap().to_owned(),
            customer: customer.id,
            batch,
            device: device.as_str().unwrap().to_owned(),
            policy: policy.text_at("/id"),
            user: user.id,
            gone: gone.id,
            subscription,
            cart,
            permission,
            role: "62e90394-69f5-4237-9190-012177145e10".to_owned(),
            reseller: reseller.partner.clone(),
            ..Self::default()
        }
    }
}

fn leaks_nothing(answer: &tests::Answer) {
    for secret in ["elecloud", "nora", "fabrikam", "Bo Berg", "wanda@"] {
        assert!(!answer.text.contains(secret), "{secret} in {answer}");
    }
}

/// Refers a company to the reseller; the lead.
fn lead(ours: &Api, wingtip: &Api, reseller: &Registered) -> String {
    let (link, _) = invite(ours);
    accept(wingtip, &link).expect_success();
    let contact = json!({
        "firstName": "Bo", "lastName": "Berg", "email": "wanda@relecloud.example",
    });
    let lead = json!({
        "resellerId": reseller.partner, "companyName": "Relecloud", "contact": contact,
    });
    ours.post("/v1/leads", &lead).expect(201).text_at("/id")
}

#[test]
fn another_partners_token_opens_no_route_of_a_customer() {
    let (market, ours, theirs, _) = market();
    let ids = Ids::of_customer(&ours, &market.reseller);
    let position = market.server.position();
    for route in READS {
        let path = ids.fill(route);
        ours.get(&path).expect(200);
        leaks_nothing(&theirs.get(&path).refused(403, 20_002));
        let then = format!("{path}{}asOf={position}", if path.contains('?') { '&' } else { '?' });
        leaks_nothing(&theirs.get(&then).refused(403, 20_002));
    }
    for (method, route, body) in writes(&ids).into_iter().chain(things(&ids)) {
        let refused = theirs.request(method, &ids.fill(route)).json(&body).send();
        leaks_nothing(&refused.refused(403, 20_002));
    }
    assert_eq!(market.server.position(), position, "nothing was changed");
    assert!(theirs.items("/v1/customers").is_empty());
}

#[test]
fn another_partners_token_opens_no_route_of_a_partner() {
    let (market, ours, theirs, wingtip) = market();
    let user = ours.add_partner_user("Bo Berg", "bo@fabrikam.example", &["sales_agent"]).id;
    let tokens = format!("/v1/users/{user}/tokens");
    let token = ours.post(&tokens, &json!({})).expect(201).text_at("/id");
    let (_, partnership) = invite(&ours);
    let lead = lead(&ours, &wingtip, &market.reseller);
    let question = json!({ "title": "Bo Berg has left", "description": "fabrikam" });
    let request = ours.post("/v1/servicerequests/en-us", &question).expect(201).text_at("/id");
    let role = "sales_agent".to_owned();
    let asked = json!({ "subject": "fabrikam asks", "recipient": "wanda@relecloud.example" });
    let invitation = ours.post("/v1/relationshiprequests", &asked).expect(201).text_at("/id");
    let reseller = market.reseller.partner.clone();
    let invoice = format!("{}_2026-01_usd", market.installation.provider.partner);
    let ids = Ids {
        user,
        role,
        reseller,
        token,
        partnership,
        invitation,
        lead,
        request,
        invoice,
        ..Ids::default()
    };
    let position = market.server.position();
    for (method, route, body) in own(&ids) {
        let path = ids.fill(route);
        if method == "GET" {
            ours.get(&path).expect(200);
        }
        let refused = theirs.request(method, &path).json(&body).send();
        let expected = [(403, 900_150), (404, 60_002), (404, 1000)];
        let found = (refused.status, refused.error_code().unwrap());
        assert!(expected.contains(&found), "{refused}");
        leaks_nothing(&refused);
    }
    for route in INVOICES {
        leaks_nothing(&theirs.get(&ids.fill(route)).refused(404, 1000));
    }
    for (method, route, body) in of_operators() {
        for partner in [&ours, &theirs] {
            let refused = partner.request(method, &ids.fill(route)).json(&body).send();
            leaks_nothing(&refused.refused(403, 900_150));
        }
    }
    assert_eq!(market.server.position(), position, "nothing was changed");
    let lists = [
        "/v1/users",
        "/v1/rolehistory",
        "/v1/rolematrix",
        "/v1/history",
        "/v1/partnerships",
        "/v1/leads",
        "/v1/invoices",
        "/v1/relationshiprequests",
        "/v1/servicerequests",
    ];
    for list in lists {
        leaks_nothing(&theirs.get(list).expect(200));
    }
    let again = json!({ "fullName": "Bo", "email": "bo@fabrikam.example" });
    theirs.post("/v1/users", &again).refused(409, 2000);
}

#[test]
fn no_route_with_an_id_is_missing_from_these_tests() {
    let ids = Ids::default();
    let tried: BTreeSet<String> = READS
        .into_iter()
        .chain(writes(&ids).into_iter().map(|(_, route, _)| route))
        .chain(things(&ids).into_iter().map(|(_, route, _)| route))
        .chain(own(&ids).into_iter().map(|(_, route, _)| route))
        .chain(INVOICES)
        .chain(of_operators().into_iter().map(|(_, route, _)| route))
        .map(shape)
        .collect();
    // What everybody may see, the members of one's own roles, and what operators grant, which other
    // partners try where it is told of.
    let open = [
        "/v1/auditrecords/{}",
        "/v1/relationships/{}/customer",
        "/v1/competencies/{}",
        "/v1/benefits/{}",
        "/v1/benefits/{}/activate",
        "/v1/benefits/{}/deactivate",
        "/v1/offers/{}",
        "/v1/offers/{}/addons",
        "/v1/roles/{}/usermembers",
        "/v1/profiles/public/{}",
        "/v1/domains/{}",
        "/v1/validations/checkdomainavailability/{}",
    ];
    let open = open.map(str::to_owned);
    let missing: Vec<String> = declared()
        .into_iter()
        .filter(|route| !tried.contains(route) && !open.contains(route))
        .collect();
    assert!(missing.is_empty(), "no other partner tried {missing:?}");
}

/// A route without the names of its ids and without parameters.
fn shape(route: &str) -> String {
    let path = route.split('?').next().unwrap();
    let part = |part: &str| if part.starts_with('{') { "{}".to_owned() } else { part.to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// Every route with an id that the sources of the API declare.
fn declared() -> BTreeSet<String> {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/api");
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(sources).unwrap() {
        let source = fs::read_to_string(entry.unwrap().path()).unwrap();
        let source = source.split("#[cfg(test)]").next().unwrap();
        let texts: Vec<&str> = source.split('"').skip(1).step_by(2).collect();
        let named = |name: &str| {
            let declaration = source.split(&format!("let {name} = \"")).nth(1)?;
            declaration.split('"').next()
        };
        for text in texts.iter().filter(|text| text.contains('{')) {
            if text.starts_with("/v1/") && !text.contains('?') {
                found.insert(shape(text));
            }
            let begins = text.strip_prefix('{').and_then(|text| text.split_once("}/"));
            if let Some((name, rest)) = begins
                && let Some(base) = named(name).filter(|base| base.starts_with("/v1/"))
            {
                found.insert(shape(&format!("{base}/{rest}")));
            }
        }
    }
    assert!(found.len() > 20, "the routes are declared elsewhere now: {found:?}");
    found
}
