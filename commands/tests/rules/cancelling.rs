use commands::{
    ChangeSubscription, Customer, EndRelationship, Rejection, SaleRejection, SubmitOrder,
    SubscriptionStatus, UpdateLicenses, UpgradeSubscription, scenario::Scenario,
};
use events::{CustomerUserId, OrderLine, SubscriptionCancelled, SubscriptionId};

use crate::samples::{
    ARCHIVE, ARCHIVE_OFFER, MAIL, MAIL_OFFER, MAIL_SUBSCRIPTION, PROVIDER, SEAL_OFFER, SUITE_OFFER,
    contoso_with_mail, contoso_with_users, customer_user, line, order, order_id, quantity,
    subscription,
};

fn cancel(id: SubscriptionId) -> ChangeSubscription {
    let status = Some(SubscriptionStatus::Cancelled);
    ChangeSubscription { subscription_id: id, quantity: None, status, friendly_name: None }
}

fn cancelled(number: u128, released: Vec<CustomerUserId>) -> SubscriptionCancelled {
    SubscriptionCancelled { subscription_id: subscription(number), sku_id: MAIL, released }
}

/// Mail with this many seats, this many of which users 1, 2, ... have.
fn with_assigned(seats: u32, assigned: u128) -> Scenario<Customer> {
    contoso_with_users(seats, assigned).after(UpdateLicenses {
        user_ids: (1..=assigned).map(customer_user).collect(),
        assign: vec![MAIL],
        remove: Vec::new(),
    })
}

/// A second subscription to Mail.
fn second(seats: u32) -> SubmitOrder {
    let line = OrderLine { subscription_id: subscription(2), ..line(0, MAIL_OFFER, seats) };
    SubmitOrder { order_id: order_id(2), ..order(vec![line]) }
}

#[test]
fn a_cancelled_subscription_takes_its_seats_along() {
    let users = vec![customer_user(1), customer_user(2)];
    let scenario = with_assigned(5, 2).when(cancel(MAIL_SUBSCRIPTION)).then([cancelled(1, users)]);
    let state = scenario.state();
    assert_eq!((state.pool(MAIL), state.consumed(MAIL)), (None, 0));
    assert!(state.user(customer_user(1)).unwrap().licenses.is_empty());
}

#[test]
fn who_has_a_seat_of_another_subscription_keeps_it_and_those_who_came_last_lose_theirs() {
    with_assigned(5, 5)
        .after(second(3))
        .when(cancel(MAIL_SUBSCRIPTION))
        .then([cancelled(1, vec![customer_user(4), customer_user(5)])]);
    let scenario = with_assigned(5, 2)
        .after(second(3))
        .when(cancel(MAIL_SUBSCRIPTION))
        .then([cancelled(1, vec![])]);
    assert_eq!(scenario.state().available(MAIL), 1);
}

#[test]
fn a_suspended_subscription_is_cancelled_with_the_seats_it_kept() {
    let suspend = ChangeSubscription {
        status: Some(SubscriptionStatus::Suspended),
        ..cancel(MAIL_SUBSCRIPTION)
    };
    with_assigned(5, 1)
        .after(suspend)
        .when(cancel(MAIL_SUBSCRIPTION))
        .then([cancelled(1, vec![customer_user(1)])]);
}

#[test]
fn add_ons_end_with_what_they_add_to() {
    let add_on = |number: u128, offer| {
        let parent_subscription = Some(MAIL_SUBSCRIPTION);
        let line = OrderLine {
            subscription_id: subscription(number),
            parent_subscription,
            ..line(0, offer, 1)
        };
        SubmitOrder { order_id: order_id(number), ..order(vec![line]) }
    };
    let archive = |number, released| SubscriptionCancelled {
        subscription_id: subscription(number),
        sku_id: ARCHIVE,
        released,
    };
    // Both add-ons hold seats of one product: the last user goes with the first that ends.
    with_assigned(5, 2)
        .after(add_on(2, ARCHIVE_OFFER))
        .after(add_on(3, SEAL_OFFER))
        .after(UpdateLicenses {
            user_ids: vec![customer_user(1), customer_user(2)],
            assign: vec![ARCHIVE],
            remove: Vec::new(),
        })
        .when(cancel(MAIL_SUBSCRIPTION))
        .then([
            archive(2, vec![customer_user(2)]),
            archive(3, vec![customer_user(1)]),
            cancelled(1, vec![customer_user(1), customer_user(2)]),
        ]);
}

#[test]
fn a_cancelled_subscription_does_not_change_any_more() {
    let over = || contoso_with_mail(5).after(cancel(MAIL_SUBSCRIPTION));
    let nothing = ChangeSubscription { status: None, ..cancel(MAIL_SUBSCRIPTION) };
    for status in [SubscriptionStatus::Active, SubscriptionStatus::Suspended] {
        over()
            .when(ChangeSubscription { status: Some(status), ..nothing.clone() })
            .then_refused_as(SaleRejection::SubscriptionIsCancelled);
    }
    over()
        .when(ChangeSubscription { quantity: Some(quantity(6)), ..nothing.clone() })
        .then_refused_as(SaleRejection::SubscriptionIsCancelled);
    let friendly_name = Some("Other".parse().unwrap());
    over()
        .when(ChangeSubscription { friendly_name, ..nothing })
        .then_refused_as(SaleRejection::SubscriptionIsCancelled);
    over()
        .when(UpgradeSubscription { subscription_id: MAIL_SUBSCRIPTION, offer_id: SUITE_OFFER })
        .then_refused_as(SaleRejection::SubscriptionIsCancelled);
    over().when(cancel(MAIL_SUBSCRIPTION)).then_nothing();
}

#[test]
fn a_cancelled_subscription_is_not_in_the_way_of_the_end_of_the_relationship() {
    contoso_with_mail(5)
        .when(EndRelationship { partner_id: PROVIDER })
        .then_refused_as(Rejection::ActiveSubscriptionsLeft { count: 1 })
        .after(cancel(MAIL_SUBSCRIPTION))
        .when(EndRelationship { partner_id: PROVIDER })
        .then([events::RelationshipEnded { partner_id: PROVIDER }]);
}
