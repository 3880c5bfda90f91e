//! Which events are shown?

use std::{collections::BTreeSet, str::FromStr};

use events::{
    Actor, ClaimKind, EmailAddress, Event, InstallationEvent, NameClaimEvent, PartnerId,
    PartnershipEvent, RecordedEvent, RefusalEvent, StreamVersion, Tenant, Timestamp,
};
use uuid::Uuid;

use crate::{application::Reading, cli::CliError};

/// Claims of one name that are read at once.
const CLAIMS_PAGE: usize = 512;

/// The name of an event type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct TypeFilter(&'static str);

impl FromStr for TypeFilter {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut names = Event::types().map(|(_, name, _)| name);
        names.find(|name| name.eq_ignore_ascii_case(text)).map(Self).ok_or_else(|| {
            let names: Vec<_> = Event::types().map(|(_, name, _)| name).collect();
            format!("no event has this type; the types are {}", names.join(", "))
        })
    }
}

/// Who acted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum ActorFilter {
    Operator,
    System,
    /// Any of these users: an address may have belonged to several, one after the other.
    Users(BTreeSet<Uuid>),
}

impl ActorFilter {
    /// Finds out who is meant; an address by the claims on it, also by users who are gone.
    pub(super) async fn find(text: &str, reading: &Reading) -> Result<Self, CliError> {
        match text.to_ascii_lowercase().as_str() {
            "operator" => return Ok(Self::Operator),
            "system" => return Ok(Self::System),
            _ => {}
        }
        if let Ok(id) = Uuid::try_parse(text.trim()) {
            return Ok(Self::Users(BTreeSet::from([id])));
        }
        let email = EmailAddress::new(text).map_err(CliError::value("actor"))?;
        let users = holders(&email, reading).await?;
        if users.is_empty() {
            return Err(CliError::Usage(format!("--actor: nobody ever signed in as {text}")));
        }
        Ok(Self::Users(users))
    }

    fn admits(&self, actor: &Actor) -> bool {
        match (self, actor) {
            (Self::Operator, Actor::Operator) | (Self::System, Actor::System(_)) => true,
            (Self::Users(users), Actor::PartnerUser { user, .. }) => {
                users.contains(&user.as_uuid())
            }
            (Self::Users(users), Actor::CustomerUser { user, .. }) => {
                users.contains(&user.as_uuid())
            }
            (Self::Users(users), Actor::SupportOperator { operator }) => {
                users.contains(&operator.as_uuid())
            }
            (Self::Users(users), Actor::Auditor { auditor }) => users.contains(&auditor.as_uuid()),
            (Self::Users(users), Actor::Application { application, .. }) => {
                users.contains(&application.as_uuid())
            }
            _ => false,
        }
    }
}

/// Everybody who ever signed in under an address.
async fn holders(email: &EmailAddress, reading: &Reading) -> Result<BTreeSet<Uuid>, CliError> {
    let name = reading.keys().sign_in_name_hash(email);
    let mut holders = BTreeSet::new();
    let mut next = StreamVersion::NONE.next();
    loop {
        let claims = reading.store().read_stream(name.into(), next, CLAIMS_PAGE).await?;
        for claim in &claims {
            if let Event::NameClaim(NameClaimEvent::NameClaimed(event)) = claim.decode()?.event
                && event.kind == ClaimKind::SignInName
            {
                holders.insert(event.holder.0);
            }
        }
        match claims.last() {
            Some(last) if claims.len() == CLAIMS_PAGE => next = last.header().stream_version.next(),
            Some(_) | None => return Ok(holders),
        }
    }
}

/// Which events are shown; those of one stream or customer are read from that stream.
pub(super) struct Filter {
    pub(super) types: Vec<TypeFilter>,
    pub(super) actor: Option<ActorFilter>,
    pub(super) partner: Option<PartnerId>,
    pub(super) since: Option<Timestamp>,
    pub(super) until: Option<Timestamp>,
}

impl Filter {
    pub(super) fn admits(&self, event: &RecordedEvent) -> bool {
        (self.types.is_empty() || self.types.contains(&TypeFilter(event.event.name())))
            && self.actor.as_ref().is_none_or(|actor| actor.admits(&event.metadata.actor))
            && self.partner.is_none_or(|partner| concerns(event, partner))
            && self.since.is_none_or(|since| event.recorded_at >= since)
    }

    /// True from `until` on: recorded times never go back.
    pub(super) fn is_over(&self, recorded_at: Timestamp) -> bool {
        self.until.is_some_and(|until| recorded_at >= until)
    }
}

fn concerns(event: &RecordedEvent, partner: PartnerId) -> bool {
    let acted = match event.metadata.actor {
        Actor::PartnerUser { partner: own, .. } | Actor::Application { partner: own, .. } => {
            own == partner
        }
        Actor::CustomerUser { .. }
        | Actor::Operator
        | Actor::System(_)
        | Actor::SupportOperator { .. }
        | Actor::Auditor { .. }
        | Actor::Visitor => false,
    };
    let refused = match &event.event {
        Event::Installation(InstallationEvent::Refusal(RefusalEvent::AccessRefused(event))) => {
            matches!(event.caller,
                Actor::PartnerUser { partner: own, .. } | Actor::Application { partner: own, .. }
                    if own == partner)
        }
        _ => false,
    };
    acted
        || refused
        || event.stream == partner.into()
        || event.metadata.on_behalf_of == Some(Tenant::Partner(partner))
        || is_party(&event.event, partner)
}

fn is_party(event: &Event, partner: PartnerId) -> bool {
    if let Event::Lead(event) = event {
        return crate::application::parties(event).contains(&partner);
    }
    let Event::Partnership(event) = event else { return false };
    match event {
        PartnershipEvent::PartnershipRequested(event) => event.provider == partner,
        PartnershipEvent::PartnershipWithdrawn(event) => event.provider == partner,
        PartnershipEvent::PartnershipAccepted(event) => {
            [event.provider, event.reseller].contains(&partner)
        }
        PartnershipEvent::PartnershipDeclined(event) => {
            [event.provider, event.reseller].contains(&partner)
        }
        PartnershipEvent::PartnershipEnded(event) => {
            [event.provider, event.reseller].contains(&partner)
        }
        PartnershipEvent::InvitationEdited(event) => event.provider == partner,
        PartnershipEvent::InvitationSendRequested(event) => event.provider == partner,
        PartnershipEvent::InvitationSent(event) => event.provider == partner,
        PartnershipEvent::InvitationSendFailed(event) => event.provider == partner,
        PartnershipEvent::InvitationExpired(event) => event.provider == partner,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_known_in_any_case_and_an_unknown_one_is_answered_with_the_list() {
        assert_eq!("roleREPLACED".parse(), Ok(TypeFilter("RoleReplaced")));
        let reason = "RoleSwapped".parse::<TypeFilter>().unwrap_err();
        assert!(reason.contains("RoleReplaced"), "{reason}");
    }
}
