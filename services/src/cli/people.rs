//! `partnerlog operator` and `partnerlog auditor`: who works for the installation, and who audits.

use std::sync::Arc;

use clap::{Args, Subcommand};
use commands::{
    AddOperator, AdmitAuditor, DismissAuditor, NewPerson, RemoveOperator, ResetAccountPassword,
};
use events::{
    AuditScope, AuditorId, EmailAddress, InstallationAccount, Opened, OperatorId, PartnerId,
    PersonName, PersonProfile, Timestamp,
};
use projections::PersonRow;

use super::{CliError, Directory, caller::operator_call, error::EXIT_CODES, moment, output};
use crate::{
    application::{Application, OnInstallation, Reading},
    auth::{TemporaryPassword, new_temporary_password},
    exports::shown,
    ids,
};

/// Add, remove and list the operators of the installation, who decide support requests.
///
/// The server must not be running.
#[derive(Args)]
pub(super) struct Operator {
    #[command(subcommand)]
    command: OperatorCommand,
}

#[derive(Subcommand)]
enum OperatorCommand {
    Add(AddOne),
    List(List),
    Remove(Remove),
    ResetPassword(Reset),
}

/// Admit, dismiss and list auditors, who read for a while and change nothing.
///
/// The server must not be running.
#[derive(Args)]
pub(super) struct Auditor {
    #[command(subcommand)]
    command: AuditorCommand,
}

#[derive(Subcommand)]
enum AuditorCommand {
    Admit(Admit),
    List(List),
    Dismiss(Remove),
    ResetPassword(Reset),
}

/// Who it is.
#[derive(Args)]
struct Who {
    #[command(flatten)]
    directory: Directory,
    /// The e-mail address, which is the sign-in name.
    #[arg(long, value_name = "EMAIL")]
    email: String,
    /// The full name; without it, the part before the @.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
}

const ADD_EXAMPLE: &str = "\
The temporary password is shown only now, and must be changed at the first sign-in.

Example:
  partnerlog operator add --data ./data --email ola@cloud.example --name \"Ola Berg\"";

/// Add an operator, and print a temporary password, once.
#[derive(Args)]
#[command(after_help = format!("{ADD_EXAMPLE}\n\n{EXIT_CODES}"))]
struct AddOne {
    #[command(flatten)]
    who: Who,
}

const ADMIT_EXAMPLE: &str = "\
The temporary password is shown only now, and must be changed at the first sign-in. Reading ends at the
moment given, whatever happens.

Examples:
  partnerlog auditor admit --data ./data --email aud@firm.example --until 2026-12-31
  partnerlog auditor admit --data ./data --email aud@firm.example --until 2026-12-31 \\
      --partner 0198...";

/// Admit an auditor, and print a temporary password, once.
#[derive(Args)]
#[command(after_help = format!("{ADMIT_EXAMPLE}\n\n{EXIT_CODES}"))]
struct Admit {
    #[command(flatten)]
    who: Who,
    /// The one partner that is read of; without it, every partner of the installation.
    #[arg(long, value_name = "ID")]
    partner: Option<PartnerId>,
    /// Reading is allowed before this moment: a date or a time, at most 400 days ahead.
    #[arg(long, value_name = "MOMENT", value_parser = moment::parse)]
    until: Timestamp,
}

const LIST_EXAMPLE: &str = "\
Examples:
  partnerlog operator list --data ./data
  partnerlog auditor list --data ./data";

/// List them.
#[derive(Args)]
#[command(after_help = format!("{LIST_EXAMPLE}\n\n{EXIT_CODES}"))]
struct List {
    #[command(flatten)]
    directory: Directory,
}

const REMOVE_EXAMPLE: &str = "\
Sessions and tokens end at once.

Examples:
  partnerlog operator remove --data ./data --email ola@cloud.example
  partnerlog auditor dismiss --data ./data --email aud@firm.example";

/// Take the account from somebody.
#[derive(Args)]
#[command(after_help = format!("{REMOVE_EXAMPLE}\n\n{EXIT_CODES}"))]
struct Remove {
    #[command(flatten)]
    directory: Directory,
    /// The e-mail address.
    #[arg(long, value_name = "EMAIL")]
    email: String,
}

const RESET_EXAMPLE: &str = "\
The temporary password is shown only now, and must be changed at the next sign-in. Sessions and tokens
end at once; a locked account opens.

Examples:
  partnerlog operator reset-password --data ./data --email ola@cloud.example
  partnerlog auditor reset-password --data ./data --email aud@firm.example";

/// Give somebody a new temporary password, and print it, once.
#[derive(Args)]
#[command(after_help = format!("{RESET_EXAMPLE}\n\n{EXIT_CODES}"))]
struct Reset {
    #[command(flatten)]
    directory: Directory,
    /// The e-mail address.
    #[arg(long, value_name = "EMAIL")]
    email: String,
}

impl Operator {
    pub(super) async fn run(self) -> Result<(), CliError> {
        match self.command {
            OperatorCommand::Add(command) => command.run().await,
            OperatorCommand::List(command) => command.run(false).await,
            OperatorCommand::Remove(command) => command.run(false).await,
            OperatorCommand::ResetPassword(command) => command.run(false).await,
        }
    }
}

impl Auditor {
    pub(super) async fn run(self) -> Result<(), CliError> {
        match self.command {
            AuditorCommand::Admit(command) => command.run().await,
            AuditorCommand::List(command) => command.run(true).await,
            AuditorCommand::Dismiss(command) => command.run(true).await,
            AuditorCommand::ResetPassword(command) => command.run(true).await,
        }
    }
}

impl Who {
    fn person(
        &self,
        app: &Application,
        password: &TemporaryPassword,
    ) -> Result<NewPerson, CliError> {
        let email = EmailAddress::new(&self.email).map_err(CliError::value("email"))?;
        let local_part = email.as_str().split('@').next().unwrap_or_default();
        let full_name = self.name.as_deref().unwrap_or(local_part);
        let full_name = PersonName::new(full_name).map_err(CliError::value("name"))?;
        Ok(NewPerson {
            sign_in_name: app.keys().sign_in_name_hash(&email),
            credential_id: password.id,
            password_expires_at: password.expires_at,
            profile: PersonProfile { full_name, email },
        })
    }
}

/// Prints what is shown once.
fn print(id: impl std::fmt::Display, password: &TemporaryPassword) -> Result<(), CliError> {
    output::line(format_args!("id            {id}"))?;
    output::line(format_args!("password      {}", password.reveal()))
}

impl AddOne {
    async fn run(self) -> Result<(), CliError> {
        let running = self.who.directory.open().await?;
        let outcome = self.add(&running.application).await;
        running.stop().await?;
        let (id, password) = outcome?;
        print(id, &password)
    }

    async fn add(
        &self,
        app: &Arc<Application>,
    ) -> Result<(OperatorId, TemporaryPassword), CliError> {
        let password = new_temporary_password(app.now())?;
        let operator_id = ids::fresh(app.now(), OperatorId::from_uuid);
        let command = AddOperator { operator_id, person: self.who.person(app, &password)? };
        let use_case = OnInstallation::with_password(command, &password)?;
        app.execute(&operator_call(app), &use_case).await?;
        Ok((operator_id, password))
    }
}

impl Admit {
    async fn run(self) -> Result<(), CliError> {
        let running = self.who.directory.open().await?;
        let outcome = self.admit(&running.application).await;
        running.stop().await?;
        let (id, password) = outcome?;
        print(id, &password)
    }

    async fn admit(
        &self,
        app: &Arc<Application>,
    ) -> Result<(AuditorId, TemporaryPassword), CliError> {
        let scope = match self.partner {
            None => AuditScope::Installation,
            Some(partner) if app.models().current().partners().get(partner).is_some() => {
                AuditScope::Partner(partner)
            }
            Some(partner) => {
                return Err(CliError::Usage(format!("--partner: there is no partner {partner}")));
            }
        };
        let password = new_temporary_password(app.now())?;
        let auditor_id = ids::fresh(app.now(), AuditorId::from_uuid);
        let person = self.who.person(app, &password)?;
        let command = AdmitAuditor { auditor_id, scope, until: self.until, person };
        let use_case = OnInstallation::with_password(command, &password)?;
        app.execute(&operator_call(app), &use_case).await?;
        Ok((auditor_id, password))
    }
}

impl List {
    async fn run(self, auditors: bool) -> Result<(), CliError> {
        let reading = self.directory.open_to_read().await?;
        let model = reading.model().await?;
        let mut rows = Vec::new();
        for row in model.people().iter().filter(|row| row.audit.is_some() == auditors) {
            let (scope, until) = match row.audit {
                None => ("installation".to_owned(), String::new()),
                Some((AuditScope::Installation, until)) => {
                    ("installation".to_owned(), format!("{until:.0}"))
                }
                Some((AuditScope::Partner(partner), until)) => {
                    (partner.to_string(), format!("{until:.0}"))
                }
            };
            rows.push([id(row), name(&reading, row).await?, scope, until]);
        }
        output::table(["id", "sign-in name", "scope", "until"], rows)
    }
}

fn id(row: &PersonRow) -> String {
    match row.account {
        InstallationAccount::Operator(id) => id.to_string(),
        InstallationAccount::Auditor(id) => id.to_string(),
    }
}

/// The address of a person, or why it cannot be shown.
async fn name(reading: &Reading, row: &PersonRow) -> Result<String, CliError> {
    let opened: Opened<PersonProfile> = reading.vault().open(&row.profile).await?;
    Ok(shown(opened, |profile| profile.email.to_string()))
}

impl Remove {
    async fn run(self, auditor: bool) -> Result<(), CliError> {
        let running = self.directory.open().await?;
        let outcome = self.remove(&running.application, auditor).await;
        running.stop().await?;
        outcome
    }

    async fn remove(&self, app: &Arc<Application>, auditor: bool) -> Result<(), CliError> {
        let use_case = match account_named(app, &self.email, auditor)? {
            InstallationAccount::Operator(operator_id) => {
                OnInstallation::new(RemoveOperator { operator_id })
            }
            InstallationAccount::Auditor(auditor_id) => {
                OnInstallation::new(DismissAuditor { auditor_id })
            }
        };
        app.execute(&operator_call(app), &use_case).await?;
        Ok(())
    }
}

/// The operator, or the auditor, who signs in under this address.
fn account_named(
    app: &Application,
    email: &str,
    auditor: bool,
) -> Result<InstallationAccount, CliError> {
    let email = EmailAddress::new(email).map_err(CliError::value("email"))?;
    let model = app.models().current();
    let row = model.people().by_sign_in_name(app.keys().sign_in_name_hash(&email));
    let account = row.filter(|row| row.audit.is_some() == auditor).map(|row| row.account);
    let nobody = || CliError::Usage(format!("--email: nobody such signs in as {email}"));
    account.ok_or_else(nobody)
}

impl Reset {
    async fn run(self, auditor: bool) -> Result<(), CliError> {
        let running = self.directory.open().await?;
        let outcome = self.reset(&running.application, auditor).await;
        running.stop().await?;
        let password = outcome?;
        output::line(format_args!("password      {}", password.reveal()))
    }

    async fn reset(
        &self,
        app: &Arc<Application>,
        auditor: bool,
    ) -> Result<TemporaryPassword, CliError> {
        let account = account_named(app, &self.email, auditor)?;
        let password = new_temporary_password(app.now())?;
        let command = ResetAccountPassword {
            account,
            credential_id: password.id,
            password_expires_at: password.expires_at,
        };
        let use_case = OnInstallation::with_password(command, &password)?;
        app.execute(&operator_call(app), &use_case).await?;
        Ok(password)
    }
}
