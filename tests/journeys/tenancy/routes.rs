//! Every route that has somebody's id in its path, called by somebody else.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::json;
use tests::{Api, Registered};

use super::{
    accept,
    ids::Ids,
    invite, market,
    tables::{INVOICES, READS, of_operators, own, things, writes},
};

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
    let program = ours.post("/v1/applications", &json!({ "name": "fabrikam sync" })).expect(201);
    let application = program.text_at("/id");
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
        application,
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
        "/v1/applications",
        "/v1/rolehistory",
        "/v1/rolematrix",
        "/v1/history",
        "/v1/events",
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
        "/v1/products/{}",
        "/v1/products/{}/skus",
        "/v1/products/{}/skus/{}",
        "/v1/products/{}/skus/{}/availabilities",
        "/v1/products/{}/skus/{}/availabilities/{}",
        "/v1/roles/{}/usermembers",
        "/v1/profiles/public/{}",
        "/v1/domains/{}",
        "/v1/countryvalidationrules/{}",
        "/v1/agreementtemplates/{}/document",
        // Tried with words for what they name beside the user.
        "/v1/users/{}/preferences/notifications/{}/{}",
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
        let path = entry.unwrap().path();
        if path.is_dir() {
            continue;
        }
        let source = fs::read_to_string(path).unwrap();
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
