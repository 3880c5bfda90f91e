//! The installation as a whole: what partnerlog noticed about itself and about its callers.

mod command;

use events::{AccessRefused, Actor, DamageHealed, HealingId, InstallationEvent, Process};
use imbl::OrdSet;

pub use self::command::{InstallationCommand, RecordHealing, RecordRefusal};
use crate::{context::Context, decider::Decider, rejection::Rejection};

/// The rules of the installation, which has one stream:
/// [`StreamId::INSTALLATION`](events::StreamId::INSTALLATION).
#[derive(Clone, Copy, Debug)]
pub struct Installation;

/// What is known about the installation.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct InstallationState {
    healings: OrdSet<HealingId>,
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
            InstallationCommand::RecordHealing(command) => record_healing(state, command, context),
            InstallationCommand::RecordRefusal(command) => record_refusal(command, context),
        }
    }

    fn evolve(mut state: InstallationState, event: &InstallationEvent) -> InstallationState {
        match event {
            InstallationEvent::DamageHealed(event) => {
                state.healings.insert(event.healing_id);
            }
            InstallationEvent::AccessRefused(_) => {}
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
        | Actor::CustomerUser { .. }
        | Actor::Operator
        | Actor::SupportOperator { .. }
        | Actor::Auditor { .. }
        | Actor::Visitor => Err(Rejection::ActorNotAllowed),
    }
}
