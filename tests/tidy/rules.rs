//! The table of rules: every test and every event it names exists.

use std::collections::BTreeSet;

use super::repository::{files, text};

/// The rows of the table, each as its cells; what stands above a table is no row.
fn rows(document: &str) -> Vec<Vec<String>> {
    let lines = document.lines().filter(|line| line.starts_with('|') && !line.starts_with("|-"));
    let cells =
        |line: &str| line.trim_matches('|').split('|').map(|it| it.trim().to_owned()).collect();
    let rows =
        lines.map(cells).filter(|row: &Vec<String>| row.first().is_some_and(|it| it != "rule"));
    rows.collect()
}

/// What stands in backticks in a cell.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// The names of all functions in the repository.
fn functions() -> BTreeSet<String> {
    let sources = files("rs");
    let mut names = BTreeSet::new();
    for source in sources {
        for rest in text(&source).split("fn ").skip(1) {
            let name = rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next();
            names.insert(name.unwrap_or_default().to_owned());
        }
    }
    names
}

/// The names of all event types, as their golden files say.
fn events() -> BTreeSet<String> {
    let golden = files("hex").into_iter().filter(|path| path.starts_with("events/golden"));
    let name = |path: std::path::PathBuf| {
        path.file_name().unwrap().to_string_lossy().split('.').next().unwrap().to_owned()
    };
    golden.map(name).collect()
}

#[test]
fn every_test_and_every_event_in_the_table_of_rules_exists() {
    let rows = rows(&text("docs/rules.md"));
    let (functions, events) = (functions(), events());
    assert!(rows.len() > 10, "only {} rules were found", rows.len());
    for row in rows {
        let [rule, tests, recorded] = row.as_slice() else { panic!("{row:?} has no three cells") };
        assert!(!quoted(tests).is_empty(), "no test holds the rule: {rule}");
        for test in quoted(tests) {
            assert!(functions.contains(test), "there is no test {test}");
        }
        for event in quoted(recorded) {
            assert!(events.contains(event), "there is no event {event}");
        }
    }
}

#[test]
fn every_event_type_is_recorded_by_some_rule() {
    let rows = rows(&text("docs/rules.md"));
    let recorded: BTreeSet<_> =
        rows.iter().filter_map(|row| row.get(2)).flat_map(|cell| quoted(cell)).collect();
    // The metadata has golden bytes too, but is no event.
    let events = events().into_iter().filter(|name| name != "Metadata");
    let missing: Vec<_> = events.filter(|name| !recorded.contains(name.as_str())).collect();
    assert!(missing.is_empty(), "no rule records {missing:?}");
}

#[test]
fn rows_are_told_from_headings() {
    let found = rows("# T\n| rule | tests | events |\n|---|---|---|\n| a | `b`, `c` | - |\n");
    assert_eq!(found.len(), 1);
    assert_eq!(quoted(&found[0][1]), ["b", "c"]);
}
