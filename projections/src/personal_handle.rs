//! Where in the log a person's data stands: views hold this instead of the data.

use events::{Personal, PersonalData, Position, RecordedEvent, SubjectId};

/// A personal field of an event, by what its rows need it for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PersonalField {
    /// [`events::ContactDetails`] of `CustomerCreated` and `CustomerDetailsEdited`.
    CustomerContact,
    /// [`events::CustomerUserProfile`] of `CustomerUserCreated` and `CustomerUserEdited`.
    CustomerUserProfile,
    /// [`events::PartnerUserProfile`] of `PartnerUserAdded` and `PartnerUserEdited`.
    PartnerUserProfile,
    /// [`events::PersonProfile`] of `OperatorAdded` and `AuditorAdmitted`.
    PersonProfile,
    /// [`events::InvitationDraft`] of `PartnershipRequested` and `InvitationEdited`.
    InvitationDraft,
    /// [`events::RelationshipDraft`] of `RelationshipRequested` and `RelationshipDraftEdited`.
    RelationshipDraft,
    /// [`events::LeadContact`] of `LeadReferred`.
    LeadContact,
    /// [`events::PartnerProfile`] of `PartnerProfileEdited`.
    PartnerCompanyProfile,
    /// [`events::ServiceRequestText`] of `ServiceRequestLogged`.
    ServiceRequestText,
    /// [`events::ServiceRequestNote`] of `ServiceRequestNoted`, `ServiceRequestDeclined` and
    /// `ElevationVerified`.
    ServiceRequestNote,
    /// [`events::UserSkills`] of `PartnerUserSkillsEdited`.
    UserSkills,
    /// [`events::AgreementContact`] of `CustomerAgreementConfirmed`.
    AgreementContact,
}

impl PersonalField {
    /// The name under which the event shows the field to a [`events::PersonalVisitor`].
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CustomerContact | Self::LeadContact | Self::AgreementContact => "contact",
            Self::InvitationDraft | Self::RelationshipDraft => "draft",
            Self::CustomerUserProfile
            | Self::PartnerUserProfile
            | Self::PartnerCompanyProfile
            | Self::PersonProfile => "profile",
            Self::ServiceRequestText => "text",
            Self::ServiceRequestNote => "note",
            Self::UserSkills => "skills",
        }
    }
}

/// Says where the newest sealed value of a field stands. Whoever holds the keys reads that record
/// and opens it on demand; a view never does.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct PersonalHandle {
    /// Whose data it is.
    pub subject: SubjectId,
    /// The position of the event that holds it.
    pub position: Position,
    /// Which field of that event.
    pub field: PersonalField,
}

impl PersonalHandle {
    /// The handle of a field of a recorded event.
    pub(crate) const fn new<T: PersonalData>(
        recorded: &RecordedEvent,
        field: PersonalField,
        personal: &Personal<T>,
    ) -> Self {
        Self { subject: personal.subject(), position: recorded.position, field }
    }
}
