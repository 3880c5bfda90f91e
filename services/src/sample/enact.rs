//! Carrying a history out: every step is a real command, and none may be refused.

use events::{Client, InvalidValue, Position, Timestamp};
use store::{EventStore, ReadError};

use super::{
    HistoryClock, Plan, secrets,
    step::{Step, Task},
};
use crate::{
    application::{
        Application, Call, CommandError, OnCustomer, OnInstallation, OnLead, OnPartner,
        OnPartnership, OnServiceRequest, Outcome, SignInAttempt, SigningUp, TurnLead,
    },
    imports::ImportCustomers,
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
    let (at, task) = (step.at, step.task);
    match task {
        Task::Customer(customer, command) => {
            let credentials = secrets::of_customer(&command, at)?;
            let use_case = OnCustomer::with_credentials(customer, command, credentials);
            app.execute(&call, &use_case).await
        }
        Task::Partner(partner, command) => {
            let credentials = secrets::of_partner(&command, at)?;
            let use_case = OnPartner::with_credentials(partner, command, credentials);
            app.execute(&call, &use_case).await
        }
        Task::Installation(command) => {
            let credentials = secrets::of_installation(&command, at)?;
            app.execute(&call, &OnInstallation::with_credentials(command, credentials)).await
        }
        Task::Partnership(partnership, command) => {
            app.execute(&call, &OnPartnership::new(partnership, command)).await
        }
        Task::Lead(lead, command) => app.execute(&call, &OnLead::new(lead, command)).await,
        Task::Request(request, command) => {
            app.execute(&call, &OnServiceRequest::new(request, command)).await
        }
        Task::Answer(answer) => app.execute(&call, &answer).await,
        Task::SignUp(command) => {
            let credential = secrets::password(command.account.admin.credential_id, at)?;
            app.execute(&call, &SigningUp { command: *command, credential }).await
        }
        Task::Convert(lead, provider, conversion, command) => {
            let password = secrets::password(command.admin.credential_id, at)?;
            let creation = OnCustomer::with_credential(conversion.customer_id, *command, password);
            app.execute(&call, &TurnLead { lead, provider, conversion, creation }).await
        }
        Task::Import(partner, commands) => {
            let ids = commands.iter().map(|command| command.admin.credential_id);
            let credentials = ids.map(|id| secrets::password(id, at)).collect::<Result<_, _>>()?;
            app.execute(&call, &ImportCustomers { partner, commands, credentials }).await
        }
        Task::SignIn(account, session_id, proof) => {
            let credential = secrets::token(session_id)?;
            app.execute(&call, &SignInAttempt { account, session_id, proof, credential }).await
        }
    }
}
