//! Whether the services that are sold work: operators open incidents, tell more and resolve them.

use events::{
    Actor, FriendlyName, IncidentId, IncidentNote, IncidentOpened, IncidentResolved,
    IncidentSeverity, IncidentUpdated, InstallationEvent, SkuId, Timestamp,
};
use imbl::OrdMap;

use super::{InstallationCommand, InstallationState};
use crate::{
    access::is_operator,
    command::{Requires, command_enum},
    context::Context,
    permissions::Permission,
    rejection::{IncidentRefusal, Rejection},
};

/// Say that a service does not work as it should.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OpenIncident {
    /// The new incident.
    pub incident_id: IncidentId,
    /// The product whose service it is; the catalogue has it.
    pub sku_id: SkuId,
    /// How bad it is.
    pub severity: IncidentSeverity,
    /// What it is, in a line.
    pub title: FriendlyName,
    /// What is known.
    pub note: IncidentNote,
    /// Since when.
    pub started_at: Timestamp,
}

/// Tell more about an incident.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UpdateIncident {
    /// The incident.
    pub incident_id: IncidentId,
    /// How bad it is now; as before where nothing is said.
    pub severity: Option<IncidentSeverity>,
    /// What is known now.
    pub note: IncidentNote,
}

/// Say that the service works again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ResolveIncident {
    /// The incident.
    pub incident_id: IncidentId,
    /// What it was.
    pub note: IncidentNote,
}

command_enum! {
    /// What can be asked about incidents.
    IncidentCommand in InstallationCommand {
        /// Say that a service does not work.
        Open(OpenIncident),
        /// Tell more about an incident.
        Update(UpdateIncident),
        /// Say that the service works again.
        Resolve(ResolveIncident),
    }
}

impl Requires for IncidentCommand {
    fn permission(&self, _actor: &Actor) -> Option<Permission> {
        None
    }

    fn is_for_support_operators(&self) -> bool {
        match self {
            Self::Open(_) | Self::Update(_) | Self::Resolve(_) => true,
        }
    }
}

/// The incidents that were ever opened.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Health {
    /// Those that are not resolved with their severity, the others without.
    incidents: OrdMap<IncidentId, Option<IncidentSeverity>>,
}

pub(super) fn decide(
    state: &InstallationState,
    command: &IncidentCommand,
    context: &Context<'_>,
) -> Result<Vec<InstallationEvent>, Rejection> {
    let health = &state.health;
    let event = match command {
        IncidentCommand::Open(command) => open(health, command, context),
        IncidentCommand::Update(command) => update(health, command, context),
        IncidentCommand::Resolve(command) => resolve(health, command, context),
    };
    event.map(|event| vec![event])
}

fn open(
    health: &Health,
    command: &OpenIncident,
    context: &Context<'_>,
) -> Result<InstallationEvent, Rejection> {
    by_an_operator(context.actor)?;
    let OpenIncident { incident_id, sku_id, severity, started_at, .. } = *command;
    if health.incidents.contains_key(&incident_id) {
        return Err(Rejection::AlreadyExists { what: "incident" });
    }
    let mut offers = context.facts.catalogue.offers().iter();
    let offer = offers.find(|offer| offer.sku_id == sku_id);
    let offer = offer.ok_or(IncidentRefusal::UnknownService { sku_id })?;
    if started_at > context.now {
        return Err(IncidentRefusal::StartedAhead.into());
    }
    Ok(IncidentOpened {
        incident_id,
        sku_id,
        service: offer.sku_name.clone(),
        severity,
        title: command.title.clone(),
        note: command.note.clone(),
        started_at,
    }
    .into())
}

fn update(
    health: &Health,
    command: &UpdateIncident,
    context: &Context<'_>,
) -> Result<InstallationEvent, Rejection> {
    by_an_operator(context.actor)?;
    let UpdateIncident { incident_id, severity, .. } = *command;
    let severity = severity.unwrap_or(health.current(incident_id)?);
    Ok(IncidentUpdated { incident_id, severity, note: command.note.clone() }.into())
}

fn resolve(
    health: &Health,
    command: &ResolveIncident,
    context: &Context<'_>,
) -> Result<InstallationEvent, Rejection> {
    by_an_operator(context.actor)?;
    health.current(command.incident_id)?;
    let note = command.note.clone();
    Ok(IncidentResolved { incident_id: command.incident_id, note }.into())
}

fn by_an_operator(actor: Actor) -> Result<(), Rejection> {
    if is_operator(&actor) { Ok(()) } else { Err(Rejection::ActorNotAllowed) }
}

impl Health {
    /// The severity of an incident that is not over.
    fn current(&self, incident: IncidentId) -> Result<IncidentSeverity, Rejection> {
        match self.incidents.get(&incident) {
            None => Err(IncidentRefusal::NotFound.into()),
            Some(None) => Err(IncidentRefusal::Resolved.into()),
            Some(Some(severity)) => Ok(*severity),
        }
    }

    pub(super) fn opened(&mut self, event: &IncidentOpened) {
        self.incidents.insert(event.incident_id, Some(event.severity));
    }

    pub(super) fn updated(&mut self, event: &IncidentUpdated) {
        self.incidents.insert(event.incident_id, Some(event.severity));
    }

    pub(super) fn resolved(&mut self, id: IncidentId) {
        self.incidents.insert(id, None);
    }
}
