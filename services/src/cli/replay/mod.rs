//! `partnerlog replay`: the log's events, in order, as sentences or JSON Lines.

mod filter;
mod follow;
mod json_line;
mod sentence;

use std::io::Write;

use clap::{Args, ValueEnum};
use events::{CustomerId, PartnerId, Position, RecordedEvent, StreamId, StreamVersion, Timestamp};
use store::Record;

use self::filter::{ActorFilter, Filter, TypeFilter};
use super::{CliError, Directory, error::EXIT_CODES, moment, output};
use crate::{application::Reading, exports::People};

/// Records read at once.
const PAGE_RECORDS: usize = 512;

const EXAMPLES: &str = "\
Positions count from 0: the event at position 7 has seven events before it. --from 7 begins with
it, --to 7 ends before it. Times are those of recording.

With --follow it goes on with what is recorded later, until Ctrl-C or a terminate signal, or until
--to or --until is reached. The server may be running, stop and start again meanwhile. Only what is
acknowledged is shown.

Examples:
  partnerlog replay --data ./data --follow --from 1000
  partnerlog replay --data ./data --customer 0198... --type CustomerUserDeleted
  partnerlog replay --data ./data --actor ana@fabrikam.example --since 2026-11-01
  partnerlog replay --data ./data --format jsonl --from 1000 --to 2000 | jq .type";

/// Show what happened, event by event, oldest first.
///
/// Changes nothing. Personal data is opened where its key exists and shown as "erased" or "key
/// unavailable" where not. A record that cannot be decoded ends it with position and reason. Without
/// --follow the server must not be running.
#[derive(Args)]
#[command(after_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"))]
pub(super) struct Replay {
    #[command(flatten)]
    directory: Directory,
    /// How events are written.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Go on with what is recorded later; the server may be running.
    #[arg(long)]
    follow: bool,
    /// Only this stream, such as customer-<GUID> or partner-<GUID>.
    #[arg(long, value_name = "STREAM", conflicts_with = "customer")]
    stream: Option<StreamId>,
    /// Only events of this type, such as `RoleReplaced`; may be repeated.
    #[arg(long = "type", value_name = "NAME")]
    types: Vec<TypeFilter>,
    /// Only what this one did: a partner user's e-mail address, a user's id, operator, or system.
    #[arg(long, value_name = "EMAIL|ID|operator|system")]
    actor: Option<String>,
    /// Begin with the event at this position.
    #[arg(long, value_name = "POSITION", default_value_t = 0)]
    from: u64,
    /// End before the event at this position.
    #[arg(long, value_name = "POSITION")]
    to: Option<u64>,
    /// Only what was recorded at this moment or later.
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    since: Option<Timestamp>,
    /// Only what was recorded before this moment.
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    until: Option<Timestamp>,
    /// Only what happened to this customer.
    #[arg(long, value_name = "ID")]
    customer: Option<CustomerId>,
    /// Only what happened to this partner or its partnerships, and what its users did or others did
    /// on its behalf.
    #[arg(long, value_name = "ID")]
    partner: Option<PartnerId>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A line for people.
    Text,
    /// A JSON object a line, with all metadata.
    Jsonl,
}

impl Replay {
    pub(super) async fn run(self) -> Result<(), CliError> {
        self.check_ranges()?;
        let reading = if self.follow {
            self.directory.open_to_follow().await?
        } else {
            self.directory.open_to_read().await?
        };
        let filter = self.filter(&reading).await?;
        let mut writer = Writer {
            format: self.format,
            people: People::new(reading.store(), reading.vault()),
            reading: &reading,
            target: output::stream(),
        };
        let replayed = if self.follow {
            self.follow(&reading, &filter, &mut writer).await
        } else {
            self.replay(&reading, &filter, &mut writer).await
        };
        // What came before a fault is shown before the fault.
        let flushed = writer.target.flush().map_err(CliError::Output);
        replayed.and(flushed)
    }

    /// A range turned round holds nothing: a slip, not a question.
    fn check_ranges(&self) -> Result<(), CliError> {
        if self.to.is_some_and(|to| to < self.from) {
            return Err(CliError::Usage("--to lies before --from".to_owned()));
        }
        if self.until.zip(self.since).is_some_and(|(until, since)| until < since) {
            return Err(CliError::Usage("--until lies before --since".to_owned()));
        }
        Ok(())
    }

    async fn filter(&self, reading: &Reading) -> Result<Filter, CliError> {
        let actor = match &self.actor {
            Some(text) => Some(ActorFilter::find(text, reading).await?),
            None => None,
        };
        Ok(Filter {
            types: self.types.clone(),
            actor,
            partner: self.partner,
            since: self.since,
            until: self.until,
        })
    }

    fn wanted_stream(&self) -> Option<StreamId> {
        self.stream.or_else(|| self.customer.map(StreamId::from))
    }

    async fn replay(
        &self,
        reading: &Reading,
        filter: &Filter,
        writer: &mut Writer<'_>,
    ) -> Result<(), CliError> {
        let stream = self.wanted_stream();
        let from = Position::new(self.from);
        let end = self.to.map_or_else(|| reading.store().head(), Position::new);
        let mut pages = Pages::new(reading, stream, from);
        loop {
            let records = pages.next().await?;
            for record in &records {
                let position = record.position();
                if position >= end || filter.is_over(record.header().recorded_at) {
                    return Ok(());
                }
                // Everything in the range is decoded, also what the filter hides: a record that
                // cannot be is never passed over.
                let event = record.decode()?;
                if position >= from && filter.admits(&event) {
                    writer.write(&event).await?;
                }
            }
            if records.len() < PAGE_RECORDS {
                return Ok(());
            }
        }
    }
}

/// The records of the log or of one stream, page by page; a short page is the last.
struct Pages<'a> {
    reading: &'a Reading,
    stream: Option<StreamId>,
    next: Position,
    next_version: StreamVersion,
}

impl<'a> Pages<'a> {
    fn new(reading: &'a Reading, stream: Option<StreamId>, from: Position) -> Self {
        Self { reading, stream, next: from, next_version: StreamVersion::NONE.next() }
    }

    async fn next(&mut self) -> Result<Vec<Record>, CliError> {
        let store = self.reading.store();
        let records = match self.stream {
            Some(stream) => store.read_stream(stream, self.next_version, PAGE_RECORDS).await?,
            None => store.read_log(self.next, PAGE_RECORDS).await?,
        };
        if let Some(last) = records.last() {
            self.next = last.position().next();
            self.next_version = last.header().stream_version.next();
        }
        Ok(records)
    }
}

/// Writes events down.
struct Writer<'a> {
    format: Format,
    people: People<'a>,
    reading: &'a Reading,
    target: std::io::BufWriter<std::io::Stdout>,
}

impl Writer<'_> {
    async fn write(&mut self, event: &RecordedEvent) -> Result<(), CliError> {
        let shown = self.reading.vault().show(event);
        let line = match self.format {
            Format::Text => sentence::sentence(event, &shown, &mut self.people).await?,
            Format::Jsonl => json_line::json_line(event, &shown),
        };
        writeln!(self.target, "{line}").map_err(CliError::Output)
    }
}
