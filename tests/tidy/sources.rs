//! The sources: size, head, and words that must not stay.

use std::path::Path;

use super::repository::{files, text};

/// The longest a file may be without its tests, in lines.
const FILE_LINES_MAX: usize = 500;

/// What must not be committed, and why.
const FORBIDDEN: [(&str, &str); 5] = [
    (concat!("#[", "allow("), "a lint is expected with a reason, never allowed"),
    (concat!("#![", "allow("), "a lint is expected with a reason, never allowed"),
    (concat!("todo", "!("), "what is not built is not offered"),
    (concat!("unimplemented", "!("), "what is not built is not offered"),
    (concat!("dbg", "!("), "left over from debugging"),
];

/// A file whose code stands in many places at once: a lint may fire in one and not in another, so
/// it cannot be expected.
const MACRO_FILES: [&str; 1] = ["events/src/declare.rs"];

fn lines_without_tests(source: &str) -> usize {
    source.lines().take_while(|line| *line != "#[cfg(test)]").count()
}

/// The tests of a crate lie in its own `tests` directory.
fn is_test_of_a_crate(path: &Path) -> bool {
    path.components().nth(1).is_some_and(|part| part.as_os_str() == "tests")
}

#[test]
fn no_source_file_is_too_long_to_be_read_in_one_sitting() {
    for path in files("rs") {
        let lines = lines_without_tests(&text(&path));
        assert!(
            lines <= FILE_LINES_MAX,
            "{}: {lines} lines, at most {FILE_LINES_MAX}",
            path.display()
        );
    }
}

#[test]
fn nothing_unfinished_or_switched_off_is_committed() {
    for path in files("rs") {
        let source = text(&path);
        for (forbidden, why) in FORBIDDEN {
            let in_macro = MACRO_FILES.iter().any(|file| path.ends_with(file));
            if in_macro && forbidden.contains("allow") {
                continue;
            }
            let line = source.lines().position(|line| line.contains(forbidden));
            assert_eq!(line, None, "{} (line from 0): {forbidden} - {why}", path.display());
        }
    }
}

#[test]
fn every_module_says_first_which_question_it_answers() {
    for path in files("rs").into_iter().filter(|path| !is_test_of_a_crate(path)) {
        let source = text(&path);
        assert!(
            source.starts_with("//! "),
            "{} does not begin with its module doc",
            path.display()
        );
    }
}

#[test]
fn nobody_but_the_clock_asks_the_system_for_the_time() {
    let call = concat!("Timestamp", "::now()");
    let asking: Vec<_> = files("rs")
        .into_iter()
        .filter(|path| text(path).contains(call) && !path.ends_with("clock.rs"))
        .collect();
    assert!(asking.is_empty(), "{asking:?}");
}
