//! What is known about requests for a relationship.

use std::fmt;

use events::{InvitationId, PartnerId, RelationshipRequested, Timestamp};
use imbl::OrdMap;

use crate::sending::Sending;

/// A partner's request for a relationship with a company.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RelationshipRequest {
    /// The partner who asked.
    pub partner_id: PartnerId,
    /// Whether it addresses the customer in whose stream it stands; any company may answer another.
    pub is_addressed: bool,
    /// Whether the partner asked to administer on the company's behalf.
    pub delegated_admin: bool,
    /// It can be answered strictly before this moment.
    pub expires_at: Timestamp,
    /// What became of it.
    pub status: RequestStatus,
    /// How far the sending of its e-mail has come.
    pub sending: Sending,
}

/// What became of a request for a relationship. Whether an open one has expired is for the clock to
/// say, whether or not the expiry was noted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RequestStatus {
    /// Nobody has answered.
    Open,
    /// A company accepted.
    Accepted,
    /// A company said no.
    Declined,
    /// The partner took it back.
    Withdrawn,
    /// Nobody answered in time.
    Expired,
}

impl RequestStatus {
    /// The status as answers and exports spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "requested",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
        }
    }
}

impl fmt::Display for RequestStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl RelationshipRequest {
    /// Whether it can be answered at this moment.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.status == RequestStatus::Open && now < self.expires_at
    }
}

/// The requests in one stream.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Requests(OrdMap<InvitationId, RelationshipRequest>);

impl Requests {
    /// A request.
    #[must_use]
    pub fn get(&self, id: InvitationId) -> Option<&RelationshipRequest> {
        self.0.get(&id)
    }

    /// True before the first request.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The requests of a partner that nobody has answered, those too whose time is over.
    pub fn unanswered_of(
        &self,
        partner: PartnerId,
    ) -> impl Iterator<Item = (InvitationId, &RelationshipRequest)> {
        self.0
            .iter()
            .map(|(id, request)| (*id, request))
            .filter(move |(_, request)| request.partner_id == partner)
            .filter(|(_, request)| request.status == RequestStatus::Open)
    }

    pub(in crate::customer) fn requested(&mut self, event: &RelationshipRequested) {
        let request = RelationshipRequest {
            partner_id: event.partner_id,
            is_addressed: event.addressed_to.is_some(),
            delegated_admin: event.delegated_admin,
            expires_at: event.expires_at,
            status: RequestStatus::Open,
            sending: Sending::NotAsked,
        };
        self.0.insert(event.invitation_id, request);
    }

    pub(in crate::customer) fn became(&mut self, id: InvitationId, status: RequestStatus) {
        if let Some(request) = self.0.get_mut(&id) {
            request.status = status;
        }
    }

    pub(in crate::customer) fn letter(&mut self, id: InvitationId, sending: Sending) {
        if let Some(request) = self.0.get_mut(&id) {
            request.sending = sending;
        }
    }
}
