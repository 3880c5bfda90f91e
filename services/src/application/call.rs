//! One call of the application: who asks, by which way, why, and under which idempotency key.

use events::{
    Actor, Client, CommitId, CorrelationId, EventId, Origin, PartnerId, PartnerUserId, Reason,
    RequestDigest, Ticket,
};

/// Who acts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Principal {
    /// A signed-in employee of a partner.
    PartnerUser {
        /// The partner.
        partner: PartnerId,
        /// The employee.
        user: PartnerUserId,
    },
    /// Who runs the installation, at its command line: may do what the rules themselves allow.
    Operator,
    /// The timer that purges deleted users.
    PurgeTimer,
    /// What records that damage was healed and callers were refused.
    Watch,
}

impl Principal {
    /// The principal as events name it.
    #[must_use]
    pub const fn actor(self) -> Actor {
        match self {
            Self::PartnerUser { partner, user } => Actor::PartnerUser { partner, user },
            Self::Operator => Actor::Operator,
            Self::PurgeTimer => Actor::System(events::Process::Purge),
            Self::Watch => Actor::System(events::Process::Watch),
        }
    }

    /// The partner the principal belongs to.
    #[must_use]
    pub const fn partner(self) -> Option<PartnerId> {
        match self {
            Self::PartnerUser { partner, .. } => Some(partner),
            Self::Operator | Self::PurgeTimer | Self::Watch => None,
        }
    }
}

/// An idempotency key within its scope, hashed, with the digest of the request's body.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Idempotency {
    /// The commit the key stands for.
    pub commit_id: CommitId,
    /// Tells a repeat from another request under the same key.
    pub digest: RequestDigest,
}

/// What accompanies a command. Not for `Debug`: from where it comes is personal.
#[derive(Clone)]
pub struct Call {
    /// Who asks.
    pub principal: Principal,
    /// By which way.
    pub client: Client,
    /// From where.
    pub origin: Option<Origin>,
    /// What belongs together.
    pub correlation_id: CorrelationId,
    /// The event this reacts to.
    pub causation_id: Option<EventId>,
    /// Present where the caller wants a repeat to change nothing.
    pub idempotency: Option<Idempotency>,
    /// Why.
    pub reason: Option<Reason>,
    /// Under which ticket.
    pub ticket: Option<Ticket>,
    /// Who approved it.
    pub approved_by: Option<PartnerUserId>,
}

impl Call {
    /// A call with nothing beside who, which way and what belongs together.
    #[must_use]
    pub const fn new(principal: Principal, client: Client, correlation_id: CorrelationId) -> Self {
        Self {
            principal,
            client,
            origin: None,
            correlation_id,
            causation_id: None,
            idempotency: None,
            reason: None,
            ticket: None,
            approved_by: None,
        }
    }
}
