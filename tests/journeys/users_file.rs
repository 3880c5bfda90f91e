//! The CSV file that resellers have: a real one is imported, a faulty one changes nothing.

use std::{collections::BTreeSet, fmt::Write as _, fs, path::PathBuf};

use tests::{Installation, NewCustomer, OFFER_PREMIUM, SKU_PREMIUM};

use crate::begin;

/// As many rows as a file may have.
const ROWS: usize = 100;

/// The file as Excel saves it where the list separator is a semicolon: byte-order mark, CRLF, quotes
/// where a cell holds a separator, a quote or a line end.
fn excel_file(customer: &NewCustomer) -> String {
    let mut file =
        "\u{feff}First name;Last name;Display name;Email;Licenses;Usage location\r\n".to_owned();
    for row in 0..ROWS {
        let display = match row % 4 {
            0 => format!("\"Müller-{row}; Jürgen\""),
            1 => format!("\"Zoë \"\"{row}\"\" O'Neill\""),
            2 => format!("Łukasz Ångström {row}"),
            _ => format!("Employee {row}"),
        };
        let license = if row % 2 == 0 { "O365_BUSINESS_PREMIUM" } else { "" };
        write!(file, "Given;Family;{display};employee{row}@{};{license};DE\r\n", customer.domain)
            .unwrap();
    }
    file
}

fn written(installation: &Installation, name: &str, text: &str) -> PathBuf {
    let path = installation.beside(name);
    fs::write(&path, text).unwrap();
    path
}

fn import(
    installation: &Installation,
    customer: &NewCustomer,
    file: &str,
    more: &[&str],
) -> tests::Finished {
    let mut options = vec!["--customer", customer.id.as_str()];
    options.extend(more);
    options.push(file);
    installation.run(&["import", "users"], &options)
}

fn with_customer(seats: u32) -> (Installation, NewCustomer) {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    api.order(&customer, OFFER_PREMIUM, seats);
    server.stop();
    (installation, customer)
}

#[test]
fn a_file_of_a_hundred_users_as_excel_writes_it_is_imported_with_licences() {
    let (installation, customer) = with_customer(60);
    let file = written(&installation, "staff.csv", &excel_file(&customer));
    let by = ["--by", installation.provider.email.as_str(), "--format", "csv"];
    let imported = import(&installation, &customer, file.to_str().unwrap(), &by).exited(0);

    let rows: Vec<&str> = imported.stdout.trim_end().split("\r\n").collect();
    assert_eq!(rows.len(), ROWS + 1, "{}", imported.stdout);
    let passwords: BTreeSet<&str> =
        rows[1..].iter().filter_map(|row| row.split(',').nth(1)).collect();
    assert_eq!(passwords.len(), ROWS, "every user has a password of its own");
    assert!(passwords.iter().all(|password| password.len() >= 20));

    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let users = api.items(&format!("{}/users", customer.path));
    assert_eq!(users.len(), ROWS + 1);
    let names: BTreeSet<&str> =
        users.iter().filter_map(|user| user["displayName"].as_str()).collect();
    for name in ["Müller-0; Jürgen", "Zoë \"1\" O'Neill", "Łukasz Ångström 2", "Employee 3"] {
        assert!(names.contains(name), "{name} is not in {names:?}");
    }
    assert_eq!(api.free_seats(&customer, SKU_PREMIUM), 10);
    assert!(passwords.iter().all(|password| !server.printed().contains(password)));
}

#[test]
fn a_file_with_three_faulty_rows_is_refused_with_their_lines_and_nothing_is_created() {
    let (installation, customer) = with_customer(60);
    let before = crate::positions(&installation);
    let good = excel_file(&customer);
    let mut lines: Vec<String> = good.split("\r\n").map(str::to_owned).collect();
    lines[6] = "Given;Family;;no.name@relecloud.example;;DE".to_owned();
    lines[40] = "Given;Family;Wrong Domain;someone@elsewhere.example;;DE".to_owned();
    lines[99] = "Given;Family;Twice;employee0@relecloud.example;;DE".to_owned();
    let file = written(&installation, "faulty.csv", &lines.join("\r\n"));
    let refused = import(&installation, &customer, file.to_str().unwrap(), &[]).exited(2);

    for (line, reason) in [(7, "Display name"), (41, "relecloud.example"), (100, "line 2")] {
        let fault =
            refused.stderr.lines().find(|text| text.contains(&format!("faulty.csv:{line}:")));
        let fault =
            fault.unwrap_or_else(|| panic!("line {line} is not named:\n{}", refused.stderr));
        assert!(fault.contains(reason), "{fault}");
    }
    let faults = refused.stderr.lines().filter(|text| text.contains("faulty.csv:")).count();
    assert_eq!(faults, 3, "{}", refused.stderr);
    assert!(refused.stdout.is_empty(), "no credentials: {}", refused.stdout);
    assert_eq!(crate::positions(&installation), before, "nothing was recorded");

    let skipped = import(
        &installation,
        &customer,
        file.to_str().unwrap(),
        &["--skip-faulty", "--format", "csv"],
    );
    let skipped = skipped.exited(0);
    assert_eq!(skipped.stdout.trim_end().split("\r\n").count(), ROWS - 3 + 1);
}

#[test]
fn a_file_that_wants_more_licences_than_seats_is_refused_whole() {
    let (installation, customer) = with_customer(49);
    let before = crate::positions(&installation);
    let file = written(&installation, "staff.csv", &excel_file(&customer));
    let refused = import(&installation, &customer, file.to_str().unwrap(), &[]).exited(2);
    assert!(refused.stderr.contains("50 needed, 49 free"), "{}", refused.stderr);
    assert_eq!(crate::positions(&installation), before);
}

#[test]
fn files_of_no_use_are_refused_with_the_reason() {
    let (installation, customer) = with_customer(1);
    let before = crate::positions(&installation);
    let header = "Display name,Email\n";
    let too_many = (0..=ROWS).map(|row| format!("U{row},u{row}@relecloud.example\n"));
    let too_many = header.to_owned() + &too_many.collect::<String>();
    let cases = [
        ("empty.csv", "", "empty"),
        ("unknown.csv", "Display name,Email,Shoe size\nA,a@relecloud.example,43\n", "Shoe size"),
        ("missing.csv", "Display name\nA\n", "Email"),
        ("many.csv", too_many.as_str(), "101"),
        ("quote.csv", "Display name,Email\n\"A,a@relecloud.example\n", "quote"),
        ("formula.csv", "Display name,Email\n=HYPERLINK(1),a@relecloud.example\n", ":2:"),
    ];
    for (name, text, reason) in cases {
        let file = written(&installation, name, text);
        let refused = import(&installation, &customer, file.to_str().unwrap(), &[]).exited(2);
        assert!(refused.stderr.contains(reason), "{name}: {}", refused.stderr);
    }
    let nowhere = import(&installation, &customer, "/nowhere/staff.csv", &[]).exited(2);
    assert!(nowhere.stderr.contains("/nowhere/staff.csv"), "{}", nowhere.stderr);
    assert_eq!(crate::positions(&installation), before);
}
