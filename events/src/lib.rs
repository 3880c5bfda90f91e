//! What happened: the facts partnerlog records, and the form in which they are stored.
//!
//! This crate answers *which things can have happened, what is known about each of them, and how
//! are they written down for ever*.
//!
//! **Architecture invariant.** `events` knows nobody else of the workspace and holds neither rules
//! nor I/O. Every field of every event is declared `clear` or `personal`, and the compiler insists
//! on it: a personal value cannot be serialised before it is sealed.

#[macro_use]
mod declare;

mod codec;
mod customer;
mod event;
mod ids;
mod installation;
mod lead;
mod log;
mod metadata;
mod name_claim;
mod partner;
mod partnership;
mod personal;
mod recorded;
mod service_request;
mod time;
mod values;

pub use codec::{DecodeError, EncodeError, StoredEvent};
pub use customer::{
    AgreementContact, AgreementEvent, AgreementKind, BillingCycle, CartCancelled, CartChanged,
    CartCheckedOut, CartEvent, CartExpired, CartLine, CartOpened, CartReviewed, ContactDetails,
    CustomerAccountEvent, CustomerAgreementConfirmed, CustomerCreated, CustomerDetailsEdited,
    CustomerDomainAdded, CustomerEvent, CustomerQualified, CustomerSignInEvent,
    CustomerUserCreated, CustomerUserDeleted, CustomerUserEdited, CustomerUserEvent,
    CustomerUserPasswordChanged, CustomerUserPasswordReset, CustomerUserProfile,
    CustomerUserPurged, CustomerUserRestored, CustomerUserSignInFailed, CustomerUserSignedIn,
    CustomerUserSignedOut, CustomerUserTokenIssued, CustomerUserTokenRevoked, DelegatedAdminEnded,
    DelegatedAdminGranted, Device, DeviceBatchCreated, DeviceEvent, DeviceProfileApplied,
    DeviceProfileChanged, DeviceProfileCreated, DeviceProfileDeleted, DeviceProfileWithdrawn,
    DeviceRemoved, DeviceSetting, DevicesAdded, DirectoryRoleEvent, DirectoryRoleGranted,
    DirectoryRoleRevoked, FallbackCause, LicenseAssigned, LicenseEvent, LicenseFate,
    LicenseOutcome, LicenseRevoked, OrderEvent, OrderExtended, OrderLine, OrderRebilled,
    OrderSubmitted, OwnPurchasesForbidden, OwnPurchasesPermitted, PostalAddress, Qualification,
    RebilledSubscription, RelationshipDraft, RelationshipDraftEdited, RelationshipEnded,
    RelationshipEstablished, RelationshipEvent, RelationshipLetterSendFailed,
    RelationshipLetterSendRequested, RelationshipLetterSent, RelationshipRequestAccepted,
    RelationshipRequestDeclined, RelationshipRequestEvent, RelationshipRequestExpired,
    RelationshipRequestWithdrawn, RelationshipRequested, ResellerAssociated,
    ResellerOfRecordChanged, ResellerRemoved, SaleTerms, SubscriptionCancelled,
    SubscriptionCreated, SubscriptionEvent, SubscriptionQuantityChanged, SubscriptionReactivated,
    SubscriptionRenamed, SubscriptionRenewalResumed, SubscriptionRenewalStopped,
    SubscriptionSuspended, SubscriptionUpgraded, SupportContactChanged, SupportContactEvent,
    SupportContactFellBack, TrialConverted,
};
pub use event::{Event, EventType, EventTypeId, SchemaVersion};
pub use ids::{
    AgreementId, ApplicationId, ApplicationSecretId, AuditorId, BenefitId, CartId, CommitId,
    CompetencyId, CorrelationId, CredentialId, CustomerId, CustomerUserId, DeviceBatchId, DeviceId,
    DeviceProfileId, EventId, HealingId, IncidentId, InstallationId, InvitationId, LeadId, OfferId,
    OperatorId, OrderId, ParseIdError, PartnerId, PartnerUserId, PartnershipId, SkuId, SubjectId,
    SubscriptionId, TokenId, WebhookId, WebhookSecretId,
};
pub use installation::{
    AccessRefused, AccountPasswordChanged, AccountPasswordReset, AccountSignInEvent,
    AccountSignInFailed, AccountSignedIn, AccountSignedOut, AccountTokenIssued,
    AccountTokenRevoked, AuditScope, AuditorAdmitted, AuditorDismissed, DamageEvent, DamageHealed,
    DamagedPart, FoundBy, IncidentEvent, IncidentOpened, IncidentResolved, IncidentSeverity,
    IncidentUpdated, InstallationAccount, InstallationEvent, OperatorAdded, OperatorRemoved,
    PersonEvent, PersonProfile, PositionRange, RefusalEvent,
};
pub use lead::{
    LeadAccepted, LeadContact, LeadConverted, LeadDeclined, LeadEvent, LeadReferred, LeadWithdrawn,
};
pub use log::{Category, ParseStreamError, Position, StreamId, StreamVersion};
pub use metadata::{Actor, Client, Metadata, Origin, Process, RequestDigest, RuleCode, Tenant};
pub use name_claim::{ClaimKind, Holder, NameClaimEvent, NameClaimed, NameReleased};
pub use partner::{
    AccessTokenIssued, AccessTokenRevoked, ApplicationEvent, ApplicationGrantBegun,
    ApplicationGrantEnded, ApplicationGrantRenewed, ApplicationRegistered, ApplicationRevoked,
    ApplicationSecretAdded, ApplicationSecretRemoved, ApplicationSignInFailed, BenefitActivated,
    BenefitDeactivated, BenefitGranted, BenefitWithdrawn, CompetencyAttained, CompetencyChanged,
    CompetencyLevel, CompetencyWithdrawn, ElevationEvent, GrantEnd, NetworkEvent,
    PartnerAccountEvent, PartnerEvent, PartnerProfile, PartnerProfileEdited, PartnerProfileEvent,
    PartnerRegistered, PartnerSignInEvent, PartnerUserAdded, PartnerUserDeleted, PartnerUserEdited,
    PartnerUserEvent, PartnerUserPasswordChanged, PartnerUserPasswordReset, PartnerUserProfile,
    PartnerUserPurged, PartnerUserRestored, PartnerUserSignInFailed, PartnerUserSignedIn,
    PartnerUserSignedOut, PartnerUserSkillsEdited, ProfileContact, ProfileKind, ProfileLocation,
    PublicProfile, PublicProfileChanged, PublicProfileEvent, RoleAssigned, RoleEvent, RoleReplaced,
    RoleRevoked, SkillKind, UserElevated, UserSkill, UserSkills, WebhookChanged, WebhookDelivered,
    WebhookDeliveryFailed, WebhookEvent, WebhookFailure, WebhookRegistered, WebhookRemoved,
    WebhookTested, WithheldRole,
};
pub use partnership::{
    InvitationDraft, InvitationEdited, InvitationExpired, InvitationSendFailed,
    InvitationSendRequested, InvitationSent, PartnershipAccepted, PartnershipDeclined,
    PartnershipEnded, PartnershipEvent, PartnershipRequested, PartnershipWithdrawn,
};
pub use personal::{
    Clear, KeyId, Opened, Personal, PersonalData, PersonalVisitor, Sealed, SealedAlgorithm, Sealer,
};
pub use recorded::{EncodedEvent, NewEvent, RecordedEvent, StoredParts};
pub use service_request::{
    ElevationVerified, GlobalAdminAbsence, RequestSeverity, RequestStatus, RequestTopic,
    ServiceRequestDeclined, ServiceRequestEvent, ServiceRequestId, ServiceRequestKind,
    ServiceRequestLogged, ServiceRequestNote, ServiceRequestNoted, ServiceRequestSeverityChanged,
    ServiceRequestStatusChanged, ServiceRequestText,
};
pub use time::Timestamp;
pub use values::{
    AddressLine, ApplicationName, BillingNumber, CompanyName, CountryCode, Currency, DirectoryRole,
    DomainName, EmailAddress, Finding, FriendlyName, IncidentNote, InvalidValue, LeadNote,
    LetterText, Locale, MailFailure, MailRoute, Money, MpnId, NameHash, PartnerKind, PersonName,
    PhoneNumber, PostalCode, ProductFamily, ProductKey, Quantity, Reason, Role, RoleCategory,
    SerialNumber, SkillName, StableCode, SubjectLine, Ticket, UserName, WebAddress, WebhookAddress,
    WebhookEventName,
};
