//! What programs go by: the code, the field and the sort of every refusal.

use events::ClaimKind;

use super::{NameKind, Rejection, RejectionKind};

impl Rejection {
    /// The stable name of the refusal.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "a table: one line a refusal")]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Forbidden { .. } => "forbidden",
            Self::ForbiddenInCompany { .. } => "forbidden_in_company",
            Self::NoRole => "no_role",
            Self::ActorNotActive => "actor_not_active",
            Self::ActorNotAllowed => "actor_not_allowed",
            Self::AuditorChangesNothing => "auditor_changes_nothing",
            Self::NotYourPartner => "not_your_partner",
            Self::NotYourCustomer => "not_your_customer",
            Self::NotYourCompany => "not_your_company",
            Self::RelationshipHolderOnly => "relationship_holder_only",
            Self::SignInRefused => "sign_in_refused",
            Self::LockedOut { .. } => "locked_out",
            Self::UnfitPassword { .. } => "unfit_password",
            Self::SelfGrant { .. } => "self_grant",
            Self::GlobalAdminOnly => "global_admin_only",
            Self::RoleOutOfReach { .. } => "role_out_of_reach",
            Self::PartnerNotFound => "partner_not_found",
            Self::PartnerUserNotFound { .. } => "partner_user_not_found",
            Self::InstallationAccountNotFound { .. } => "installation_account_not_found",
            Self::AuditTooLong { .. } => "audit_too_long",
            Self::TokenNotFound => "token_not_found",
            Self::CustomerNotFound => "customer_not_found",
            Self::CustomerUserNotFound { .. } => "customer_user_not_found",
            Self::SubscriptionNotFound { .. } => "subscription_not_found",
            Self::PartnershipNotFound => "partnership_not_found",
            Self::InvitationNotFound => "invitation_not_found",
            Self::LeadNotFound => "lead_not_found",
            Self::LeadInState { .. } => "lead_in_state",
            Self::OfferNotFound { .. } => "offer_not_found",
            Self::AlreadyExists { .. } => "already_exists",
            Self::NameTaken { kind } => kind.taken_code(),
            Self::RestoreNameTaken => "restore_name_taken",
            Self::AlreadyPartners => "already_partners",
            Self::TwoRolesOfCategory { .. } => "two_roles_of_category",
            Self::RoleNotHeld { .. } => "role_not_held",
            Self::DefaultLevelStays => "default_level_stays",
            Self::LastGlobalAdmin => "last_global_admin",
            Self::ExpiryInThePast => "expiry_in_the_past",
            Self::UserIsDeleted => "user_is_deleted",
            Self::UserIsNotDeleted => "user_is_not_deleted",
            Self::RestoreWindowPassed { .. } => "restore_window_passed",
            Self::RestoreWindowOpen { .. } => "restore_window_open",
            Self::PartnershipNotRequested { .. } => "partnership_not_requested",
            Self::PartnershipNotActive { .. } => "partnership_not_active",
            Self::NotIndirectProvider => "not_indirect_provider",
            Self::NotIndirectReseller => "not_indirect_reseller",
            Self::ResellerWithoutAccount => "reseller_without_account",
            Self::PartnershipWithItself => "partnership_with_itself",
            Self::InvitationExpired { .. } => "invitation_expired",
            Self::LinkMissing => "link_missing",
            Self::LetterUnderWay => "letter_under_way",
            Self::LetterSent => "letter_sent",
            Self::LetterNotUnderWay => "letter_not_under_way",
            Self::NotDueYet { .. } => "not_due_yet",
            Self::NoActivePartnership { .. } => "no_active_partnership",
            Self::ResellerNotAssociated { .. } => "reseller_not_associated",
            Self::RelationshipAlreadyEnded => "relationship_already_ended",
            Self::ActiveSubscriptionsLeft { .. } => "active_subscriptions_left",
            Self::LineNumbers { .. } => "line_numbers",
            Self::NoLines => "no_lines",
            Self::PartnerOnRecord { .. } => "partner_on_record",
            Self::QuantityOutsideOffer { .. } => "quantity_outside_offer",
            Self::QuantityBelowAssigned { .. } => "quantity_below_assigned",
            Self::SubscriptionIsSuspended => "subscription_is_suspended",
            Self::UserNameOutsideDomain { .. } => "user_name_outside_domain",
            Self::UsageLocationMissing { .. } => "usage_location_missing",
            Self::NoActiveSubscription { .. } => "no_active_subscription",
            Self::SeatsMissing { .. } => "seats_missing",
            Self::LicenseAssignedAndRemoved { .. } => "license_assigned_and_removed",
            Self::TooManyUsers { .. } => "too_many_users",
            Self::TooManyChanges { .. } => "too_many_changes",
            Self::DirectoryRoleNotHeld { .. } => "directory_role_not_held",
            Self::LastCustomerGlobalAdmin => "last_customer_global_admin",
            Self::OfRelationship(rejection) => rejection.code(),
            Self::ServiceRequest(refusal) => refusal.code(),
            Self::Device(refusal) => refusal.code(),
            Self::Application(refusal) => refusal.code(),
            Self::Network(refusal) => refusal.code(),
            Self::Webhook(refusal) => refusal.code(),
            Self::Incident(refusal) => refusal.code(),
            Self::AgreedAhead => "agreed_ahead",
            Self::NameNotHeld => "name_not_held",
            Self::Sale(sale) => sale.code(),
        }
    }

    /// The field of the command that is to blame, where it is one field.
    #[expect(clippy::too_many_lines, reason = "a table: one line a refusal")]
    #[must_use]
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::NameTaken { kind } => Some(kind.field()),
            Self::ServiceRequest(refusal) => refusal.field(),
            Self::Sale(sale) => Some(sale.field()),
            Self::OfRelationship(rejection) => rejection.field(),
            Self::Forbidden { .. }
            | Self::ForbiddenInCompany { .. }
            | Self::NoRole
            | Self::ActorNotActive
            | Self::ActorNotAllowed
            | Self::AuditorChangesNothing
            | Self::NotYourPartner
            | Self::NotYourCustomer
            | Self::NotYourCompany
            | Self::RelationshipHolderOnly
            | Self::SignInRefused
            | Self::LockedOut { .. }
            | Self::GlobalAdminOnly
            | Self::PartnerNotFound
            | Self::CustomerNotFound
            | Self::PartnershipNotFound
            | Self::LeadNotFound
            | Self::LeadInState { .. }
            | Self::AlreadyExists { .. }
            | Self::AlreadyPartners
            | Self::LastGlobalAdmin
            | Self::UserIsDeleted
            | Self::UserIsNotDeleted
            | Self::RestoreWindowPassed { .. }
            | Self::RestoreWindowOpen { .. }
            | Self::PartnershipNotRequested { .. }
            | Self::PartnershipNotActive { .. }
            | Self::RelationshipAlreadyEnded
            | Self::ActiveSubscriptionsLeft { .. }
            | Self::TooManyChanges { .. }
            | Self::LastCustomerGlobalAdmin
            | Self::LetterUnderWay
            | Self::LetterSent
            | Self::LetterNotUnderWay
            | Self::NotDueYet { .. }
            | Self::NameNotHeld => None,
            Self::SelfGrant { .. }
            | Self::RoleOutOfReach { .. }
            | Self::RoleNotHeld { .. }
            | Self::DefaultLevelStays
            | Self::DirectoryRoleNotHeld { .. } => Some("role"),
            Self::PartnerUserNotFound { .. } | Self::CustomerUserNotFound { .. } => Some("user_id"),
            Self::InstallationAccountNotFound { .. } => Some("account"),
            Self::AuditTooLong { .. } => Some("until"),
            Self::TokenNotFound => Some("token_id"),
            Self::SubscriptionNotFound { .. } => Some("subscription_id"),
            Self::InvitationNotFound | Self::InvitationExpired { .. } => Some("invitation_id"),
            Self::OfferNotFound { .. } => Some("offer_id"),
            Self::RestoreNameTaken | Self::UserNameOutsideDomain { .. } => Some("user_name"),
            Self::TwoRolesOfCategory { .. } => Some("roles"),
            Self::ExpiryInThePast => Some("expires_at"),
            Self::UnfitPassword { .. } => Some("new_password"),
            Self::NotIndirectProvider => Some("provider"),
            Self::NotIndirectReseller
            | Self::ResellerWithoutAccount
            | Self::PartnershipWithItself
            | Self::NoActivePartnership { .. }
            | Self::ResellerNotAssociated { .. } => Some("reseller"),
            Self::LinkMissing => Some("text"),
            Self::Device(refusal) => refusal.field(),
            Self::Application(refusal) => refusal.field(),
            Self::Network(refusal) => refusal.field(),
            Self::Webhook(refusal) => refusal.field(),
            Self::Incident(refusal) => refusal.field(),
            Self::AgreedAhead => Some("date_agreed"),
            Self::LineNumbers { .. } => Some("line_number"),
            Self::NoLines => Some("lines"),
            Self::PartnerOnRecord { .. } => Some("partner_on_record"),
            Self::QuantityOutsideOffer { .. }
            | Self::QuantityBelowAssigned { .. }
            | Self::SubscriptionIsSuspended => Some("quantity"),
            Self::UsageLocationMissing { .. } => Some("usage_location"),
            Self::NoActiveSubscription { .. }
            | Self::SeatsMissing { .. }
            | Self::LicenseAssignedAndRemoved { .. } => Some("sku_id"),
            Self::TooManyUsers { .. } => Some("user_ids"),
        }
    }

    /// The sort of refusal.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "a table: one line a refusal")]
    pub const fn kind(&self) -> RejectionKind {
        match self {
            Self::Device(refusal) => refusal.kind(),
            Self::Application(refusal) => refusal.kind(),
            Self::Network(refusal) => refusal.kind(),
            Self::Webhook(refusal) => refusal.kind(),
            Self::Incident(refusal) => refusal.kind(),
            Self::Forbidden { .. }
            | Self::ForbiddenInCompany { .. }
            | Self::NoRole
            | Self::ActorNotActive
            | Self::ActorNotAllowed
            | Self::AuditorChangesNothing
            | Self::NotYourPartner
            | Self::NotYourCustomer
            | Self::NotYourCompany
            | Self::RelationshipHolderOnly
            | Self::SignInRefused
            | Self::LockedOut { .. }
            | Self::SelfGrant { .. }
            | Self::RoleOutOfReach { .. }
            | Self::GlobalAdminOnly => RejectionKind::Forbidden,
            Self::PartnerNotFound
            | Self::PartnerUserNotFound { .. }
            | Self::TokenNotFound
            | Self::InstallationAccountNotFound { .. }
            | Self::CustomerNotFound
            | Self::CustomerUserNotFound { .. }
            | Self::SubscriptionNotFound { .. }
            | Self::PartnershipNotFound
            | Self::InvitationNotFound
            | Self::LeadNotFound
            | Self::OfferNotFound { .. } => RejectionKind::NotFound,
            Self::ServiceRequest(refusal) => refusal.kind(),
            Self::AlreadyExists { .. }
            | Self::NameTaken { .. }
            | Self::RestoreNameTaken
            | Self::AlreadyPartners => RejectionKind::Conflict,
            Self::TwoRolesOfCategory { .. }
            | Self::RoleNotHeld { .. }
            | Self::DefaultLevelStays
            | Self::LastGlobalAdmin
            | Self::ExpiryInThePast
            | Self::UnfitPassword { .. }
            | Self::AuditTooLong { .. }
            | Self::UserIsDeleted
            | Self::UserIsNotDeleted
            | Self::RestoreWindowPassed { .. }
            | Self::RestoreWindowOpen { .. }
            | Self::PartnershipNotRequested { .. }
            | Self::PartnershipNotActive { .. }
            | Self::NotIndirectProvider
            | Self::NotIndirectReseller
            | Self::ResellerWithoutAccount
            | Self::PartnershipWithItself
            | Self::LeadInState { .. }
            | Self::InvitationExpired { .. }
            | Self::LetterUnderWay
            | Self::LetterSent
            | Self::LetterNotUnderWay
            | Self::NotDueYet { .. }
            | Self::LinkMissing
            | Self::NoActivePartnership { .. }
            | Self::ResellerNotAssociated { .. }
            | Self::RelationshipAlreadyEnded
            | Self::ActiveSubscriptionsLeft { .. }
            | Self::LineNumbers { .. }
            | Self::NoLines
            | Self::PartnerOnRecord { .. }
            | Self::QuantityOutsideOffer { .. }
            | Self::QuantityBelowAssigned { .. }
            | Self::SubscriptionIsSuspended
            | Self::UserNameOutsideDomain { .. }
            | Self::UsageLocationMissing { .. }
            | Self::NoActiveSubscription { .. }
            | Self::SeatsMissing { .. }
            | Self::LicenseAssignedAndRemoved { .. }
            | Self::TooManyUsers { .. }
            | Self::TooManyChanges { .. }
            | Self::DirectoryRoleNotHeld { .. }
            | Self::LastCustomerGlobalAdmin
            | Self::AgreedAhead
            | Self::NameNotHeld => RejectionKind::Rule,
            Self::OfRelationship(rejection) => rejection.kind(),
            Self::Sale(sale) => sale.kind(),
        }
    }
}

impl NameKind {
    /// The kind of name in words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Domain => "domain",
            Self::SignInName => "sign-in name",
            Self::UserName => "user name",
            Self::MpnId => "MPN id",
        }
    }

    const fn field(self) -> &'static str {
        match self {
            Self::Domain => "domain",
            Self::SignInName => "email",
            Self::UserName => "user_name",
            Self::MpnId => "mpn_id",
        }
    }

    const fn taken_code(self) -> &'static str {
        match self {
            Self::Domain => "domain_taken",
            Self::SignInName => "sign_in_name_taken",
            Self::UserName => "user_name_taken",
            Self::MpnId => "mpn_id_taken",
        }
    }
}

impl From<ClaimKind> for Rejection {
    /// The refusal of a claim to a name of this kind that somebody else holds.
    fn from(kind: ClaimKind) -> Self {
        match kind {
            ClaimKind::Domain => Self::NameTaken { kind: NameKind::Domain },
            ClaimKind::SignInName => Self::NameTaken { kind: NameKind::SignInName },
            ClaimKind::MpnId => Self::NameTaken { kind: NameKind::MpnId },
            ClaimKind::PartnershipPair => Self::AlreadyPartners,
        }
    }
}
