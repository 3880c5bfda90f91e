//! The documents: links lead somewhere, notes are dated, numbers of pins agree.

use super::repository::{files, root, text};

/// The targets of a document's links.
fn links(document: &str) -> Vec<&str> {
    document
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .map(|(target, _)| target)
        .collect()
}

#[test]
fn every_link_of_every_document_leads_to_a_file() {
    for path in files("md") {
        let directory = path.parent().unwrap().to_owned();
        let document = text(&path);
        let relative = links(&document)
            .into_iter()
            .filter(|target| !target.contains("://") && !target.starts_with('#'));
        for target in relative {
            let file = target.split('#').next().unwrap();
            let place = root().join(&directory).join(file);
            assert!(place.exists(), "{} links to {target}, which is not there", path.display());
        }
    }
}

#[test]
fn links_are_found_in_a_document() {
    assert_eq!(links("see [a](b.md) and [c](d/e.md#f)"), ["b.md", "d/e.md#f"]);
}

#[test]
fn every_path_of_the_api_is_in_its_document() {
    let document = text("docs/api.md");
    let sources = files("rs").into_iter().filter(|path| path.starts_with("services/src/api"));
    let mut found = 0;
    for source in sources {
        let source = text(&source);
        // A text that is asked for has parameters, a path of a route has none.
        let paths = source.split('"').filter(|text| text.starts_with("/v1/"));
        for path in paths.filter(|path| !path.contains('?')) {
            found += 1;
            assert!(document.contains(&format!("`{path}`")), "{path} is not in docs/api.md");
        }
    }
    assert!(found > 30, "only {found} paths were found");
}

#[test]
fn notes_on_the_journey_carry_their_date() {
    let notes = files("md").into_iter().filter(|path| path.starts_with("docs/journey"));
    for note in notes {
        let name = note.file_stem().unwrap().to_string_lossy().into_owned();
        let date: Vec<&str> = name.splitn(4, '-').collect();
        let numbers = date.iter().take(3).filter(|part| part.parse::<u16>().is_ok()).count();
        assert!(date.len() == 4 && numbers == 3, "{} has no date in its name", note.display());
    }
}

#[test]
fn versions_that_matter_stay_pinned() {
    let manifest = text("Cargo.toml");
    for pin in ["sled = { version = \"=0.34.7\"", "bincode = { version = \"=2.0.1\""] {
        assert!(manifest.contains(pin), "{pin} is gone");
    }
}

#[test]
fn ci_runs_the_test_command_that_the_readme_names() {
    let readme = text("README.md");
    assert!(readme.contains("cargo test"), "the README names no test command");
    assert!(text(".ci/run").contains("cargo test"), "CI does not run it");
}
