//! SIGKILL at random moments: a process of its own writes, this one remembers what it acknowledged.

use std::{
    collections::HashMap,
    env,
    io::{self, BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, channel},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use events::{CommitId, Position, Timestamp};
use store::{Appended, OpenError};

use super::{
    logs::{Dice, append_commits, create, judge, open, runtime},
    table::{Outcome, Table},
};

/// Tells the writing process where its log is.
pub(crate) const DIRECTORY_VARIABLE: &str = "PARTNERLOG_FAULT_DIRECTORY";
const WRITERS: u64 = 6;

/// Kills a writer again and again, each time on what the last one left.
pub(crate) fn run(rounds: u64, table: &mut Table) {
    for (fault, drop_sealed) in [
        ("SIGKILL at a random moment", false),
        ("SIGKILL, then the sled directory is dropped", true),
    ] {
        let home = tempfile::tempdir().unwrap();
        let log = home.path().join("log");
        drop(create(&log));
        let acknowledged = Arc::new(Mutex::new(HashMap::new()));
        for round in 0..rounds {
            let (log, acknowledged) = (log.clone(), Arc::clone(&acknowledged));
            table.case(fault, false, &format!("round {round}"), move || {
                let mut acknowledged = acknowledged.lock().unwrap();
                write_and_kill(&log, round, &mut acknowledged);
                if drop_sealed {
                    std::fs::remove_dir_all(log.join("sealed")).unwrap();
                }
                judge(&log, &acknowledged)
            });
        }
    }
}

/// Tries to open a log that another process has open: refused each time, and no harm done.
pub(crate) fn open_twice(rounds: u64, table: &mut Table) {
    for round in 0..rounds {
        let fault = "a second process while one writes";
        table.case(fault, false, &format!("round {round}"), || {
            let home = tempfile::tempdir().unwrap();
            let log = home.path().join("log");
            drop(create(&log));
            let (writer, said) = start_writer(&log);
            // Whoever has acknowledged something has the log open.
            said.recv().unwrap();
            let second = open(&log).err();
            let acknowledged = writer.kill();
            match second {
                Some(OpenError::Locked { .. }) => judge(&log, &acknowledged),
                other => Outcome::Wrong(format!("{other:?}")),
            }
        });
    }
}

fn write_and_kill(log: &Path, seed: u64, acknowledged: &mut HashMap<CommitId, Appended>) {
    let (writer, _) = start_writer(log);
    thread::sleep(Duration::from_millis(20 + Dice::new(seed).below(400)));
    acknowledged.extend(writer.kill());
}

/// A process that writes until it is killed, and what it has said.
pub(crate) struct Writer {
    process: Child,
    listener: JoinHandle<HashMap<CommitId, Appended>>,
}

/// Starts a process that appends to a log; told once it has acknowledged something.
pub(crate) fn start_writer(log: &Path) -> (Writer, Receiver<()>) {
    let mut process = Command::new(env::current_exe().unwrap())
        .env(DIRECTORY_VARIABLE, log)
        .arg("--bench")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let told = BufReader::new(process.stdout.take().unwrap());
    let (begun, said) = channel();
    let listener = thread::spawn(move || {
        // The last line may be cut off by the kill: nobody was told of that one.
        let acknowledged = told.lines().map_while(Result::ok).filter_map(|line| parse(&line));
        let tell = |_: &_| {
            // Nobody may be waiting to hear it.
            let _ = begun.send(());
        };
        acknowledged.inspect(tell).collect()
    });
    (Writer { process, listener }, said)
}

impl Writer {
    /// Kills it; what it had acknowledged.
    pub(crate) fn kill(mut self) -> HashMap<CommitId, Appended> {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        self.listener.join().unwrap()
    }
}

fn parse(line: &str) -> Option<(CommitId, Appended)> {
    let mut words = line.strip_suffix('.')?.split(' ');
    let id = words.next()?.parse().ok()?;
    let first = Position::new(words.next()?.parse().ok()?);
    let next = Position::new(words.next()?.parse().ok()?);
    Some((id, Appended { first, next, recorded_at: Timestamp::EPOCH, replayed: false }))
}

/// The writing process: says a line about every commit that was acknowledged, after it was.
pub(crate) fn write_until_killed(log: &Path) {
    let store = Arc::new(open(log).unwrap());
    runtime().block_on(async {
        let writers = (0..WRITERS).map(|seed| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                append_commits(&store, &mut Dice::new(seed), u64::MAX, |id, appended| {
                    let Appended { first, next, .. } = appended;
                    let _ =
                        io::stdout().lock().write_all(format!("{id} {first} {next}.\n").as_bytes());
                })
                .await;
            })
        });
        for writer in writers.collect::<Vec<_>>() {
            let _ = writer.await;
        }
    });
}
