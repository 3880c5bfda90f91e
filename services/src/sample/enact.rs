//! Carrying a history out: every step is a real command, and none may be refused.

use commands::{CustomerCommand, PartnerCommand};
use events::{Client, CredentialId, InvalidValue, Position, Timestamp};
use store::{EventStore, ReadError};

use super::{
    HistoryClock, Plan,
    step::{Step, Task},
};
use crate::{
    application::{Application, Call, CommandError, OnCustomer, OnPartner, OnPartnership, Outcome},
    auth::{TEMPORARY_PASSWORD_HOURS, TemporaryPassword, new_temporary_password},
    keys::KeyError,
};

/// Records read at once while steps are counted.
const PAGE_RECORDS: usize = 1_024;

/// Why a history could not be carried out.
#[derive(Debug, thiserror::Error)]
pub enum EnactError {
    /// The plan itself is wrong.
    #[error("a made-up value is not acceptable")]
    Plan(#[from] InvalidValue),
    /// A step was refused, or could not be carried out.
    #[error("step {number} ({command} at {at}) was not carried out")]
    Step {
        /// Which step, from 0.
        number: u64,
        /// Its command.
        command: &'static str,
        /// Its moment.
        at: Timestamp,
        /// Why.
        source: Box<CommandError>,
    },
    /// A step led to nothing.
    #[error("step {number} ({command} at {at}) led to no event")]
    NoEvent {
        /// Which step, from 0.
        number: u64,
        /// Its command.
        command: &'static str,
        /// Its moment.
        at: Timestamp,
    },
    /// What was carried out before cannot be read.
    #[error("the steps carried out before cannot be read")]
    Read(#[from] ReadError),
}

/// How many steps of a history the log holds already: each step is one commit.
///
/// # Errors
/// When the log cannot be read.
pub async fn steps_recorded(store: &dyn EventStore) -> Result<u64, ReadError> {
    let (mut from, mut steps) = (Position::default(), 0);
    loop {
        let records = store.read_log(from, PAGE_RECORDS).await?;
        for record in records.iter().filter(|record| record.header().ends_commit()) {
            steps += u64::from(record.decode()?.metadata.client == Client::Sample);
        }
        match records.last() {
            Some(last) if records.len() == PAGE_RECORDS => from = last.position().next(),
            Some(_) | None => return Ok(steps),
        }
    }
}

/// A history that is being carried out.
pub struct Enactment<'a> {
    app: &'a Application,
    clock: &'a HistoryClock,
    plan: Plan,
    number: u64,
}

impl<'a> Enactment<'a> {
    /// Begins behind the steps that the log holds already; `clock` is the application's.
    ///
    /// # Errors
    /// When the log cannot be read or the plan is wrong.
    pub async fn resume(
        app: &'a Application,
        clock: &'a HistoryClock,
        mut plan: Plan,
    ) -> Result<Self, EnactError> {
        let done = steps_recorded(&**app.store()).await?;
        let mut number = 0;
        while number < done {
            match plan.next() {
                Some(step) => drop(step?),
                None => break,
            }
            number += 1;
        }
        Ok(Self { app, clock, plan, number })
    }

    /// Carries the next step out; tells its moment, or `None` after the last one, when the clock
    /// has arrived in the present.
    ///
    /// # Errors
    /// When a step is refused: the plan and the rules contradict each other.
    pub async fn step(&mut self) -> Result<Option<Timestamp>, EnactError> {
        let Some(step) = self.plan.next().transpose()? else {
            self.clock.arrive();
            return Ok(None);
        };
        self.clock.set(step.at);
        let (number, command, at) = (self.number, step.task.name(), step.at);
        match carry_out(self.app, step).await {
            Ok(outcome) if outcome.events.is_empty() => {
                Err(EnactError::NoEvent { number, command, at })
            }
            Ok(_) => {
                self.number += 1;
                Ok(Some(at))
            }
            Err(error) => Err(EnactError::Step { number, command, at, source: Box::new(error) }),
        }
    }

    /// How many steps are recorded.
    #[must_use]
    pub const fn steps(&self) -> u64 {
        self.number
    }
}

async fn carry_out(app: &Application, step: Step) -> Result<Outcome, CommandError> {
    let mut call = Call::new(step.principal, Client::Sample, step.correlation_id);
    call.reason = step.why.reason;
    call.ticket = step.why.ticket;
    call.approved_by = step.why.approved_by;
    match step.task {
        Task::Customer(customer, command) => {
            let passwords = customer_passwords(&command, step.at)?;
            let use_case = OnCustomer::with_passwords(customer, command, &passwords)?;
            app.execute(&call, &use_case).await
        }
        Task::Partner(partner, command) => {
            let use_case = match partner_password(&command, step.at)? {
                Some(password) => OnPartner::with_password(partner, command, &password)?,
                None => OnPartner::new(partner, command),
            };
            app.execute(&call, &use_case).await
        }
        Task::Partnership(partnership, command) => {
            app.execute(&call, &OnPartnership::new(partnership, command)).await
        }
    }
}

/// The passwords that a command names: nobody learns them.
fn customer_passwords(
    command: &CustomerCommand,
    at: Timestamp,
) -> Result<Vec<TemporaryPassword>, KeyError> {
    match command {
        CustomerCommand::Create(command) => Ok(vec![password(command.admin.credential_id, at)?]),
        CustomerCommand::CreateUsers(command) => {
            command.users.iter().map(|user| password(user.credential_id, at)).collect()
        }
        CustomerCommand::ResetPassword(command) => Ok(vec![password(command.credential_id, at)?]),
        CustomerCommand::SignUp(command) => {
            Ok(vec![password(command.account.admin.credential_id, at)?])
        }
        CustomerCommand::RequestRelationship(_)
        | CustomerCommand::EditRelationshipDraft(_)
        | CustomerCommand::SendRequestLetter(_)
        | CustomerCommand::RecordRequestSending(_)
        | CustomerCommand::WithdrawRequest(_)
        | CustomerCommand::AcceptRequest(_)
        | CustomerCommand::DeclineRequest(_)
        | CustomerCommand::ExpireRequest(_)
        | CustomerCommand::EnterRelationship(_)
        | CustomerCommand::EndDelegatedAdmin(_)
        | CustomerCommand::PermitOwnPurchases(_)
        | CustomerCommand::ForbidOwnPurchases(_)
        | CustomerCommand::EditDetails(_)
        | CustomerCommand::EndRelationship(_)
        | CustomerCommand::AssociateReseller(_)
        | CustomerCommand::RemoveReseller(_)
        | CustomerCommand::SubmitOrder(_)
        | CustomerCommand::ChangeSubscription(_)
        | CustomerCommand::UpgradeSubscription(_)
        | CustomerCommand::OpenCart(_)
        | CustomerCommand::ChangeCart(_)
        | CustomerCommand::ReviewCart(_)
        | CustomerCommand::CheckOutCart(_)
        | CustomerCommand::CancelCart(_)
        | CustomerCommand::ExpireCart(_)
        | CustomerCommand::ChangeResellerOfRecord(_)
        | CustomerCommand::ChangeSupportContact(_)
        | CustomerCommand::FallBackSupportContacts(_)
        | CustomerCommand::EditUser(_)
        | CustomerCommand::DeleteUsers(_)
        | CustomerCommand::RestoreUser(_)
        | CustomerCommand::PurgeUser(_)
        | CustomerCommand::UpdateLicenses(_)
        | CustomerCommand::Devices(_)
        | CustomerCommand::ConfirmAgreement(_)
        | CustomerCommand::GrantDirectoryRole(_)
        | CustomerCommand::RevokeDirectoryRole(_)
        | CustomerCommand::SignIn(_)
        | CustomerCommand::SignOut(_)
        | CustomerCommand::ChangePassword(_)
        | CustomerCommand::IssueToken(_)
        | CustomerCommand::RevokeToken(_) => Ok(Vec::new()),
    }
}

fn partner_password(
    command: &PartnerCommand,
    at: Timestamp,
) -> Result<Option<TemporaryPassword>, KeyError> {
    let id = match command {
        PartnerCommand::Register(command) => command.admin.credential_id,
        PartnerCommand::AddUser(command) => command.user.credential_id,
        PartnerCommand::ResetPassword(command) => command.credential_id,
        PartnerCommand::EditUser(_)
        | PartnerCommand::DeleteUser(_)
        | PartnerCommand::RestoreUser(_)
        | PartnerCommand::PurgeUser(_)
        | PartnerCommand::AssignRole(_)
        | PartnerCommand::RevokeRole(_)
        | PartnerCommand::IssueToken(_)
        | PartnerCommand::RevokeToken(_)
        | PartnerCommand::CarryOut(_)
        | PartnerCommand::EditProfile(_)
        | PartnerCommand::Network(_)
        | PartnerCommand::SignIn(_)
        | PartnerCommand::SignOut(_)
        | PartnerCommand::ChangePassword(_)
        | PartnerCommand::RegisterApplication(_)
        | PartnerCommand::AddApplicationSecret(_)
        | PartnerCommand::RemoveApplicationSecret(_)
        | PartnerCommand::RevokeApplication(_)
        | PartnerCommand::SignInApplication(_)
        | PartnerCommand::BeginApplicationGrant(_)
        | PartnerCommand::RenewApplicationGrant(_) => return Ok(None),
    };
    password(id, at).map(Some)
}

fn password(id: CredentialId, at: Timestamp) -> Result<TemporaryPassword, KeyError> {
    let mut password = new_temporary_password(at)?;
    password.id = id;
    password.expires_at = at.plus_hours(TEMPORARY_PASSWORD_HOURS);
    Ok(password)
}
