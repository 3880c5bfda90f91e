//! Golden files: the bytes of every version of every event type ever stored.
//!
//! A file is written once and never changed: the log is full of such bytes. After adding an event
//! type or a version, `WRITE_GOLDEN=1 cargo test -p events golden` writes the files that are missing
//! and leaves the others alone.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use data_encoding::HEXLOWER;
use events::{Event, EventTypeId, Metadata, SchemaVersion};

use crate::{
    draw::Draw,
    samples::{CopyingSealer, metadata, sealed_events},
};

const METADATA_NAME: &str = "Metadata";

fn golden_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden")
}

fn file_name(name: &str, version: SchemaVersion) -> String {
    format!("{name}.v{version}.hex")
}

fn read(file_name: &str) -> Vec<u8> {
    let text = fs::read_to_string(golden_dir().join(file_name))
        .unwrap_or_else(|error| panic!("{file_name}: {error}; see the head of golden.rs"));
    let digits: String = text.split_whitespace().collect();
    HEXLOWER.decode(digits.as_bytes()).unwrap()
}

fn write_if_missing(file_name: &str, bytes: &[u8]) {
    let path = golden_dir().join(file_name);
    if std::env::var_os("WRITE_GOLDEN").is_none() || path.exists() {
        return;
    }
    let digits = HEXLOWER.encode(bytes);
    let lines: Vec<&str> =
        digits.as_bytes().chunks(96).map(|line| std::str::from_utf8(line).unwrap()).collect();
    fs::write(path, lines.join("\n") + "\n").unwrap();
}

/// The samples and their golden files, which are written first where that is asked for.
fn samples() -> Vec<(Event, String)> {
    let named = |event: Event| {
        let file_name = file_name(event.name(), event.schema_version());
        write_if_missing(&file_name, &event.encode_body().unwrap());
        (event, file_name)
    };
    sealed_events(&mut Draw::fixed()).into_iter().map(named).collect()
}

fn sealed_metadata() -> Metadata {
    let mut metadata = metadata(&mut Draw::fixed());
    metadata.seal(&mut CopyingSealer).unwrap();
    write_if_missing(&file_name(METADATA_NAME, SchemaVersion(1)), &metadata.encode().unwrap());
    metadata
}

#[test]
fn there_is_one_sample_of_every_event_type() {
    let samples: Vec<EventTypeId> = samples().iter().map(|(event, _)| event.type_id()).collect();
    let types: Vec<EventTypeId> = Event::types().map(|(type_id, ..)| type_id).collect();
    assert_eq!(samples.iter().collect::<BTreeSet<_>>(), types.iter().collect::<BTreeSet<_>>());
    assert_eq!(samples.len(), types.len());
}

#[test]
fn no_two_event_types_share_a_number_or_a_name() {
    let types: Vec<_> = Event::types().collect();
    let numbers: BTreeSet<_> = types.iter().map(|(type_id, ..)| type_id).collect();
    let names: BTreeSet<_> = types.iter().map(|(_, name, _)| name).collect();
    assert_eq!((numbers.len(), names.len()), (types.len(), types.len()));
}

#[test]
fn every_event_is_written_as_its_golden_file_says() {
    for (event, file_name) in samples() {
        let bytes = event.encode_body().unwrap();
        assert_eq!(HEXLOWER.encode(&bytes), HEXLOWER.encode(&read(&file_name)), "{file_name}");
    }
}

#[test]
fn every_golden_file_of_a_current_version_is_read_as_its_sample() {
    for (event, file_name) in samples() {
        let read = Event::decode(event.type_id(), event.schema_version(), &read(&file_name));
        assert_eq!(read, Ok(event), "{file_name}");
    }
}

#[test]
fn metadata_is_written_and_read_as_its_golden_file_says() {
    let metadata = sealed_metadata();
    let golden = read(&file_name(METADATA_NAME, SchemaVersion(1)));
    assert_eq!(HEXLOWER.encode(&metadata.encode().unwrap()), HEXLOWER.encode(&golden));
    assert_eq!(Metadata::decode(&golden), Ok(metadata));
}

#[test]
fn every_golden_file_of_every_version_is_still_read() {
    for entry in fs::read_dir(golden_dir()).unwrap() {
        let file_name = entry.unwrap().file_name().into_string().unwrap();
        let parts: Vec<&str> = file_name.split('.').collect();
        let [name, version, "hex"] = parts[..] else { panic!("{file_name} is no golden file") };
        let version: u16 = version.strip_prefix('v').unwrap().parse().unwrap();
        if name == METADATA_NAME {
            Metadata::decode(&read(&file_name)).unwrap();
            continue;
        }
        let (type_id, _, current) = Event::types()
            .find(|(_, known, _)| *known == name)
            .unwrap_or_else(|| panic!("{file_name}: a stored event type is gone"));
        assert!(version <= current.0, "{file_name} is newer than the type");
        let event = Event::decode(type_id, SchemaVersion(version), &read(&file_name));
        assert_eq!(event.unwrap().name(), name);
    }
}

#[test]
fn every_version_up_to_the_current_one_has_a_golden_file() {
    for (_, name, current) in Event::types() {
        for version in 1..=current.0 {
            assert!(!read(&file_name(name, SchemaVersion(version))).is_empty());
        }
    }
}
