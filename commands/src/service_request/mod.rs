//! A service request: support for a partner or one of its customers, elevation to global admin, a
//! change of the provider's public profile. The partner asks, operators of the installation answer.

mod access;
mod command;
mod refusal;
mod state;
mod status;

use std::collections::BTreeSet;

use events::{
    Actor, ElevationVerified, LetterText, PartnerId, PartnerKind, PartnerUserId, Personal,
    PublicProfile, RequestStatus, RequestTopic, ServiceRequestDeclined, ServiceRequestEvent,
    ServiceRequestId, ServiceRequestKind, ServiceRequestLogged, ServiceRequestNote,
    ServiceRequestNoted, ServiceRequestSeverityChanged, ServiceRequestStatusChanged,
};

pub use self::{
    access::{customer_support, permission_to_change, permission_to_log, permission_to_view},
    command::{
        CarryOutServiceRequest, ChangeServiceRequest, DeclineServiceRequest, LogServiceRequest,
        ServiceRequestCommand, VerifyElevation,
    },
    refusal::ServiceRequestRefusal,
    state::{Request, ServiceRequestState},
};
use crate::{
    access::is_operator, context::Context, decider::Decider, partner::ApplicationRefusal,
    rejection::Rejection,
};

/// The most notes a request may have.
pub const REQUEST_NOTES_MAX: usize = 200;
/// The most locations a public profile may name.
pub const PROFILE_LOCATIONS_MAX: usize = 50;

/// The rules of a service request.
#[derive(Clone, Copy, Debug)]
pub struct ServiceRequest;

/// Who speaks: the partner that asks, or the operators who answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Side {
    Partner,
    Support,
}

impl Decider for ServiceRequest {
    type State = ServiceRequestState;
    type Command = ServiceRequestCommand;
    type Event = ServiceRequestEvent;

    fn decide(
        state: &ServiceRequestState,
        command: &ServiceRequestCommand,
        context: &Context<'_>,
    ) -> Result<Vec<ServiceRequestEvent>, Rejection> {
        match command {
            ServiceRequestCommand::Log(command) => log(state, command, context),
            ServiceRequestCommand::Change(command) => change(state, command, context),
            ServiceRequestCommand::Decline(command) => decline(state, command, context),
            ServiceRequestCommand::Verify(command) => verify(state, command, context),
            ServiceRequestCommand::CarryOut(_) => carry_out(state, context),
        }
    }

    fn evolve(state: ServiceRequestState, event: &ServiceRequestEvent) -> ServiceRequestState {
        state.evolved(event)
    }

    fn own(event: &events::Event) -> Option<&ServiceRequestEvent> {
        match event {
            events::Event::ServiceRequest(event) => Some(event),
            events::Event::Partner(_)
            | events::Event::Partnership(_)
            | events::Event::Customer(_)
            | events::Event::NameClaim(_)
            | events::Event::Installation(_)
            | events::Event::Lead(_) => None,
        }
    }
}

fn log(
    state: &ServiceRequestState,
    command: &LogServiceRequest,
    context: &Context<'_>,
) -> Result<Vec<ServiceRequestEvent>, Rejection> {
    let logged_by = speaker_of(&context.actor, command.partner_id)?;
    if state.request().is_some() {
        return Err(Rejection::AlreadyExists { what: "service request" });
    }
    acceptable(command, context)?;
    Ok(vec![
        ServiceRequestLogged {
            request_id: command.request_id,
            partner_id: command.partner_id,
            logged_by,
            kind: command.kind.clone(),
            topic: command.topic,
            severity: command.severity,
            text: Personal::open(command.request_id.into(), command.text.clone()),
        }
        .into(),
    ])
}

/// Refuses what a request of its kind must not look like.
fn acceptable(command: &LogServiceRequest, context: &Context<'_>) -> Result<(), Rejection> {
    match &command.kind {
        ServiceRequestKind::PartnerSupport => Ok(()),
        ServiceRequestKind::CustomerSupport { subscription_id, .. } => {
            let names_one =
                matches!(command.topic, RequestTopic::Billing | RequestTopic::Subscription);
            if names_one && subscription_id.is_none() {
                return Err(ServiceRequestRefusal::SubscriptionMissing.into());
            }
            Ok(())
        }
        ServiceRequestKind::Elevation { .. } => {
            if command.text.identity.is_none() {
                return Err(ServiceRequestRefusal::IdentityMissing.into());
            }
            if command.text.organization.is_none() {
                return Err(ServiceRequestRefusal::OrganizationMissing.into());
            }
            Ok(())
        }
        ServiceRequestKind::PublicProfileChange { profile } => {
            let partner = context.facts.partner(command.partner_id);
            if partner.is_none_or(|partner| partner.kind != PartnerKind::IndirectProvider) {
                return Err(Rejection::NotIndirectProvider);
            }
            Ok(showable(profile)?)
        }
    }
}

fn showable(profile: &PublicProfile) -> Result<(), ServiceRequestRefusal> {
    let (count, limit) = (profile.locations.len(), PROFILE_LOCATIONS_MAX);
    if !(1..=limit).contains(&count) {
        return Err(ServiceRequestRefusal::LocationCount { count, limit });
    }
    let mut seen = BTreeSet::new();
    match profile.locations.iter().find(|location| !seen.insert(&location.country)) {
        Some(twice) => Err(ServiceRequestRefusal::LocationTwice { country: twice.country.clone() }),
        None => Ok(()),
    }
}

/// A note by the partner answers what support waits for.
fn change(
    state: &ServiceRequestState,
    command: &ChangeServiceRequest,
    context: &Context<'_>,
) -> Result<Vec<ServiceRequestEvent>, Rejection> {
    let (request, side) = request_for(state, &context.actor)?;
    let (partner_id, old) = (request.partner_id, request.status);
    let answers =
        side == Side::Partner && command.note.is_some() && old == RequestStatus::AttentionNeeded;
    let new = command.status.unwrap_or(if answers { RequestStatus::InProgress } else { old });
    if new != old && !status::may_go(&request.kind, side, old, new) {
        return Err(ServiceRequestRefusal::StatusUnreachable { old, new }.into());
    }
    let mut events = Vec::new();
    if let Some(severity) = command.severity.filter(|severity| *severity != request.severity) {
        if side != Side::Partner {
            return Err(Rejection::ActorNotAllowed);
        }
        if !new.is_open() {
            return Err(ServiceRequestRefusal::Over { status: old }.into());
        }
        let changed =
            ServiceRequestSeverityChanged { partner_id, old: request.severity, new: severity };
        events.push(changed.into());
    }
    if let Some(text) = &command.note {
        if old == RequestStatus::Closed && !new.is_open() {
            return Err(ServiceRequestRefusal::Over { status: old }.into());
        }
        if request.notes >= REQUEST_NOTES_MAX {
            return Err(ServiceRequestRefusal::TooManyNotes { limit: REQUEST_NOTES_MAX }.into());
        }
        let note = note(request.id, text);
        events.push(ServiceRequestNoted { partner_id, note }.into());
    }
    if new != old {
        events.push(ServiceRequestStatusChanged { partner_id, old, new }.into());
    }
    Ok(events)
}

fn decline(
    state: &ServiceRequestState,
    command: &DeclineServiceRequest,
    context: &Context<'_>,
) -> Result<Vec<ServiceRequestEvent>, Rejection> {
    let request = request_for_support(state, &context.actor)?;
    request.open()?;
    Ok(vec![
        ServiceRequestDeclined {
            partner_id: request.partner_id,
            old: request.status,
            note: note(request.id, &command.reason),
        }
        .into(),
    ])
}

fn verify(
    state: &ServiceRequestState,
    command: &VerifyElevation,
    context: &Context<'_>,
) -> Result<Vec<ServiceRequestEvent>, Rejection> {
    let request = request_for_support(state, &context.actor)?;
    let ServiceRequestKind::Elevation { user_id } = request.kind else {
        return Err(ServiceRequestRefusal::OfAnotherKind { wanted: "elevation" }.into());
    };
    request.open()?;
    if request.verified {
        return Err(ServiceRequestRefusal::AlreadyVerified.into());
    }
    let (partner_id, old) = (request.partner_id, request.status);
    let verified = ElevationVerified {
        partner_id,
        user_id,
        absence: command.absence,
        note: note(request.id, &command.evidence),
    };
    let new = RequestStatus::InProgress;
    let taken_up =
        (old != new).then(|| ServiceRequestStatusChanged { partner_id, old, new }.into());
    Ok(taken_up.into_iter().chain([verified.into()]).collect())
}

/// The request is resolved; what it asks for happens to the partner, in the same commit.
fn carry_out(
    state: &ServiceRequestState,
    context: &Context<'_>,
) -> Result<Vec<ServiceRequestEvent>, Rejection> {
    let request = request_for_support(state, &context.actor)?;
    ready(request)?;
    Ok(vec![
        ServiceRequestStatusChanged {
            partner_id: request.partner_id,
            old: request.status,
            new: RequestStatus::Resolved,
        }
        .into(),
    ])
}

/// Refuses to carry out what is over, what is a question, and an elevation nobody verified.
pub(crate) fn ready(request: &Request) -> Result<(), ServiceRequestRefusal> {
    match request.kind {
        ServiceRequestKind::PartnerSupport | ServiceRequestKind::CustomerSupport { .. } => {
            Err(ServiceRequestRefusal::OfAnotherKind {
                wanted: "elevation or a change of the public profile",
            })
        }
        ServiceRequestKind::Elevation { .. } => {
            request.open()?;
            if request.verified { Ok(()) } else { Err(ServiceRequestRefusal::NotVerified) }
        }
        ServiceRequestKind::PublicProfileChange { .. } => request.open(),
    }
}

/// The request, and for which side the actor speaks; a request of another partner is not there.
fn request_for<'a>(
    state: &'a ServiceRequestState,
    actor: &Actor,
) -> Result<(&'a Request, Side), Rejection> {
    let request = state.request().ok_or(ServiceRequestRefusal::NotFound)?;
    if is_operator(actor) {
        return Ok((request, Side::Support));
    }
    match speaker_of(actor, request.partner_id) {
        Ok(_) => Ok((request, Side::Partner)),
        Err(Rejection::NotYourPartner) => Err(ServiceRequestRefusal::NotFound.into()),
        Err(other) => Err(other),
    }
}

fn request_for_support<'a>(
    state: &'a ServiceRequestState,
    actor: &Actor,
) -> Result<&'a Request, Rejection> {
    if !is_operator(actor) {
        return Err(Rejection::ActorNotAllowed);
    }
    Ok(state.request().ok_or(ServiceRequestRefusal::NotFound)?)
}

/// The user who speaks for the partner: requests are logged by people of it.
fn speaker_of(actor: &Actor, partner: PartnerId) -> Result<PartnerUserId, Rejection> {
    match *actor {
        Actor::PartnerUser { partner: own, user } if own == partner => Ok(user),
        Actor::PartnerUser { .. } => Err(Rejection::NotYourPartner),
        Actor::Application { .. } => Err(ApplicationRefusal::UserRequired.into()),
        Actor::CustomerUser { .. }
        | Actor::Operator
        | Actor::System(_)
        | Actor::SupportOperator { .. }
        | Actor::Auditor { .. }
        | Actor::Visitor => Err(Rejection::ActorNotAllowed),
    }
}

fn note(request: ServiceRequestId, text: &LetterText) -> Personal<ServiceRequestNote> {
    Personal::open(request.into(), ServiceRequestNote { text: text.clone() })
}
