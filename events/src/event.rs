//! The closed set of everything that can have happened.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::{
    codec::{DecodeError, EncodeError},
    customer::CustomerEvent,
    installation::InstallationEvent,
    lead::LeadEvent,
    log::Category,
    name_claim::NameClaimEvent,
    partner::PartnerEvent,
    partnership::PartnershipEvent,
    personal::{PersonalVisitor, Sealer},
    service_request::ServiceRequestEvent,
};

/// The stored number of an event type: the high byte is the stream category.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct EventTypeId(pub u16);

impl EventTypeId {
    /// The category of streams in which events of this type stand.
    #[must_use]
    pub fn category(self) -> Option<Category> {
        Category::from_number(self.0.to_be_bytes()[0])
    }
}

impl fmt::Display for EventTypeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#06x}", self.0)
    }
}

/// The stored version of an event type's layout, from 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SchemaVersion(pub u16);

impl fmt::Display for SchemaVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What is known of an event type without its fields: number, name, current version.
pub type EventType = (EventTypeId, &'static str, SchemaVersion);

/// Something that happened.
#[derive(Clone, PartialEq, Debug)]
pub enum Event {
    /// To a partner, its users or their roles.
    Partner(PartnerEvent),
    /// Between a provider and a reseller.
    Partnership(PartnershipEvent),
    /// To a customer.
    Customer(CustomerEvent),
    /// To a name that must be unique.
    NameClaim(NameClaimEvent),
    /// To the installation as a whole.
    Installation(InstallationEvent),
    /// To a lead.
    Lead(LeadEvent),
    /// To a service request.
    ServiceRequest(ServiceRequestEvent),
}

impl Event {
    /// The stored number of its type.
    #[must_use]
    pub fn type_id(&self) -> EventTypeId {
        match self {
            Self::Partner(event) => event.type_id(),
            Self::Partnership(event) => event.type_id(),
            Self::Customer(event) => event.type_id(),
            Self::NameClaim(event) => event.type_id(),
            Self::Installation(event) => event.type_id(),
            Self::Lead(event) => event.type_id(),
            Self::ServiceRequest(event) => event.type_id(),
        }
    }

    /// The version it is written in today.
    #[must_use]
    pub fn schema_version(&self) -> SchemaVersion {
        match self {
            Self::Partner(event) => event.schema_version(),
            Self::Partnership(event) => event.schema_version(),
            Self::Customer(event) => event.schema_version(),
            Self::NameClaim(event) => event.schema_version(),
            Self::Installation(event) => event.schema_version(),
            Self::Lead(event) => event.schema_version(),
            Self::ServiceRequest(event) => event.schema_version(),
        }
    }

    /// The name people see, such as `CustomerUserDeleted`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Partner(event) => event.name(),
            Self::Partnership(event) => event.name(),
            Self::Customer(event) => event.name(),
            Self::NameClaim(event) => event.name(),
            Self::Installation(event) => event.name(),
            Self::Lead(event) => event.name(),
            Self::ServiceRequest(event) => event.name(),
        }
    }

    /// Every event type.
    pub fn types() -> impl Iterator<Item = EventType> {
        PartnerEvent::types()
            .chain(PartnershipEvent::types())
            .chain(CustomerEvent::types())
            .chain(NameClaimEvent::types())
            .chain(InstallationEvent::types())
            .chain(LeadEvent::types())
            .chain(ServiceRequestEvent::types())
    }

    /// Writes the body of a record; personal fields must be sealed before.
    ///
    /// # Errors
    /// When a personal field is still open.
    pub fn encode_body(&self) -> Result<Vec<u8>, EncodeError> {
        match self {
            Self::Partner(event) => event.encode_body(),
            Self::Partnership(event) => event.encode_body(),
            Self::Customer(event) => event.encode_body(),
            Self::NameClaim(event) => event.encode_body(),
            Self::Installation(event) => event.encode_body(),
            Self::Lead(event) => event.encode_body(),
            Self::ServiceRequest(event) => event.encode_body(),
        }
    }

    /// Reads the body of a record of the given type and version.
    ///
    /// # Errors
    /// When type, version or bytes are not understood.
    pub fn decode(
        type_id: EventTypeId,
        version: SchemaVersion,
        body: &[u8],
    ) -> Result<Self, DecodeError> {
        match type_id.category() {
            Some(Category::Partner) => {
                PartnerEvent::decode(type_id, version, body).map(Self::Partner)
            }
            Some(Category::Partnership) => {
                PartnershipEvent::decode(type_id, version, body).map(Self::Partnership)
            }
            Some(Category::Customer) => {
                CustomerEvent::decode(type_id, version, body).map(Self::Customer)
            }
            Some(Category::NameClaim) => {
                NameClaimEvent::decode(type_id, version, body).map(Self::NameClaim)
            }
            Some(Category::Installation) => {
                InstallationEvent::decode(type_id, version, body).map(Self::Installation)
            }
            Some(Category::Lead) => LeadEvent::decode(type_id, version, body).map(Self::Lead),
            Some(Category::ServiceRequest) => {
                ServiceRequestEvent::decode(type_id, version, body).map(Self::ServiceRequest)
            }
            None => Err(DecodeError::UnknownType(type_id)),
        }
    }

    /// Seals every personal field.
    ///
    /// # Errors
    /// When the sealer has no key.
    pub fn seal<S: Sealer>(&mut self, sealer: &mut S) -> Result<(), S::Error> {
        match self {
            Self::Partner(event) => event.seal(sealer),
            Self::Partnership(event) => event.seal(sealer),
            Self::Customer(event) => event.seal(sealer),
            Self::NameClaim(event) => event.seal(sealer),
            Self::Installation(event) => event.seal(sealer),
            Self::Lead(event) => event.seal(sealer),
            Self::ServiceRequest(event) => event.seal(sealer),
        }
    }

    /// Shows every personal field to a visitor, each with its own type.
    pub fn visit_personal<V: PersonalVisitor>(&self, visitor: &mut V) {
        match self {
            Self::Partner(event) => event.visit_personal(visitor),
            Self::Partnership(event) => event.visit_personal(visitor),
            Self::Customer(event) => event.visit_personal(visitor),
            Self::NameClaim(event) => event.visit_personal(visitor),
            Self::Installation(event) => event.visit_personal(visitor),
            Self::Lead(event) => event.visit_personal(visitor),
            Self::ServiceRequest(event) => event.visit_personal(visitor),
        }
    }
}

/// The event's own fields, for people; sealed fields show whose data they hold, not the data.
impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Partner(event) => event.serialize(serializer),
            Self::Partnership(event) => event.serialize(serializer),
            Self::Customer(event) => event.serialize(serializer),
            Self::NameClaim(event) => event.serialize(serializer),
            Self::Installation(event) => event.serialize(serializer),
            Self::Lead(event) => event.serialize(serializer),
            Self::ServiceRequest(event) => event.serialize(serializer),
        }
    }
}

impl From<PartnerEvent> for Event {
    fn from(event: PartnerEvent) -> Self {
        Self::Partner(event)
    }
}

impl From<PartnershipEvent> for Event {
    fn from(event: PartnershipEvent) -> Self {
        Self::Partnership(event)
    }
}

impl From<CustomerEvent> for Event {
    fn from(event: CustomerEvent) -> Self {
        Self::Customer(event)
    }
}

impl From<NameClaimEvent> for Event {
    fn from(event: NameClaimEvent) -> Self {
        Self::NameClaim(event)
    }
}

impl From<InstallationEvent> for Event {
    fn from(event: InstallationEvent) -> Self {
        Self::Installation(event)
    }
}

impl From<LeadEvent> for Event {
    fn from(event: LeadEvent) -> Self {
        Self::Lead(event)
    }
}

impl From<ServiceRequestEvent> for Event {
    fn from(event: ServiceRequestEvent) -> Self {
        Self::ServiceRequest(event)
    }
}
