//! What becomes of files as people have them.

use proptest::prelude::*;

use super::*;
use crate::imports::{EncodingFault, SheetFault, sheet::FILE_BYTES_MAX};

const HEADER: &str = "First name,Last name,Display name,Email,Status update";

fn read(text: &str) -> Result<UserFile, FileFault> {
    UserFile::read(text.as_bytes(), RowLimit::default())
}

fn faults(text: &str) -> Vec<(usize, String)> {
    let file = read(text).unwrap();
    file.faults.into_iter().map(|fault| (fault.line, fault.problem.to_string())).collect()
}

/// A table as Excel saves it: byte order mark, the separator of the country, CRLF.
fn as_excel_saves_it(separator: char, rows: usize) -> String {
    let mut text = format!("\u{feff}{}\r\n", HEADER.replace(',', &separator.to_string()));
    for row in 1..=rows {
        let cells = [
            format!("Zoë {row}"),
            "\"O'Neill; Sons, \"\"Ltd\"\"\"".to_owned(),
            format!("Zoë O'Neill {row}"),
            format!("Zoe{row}@Contoso.example"),
            String::new(),
        ];
        text.push_str(&cells.join(&separator.to_string()));
        text.push_str("\r\n");
    }
    text
}

#[test]
fn a_file_of_100_rows_as_excel_saves_it_is_good() {
    for separator in [',', ';'] {
        let file = read(&as_excel_saves_it(separator, 100)).unwrap();
        assert_eq!((file.rows.len(), file.faults.len()), (100, 0));
        let last = file.rows.last().unwrap();
        assert_eq!(last.line, 101);
        assert_eq!(last.user_name.as_str(), "zoe100@contoso.example");
        assert_eq!(last.first_name.as_ref().unwrap().as_str(), "Zoë 100");
        assert_eq!(last.last_name.as_ref().unwrap().as_str(), "O'Neill; Sons, \"Ltd\"");
        assert_eq!(last.display_name.as_str(), "Zoë O'Neill 100");
    }
}

#[test]
fn a_file_of_more_rows_is_one_error_that_says_how_many() {
    let fault = read(&as_excel_saves_it(',', 101)).unwrap_err();
    assert_eq!(fault, FileFault::TooManyRows { rows: 101, limit: RowLimit::default() });
}

#[test]
fn more_rows_are_read_only_where_somebody_asks_for_them() {
    let text = as_excel_saves_it(',', 250);
    let file = UserFile::read(text.as_bytes(), "250".parse().unwrap()).unwrap();
    assert_eq!((file.rows.len(), file.faults.len()), (250, 0));
    let limit = "249".parse().unwrap();
    let fault = UserFile::read(text.as_bytes(), limit).unwrap_err();
    assert_eq!(fault, FileFault::TooManyRows { rows: 250, limit });
}

#[test]
fn of_100_001_rows_none_is_taken() {
    let short = format!("Display name,Email\n{}", "A,a@b.c\n".repeat(100_001));
    let fault = read(&short).unwrap_err();
    let limit = RowLimit::default();
    assert_eq!(fault, FileFault::TooManyRows { rows: 100_001, limit });
    let fault = read(&as_excel_saves_it(';', 100_001)).unwrap_err();
    assert!(matches!(fault, FileFault::Sheet(SheetFault::TooLarge { .. })), "{fault}");
}

#[test]
fn columns_are_known_in_any_order_and_case() {
    let file =
        read("USERNAME;usage location;Licences;display_name\nana@a.example;us;\"A; B|C\";Ana");
    let file = file.unwrap();
    let [row] = file.rows.as_slice() else { panic!("{:?}", file.faults) };
    assert_eq!(row.products, ["A", "B", "C"]);
    assert_eq!(row.usage_location.as_ref().unwrap().as_str(), "US");
    assert_eq!((row.first_name.clone(), row.last_name.clone()), (None, None));
}

#[test]
fn unknown_columns_are_refused_by_name() {
    let fault = read("Display name,Email,Department,Boss\nAna,ana@a.example,,").unwrap_err();
    assert!(fault.to_string().starts_with("unknown columns \"Department\", \"Boss\"; known are"));
    let fault = read("Display name\tEmail\nAna\tana@a.example").unwrap_err();
    assert!(fault.to_string().contains(r#""Display name\tEmail""#), "{fault}");
}

#[test]
fn a_column_may_neither_be_missing_nor_be_there_twice() {
    let missing = |column| Err(FileFault::Sheet(SheetFault::MissingColumn { column }));
    assert_eq!(read("First name,Email\nA,a@a.example"), missing(Column::DisplayName));
    assert_eq!(read("Display name\nA"), missing(Column::Email));
    let twice = FileFault::Sheet(SheetFault::DuplicateColumn { column: Column::Email });
    assert_eq!(read("Display name,Email,User name\nA,a@a.example,"), Err(twice));
    assert_eq!(read(""), Err(FileFault::Sheet(SheetFault::Empty)));
    assert_eq!(read("\r\n;;;\r\n"), Err(FileFault::Sheet(SheetFault::Empty)));
}

#[test]
fn every_fault_of_every_row_is_reported_with_its_line() {
    let long = "x".repeat(51);
    let text = format!(
        "{HEADER},Usage location\n\
         Ana,Lima,Ana Lima,ana@a.example,,\n\
         \"Two\nlines\",,,not an address,,\n\
         \n\
         {long},,{long},ANA@a.example,done,USA\n\
         =1+1,@x,-x,+x@a.example,,,,surplus\n"
    );
    let found = faults(&text);
    let expected = [
        (3, "First name must not contain control characters"),
        (3, "Display name is required"),
        (3, "Email must be an address such as name@contoso.example"),
        (6, "First name must have at most 50 characters"),
        (6, "Display name must have at most 50 characters"),
        (6, "Usage location must be two letters such as US"),
        (6, "Status update must be left empty"),
        (6, "the same user name stands in line 2"),
        (7, "the row has 8 cells, the first line names 6 columns"),
        (7, "First name must not begin with = + - or @: spreadsheets would run it as a formula"),
        (7, "Last name must not begin with = + - or @: spreadsheets would run it as a formula"),
        (7, "Display name must not begin with = + - or @: spreadsheets would run it as a formula"),
        (7, "Email must not begin with = + - or @: spreadsheets would run it as a formula"),
    ];
    assert_eq!(found, expected.map(|(line, text)| (line, text.to_owned())));
    assert_eq!(read(&text).unwrap().rows.len(), 1);
}

#[test]
fn full_width_forms_count_as_formulas_too() {
    assert_eq!(faults("Display name,Email\n＝1,a@a.example\n").len(), 1);
}

#[test]
fn a_fault_is_on_the_line_that_an_editor_shows_after_cells_of_several_lines() {
    for end in ["\n", "\r\n"] {
        let text = ["Display name,Email", "\"A", "", "B\",a@a.example", "", "C,"].join(end);
        let lines: Vec<usize> = faults(&text).into_iter().map(|(line, _)| line).collect();
        assert_eq!(lines, [2, 6]);
    }
}

#[test]
fn a_wrong_encoding_is_said_to_be_one() {
    let latin_1 = b"Display name,Email\nJos\xe9,jose@a.example\n";
    let fault = UserFile::read(latin_1, RowLimit::default()).unwrap_err();
    assert!(fault.to_string().starts_with("line 2 is not UTF-8"), "{fault}");
    let utf_16: Vec<u8> = "\u{feff}Email".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let fault = UserFile::read(&utf_16, RowLimit::default()).unwrap_err();
    assert_eq!(fault, FileFault::Sheet(SheetFault::Encoding(EncodingFault::Utf16)));
}

#[test]
fn a_huge_file_is_refused_before_it_is_read() {
    let fault = UserFile::read(&vec![b'a'; FILE_BYTES_MAX + 1], RowLimit::default()).unwrap_err();
    assert_eq!(fault, FileFault::Sheet(SheetFault::TooLarge { bytes: FILE_BYTES_MAX + 1 }));
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = UserFile::read(&bytes, RowLimit::default());
    }

    #[test]
    fn no_text_after_a_good_header_makes_the_reader_panic(
        text in "[a@.,;|\"=\r\n\u{feff}é ]{0,200}",
    ) {
        let text = format!("{HEADER},Licenses,Usage location\n{text}");
        let lines = text.lines().count().max(1) + text.matches('\r').count();
        if let Ok(file) = read(&text) {
            prop_assert!(file.faults.iter().all(|fault| (2..=lines).contains(&fault.line)));
            prop_assert!(file.rows.iter().all(|row| (2..=lines).contains(&row.line)));
        }
    }
}
