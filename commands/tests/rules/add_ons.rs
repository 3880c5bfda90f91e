use commands::{
    ChangeSubscription, Customer, Rejection, SaleRejection, SubmitOrder, SubscriptionStatus,
    scenario::Scenario,
};
use events::{OfferId, OrderLine, SubscriptionId, SubscriptionReactivated, SubscriptionSuspended};

use crate::samples::{
    ARCHIVE, ARCHIVE_OFFER, MAIL_OFFER, MAIL_SUBSCRIPTION, SEAL_OFFER, STRANGER, SUITE_OFFER,
    VOICE_OFFER, contoso, contoso_with_mail, line, order, order_id, somebody_of, subscription,
};

/// The second line of an order: an add-on to this subscription.
fn add_on(offer_id: OfferId, parent: Option<SubscriptionId>) -> OrderLine {
    OrderLine {
        subscription_id: subscription(2),
        parent_subscription: parent,
        ..line(0, offer_id, 3)
    }
}

fn buy(line: OrderLine) -> SubmitOrder {
    SubmitOrder { order_id: order_id(2), ..order(vec![line]) }
}

/// Mail with an archive.
fn with_archive() -> Scenario<Customer> {
    contoso_with_mail(5).after(buy(add_on(ARCHIVE_OFFER, Some(MAIL_SUBSCRIPTION))))
}

fn put(id: SubscriptionId, status: SubscriptionStatus) -> ChangeSubscription {
    ChangeSubscription {
        subscription_id: id,
        quantity: None,
        status: Some(status),
        friendly_name: None,
    }
}

#[test]
fn an_add_on_is_bought_for_a_subscription_it_belongs_to() {
    let scenario = with_archive();
    let held = scenario.state().subscription(subscription(2)).unwrap();
    assert_eq!(held.parent_subscription, Some(MAIL_SUBSCRIPTION));
    assert_eq!(scenario.state().available(ARCHIVE), 3);
}

#[test]
fn an_add_on_is_bought_together_with_what_it_adds_to_in_either_order() {
    for numbers in [[0, 1], [1, 0]] {
        let parent =
            OrderLine { subscription_id: subscription(1), ..line(numbers[0], MAIL_OFFER, 5) };
        let child =
            OrderLine { line_number: numbers[1], ..add_on(ARCHIVE_OFFER, Some(subscription(1))) };
        let scenario = contoso().after(order(vec![parent, child]));
        assert_eq!(scenario.state().add_ons_of(subscription(1)).count(), 1);
    }
}

#[test]
fn an_add_on_without_a_subscription_it_belongs_to_is_refused() {
    let unrelated = SaleRejection::AddOnUnrelated { offer_id: ARCHIVE_OFFER };
    for parent in [None, Some(subscription(404))] {
        contoso_with_mail(5)
            .when(buy(add_on(ARCHIVE_OFFER, parent)))
            .then_refused_as(unrelated.clone());
    }
    let voice = OrderLine { subscription_id: subscription(7), ..line(0, VOICE_OFFER, 5) };
    contoso()
        .after(order(vec![voice]))
        .when(buy(add_on(ARCHIVE_OFFER, Some(subscription(7)))))
        .then_refused_as(unrelated);
}

#[test]
fn only_an_add_on_has_a_parent() {
    contoso_with_mail(5)
        .when(buy(add_on(SUITE_OFFER, Some(MAIL_SUBSCRIPTION))))
        .then_refused_as(SaleRejection::NotAnAddOn { offer_id: SUITE_OFFER });
}

#[test]
fn an_add_on_to_a_suspended_subscription_is_not_sold() {
    contoso_with_mail(5)
        .after(put(MAIL_SUBSCRIPTION, SubscriptionStatus::Suspended))
        .when(buy(add_on(SEAL_OFFER, Some(MAIL_SUBSCRIPTION))))
        .then_refused_as(SaleRejection::ParentNotActive { parent: MAIL_SUBSCRIPTION });
}

#[test]
fn suspending_a_subscription_suspends_its_add_ons() {
    with_archive().when(put(MAIL_SUBSCRIPTION, SubscriptionStatus::Suspended)).then([
        SubscriptionSuspended { subscription_id: subscription(2) },
        SubscriptionSuspended { subscription_id: MAIL_SUBSCRIPTION },
    ]);
}

#[test]
fn an_add_on_is_not_active_while_what_it_adds_to_is_suspended() {
    with_archive()
        .after(put(MAIL_SUBSCRIPTION, SubscriptionStatus::Suspended))
        .when(put(subscription(2), SubscriptionStatus::Active))
        .then_refused_as(SaleRejection::ParentNotActive { parent: MAIL_SUBSCRIPTION })
        .when(put(MAIL_SUBSCRIPTION, SubscriptionStatus::Active))
        .then([SubscriptionReactivated { subscription_id: MAIL_SUBSCRIPTION }])
        .when(put(subscription(2), SubscriptionStatus::Active))
        .then([SubscriptionReactivated { subscription_id: subscription(2) }]);
}

#[test]
fn an_add_on_is_suspended_alone_without_what_it_adds_to() {
    with_archive()
        .when(put(subscription(2), SubscriptionStatus::Suspended))
        .then([SubscriptionSuspended { subscription_id: subscription(2) }]);
}

#[test]
fn a_stranger_changes_no_add_on() {
    with_archive()
        .by(somebody_of(STRANGER))
        .when(put(subscription(2), SubscriptionStatus::Suspended))
        .then_refused_as(Rejection::NotYourCustomer);
}
