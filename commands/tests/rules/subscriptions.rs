use commands::{
    ChangeSubscription, Customer, Rejection, SubmitOrder, SubscriptionStatus, UpdateLicenses,
    scenario::Scenario,
};
use events::{
    CustomerEvent, SubscriptionQuantityChanged, SubscriptionReactivated, SubscriptionRenamed,
    SubscriptionSuspended,
};

use crate::samples::{
    MAIL, MAIL_OFFER, MAIL_SUBSCRIPTION, contoso_with_mail, contoso_with_users, customer_user,
    line, order, order_id, quantity, subscription,
};

const UNCHANGED: ChangeSubscription = ChangeSubscription {
    subscription_id: MAIL_SUBSCRIPTION,
    quantity: None,
    status: None,
    friendly_name: None,
};

fn resize(number: u32) -> ChangeSubscription {
    ChangeSubscription { quantity: Some(quantity(number)), ..UNCHANGED }
}

const fn suspend() -> ChangeSubscription {
    ChangeSubscription { status: Some(SubscriptionStatus::Suspended), ..UNCHANGED }
}

const fn reactivate() -> ChangeSubscription {
    ChangeSubscription { status: Some(SubscriptionStatus::Active), ..UNCHANGED }
}

fn resized(old: u32, new: u32) -> CustomerEvent {
    SubscriptionQuantityChanged {
        subscription_id: MAIL_SUBSCRIPTION,
        old: quantity(old),
        new: quantity(new),
    }
    .into()
}

fn suspended() -> CustomerEvent {
    SubscriptionSuspended { subscription_id: MAIL_SUBSCRIPTION }.into()
}

fn reactivated() -> CustomerEvent {
    SubscriptionReactivated { subscription_id: MAIL_SUBSCRIPTION }.into()
}

/// Mail with this many seats, this many of which users have.
fn with_assigned(seats: u32, assigned: u128) -> Scenario<Customer> {
    contoso_with_users(seats, assigned).after(UpdateLicenses {
        user_ids: (1..=assigned).map(customer_user).collect(),
        assign: vec![MAIL],
        remove: Vec::new(),
    })
}

#[test]
fn licences_are_bought_and_given_back() {
    contoso_with_mail(5)
        .when(resize(8))
        .then([resized(5, 8)])
        .when(resize(2))
        .then([resized(8, 2)]);
}

#[test]
fn the_quantity_stays_within_the_offer_s_range() {
    contoso_with_mail(5).when(resize(101)).then_refused_as(Rejection::QuantityOutsideOffer {
        quantity: quantity(101),
        minimum: 1,
        maximum: 100,
    });
}

#[test]
fn the_quantity_is_never_lowered_below_the_licences_assigned() {
    with_assigned(5, 3).when(resize(3)).then([resized(5, 3)]);
    with_assigned(5, 3)
        .when(resize(2))
        .then_refused_as(Rejection::QuantityBelowAssigned { quantity: quantity(2), minimum: 3 });
}

#[test]
fn seats_of_another_active_subscription_to_the_product_count() {
    let second = || {
        let lines =
            vec![events::OrderLine { subscription_id: subscription(2), ..line(0, MAIL_OFFER, 2) }];
        SubmitOrder { order_id: order_id(2), ..order(lines) }
    };
    let suspend_second = ChangeSubscription { subscription_id: subscription(2), ..suspend() };
    with_assigned(5, 3).after(second()).when(resize(1)).then([resized(5, 1)]);
    with_assigned(5, 3)
        .after(second())
        .after(suspend_second)
        .when(resize(1))
        .then_refused_as(Rejection::QuantityBelowAssigned { quantity: quantity(1), minimum: 3 });
}

#[test]
fn more_licences_are_always_welcome_even_where_too_few_are_left() {
    let second =
        vec![events::OrderLine { subscription_id: subscription(2), ..line(0, MAIL_OFFER, 3) }];
    with_assigned(5, 5)
        .after(SubmitOrder { order_id: order_id(2), ..order(second) })
        .after(suspend())
        .when(ChangeSubscription { subscription_id: subscription(2), ..resize(4) })
        .then([SubscriptionQuantityChanged {
            subscription_id: subscription(2),
            old: quantity(3),
            new: quantity(4),
        }]);
}

#[test]
fn a_suspended_subscription_keeps_assignments_and_shows_no_seat_available() {
    let scenario = with_assigned(5, 3).when(suspend()).then([suspended()]);
    let state = scenario.state();
    assert_eq!((state.pool(MAIL), state.consumed(MAIL), state.available(MAIL)), (None, 3, 0));
}

#[test]
fn a_reactivated_subscription_shows_its_seats_again() {
    let scenario = with_assigned(5, 3).after(suspend()).when(reactivate()).then([reactivated()]);
    assert_eq!(scenario.state().available(MAIL), 2);
}

#[test]
fn the_quantity_of_a_suspended_subscription_does_not_change() {
    contoso_with_mail(5)
        .after(suspend())
        .when(resize(6))
        .then_refused_as(Rejection::SubscriptionIsSuspended);
}

#[test]
fn one_command_reactivates_and_then_resizes_or_resizes_and_then_suspends() {
    contoso_with_mail(5)
        .after(suspend())
        .when(ChangeSubscription { quantity: Some(quantity(6)), ..reactivate() })
        .then([reactivated(), resized(5, 6)])
        .when(ChangeSubscription { quantity: Some(quantity(7)), ..suspend() })
        .then([resized(6, 7), suspended()]);
}

#[test]
fn a_reactivated_subscription_is_not_lowered_below_the_licences_assigned() {
    with_assigned(5, 3)
        .after(suspend())
        .when(ChangeSubscription { quantity: Some(quantity(2)), ..reactivate() })
        .then_refused_as(Rejection::QuantityBelowAssigned { quantity: quantity(2), minimum: 3 });
}

#[test]
fn a_subscription_gets_another_name_suspended_or_not() {
    let rename = || {
        let friendly_name = Some("Front desk".parse().unwrap());
        ChangeSubscription { friendly_name, ..UNCHANGED }
    };
    let renamed = || SubscriptionRenamed {
        subscription_id: MAIL_SUBSCRIPTION,
        friendly_name: "Front desk".parse().unwrap(),
    };
    contoso_with_mail(5).when(rename()).then([renamed()]).when(rename()).then_nothing();
    contoso_with_mail(5).after(suspend()).when(rename()).then([renamed()]);
}

#[test]
fn what_is_so_already_changes_nothing() {
    contoso_with_mail(5).when(UNCHANGED).then_nothing();
    contoso_with_mail(5)
        .when(ChangeSubscription { quantity: Some(quantity(5)), ..reactivate() })
        .then_nothing();
    contoso_with_mail(5)
        .after(suspend())
        .when(ChangeSubscription { quantity: Some(quantity(5)), ..suspend() })
        .then_nothing();
}

#[test]
fn an_unknown_subscription_is_not_found() {
    let subscription_id = subscription(404);
    contoso_with_mail(5)
        .when(ChangeSubscription { subscription_id, ..resize(6) })
        .then_refused_as(Rejection::SubscriptionNotFound { subscription_id });
}
