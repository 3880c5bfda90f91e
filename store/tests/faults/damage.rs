//! A bit flipped, a block zeroed, a file cut: at every structural border and at random places of
//! every file of a directory.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use store::Record;

use super::{
    logs::{Dice, append_commits, copy_all, create, open, runtime, whole_log},
    table::{Outcome, Table},
};

const BLOCK_BYTES: usize = 4_096;
/// The parts of a frame's head begin here.
const FRAME_BORDERS: [usize; 7] = [0, 4, 8, 16, 20, 24, 32];
/// The parts of a segment's head, and of small files.
const HEAD_BORDERS: [usize; 12] = [0, 4, 8, 12, 16, 20, 24, 40, 64, 512, 520, 531];
/// So many places of each kind of file are harmed in one round.
const PLACES_PER_ROUND: u64 = 2;

#[derive(Clone, Copy)]
enum Harm {
    Flip,
    Zero,
    Cut,
}

/// A log and what is in it.
struct Victim {
    home: tempfile::TempDir,
    records: Vec<Record>,
}

/// Harms every file of a log that was closed and of one that was killed.
pub(crate) fn run(rounds: u64, table: &mut Table) {
    for (closed, of) in [(true, "closed log"), (false, "killed log")] {
        let victim = Arc::new(Victim::new(closed));
        for (harm, what) in
            [(Harm::Flip, "bit flip"), (Harm::Zero, "zeroed block"), (Harm::Cut, "truncation")]
        {
            let log = victim.log();
            for kind in [Kind::Journal, Kind::Sealed, Kind::Index, Kind::Small] {
                let fault = format!("{what} in {} of a {of}", kind.name());
                for (file, place) in places(&log, kind, rounds) {
                    let victim = Arc::clone(&victim);
                    let file = file.strip_prefix(&log).unwrap().to_owned();
                    let name = format!("{} at byte {place}", file.display());
                    table.case(&fault, !closed, &name, move || victim.harmed(&file, harm, place));
                }
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Journal,
    Sealed,
    Index,
    Small,
}

impl Kind {
    fn of(file: &Path) -> Self {
        let inside = |name: &str| file.parent().is_some_and(|parent| parent.ends_with(name));
        if inside("journal") {
            Self::Journal
        } else if inside("sealed") {
            Self::Sealed
        } else if inside("index") {
            Self::Index
        } else {
            Self::Small
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Journal => "the journal",
            Self::Sealed => "sled",
            Self::Index => "the saved index",
            Self::Small => "a small file",
        }
    }
}

impl Victim {
    fn new(closed: bool) -> Self {
        let home = tempfile::tempdir().unwrap();
        let log = home.path().join("log");
        let store = create(&log);
        let store = runtime().block_on(async {
            append_commits(&store, &mut Dice::new(4), 50, |_, _| {}).await;
            store.close().await.unwrap();
            drop(store);
            open(&log).unwrap()
        });
        let records = runtime().block_on(async {
            append_commits(&store, &mut Dice::new(5), 50, |_, _| {}).await;
            let records = whole_log(&store).await.unwrap();
            if closed {
                store.close().await.unwrap();
            }
            records
        });
        drop(store);
        Self { home, records }
    }

    fn log(&self) -> PathBuf {
        self.home.path().join("log")
    }

    fn harmed(&self, file: &Path, harm: Harm, place: usize) -> Outcome {
        let home = tempfile::tempdir().unwrap();
        let log = home.path().join("log");
        copy_all(&self.log(), &log);
        let path = log.join(file);
        let mut bytes = fs::read(&path).unwrap();
        match harm {
            Harm::Flip => bytes[place] ^= 1 << (place % 8),
            Harm::Zero => {
                let from = place / BLOCK_BYTES * BLOCK_BYTES;
                let until = bytes.len().min(from + BLOCK_BYTES);
                bytes[from..until].fill(0);
            }
            Harm::Cut => bytes.truncate(place),
        }
        fs::write(&path, bytes).unwrap();
        self.judge(&log)
    }

    /// Opens twice: what the first opening healed must be good for the second.
    fn judge(&self, log: &Path) -> Outcome {
        let runtime = runtime();
        let mut outcome = Outcome::Unharmed;
        for _ in 0..2 {
            let store = match open(log) {
                Ok(store) => store,
                Err(error) => return Outcome::Refused(error.to_string()),
            };
            let found = match runtime.block_on(whole_log(&store)) {
                Ok(found) => found,
                Err(error) => return Outcome::Refused(error.to_string()),
            };
            if found != self.records {
                let same = found.iter().zip(&self.records).all(|(found, known)| found == known);
                let lengths = format!("{} of {} records", found.len(), self.records.len());
                let lost = same && found.len() < self.records.len();
                return if lost { Outcome::Lost(lengths) } else { Outcome::Wrong(lengths) };
            }
            if let Err(error) = runtime.block_on(store.close()) {
                return Outcome::Refused(error.to_string());
            }
            // What a reader met is repaired before the log is closed.
            if !store.healings().is_empty() {
                outcome = Outcome::Healed;
            }
        }
        match store::verify(log) {
            Ok(report) if report.is_good() => outcome,
            found => Outcome::Wrong(format!("{found:?}")),
        }
    }
}

/// Every file of a log but its lock, which is empty.
fn files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if fs::metadata(&path).unwrap().len() > 0 {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Where the files of a kind are harmed: at the borders of their heads and frames, and anywhere;
/// as many of these places as the rounds allow, chosen by chance.
fn places(log: &Path, kind: Kind, rounds: u64) -> Vec<(PathBuf, usize)> {
    let mut dice = Dice::new(rounds);
    let mut all = Vec::new();
    for file in files(log).into_iter().filter(|file| Kind::of(file) == kind) {
        let bytes = fs::read(&file).unwrap();
        let mut places = BTreeSet::from(HEAD_BORDERS);
        for frame in magics(&bytes) {
            places.extend(FRAME_BORDERS.map(|border| frame + border));
        }
        let used = bytes.iter().rposition(|&byte| byte != 0).map_or(1, |last| last + 1);
        for _ in 0..=rounds {
            places.insert(below(used, &mut dice));
            places.insert(below(bytes.len(), &mut dice));
        }
        all.extend(places.into_iter().filter(|&at| at < bytes.len()).map(|at| (file.clone(), at)));
    }
    let most = usize::try_from(rounds * PLACES_PER_ROUND).unwrap();
    while all.len() > most {
        all.swap_remove(below(all.len(), &mut dice));
    }
    all
}

fn below(limit: usize, dice: &mut Dice) -> usize {
    usize::try_from(dice.below(limit as u64)).unwrap()
}

fn magics(bytes: &[u8]) -> Vec<usize> {
    let used = bytes.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
    let windows = bytes[..used].windows(4).enumerate();
    windows.filter(|(_, window)| window == b"PLF1").map(|(at, _)| at).collect()
}
