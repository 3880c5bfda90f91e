//! The CSV file of the customers a partner has already: at the command line and uploaded on the page.

use std::{
    fs,
    path::{Path, PathBuf},
};

use tests::{Answer, Installation, PageSession};

use crate::{
    begin,
    sign_in::{CHOSEN, settle},
};

const HEADER: &str = "Company name;Domain;First name;Last name;Email;Country;Address;City\r\n";
const PAGE: &str = "/customers/import";

fn row(company: &str, domain: &str) -> String {
    format!("{company};{domain};Kim;Berg;kim@{domain};DE;Ringstraße 1;Köln\r\n")
}

fn good_file() -> String {
    let rows = row("\"Müller; Söhne\"", "mueller.example") + &row("Proseware", "proseware.example");
    format!("\u{feff}{HEADER}{rows}")
}

fn written(installation: &Installation, name: &str, text: &str) -> PathBuf {
    let path = installation.beside(name);
    fs::write(&path, text).unwrap();
    path
}

fn import(installation: &Installation, file: &Path, more: &[&str]) -> tests::Finished {
    let mut options = more.to_vec();
    options.push(file.to_str().unwrap());
    installation.run(&["import", "customers"], &options)
}

#[test]
fn customers_are_imported_at_the_command_line_and_their_admins_sign_in() {
    let installation = begin();
    let by = ["--by", installation.provider.email.as_str()];
    let file = written(&installation, "customers.csv", &good_file());
    let imported = import(&installation, &file, &by).exited(0);
    let rows: Vec<_> = imported.stdout.trim_end().lines().collect();
    assert_eq!(rows.len(), 3, "{}", imported.stdout);
    let [_, user_name, password, _] = rows[2].split_whitespace().collect::<Vec<_>>()[..] else {
        panic!("four cells: {}", rows[2])
    };
    let credentials =
        tests::Credentials { user_name: user_name.to_owned(), password: password.to_owned() };

    let again = import(&installation, &file, &by).exited(2);
    for line in ["customers.csv:2: the domain is taken", "customers.csv:3: the domain is taken"] {
        assert!(again.stderr.contains(line), "{}", again.stderr);
    }
    let more = good_file() + &row("Tailspin", "tailspin.example");
    let file = written(&installation, "more.csv", &more);
    let skipping = [by.as_slice(), &["--skip-faulty"]].concat();
    let skipped = import(&installation, &file, &skipping).exited(0);
    assert!(skipped.stdout.contains("tailspin.example") && !skipped.stdout.contains("mueller"));

    let server = installation.serve();
    let customers = server.api(&installation.provider.token).items("/v1/customers");
    assert_eq!(customers.len(), 3);
    let company = settle(&server, &credentials);
    assert_eq!(company.get("/v1/company").expect(200).text_at("/companyName"), "Proseware");
}

#[test]
fn files_of_customers_that_are_of_no_use_are_refused_at_the_command_line() {
    let installation = begin();
    let before = crate::positions(&installation);
    let by = ["--by", installation.provider.email.as_str()];
    let many: String = (0..=100).map(|n| row("Many", &format!("many{n}.example"))).collect();
    for (name, text, why) in [
        ("empty.csv", String::new(), "empty"),
        ("header.csv", HEADER.to_owned(), "no row"),
        ("missing.csv", HEADER.replace("Domain;", ""), "Domain is missing"),
        ("unknown.csv", format!("Shoe size;{HEADER}"), "Shoe size"),
        ("twice.csv", format!("City;{HEADER}"), "twice"),
        ("many.csv", format!("{HEADER}{many}"), "at most 100"),
        ("formula.csv", HEADER.to_owned() + &row("=1+1", "sum.example"), "formula"),
        ("country.csv", HEADER.to_owned() + &row("A", "a.example").replace("DE", "DEU"), "Country"),
    ] {
        let file = written(&installation, name, &text);
        let refused = import(&installation, &file, &by).exited(2);
        assert!(refused.stderr.contains(why), "{name}: {}", refused.stderr);
        assert!(refused.stdout.is_empty(), "{name}: {}", refused.stdout);
    }
    let file = written(&installation, "good.csv", &good_file());
    import(&installation, &file, &["--by", "nobody@fabrikam.example"]).exited(2);
    assert_eq!(crate::positions(&installation), before, "nothing was recorded");
}

#[test]
fn a_file_is_uploaded_on_the_page_and_one_of_no_use_is_refused_there() {
    let installation = begin();
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let session = PageSession::by_token(&server, &installation.provider.token);
    let form = session.open(PAGE).expect(200);
    let upload = |file: &[u8]| -> Answer { session.upload(&form, PAGE, &[], file) };
    let before = server.position();
    let faulty = HEADER.to_owned() + &row("A", "nodots");
    for (file, why) in [
        (b"".as_slice(), "choose a file that is not empty"),
        (b"\xff\xfe\x00", "UTF-16"),
        (faulty.as_bytes(), "Line"),
        (HEADER.as_bytes(), "no row"),
    ] {
        let refused = upload(file).expect(422);
        assert!(refused.text.contains(why), "{why}: {refused}");
    }
    assert_eq!(server.position(), before, "nothing is written");
    let done = upload(good_file().as_bytes()).expect(200);
    for part in ["2 customers were imported", "Müller; Söhne", "admin@proseware.example"] {
        assert!(done.text.contains(part), "{part} in {done}");
    }
    assert_eq!(admin.items("/v1/customers").len(), 2);
    let sales = admin.add_partner_user("Hana", "hana@fabrikam.example", &["helpdesk_agent"]);
    let credentials = tests::Credentials {
        user_name: "hana@fabrikam.example".to_owned(),
        password: sales.password,
    };
    settle(&server, &credentials);
    let helpdesk = PageSession::by_password(&server, &credentials.user_name, CHOSEN);
    assert_eq!(helpdesk.open(PAGE).status, 403);
}
