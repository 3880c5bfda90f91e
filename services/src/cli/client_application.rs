//! `partnerlog application`: programs that act for a partner.

use std::sync::Arc;

use clap::{Args, Subcommand};
use commands::SECRET_DAYS_MAX;
use events::{ApplicationId, ApplicationName, PartnerId};
use projections::ApplicationRow;
use secrecy::ExposeSecret;
use store::Clock;

use super::{CliError, Directory, caller::operator_call, error::EXIT_CODES, output};
use crate::{
    SystemClock,
    application::{IssuedSecret, OVERLAP_HOURS_DEFAULT, OVERLAP_HOURS_MAX, SECRET_DAYS_DEFAULT},
};

/// Register, list and revoke applications of a partner, and roll their secrets.
///
/// The server must not be running; beside a running server use /v1/applications.
#[derive(Args)]
pub(super) struct ClientApplication {
    #[command(subcommand)]
    command: ApplicationCommand,
}

#[derive(Subcommand)]
enum ApplicationCommand {
    Register(Register),
    RollSecret(RollSecret),
    Revoke(Revoke),
    List(List),
}

const REGISTER_EXAMPLE: &str = "\
The secret is shown only now; partnerlog keeps a hash of it.

Example:
  partnerlog application register --data ./data --partner 0198... --name \"Nightly import\"";

/// Register a program that acts for a partner, and print its id and secret, once.
#[derive(Args)]
#[command(after_help = format!("{REGISTER_EXAMPLE}\n\n{EXIT_CODES}"))]
struct Register {
    #[command(flatten)]
    directory: Directory,
    /// The partner it acts for.
    #[arg(long, value_name = "ID")]
    partner: PartnerId,
    /// What it is called.
    #[arg(long, value_name = "NAME")]
    name: ApplicationName,
    #[command(flatten)]
    days: Days,
}

/// How long a secret works.
#[derive(Args)]
struct Days {
    /// For how many days the secret works.
    #[arg(long, default_value_t = SECRET_DAYS_DEFAULT, value_parser = clap::value_parser!(i64).range(1..=SECRET_DAYS_MAX))]
    days: i64,
}

const ROLL_EXAMPLE: &str = "\
Examples:
  partnerlog application roll-secret --data ./data --application 0198...
  partnerlog application roll-secret --data ./data --application 0198... --overlap-hours 0";

/// Give an application another secret, and print it, once; those until now work on for a while.
#[derive(Args)]
#[command(after_help = format!("{ROLL_EXAMPLE}\n\n{EXIT_CODES}"))]
struct RollSecret {
    #[command(flatten)]
    directory: Directory,
    /// The application.
    #[arg(long, value_name = "ID")]
    application: ApplicationId,
    #[command(flatten)]
    days: Days,
    /// How many hours the secrets until now work on; 0 stops them at once.
    #[arg(long, default_value_t = OVERLAP_HOURS_DEFAULT, value_parser = clap::value_parser!(i64).range(0..=OVERLAP_HOURS_MAX))]
    overlap_hours: i64,
}

const REVOKE_EXAMPLE: &str = "\
Example:
  partnerlog application revoke --data ./data --application 0198...";

/// Stop an application from acting, at once and for good.
#[derive(Args)]
#[command(after_help = format!("{REVOKE_EXAMPLE}\n\n{EXIT_CODES}"))]
struct Revoke {
    #[command(flatten)]
    directory: Directory,
    /// The application.
    #[arg(long, value_name = "ID")]
    application: ApplicationId,
}

const LIST_EXAMPLE: &str = "\
Example:
  partnerlog application list --data ./data";

/// List the applications of all partners, with how many secrets of each work.
#[derive(Args)]
#[command(after_help = format!("{LIST_EXAMPLE}\n\n{EXIT_CODES}"))]
struct List {
    #[command(flatten)]
    directory: Directory,
    /// Also those that were revoked.
    #[arg(long)]
    all: bool,
}

impl ClientApplication {
    pub(super) async fn run(self) -> Result<(), CliError> {
        match self.command {
            ApplicationCommand::Register(command) => command.run().await,
            ApplicationCommand::RollSecret(command) => command.run().await,
            ApplicationCommand::Revoke(command) => command.run().await,
            ApplicationCommand::List(command) => command.run().await,
        }
    }
}

impl Register {
    async fn run(self) -> Result<(), CliError> {
        let running = self.directory.open().await?;
        let app = Arc::clone(&running.application);
        let is_known = app.models().current().partners().get(self.partner).is_some();
        let outcome = if is_known {
            let (call, name, days) = (operator_call(&app), self.name, self.days.days);
            let issued = app.register_application(&call, self.partner, name, days).await;
            issued.map_err(CliError::from)
        } else {
            Err(CliError::Usage(format!("--partner: there is no partner {}", self.partner)))
        };
        running.stop().await?;
        print(&outcome?)
    }
}

impl RollSecret {
    async fn run(self) -> Result<(), CliError> {
        let running = self.directory.open().await?;
        let app = Arc::clone(&running.application);
        let of = owner(&app, self.application);
        let outcome = match of {
            Ok(of) => {
                let call = operator_call(&app);
                let issued = app.roll_secret(&call, of, self.days.days, self.overlap_hours).await;
                issued.map_err(CliError::from)
            }
            Err(error) => Err(error),
        };
        running.stop().await?;
        print(&outcome?)
    }
}

impl Revoke {
    async fn run(self) -> Result<(), CliError> {
        let running = self.directory.open().await?;
        let app = Arc::clone(&running.application);
        let outcome = match owner(&app, self.application) {
            Ok(of) => app.revoke_application(&operator_call(&app), of).await.map_err(Into::into),
            Err(error) => Err(error),
        };
        running.stop().await?;
        outcome.map(|_| ())
    }
}

/// The partner an application acts for, and the application.
fn owner(
    app: &crate::application::Application,
    id: ApplicationId,
) -> Result<(PartnerId, ApplicationId), CliError> {
    let model = app.models().current();
    let row = model.applications().find(id);
    let unknown = || CliError::Usage(format!("--application: there is no {id}"));
    row.map(|row| (row.partner, id)).ok_or_else(unknown)
}

fn print(issued: &IssuedSecret) -> Result<(), CliError> {
    let secret = issued.text.as_ref().map_or("(already shown)", |text| text.expose_secret());
    output::line(format_args!("application   {}", issued.application_id))?;
    output::line(format_args!("secret id     {}", issued.secret_id))?;
    output::line(format_args!("secret        {secret}"))?;
    output::line(format_args!("works until   {:.0}", issued.expires_at))
}

impl List {
    async fn run(self) -> Result<(), CliError> {
        let reading = self.directory.open_to_read().await?;
        let model = reading.model().await?;
        let now = SystemClock.now();
        let row = |row: &ApplicationRow| {
            let working = row.secrets.iter().filter(|secret| now < secret.expires_at).count();
            let state = if row.revoked_at.is_some() { "revoked" } else { "registered" };
            [
                row.id.to_string(),
                row.partner.to_string(),
                row.name.to_string(),
                working.to_string(),
                state.to_owned(),
            ]
        };
        let partners = model.partners().iter().map(|partner| partner.id);
        let all = partners.flat_map(|partner| model.applications().of(partner));
        let rows: Vec<_> =
            all.filter(|row| self.all || row.revoked_at.is_none()).map(row).collect();
        output::table(["application", "partner", "name", "secrets", "state"], rows)
    }
}
