//! Counting outcomes, each case under a deadline of its own.

use std::{
    fmt,
    io::{self, Write},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc::channel,
    thread,
    time::Duration,
};

/// No case takes longer on a machine that is merely busy.
const CASE_DEADLINE: Duration = Duration::from_mins(2);

/// What came of one case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Outcome {
    /// Everything is there, and nothing had to be healed.
    Unharmed,
    /// Everything is there, from the other copy.
    Healed,
    /// The log did not open, and said why.
    Refused(String),
    /// Something acknowledged is missing.
    Lost(String),
    /// A commit is there in part.
    Torn(String),
    /// Something is served that was never recorded.
    Wrong(String),
}

#[derive(Default)]
struct Row {
    fault: String,
    refusals_allowed: bool,
    rounds: usize,
    ok: usize,
    healed: usize,
    refused: usize,
    lost: usize,
    torn: usize,
    wrong: usize,
    panicked: usize,
    hung: usize,
}

/// All outcomes, by fault.
#[derive(Default)]
pub(crate) struct Table {
    rows: Vec<Row>,
    notes: Vec<String>,
    /// Only faults whose name contains one of these; all if there are none.
    wanted: Vec<String>,
}

impl Table {
    /// A table of the faults whose names contain one of the words; of all without any.
    pub(crate) fn of(wanted: Vec<String>) -> Self {
        Self { wanted, ..Self::default() }
    }

    /// True when a fault belongs into the table.
    pub(crate) fn wants(&self, fault: &str) -> bool {
        self.wanted.is_empty() || self.wanted.iter().any(|word| fault.contains(word.as_str()))
    }

    /// Runs one case of a fault; a log that no copy is left to heal may be refused.
    pub(crate) fn case(
        &mut self,
        fault: &str,
        refusals_allowed: bool,
        name: &str,
        case: impl FnOnce() -> Outcome + Send + 'static,
    ) {
        if !self.wants(fault) {
            return;
        }
        let (done, outcome) = channel();
        thread::spawn(move || done.send(catch_unwind(AssertUnwindSafe(case))));
        let row = self.row(fault, refusals_allowed);
        row.rounds += 1;
        let said = match outcome.recv_timeout(CASE_DEADLINE) {
            Ok(Ok(outcome)) => row.count(outcome),
            Ok(Err(_)) => {
                row.panicked += 1;
                Some("panicked".to_owned())
            }
            Err(_) => {
                row.hung += 1;
                Some("hung".to_owned())
            }
        };
        if let Some(said) = said {
            let _ = writeln!(io::stderr().lock(), "{fault}, {name}: {said}");
        }
    }

    fn row(&mut self, fault: &str, refusals_allowed: bool) -> &mut Row {
        let known = self.rows.iter().position(|row| row.fault == fault);
        let index = known.unwrap_or_else(|| {
            let fault = fault.to_owned();
            self.rows.push(Row { fault, refusals_allowed, ..Row::default() });
            self.rows.len() - 1
        });
        &mut self.rows[index]
    }

    /// Says something below the table.
    pub(crate) fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    /// True when no row shows what must not be.
    pub(crate) fn is_good(&self) -> bool {
        self.rows.iter().all(Row::is_good)
    }
}

impl Row {
    /// Counts; what is to be said about it.
    fn count(&mut self, outcome: Outcome) -> Option<String> {
        let (counter, said) = match outcome {
            Outcome::Unharmed => (&mut self.ok, None),
            Outcome::Healed => (&mut self.healed, None),
            Outcome::Refused(why) if self.refusals_allowed => {
                drop(why);
                (&mut self.refused, None)
            }
            Outcome::Refused(why) => (&mut self.refused, Some(format!("refused: {why}"))),
            Outcome::Lost(what) => (&mut self.lost, Some(format!("lost: {what}"))),
            Outcome::Torn(what) => (&mut self.torn, Some(format!("torn: {what}"))),
            Outcome::Wrong(what) => (&mut self.wrong, Some(format!("wrong: {what}"))),
        };
        *counter += 1;
        said
    }

    fn is_good(&self) -> bool {
        let bad = self.lost + self.torn + self.wrong + self.panicked + self.hung;
        bad == 0 && (self.refusals_allowed || self.refused == 0)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:58} rounds    ok healed refused lost torn wrong panicked hung", "fault")?;
        for row in &self.rows {
            let Row {
                fault, rounds, ok, healed, refused, lost, torn, wrong, panicked, hung, ..
            } = row;
            writeln!(
                f,
                "{fault:58} {rounds:6} {ok:5} {healed:6} {refused:7} {lost:4} {torn:4} {wrong:5} \
                 {panicked:8} {hung:4}"
            )?;
        }
        self.notes.iter().try_for_each(|note| writeln!(f, "{note}"))
    }
}
