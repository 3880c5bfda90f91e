//! What programs go by: the code, the sort and the field of every refusal, one line each.

use events::ClaimKind;

use super::{NameKind, Rejection, RejectionKind};

/// What programs go by in a refusal.
#[derive(Clone, Copy)]
pub(crate) struct Row {
    code: &'static str,
    kind: RejectionKind,
    field: Option<&'static str>,
}

impl Row {
    pub(crate) const fn forbidden(code: &'static str) -> Self {
        Self::new(code, RejectionKind::Forbidden)
    }

    pub(crate) const fn not_found(code: &'static str) -> Self {
        Self::new(code, RejectionKind::NotFound)
    }

    pub(crate) const fn conflict(code: &'static str) -> Self {
        Self::new(code, RejectionKind::Conflict)
    }

    pub(crate) const fn rule(code: &'static str) -> Self {
        Self::new(code, RejectionKind::Rule)
    }

    const fn new(code: &'static str, kind: RejectionKind) -> Self {
        Self { code, kind, field: None }
    }

    /// The same, with the field of the command that is to blame.
    pub(crate) const fn about(self, field: &'static str) -> Self {
        Self { field: Some(field), ..self }
    }
}

impl Rejection {
    /// The stable name of the refusal.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.row().code
    }

    /// The field of the command that is to blame, where it is one field.
    #[must_use]
    pub const fn field(&self) -> Option<&'static str> {
        self.row().field
    }

    /// The sort of refusal.
    #[must_use]
    pub const fn kind(&self) -> RejectionKind {
        self.row().kind
    }

    #[expect(clippy::too_many_lines, reason = "a table: one line a refusal")]
    const fn row(&self) -> Row {
        match self {
            Self::Forbidden { .. } => Row::forbidden("forbidden"),
            Self::ForbiddenInCompany { .. } => Row::forbidden("forbidden_in_company"),
            Self::NoRole => Row::forbidden("no_role"),
            Self::ActorNotActive => Row::forbidden("actor_not_active"),
            Self::ActorNotAllowed => Row::forbidden("actor_not_allowed"),
            Self::AuditorChangesNothing => Row::forbidden("auditor_changes_nothing"),
            Self::NotYourPartner => Row::forbidden("not_your_partner"),
            Self::NotYourCustomer => Row::forbidden("not_your_customer"),
            Self::NotYourCompany => Row::forbidden("not_your_company"),
            Self::RelationshipHolderOnly => Row::forbidden("relationship_holder_only"),
            Self::SignInRefused => Row::forbidden("sign_in_refused"),
            Self::LockedOut { .. } => Row::forbidden("locked_out"),
            Self::UnfitPassword { .. } => Row::rule("unfit_password").about("new_password"),
            Self::SelfGrant { .. } => Row::forbidden("self_grant").about("role"),
            Self::GlobalAdminOnly => Row::forbidden("global_admin_only"),
            Self::RoleOutOfReach { .. } => Row::forbidden("role_out_of_reach").about("role"),
            Self::PartnerNotFound => Row::not_found("partner_not_found"),
            Self::PartnerUserNotFound { .. } => {
                Row::not_found("partner_user_not_found").about("user_id")
            }
            Self::InstallationAccountNotFound { .. } => {
                Row::not_found("installation_account_not_found").about("account")
            }
            Self::AuditTooLong { .. } => Row::rule("audit_too_long").about("until"),
            Self::TokenNotFound => Row::not_found("token_not_found").about("token_id"),
            Self::CustomerNotFound => Row::not_found("customer_not_found"),
            Self::CustomerUserNotFound { .. } => {
                Row::not_found("customer_user_not_found").about("user_id")
            }
            Self::SubscriptionNotFound { .. } => {
                Row::not_found("subscription_not_found").about("subscription_id")
            }
            Self::PartnershipNotFound => Row::not_found("partnership_not_found"),
            Self::InvitationNotFound => {
                Row::not_found("invitation_not_found").about("invitation_id")
            }
            Self::LeadNotFound => Row::not_found("lead_not_found"),
            Self::LeadInState { .. } => Row::rule("lead_in_state"),
            Self::OfferNotFound { .. } => Row::not_found("offer_not_found").about("offer_id"),
            Self::AlreadyExists { .. } => Row::conflict("already_exists"),
            Self::NameTaken { kind } => Row::conflict(kind.taken_code()).about(kind.field()),
            Self::RestoreNameTaken => Row::conflict("restore_name_taken").about("user_name"),
            Self::AlreadyPartners => Row::conflict("already_partners"),
            Self::TwoRolesOfCategory { .. } => Row::rule("two_roles_of_category").about("roles"),
            Self::RoleNotHeld { .. } => Row::rule("role_not_held").about("role"),
            Self::DefaultLevelStays => Row::rule("default_level_stays").about("role"),
            Self::LastGlobalAdmin => Row::rule("last_global_admin"),
            Self::ExpiryInThePast => Row::rule("expiry_in_the_past").about("expires_at"),
            Self::UserIsDeleted => Row::rule("user_is_deleted"),
            Self::UserIsNotDeleted => Row::rule("user_is_not_deleted"),
            Self::RestoreWindowPassed { .. } => Row::rule("restore_window_passed"),
            Self::RestoreWindowOpen { .. } => Row::rule("restore_window_open"),
            Self::PartnershipNotRequested { .. } => Row::rule("partnership_not_requested"),
            Self::PartnershipNotActive { .. } => Row::rule("partnership_not_active"),
            Self::NotIndirectProvider => Row::rule("not_indirect_provider").about("provider"),
            Self::NotIndirectReseller => Row::rule("not_indirect_reseller").about("reseller"),
            Self::ResellerWithoutAccount => Row::rule("reseller_without_account").about("reseller"),
            Self::PartnershipWithItself => Row::rule("partnership_with_itself").about("reseller"),
            Self::InvitationExpired { .. } => {
                Row::rule("invitation_expired").about("invitation_id")
            }
            Self::LinkMissing => Row::rule("link_missing").about("text"),
            Self::LetterUnderWay => Row::rule("letter_under_way"),
            Self::LetterSent => Row::rule("letter_sent"),
            Self::LetterNotUnderWay => Row::rule("letter_not_under_way"),
            Self::NotDueYet { .. } => Row::rule("not_due_yet"),
            Self::NoActivePartnership { .. } => {
                Row::rule("no_active_partnership").about("reseller")
            }
            Self::ResellerNotAssociated { .. } => {
                Row::rule("reseller_not_associated").about("reseller")
            }
            Self::RelationshipAlreadyEnded => Row::rule("relationship_already_ended"),
            Self::ActiveSubscriptionsLeft { .. } => Row::rule("active_subscriptions_left"),
            Self::LineNumbers { .. } => Row::rule("line_numbers").about("line_number"),
            Self::NoLines => Row::rule("no_lines").about("lines"),
            Self::PartnerOnRecord { .. } => {
                Row::rule("partner_on_record").about("partner_on_record")
            }
            Self::QuantityOutsideOffer { .. } => {
                Row::rule("quantity_outside_offer").about("quantity")
            }
            Self::QuantityBelowAssigned { .. } => {
                Row::rule("quantity_below_assigned").about("quantity")
            }
            Self::SubscriptionIsSuspended => {
                Row::rule("subscription_is_suspended").about("quantity")
            }
            Self::UserNameOutsideDomain { .. } => {
                Row::rule("user_name_outside_domain").about("user_name")
            }
            Self::UsageLocationMissing { .. } => {
                Row::rule("usage_location_missing").about("usage_location")
            }
            Self::NoActiveSubscription { .. } => {
                Row::rule("no_active_subscription").about("sku_id")
            }
            Self::SeatsMissing { .. } => Row::rule("seats_missing").about("sku_id"),
            Self::LicenseAssignedAndRemoved { .. } => {
                Row::rule("license_assigned_and_removed").about("sku_id")
            }
            Self::TooManyUsers { .. } => Row::rule("too_many_users").about("user_ids"),
            Self::TooManyChanges { .. } => Row::rule("too_many_changes"),
            Self::DirectoryRoleNotHeld { .. } => Row::rule("directory_role_not_held").about("role"),
            Self::LastCustomerGlobalAdmin => Row::rule("last_customer_global_admin"),
            Self::OfRelationship(rejection) => rejection.row(),
            Self::ServiceRequest(refusal) => refusal.row(),
            Self::Device(refusal) => refusal.row(),
            Self::Application(refusal) => refusal.row(),
            Self::Network(refusal) => refusal.row(),
            Self::Webhook(refusal) => refusal.row(),
            Self::Incident(refusal) => refusal.row(),
            Self::AgreedAhead => Row::rule("agreed_ahead").about("date_agreed"),
            Self::NameNotHeld => Row::rule("name_not_held"),
            Self::Sale(sale) => sale.row(),
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
