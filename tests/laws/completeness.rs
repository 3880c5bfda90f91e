//! Does every command get accepted, and every event recorded, in some history? Laws about what never
//! happens would hold for nothing.

use std::{collections::BTreeSet, fs, path::Path};

use crate::play::Tally;

/// Commands that no history carries out, and why not.
const NEVER_ACCEPTED: &[(&str, &str)] = &[
    ("SignInApplication", "it takes a secret's hash, and has a way of its own"),
    ("RenewApplicationGrant", "it takes a token's hash, and has a way of its own"),
];
/// Events that no history records, and why not.
const NEVER_RECORDED: &[(&str, &str)] = &[
    ("Metadata", "it is no event"),
    ("ApplicationSignInFailed", "its command has a way of its own"),
    ("ApplicationGrantRenewed", "its command has a way of its own"),
    ("ApplicationGrantEnded", "its command has a way of its own"),
];

/// Demands that nothing is missing but what is said to be.
pub(crate) fn check(tally: &Tally) {
    let accepted = tally.accepted.keys().map(|name| (*name).to_owned()).collect();
    compare("command", &commands(), &accepted, NEVER_ACCEPTED);
    compare("event", &events(), &tally.events.keys().cloned().collect(), NEVER_RECORDED);
}

fn compare(what: &str, all: &BTreeSet<String>, seen: &BTreeSet<String>, never: &[(&str, &str)]) {
    assert!(all.len() > 50, "only {} were found", all.len());
    let is_excused = |name: &&String| never.iter().any(|(excused, _)| excused == name);
    let missing: Vec<_> = all.difference(seen).filter(|name| !is_excused(name)).collect();
    assert!(missing.is_empty(), "no history has the {what} {missing:?}");
    let idle: Vec<_> = never.iter().filter(|(name, _)| seen.contains(*name)).collect();
    assert!(idle.is_empty(), "some history has the {what} {idle:?}");
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// The names of all event types, as their golden files say.
fn events() -> BTreeSet<String> {
    let golden = fs::read_dir(root().join("events/golden")).unwrap();
    let name = |entry: std::io::Result<fs::DirEntry>| {
        let name = entry.unwrap().file_name().into_string().unwrap();
        name.split('.').next().unwrap().to_owned()
    };
    golden.map(name).collect()
}

/// The names of all commands, as the closed sets of them are declared.
fn commands() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut folders = vec![root().join("commands/src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                names.extend(declared(&fs::read_to_string(path).unwrap()));
            }
        }
    }
    names
}

/// The commands in the closed sets that a source declares.
fn declared(source: &str) -> Vec<String> {
    let sets = source.split("\ncommand_enum! {").skip(1);
    let lines = sets.flat_map(|set| set.split("\n}").next().unwrap_or_default().lines());
    let command = |line: &str| {
        let (_, command) = line.trim().strip_suffix("),")?.split_once('(')?;
        Some(command.trim_start_matches("Box<").trim_end_matches('>').to_owned())
    };
    lines.filter_map(command).collect()
}
