use commands::{
    BULK_USERS_MAX, ChangeSubscription, DeleteCustomerUsers, Rejection, SubscriptionStatus,
    UpdateLicenses,
};
use events::{CustomerEvent, CustomerUserId, LicenseAssigned, LicenseRevoked, SkuId};

use crate::samples::{
    MAIL, MAIL_SUBSCRIPTION, VOICE, VOICE_OFFER, contoso_with_mail, contoso_with_users,
    customer_user, line, new_user, order, order_id,
};

fn users(numbers: impl IntoIterator<Item = u128>) -> Vec<CustomerUserId> {
    numbers.into_iter().map(customer_user).collect()
}

fn assign(numbers: impl IntoIterator<Item = u128>, sku: SkuId) -> UpdateLicenses {
    UpdateLicenses { user_ids: users(numbers), assign: vec![sku], remove: Vec::new() }
}

fn remove(numbers: impl IntoIterator<Item = u128>, sku: SkuId) -> UpdateLicenses {
    UpdateLicenses { user_ids: users(numbers), assign: Vec::new(), remove: vec![sku] }
}

fn assigned(number: u128, sku_id: SkuId) -> CustomerEvent {
    LicenseAssigned { user_id: customer_user(number), sku_id }.into()
}

fn revoked(number: u128, sku_id: SkuId) -> CustomerEvent {
    LicenseRevoked { user_id: customer_user(number), sku_id }.into()
}

const SUSPEND: ChangeSubscription = ChangeSubscription {
    subscription_id: MAIL_SUBSCRIPTION,
    quantity: None,
    status: Some(SubscriptionStatus::Suspended),
    friendly_name: None,
};

#[test]
fn seats_are_assigned_until_exactly_none_is_left() {
    let scenario = contoso_with_users(2, 3)
        .when(assign([1, 2], MAIL))
        .then([assigned(1, MAIL), assigned(2, MAIL)]);
    assert_eq!(scenario.state().available(MAIL), 0);
    scenario
        .when(assign([3], MAIL))
        .then_refused(Rejection::SeatsMissing { sku_id: MAIL, missing: 1 });
}

#[test]
fn a_bulk_assignment_that_does_not_fit_is_refused_whole_naming_how_many_are_missing() {
    let scenario = contoso_with_users(3, 5)
        .when(assign(1..=5, MAIL))
        .then_refused(Rejection::SeatsMissing { sku_id: MAIL, missing: 2 });
    assert_eq!(scenario.state().consumed(MAIL), 0);
}

#[test]
fn what_a_user_has_already_is_not_assigned_again_and_takes_no_seat() {
    contoso_with_users(2, 2)
        .after(assign([1], MAIL))
        .when(assign([1, 2, 2], MAIL))
        .then([assigned(2, MAIL)])
        .when(assign([1, 2], MAIL))
        .then_nothing();
}

#[test]
fn a_removed_licence_returns_its_seat() {
    contoso_with_users(1, 2)
        .after(assign([1], MAIL))
        .when(remove([1], MAIL))
        .then([revoked(1, MAIL)])
        .when(assign([2], MAIL))
        .then([assigned(2, MAIL)]);
}

#[test]
fn a_licence_that_is_not_held_is_not_removed() {
    contoso_with_users(1, 1).when(remove([1], MAIL)).then_nothing();
}

#[test]
fn one_command_removes_and_assigns() {
    let voice = events::OrderLine {
        subscription_id: crate::samples::subscription(2),
        ..line(0, VOICE_OFFER, 5)
    };
    contoso_with_users(1, 1)
        .after(commands::SubmitOrder { order_id: order_id(2), ..order(vec![voice]) })
        .after(assign([1], MAIL))
        .when(UpdateLicenses { user_ids: users([1]), assign: vec![VOICE], remove: vec![MAIL] })
        .then([revoked(1, MAIL), assigned(1, VOICE)]);
}

#[test]
fn the_same_licence_is_not_assigned_and_removed_at_once() {
    contoso_with_users(1, 1)
        .when(UpdateLicenses { user_ids: users([1]), assign: vec![MAIL], remove: vec![MAIL] })
        .then_refused(Rejection::LicenseAssignedAndRemoved { sku_id: MAIL });
}

#[test]
fn a_product_without_a_subscription_has_no_seats() {
    contoso_with_users(1, 1)
        .when(assign([1], VOICE))
        .then_refused(Rejection::NoActiveSubscription { sku_id: VOICE });
}

#[test]
fn a_suspended_subscription_refuses_new_assignments_and_lets_licences_go() {
    let scenario = || contoso_with_users(2, 2).after(assign([1], MAIL)).after(SUSPEND);
    scenario()
        .when(assign([2], MAIL))
        .then_refused(Rejection::NoActiveSubscription { sku_id: MAIL });
    scenario().when(assign([1], MAIL)).then_nothing();
    scenario().when(remove([1], MAIL)).then([revoked(1, MAIL)]);
}

#[test]
fn a_user_without_a_usage_location_gets_no_licence() {
    let mut user = new_user(1, "user1");
    user.profile.usage_location = None;
    contoso_with_mail(1)
        .after(commands::CreateCustomerUsers { users: vec![user] })
        .when(assign([1], MAIL))
        .then_refused(Rejection::UsageLocationMissing { user_id: customer_user(1) });
}

#[test]
fn deleted_and_unknown_users_get_no_licence() {
    contoso_with_users(1, 1)
        .after(DeleteCustomerUsers { user_ids: users([1]) })
        .when(assign([1], MAIL))
        .then_refused(Rejection::UserIsDeleted);
    contoso_with_mail(1)
        .when(assign([404], MAIL))
        .then_refused(Rejection::CustomerUserNotFound { user_id: customer_user(404) });
}

#[test]
fn a_command_names_at_most_250_users() {
    contoso_with_users(100, 1)
        .when(assign(1..=251, MAIL))
        .then_refused(Rejection::TooManyUsers { count: 251, limit: BULK_USERS_MAX });
    let scenario = contoso_with_users(100, 250);
    scenario
        .when(assign(1..=250, MAIL))
        .then_refused(Rejection::SeatsMissing { sku_id: MAIL, missing: 150 });
}
