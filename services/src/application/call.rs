//! One call of the application: who asks, by which way, why, and under which idempotency key.

use events::{
    Actor, ApplicationId, AuditorId, Client, CommitId, CorrelationId, CustomerId, CustomerUserId,
    EventId, InstallationAccount, OperatorId, Origin, PartnerId, PartnerUserId, Process, Reason,
    RequestDigest, SubjectId, Ticket,
};
use uuid::Uuid;

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
    /// A signed-in user of a customer, who acts in its own company.
    CustomerUser {
        /// The customer.
        customer: CustomerId,
        /// The user.
        user: CustomerUserId,
    },
    /// A person who decides support requests for the installation.
    SupportOperator {
        /// The person.
        operator: OperatorId,
    },
    /// A person who reads within a scope and for a while, and changes nothing.
    Auditor {
        /// The person.
        auditor: AuditorId,
    },
    /// Who runs the installation, at its command line: may do what the rules themselves allow.
    Operator,
    /// A part of partnerlog that acts by itself.
    System(Process),
    /// A program of a partner that acts by itself.
    Application {
        /// The partner.
        partner: PartnerId,
        /// The program.
        application: ApplicationId,
    },
    /// Somebody who has not signed in.
    Visitor,
}

impl Principal {
    /// The principal as events name it.
    #[must_use]
    pub const fn actor(self) -> Actor {
        match self {
            Self::PartnerUser { partner, user } => Actor::PartnerUser { partner, user },
            Self::CustomerUser { customer, user } => Actor::CustomerUser { customer, user },
            Self::SupportOperator { operator } => Actor::SupportOperator { operator },
            Self::Auditor { auditor } => Actor::Auditor { auditor },
            Self::Operator => Actor::Operator,
            Self::System(process) => Actor::System(process),
            Self::Application { partner, application } => {
                Actor::Application { partner, application }
            }
            Self::Visitor => Actor::Visitor,
        }
    }

    /// The partner the principal belongs to.
    #[must_use]
    pub const fn partner(self) -> Option<PartnerId> {
        match self {
            Self::PartnerUser { partner, .. } | Self::Application { partner, .. } => Some(partner),
            Self::CustomerUser { .. }
            | Self::SupportOperator { .. }
            | Self::Auditor { .. }
            | Self::Operator
            | Self::System(_)
            | Self::Visitor => None,
        }
    }

    /// Who holds a token, as the read model names it.
    pub(crate) const fn of_holder(holder: Actor) -> Option<Self> {
        match holder {
            Actor::PartnerUser { partner, user } => Some(Self::PartnerUser { partner, user }),
            Actor::CustomerUser { customer, user } => Some(Self::CustomerUser { customer, user }),
            Actor::SupportOperator { operator } => Some(Self::SupportOperator { operator }),
            Actor::Auditor { auditor } => Some(Self::Auditor { auditor }),
            Actor::Operator | Actor::System(_) | Actor::Application { .. } | Actor::Visitor => None,
        }
    }

    /// Company and person, as scope of what they do: two of one scope are one and the same.
    pub(crate) const fn scope(self) -> (Uuid, Uuid) {
        match self {
            Self::PartnerUser { partner, user } => (partner.as_uuid(), user.as_uuid()),
            Self::CustomerUser { customer, user } => (customer.as_uuid(), user.as_uuid()),
            Self::SupportOperator { operator } => (Uuid::nil(), operator.as_uuid()),
            Self::Auditor { auditor } => (Uuid::nil(), auditor.as_uuid()),
            Self::Application { partner, application } => {
                (partner.as_uuid(), application.as_uuid())
            }
            Self::Operator | Self::System(_) | Self::Visitor => (Uuid::nil(), Uuid::nil()),
        }
    }

    /// The person whose data the origin of a call is.
    pub(super) fn subject(self) -> Option<SubjectId> {
        match self {
            Self::PartnerUser { user, .. } => Some(user.into()),
            Self::CustomerUser { user, .. } => Some(user.into()),
            Self::SupportOperator { operator } => Some(operator.into()),
            Self::Auditor { auditor } => Some(auditor.into()),
            Self::Operator | Self::System(_) | Self::Application { .. } | Self::Visitor => None,
        }
    }
}

/// What somebody signs in to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Account {
    /// An account of a partner.
    Partner { partner: PartnerId, user: PartnerUserId },
    /// An account of a customer.
    Customer { customer: CustomerId, user: CustomerUserId },
    /// An account of the installation itself.
    Installation(InstallationAccount),
}

impl Principal {
    /// The account the principal has, where it is somebody who has one.
    pub(crate) const fn account(self) -> Option<Account> {
        match self {
            Self::PartnerUser { partner, user } => Some(Account::Partner { partner, user }),
            Self::CustomerUser { customer, user } => Some(Account::Customer { customer, user }),
            Self::SupportOperator { operator } => {
                Some(Account::Installation(InstallationAccount::Operator(operator)))
            }
            Self::Auditor { auditor } => {
                Some(Account::Installation(InstallationAccount::Auditor(auditor)))
            }
            Self::Operator | Self::System(_) | Self::Application { .. } | Self::Visitor => None,
        }
    }
}

impl From<InstallationAccount> for Principal {
    fn from(account: InstallationAccount) -> Self {
        match account {
            InstallationAccount::Operator(operator) => Self::SupportOperator { operator },
            InstallationAccount::Auditor(auditor) => Self::Auditor { auditor },
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
