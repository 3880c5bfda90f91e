//! The decisions: what may happen, who may make it happen, and why it is refused otherwise.
//!
//! This crate answers *given what has happened, and asked for this by that actor at this moment,
//! what happens now*. Each aggregate is a [`Decider`]: [`Partner`], [`Partnership`], [`Customer`],
//! [`NameClaim`], [`ServiceRequest`] and [`Installation`].
//!
//! **Architecture invariant.** `commands` is pure: it knows `events` and nothing else of the
//! workspace, and has neither clock nor randomness nor I/O. Every rule of the business is here, none
//! is anywhere else, and no state holds a personal value.

mod access;
mod catalogue;
mod command;
mod company_permissions;
mod context;
mod customer;
mod decider;
mod installation;
mod lead;
mod name_claim;
mod partner;
mod partnership;
mod permission_table;
mod permissions;
mod rejection;
pub mod scenario;
mod sending;
mod service_request;
mod sign_in;

pub use access::{
    CustomerAccess, administers, authorise_application, authorise_customer_user,
    authorise_partner_user, customer_access, is_reseller_of_record, manages_subscriptions_of,
    operator_rule, system_rule,
};
pub use catalogue::{Catalogue, Offer, Price, UpgradeAssignments, UpgradePath};
pub use command::Requires;
pub use company_permissions::{
    ALLOWED_WITHOUT_ROLE, CompanyPermission, company_allows, company_permissions_of,
    directory_roles_with,
};
pub use context::{ActivePartnership, Context, Facts, LeadFacts, PartnerFacts};
pub use customer::{
    AcceptRelationshipRequest, AddCustomerDomain, AddDevices, AgreementCommand, ApplyDeviceProfile,
    AssociateReseller, CUSTOMER_DEVICES_MAX, CancelCart, CartCommand, ChangeCart,
    ChangeCustomerUserPassword, ChangeDeviceProfile, ChangeOrder, ChangeRenewal,
    ChangeResellerOfRecord, ChangeSubscription, ChangeSupportContact, CheckOutCart,
    ConfirmAgreement, ConvertTrial, CreateCustomer, CreateCustomerUsers, CreateDeviceBatch,
    CreateDeviceProfile, Customer, CustomerAccount, CustomerAccountCommand, CustomerCommand,
    CustomerSignInCommand, CustomerState, CustomerUser, CustomerUserCommand, CustomerUserStatus,
    DEVICES_MAX, DeclineRelationshipRequest, DeleteCustomerUsers, DeleteDeviceProfile,
    DeviceCommand, Devices, DirectoryRoleCommand, EditCustomerDetails, EditCustomerUser,
    EditRelationshipDraft, EndDelegatedAdmin, EndRelationship, EndSubscription, EnterRelationship,
    ExpireCart, ExpireRelationshipRequest, FallBackSupportContacts, ForbidOwnPurchases,
    GrantDirectoryRole, IssueCustomerUserToken, LicenseCommand, NewCustomerAdmin, NewCustomerUser,
    NewUserFault, OpenCart, OrderCommand, PermitOwnPurchases, PurgeCustomerUser, QualifyCustomer,
    RecordRelationshipSending, Relationship, RelationshipCommand, RelationshipRequest,
    RelationshipRequestCommand, RemoveDevice, RemoveReseller, RenamedCustomerUser,
    RequestRelationship, RequestStatus, Requests, ResetCustomerUserPassword, RestoreCustomerUser,
    ReviewCart, RevokeCustomerUserToken, RevokeDirectoryRole, SendRelationshipLetter,
    SignInCustomerUser, SignOutCustomerUser, SignUp, SubmitOrder, Subscription,
    SubscriptionCommand, SubscriptionStatus, SupportContactCommand, TRIAL_MONTHS, UpdateLicenses,
    UpgradeSubscription, WithdrawDeviceProfile, WithdrawRelationshipRequest,
    eligible_support_contacts, new_user_faults, term_end,
};
pub use decider::Decider;
pub use installation::{
    AUDIT_DAYS_MAX, AUDITOR_PERMISSIONS, AccountSignInCommand, AddOperator, AdmitAuditor,
    ChangeAccountPassword, DismissAuditor, IncidentCommand, Installation, InstallationCommand,
    InstallationState, IssueAccountToken, NewPerson, OpenIncident, People, Person, PersonCommand,
    RecordHealing, RecordRefusal, RemoveOperator, ResetAccountPassword, ResolveIncident,
    RevokeAccountToken, SignInAccount, SignOutAccount, UpdateIncident, WatchCommand,
};
pub use lead::{
    AcceptLead, ConvertLead, DeclineLead, Lead, LeadCommand, LeadState, LeadStatus, ReferLead,
    Referral, WithdrawLead,
};
pub use name_claim::{NameClaim, NameClaimCommand, NameClaimState};
pub use partner::{
    APPLICATIONS_MAX, ActivateBenefit, AddApplicationSecret, AddPartnerUser, ApplicationCommand,
    ApplicationRefusal, Applications, AssignRole, BeginApplicationGrant, CarryOutRequest,
    ChangeCompetency, ChangePartnerUserPassword, ChangeWebhook, ClientApplication,
    DELIVERY_ATTEMPTS_MAX, DELIVERY_HOURS_MAX, DeactivateBenefit, DeletePartnerUser,
    DeliveryOutcome, EditPartnerProfile, EditPartnerUser, EditSkills, GRANT_DAYS,
    GRANTS_OF_USER_MAX, Grant, GrantBenefit, IssueToken, NetworkCommand, NewPartnerUser,
    OFFERED_EVENTS, OfferedEvent, Partner, PartnerAccount, PartnerAccountCommand, PartnerCommand,
    PartnerProfileCommand, PartnerRequestCommand, PartnerSignInCommand, PartnerState, PartnerUser,
    PartnerUserCommand, PartnerUserStatus, PurgePartnerUser, RecordCompetency,
    RecordWebhookDelivery, RegisterApplication, RegisterPartner, RegisterWebhook,
    RemoveApplicationSecret, RemoveWebhook, RenamedPartnerUser, RenewApplicationGrant,
    ResetPartnerUserPassword, RestorePartnerUser, RevokeApplication, RevokeRole, RevokeToken,
    RoleCommand, SECRET_DAYS_MAX, SECRETS_OF_APPLICATION_MAX, SKILLS_MAX, SignInApplication,
    SignInPartnerUser, SignOutPartnerUser, TEST_EVENT, TESTS_OF_MINUTE_MAX, TestWebhook,
    TokenState, Webhook, WebhookCommand, WebhookRefusal, WithdrawBenefit, WithdrawCompetency,
    permission_to_edit_profile, permission_to_view_profile,
};
pub use partnership::{
    AcceptPartnership, Bond, DeclinePartnership, EditInvitation, EndPartnership, ExpireInvitation,
    LINK_PLACEHOLDER, Partnership, PartnershipCommand, PartnershipState, PartnershipStatus,
    RecordInvitationSending, RequestPartnership, SendInvitation, WithdrawPartnership,
};
pub use permissions::{APPLICATION_PERMISSIONS, Permission, allows, permissions_of, roles_with};
pub use rejection::{
    DeviceRefusal, IncidentRefusal, NameKind, NetworkRefusal, Rejection, RejectionKind,
    RelationshipRejection, SaleRejection,
};
pub use sending::{Attempted, SEND_ATTEMPTS_MAX, SendOutcome, Sending};
pub use service_request::{
    CarryOutServiceRequest, ChangeServiceRequest, DeclineServiceRequest, LogServiceRequest,
    PROFILE_LOCATIONS_MAX, REQUEST_NOTES_MAX, Request, ServiceRequest, ServiceRequestCommand,
    ServiceRequestRefusal, ServiceRequestState, VerifyElevation, customer_support,
    permission_to_change, permission_to_log, permission_to_view,
};
pub use sign_in::{
    ChosenPassword, FAILURE_COUNTS_MINUTES, LOCK_OUT_MINUTES, OWN_PASSWORD_CHARACTERS_MAX,
    OWN_PASSWORD_CHARACTERS_MIN, PasswordFault, PasswordProof, SESSION_HOURS,
    SESSIONS_OF_ACCOUNT_MAX, SIGN_IN_FAILURES_MAX, SignIn,
};

/// How long a deleted user can be restored, in hours: 30 days of 24 hours. The moment itself is
/// outside the window.
pub const RESTORE_WINDOW_HOURS: i64 = 720;
/// How long a cart can be ordered after it was opened or changed, in minutes.
pub const CART_LIFE_MINUTES: i64 = 15;
/// The most users whose seats one upgrade moves to another product.
pub const SEATS_MOVED_MAX: usize = 100_000;
/// The most users a command may name.
pub const BULK_USERS_MAX: usize = 250;
/// The most events a decision may consist of; leaves room in a commit of the log (1,000 events) for
/// the name claims that are written with it.
pub const DECISION_EVENTS_MAX: usize = 990;
