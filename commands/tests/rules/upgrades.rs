use commands::{
    Catalogue, ChangeSubscription, Customer, Rejection, SaleRejection, SubmitOrder,
    SubscriptionStatus, UpdateLicenses, UpgradeSubscription, scenario::Scenario,
};
use events::{
    BillingCycle, CustomerUserId, OfferId, OrderLine, SubscriptionRenamed, SubscriptionUpgraded,
};

use crate::samples::{
    ARCHIVE_OFFER, MAIL, MAIL_MONTHLY_OFFER, MAIL_OFFER, MAIL_SUBSCRIPTION, OLD_OFFER, SEAL_OFFER,
    STRANGER, SUITE, SUITE_OFFER, VOICE, VOICE_OFFER, contoso, contoso_with_mail,
    contoso_with_users, customer_user, line, order, order_id, quantity, somebody_of, subscription,
    terms,
};

const fn to(offer_id: OfferId) -> UpgradeSubscription {
    UpgradeSubscription { subscription_id: MAIL_SUBSCRIPTION, offer_id }
}

fn to_suite(moved: Vec<CustomerUserId>) -> SubscriptionUpgraded {
    SubscriptionUpgraded {
        subscription_id: MAIL_SUBSCRIPTION,
        old_offer_id: MAIL_OFFER,
        new_offer_id: SUITE_OFFER,
        old_sku_id: MAIL,
        new_sku_id: SUITE,
        terms: terms("Suite", 1, 1_000),
        moved,
        released: Vec::new(),
    }
}

fn renamed(name: &str) -> SubscriptionRenamed {
    SubscriptionRenamed { subscription_id: MAIL_SUBSCRIPTION, friendly_name: name.parse().unwrap() }
}

/// Mail with this many seats, this many of which users 1, 2, ... have.
fn with_assigned(seats: u32, assigned: u128) -> Scenario<Customer> {
    contoso_with_users(seats, assigned).after(assign(1..=assigned, MAIL))
}

fn assign(users: impl Iterator<Item = u128>, sku: events::SkuId) -> UpdateLicenses {
    let user_ids = users.map(customer_user).collect();
    UpdateLicenses { user_ids, assign: vec![sku], remove: Vec::new() }
}

/// Another subscription, the second.
fn second(offer: OfferId, seats: u32) -> SubmitOrder {
    let line = OrderLine { subscription_id: subscription(2), ..line(0, offer, seats) };
    SubmitOrder { order_id: order_id(2), ..order(vec![line]) }
}

fn suspend_second() -> ChangeSubscription {
    ChangeSubscription {
        subscription_id: subscription(2),
        quantity: None,
        status: Some(SubscriptionStatus::Suspended),
        friendly_name: None,
    }
}

fn users(numbers: &[u128]) -> Vec<CustomerUserId> {
    numbers.iter().copied().map(customer_user).collect()
}

#[test]
fn a_subscription_becomes_one_to_another_offer_with_all_seats_in_use() {
    let scenario = with_assigned(5, 2)
        .when(to(SUITE_OFFER))
        .then::<events::CustomerEvent>([to_suite(users(&[1, 2])).into(), renamed("Suite").into()]);
    let state = scenario.state();
    assert_eq!((state.pool(MAIL), state.consumed(MAIL)), (None, 0));
    assert_eq!((state.pool(SUITE), state.consumed(SUITE)), (Some(5), 2));
    let licenses = &state.user(customer_user(1)).unwrap().licenses;
    assert!(licenses.contains(&SUITE) && !licenses.contains(&MAIL));
}

#[test]
fn a_name_that_somebody_gave_stays() {
    let rename = ChangeSubscription {
        subscription_id: MAIL_SUBSCRIPTION,
        quantity: None,
        status: None,
        friendly_name: Some("Front desk".parse().unwrap()),
    };
    contoso_with_mail(5).after(rename).when(to(SUITE_OFFER)).then([to_suite(Vec::new())]);
}

#[test]
fn assignments_stay_as_far_as_another_active_subscription_has_seats_for_them() {
    let scenario =
        with_assigned(5, 4)
            .after(second(MAIL_OFFER, 3))
            .when(to(SUITE_OFFER))
            .then::<events::CustomerEvent>([to_suite(users(&[4])).into(), renamed("Suite").into()]);
    let state = scenario.state();
    assert_eq!((state.consumed(MAIL), state.consumed(SUITE)), (3, 1));
}

#[test]
fn no_more_seats_move_than_the_subscription_has() {
    let scenario = with_assigned(5, 5)
        .after(second(MAIL_OFFER, 3))
        .after(assign(6..6, MAIL))
        .after(suspend_second())
        .after(to(SUITE_OFFER));
    let state = scenario.state();
    assert_eq!((state.consumed(MAIL), state.consumed(SUITE), state.pool(SUITE)), (0, 5, Some(5)));
    // Eight of eight are assigned; five move, and three stay with what is suspended.
    let scenario = contoso_with_users(5, 8)
        .after(second(MAIL_OFFER, 3))
        .after(assign(1..=8, MAIL))
        .after(suspend_second())
        .when(to(SUITE_OFFER))
        .then::<events::CustomerEvent>([
            to_suite(users(&[4, 5, 6, 7, 8])).into(),
            renamed("Suite").into(),
        ]);
    assert_eq!((scenario.state().consumed(MAIL), scenario.state().held(MAIL)), (3, 3));
}

#[test]
fn who_has_a_seat_of_the_new_product_already_takes_no_second_one() {
    let scenario = with_assigned(2, 2)
        .after(second(SUITE_OFFER, 1))
        .after(assign(1..=1, SUITE))
        .when(to(SUITE_OFFER))
        .then::<events::CustomerEvent>([
            SubscriptionUpgraded { released: users(&[1]), ..to_suite(users(&[2])) }.into(),
            renamed("Suite").into(),
        ]);
    let state = scenario.state();
    assert_eq!((state.consumed(MAIL), state.consumed(SUITE), state.available(SUITE)), (0, 2, 1));
}

#[test]
fn an_upgrade_is_refused_where_seats_of_the_new_product_would_be_missing() {
    // The suite's only subscription is suspended with two seats in use, which the new seats cover
    // first.
    contoso_with_users(2, 4)
        .after(second(SUITE_OFFER, 2))
        .after(assign(1..=2, SUITE))
        .after(assign(3..=4, MAIL))
        .after(suspend_second())
        .when(to(SUITE_OFFER))
        .then_refused_as(Rejection::SeatsMissing { sku_id: SUITE, missing: 2 });
}

#[test]
fn where_the_path_says_that_assignments_stay_an_upgrade_waits_until_no_seat_is_needed() {
    let voice = OrderLine { subscription_id: MAIL_SUBSCRIPTION, ..line(0, VOICE_OFFER, 5) };
    let users = (1..=3).map(|n| crate::samples::new_user(n, &format!("user{n}"))).collect();
    let with_voice = || contoso().after(order(vec![voice.clone()]));
    let with_users =
        with_voice().after(commands::CreateCustomerUsers { users }).after(assign(1..=3, VOICE));
    let scenario = with_users
        .when(to(SUITE_OFFER))
        .then_refused_as(SaleRejection::SeatsStillAssigned { sku_id: VOICE, count: 3 })
        .after(UpdateLicenses {
            user_ids: (1..=3).map(customer_user).collect(),
            assign: Vec::new(),
            remove: vec![VOICE],
        })
        .after(to(SUITE_OFFER));
    assert_eq!((scenario.state().pool(VOICE), scenario.state().available(SUITE)), (None, 5));
}

#[test]
fn an_upgrade_to_the_same_product_leaves_every_seat_where_it_is() {
    let monthly = SubmitOrder {
        billing_cycle: BillingCycle::Monthly,
        ..order(vec![line(0, MAIL_MONTHLY_OFFER, 3)])
    };
    let users = vec![crate::samples::new_user(1, "user1")];
    let scenario = contoso()
        .after(monthly)
        .after(commands::CreateCustomerUsers { users })
        .after(assign(1..=1, MAIL))
        .after(to(MAIL_OFFER));
    let state = scenario.state();
    assert_eq!((state.pool(MAIL), state.consumed(MAIL)), (Some(3), 1));
    assert_eq!(state.subscription(MAIL_SUBSCRIPTION).unwrap().offer_id, MAIL_OFFER);
}

#[test]
fn there_is_no_upgrade_but_along_the_paths_of_the_catalogue() {
    for offer_id in [MAIL_OFFER, ARCHIVE_OFFER, OfferId::from_uuid(uuid::Uuid::nil())] {
        contoso_with_mail(5)
            .when(to(offer_id))
            .then_refused_as(SaleRejection::NoUpgradePath { offer_id });
    }
    contoso_with_mail(5)
        .with_catalogue(Catalogue::default())
        .when(to(SUITE_OFFER))
        .then_refused_as(SaleRejection::NoUpgradePath { offer_id: SUITE_OFFER });
}

#[test]
fn the_new_offer_takes_the_whole_subscription_or_nothing() {
    let outside = |number| Rejection::QuantityOutsideOffer {
        quantity: quantity(number),
        minimum: 5,
        maximum: 10,
    };
    contoso_with_mail(4).when(to(VOICE_OFFER)).then_refused_as(outside(4));
    contoso_with_mail(11).when(to(VOICE_OFFER)).then_refused_as(outside(11));
    contoso_with_mail(5)
        .when(to(MAIL_MONTHLY_OFFER))
        .then_refused_as(SaleRejection::BillingCycleNotOffered { offer_id: MAIL_MONTHLY_OFFER });
    contoso_with_mail(5)
        .when(to(OLD_OFFER))
        .then_refused_as(SaleRejection::OfferNotSold { offer_id: OLD_OFFER });
}

#[test]
fn a_suspended_subscription_is_not_upgraded() {
    contoso_with_mail(5)
        .after(ChangeSubscription { subscription_id: MAIL_SUBSCRIPTION, ..suspend_second() })
        .when(to(SUITE_OFFER))
        .then_refused_as(Rejection::SubscriptionIsSuspended);
}

#[test]
fn add_ons_that_do_not_belong_to_the_new_offer_are_in_the_way() {
    let add_on = |number, offer| {
        let parent_subscription = Some(MAIL_SUBSCRIPTION);
        let line = OrderLine {
            subscription_id: subscription(number),
            parent_subscription,
            ..line(0, offer, 1)
        };
        SubmitOrder { order_id: order_id(number), ..order(vec![line]) }
    };
    let scenario = contoso_with_mail(5).after(add_on(2, ARCHIVE_OFFER)).after(to(SUITE_OFFER));
    assert_eq!(scenario.state().add_ons_of(MAIL_SUBSCRIPTION).count(), 1);
    contoso_with_mail(5)
        .after(add_on(2, ARCHIVE_OFFER))
        .after(add_on(3, SEAL_OFFER))
        .when(to(SUITE_OFFER))
        .then_refused_as(SaleRejection::AddOnsInTheWay { count: 1 });
}

#[test]
fn an_add_on_is_upgraded_to_one_that_belongs_to_the_same_subscription() {
    let parent_subscription = Some(MAIL_SUBSCRIPTION);
    let seal = OrderLine {
        subscription_id: subscription(2),
        parent_subscription,
        ..line(0, SEAL_OFFER, 1)
    };
    let scenario = contoso_with_mail(5)
        .after(SubmitOrder { order_id: order_id(2), ..order(vec![seal]) })
        .after(UpgradeSubscription { subscription_id: subscription(2), offer_id: ARCHIVE_OFFER });
    assert_eq!(scenario.state().subscription(subscription(2)).unwrap().offer_id, ARCHIVE_OFFER);
}

#[test]
fn nobody_upgrades_what_it_does_not_manage() {
    contoso_with_mail(5)
        .by(somebody_of(STRANGER))
        .when(to(SUITE_OFFER))
        .then_refused_as(Rejection::NotYourCustomer);
    let subscription_id = subscription(404);
    contoso_with_mail(5)
        .when(UpgradeSubscription { subscription_id, offer_id: SUITE_OFFER })
        .then_refused_as(Rejection::SubscriptionNotFound { subscription_id });
}

#[test]
fn a_subscription_stands_without_the_offer_it_was_bought_from() {
    let gone = || with_assigned(5, 2).with_catalogue(Catalogue::default());
    let resize = |number| ChangeSubscription {
        subscription_id: MAIL_SUBSCRIPTION,
        quantity: Some(quantity(number)),
        status: None,
        friendly_name: None,
    };
    gone().when(resize(6)).then_refused_as(SaleRejection::OfferNotSold { offer_id: MAIL_OFFER });
    gone()
        .when(resize(1))
        .then_refused_as(Rejection::QuantityBelowAssigned { quantity: quantity(1), minimum: 2 });
    let suspend = ChangeSubscription { subscription_id: MAIL_SUBSCRIPTION, ..suspend_second() };
    let reactivate =
        ChangeSubscription { status: Some(SubscriptionStatus::Active), ..suspend.clone() };
    let scenario = gone().after(resize(4)).after(suspend).after(reactivate);
    assert_eq!(scenario.state().available(MAIL), 2);
    let below_agreed =
        Rejection::QuantityOutsideOffer { quantity: quantity(4), minimum: 5, maximum: 10 };
    contoso()
        .after(order(vec![line(0, VOICE_OFFER, 6)]))
        .with_catalogue(Catalogue::default())
        .when(resize(4))
        .then_refused_as(below_agreed);
}
