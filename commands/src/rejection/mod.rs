//! Why a command is refused.

mod devices;
mod health;
mod network;
mod relationships;
mod sales;
mod table;

pub(crate) use self::table::Row;
pub use self::{devices::DeviceRefusal, health::IncidentRefusal, network::NetworkRefusal};

use events::{
    CustomerUserId, DirectoryRole, DomainName, InstallationAccount, MpnId, OfferId, PartnerId,
    PartnerUserId, Quantity, Role, RoleCategory, SkuId, SubscriptionId, Timestamp,
};

pub use self::relationships::RelationshipRejection;
pub use self::sales::SaleRejection;
use crate::{
    company_permissions::CompanyPermission,
    lead::LeadStatus,
    partner::{ApplicationRefusal, WebhookRefusal},
    partnership::PartnershipStatus,
    permissions::Permission,
    service_request::ServiceRequestRefusal,
    sign_in::PasswordFault,
};

/// The sort of refusal: what the caller can do about it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RejectionKind {
    /// The caller may not do this; refusals of this sort are worth an auditor's attention.
    Forbidden,
    /// What the command is about does not exist (any more).
    NotFound,
    /// A name or a bond that must be unique exists already.
    Conflict,
    /// The command contradicts a rule as things stand.
    Rule,
}

/// Which unique name is taken.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum NameKind {
    /// A customer's domain.
    Domain,
    /// A partner user's sign-in name.
    SignInName,
    /// A customer user's user name.
    UserName,
    /// A partner's MPN id.
    MpnId,
}

/// Why a command is refused. The text is a fragment for people; programs go by the code.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Rejection {
    /// No role of the user allows it.
    #[error("the user's roles do not allow {permission}")]
    Forbidden {
        /// What would have been needed.
        permission: Permission,
    },
    /// No role of the customer user allows it in its company.
    #[error("the user's roles in the company do not allow {permission}")]
    ForbiddenInCompany {
        /// What would have been needed.
        permission: CompanyPermission,
    },
    /// The user has neither a role nor the default level and is refused everything.
    #[error("the user has neither a role nor the default level")]
    NoRole,
    /// The acting user is unknown or deleted.
    #[error("the acting user is unknown or deleted")]
    ActorNotActive,
    /// Nobody of the actor's kind may do this, whatever its roles.
    #[error("this kind of actor may not do this")]
    ActorNotAllowed,
    /// An auditor asked for a change.
    #[error("an auditor reads and changes nothing")]
    AuditorChangesNothing,
    /// The command speaks for a partner that is not the actor's own.
    #[error("the partner is not the actor's own")]
    NotYourPartner,
    /// The customer is unknown or somebody else's; the two are not told apart.
    #[error("the partner has no relationship with this customer")]
    NotYourCustomer,
    /// The customer is not the customer user's own company.
    #[error("this is not your company")]
    NotYourCompany,
    /// A reseller asked for what only the holder of the relationship may do.
    #[error("only the partner that holds the relationship with the customer may do this")]
    RelationshipHolderOnly,
    /// The sign-in name is unknown or the password wrong; the two are not told apart.
    #[error("the sign-in name or the password is wrong")]
    SignInRefused,
    /// Too many wrong passwords in a row were given.
    #[error("too many wrong passwords: the account is locked until {until}")]
    LockedOut {
        /// Signing in is possible again from this moment on.
        until: Timestamp,
    },
    /// A user wanted to grant a role to itself.
    #[error("nobody grants a role to himself")]
    SelfGrant {
        /// The role.
        role: Role,
    },
    /// Roles of the admin category are granted and revoked by global admins only, who alone touch the accounts of their holders.
    #[error(
        "only a global admin may change admin roles, or reset the password of a holder, issue tokens for it or delete it"
    )]
    GlobalAdminOnly,
    /// Account admins grant and revoke roles of some categories only.
    #[error(
        "an account admin grants and revokes roles of incentives, referral and marketing, and insights only"
    )]
    RoleOutOfReach {
        /// The role.
        role: Role,
    },
    /// No such partner.
    #[error("partner not found")]
    PartnerNotFound,
    /// The partner has no such user, or it was purged.
    #[error("partner user {user_id} not found")]
    PartnerUserNotFound {
        /// The user.
        user_id: PartnerUserId,
    },
    /// The installation has no such operator or auditor (any more).
    #[error("no such operator or auditor")]
    InstallationAccountNotFound {
        /// The account.
        account: InstallationAccount,
    },
    /// An auditor is admitted for a while, not for ever.
    #[error("an auditor is admitted for at most {days_max} days")]
    AuditTooLong {
        /// How many days are possible.
        days_max: i64,
    },
    /// The partner has no such token, or it was revoked.
    #[error("token not found")]
    TokenNotFound,
    /// No such customer.
    #[error("customer not found")]
    CustomerNotFound,
    /// The customer has no such user, or it was purged.
    #[error("customer user {user_id} not found")]
    CustomerUserNotFound {
        /// The user.
        user_id: CustomerUserId,
    },
    /// The customer has no such subscription that the actor's partner may manage.
    #[error("subscription {subscription_id} not found")]
    SubscriptionNotFound {
        /// The subscription.
        subscription_id: SubscriptionId,
    },
    /// No such partnership of the actor's partner.
    #[error("partnership not found")]
    PartnershipNotFound,
    /// The invitation does not belong to the partnership.
    #[error("the invitation is not one of this partnership")]
    InvitationNotFound,
    /// No such lead was referred by or to the actor's partner.
    #[error("the lead is not known")]
    LeadNotFound,
    /// What is asked for does not fit how far the lead has come.
    #[error("the lead is {status}")]
    LeadInState {
        /// How far it has come.
        status: LeadStatus,
    },
    /// The catalogue does not hold the offer.
    #[error("offer {offer_id} is not in the catalogue")]
    OfferNotFound {
        /// The offer.
        offer_id: OfferId,
    },
    /// A thing with this id exists already.
    #[error("a {what} with this id exists already")]
    AlreadyExists {
        /// What exists, in words.
        what: &'static str,
    },
    /// A name that must be unique is in use.
    #[error("the {} is taken", .kind.title())]
    NameTaken {
        /// Which name.
        kind: NameKind,
    },
    /// The name of a deleted user went to another user; restoring under another name is the way out.
    #[error("another user has the user name now: restore under another name")]
    RestoreNameTaken,
    /// Provider and reseller have an active partnership already.
    #[error("the two are partners already")]
    AlreadyPartners,
    /// Several roles of one category were asked for.
    #[error("a user holds at most one role of the category {}", .category.title())]
    TwoRolesOfCategory {
        /// The category.
        category: RoleCategory,
    },
    /// The role that was to be revoked is not held.
    #[error("the user does not hold the role {}", .role.title())]
    RoleNotHeld {
        /// The role.
        role: Role,
    },
    /// The default level cannot be revoked.
    #[error("the default level stays: it can only be withheld when the user is added")]
    DefaultLevelStays,
    /// The partner would be left without a global admin.
    #[error("the last global admin of the partner stays")]
    LastGlobalAdmin,
    /// Nobody may choose this password.
    #[error("{}", .fault.reason())]
    UnfitPassword {
        /// What is wrong with it.
        fault: PasswordFault,
    },
    /// What was to be issued would have expired already.
    #[error("the expiry must be in the future")]
    ExpiryInThePast,
    /// The user is deleted; only restoring it is possible.
    #[error("the user is deleted")]
    UserIsDeleted,
    /// Only a deleted user can be restored or purged.
    #[error("the user is not deleted")]
    UserIsNotDeleted,
    /// The restore window of the deleted user has passed.
    #[error("the user could be restored until {restorable_until}")]
    RestoreWindowPassed {
        /// Restoring was allowed strictly before this moment.
        restorable_until: Timestamp,
    },
    /// The deleted user can still be restored, so it is not purged.
    #[error("the user can be restored until {restorable_until}")]
    RestoreWindowOpen {
        /// Purging is allowed from this moment on.
        restorable_until: Timestamp,
    },
    /// Only a requested partnership can be accepted, declined or withdrawn.
    #[error("the partnership is {status}, not requested")]
    PartnershipNotRequested {
        /// What it is instead.
        status: PartnershipStatus,
    },
    /// Only an active partnership can be ended.
    #[error("the partnership is {status}, not active")]
    PartnershipNotActive {
        /// What it is instead.
        status: PartnershipStatus,
    },
    /// The asking partner is not an indirect provider.
    #[error("only an indirect provider can request a partnership")]
    NotIndirectProvider,
    /// The answering partner is not enrolled as an indirect reseller.
    #[error("only a partner enrolled as an indirect reseller can accept or decline")]
    NotIndirectReseller,
    /// The answering company has no account.
    #[error("the reseller has no account: it must enroll as an indirect reseller first")]
    ResellerWithoutAccount,
    /// Provider and reseller are the same partner.
    #[error("a partner cannot be its own reseller")]
    PartnershipWithItself,
    /// The invitation's link does not work any more.
    #[error("the invitation expired at {expired_at}")]
    InvitationExpired {
        /// The link worked strictly before this moment.
        expired_at: Timestamp,
    },
    /// The letter is being sent: it can neither change nor be sent twice.
    #[error("the e-mail is being sent")]
    LetterUnderWay,
    /// The letter went out: it can neither change nor be sent again.
    #[error("the e-mail has been sent")]
    LetterSent,
    /// An attempt was told of that nobody asked for, or was told of before.
    #[error("the e-mail is not being sent")]
    LetterNotUnderWay,
    /// What happens at a moment was to happen before it.
    #[error("that happens at {due_at}, not before")]
    NotDueYet {
        /// The moment.
        due_at: Timestamp,
    },
    /// The text of the invitation has no place for the link.
    #[error("the text must contain {{link}}, where the link goes")]
    LinkMissing,
    /// The reseller has no active partnership with the partner that holds the relationship.
    #[error("there is no active partnership with the reseller {reseller}")]
    NoActivePartnership {
        /// The reseller.
        reseller: PartnerId,
    },
    /// The reseller that was to be removed is not associated.
    #[error("the reseller {reseller} is not associated with the customer")]
    ResellerNotAssociated {
        /// The reseller.
        reseller: PartnerId,
    },
    /// The relationship has ended already.
    #[error("the relationship has ended")]
    RelationshipAlreadyEnded,
    /// The relationship cannot end while subscriptions of the partner are active.
    #[error("{count} active subscriptions must be suspended first")]
    ActiveSubscriptionsLeft {
        /// How many.
        count: usize,
    },
    /// Line numbers repeat or leave gaps.
    #[error("the numbers of {lines} lines must run from 0 without gap or repetition")]
    LineNumbers {
        /// How many lines the order has.
        lines: usize,
    },
    /// The order has no line.
    #[error("an order has at least one line")]
    NoLines,
    /// The partner on record is not a reseller with an active partnership.
    #[error("no reseller with an active partnership has the MPN id {}", .mpn_id.as_str())]
    PartnerOnRecord {
        /// The MPN id.
        mpn_id: MpnId,
    },
    /// The offer does not come in this quantity.
    #[error("a quantity of {quantity} is outside the offer's {minimum} to {maximum}")]
    QuantityOutsideOffer {
        /// The quantity asked for.
        quantity: Quantity,
        /// The fewest.
        minimum: u32,
        /// The most.
        maximum: u32,
    },
    /// More licences are assigned than would be left.
    #[error(
        "a quantity of {quantity} is fewer than the licences assigned: at least {minimum} are needed"
    )]
    QuantityBelowAssigned {
        /// The quantity asked for.
        quantity: Quantity,
        /// The fewest licences the subscription can have as things stand.
        minimum: u32,
    },
    /// The quantity of a suspended subscription cannot change.
    #[error("the subscription is suspended: its quantity cannot change")]
    SubscriptionIsSuspended,
    /// The user name is not in the customer's domain.
    #[error("user names of this customer end in @{domain}")]
    UserNameOutsideDomain {
        /// The customer's domain.
        domain: DomainName,
    },
    /// Licences go only to users whose usage location is known.
    #[error("user {user_id} needs a usage location for licences")]
    UsageLocationMissing {
        /// The user.
        user_id: CustomerUserId,
    },
    /// No active subscription holds seats of the product.
    #[error("the customer has no active subscription to {sku_id}")]
    NoActiveSubscription {
        /// The product.
        sku_id: SkuId,
    },
    /// Not enough seats are free; nothing was assigned.
    #[error("{missing} seats of {sku_id} are missing")]
    SeatsMissing {
        /// The product.
        sku_id: SkuId,
        /// How many seats are missing.
        missing: u32,
    },
    /// The same licence was to be assigned and removed at once.
    #[error("{sku_id} is to be both assigned and removed")]
    LicenseAssignedAndRemoved {
        /// The product.
        sku_id: SkuId,
    },
    /// The command names more users than a command may.
    #[error("{count} users in one command, at most {limit} are possible")]
    TooManyUsers {
        /// How many the command named.
        count: usize,
        /// How many it may name.
        limit: usize,
    },
    /// The command would change more at once than can be recorded as one.
    #[error("{count} changes in one command, at most {limit} are possible")]
    TooManyChanges {
        /// How many it would be.
        count: usize,
        /// How many are possible.
        limit: usize,
    },
    /// The role that was to be revoked is not held.
    #[error("the user does not hold the role {}", .role.title())]
    DirectoryRoleNotHeld {
        /// The role.
        role: DirectoryRole,
    },
    /// The customer would be left without a global admin.
    #[error("the last global admin of the customer stays")]
    LastCustomerGlobalAdmin,
    /// It contradicts how things stand between a partner and a customer.
    #[error(transparent)]
    OfRelationship(#[from] RelationshipRejection),
    /// A rule of service requests says no.
    #[error(transparent)]
    ServiceRequest(#[from] ServiceRequestRefusal),
    /// It is about what is sold.
    #[error(transparent)]
    Sale(#[from] SaleRejection),
    /// What is asked of a customer's devices cannot be.
    #[error(transparent)]
    Device(#[from] DeviceRefusal),
    /// What is asked of an application, or by one, cannot be.
    #[error(transparent)]
    Application(#[from] ApplicationRefusal),
    /// What is asked about the partner network cannot be.
    #[error(transparent)]
    Network(#[from] NetworkRefusal),
    /// What is asked about a webhook cannot be.
    #[error(transparent)]
    Webhook(#[from] WebhookRefusal),
    /// What is asked about an incident cannot be.
    #[error(transparent)]
    Incident(#[from] IncidentRefusal),
    /// An agreement is accepted before it is confirmed.
    #[error("the agreement cannot have been accepted after now")]
    AgreedAhead,
    /// Only the holder of a name releases it.
    #[error("the name is not held by who releases it")]
    NameNotHeld,
}
