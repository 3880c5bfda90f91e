//! The installation as a whole: what partnerlog noticed about itself and about its callers.

mod command;
mod health;
mod people;

use events::{
    AccessRefused, AccountSignInEvent, Actor, DamageEvent, DamageHealed, HealingId, IncidentEvent,
    InstallationAccount, InstallationEvent, PersonEvent, Process, RefusalEvent,
};
use imbl::OrdSet;

pub use self::{
    command::{InstallationCommand, RecordHealing, RecordRefusal},
    health::{OpenIncident, ResolveIncident, UpdateIncident},
    people::{
        AUDIT_DAYS_MAX, AUDITOR_PERMISSIONS, AddOperator, AdmitAuditor, ChangeAccountPassword,
        DismissAuditor, IssueAccountToken, NewPerson, People, Person, RemoveOperator,
        ResetAccountPassword, RevokeAccountToken, SignInAccount, SignOutAccount,
    },
};
use crate::{context::Context, decider::Decider, rejection::Rejection};

/// The rules of the installation, which has one stream:
/// [`StreamId::INSTALLATION`](events::StreamId::INSTALLATION).
#[derive(Clone, Copy, Debug)]
pub struct Installation;

/// What is known about the installation.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct InstallationState {
    healings: OrdSet<HealingId>,
    people: People,
    health: health::Health,
}

impl InstallationState {
    /// The operators and auditors.
    #[must_use]
    pub const fn people(&self) -> &People {
        &self.people
    }
}

impl Decider for Installation {
    type State = InstallationState;
    type Command = InstallationCommand;
    type Event = InstallationEvent;

    fn decide(
        state: &InstallationState,
        command: &InstallationCommand,
        context: &Context<'_>,
    ) -> Result<Vec<InstallationEvent>, Rejection> {
        let (known, one) = (&state.people, |event| vec![event]);
        match command {
            InstallationCommand::RecordHealing(command) => record_healing(state, command, context),
            InstallationCommand::RecordRefusal(command) => record_refusal(command, context),
            InstallationCommand::AddOperator(command) => {
                people::add_operator(known, command, context).map(one)
            }
            InstallationCommand::RemoveOperator(command) => {
                people::remove_operator(known, *command, context).map(one)
            }
            InstallationCommand::AdmitAuditor(command) => {
                people::admit_auditor(known, command, context).map(one)
            }
            InstallationCommand::DismissAuditor(command) => {
                people::dismiss_auditor(known, *command, context).map(one)
            }
            InstallationCommand::ResetPassword(command) => {
                people::reset_password(known, *command, context).map(one)
            }
            InstallationCommand::SignIn(command) => {
                people::sign_in(known, *command, context).map(one)
            }
            InstallationCommand::SignOut(command) => {
                people::sign_out(known, *command, context).map(|event| event.into_iter().collect())
            }
            InstallationCommand::ChangePassword(command) => {
                people::change_password(known, command, context).map(one)
            }
            InstallationCommand::IssueToken(command) => {
                people::issue_token(known, *command, context).map(one)
            }
            InstallationCommand::RevokeToken(command) => {
                people::revoke_token(known, *command, context).map(one)
            }
            InstallationCommand::OpenIncident(command) => {
                health::open(&state.health, command, context).map(one)
            }
            InstallationCommand::UpdateIncident(command) => {
                health::update(&state.health, command, context).map(one)
            }
            InstallationCommand::ResolveIncident(command) => {
                health::resolve(&state.health, command, context).map(one)
            }
        }
    }

    fn evolve(mut state: InstallationState, event: &InstallationEvent) -> InstallationState {
        match event {
            InstallationEvent::Damage(DamageEvent::DamageHealed(event)) => {
                state.healings.insert(event.healing_id);
            }
            InstallationEvent::Refusal(RefusalEvent::AccessRefused(_)) => {}
            InstallationEvent::Person(event) => match event {
                PersonEvent::OperatorAdded(event) => state.people.operator_added(event),
                PersonEvent::OperatorRemoved(event) => {
                    state.people.gone(InstallationAccount::Operator(event.operator_id));
                }
                PersonEvent::AuditorAdmitted(event) => state.people.auditor_admitted(event),
                PersonEvent::AuditorDismissed(event) => {
                    state.people.gone(InstallationAccount::Auditor(event.auditor_id));
                }
                PersonEvent::AccountPasswordReset(event) => state.people.password_reset(event),
            },
            InstallationEvent::SignIn(event) => match event {
                AccountSignInEvent::AccountSignedIn(event) => state.people.signed_in(event),
                AccountSignInEvent::AccountSignedOut(event) => state.people.signed_out(event),
                AccountSignInEvent::AccountSignInFailed(event) => {
                    state.people.sign_in_failed(event);
                }
                AccountSignInEvent::AccountPasswordChanged(event) => {
                    state.people.password_changed(event);
                }
                AccountSignInEvent::AccountTokenIssued(event) => state.people.token_issued(event),
                AccountSignInEvent::AccountTokenRevoked(event) => state.people.token_revoked(event),
            },
            InstallationEvent::Incident(event) => match event {
                IncidentEvent::IncidentOpened(event) => state.health.opened(event),
                IncidentEvent::IncidentUpdated(event) => state.health.updated(event),
                IncidentEvent::IncidentResolved(event) => state.health.resolved(event.incident_id),
            },
        }
        state
    }

    fn own(event: &events::Event) -> Option<&InstallationEvent> {
        match event {
            events::Event::Installation(event) => Some(event),
            events::Event::Partner(_)
            | events::Event::Partnership(_)
            | events::Event::Customer(_)
            | events::Event::NameClaim(_)
            | events::Event::Lead(_)
            | events::Event::ServiceRequest(_) => None,
        }
    }
}

fn record_healing(
    state: &InstallationState,
    command: &RecordHealing,
    context: &Context<'_>,
) -> Result<Vec<InstallationEvent>, Rejection> {
    by_the_watch(&context.actor)?;
    if state.healings.contains(&command.healing_id) {
        return Ok(Vec::new());
    }
    let RecordHealing { healing_id, part, positions, ref finding, found_by, found_at } = *command;
    let finding = finding.clone();
    let event = DamageHealed { healing_id, part, positions, finding, found_by, found_at };
    Ok(vec![event.into()])
}

fn record_refusal(
    command: &RecordRefusal,
    context: &Context<'_>,
) -> Result<Vec<InstallationEvent>, Rejection> {
    by_the_watch(&context.actor)?;
    let event = AccessRefused {
        caller: command.caller,
        code: command.code.clone(),
        permission: command.permission.clone(),
        request: command.request.clone(),
        target: command.target,
        refused_at: command.refused_at,
        suppressed: command.suppressed,
    };
    Ok(vec![event.into()])
}

/// Nobody but partnerlog itself says what it noticed.
fn by_the_watch(actor: &Actor) -> Result<(), Rejection> {
    match actor {
        Actor::System(Process::Watch) => Ok(()),
        Actor::System(_)
        | Actor::PartnerUser { .. }
        | Actor::Application { .. }
        | Actor::CustomerUser { .. }
        | Actor::Operator
        | Actor::SupportOperator { .. }
        | Actor::Auditor { .. }
        | Actor::Visitor => Err(Rejection::ActorNotAllowed),
    }
}
