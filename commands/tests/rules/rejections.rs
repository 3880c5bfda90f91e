use std::collections::BTreeSet;

use commands::{
    ApplicationRefusal, CompanyPermission, DeviceRefusal, IncidentRefusal, LeadStatus, NameKind,
    NetworkRefusal, PartnershipStatus, PasswordFault, Permission, Rejection, RelationshipRejection,
    RequestStatus, SaleRejection, ServiceRequestRefusal, WebhookRefusal,
};
use events::{
    AuditorId, CartId, DeviceId, DirectoryRole, InstallationAccount, OrderId, Role, RoleCategory,
};
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
        Rejection::RoleOutOfReach { role: Role::SalesAgent },
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
        SaleRejection::CartNotFound { cart_id: CartId::from_uuid(Uuid::nil()) }.into(),
        SaleRejection::OrderNotFound { order_id: OrderId::from_uuid(Uuid::nil()) }.into(),
        NetworkRefusal::CompetencyNotFound.into(),
        NetworkRefusal::BenefitNotFound.into(),
        IncidentRefusal::NotFound.into(),
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
        NetworkRefusal::CompetencyHeld.into(),
        NetworkRefusal::AttainedAhead.into(),
        NetworkRefusal::BenefitExpired { expired_at: hour(1) }.into(),
        NetworkRefusal::UnitsMissing { available: 1 }.into(),
        NetworkRefusal::UnitsNotInUse { used: 1 }.into(),
        NetworkRefusal::TooManySkills { count: 2, limit: 1 }.into(),
        NetworkRefusal::SkillTwice.into(),
        IncidentRefusal::Resolved.into(),
        IncidentRefusal::UnknownService { sku_id: MAIL }.into(),
        IncidentRefusal::StartedAhead.into(),
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
        RelationshipRejection::RecipientMissing.into(),
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
        SaleRejection::OrderNotActive { subscription_id: MAIL_SUBSCRIPTION },
        SaleRejection::PaidOnce,
        SaleRejection::NoUpgradePath { offer_id: MAIL_OFFER },
        SaleRejection::NotConvertible { offer_id: MAIL_OFFER },
        SaleRejection::AddOnsInTheWay { count: 2 },
        SaleRejection::SeatsStillAssigned { sku_id: MAIL, count: 2 },
        SaleRejection::CartIsExpired { expired_at: hour(1) },
        SaleRejection::CartNotExpired { expires_at: hour(1) },
        SaleRejection::CartIsOrdered,
        SaleRejection::CartIsCancelled,
        SaleRejection::CartChanged,
        SaleRejection::PricesChanged,
        SaleRejection::ContactNotEligible { contact: RESELLER },
    ];
    sales.map(Rejection::from).to_vec()
}

fn all() -> Vec<Rejection> {
    [
        forbidden(),
        not_found(),
        conflicts(),
        rules_about_partners(),
        rules_about_customers(),
        rules_about_service_requests(),
        rules_about_sales(),
    ]
    .concat()
}

fn is_snake_case(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

/// Codes stand in logs and in the scripts of callers, fields in their error messages: a line here
/// changes only where they are told.
#[test]
fn what_programs_go_by_stays_as_it_is() {
    let line = |rejection: &Rejection| {
        let field = rejection.field().unwrap_or("-");
        format!("{} {:?} {field}\n", rejection.code(), rejection.kind())
    };
    let table: BTreeSet<String> = all().iter().map(line).collect();
    let table: String = table.into_iter().collect();
    assert_eq!(table, include_str!("rejections.txt"), "rejections.txt is to be:\n{table}");
}

#[test]
fn every_refusal_has_a_code_of_its_own() {
    let codes: BTreeSet<&str> = all().iter().map(Rejection::code).collect();
    assert_eq!(codes.len(), all().len());
    for code in codes {
        assert!(is_snake_case(code), "{code}");
    }
}

#[test]
fn every_refusal_of_the_table_is_told_here() {
    let tables = [
        include_str!("../../src/rejection/table.rs"),
        include_str!("../../src/rejection/devices.rs"),
        include_str!("../../src/rejection/health.rs"),
        include_str!("../../src/rejection/network.rs"),
        include_str!("../../src/rejection/relationships.rs"),
        include_str!("../../src/rejection/sales.rs"),
        include_str!("../../src/service_request/refusal.rs"),
        include_str!("../../src/partner/applications/refusal.rs"),
        include_str!("../../src/partner/webhooks/refusal.rs"),
    ];
    let rows = tables.iter().flat_map(|table| table.split("Row::").skip(1));
    let arguments = rows.filter_map(|row| row.split(['(', ')']).nth(1));
    // What is no literal is the code of a taken name, which depends on the kind of name.
    let written =
        arguments.filter_map(|argument| argument.trim().trim_end_matches(',').strip_prefix('"'));
    let written: BTreeSet<&str> = written.map(|code| code.trim_end_matches('"')).collect();
    let told = all();
    let told = told.iter().filter(|rejection| !matches!(rejection, Rejection::NameTaken { .. }));
    assert_eq!(told.map(Rejection::code).collect::<BTreeSet<_>>(), written);
}

#[test]
fn the_text_of_a_refusal_is_a_fragment_without_a_full_stop() {
    for rejection in all() {
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
    for rejection in all() {
        assert!(rejection.field().is_none_or(is_snake_case), "{rejection:?}");
    }
}
