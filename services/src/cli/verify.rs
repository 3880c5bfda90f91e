//! `partnerlog verify`: is everything there, whole, in order, twice, and readable?

use clap::Args;
use events::{Position, RecordedEvent};
use serde::Serialize;
use serde_json::{Map, Value};
use store::{LogCopy, VerifyReport};

use super::{CliError, Directory, output};
use crate::{
    application::{DataDirectory, OpenError, Reading},
    keys::{KeyError, KeyProblem, check_key_directory},
};

/// Records read at once.
const PAGE_RECORDS: usize = 512;
/// Where problems of the key directory are.
const KEYS: &str = "keys";

const ABOUT: &str = "\
Checked are, for every record: checksums, order, gap-freeness, whole commits, both copies (journal
and sealed log) and their agreement, and that it can be decoded and its personal data opened; and
both copies of the key directory.

This shows that the log is consistent in itself. It does not prove that nobody rewrote it.

Damage in one copy of log or keys is healed from the other by the next start that may write;
`verify` only says whether it can be. Damage in both is not: see `partnerlog salvage`.

A second copy that is not there, as in directories from before it was kept twice, is named; nothing
is damaged by that, and the next start makes it. Events are decoded where the log is whole; where
they were not, it says so.

Exit codes: 0 good (also where a second copy is not there yet), 1 damaged (the first bad position is
named), 2 wrong usage, or an input or output error.

Examples:
  partnerlog verify --data ./data
  partnerlog verify --data ./data --json | jq .problems";

/// Check log and keys completely: checksums, order, both copies, every event.
///
/// Changes nothing; needs free space for a copy of the sealed log. The server must not be running.
#[derive(Args)]
#[command(after_help = ABOUT)]
pub(super) struct Verify {
    #[command(flatten)]
    directory: Directory,
    /// Report as one JSON object.
    #[arg(long)]
    json: bool,
}

/// What was found.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    good: bool,
    records: u64,
    streams: u64,
    commits: u64,
    sealed_records: u64,
    torn_appends: usize,
    /// Absent where decoding was not tried, because files of the log are damaged.
    #[serde(skip_serializing_if = "Option::is_none")]
    read: Option<ReadCounts>,
    /// Second copies that are not there yet; no damage.
    missing_copies: Vec<String>,
    problems: Vec<Problem>,
    /// Why the next start will not heal the log; absent when there is nothing it could not heal.
    #[serde(skip_serializing_if = "Option::is_none")]
    incurable: Option<String>,
    /// Whether both copies of a key file have problems: the start refuses what neither has.
    #[serde(skip)]
    keys_in_both: bool,
}

/// What reading every event came to.
#[derive(Default, Serialize)]
struct ReadCounts {
    decoded: u64,
    personal: PersonalCounts,
}

/// In which state personal fields are.
#[derive(Default, Serialize)]
struct PersonalCounts {
    readable: u64,
    erased: u64,
    unavailable: u64,
}

/// Something that is not as it should be.
#[derive(Serialize)]
struct Problem {
    position: Option<Position>,
    place: &'static str,
    reason: String,
}

impl Verify {
    /// The check of an installation, reported as text.
    pub(super) const fn of(directory: Directory) -> Self {
        Self { directory, json: false }
    }

    pub(super) async fn run(self) -> Result<(), CliError> {
        let places = self.directory.places();
        let checked = tokio::task::spawn_blocking(move || check_files(&places)).await;
        let mut report = checked.map_err(|_| OpenError::Ended("the check"))??;
        // A damaged log would not open; what is wrong with it is known already.
        if report.is_log_good() {
            match self.directory.open_to_read().await {
                Ok(reading) => report.read_all(&reading).await?,
                // Keys of which no copy is good cannot be opened either.
                Err(_) if !report.problems.is_empty() => {}
                Err(error) => return Err(error),
            }
        }
        report.finish(self.json)
    }
}

/// Checks the files of log and keys.
fn check_files(places: &DataDirectory) -> Result<Report, CliError> {
    let mut report = Report::new(store::verify(places.data())?);
    report.add_keys(check_key_directory(places.keys()).map_err(KeyError::from)?);
    Ok(report)
}

impl Report {
    fn new(checked: VerifyReport) -> Self {
        let problems = checked.problems.into_iter().map(|problem| Problem {
            position: problem.position,
            place: match problem.copy {
                LogCopy::Journal => "journal",
                LogCopy::Sealed => "sealed log",
                LogCopy::Files => "files",
            },
            reason: problem.reason,
        });
        Self {
            good: false,
            records: checked.records,
            streams: checked.streams,
            commits: checked.commits,
            sealed_records: checked.sealed_records,
            torn_appends: checked.torn_appends.len(),
            read: None,
            missing_copies: checked
                .missing_copies
                .iter()
                .map(|path| path.display().to_string())
                .collect(),
            problems: problems.collect(),
            incurable: checked.incurable,
            keys_in_both: false,
        }
    }

    fn add_keys(&mut self, problems: Vec<KeyProblem>) {
        let stems = |ending: &str| -> Vec<_> {
            let files = problems.iter().map(|problem| &problem.file);
            let of_copy = files.filter(|file| file.extension().is_some_and(|end| end == ending));
            of_copy.filter_map(|file| file.file_stem()).collect()
        };
        let second = stems("b");
        self.keys_in_both = stems("a").iter().any(|stem| second.contains(stem));
        self.problems.extend(problems.into_iter().map(|problem| Problem {
            position: None,
            place: KEYS,
            reason: problem.to_string(),
        }));
    }

    fn is_log_good(&self) -> bool {
        self.problems.iter().all(|problem| problem.place == KEYS)
    }

    /// Decodes every record and opens its personal fields. The first record that cannot be decoded
    /// ends it.
    async fn read_all(&mut self, reading: &Reading) -> Result<(), CliError> {
        self.read = Some(ReadCounts::default());
        let mut position = Position::START;
        loop {
            let records = reading.store().read_log(position, PAGE_RECORDS).await?;
            for record in &records {
                match record.decode() {
                    Ok(event) => self.count(reading, &event),
                    Err(error) => {
                        let position = Some(record.position());
                        let reason = error.to_string();
                        self.problems.push(Problem { position, place: "event", reason });
                        return Ok(());
                    }
                }
                position = record.position().next();
            }
            if records.len() < PAGE_RECORDS {
                return Ok(());
            }
        }
    }

    fn count(&mut self, reading: &Reading, event: &RecordedEvent) {
        let ReadCounts { decoded, personal } = self.read.get_or_insert_default();
        *decoded += 1;
        let shown = reading.vault().show(event);
        let before = personal.unavailable;
        event.event.visit_personal(&mut personal.counting(&shown.data));
        event.metadata.visit_personal(&mut personal.counting(&shown.metadata));
        // One is enough to act on.
        if before == 0 && personal.unavailable > 0 {
            let reason = "personal data cannot be opened: its key is missing".to_owned();
            let position = Some(event.position);
            self.problems.push(Problem { position, place: KEYS, reason });
        }
    }

    fn finish(mut self, json: bool) -> Result<(), CliError> {
        self.good = self.problems.is_empty();
        if json {
            let text = serde_json::to_string_pretty(&self)
                .map_err(|error| CliError::Output(std::io::Error::other(error)))?;
            output::line(text)?;
        } else {
            self.print()?;
        }
        match self.problems.iter().min_by_key(|problem| problem.position.unwrap_or(Position::START))
        {
            None => Ok(()),
            Some(first) => Err(CliError::Damaged(first.to_string())),
        }
    }

    fn print(&self) -> Result<(), CliError> {
        let Self { records, streams, commits, sealed_records, .. } = self;
        output::line(format_args!("records       {records} of {commits} commits"))?;
        output::line(format_args!("streams       {streams}"))?;
        output::line(format_args!("second copy   {sealed_records} records"))?;
        output::line(format_args!("torn appends  {}", self.torn_appends))?;
        match &self.read {
            None => output::line("decoded       not tried: not everything can be opened")?,
            Some(ReadCounts { decoded, personal }) => {
                let PersonalCounts { readable, erased, unavailable } = personal;
                output::line(format_args!("decoded       {decoded} events"))?;
                output::line(format_args!(
                    "personal      {readable} readable, {erased} erased, {unavailable} unavailable"
                ))?;
            }
        }
        for path in &self.missing_copies {
            output::line(format_args!(
                "no copy yet   {path} is not there: no damage, the next start makes it"
            ))?;
        }
        self.print_problems()?;
        output::line(if self.good { "good" } else { "damaged" })
    }

    /// Everything that is wrong, a row each, and what the next start makes of it.
    fn print_problems(&self) -> Result<(), CliError> {
        if self.problems.is_empty() {
            return Ok(());
        }
        output::line(format_args!("{:<12}  {:>12}  found", "where", "position"))?;
        for Problem { position, place, reason } in &self.problems {
            let position = position.map_or_else(|| "-".to_owned(), |position| position.to_string());
            output::line(format_args!("{place:<12}  {position:>12}  {reason}"))?;
        }
        if let Some(reason) = &self.incurable {
            output::line(format_args!("healing       the next start cannot heal the log: {reason}"))
        } else if self.keys_in_both {
            output::line(
                "healing       the next start takes keys from the copy that has them, and refuses \
                 where neither has",
            )
        } else if self.read.is_none() || self.is_log_good() && !self.has_events() {
            output::line("healing       the next start heals each from its other copy")
        } else {
            Ok(())
        }
    }

    /// Whether an event itself is wrong, which no other copy makes good.
    fn has_events(&self) -> bool {
        self.problems.iter().any(|problem| problem.place == "event" || problem.position.is_some())
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.position {
            Some(position) => write!(f, "{} at position {position}: {}", self.place, self.reason),
            None => write!(f, "{}: {}", self.place, self.reason),
        }
    }
}

impl PersonalCounts {
    const fn counting<'a>(&'a mut self, shown: &'a Map<String, Value>) -> Counter<'a> {
        Counter { counts: self, shown }
    }
}

/// Counts the personal fields of an event by what the vault made of them.
struct Counter<'a> {
    counts: &'a mut PersonalCounts,
    shown: &'a Map<String, Value>,
}

impl events::PersonalVisitor for Counter<'_> {
    fn visit<T: events::PersonalData>(&mut self, name: &'static str, _: &events::Personal<T>) {
        let shown = self.shown.get(name).unwrap_or(&Value::Null);
        let counted = if shown.get("$erased").is_some() {
            &mut self.counts.erased
        } else if shown.get("$unavailable").is_some() {
            &mut self.counts.unavailable
        } else {
            &mut self.counts.readable
        };
        *counted += 1;
    }
}
