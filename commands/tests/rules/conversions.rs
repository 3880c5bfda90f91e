use commands::{
    ChangeSubscription, ConvertTrial, Customer, Rejection, SaleRejection, SubscriptionStatus,
    UpdateLicenses, scenario::Scenario,
};
use events::{
    CustomerEvent, OfferId, SubscriptionQuantityChanged, SubscriptionRenamed,
    SubscriptionRenewalResumed, TrialConverted,
};

use crate::samples::{
    MAIL, MAIL_OFFER, MAIL_SUBSCRIPTION, OLD_OFFER, STRANGER, SUITE_OFFER, TRIAL_OFFER, contoso,
    contoso_with_mail, customer_user, line, new_user, order, quantity, somebody_of, terms,
};

fn to(offer_id: OfferId) -> ConvertTrial {
    ConvertTrial { subscription_id: MAIL_SUBSCRIPTION, offer_id, quantity: None }
}

/// Contoso with this many licences of Mail on trial.
fn trying(seats: u32) -> Scenario<Customer> {
    contoso().after(order(vec![line(0, TRIAL_OFFER, seats)]))
}

fn converted() -> CustomerEvent {
    TrialConverted {
        subscription_id: MAIL_SUBSCRIPTION,
        old_offer_id: TRIAL_OFFER,
        new_offer_id: MAIL_OFFER,
        sku_id: MAIL,
        terms: terms("Mail", 1, 100),
    }
    .into()
}

fn goes_on() -> CustomerEvent {
    SubscriptionRenewalResumed { subscription_id: MAIL_SUBSCRIPTION }.into()
}

fn named_after_it() -> CustomerEvent {
    let friendly_name = "Mail".parse().unwrap();
    SubscriptionRenamed { subscription_id: MAIL_SUBSCRIPTION, friendly_name }.into()
}

#[test]
fn a_trial_becomes_what_is_paid_for_and_whoever_has_a_seat_keeps_it() {
    let seat =
        UpdateLicenses { user_ids: vec![customer_user(1)], assign: vec![MAIL], remove: Vec::new() };
    let users = vec![new_user(1, "user1")];
    let scenario = trying(5)
        .after(commands::CreateCustomerUsers { users })
        .after(seat)
        .when(to(MAIL_OFFER))
        .then([converted(), goes_on(), named_after_it()]);
    let held = scenario.state().subscription(MAIL_SUBSCRIPTION).unwrap();
    assert_eq!((held.offer_id, held.quantity), (MAIL_OFFER, quantity(5)));
    assert_eq!(scenario.state().consumed(MAIL), 1);
    scenario
        .when(to(MAIL_OFFER))
        .then_refused_as(SaleRejection::NotConvertible { offer_id: MAIL_OFFER });
}

#[test]
fn a_trial_is_converted_for_more_or_fewer_but_not_for_fewer_than_have_a_seat() {
    let (subscription_id, old, new) = (MAIL_SUBSCRIPTION, quantity(5), quantity(9));
    let more = SubscriptionQuantityChanged { subscription_id, old, new };
    trying(5).when(ConvertTrial { quantity: Some(new), ..to(MAIL_OFFER) }).then([
        converted(),
        goes_on(),
        more.into(),
        named_after_it(),
    ]);
    let users = (1..=2).map(|number| new_user(number, &format!("user{number}"))).collect();
    let seats = UpdateLicenses {
        user_ids: vec![customer_user(1), customer_user(2)],
        assign: vec![MAIL],
        remove: Vec::new(),
    };
    let one = quantity(1);
    trying(5)
        .after(commands::CreateCustomerUsers { users })
        .after(seats)
        .when(ConvertTrial { quantity: Some(one), ..to(MAIL_OFFER) })
        .then_refused_as(Rejection::QuantityBelowAssigned { quantity: one, minimum: 2 });
}

#[test]
fn only_trials_are_converted_and_only_to_what_the_catalogue_says_and_sells() {
    let not = |offer_id| SaleRejection::NotConvertible { offer_id };
    trying(5).when(to(SUITE_OFFER)).then_refused_as(not(SUITE_OFFER));
    contoso_with_mail(5).when(to(MAIL_OFFER)).then_refused_as(not(MAIL_OFFER));
    let gone = SaleRejection::OfferNotSold { offer_id: OLD_OFFER };
    trying(5).when(to(OLD_OFFER)).then_refused_as(gone);
    trying(5)
        .by(somebody_of(STRANGER))
        .when(to(MAIL_OFFER))
        .then_refused_as(Rejection::NotYourCustomer);
    let suspend = ChangeSubscription {
        subscription_id: MAIL_SUBSCRIPTION,
        quantity: None,
        status: Some(SubscriptionStatus::Suspended),
        friendly_name: None,
    };
    trying(5)
        .after(suspend)
        .when(to(MAIL_OFFER))
        .then_refused_as(Rejection::SubscriptionIsSuspended);
}
