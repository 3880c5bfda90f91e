//! Invoices of the sample: a year in which months were closed.

use serde_json::{Value, json};
use tests::{Answer, Api, Credentials, NewCustomer, PageSession, Sample};

use super::Visit;
use crate::sign_in::{CHOSEN, settle};

/// The directory role of a company's billing admins.
const COMPANY_BILLING_ADMIN: &str = "b0f54661-2d74-4c50-afa3-1ec803f12efe";

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.unwrap_or_else(|| panic!("no text at {pointer} in {value}"))
}

fn units(value: &Value, pointer: &str) -> u64 {
    let found = value.pointer(pointer).and_then(Value::as_u64);
    found.unwrap_or_else(|| panic!("no number at {pointer} in {value}"))
}

/// All items of a list that is read part by part.
fn in_parts(api: &Api, path: &str) -> Vec<Value> {
    let mut answer = api.get(path).expect(200);
    let mut items = answer.items();
    while let Some(token) = answer.json()["continuationToken"].as_str().map(str::to_owned) {
        let bare = path.split('?').next().unwrap();
        let next = api.request("GET", &format!("{bare}?seekOperation=Next"));
        answer = next.header("MS-ContinuationToken", &token).send().expect(200);
        items.extend(answer.items());
    }
    assert_eq!(answer.json()["totalCount"].as_u64().unwrap(), items.len() as u64);
    items
}

#[test]
fn every_closed_month_of_the_sample_is_billed_and_its_lines_add_up() {
    let sample = Sample::open(crate::PROGRAM);
    let api = sample.acting_as("billing_admin");
    let all = api.items("/v1/invoices");
    assert!(all.len() >= 10, "a year has closed months: {}", all.len());
    let months: Vec<_> = all.iter().map(|it| text(it, "/month")).collect();
    assert!(months.is_sorted_by(|a, b| a > b), "newest first: {months:?}");
    assert_eq!(in_parts(&api, "/v1/invoices?size=3"), all);

    let invoice = &all[1];
    let path = format!("/v1/invoices/{}", text(invoice, "/id"));
    assert_eq!(api.get(&path).expect(200).json(), invoice);
    assert_eq!(api.get(&path.to_uppercase()).expect(200).json(), invoice);
    let lines = in_parts(&api, &format!("{path}/lineitems?size=7"));
    assert_eq!(lines.len() as u64, units(invoice, "/lineItemCount"));
    let sum: u64 = lines.iter().map(|line| units(line, "/amount/minorUnits")).sum();
    assert_eq!(sum, units(invoice, "/total/minorUnits"));
    assert_eq!(api.items(&format!("{path}/lineitems")), lines);

    let file = api.get(&format!("{path}/csv")).expect(200);
    assert!(file.header("Content-Type").unwrap().starts_with("text/csv"));
    assert_eq!(file.text.lines().count(), lines.len() + 1);
    assert!(file.text.contains(text(&lines[0], "/subscriptionId")));

    let customer = text(&lines[0], "/customerId");
    let own = api.items(&format!("{path}/lineitems?customerId={customer}"));
    assert!(!own.is_empty() && own.iter().all(|line| line["customerId"] == customer));
    let narrowed = api.items(&format!("/v1/invoices?customerId={customer}"));
    assert!(narrowed.contains(invoice) && narrowed.len() <= all.len());
    let month = months[1];
    let only = api.items(&format!("/v1/invoices?from={month}&to={month}"));
    assert_eq!(only, std::slice::from_ref(invoice));

    refuses_what_makes_no_sense(&api, &path);
    tells_the_same_at_every_moment_since(&api, invoice);
    shows_pages(&sample, invoice, &file);
    a_name_in_the_file_is_no_formula(&sample.acting_as("global_admin"), customer, &path);
}

fn a_name_in_the_file_is_no_formula(admin: &Api, customer: &str, path: &str) {
    let mut billing = NewCustomer::body("=1+1", "any.example")["billingProfile"].clone();
    billing["companyName"] = "=1+1".into();
    admin.put(&format!("/v1/customers/{customer}/profiles/billing"), &billing).expect(200);
    let file = admin.get(&format!("{path}/csv")).expect(200).text;
    assert!(file.contains(&format!("{customer},'=1+1,")), "{file}");
    let lines = admin.items(&format!("{path}/lineitems?customerId={customer}"));
    assert_eq!(text(&lines[0], "/customerName"), "=1+1");
}

fn refuses_what_makes_no_sense(api: &Api, path: &str) {
    for wrong in ["from=2026", "to=2026-13", "from=2026-02&to=2026-01", "customerId=42"] {
        api.get(&format!("/v1/invoices?{wrong}")).refused(400, 2000);
    }
    api.get(&format!("{path}/lineitems?customerId=42")).refused(400, 2000);
    let (rest, _) = path.rsplit_once('_').unwrap();
    for nothing in ["/v1/invoices/42", &format!("{rest}_xxx"), &path.replace("_20", "_90")] {
        api.get(nothing).refused(404, 1000);
        api.get(&format!("{nothing}/lineitems")).refused(404, 1000);
        api.get(&format!("{nothing}/csv")).refused(404, 1000);
    }
}

/// A closed month does not change: it is what it was in its first moment.
fn tells_the_same_at_every_moment_since(api: &Api, invoice: &Value) {
    let closed = text(invoice, "/invoiceDate");
    let then = api.items(&format!("/v1/invoices?asOf={closed}"));
    assert_eq!(&then[0], invoice);
    let path = format!("/v1/invoices/{}", text(invoice, "/id"));
    let lines = |moment: &str| api.items(&format!("{path}/lineitems{moment}"));
    assert_eq!(lines(&format!("?asOf={closed}")), lines(""));
    let before = jiff::Timestamp::from_microsecond(
        closed.parse::<jiff::Timestamp>().unwrap().as_microsecond() - 1,
    );
    let before = format!("asOf={}", before.unwrap());
    assert!(!api.items(&format!("/v1/invoices?{before}")).contains(invoice));
    api.get(&format!("{path}?{before}")).refused(404, 1000);
}

fn shows_pages(sample: &Sample, invoice: &Value, file: &Answer) {
    let visit = Visit::begin(&sample.server, sample.token("billing_admin"));
    let list = visit.get("/invoices").expect(200).text;
    let path = format!("/invoices/{}", text(invoice, "/id"));
    let total = text(invoice, "/total/text");
    assert!(list.contains(&path) && list.contains(total), "{list}");
    let shown = visit.get(&path).expect(200).text;
    assert!(shown.contains(total) && shown.contains("lines.csv"), "{shown}");
    assert_eq!(visit.get(&format!("{path}/lines.csv")).expect(200).text, file.text);
    visit.get(&path.replace("_20", "_90")).expect(404);
}

#[test]
fn invoices_are_for_billing_and_lines_of_a_customer_for_who_helps_it_and_for_itself() {
    let sample = Sample::open(crate::PROGRAM);
    let admin = sample.acting_as("global_admin");
    let invoice = admin.items("/v1/invoices")[0].clone();
    let path = format!("/v1/invoices/{}", text(&invoice, "/id"));
    let lines = admin.items(&format!("{path}/lineitems"));
    let customer = text(&lines[0], "/customerId");
    let help = format!("/v1/customers/{customer}/invoicelineitems");
    let billing_page = format!("/customers/{customer}/billing");
    for (role, bills, helps) in [
        ("global_admin", true, true),
        ("admin_agent", true, true),
        ("billing_admin", true, false),
        ("helpdesk_agent", false, true),
        ("sales_agent", false, false),
        ("user_management_admin", false, false),
    ] {
        let (staff, visit) =
            (sample.acting_as(role), Visit::begin(&sample.server, sample.token(role)));
        let expected = |allowed: bool| if allowed { 200 } else { 403 };
        for path in ["/v1/invoices", &path, &format!("{path}/lineitems"), &format!("{path}/csv")] {
            staff.get(path).expect(expected(bills));
        }
        staff.get(&help).expect(expected(helps));
        let page = visit.get("/invoices").expect(expected(bills)).text;
        assert_eq!(page.contains("href=\"/invoices\""), bills, "{role}");
        visit.get(&billing_page).expect(expected(helps));
    }

    let shown = sample.acting_as("helpdesk_agent").items(&help);
    let of_month: Vec<_> = shown.iter().filter(|line| line["month"] == invoice["month"]).collect();
    let billed = lines.iter().filter(|line| line["customerId"] == customer).count();
    assert_eq!(of_month.len(), billed);
    assert_eq!(in_parts(&sample.acting_as("helpdesk_agent"), &format!("{help}?size=2")), shown);
    let month = text(&invoice, "/month");
    let narrowed = admin.items(&format!("{help}?from={month}&to={month}"));
    assert_eq!(narrowed.iter().collect::<Vec<_>>(), of_month);

    another_partner_sees_its_own_customers_only(&sample, &path, &lines);
    the_company_sees_what_its_partner_bills(&sample, customer, &shown);
}

fn another_partner_sees_its_own_customers_only(sample: &Sample, path: &str, lines: &[Value]) {
    let reseller = sample.acting_as("reseller_global_admin");
    assert_eq!(reseller.items("/v1/invoices"), [] as [Value; 0], "it sold nothing itself");
    for path in [path, &format!("{path}/lineitems"), &format!("{path}/csv")] {
        reseller.get(path).refused(404, 1000);
    }
    let served = reseller.items("/v1/customers");
    let served: Vec<_> = served.iter().map(|it| text(it, "/id")).collect();
    assert!(!served.is_empty());
    let mut helped = 0;
    for line in lines {
        let customer = text(line, "/customerId");
        let answer = reseller.get(&format!("/v1/customers/{customer}/invoicelineitems"));
        if served.contains(&customer) {
            helped += answer.expect(200).items().len();
        } else {
            answer.refused(403, 20_002);
        }
    }
    assert!(helped > 0, "a reseller helps its customers with what the provider sold them");
}

/// Nobody but its global and billing admins.
fn the_company_sees_what_its_partner_bills(sample: &Sample, customer: &str, shown: &[Value]) {
    let admin = sample.acting_as("global_admin");
    let path = format!("/v1/customers/{customer}");
    let nobody = Credentials { user_name: String::new(), password: String::new() };
    let company = NewCustomer {
        id: customer.to_owned(),
        domain: admin.get(&path).expect(200).text_at("/companyProfile/domain"),
        path: path.clone(),
        admin: nobody,
    };
    let user = admin.create_user(&company, "billing");
    let own = settle(&sample.server, &user.credentials);
    let pages = PageSession::by_password(&sample.server, &user.credentials.user_name, CHOSEN);
    own.get("/v1/company/invoicelineitems").refused(403, 900_150);
    pages.open("/company/billing").expect(403);
    assert!(!pages.open("/company").expect(200).text.contains("/company/billing"));

    let members = format!("{path}/directoryroles/{COMPANY_BILLING_ADMIN}/usermembers");
    admin.post(&members, &json!({ "id": user.id })).expect(201);
    assert_eq!(own.items("/v1/company/invoicelineitems"), shown);
    let month = text(&shown[0], "/month");
    let narrowed = own.items(&format!("/v1/company/invoicelineitems?from={month}"));
    assert!(narrowed.iter().all(|line| line["month"] == month) && !narrowed.is_empty());
    own.get("/v1/company/invoicelineitems?from=x").refused(400, 2000);
    assert_eq!(own.items("/v1/company/invoicelineitems?asOf=1"), [] as [Value; 0]);
    own.get("/v1/invoices").expect(403);
    assert!(pages.open("/company").expect(200).text.contains("/company/billing"));
    let page = pages.open("/company/billing").expect(200).text;
    assert!(page.contains(text(&shown[0], "/amount/text")), "{page}");
}
