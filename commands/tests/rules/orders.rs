use commands::{Customer, Rejection, SaleRejection, SubmitOrder, scenario::Scenario};
use events::{
    Actor, BillingCycle, CustomerEvent, OfferId, OrderLine, OrderSubmitted, SubscriptionCreated,
};
use uuid::Uuid;

use crate::samples::{
    MAIL, MAIL_MONTHLY_OFFER, MAIL_OFFER, OLD_OFFER, ORDER, PROVIDER, STRANGER, VOICE, VOICE_OFFER,
    contoso, contoso_with_mail, line, order, order_id, partnership, quantity, somebody_of,
    subscription, terms,
};

fn submitted(lines: Vec<OrderLine>) -> CustomerEvent {
    let billing_cycle = BillingCycle::Annual;
    OrderSubmitted { order_id: ORDER, partner_id: PROVIDER, billing_cycle, lines }.into()
}

fn mail(number: u128, seats: u32) -> SubscriptionCreated {
    SubscriptionCreated {
        subscription_id: subscription(number),
        order_id: ORDER,
        partner_id: PROVIDER,
        offer_id: MAIL_OFFER,
        sku_id: MAIL,
        quantity: quantity(seats),
        billing_cycle: BillingCycle::Annual,
        friendly_name: "Mail".parse().unwrap(),
        partner_on_record: None,
        parent_subscription: None,
        terms: Some(terms("Mail", 1, 100)),
    }
}

#[track_caller]
fn refused(lines: Vec<OrderLine>, rejection: impl Into<Rejection>) -> Scenario<Customer> {
    contoso().when(order(lines)).then_refused_as(rejection)
}

#[test]
fn each_line_of_an_order_becomes_a_subscription() {
    let lines = || vec![line(0, MAIL_OFFER, 3), line(1, VOICE_OFFER, 5)];
    let voice = SubscriptionCreated {
        offer_id: VOICE_OFFER,
        sku_id: VOICE,
        friendly_name: "Voice".parse().unwrap(),
        terms: Some(terms("Voice", 5, 10)),
        ..mail(2, 5)
    };
    let scenario =
        contoso().when(order(lines())).then([submitted(lines()), mail(1, 3).into(), voice.into()]);
    assert_eq!(scenario.state().pool(MAIL), Some(3));
    assert_eq!(scenario.state().available(VOICE), 5);
}

#[test]
fn lines_come_in_any_order_and_are_recorded_by_number() {
    let lines = || vec![line(0, MAIL_OFFER, 1), line(1, MAIL_OFFER, 2)];
    contoso().when(order(lines().into_iter().rev().collect())).then([
        submitted(lines()),
        mail(1, 1).into(),
        mail(2, 2).into(),
    ]);
}

#[test]
fn a_subscription_is_named_by_its_buyer_or_after_its_offer() {
    let lines = || {
        let name = Some("Sales team".parse().unwrap());
        vec![OrderLine { friendly_name: name, ..line(0, MAIL_OFFER, 1) }]
    };
    let named = SubscriptionCreated { friendly_name: "Sales team".parse().unwrap(), ..mail(1, 1) };
    contoso().when(order(lines())).then([submitted(lines()), named.into()]);
}

#[test]
fn line_numbers_run_from_0_without_gap_or_repetition() {
    for numbers in [&[1][..], &[0, 2], &[0, 0], &[0, 1, 1]] {
        let lines = numbers.iter().map(|number| line(*number, MAIL_OFFER, 1)).collect();
        refused(lines, Rejection::LineNumbers { lines: numbers.len() });
    }
}

#[test]
fn an_order_has_lines() {
    refused(Vec::new(), Rejection::NoLines);
}

#[test]
fn an_offer_that_is_not_in_the_catalogue_is_not_sold() {
    let offer_id = OfferId::from_uuid(Uuid::from_u128(404));
    refused(vec![line(0, offer_id, 1)], Rejection::OfferNotFound { offer_id });
}

#[test]
fn an_offer_that_is_not_sold_any_more_is_not_ordered() {
    refused(vec![line(0, OLD_OFFER, 1)], SaleRejection::OfferNotSold { offer_id: OLD_OFFER });
}

#[test]
fn an_offer_is_billed_as_the_catalogue_says() {
    let not_offered = SaleRejection::BillingCycleNotOffered { offer_id: MAIL_MONTHLY_OFFER };
    refused(vec![line(0, MAIL_MONTHLY_OFFER, 1)], not_offered);
    let monthly = SubmitOrder {
        billing_cycle: BillingCycle::Monthly,
        ..order(vec![line(0, MAIL_MONTHLY_OFFER, 1)])
    };
    let scenario = contoso().after(monthly);
    let held = scenario.state().subscription(subscription(1)).unwrap();
    assert_eq!(held.terms.as_ref().unwrap().unit_price, crate::samples::money(500));
}

#[test]
fn the_quantity_is_within_the_offer_s_range_both_ends_included() {
    let outside = |number| Rejection::QuantityOutsideOffer {
        quantity: quantity(number),
        minimum: 5,
        maximum: 10,
    };
    for number in [4, 11] {
        refused(vec![line(0, VOICE_OFFER, number)], outside(number));
    }
    for number in [5, 10] {
        let scenario = contoso().after(order(vec![line(0, VOICE_OFFER, number)]));
        assert_eq!(scenario.state().pool(VOICE), Some(number));
    }
}

#[test]
fn one_bad_line_refuses_the_whole_order() {
    let offer_id = OfferId::from_uuid(Uuid::from_u128(404));
    let scenario = refused(
        vec![line(0, MAIL_OFFER, 1), line(1, offer_id, 1)],
        Rejection::OfferNotFound { offer_id },
    );
    assert_eq!(scenario.state().pool(MAIL), None);
}

#[test]
fn the_partner_on_record_is_a_reseller_with_an_active_partnership() {
    let on_record = |mpn_id: &str| {
        let mpn_id = Some(mpn_id.parse().unwrap());
        vec![OrderLine { partner_on_record: mpn_id, ..line(0, MAIL_OFFER, 1) }]
    };
    let recorded =
        SubscriptionCreated { partner_on_record: Some("1002".parse().unwrap()), ..mail(1, 1) };
    contoso()
        .with_partnership(partnership())
        .when(order(on_record("1002")))
        .then([submitted(on_record("1002")), recorded.into()]);
    let refusal = |mpn_id: &str| Rejection::PartnerOnRecord { mpn_id: mpn_id.parse().unwrap() };
    contoso().when(order(on_record("1002"))).then_refused_as(refusal("1002"));
    contoso()
        .with_partnership(partnership())
        .when(order(on_record("1001")))
        .then_refused_as(refusal("1001"));
}

#[test]
fn an_order_and_a_subscription_id_are_used_once() {
    contoso_with_mail(1)
        .when(order(vec![line(0, MAIL_OFFER, 1)]))
        .then_refused_as(Rejection::AlreadyExists { what: "order" });
    contoso_with_mail(1)
        .when(SubmitOrder { order_id: order_id(2), ..order(vec![line(0, MAIL_OFFER, 1)]) })
        .then_refused_as(Rejection::AlreadyExists { what: "subscription" });
    let twice = OrderLine { subscription_id: subscription(1), ..line(1, MAIL_OFFER, 1) };
    refused(vec![line(0, MAIL_OFFER, 1), twice], Rejection::AlreadyExists { what: "subscription" });
}

#[test]
fn nobody_orders_for_foreign_customers_or_in_the_name_of_another_partner() {
    let lines = || vec![line(0, MAIL_OFFER, 1)];
    contoso()
        .by(somebody_of(STRANGER))
        .when(SubmitOrder { partner_id: STRANGER, ..order(lines()) })
        .then_refused_as(Rejection::NotYourCustomer);
    contoso()
        .when(SubmitOrder { partner_id: STRANGER, ..order(lines()) })
        .then_refused_as(Rejection::NotYourPartner);
    Scenario::<Customer>::new()
        .by(Actor::Operator)
        .when(order(lines()))
        .then_refused_as(Rejection::CustomerNotFound);
}

#[test]
fn an_order_that_would_be_too_many_changes_at_once_is_refused() {
    let lines = |count| (0..count).map(|number| line(number, MAIL_OFFER, 1)).collect();
    let scenario = contoso().after(order(lines(989)));
    assert_eq!(scenario.state().pool(MAIL), Some(989));
    refused(
        lines(990),
        Rejection::TooManyChanges { count: 991, limit: commands::DECISION_EVENTS_MAX },
    );
}
