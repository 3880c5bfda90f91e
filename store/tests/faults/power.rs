//! Power lost and disks full, below a log that does not know: what was not synced is there or not,
//! sector by sector.

use std::{
    collections::HashMap,
    fs,
    path::Path,
    sync::{Arc, Mutex},
};

use events::CommitId;
use store::{Appended, Faults, LogStore};

use super::{
    logs::{Dice, append_commits, create, judge, open, runtime},
    table::{Outcome, Table},
};

const WRITERS: u64 = 3;
/// After so many file operations the power has failed for sure.
const OPERATIONS_MAX: u64 = 500;

type Acknowledged = HashMap<CommitId, Appended>;

/// Loses power while records are written, while a log closes, and while one heals; fills disks.
pub(crate) fn run(rounds: u64, table: &mut Table) {
    for round in 0..rounds {
        let name = format!("round {round}");
        table.case("power loss while writing", false, &name, move || lose_power(round, false));
        table.case("power loss, then the sled directory is dropped", false, &name, move || {
            lose_power(round + 1_000, true)
        });
        table.case("power loss while healing", false, &name, move || lose_power_healing(round));
        table.case("disk full while writing, then freed", false, &name, move || fill_disk(round));
    }
}

/// Appends with several writers until all have failed or have enough; what was acknowledged.
fn write(store: LogStore, seed: u64, commits: u64, close: bool) -> Acknowledged {
    let acknowledged = Arc::new(Mutex::new(Acknowledged::new()));
    let store = Arc::new(store);
    let runtime = runtime();
    runtime.block_on(async {
        let writers = (0..WRITERS).map(|writer| {
            let (store, acknowledged) = (Arc::clone(&store), Arc::clone(&acknowledged));
            tokio::spawn(async move {
                let mut dice = Dice::new(seed * WRITERS + writer);
                append_commits(&store, &mut dice, commits, |id, appended| {
                    acknowledged.lock().unwrap().insert(id, appended);
                })
                .await;
            })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.unwrap();
        }
        if close {
            // It fails where the power is out: what counts is what a restart finds.
            let _ = store.close().await;
        }
    });
    drop(store);
    drop(runtime);
    Arc::try_unwrap(acknowledged).unwrap().into_inner().unwrap()
}

fn written(directory: &Path, seed: u64) -> Acknowledged {
    write(create(directory), seed, 20, true)
}

fn lose_power(seed: u64, drop_sealed: bool) -> Outcome {
    let home = tempfile::tempdir().unwrap();
    let log = home.path().join("log");
    let mut acknowledged = written(&log, seed);
    let faults = Faults::under(&log);
    faults.cut_power_after(Dice::new(seed).below(OPERATIONS_MAX));
    if let Ok(store) = open(&log) {
        acknowledged.extend(write(store, seed + 77, 120, seed.is_multiple_of(2)));
    }
    faults.restore_power(seed).unwrap();
    drop(faults);
    if drop_sealed {
        fs::remove_dir_all(log.join("sealed")).unwrap();
    }
    judge(&log, &acknowledged)
}

fn lose_power_healing(seed: u64) -> Outcome {
    let home = tempfile::tempdir().unwrap();
    let log = home.path().join("log");
    let acknowledged = written(&log, seed);
    let mut dice = Dice::new(seed);
    let segment = log.join("journal").join("0000000001.journal");
    let mut bytes = fs::read(&segment).unwrap();
    let at = usize::try_from(dice.below(20_000)).unwrap();
    bytes[at] ^= 1;
    fs::write(&segment, bytes).unwrap();
    let faults = Faults::under(&log);
    faults.cut_power_after(dice.below(30));
    drop(open(&log));
    faults.restore_power(seed).unwrap();
    judge(&log, &acknowledged)
}

fn fill_disk(seed: u64) -> Outcome {
    let home = tempfile::tempdir().unwrap();
    let log = home.path().join("log");
    let mut acknowledged = written(&log, seed);
    let faults = Faults::under(&log);
    for round in 0..3 {
        faults.limit_space(Some(Dice::new(seed + round).below(300_000)));
        if let Ok(store) = open(&log) {
            acknowledged.extend(write(store, seed + 99 + round, 100, round == 1));
        }
        faults.limit_space(None);
    }
    judge(&log, &acknowledged)
}
