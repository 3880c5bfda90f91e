//! Who may call what? Every operation of the document, called on the real server by somebody of every
//! role and by everybody else, against the table in `permissions.txt` and the matrix in `docs/`.

use std::{collections::BTreeMap, fmt::Write, fs, path::PathBuf};

use serde_json::{Value, json};
use tests::{Api, OFFER_E3, Sample};

use crate::{
    PROGRAM,
    document::{self, Operation},
};

/// Set to write `docs/role-matrix.md` anew.
const WRITE: &str = "WRITE_ROLE_MATRIX";
/// What each operation takes.
const PERMISSIONS: &str = include_str!("permissions.txt");
/// A role that customer users have.
const HELPDESK: &str = "729827e3-9c14-49f7-bb1b-9608f156bbb8";
/// The roles of partner users, as the matrix has them, with the names of its columns. The strongest
/// comes last: what it changes nobody needs any more.
const ROLES: [(&str, &str); 16] = [
    ("default_access", "Df"),
    ("billing_admin", "Bi"),
    ("user_management_admin", "Us"),
    ("mpn_partner_admin", "Mp"),
    ("account_admin", "Ac"),
    ("business_profile_admin", "Bp"),
    ("referral_admin", "Ra"),
    ("referral_user", "Ru"),
    ("incentives_admin", "Ia"),
    ("incentives_user", "Iu"),
    ("report_viewer", "Re"),
    ("executive_report_viewer", "Ex"),
    ("helpdesk_agent", "He"),
    ("sales_agent", "Sa"),
    ("admin_agent", "Aa"),
    ("global_admin", "Ga"),
];
/// Everybody else.
const OTHERS: [(&str, &str); 6] = [
    ("nobody", "no"),
    ("another_partner", "op"),
    ("customer_global_admin", "cu"),
    ("operator", "su"),
    ("auditor", "au"),
    ("application", "ap"),
];

/// What an answer says about rights.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Verdict {
    /// Whatever it says, not that the caller may not.
    May,
    /// 403 with 900150: the role.
    MayNot,
    /// 403 with 20002: somebody else's.
    NotTheirs,
    /// 401: nobody in particular.
    Unknown,
}

impl Verdict {
    fn of(status: u16, code: Option<u64>) -> Self {
        match (status, code) {
            (401, _) => Self::Unknown,
            (403, Some(20_002)) => Self::NotTheirs,
            (403, _) => Self::MayNot,
            _ => Self::May,
        }
    }

    const fn cell(self) -> &'static str {
        match self {
            Self::May => "x",
            Self::MayNot => "",
            Self::NotTheirs => "o",
            Self::Unknown => "?",
        }
    }
}

/// Verdicts by operation and caller.
type Matrix = BTreeMap<String, BTreeMap<&'static str, Verdict>>;

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A client of everybody.
fn callers(sample: &Sample) -> Vec<(&'static str, Api)> {
    let admin = sample.acting_as("global_admin");
    let body = json!({ "name": "Walker" });
    let registered = admin.post("/v1/applications", &body).expect(201);
    let partner = admin.get("/v1/me").expect(200).text_at("/partnerId");
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}&resource={}",
        registered.text_at("/id"),
        registered.text_at("/secret"),
        "https://api.partnercenter.microsoft.com",
    );
    let asked = sample.server.anonymous().request("POST", &format!("/{partner}/oauth2/token"));
    let asked = asked.raw(form).header("Content-Type", "application/x-www-form-urlencoded").send();
    let application = sample.server.api(&asked.expect(200).text_at("/access_token"));
    let others = OTHERS.map(|(name, _)| match name {
        "nobody" => (name, sample.server.anonymous()),
        "another_partner" => (name, sample.acting_as("reseller_global_admin")),
        "application" => (name, application.clone()),
        _ => (name, sample.acting_as(name)),
    });
    let roles = ROLES.map(|(name, _)| (name, sample.acting_as(name)));
    others.into_iter().chain(roles).collect()
}

/// Identifiers of things that exist, for operations that look for them before they ask who may.
fn known(admin: &Api, customer: &str, partner: &str) -> BTreeMap<&'static str, String> {
    let first = |path: &str| {
        admin.items(path).first().map(|it| it["id"].as_str().unwrap_or_default().to_owned())
    };
    let question = json!({ "title": "Too many letters", "description": "Every day" });
    let requests = format!("/v1/customers/{customer}/servicerequests");
    let request = admin.post(&requests, &question).expect(201).text_at("/id");
    let found = [
        ("customer", Some(customer.to_owned())),
        ("record", first("/v1/auditrecords?size=1")),
        ("invoice", first("/v1/invoices")),
        ("request", Some(request)),
        ("policy", Some(format!("{partner}_{customer}"))),
        ("role", Some("sales_agent".to_owned())),
    ];
    found.into_iter().filter_map(|(name, id)| Some((name, id?))).collect()
}

/// A customer of the provider alone, with an active subscription.
pub(crate) fn customer(admin: &Api) -> String {
    let served = |id: &str| {
        let all = admin.items(&format!("/v1/customers/{id}/subscriptions"));
        all.iter().any(|it| it["status"] == "active")
            && admin.items(&format!("/v1/customers/{id}/relationships")).is_empty()
    };
    let customers = admin.items("/v1/customers");
    let ids = customers.iter().filter_map(|it| it["id"].as_str());
    ids.map(str::to_owned).find(|id| served(id)).expect("such a customer")
}

/// A body that is good enough to be asked who may: where the example names what does not exist.
fn body(operation: &Operation, customer: &str) -> Value {
    let example = operation.body.clone().unwrap_or(Value::Null);
    match operation.path.rsplit('/').next().unwrap_or_default() {
        "orders" | "carts" | "{cart}" if operation.method != "PATCH" => json!({ "lineItems": [
            { "lineItemNumber": 0, "offerId": OFFER_E3, "catalogItemId": OFFER_E3, "quantity": 1 }
        ] }),
        "servicerequests" | "{request}" if operation.method == "POST" => {
            json!({ "title": "Too few letters", "description": "For a week" })
        }
        "import" if operation.path == "/v1/customers/import" => json!(
            "Company name;Domain;First name;Last name;Email;Country;Address;City\r\n\
             Proseware;proseware.example;Kim;Berg;kim@proseware.example;DE;Ring 1;Bonn\r\n"
        ),
        _ if operation.path.starts_with("/v1/selfservepolicy") => json!({
            "selfServeEntity": { "selfServeEntityType": "customer", "tenantID": customer },
            "permissions": [{ "resource": "AzureReservedInstances", "action": "Purchase" }],
        }),
        _ => example,
    }
}

fn call(api: &Api, operation: &Operation, address: &str, customer: &str) -> Verdict {
    let mut request = api.request(&operation.method, address);
    if let Some(kind) = &operation.content_type {
        let body = body(operation, customer);
        let text = body.as_str().filter(|_| kind != "application/json");
        let text = text.map_or_else(|| body.to_string(), str::to_owned);
        request = request.raw(text).header("Content-Type", kind);
    }
    let answer = request.send();
    let verdict = Verdict::of(answer.status, answer.error_code());
    assert!(answer.status < 500, "{answer}");
    verdict
}

/// Whether an operation ends what its caller calls with, or answers without an end.
fn left_out(operation: &Operation) -> bool {
    let own = ["/v1/", "/webhooks/"].iter().any(|root| operation.path.starts_with(root));
    let left_out = ["/v1/sign-in", "/v1/sign-out", "/v1/password"];
    !own || left_out.contains(&operation.path.as_str()) || operation.path.starts_with("/v1/events")
}

fn walked(sample: &Sample) -> (Matrix, BTreeMap<String, String>) {
    let callers = callers(sample);
    let admin = sample.acting_as("global_admin");
    let customer = customer(&admin);
    let partner = admin.get("/v1/me").expect(200).text_at("/partnerId");
    let known = known(&admin, &customer, &partner);
    let (mut matrix, mut tags) = (Matrix::new(), BTreeMap::new());
    for operation in document::operations(&admin).into_iter().filter(|it| !left_out(it)) {
        let address = operation.address(|name| match name {
            "customer_id" | "entity_id" => known.get("customer").cloned(),
            "request" if operation.name() == "POST /v1/servicerequests/{request}" => {
                Some("en-us".to_owned())
            }
            "domain" if operation.method == "POST" => Some("school.relecloud.example".to_owned()),
            "policy" if !operation.path.contains("selfservepolicy") => None,
            "role" if operation.path.contains("directoryroles") => Some(HELPDESK.to_owned()),
            _ => known.get(name).cloned(),
        });
        let address = match operation.name().as_str() {
            // By the id in the query, as it may be too.
            "PATCH /v1/customers/{customer}/users" => format!("{address}?user_id={customer}"),
            "DELETE /v1/roles" => format!("{address}?role_id=sales_agent&member_id={customer}"),
            _ => address,
        };
        // An auditor of the whole installation says of which partner it reads.
        let mark = if address.contains('?') { '&' } else { '?' };
        let audited = format!("{address}{mark}partner={partner}");
        let row = callers.iter().map(|(name, api)| {
            let address = if *name == "auditor" { &audited } else { &address };
            (*name, call(api, &operation, address, &customer))
        });
        matrix.insert(operation.name(), row.collect());
        tags.insert(operation.name(), operation.tag.clone());
    }
    (matrix, tags)
}

/// Which roles allow a permission, as the server tells.
fn roles_with(admin: &Api) -> BTreeMap<String, Vec<String>> {
    let names = |list: &Value| {
        let names = list.as_array().expect("roles").iter().filter_map(Value::as_str);
        names.map(str::to_owned).collect()
    };
    let items = admin.items("/v1/permissions");
    let rows = items.iter().map(|it| {
        (it["permission"].as_str().expect("a permission").to_owned(), names(&it["roles"]))
    });
    rows.collect()
}

/// What the table says each operation takes: permissions of which one suffices, and who else may.
fn table() -> BTreeMap<String, Vec<&'static str>> {
    let lines = PERMISSIONS.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let rows = lines.map(|line| {
        let (operation, takes) = line.split_once(" | ").expect("an operation and what it takes");
        (operation.trim().to_owned(), takes.split_whitespace().collect())
    });
    rows.collect()
}

fn may(takes: &[&str], caller: &str, permissions: &BTreeMap<String, Vec<String>>) -> bool {
    takes.iter().any(|word| match *word {
        "everybody" => true,
        "partner" => ROLES.iter().any(|(role, _)| *role == caller),
        word => match word.strip_prefix('+') {
            Some(other) => other == caller,
            None => permissions
                .get(word)
                .unwrap_or_else(|| panic!("{word} is no permission"))
                .iter()
                .any(|role| role == caller),
        },
    })
}

fn drawn(matrix: &Matrix, tags: &BTreeMap<String, String>) -> String {
    let columns = || ROLES.iter().rev().chain(&OTHERS);
    let mut text = String::from(
        "# Who may call what\n\n\
         Made by the walk of the conformance suite, which calls every operation as everybody\n\
         (`WRITE_ROLE_MATRIX=1 cargo test -p services --test conformance walk`): do not edit. What an\n\
         operation takes is written in `tests/conformance/permissions.txt`.\n\n\
         `x` may, empty may not (403, code 900150), `o` has no relationship with the customer (403, code\n\
         20002), `?` is asked who it is (401).\n\n",
    );
    let legend: Vec<String> =
        columns().map(|(name, short)| format!("{short} {}", name.replace('_', " "))).collect();
    writeln!(text, "{}.", legend.join(", ")).expect("a text can be written");
    let mut by_tag: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
    for (operation, tag) in tags {
        by_tag.entry(tag).or_default().push(operation);
    }
    for (tag, operations) in by_tag {
        let heads: Vec<&str> = columns().map(|(_, short)| *short).collect();
        let rule = "|---".repeat(heads.len() + 1);
        writeln!(text, "\n## {tag}\n\n| | {} |\n{rule}|", heads.join(" | ")).expect("as above");
        for operation in operations {
            let row = &matrix[operation];
            let cells: Vec<&str> = columns().map(|(name, _)| row[name].cell()).collect();
            writeln!(text, "| `{operation}` | {} |", cells.join(" | ")).expect("as above");
        }
    }
    text
}

#[test]
fn every_operation_is_open_to_those_the_table_names_and_to_nobody_else() {
    let sample = Sample::open(PROGRAM);
    let (matrix, tags) = walked(&sample);
    let drawn = drawn(&matrix, &tags);
    let file = repository().join("docs/role-matrix.md");
    if std::env::var_os(WRITE).is_some() {
        fs::write(&file, &drawn).expect("the matrix can be written");
    }
    let permissions = roles_with(&sample.acting_as("global_admin"));
    let table = table();
    let mut faults = Vec::new();
    for (operation, row) in &matrix {
        let Some(takes) = table.get(operation) else {
            faults.push(format!("{operation}: is not in permissions.txt"));
            continue;
        };
        for (caller, verdict) in row {
            if may(takes, caller, &permissions) != (*verdict == Verdict::May) {
                faults.push(format!("{operation}: {caller}: {verdict:?} instead of {takes:?}"));
            }
        }
    }
    let gone = table.keys().filter(|operation| !matrix.contains_key(*operation));
    faults.extend(gone.map(|operation| format!("{operation}: is offered no more")));
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    let committed = fs::read_to_string(&file).unwrap_or_default();
    assert!(committed == drawn, "docs/role-matrix.md is not what was found; write it: {WRITE}=1");
}
