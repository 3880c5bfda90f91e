//! `partnerlog rebuild`: does the log still make sense from its first event to its last?

use std::{
    fmt::{self, Write},
    time::Instant,
};

use clap::Args;
use events::Position;
use projections::ReadModel;
use sha2::{Digest as _, Sha256};

use super::{CliError, Directory, error::EXIT_CODES, output};
use crate::exports::Digest;

const ABOUT: &str = "\
The read model lives in memory and is built at every start; this command builds it twice from
nothing, compares the two with each other and with the head of the log, and says how fast that was.
The digest is the same for the same log and the same version of partnerlog.

Example:
  partnerlog rebuild --data ./data";

/// Build the read model from the log, twice, and compare.
///
/// Changes nothing. The server must not be running.
#[derive(Args)]
#[command(after_help = format!("{ABOUT}\n\n{EXIT_CODES}"))]
pub(super) struct Rebuild {
    #[command(flatten)]
    directory: Directory,
}

impl Rebuild {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let reading = self.directory.open_to_read().await?;
        let head = reading.store().head();
        let started = Instant::now();
        let model = reading.model().await?;
        let seconds = started.elapsed().as_secs_f64();
        let again = reading.model().await?;
        report(&model, seconds)?;
        compare(&model, &again, head)
    }
}

fn compare(model: &ReadModel, again: &ReadModel, head: Position) -> Result<(), CliError> {
    let differences = model.differences(again);
    if !differences.is_empty() {
        let views = differences.join(", ");
        return Err(CliError::Damaged(format!("two folds of the log differ in {views}")));
    }
    if model.position() != head {
        let position = model.position();
        return Err(CliError::Damaged(format!(
            "the fold ends at position {position}, the log at {head}"
        )));
    }
    output::line("second fold      equal")
}

fn report(model: &ReadModel, seconds: f64) -> Result<(), CliError> {
    let events = model.position().get();
    output::line(format_args!("events           {events}"))?;
    output::line(format_args!("seconds          {seconds:.3}"))?;
    output::line(format_args!("events/s         {:.0}", per_second(events, seconds)))?;
    for (view, rows) in rows(model) {
        output::line(format_args!("{view:16} {rows}"))?;
    }
    output::line(format_args!("digest           {}", digest(model)))
}

#[expect(clippy::cast_precision_loss, reason = "a rate for people; no log has 2^52 events")]
fn per_second(events: u64, seconds: f64) -> f64 {
    if seconds > 0.0 { events as f64 / seconds } else { 0.0 }
}

fn rows(model: &ReadModel) -> [(&'static str, usize); 6] {
    let partners = || model.partners().iter().map(|partner| partner.id);
    let customers = || model.customers().iter().map(|customer| customer.id);
    [
        ("partners", model.partners().len()),
        ("partner users", partners().map(|id| model.partner_users().of(id).count()).sum()),
        ("customers", model.customers().len()),
        ("customer users", customers().map(|id| model.customer_users().of(id).count()).sum()),
        ("subscriptions", customers().map(|id| model.subscriptions().of(id).count()).sum()),
        ("role events", partners().map(|id| model.role_history().of_partner(id).count()).sum()),
    ]
}

/// The digest of every row of every view. Rows hold no personal data, only where it stands.
fn digest(model: &ReadModel) -> Digest {
    struct Hash(Sha256);

    impl Write for Hash {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0.update(text);
            Ok(())
        }
    }

    let mut hash = Hash(Sha256::new());
    // The hash takes everything, so writing cannot fail.
    let _ = write!(hash, "{model:?}");
    Digest(hash.0.finalize().into())
}
