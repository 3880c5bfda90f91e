//! What a backup holds: the list of its files with their checksums, replaced as a whole.
//!
//! Lines of text: a title, `format`, `installation`, `created` (of the log), `position`, then one
//! `segment SEQUENCE FIRST NEXT BYTES SHA256` for each file, and `checksum`, the CRC-32 of what
//! stands before it. Bytes of a file beyond its listed length are leftovers of a run that broke off.

use std::{fmt, path::Path};

use events::{InstallationId, Position};

use super::BackupError;
use crate::{
    log::{
        disk::{self, DiskFile},
        journal::JournalPlace,
    },
    merkle::HASH_BYTES,
};

/// The format written today.
const FORMAT: u32 = 1;
const TITLE: &str = "partnerlog backup";

/// A backup's content.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Manifest {
    pub(super) installation: InstallationId,
    /// When the log was created, as its identity says.
    pub(super) created: String,
    /// The backup holds everything before.
    pub(super) position: Position,
    /// Its files in the order of the log.
    pub(super) segments: Vec<SegmentEntry>,
}

/// One file: the beginning of a journal segment, up to its last frame.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct SegmentEntry {
    pub(super) sequence: u64,
    /// The position of its first record.
    pub(super) first: Position,
    /// The position after its last record.
    pub(super) next: Position,
    /// How much of the file counts.
    pub(super) bytes: u64,
    pub(super) sha256: [u8; HASH_BYTES],
}

impl SegmentEntry {
    /// Where the journal goes on after this file.
    pub(super) const fn place(&self) -> JournalPlace {
        JournalPlace { sequence: self.sequence, offset: self.bytes, next: self.next }
    }
}

impl Manifest {
    /// Reads a manifest; none where there is no file.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, BackupError> {
        let Some(bytes) = disk::read_file(path)? else { return Ok(None) };
        let file = path.to_owned();
        let text = String::from_utf8(bytes).unwrap_or_default();
        match parse(&text) {
            Some((found, _)) if found > FORMAT => {
                Err(BackupError::NewerFormat { found, supported: FORMAT })
            }
            Some((_, Some(manifest))) => Ok(Some(manifest)),
            Some((_, None)) | None => {
                let reason = "the list of the backup's files is damaged".to_owned();
                Err(BackupError::Damaged { file, reason })
            }
        }
    }

    /// Replaces the manifest durably, whole or not at all.
    pub(super) fn write(&self, draft: &Path, path: &Path) -> Result<(), BackupError> {
        let file = DiskFile::create(draft)?;
        let text = self.to_string();
        let checksum = crc32fast::hash(text.as_bytes());
        file.write_at(format!("{text}checksum {checksum:08x}\n").as_bytes(), 0)?;
        file.sync_all()?;
        Ok(disk::rename(draft, path)?)
    }

    /// The bytes of all files.
    pub(super) fn bytes(&self) -> u64 {
        self.segments.iter().map(|segment| segment.bytes).sum()
    }
}

impl fmt::Display for Manifest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { installation, created, position, segments } = self;
        write!(f, "{TITLE}\nformat {FORMAT}\ninstallation {installation}\ncreated {created}\n")?;
        writeln!(f, "position {position}")?;
        for SegmentEntry { sequence, first, next, bytes, sha256 } in segments {
            write!(f, "segment {sequence} {first} {next} {bytes} ")?;
            sha256.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
            writeln!(f)?;
        }
        Ok(())
    }
}

/// The format, and the manifest if this program understands it.
fn parse(text: &str) -> Option<(u32, Option<Manifest>)> {
    let mut lines = text.lines();
    if lines.next() != Some(TITLE) {
        return None;
    }
    let format = lines.next()?.strip_prefix("format ")?.parse().ok()?;
    Some((format, checked_body(text)))
}

fn checked_body(text: &str) -> Option<Manifest> {
    let (body, checksum) = text.strip_suffix('\n')?.rsplit_once("checksum ")?;
    let expected = crc32fast::hash(body.as_bytes());
    if u32::from_str_radix(checksum, 16) != Ok(expected) {
        return None;
    }
    let mut lines = body.lines().skip(2);
    let mut field = |name: &str| lines.next()?.strip_prefix(name)?.strip_prefix(' ');
    let installation = field("installation")?.parse().ok()?;
    let created = field("created")?.to_owned();
    let position = Position::new(field("position")?.parse().ok()?);
    let segments = lines.map(segment_entry).collect::<Option<Vec<_>>>()?;
    let mut next = Position::START;
    let follow = segments.iter().all(|segment| {
        let follows = segment.first == next && segment.next > segment.first;
        next = segment.next;
        follows
    });
    (follow && next == position).then_some(Manifest { installation, created, position, segments })
}

fn segment_entry(line: &str) -> Option<SegmentEntry> {
    let mut words = line.strip_prefix("segment ")?.split(' ');
    let mut number = || words.next()?.parse::<u64>().ok();
    let (sequence, first) = (number()?, Position::new(number()?));
    let (next, bytes) = (Position::new(number()?), number()?);
    let digits = words.next().filter(|digits| digits.len() == 2 * HASH_BYTES)?;
    let mut sha256 = [0; HASH_BYTES];
    for (index, byte) in sha256.iter_mut().enumerate() {
        *byte = u8::from_str_radix(digits.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    words.next().is_none().then_some(SegmentEntry { sequence, first, next, bytes, sha256 })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn manifest() -> Manifest {
        let entry = |sequence, first, next| SegmentEntry {
            sequence,
            first: Position::new(first),
            next: Position::new(next),
            bytes: 1_000 + sequence,
            sha256: [u8::try_from(sequence).unwrap(); HASH_BYTES],
        };
        Manifest {
            installation: InstallationId::from_uuid(Uuid::from_u128(7)),
            created: "2026-11-20T00:00:00Z".to_owned(),
            position: Position::new(30),
            segments: vec![entry(1, 0, 12), entry(2, 12, 30)],
        }
    }

    #[test]
    fn a_manifest_round_trips_and_any_changed_byte_is_noticed() {
        let home = tempfile::tempdir().unwrap();
        let (draft, path) = (home.path().join("draft"), home.path().join("manifest"));
        assert!(Manifest::read(&path).unwrap().is_none());
        manifest().write(&draft, &path).unwrap();
        assert_eq!(Manifest::read(&path).unwrap(), Some(manifest()));
        let whole = std::fs::read(&path).unwrap();
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            std::fs::write(&path, bytes).unwrap();
            assert!(Manifest::read(&path).is_err(), "byte {at}");
        }
    }

    #[test]
    fn files_that_do_not_follow_each_other_make_no_manifest() {
        let home = tempfile::tempdir().unwrap();
        let (draft, path) = (home.path().join("draft"), home.path().join("manifest"));
        let mut gap = manifest();
        gap.segments.remove(0);
        gap.write(&draft, &path).unwrap();
        assert!(matches!(Manifest::read(&path), Err(BackupError::Damaged { .. })));
    }
}
