//! What partnerlog noticed about itself and about its callers.

use events::{
    AccessRefused, Actor, DamageHealed, DamagedPart, Finding, FoundBy, HealingId,
    InstallationEvent, PositionRange, Process, StableCode, StreamId, Timestamp,
};

use super::{InstallationCommand, InstallationState};
use crate::{
    command::{Requires, command_enum},
    context::Context,
    permissions::Permission,
    rejection::Rejection,
};

/// Record that damage in one copy of something was made good from the other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RecordHealing {
    /// This healing; recorded once.
    pub healing_id: HealingId,
    /// What was damaged.
    pub part: DamagedPart,
    /// The positions affected, where there are any.
    pub positions: Option<PositionRange>,
    /// What was found, and where.
    pub finding: Finding,
    /// When in the life of the installation it was found.
    pub found_by: FoundBy,
    /// The moment.
    pub found_at: Timestamp,
}

/// Record that somebody whose identity is known was refused on grounds of security.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RecordRefusal {
    /// Who was refused.
    pub caller: Actor,
    /// The stable code of the refusal.
    pub code: StableCode,
    /// The permission that was missing, where that was the reason.
    pub permission: Option<StableCode>,
    /// What was asked for.
    pub request: StableCode,
    /// At what it was aimed, where that is known.
    pub target: Option<StreamId>,
    /// When it was refused.
    pub refused_at: Timestamp,
    /// How many refusals of this caller with this code were not recorded since the last one.
    pub suppressed: u64,
}

command_enum! {
    /// What partnerlog itself asks to be recorded.
    WatchCommand in InstallationCommand {
        /// Record a healing.
        RecordHealing(RecordHealing),
        /// Record a refusal.
        RecordRefusal(RecordRefusal),
    }
}

impl Requires for WatchCommand {
    fn permission(&self, _actor: &Actor) -> Option<Permission> {
        None
    }
}

pub(super) fn decide(
    state: &InstallationState,
    command: &WatchCommand,
    context: &Context<'_>,
) -> Result<Vec<InstallationEvent>, Rejection> {
    by_the_watch(&context.actor)?;
    match command {
        WatchCommand::RecordHealing(command) => Ok(record_healing(state, command)),
        WatchCommand::RecordRefusal(command) => Ok(record_refusal(command)),
    }
}

fn record_healing(state: &InstallationState, command: &RecordHealing) -> Vec<InstallationEvent> {
    if state.healings.contains(&command.healing_id) {
        return Vec::new();
    }
    let RecordHealing { healing_id, part, positions, ref finding, found_by, found_at } = *command;
    let finding = finding.clone();
    vec![DamageHealed { healing_id, part, positions, finding, found_by, found_at }.into()]
}

fn record_refusal(command: &RecordRefusal) -> Vec<InstallationEvent> {
    let event = AccessRefused {
        caller: command.caller,
        code: command.code.clone(),
        permission: command.permission.clone(),
        request: command.request.clone(),
        target: command.target,
        refused_at: command.refused_at,
        suppressed: command.suppressed,
    };
    vec![event.into()]
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
