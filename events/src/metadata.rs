//! What is known about every event beside itself: who, on whose behalf, when, from where, why, and
//! under which rule.

use serde::{Deserialize, Serialize};

use crate::{
    codec::{self, DecodeError, EncodeError},
    ids::{
        ApplicationId, AuditorId, CorrelationId, CustomerId, CustomerUserId, EventId, OperatorId,
        PartnerId, PartnerUserId,
    },
    personal::{Clear, Personal, PersonalData, PersonalVisitor, Sealer},
    time::Timestamp,
    values::{Reason, Ticket},
};

/// The layout written today; the first byte of every encoded metadata.
const METADATA_VERSION: u8 = 1;

/// Who acted. Stored by order: new kinds go to the end.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// An employee of a partner.
    PartnerUser {
        /// The partner.
        partner: PartnerId,
        /// The employee.
        user: PartnerUserId,
    },
    /// A user of a customer.
    CustomerUser {
        /// The customer.
        customer: CustomerId,
        /// The user.
        user: CustomerUserId,
    },
    /// Who runs the installation, at its command line.
    Operator,
    /// partnerlog itself.
    System(Process),
    /// A person who decides support requests for the installation.
    SupportOperator {
        /// The person.
        operator: OperatorId,
    },
    /// A person who reads and changes nothing.
    Auditor {
        /// The person.
        auditor: AuditorId,
    },
    /// Somebody who has not signed in, and whose identity is not known.
    Visitor,
    /// A program that acts for a partner by itself.
    Application {
        /// The partner.
        partner: PartnerId,
        /// The program.
        application: ApplicationId,
    },
}

/// A part of partnerlog that acts by itself. Stored by order: new ones go to the end.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Process {
    /// Erases deleted users after the restore window.
    Purge,
    /// Records what was healed and who was refused.
    Watch,
    /// Sends letters.
    Mail,
    /// Records that something was not answered or used in time.
    Expiry,
    /// Puts support contacts back where their contact can serve no longer.
    SupportContacts,
    /// Tells partners of what happens, where they registered for it.
    Webhooks,
    /// Ends subscriptions with their terms.
    Terms,
}

impl Process {
    /// The stable name in rules, metrics and answers.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Purge => "purge",
            Self::Watch => "watch",
            Self::Mail => "mail",
            Self::Expiry => "expiry",
            Self::SupportContacts => "support_contacts",
            Self::Webhooks => "webhooks",
            Self::Terms => "terms",
        }
    }
}

/// A company as a party.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tenant {
    /// A partner.
    Partner(PartnerId),
    /// A customer.
    Customer(CustomerId),
}

impl Clear for Actor {}
impl Clear for Tenant {}

/// By which way a command came in. Stored by order: new ways go to the end.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Client {
    /// The HTTP API.
    Api,
    /// The web pages.
    Page,
    /// The command line.
    CommandLine,
    /// A timer or follower inside partnerlog.
    Internal,
    /// The generator of sample data.
    Sample,
    /// The HTTP API, through an application of the actor's partner.
    Application(ApplicationId),
}

/// From where the actor acted: personal, sealed under the actor.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct Origin {
    /// The network address, as text.
    pub address: String,
    /// The user agent the client named, cut to 200 characters.
    pub user_agent: Option<String>,
}

impl PersonalData for Origin {}
impl PersonalData for Reason {}

/// The rule by which the command was allowed, as the permission table spells it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RuleCode(Box<str>);

impl RuleCode {
    /// Takes the code of a rule.
    #[must_use]
    pub fn new(code: &str) -> Self {
        Self(code.into())
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A keyed digest of the request behind an idempotent command: tells a repeat from another request
/// under the same key.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestDigest(pub [u8; 16]);

/// What is known about an event beside itself.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct Metadata {
    /// When it happened, by the command's clock.
    pub occurred_at: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// For whom, where the actor acts for another company than its own.
    pub on_behalf_of: Option<Tenant>,
    /// By which way it came in.
    pub client: Client,
    /// From where, sealed under the actor.
    pub origin: Option<Personal<Origin>>,
    /// What belongs together.
    pub correlation_id: CorrelationId,
    /// The event that caused this one, where a process reacted to it.
    pub causation_id: Option<EventId>,
    /// The rule that allowed it.
    pub rule: RuleCode,
    /// Why, sealed under the person it is about.
    pub reason: Option<Personal<Reason>>,
    /// The ticket under which it was asked for.
    pub ticket: Option<Ticket>,
    /// Who approved it.
    pub approved_by: Option<PartnerUserId>,
    /// The digest of the request, where it came with an idempotency key.
    pub request_digest: Option<RequestDigest>,
}

impl Metadata {
    /// Seals every personal field.
    ///
    /// # Errors
    /// When the sealer has no key.
    pub fn seal<S: Sealer>(&mut self, sealer: &mut S) -> Result<(), S::Error> {
        if let Some(origin) = &mut self.origin {
            origin.seal(sealer)?;
        }
        if let Some(reason) = &mut self.reason {
            reason.seal(sealer)?;
        }
        Ok(())
    }

    /// Shows every personal field to a visitor.
    pub fn visit_personal<V: PersonalVisitor>(&self, visitor: &mut V) {
        if let Some(origin) = &self.origin {
            visitor.visit("origin", origin);
        }
        if let Some(reason) = &self.reason {
            visitor.visit("reason", reason);
        }
    }

    /// Writes it down; personal fields must be sealed before.
    ///
    /// # Errors
    /// When a personal field is still open.
    pub fn encode(&self) -> Result<Vec<u8>, EncodeError> {
        codec::to_bytes(&(METADATA_VERSION, self))
    }

    /// Reads it back.
    ///
    /// # Errors
    /// When the version or the bytes are not understood.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        match bytes.split_first() {
            Some((&METADATA_VERSION, rest)) => codec::from_bytes(rest),
            Some((&version, _)) => Err(DecodeError::UnknownMetadata(version)),
            None => Err(DecodeError::Malformed("no metadata".to_owned())),
        }
    }
}
