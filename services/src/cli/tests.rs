//! What commands do to an installation that is damaged, in use, or somebody else's.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use clap::CommandFactory;
use events::{CommitId, EncodedEvent, EventId, EventTypeId, SchemaVersion, StreamId};
use store::{Commit, EventStore, ExpectedVersion, LogStore, StoreOptions, StreamWrite};
use tempfile::TempDir;
use uuid::Uuid;

use super::*;
use crate::SystemClock;

const READING: [&[&str]; 7] = [
    &["replay"],
    &["replay", "--format", "jsonl"],
    &["export", "role-changes"],
    &["rebuild"],
    &["verify"],
    &["token", "list"],
    &["partner", "list"],
];

/// What works while a server runs.
const BESIDE: [&[&str]; 3] =
    [&["log", "status"], &["log", "status", "--json"], &["replay", "--follow", "--to", "1"]];

/// Carries a command out on a data directory.
async fn run(words: &[&str], data: &Path) -> Result<(), CliError> {
    let data = data.to_str().unwrap();
    let words = [&["partnerlog"], words, &["--data", data]].concat();
    carry_out(Arguments::try_parse_from(words).unwrap().command.unwrap()).await
}

async fn failure(words: &[&str], data: &Path) -> (bool, String) {
    let error = run(words, data).await.unwrap_err();
    (error.is_damage(), output::explained(&error))
}

/// A new installation, closed.
async fn installation() -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let account = ["--partner", "Fabrikam", "--country", "US", "--admin", "ana@fabrikam.example"];
    let words = [&["init", "--kind", "direct-partner"], &account[..]].concat();
    run(&words, &data).await.unwrap();
    (directory, data)
}

/// Records an event of a type that nobody knows; its checksums are good.
async fn record_what_nobody_understands(data: &Path) -> String {
    let log = LogStore::open(data, Arc::new(SystemClock), &StoreOptions::default()).unwrap();
    let position = append_unknown(&log, 8).await;
    log.close().await.unwrap();
    format!("position {position}")
}

/// Appends such an event to a stream of its own.
async fn append_unknown(log: &LogStore, number: u128) -> events::Position {
    let event = EncodedEvent {
        event_id: EventId::from_uuid(Uuid::from_u128(number)),
        type_id: EventTypeId(0x01ff),
        schema_version: SchemaVersion(1),
        metadata: Vec::new(),
        body: vec![1, 2, 3],
    };
    let stream = StreamId::new(events::Category::Partner, Uuid::from_u128(number));
    let write = StreamWrite { stream, expected: ExpectedVersion::NoStream, events: vec![event] };
    let id = CommitId::from_uuid(Uuid::from_u128(number));
    let commit = Commit { id, writes: vec![write], checks: Vec::new() };
    let deadline = Instant::now() + Duration::from_secs(30);
    log.append(commit, deadline).await.unwrap().first
}

fn files(directory: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
}

fn contents(directory: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    files(directory, &mut found);
    found
}

/// The files that are in one of the two and not, or otherwise, in the other.
fn changed<'a>(
    before: &'a BTreeMap<PathBuf, Vec<u8>>,
    after: &'a BTreeMap<PathBuf, Vec<u8>>,
) -> Vec<&'a PathBuf> {
    let all = before.keys().chain(after.keys().filter(|path| !before.contains_key(*path)));
    all.filter(|path| before.get(*path) != after.get(*path)).collect()
}

#[test]
fn every_command_describes_itself() {
    Arguments::command().debug_assert();
}

#[tokio::test]
async fn a_command_that_reads_changes_no_file() {
    let (_directory, data) = installation().await;
    let before = contents(&data);
    for words in READING.iter().chain(&BESIDE) {
        run(words, &data).await.unwrap();
        assert_eq!(changed(&before, &contents(&data)), Vec::<&PathBuf>::new(), "{words:?}");
    }
}

#[tokio::test]
async fn a_directory_that_a_server_holds_is_said_to_be_in_use() {
    let (_directory, data) = installation().await;
    let places = crate::application::DataDirectory::new(data.clone(), None);
    let running = places.open(Arc::new(SystemClock)).await.unwrap();
    for words in BESIDE {
        run(words, &data).await.unwrap();
    }
    for words in READING {
        let (damage, text) = failure(words, &data).await;
        assert!(!damage && text.contains("in use by another process"), "{words:?}: {text}");
    }
    running.stop().await.unwrap();
}

#[tokio::test]
async fn the_journal_is_trimmed_as_far_as_the_backup_goes() {
    let directory = tempfile::tempdir().unwrap();
    let (data, backup) = (directory.path().join("data"), directory.path().join("backup"));
    let options = StoreOptions { segment_bytes: 4 << 10, ..StoreOptions::default() };
    let id = events::InstallationId::from_uuid(Uuid::from_u128(1));
    let log = LogStore::create(&data, id, Arc::new(SystemClock), &options).unwrap();
    for number in 0..300 {
        append_unknown(&log, 1_000 + number).await;
    }
    log.close().await.unwrap();

    let first = || store::survey(&data).unwrap().journal_first.get();
    let backup = backup.to_str().unwrap();
    let trim = ["log", "trim", "--keep-journal", "0", "--backed-up-in", backup];
    run(&trim, &data).await.unwrap();
    assert_eq!(first(), 0);
    run(&["backup", "--to", backup], &data).await.unwrap();
    run(&trim, &data).await.unwrap();
    assert!((1..=256).contains(&first()), "{}", first());
    for words in [&["log", "status"][..], &["log", "status", "--json"]] {
        run(words, &data).await.unwrap();
    }
    assert!(store::verify(&data).unwrap().is_good());
}

#[tokio::test]
async fn what_the_operator_can_do_about_it_is_said() {
    let (directory, data) = installation().await;
    let (_, text) = failure(&["verify"], &directory.path().join("elsewhere")).await;
    assert!(text.ends_with("; partnerlog init begins one"), "{text}");
    let account = ["--partner", "Fabrikam", "--country", "US", "--admin", "ana@fabrikam.example"];
    let words = [&["init", "--kind", "direct-partner"], &account[..]].concat();
    let (_, text) = failure(&words, &data).await;
    assert!(text.ends_with("is not empty; an installation begins in an empty directory"), "{text}");

    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (damage, text) = failure(&["serve", "--listen", &address], &data).await;
    assert!(!damage && text.contains(&address) && text.contains("; --listen takes"), "{text}");
}

#[tokio::test]
async fn a_range_turned_round_is_refused() {
    let (_directory, data) = installation().await;
    for (words, named) in [
        (["--from", "5", "--to", "4"], "--to"),
        (["--since", "2026-11-20", "--until", "2026-11-19"], "--until"),
    ] {
        let (damage, text) = failure(&[&["replay"], &words[..]].concat(), &data).await;
        assert!(!damage && text.starts_with(named), "{text}");
    }
}

#[tokio::test]
async fn a_directory_that_is_not_ours_is_refused_and_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("letter.txt"), "Dear Ana").unwrap();
    let before = contents(directory.path());
    for words in READING.iter().chain(&BESIDE) {
        let (damage, text) = failure(words, directory.path()).await;
        assert!(!damage && text.contains("not the directory of a log"), "{words:?}: {text}");
    }
    assert_eq!(changed(&before, &contents(directory.path())), Vec::<&PathBuf>::new());
}

#[tokio::test]
async fn a_record_that_cannot_be_decoded_stops_every_reader_with_its_position() {
    let (_directory, data) = installation().await;
    let position = record_what_nobody_understands(&data).await;
    let readers: [&[&str]; 6] = [
        &["replay"],
        &["replay", "--type", "RoleAssigned"],
        &["export", "role-changes"],
        &["rebuild"],
        &["verify"],
        &["verify", "--json"],
    ];
    for words in readers {
        let (damage, text) = failure(words, &data).await;
        assert!(damage && text.contains(&position), "{words:?}: {text}");
    }
    run(&["replay", "--to", "6"], &data).await.unwrap();
}

#[tokio::test]
async fn a_damaged_copy_of_a_key_file_is_reported_and_not_healed_by_verifying() {
    let (_directory, data) = installation().await;
    let file = data.join("keys").join("secrets.a");
    let mut bytes = fs::read(&file).unwrap();
    bytes[40] ^= 1;
    fs::write(&file, &bytes).unwrap();
    let before = contents(&data);
    let (damage, text) = failure(&["verify"], &data).await;
    assert!(damage && text.contains("secrets.a"), "{text}");
    assert_eq!(changed(&before, &contents(&data)), Vec::<&PathBuf>::new());
}

/// Damages the journal and takes its other copy away.
fn damage_both_copies(data: &Path) {
    let segment = data.join("journal").join("0000000001.journal");
    let mut bytes = fs::read(&segment).unwrap();
    bytes[300] ^= 1;
    fs::write(&segment, bytes).unwrap();
    fs::remove_dir_all(data.join("sealed")).unwrap();
}

#[tokio::test]
async fn what_is_intact_is_salvaged_and_what_is_missing_is_an_error() {
    let (directory, data) = installation().await;
    let to = directory.path().join("salvaged");
    let words = ["salvage", "--to", to.to_str().unwrap()];
    run(&words, &data).await.unwrap();
    for words in READING {
        run(words, &to).await.unwrap();
    }
    fs::remove_dir_all(&to).unwrap();
    damage_both_copies(&data);
    let (damage, text) = failure(&["verify"], &data).await;
    assert!(damage, "{text}");
    let before = contents(&data);
    let (damage, text) = failure(&words, &data).await;
    assert!(damage && text.contains("missing"), "{text}");
    assert_eq!(changed(&before, &contents(&data)), Vec::<&PathBuf>::new());
    assert!(fs::read_to_string(to.join("salvage.txt")).unwrap().contains("missing"));
}
