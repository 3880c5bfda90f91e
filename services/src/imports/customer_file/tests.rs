//! What a file of customers may look like.

use super::*;
use crate::imports::sheet::FILE_BYTES_MAX;

const HEADER: &str =
    "Company name;Domain;First name;Last name;Email;Country;Address;City;Phone\r\n";
const GOOD: &str = "Tailspin;tailspin.example;Tina;Ort;tina@tailspin.example;US;1 Sky Way;Redmond;";

fn read(text: &str) -> Result<CustomerFile, CustomerFileFault> {
    CustomerFile::read(text.as_bytes())
}

fn faults(rows: &str) -> Vec<(usize, String)> {
    let file = read(&format!("{HEADER}{rows}")).unwrap();
    file.faults.iter().map(|fault| (fault.line, fault.problem.to_string())).collect()
}

#[test]
fn a_good_file_is_read_as_excel_writes_it() {
    let phone = GOOD.replace("Redmond;", "Redmond;\"+1 425 555 0100\"");
    let file = read(&format!("\u{feff}{HEADER}{phone}\r\n;;;;;;;;\r\n")).unwrap();
    assert_eq!((file.rows.len(), file.faults.len()), (1, 0));
    let customer = &file.rows[0].customer;
    assert_eq!(customer.domain.as_str(), "tailspin.example");
    assert_eq!(customer.first_user.user_name.as_str(), "admin@tailspin.example");
    assert_eq!((customer.culture.as_str(), customer.language.as_str()), ("en-US", "en"));
    assert!(customer.contact.phone_number.is_some() && !customer.delegated_admin);
}

#[test]
fn every_fault_of_every_row_is_listed_with_its_line() {
    let rows =
        format!("{GOOD}\n;nodots;=1;Ort;tina;USA;1 Sky Way;Redmond;\n{GOOD}\n{GOOD}too;many\n");
    let found = faults(&rows);
    let lines: Vec<usize> = found.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [3, 3, 3, 3, 3, 4, 5, 5, 5]);
    let all = found.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join("\n");
    for expected in [
        "Company name is required",
        "Domain ",
        "First name must not begin with =",
        "Email ",
        "Country ",
        "the same domain stands in line 2",
        "the row has 10 cells",
    ] {
        assert!(all.contains(expected), "{expected} is not in\n{all}");
    }
}

#[test]
fn a_file_that_is_no_table_of_customers_is_refused_whole() {
    let refusal = |text: &str| read(text).unwrap_err();
    assert_eq!(refusal(""), CustomerFileFault::Sheet(SheetFault::Empty));
    let column = CustomerColumn::City;
    assert_eq!(
        refusal(&HEADER.replace(";City", "")),
        CustomerFileFault::Sheet(SheetFault::MissingColumn { column })
    );
    assert_eq!(
        refusal(&HEADER.replace(";Phone", ";City")),
        CustomerFileFault::Sheet(SheetFault::DuplicateColumn { column })
    );
    let unknown = refusal(&HEADER.replace("Phone", "Colour")).to_string();
    assert!(unknown.starts_with("unknown column \"Colour\"; known are Company name, Domain,"));
    assert!(matches!(refusal("\"open"), CustomerFileFault::Sheet(SheetFault::Table(_))));
    let latin = CustomerFile::read(b"Company name;Domain\nM\xfcller;x").unwrap_err();
    assert!(matches!(latin, CustomerFileFault::Sheet(SheetFault::Encoding(_))));
    let many = format!("{HEADER}{}", format!("{GOOD}\n").repeat(CUSTOMER_ROWS_MAX + 1));
    assert_eq!(refusal(&many), CustomerFileFault::TooManyRows { rows: CUSTOMER_ROWS_MAX + 1 });
    let huge = "x".repeat(FILE_BYTES_MAX + 1);
    assert_eq!(
        refusal(&huge),
        CustomerFileFault::Sheet(SheetFault::TooLarge { bytes: FILE_BYTES_MAX + 1 })
    );
}
