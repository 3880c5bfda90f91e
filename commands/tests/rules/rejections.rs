use std::collections::BTreeSet;

use commands::{
    ApplicationRefusal, CompanyPermission, DeviceRefusal, LeadStatus, NameKind, PartnershipStatus,
    PasswordFault, Permission, Rejection, RejectionKind, RelationshipRejection, RequestStatus,
    SaleRejection, ServiceRequestRefusal, WebhookRefusal,
};
use events::{AuditorId, CartId, DeviceId, DirectoryRole, InstallationAccount, Role, RoleCategory};
use uuid::Uuid;

use crate::samples::{BEA, MAIL, MAIL_OFFER, MAIL_SUBSCRIPTION, RESELLER, ROOT, hour, quantity};

const ACCOUNT: InstallationAccount =
    InstallationAccount::Auditor(AuditorId::from_uuid(uuid::Uuid::nil()));

fn forbidden() -> Vec<Rejection> {
    vec![
        Rejection::Forbidden { permission: Permission::CustomersView },
        Rejection::ForbiddenInCompany { permission: CompanyPermission::CompanyView },
        Rejection::NoRole,
        Rejection::ActorNotActive,
        Rejection::ActorNotAllowed,
        Rejection::NotYourPartner,
        Rejection::AuditorChangesNothing,
        Rejection::SignInRefused,
        Rejection::LockedOut { until: hour(1) },
        Rejection::NotYourCustomer,
        Rejection::NotYourCompany,
        Rejection::RelationshipHolderOnly,
        Rejection::SelfGrant { role: Role::SalesAgent },
        Rejection::GlobalAdminOnly,
        ApplicationRefusal::UserRequired.into(),
        RelationshipRejection::CustomerGlobalAdminOnly.into(),
        RelationshipRejection::DelegatedAdminMissing.into(),
        RelationshipRejection::OwnPurchasesNotPermitted.into(),
    ]
}

fn not_found() -> Vec<Rejection> {
    vec![
        Rejection::PartnerNotFound,
        Rejection::PartnerUserNotFound { user_id: BEA },
        Rejection::TokenNotFound,
        Rejection::InstallationAccountNotFound { account: ACCOUNT },
        Rejection::CustomerNotFound,
        Rejection::CustomerUserNotFound { user_id: ROOT },
        Rejection::SubscriptionNotFound { subscription_id: MAIL_SUBSCRIPTION },
        Rejection::PartnershipNotFound,
        Rejection::InvitationNotFound,
        ApplicationRefusal::NotFound.into(),
        ApplicationRefusal::SecretNotFound.into(),
        ApplicationRefusal::GrantNotFound.into(),
        WebhookRefusal::NotRegistered.into(),
        DeviceRefusal::BatchNotFound.into(),
        DeviceRefusal::DeviceNotFound { device_id: DeviceId::from_uuid(Uuid::nil()) }.into(),
        DeviceRefusal::ProfileNotFound.into(),
        Rejection::LeadNotFound,
        Rejection::OfferNotFound { offer_id: MAIL_OFFER },
        ServiceRequestRefusal::NotFound.into(),
        SaleRejection::CartNotFound { cart_id: CartId::from_uuid(uuid::Uuid::nil()) }.into(),
    ]
}

fn conflicts() -> Vec<Rejection> {
    vec![
        WebhookRefusal::AlreadyRegistered.into(),
        Rejection::AlreadyExists { what: "customer user" },
        Rejection::NameTaken { kind: NameKind::Domain },
        Rejection::NameTaken { kind: NameKind::SignInName },
        Rejection::NameTaken { kind: NameKind::UserName },
        Rejection::NameTaken { kind: NameKind::MpnId },
        Rejection::RestoreNameTaken,
        Rejection::AlreadyPartners,
        RelationshipRejection::RelationshipActive.into(),
        RelationshipRejection::RequestOpen.into(),
        RelationshipRejection::OwnPurchasesPermitted.into(),
        DeviceRefusal::SerialNumberTaken { serial_number: "SN-1".parse().unwrap() }.into(),
        SaleRejection::ParentNotActive { parent: MAIL_SUBSCRIPTION }.into(),
    ]
}

fn rules_about_partners() -> Vec<Rejection> {
    vec![
        WebhookRefusal::NoEvents.into(),
        WebhookRefusal::UnknownEvent { name: "weather-changed".parse().unwrap() }.into(),
        WebhookRefusal::TestNotWanted.into(),
        WebhookRefusal::TestsTooFast { limit: 2, possible_at: hour(1) }.into(),
        WebhookRefusal::DeliveryKnown.into(),
        Rejection::TwoRolesOfCategory { category: RoleCategory::Agent },
        Rejection::RoleNotHeld { role: Role::SalesAgent },
        ApplicationRefusal::TooManyApplications { limit: 100 }.into(),
        ApplicationRefusal::TooManySecrets { limit: 5 }.into(),
        ApplicationRefusal::SecretLivesTooLong { days_max: 730 }.into(),
        Rejection::DefaultLevelStays,
        Rejection::LastGlobalAdmin,
        Rejection::ExpiryInThePast,
        Rejection::UnfitPassword { fault: PasswordFault::TooShort },
        Rejection::AuditTooLong { days_max: 400 },
        Rejection::UserIsDeleted,
        Rejection::UserIsNotDeleted,
        Rejection::RestoreWindowPassed { restorable_until: hour(1) },
        Rejection::RestoreWindowOpen { restorable_until: hour(1) },
        Rejection::PartnershipNotRequested { status: PartnershipStatus::Ended },
        Rejection::PartnershipNotActive { status: PartnershipStatus::Ended },
        Rejection::NotIndirectProvider,
        Rejection::NotIndirectReseller,
        Rejection::ResellerWithoutAccount,
        Rejection::PartnershipWithItself,
        Rejection::InvitationExpired { expired_at: hour(1) },
        Rejection::LinkMissing,
        Rejection::LetterUnderWay,
        Rejection::LetterSent,
        Rejection::LetterNotUnderWay,
        Rejection::NotDueYet { due_at: hour(1) },
        Rejection::LeadInState { status: LeadStatus::Declined },
        Rejection::NoActivePartnership { reseller: RESELLER },
        Rejection::ResellerNotAssociated { reseller: RESELLER },
    ]
}

fn rules_about_customers() -> Vec<Rejection> {
    vec![
        Rejection::RelationshipAlreadyEnded,
        Rejection::ActiveSubscriptionsLeft { count: 2 },
        Rejection::LineNumbers { lines: 2 },
        Rejection::NoLines,
        Rejection::PartnerOnRecord { mpn_id: "1002".parse().unwrap() },
        Rejection::QuantityOutsideOffer { quantity: quantity(2), minimum: 1, maximum: 1 },
        Rejection::QuantityBelowAssigned { quantity: quantity(2), minimum: 1 },
        Rejection::SubscriptionIsSuspended,
        Rejection::UserNameOutsideDomain { domain: "contoso.example".parse().unwrap() },
        Rejection::UsageLocationMissing { user_id: ROOT },
        Rejection::NoActiveSubscription { sku_id: MAIL },
        Rejection::SeatsMissing { sku_id: MAIL, missing: 1 },
        Rejection::LicenseAssignedAndRemoved { sku_id: MAIL },
        Rejection::TooManyUsers { count: 2, limit: 2 },
        Rejection::TooManyChanges { count: 2, limit: 2 },
        Rejection::DirectoryRoleNotHeld { role: DirectoryRole::BillingAdmin },
        Rejection::LastCustomerGlobalAdmin,
        RelationshipRejection::DelegatedAdminNotHeld.into(),
        RelationshipRejection::RequestNotOpen { status: RequestStatus::Declined }.into(),
        RelationshipRejection::ReinstatementNotAddressed.into(),
        RelationshipRejection::NoPriorSubscription.into(),
        Rejection::NameNotHeld,
        Rejection::AgreedAhead,
        DeviceRefusal::NoDevices.into(),
        DeviceRefusal::TooManyDevices { count: 2, limit: 1 }.into(),
        DeviceRefusal::ProfileInUse { count: 1 }.into(),
        DeviceRefusal::NoSettings.into(),
    ]
}

fn rules_about_service_requests() -> Vec<Rejection> {
    let (old, new) = (events::RequestStatus::Closed, events::RequestStatus::InProgress);
    let refusals = [
        ServiceRequestRefusal::StatusUnreachable { old, new },
        ServiceRequestRefusal::Over { status: old },
        ServiceRequestRefusal::OfAnotherKind { wanted: "elevation" },
        ServiceRequestRefusal::NotVerified,
        ServiceRequestRefusal::AlreadyVerified,
        ServiceRequestRefusal::AlreadyGlobalAdmin,
        ServiceRequestRefusal::IdentityMissing,
        ServiceRequestRefusal::OrganizationMissing,
        ServiceRequestRefusal::SubscriptionMissing,
        ServiceRequestRefusal::LocationCount { count: 0, limit: 2 },
        ServiceRequestRefusal::LocationTwice { country: "DE".parse().unwrap() },
        ServiceRequestRefusal::TooManyNotes { limit: 2 },
    ];
    refusals.map(Rejection::from).into()
}

fn rules_about_sales() -> Vec<Rejection> {
    let sales = [
        SaleRejection::OfferNotSold { offer_id: MAIL_OFFER },
        SaleRejection::BillingCycleNotOffered { offer_id: MAIL_OFFER },
        SaleRejection::AddOnUnrelated { offer_id: MAIL_OFFER },
        SaleRejection::NotAnAddOn { offer_id: MAIL_OFFER },
        SaleRejection::SubscriptionIsCancelled,
        SaleRejection::NoRenewal,
        SaleRejection::NoUpgradePath { offer_id: MAIL_OFFER },
        SaleRejection::AddOnsInTheWay { count: 2 },
        SaleRejection::SeatsStillAssigned { sku_id: MAIL, count: 2 },
        SaleRejection::CartIsExpired { expired_at: hour(1) },
        SaleRejection::CartNotExpired { expires_at: hour(1) },
        SaleRejection::CartIsOrdered,
        SaleRejection::CartIsCancelled,
        SaleRejection::PricesChanged,
        SaleRejection::ContactNotEligible { contact: RESELLER },
    ];
    sales.map(Rejection::from).to_vec()
}

fn all() -> Vec<(Rejection, RejectionKind)> {
    let of = |kind, rejections: Vec<Rejection>| rejections.into_iter().map(move |it| (it, kind));
    of(RejectionKind::Forbidden, forbidden())
        .chain(of(RejectionKind::NotFound, not_found()))
        .chain(of(RejectionKind::Conflict, conflicts()))
        .chain(of(RejectionKind::Rule, rules_about_partners()))
        .chain(of(RejectionKind::Rule, rules_about_customers()))
        .chain(of(RejectionKind::Rule, rules_about_service_requests()))
        .chain(of(RejectionKind::Rule, rules_about_sales()))
        .collect()
}

fn is_snake_case(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

#[test]
fn every_refusal_has_a_code_of_its_own() {
    let codes: BTreeSet<&str> = all().iter().map(|(rejection, _)| rejection.code()).collect();
    assert_eq!(codes.len(), all().len());
    for code in codes {
        assert!(is_snake_case(code), "{code}");
    }
}

#[test]
fn every_refusal_is_of_the_sort_that_callers_expect() {
    for (rejection, kind) in all() {
        assert_eq!(rejection.kind(), kind, "{rejection:?}");
    }
}

#[test]
fn the_text_of_a_refusal_is_a_fragment_without_a_full_stop() {
    for (rejection, _) in all() {
        let text = rejection.to_string();
        let begins_low = text.starts_with(|first: char| !first.is_uppercase());
        assert!(begins_low && !text.ends_with('.'), "{text}");
    }
}

#[test]
fn a_refusal_names_the_field_to_blame_where_there_is_one() {
    let taken = Rejection::NameTaken { kind: NameKind::SignInName };
    assert_eq!((taken.code(), taken.field()), ("sign_in_name_taken", Some("email")));
    assert_eq!(Rejection::LinkMissing.field(), Some("text"));
    assert_eq!(Rejection::NoRole.field(), None);
    for (rejection, _) in all() {
        assert!(rejection.field().is_none_or(is_snake_case), "{rejection:?}");
    }
}
