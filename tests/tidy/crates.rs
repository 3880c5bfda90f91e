//! The crates: who may know whom, and what each promises.

use std::collections::{BTreeMap, BTreeSet};

use super::repository::{files, text};

/// Each crate of the product with the crates it may depend on.
const MAY_KNOW: [(&str, &[&str]); 6] = [
    ("events", &[]),
    ("commands", &["events"]),
    ("store", &["events"]),
    ("projections", &["events", "store"]),
    ("services", &["commands", "events", "projections", "store"]),
    ("tests", &[]),
];

/// The crates of the workspace named in a manifest's section of this name.
fn known(manifest: &str, section: &str) -> BTreeSet<String> {
    let ours: BTreeMap<_, _> = MAY_KNOW.into_iter().collect();
    let heading = format!("[{section}]");
    let lines = manifest.lines().skip_while(|line| *line != heading).skip(1);
    lines
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split(['.', '=', ' ']).next())
        .filter(|name| ours.contains_key(name))
        .map(str::to_owned)
        .collect()
}

#[test]
fn crates_depend_on_each_other_in_one_direction_only() {
    for (name, allowed) in MAY_KNOW {
        let manifest = text(format!("{name}/Cargo.toml"));
        let allowed: BTreeSet<String> = allowed.iter().map(|name| (*name).to_owned()).collect();
        let known = known(&manifest, "dependencies");
        assert!(known.is_subset(&allowed), "{name} knows {known:?}, may know {allowed:?}");
    }
}

#[test]
fn the_direction_of_dependencies_would_be_noticed() {
    let manifest = "[package]\nname = \"x\"\n\n[dependencies]\nevents.workspace = true\n\
                    store = { path = \"../store\" }\nserde = \"1\"\n\n[dev-dependencies]\ncommands.workspace = true\n";
    let names: Vec<_> = known(manifest, "dependencies").into_iter().collect();
    assert_eq!(names, ["events", "store"]);
}

#[test]
fn every_crate_of_the_workspace_is_in_the_table() {
    let manifest = text("Cargo.toml");
    let members = manifest.lines().find(|line| line.starts_with("members")).unwrap();
    let listed: BTreeSet<&str> = members.split('"').skip(1).step_by(2).collect();
    let table: BTreeSet<&str> = MAY_KNOW.iter().map(|(name, _)| *name).collect();
    assert_eq!(listed, table);
}

#[test]
fn every_crate_states_its_invariant_and_is_on_the_map() {
    let map = text("ARCHITECTURE.md");
    for (name, _) in MAY_KNOW {
        let library =
            if name == "tests" { "tests/support/lib.rs" } else { &format!("{name}/src/lib.rs") };
        assert!(
            text(library).contains("**Architecture invariant"),
            "{library} states no invariant"
        );
        assert!(
            map.contains(&format!("`{name}`")) || map.contains(&format!("{name}/")),
            "{name} is not on the map"
        );
    }
}

#[test]
fn a_library_file_is_a_table_of_contents() {
    for (name, _) in MAY_KNOW.iter().filter(|(name, _)| *name != "tests") {
        let library = text(format!("{name}/src/lib.rs"));
        let logic =
            library.lines().find(|line| line.starts_with("fn ") || line.starts_with("impl"));
        assert_eq!(logic, None, "{name}/src/lib.rs holds logic");
    }
}

#[test]
fn bytes_of_stored_events_are_kept_for_every_type_and_for_no_other() {
    // The macros declare events of their own, in their tests.
    let declared: BTreeSet<String> = files("rs")
        .iter()
        .filter(|path| path.starts_with("events/src") && !path.ends_with("declare.rs"))
        .flat_map(|path| declared_types(&text(path)))
        .collect();
    let kept: BTreeSet<String> = files("hex")
        .iter()
        .filter(|path| path.starts_with("events/golden"))
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    let missing: Vec<_> =
        declared.iter().filter(|name| !kept.contains(&format!("{name}.hex"))).collect();
    assert!(missing.is_empty(), "no stored bytes of {missing:?}");
    let types: BTreeSet<&str> = declared.iter().filter_map(|name| name.split('.').next()).collect();
    let strange: Vec<_> = kept
        .iter()
        .filter(|name| *name != "Metadata.v1.hex")
        .filter(|name| name.split('.').next().is_none_or(|name| !types.contains(name)))
        .collect();
    assert!(strange.is_empty(), "stored bytes of no known type: {strange:?}");
}

/// The events a file declares, each as `Name.vVersion`: lines such as `Name = 0x0101 v 1`.
fn declared_types(source: &str) -> Vec<String> {
    let declared = source.lines().filter_map(|line| {
        let (name, rest) = line.trim().split_once(" = 0x")?;
        let version = rest.split_once(" v ")?.1;
        let version: String = version.chars().take_while(char::is_ascii_digit).collect();
        Some(format!("{name}.v{version}"))
    });
    declared.collect()
}
