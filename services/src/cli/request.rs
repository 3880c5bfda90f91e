//! `partnerlog request`: service requests, as an operator of the installation answers them.

use std::sync::Arc;

use clap::{Args, Subcommand, ValueEnum};
use commands::{
    CarryOutServiceRequest, ChangeServiceRequest, DeclineServiceRequest, Rejection,
    ServiceRequestCommand, ServiceRequestRefusal, VerifyElevation,
};
use events::{
    Actor, GlobalAdminAbsence, LetterText, Opened, PersonalData, RequestStatus, ServiceRequestId,
    ServiceRequestKind, ServiceRequestNote, ServiceRequestText,
};
use projections::{NoteSort, PersonalHandle, ReadModel, ServiceRequestRow};

use super::{CliError, Directory, caller::operator_call, error::EXIT_CODES, output};
use crate::{
    application::{Application, OnServiceRequest, Reading},
    exports::{ERASED, KEY_UNAVAILABLE},
};

/// Answer the service requests of partners: support, elevation, changes of public profiles.
///
/// The server must not be running.
#[derive(Args)]
pub(super) struct Request {
    #[command(subcommand)]
    command: RequestCommand,
}

#[derive(Subcommand)]
enum RequestCommand {
    List(List),
    Show(Show),
    Answer(Answer),
    Verify(Verify),
    CarryOut(CarryOut),
    Decline(Decline),
}

const LIST_EXAMPLE: &str = "\
Example:
  partnerlog request list --data ./data";

/// List the requests that are open, newest first.
#[derive(Args)]
#[command(after_help = format!("{LIST_EXAMPLE}\n\n{EXIT_CODES}"))]
struct List {
    #[command(flatten)]
    directory: Directory,
    /// Those that are over as well.
    #[arg(long)]
    all: bool,
}

const SHOW_EXAMPLE: &str = "\
Example:
  partnerlog request show --data ./data 126112000000042";

/// Show a request with everything that was said.
#[derive(Args)]
#[command(after_help = format!("{SHOW_EXAMPLE}\n\n{EXIT_CODES}"))]
struct Show {
    #[command(flatten)]
    directory: Directory,
    /// The number of the request.
    request: ServiceRequestId,
}

const ANSWER_EXAMPLE: &str = "\
Example:
  partnerlog request answer --data ./data 126112000000042 \\
      --note \"Please send a screenshot.\" --status attention-needed";

/// Add a note to a request, or say where it stands.
#[derive(Args)]
#[command(after_help = format!("{ANSWER_EXAMPLE}\n\n{EXIT_CODES}"))]
struct Answer {
    #[command(flatten)]
    directory: Directory,
    /// The number of the request.
    request: ServiceRequestId,
    /// What is to be said.
    #[arg(long, value_name = "TEXT", required_unless_present = "status")]
    note: Option<String>,
    /// Where the request stands from now on.
    #[arg(long, value_enum)]
    status: Option<Status>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Status {
    /// Nobody works on it yet.
    Open,
    /// Support works on it.
    InProgress,
    /// Support waits for the partner.
    AttentionNeeded,
    /// Support is done.
    Resolved,
    /// It is over.
    Closed,
}

impl From<Status> for RequestStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::Open => Self::Open,
            Status::InProgress => Self::InProgress,
            Status::AttentionNeeded => Self::AttentionNeeded,
            Status::Resolved => Self::Resolved,
            Status::Closed => Self::Closed,
        }
    }
}

const VERIFY_EXAMPLE: &str = "\
Example:
  partnerlog request verify --data ./data 126112000000042 --absence left \\
      --evidence \"Called back on the registered number, saw the extract of the register.\"";

/// State that who asks for elevation was verified, and why no global admin is able to act.
#[derive(Args)]
#[command(after_help = format!("{VERIFY_EXAMPLE}\n\n{EXIT_CODES}"))]
struct Verify {
    #[command(flatten)]
    directory: Directory,
    /// The number of the request.
    request: ServiceRequestId,
    /// Why no global admin is able to act.
    #[arg(long, value_enum)]
    absence: Absence,
    /// How identity and organization were verified.
    #[arg(long, value_name = "TEXT")]
    evidence: String,
}

#[derive(Clone, Copy, ValueEnum)]
enum Absence {
    /// The global admin has left.
    Left,
    /// The global admin was moved to another role.
    MovedToAnotherRole,
}

impl From<Absence> for GlobalAdminAbsence {
    fn from(absence: Absence) -> Self {
        match absence {
            Absence::Left => Self::Left,
            Absence::MovedToAnotherRole => Self::MovedToAnotherRole,
        }
    }
}

const CARRY_OUT_EXAMPLE: &str = "\
An elevation must have been verified before.

Example:
  partnerlog request carry-out --data ./data 126112000000042";

/// Do what a request asks for: elevate its user, or change the public profile.
#[derive(Args)]
#[command(after_help = format!("{CARRY_OUT_EXAMPLE}\n\n{EXIT_CODES}"))]
struct CarryOut {
    #[command(flatten)]
    directory: Directory,
    /// The number of the request.
    request: ServiceRequestId,
}

const DECLINE_EXAMPLE: &str = "\
Example:
  partnerlog request decline --data ./data 126112000000042 --because \"We could not reach you.\"";

/// Refuse what a request asks for, and say why.
#[derive(Args)]
#[command(after_help = format!("{DECLINE_EXAMPLE}\n\n{EXIT_CODES}"))]
struct Decline {
    #[command(flatten)]
    directory: Directory,
    /// The number of the request.
    request: ServiceRequestId,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    because: String,
}

impl Request {
    pub(super) async fn run(self) -> Result<(), CliError> {
        match self.command {
            RequestCommand::List(command) => command.run().await,
            RequestCommand::Show(command) => command.run().await,
            RequestCommand::Answer(command) => {
                let note = command.note.as_deref().map(LetterText::new).transpose();
                let change = ChangeServiceRequest {
                    note: note.map_err(CliError::value("note"))?,
                    status: command.status.map(RequestStatus::from),
                    severity: None,
                };
                carry_out(&command.directory, command.request, change).await
            }
            RequestCommand::Verify(command) => {
                let evidence = LetterText::new(&command.evidence);
                let evidence = evidence.map_err(CliError::value("evidence"))?;
                let absence = command.absence.into();
                let verify = VerifyElevation { absence, evidence };
                carry_out(&command.directory, command.request, verify).await
            }
            RequestCommand::CarryOut(command) => {
                let request_id = command.request;
                let it = CarryOutServiceRequest { request_id };
                carry_out(&command.directory, request_id, it).await
            }
            RequestCommand::Decline(command) => {
                let reason = LetterText::new(&command.because);
                let reason = reason.map_err(CliError::value("because"))?;
                let it = DeclineServiceRequest { reason };
                carry_out(&command.directory, command.request, it).await
            }
        }
    }
}

/// Carries a command out as the operator and says where the request stands then.
async fn carry_out(
    directory: &Directory,
    request: ServiceRequestId,
    command: impl Into<ServiceRequestCommand>,
) -> Result<(), CliError> {
    let running = directory.open().await?;
    let app: &Arc<Application> = &running.application;
    let use_case = OnServiceRequest::new(request, command);
    let done = app.execute(&operator_call(app), &use_case).await;
    let status = app.models().current().service_requests().get(request).map(|row| row.status);
    running.stop().await?;
    done?;
    let status = status.map_or("unknown", RequestStatus::name);
    output::line(format_args!("request {request} is {}", status.replace('_', " ")))
}

impl List {
    async fn run(self) -> Result<(), CliError> {
        let reading = self.directory.open_to_read().await?;
        let model = reading.model().await?;
        let mut rows = Vec::new();
        let wanted = model.service_requests().iter();
        for row in wanted.filter(|row| self.all || row.status.is_open()) {
            let title =
                opened::<ServiceRequestText>(&reading, &row.text, |it| it.title.to_string());
            rows.push([
                row.id.to_string(),
                partner(&model, row),
                row.kind.title().to_owned(),
                row.severity.title().to_owned(),
                row.status.title().to_owned(),
                format!("{:.0}", row.logged_at),
                title.await?,
            ]);
        }
        output::table(["request", "partner", "kind", "severity", "status", "logged", "title"], rows)
    }
}

impl Show {
    async fn run(self) -> Result<(), CliError> {
        let reading = self.directory.open_to_read().await?;
        let model = reading.model().await?;
        let row = model.service_requests().get(self.request);
        let row = row.ok_or_else(|| Rejection::from(ServiceRequestRefusal::NotFound).to_string());
        let row = row.map_err(CliError::Usage)?;
        let said = opened::<ServiceRequestText>(&reading, &row.text, told).await?;
        output::line(format_args!("request   {}", row.id))?;
        output::line(format_args!("partner   {}", partner(&model, row)))?;
        output::line(format_args!("kind      {}", row.kind.title()))?;
        if let ServiceRequestKind::Elevation { user_id } = row.kind {
            output::line(format_args!("of        {user_id}"))?;
        }
        output::line(format_args!("severity  {}", row.severity.title()))?;
        output::line(format_args!("status    {}", row.status.title()))?;
        output::line(format_args!("\n{said}"))?;
        for note in &row.notes {
            let text = |it: &ServiceRequestNote| it.text.to_string();
            let text = opened::<ServiceRequestNote>(&reading, &note.text, text).await?;
            let by = match note.by {
                Actor::PartnerUser { .. } => "partner",
                _ => "support",
            };
            let sort = match note.sort {
                NoteSort::Note => "",
                NoteSort::Verification => " (verified)",
                NoteSort::Decline => " (declined)",
            };
            output::line(format_args!("\n{:.0} {by}{sort}\n{text}", note.at))?;
        }
        Ok(())
    }
}

fn partner(model: &ReadModel, row: &ServiceRequestRow) -> String {
    let known = model.partners().get(row.partner);
    known.map_or_else(|| row.partner.to_string(), |partner| partner.name.to_string())
}

fn told(text: &ServiceRequestText) -> String {
    let proofs = [("Identity", &text.identity), ("Organization", &text.organization)];
    let mut parts = vec![text.title.to_string(), text.description.to_string()];
    for (name, proof) in proofs {
        parts.extend(proof.iter().map(|proof| format!("{name}:\n{proof}")));
    }
    parts.join("\n\n")
}

async fn opened<T: PersonalData>(
    reading: &Reading,
    handle: &PersonalHandle,
    text: impl FnOnce(&T) -> String,
) -> Result<String, CliError> {
    let opened = reading.vault().open::<T>(handle).await?;
    Ok(match opened {
        Opened::Readable(value) => text(&value),
        Opened::Erased(_) => ERASED.to_owned(),
        Opened::KeyUnavailable => KEY_UNAVAILABLE.to_owned(),
    })
}
