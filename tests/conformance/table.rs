//! What is a case of the conformance table, and how is the table read?
//!
//! A table is a text that reads like a talk with the server; `docs/conformance.md` tells how.

use serde_json::Value;

/// An operation of the contract, as one row of its tables has it, with its cases.
#[derive(Debug)]
pub(crate) struct Row {
    /// The section, who may call it (`A` an application by itself too, `U` users only), the operation.
    pub(crate) title: String,
    pub(crate) users_only: bool,
    pub(crate) cases: Vec<Case>,
}

/// A request and what must come of it.
#[derive(Debug, Default)]
pub(crate) struct Case {
    /// Where it stands, for messages.
    pub(crate) place: String,
    pub(crate) caller: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    /// The body, with what it must not be changed into another spelling by the runner.
    pub(crate) body: Option<String>,
    /// Whether request and body are sent in this spelling only.
    pub(crate) exact: bool,
    pub(crate) expected: Expected,
    /// Names under which members of the answer are kept, with where they are.
    pub(crate) kept: Vec<(String, String)>,
    /// Requests of the same caller that show the effect.
    pub(crate) effects: Vec<(String, Expected)>,
}

/// What must come back.
#[derive(Debug, Default)]
pub(crate) struct Expected {
    pub(crate) statuses: Vec<u16>,
    pub(crate) code: Option<u64>,
    /// A pattern of the body, see `pattern.rs`; its names are filled in when it is compared.
    pub(crate) pattern: Option<String>,
    /// Headers that must be there, with the beginning of their values.
    pub(crate) headers: Vec<(String, String)>,
}

impl Case {
    /// Whether it is expected to succeed.
    pub(crate) fn succeeds(&self) -> bool {
        self.expected.statuses.iter().all(|status| *status < 400)
    }
}

/// Reads a table.
///
/// # Panics
/// Where a line is none of a table.
pub(crate) fn read(name: &str, text: &str) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut lines = text.lines().enumerate().peekable();
    while let Some((number, line)) = lines.next() {
        let place = format!("{name}:{}", number + 1);
        let mut whole = line.to_owned();
        // A line that ends with a backslash goes on.
        while whole.ends_with('\\') {
            whole.pop();
            let (_, next) = lines.next().unwrap_or_else(|| panic!("{place}: goes on nowhere"));
            whole.push_str(next.trim());
        }
        let (indented, content) = (whole.starts_with(' '), whole.trim());
        if let Some(title) = content.strip_prefix("## ") {
            let users_only = title.split('|').nth(1).is_some_and(|auth| auth.trim() == "U");
            rows.push(Row { title: title.to_owned(), users_only, cases: Vec::new() });
        } else if content.is_empty() || content.starts_with('#') {
        } else if indented {
            let case = rows.last_mut().and_then(|row| row.cases.last_mut());
            let case = case.unwrap_or_else(|| panic!("{place}: belongs to no case"));
            more(case, content, &place);
        } else {
            let row = rows.last_mut().unwrap_or_else(|| panic!("{place}: belongs to no row"));
            row.cases.push(begun(content, place));
        }
    }
    rows
}

/// `CALLER METHOD PATH`, with an exclamation mark in front where it is sent exactly so.
fn begun(content: &str, place: String) -> Case {
    let (exact, content) =
        content.strip_prefix('!').map_or((false, content), |content| (true, content));
    let mut words = content.splitn(3, ' ');
    let mut word = || words.next().unwrap_or_else(|| panic!("{place}: {content}")).to_owned();
    Case { caller: word(), method: word(), path: word(), place, exact, ..Case::default() }
}

fn more(case: &mut Case, content: &str, place: &str) {
    if let Some(expected) = content.strip_prefix("-> ") {
        case.expected = read_expected(expected, place);
    } else if let Some(effect) = content.strip_prefix("=> ") {
        let (request, expected) = effect.split_once(" -> ").expect("an effect is compared");
        case.effects.push((request.to_owned(), read_expected(expected, place)));
    } else if let Some(kept) = content.strip_prefix("keep ") {
        let (name, pointer) = kept.split_once(' ').expect("a name and where it is");
        case.kept.push((name.to_owned(), pointer.to_owned()));
    } else if let Some(header) = content.strip_prefix("with ") {
        let (name, value) = header.split_once(": ").expect("a header");
        case.expected.headers.push((name.to_owned(), value.to_owned()));
    } else if content.starts_with(['{', '[', '"', '1']) || case.exact && content.starts_with('|') {
        case.body = Some(content.trim_start_matches('|').to_owned());
    } else {
        let header = content.split_once(": ").unwrap_or_else(|| panic!("{place}: {content}"));
        case.headers.push((header.0.to_owned(), header.1.to_owned()));
    }
}

/// `STATUS`, `STATUS/CODE` or `STATUS|STATUS`, then a pattern of the body.
fn read_expected(text: &str, place: &str) -> Expected {
    let (status, pattern) = text.split_once(' ').map_or((text, None), |(s, p)| (s, Some(p)));
    let (statuses, code) = status.split_once('/').map_or((status, None), |(s, c)| (s, Some(c)));
    let number = |text: &str| text.parse::<u16>().unwrap_or_else(|_| panic!("{place}: {text}"));
    Expected {
        statuses: statuses.split('|').map(number).collect(),
        code: code.map(|code| code.parse().unwrap_or_else(|_| panic!("{place}: {code}"))),
        pattern: pattern.map(str::to_owned),
        headers: Vec::new(),
    }
}

/// JSON out of a table.
pub(crate) fn json(text: &str, place: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{place}: {error} in {text}"))
}
