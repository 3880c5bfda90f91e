//! The installation as a whole: what partnerlog noticed about itself and about its callers.

mod command;
mod health;
mod people;
mod watch;

use events::{
    AccountSignInEvent, DamageEvent, HealingId, IncidentEvent, InstallationAccount,
    InstallationEvent, PersonEvent, RefusalEvent,
};
use imbl::OrdSet;

pub use self::{
    command::InstallationCommand,
    health::{IncidentCommand, OpenIncident, ResolveIncident, UpdateIncident},
    people::{
        AUDIT_DAYS_MAX, AUDITOR_PERMISSIONS, AccountSignInCommand, AddOperator, AdmitAuditor,
        ChangeAccountPassword, DismissAuditor, IssueAccountToken, NewPerson, People, Person,
        PersonCommand, RemoveOperator, ResetAccountPassword, RevokeAccountToken, SignInAccount,
        SignOutAccount,
    },
    watch::{RecordHealing, RecordRefusal, WatchCommand},
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
        match command {
            InstallationCommand::Watch(command) => watch::decide(state, command, context),
            InstallationCommand::Person(command) => people::decide(state, command, context),
            InstallationCommand::SignIn(command) => people::decide_sign_in(state, command, context),
            InstallationCommand::Incident(command) => health::decide(state, command, context),
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
