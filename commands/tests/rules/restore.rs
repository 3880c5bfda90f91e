use commands::{
    ChangeSubscription, CreateCustomerUsers, Customer, CustomerUserStatus, DeleteCustomerUsers,
    GrantDirectoryRole, NameKind, PurgeCustomerUser, Rejection, RenamedCustomerUser,
    RestoreCustomerUser, SubscriptionStatus, UpdateLicenses, scenario::Scenario,
};
use events::{
    Actor, CustomerEvent, CustomerUserDeleted, CustomerUserEdited, CustomerUserProfile,
    CustomerUserPurged, CustomerUserRestored, DirectoryRole, LicenseFate, LicenseOutcome, Personal,
};

use crate::samples::{
    MAIL, MAIL_SUBSCRIPTION, PURGE, STRANGER, contoso_with_users, customer_user, hash, hour,
    just_before, new_user, profile, quantity, somebody_of,
};

const RESTORE: RestoreCustomerUser =
    RestoreCustomerUser { user_id: customer_user(1), renamed: None };
const PURGE_USER: PurgeCustomerUser = PurgeCustomerUser { user_id: customer_user(1) };

fn delete(number: u128) -> DeleteCustomerUsers {
    DeleteCustomerUsers { user_ids: vec![customer_user(number)] }
}

fn assign(number: u128) -> UpdateLicenses {
    UpdateLicenses { user_ids: vec![customer_user(number)], assign: vec![MAIL], remove: Vec::new() }
}

fn change(number: Option<u32>, status: Option<SubscriptionStatus>) -> ChangeSubscription {
    ChangeSubscription {
        subscription_id: MAIL_SUBSCRIPTION,
        quantity: number.map(quantity),
        status,
        friendly_name: None,
    }
}

/// Two seats of Mail, users 1 and 2; user 1 had a licence and was deleted in hour 1.
fn deleted() -> Scenario<Customer> {
    contoso_with_users(2, 2).after(assign(1)).at(hour(1)).after(delete(1))
}

fn restored(fate: LicenseFate) -> CustomerEvent {
    let licenses = vec![LicenseOutcome { sku_id: MAIL, fate }];
    CustomerUserRestored { user_id: customer_user(1), licenses }.into()
}

#[test]
fn a_deleted_user_is_restored_with_its_licences() {
    let scenario = deleted().when(RESTORE).then([restored(LicenseFate::Restored)]);
    let user = scenario.state().user(customer_user(1)).unwrap();
    assert!(user.is_active() && user.licenses.contains(&MAIL));
    assert_eq!(scenario.state().consumed(MAIL), 1);
    assert_eq!(scenario.state().user_named(hash("user1")), Some(customer_user(1)));
}

#[test]
fn a_deleted_user_is_restored_until_the_moment_before_the_window_has_passed() {
    deleted().at(just_before(hour(721))).when(RESTORE).then([restored(LicenseFate::Restored)]);
}

#[test]
fn a_deleted_user_is_not_restored_once_the_window_has_passed() {
    let passed = || Rejection::RestoreWindowPassed { restorable_until: hour(721) };
    deleted().at(hour(721)).when(RESTORE).then_refused(passed());
    deleted().at(hour(9999)).by(Actor::Operator).when(RESTORE).then_refused(passed());
}

#[test]
fn deleting_a_restored_user_again_restarts_the_window() {
    deleted()
        .at(hour(700))
        .after(RESTORE)
        .when(delete(1))
        .then([CustomerUserDeleted {
            user_id: customer_user(1),
            licenses_returned: vec![MAIL],
            restorable_until: hour(1420),
        }])
        .at(hour(1419))
        .when(RESTORE)
        .then([restored(LicenseFate::Restored)]);
}

#[test]
fn a_licence_whose_seat_went_to_somebody_else_is_named_as_not_given_back() {
    let scenario = deleted()
        .after(change(Some(1), None))
        .after(assign(2))
        .when(RESTORE)
        .then([restored(LicenseFate::NoSeat)]);
    let user = scenario.state().user(customer_user(1)).unwrap();
    assert!(user.is_active() && user.licenses.is_empty());
    assert_eq!(scenario.state().consumed(MAIL), 1);
}

#[test]
fn the_last_free_seat_goes_back_to_the_restored_user() {
    deleted().after(assign(2)).when(RESTORE).then([restored(LicenseFate::Restored)]);
}

#[test]
fn a_licence_without_an_active_subscription_is_named_as_gone() {
    deleted()
        .after(change(None, Some(SubscriptionStatus::Suspended)))
        .when(RESTORE)
        .then([restored(LicenseFate::SubscriptionGone)]);
}

#[test]
fn a_licence_that_was_not_given_back_is_not_remembered_at_the_next_deletion() {
    deleted().after(change(Some(1), None)).after(assign(2)).after(RESTORE).when(delete(1)).then([
        CustomerUserDeleted {
            user_id: customer_user(1),
            licenses_returned: Vec::new(),
            restorable_until: hour(721),
        },
    ]);
}

#[test]
fn several_are_restored_in_order_each_with_its_own_outcome() {
    let second = RestoreCustomerUser { user_id: customer_user(2), renamed: None };
    let no_seat = LicenseOutcome { sku_id: MAIL, fate: LicenseFate::NoSeat };
    contoso_with_users(2, 2)
        .after(assign(1))
        .after(assign(2))
        .after(delete(1))
        .after(delete(2))
        .after(change(Some(1), None))
        .when(RESTORE)
        .then([restored(LicenseFate::Restored)])
        .when(second)
        .then([CustomerUserRestored { user_id: customer_user(2), licenses: vec![no_seat] }]);
}

#[test]
fn the_roles_of_a_restored_user_are_back() {
    let role = DirectoryRole::BillingAdmin;
    let scenario = contoso_with_users(1, 1)
        .after(GrantDirectoryRole { user_id: customer_user(1), role })
        .after(delete(1));
    assert_eq!(scenario.state().holders_of(role).count(), 0);
    let scenario = scenario.after(RESTORE);
    assert_eq!(scenario.state().holders_of(role).collect::<Vec<_>>(), [customer_user(1)]);
}

fn renamed(name: &str) -> RestoreCustomerUser {
    RestoreCustomerUser {
        renamed: Some(RenamedCustomerUser { user_name: hash(name), profile: profile(name) }),
        ..RESTORE
    }
}

#[test]
fn a_user_whose_name_was_taken_meanwhile_is_restored_under_another_name() {
    let taken = || deleted().after(CreateCustomerUsers { users: vec![new_user(3, "user1")] });
    taken().when(RESTORE).then_refused(Rejection::RestoreNameTaken);
    taken().when(renamed("user2")).then_refused(Rejection::NameTaken { kind: NameKind::UserName });
    let user_id = customer_user(1);
    let edited = CustomerUserEdited {
        user_id,
        user_name: hash("ida"),
        domain: "contoso.example".parse().unwrap(),
        has_usage_location: true,
        profile: Personal::open(user_id.into(), profile("ida")),
    };
    let scenario =
        taken().when(renamed("ida")).then([edited.into(), restored(LicenseFate::Restored)]);
    assert_eq!(scenario.state().user_named(hash("ida")), Some(user_id));
    assert_eq!(scenario.state().user_named(hash("user1")), Some(customer_user(3)));
}

#[test]
fn a_name_for_the_restore_is_in_the_domain_and_keeps_the_usage_location() {
    let with = |profile: CustomerUserProfile| RestoreCustomerUser {
        renamed: Some(RenamedCustomerUser { user_name: hash("ida"), profile }),
        ..RESTORE
    };
    let mut outside = profile("ida");
    outside.user_name = "ida@fabrikam.example".parse().unwrap();
    let domain = "contoso.example".parse().unwrap();
    deleted().when(with(outside)).then_refused(Rejection::UserNameOutsideDomain { domain });
    let nowhere = CustomerUserProfile { usage_location: None, ..profile("ida") };
    deleted()
        .when(with(nowhere))
        .then_refused(Rejection::UsageLocationMissing { user_id: customer_user(1) });
}

#[test]
fn active_and_unknown_users_are_not_restored() {
    contoso_with_users(1, 1).when(RESTORE).then_refused(Rejection::UserIsNotDeleted);
    let user_id = customer_user(404);
    deleted()
        .when(RestoreCustomerUser { user_id, renamed: None })
        .then_refused(Rejection::CustomerUserNotFound { user_id });
}

#[test]
fn nobody_restores_users_of_foreign_customers() {
    deleted().by(somebody_of(STRANGER)).when(RESTORE).then_refused(Rejection::NotYourCustomer);
}

#[test]
fn a_deleted_user_is_purged_from_the_end_of_the_window_on() {
    let gone = || deleted().by(PURGE);
    gone()
        .at(just_before(hour(721)))
        .when(PURGE_USER)
        .then_refused(Rejection::RestoreWindowOpen { restorable_until: hour(721) });
    for actor in [PURGE, Actor::Operator] {
        gone()
            .by(actor)
            .at(hour(721))
            .when(PURGE_USER)
            .then([CustomerUserPurged { user_id: customer_user(1) }]);
    }
}

#[test]
fn a_restored_user_is_not_purged() {
    deleted()
        .after(RESTORE)
        .by(PURGE)
        .at(hour(721))
        .when(PURGE_USER)
        .then_refused(Rejection::UserIsNotDeleted);
}

#[test]
fn a_purged_user_is_not_found_any_more_and_its_id_stays_used() {
    let missing = || Rejection::CustomerUserNotFound { user_id: customer_user(1) };
    let gone = || deleted().by(Actor::Operator).at(hour(721)).after(PURGE_USER);
    gone().when(PURGE_USER).then_refused(missing());
    gone().at(hour(2)).when(RESTORE).then_refused(missing());
    gone().when(delete(1)).then_refused(missing());
    gone()
        .when(CreateCustomerUsers { users: vec![new_user(1, "ida")] })
        .then_refused(Rejection::AlreadyExists { what: "customer user" });
}

#[test]
fn no_user_of_a_partner_purges() {
    deleted().at(hour(721)).when(PURGE_USER).then_refused(Rejection::ActorNotAllowed);
}

#[test]
fn a_deleted_user_is_known_with_the_end_of_its_window_and_its_licences() {
    let scenario = deleted();
    let status = scenario.state().user(customer_user(1)).unwrap().status.clone();
    let expected =
        CustomerUserStatus::Deleted { restorable_until: hour(721), licenses: vec![MAIL] };
    assert_eq!(status, expected);
}
