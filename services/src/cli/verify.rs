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

const ABOUT: &str = "\
Checked are, for every record: checksums, order, gap-freeness, whole commits, both copies (journal
and sealed log) and their agreement, and that it can be decoded and its personal data opened; and
both copies of the key directory.

This shows that the log is consistent in itself. It does not prove that nobody rewrote it.

Damage in one copy of the log is healed from the other by the next start that may write; `verify`
only says whether it can be. A damaged block of data keys is healed when one of its keys is next
needed. Damage in both is not: see `partnerlog salvage`.

Exit codes: 0 good, 1 damaged (the first bad position is named), 2 wrong usage, or an input or
output error.

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
    decoded: u64,
    personal: PersonalCounts,
    problems: Vec<Problem>,
    /// Why the next start will not heal the log; absent when there is nothing it could not heal.
    #[serde(skip_serializing_if = "Option::is_none")]
    incurable: Option<String>,
    /// True when every problem is one of the log's two copies.
    #[serde(skip)]
    only_log: bool,
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
        // A damaged log would not open, and opening would heal a damaged copy of a key: what is
        // wrong is known already and stays as it is.
        if report.problems.is_empty() {
            let reading = self.directory.open_to_read().await?;
            report.read_all(&reading).await?;
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
            decoded: 0,
            personal: PersonalCounts::default(),
            problems: problems.collect(),
            incurable: checked.incurable,
            only_log: true,
        }
    }

    fn add_keys(&mut self, problems: Vec<KeyProblem>) {
        self.only_log = problems.is_empty();
        self.problems.extend(problems.into_iter().map(|problem| Problem {
            position: None,
            place: "keys",
            reason: problem.to_string(),
        }));
    }

    /// Decodes every record and opens its personal fields. The first record that cannot be decoded
    /// ends it.
    async fn read_all(&mut self, reading: &Reading) -> Result<(), CliError> {
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
        self.decoded += 1;
        let shown = reading.vault().show(event);
        let before = self.personal.unavailable;
        event.event.visit_personal(&mut self.personal.counting(&shown.data));
        event.metadata.visit_personal(&mut self.personal.counting(&shown.metadata));
        // One is enough to act on.
        if before == 0 && self.personal.unavailable > 0 {
            let reason = "personal data cannot be opened: its key is missing".to_owned();
            let position = Some(event.position);
            self.problems.push(Problem { position, place: "keys", reason });
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
        let Self { records, streams, commits, sealed_records, decoded, .. } = self;
        let PersonalCounts { readable, erased, unavailable } = &self.personal;
        output::line(format_args!("records       {records} of {commits} commits"))?;
        output::line(format_args!("streams       {streams}"))?;
        output::line(format_args!("second copy   {sealed_records} records"))?;
        output::line(format_args!("torn appends  {}", self.torn_appends))?;
        output::line(format_args!("decoded       {decoded} events"))?;
        output::line(format_args!(
            "personal      {readable} readable, {erased} erased, {unavailable} unavailable"
        ))?;
        for problem in &self.problems {
            output::line(format_args!("problem       {problem}"))?;
        }
        if let Some(reason) = &self.incurable {
            output::line(format_args!(
                "healing       the next start cannot heal the log: {reason}"
            ))?;
        } else if !self.good && self.only_log && self.decoded == 0 {
            output::line("healing       the next start heals the log from its other copy")?;
        }
        output::line(if self.good { "good" } else { "damaged" })
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
