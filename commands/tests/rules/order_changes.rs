use commands::{
    ChangeOrder, ChangeSubscription, Customer, Rejection, SaleRejection, SubmitOrder,
    SubscriptionStatus, scenario::Scenario,
};
use events::{
    BillingCycle, CustomerEvent, OrderExtended, OrderLine, OrderRebilled, RebilledSubscription,
    SubscriptionCreated, SubscriptionId,
};

use crate::samples::{
    ARCHIVE, ARCHIVE_OFFER, MAIL_OFFER, MAIL_SUBSCRIPTION, ORDER, PROVIDER, RESELLER, STRANGER,
    SUITE_OFFER, VOICE_OFFER, contoso_with_mail, contoso_with_reseller, line, money, order,
    order_id, quantity, somebody_of, subscription, terms,
};

fn billed(billing_cycle: BillingCycle) -> ChangeOrder {
    ChangeOrder { order_id: ORDER, billing_cycle: Some(billing_cycle), lines: Vec::new() }
}

fn with(lines: Vec<OrderLine>) -> ChangeOrder {
    ChangeOrder { order_id: ORDER, billing_cycle: None, lines }
}

/// Three licences of an archive to a subscription, as the second subscription there is.
fn archive(parent: Option<SubscriptionId>) -> OrderLine {
    OrderLine {
        subscription_id: subscription(2),
        parent_subscription: parent,
        ..line(0, ARCHIVE_OFFER, 3)
    }
}

fn extended(parent: SubscriptionId) -> CustomerEvent {
    let lines = vec![OrderLine { line_number: 1, ..archive(Some(parent)) }];
    OrderExtended { order_id: ORDER, partner_id: PROVIDER, lines }.into()
}

fn archive_created(billing_cycle: BillingCycle, minor_units: u64) -> CustomerEvent {
    let mut terms = terms("Archive", 1, 100);
    terms.unit_price = money(minor_units);
    SubscriptionCreated {
        subscription_id: subscription(2),
        order_id: ORDER,
        partner_id: PROVIDER,
        offer_id: ARCHIVE_OFFER,
        sku_id: ARCHIVE,
        quantity: quantity(3),
        billing_cycle,
        friendly_name: "Archive".parse().unwrap(),
        partner_on_record: None,
        parent_subscription: Some(MAIL_SUBSCRIPTION),
        terms: Some(terms),
    }
    .into()
}

fn monthly() -> CustomerEvent {
    let mut terms = terms("Mail", 1, 100);
    terms.unit_price = money(500);
    OrderRebilled {
        order_id: ORDER,
        partner_id: PROVIDER,
        old: BillingCycle::Annual,
        new: BillingCycle::Monthly,
        subscriptions: vec![RebilledSubscription { subscription_id: MAIL_SUBSCRIPTION, terms }],
    }
    .into()
}

#[track_caller]
fn refused(command: ChangeOrder, rejection: impl Into<Rejection>) -> Scenario<Customer> {
    contoso_with_mail(5).when(command).then_refused_as(rejection)
}

#[test]
fn add_ons_are_bought_to_an_order_and_numbered_after_its_lines() {
    let scenario = contoso_with_mail(5)
        .when(with(vec![archive(Some(MAIL_SUBSCRIPTION))]))
        .then([extended(MAIL_SUBSCRIPTION), archive_created(BillingCycle::Annual, 5_000)]);
    assert_eq!(scenario.state().subscriptions_of(ORDER).count(), 2);
    assert_eq!(scenario.state().available(ARCHIVE), 3);
}

#[test]
fn an_order_is_billed_in_another_cycle_with_all_that_is_bought_to_it() {
    let scenario = contoso_with_mail(5).when(billed(BillingCycle::Monthly)).then([monthly()]);
    let held = scenario.state().subscription(MAIL_SUBSCRIPTION).unwrap();
    assert_eq!(held.billing_cycle, BillingCycle::Monthly);
    contoso_with_mail(5)
        .when(ChangeOrder {
            lines: vec![archive(Some(MAIL_SUBSCRIPTION))],
            ..billed(BillingCycle::Monthly)
        })
        .then([
            monthly(),
            extended(MAIL_SUBSCRIPTION),
            archive_created(BillingCycle::Monthly, 500),
        ]);
}

#[test]
fn an_order_that_is_asked_to_be_as_it_is_does_not_change() {
    contoso_with_mail(5).when(billed(BillingCycle::Annual)).then::<CustomerEvent>([]);
    contoso_with_mail(5).when(with(Vec::new())).then::<CustomerEvent>([]);
}

#[test]
fn an_order_is_not_billed_anew_while_something_in_it_is_not_active() {
    for status in [SubscriptionStatus::Suspended, SubscriptionStatus::Cancelled] {
        let stop = ChangeSubscription {
            subscription_id: MAIL_SUBSCRIPTION,
            quantity: None,
            status: Some(status),
            friendly_name: None,
        };
        let subscription_id = MAIL_SUBSCRIPTION;
        contoso_with_mail(5)
            .after(stop)
            .when(billed(BillingCycle::Monthly))
            .then_refused_as(SaleRejection::OrderNotActive { subscription_id });
    }
}

#[test]
fn what_is_paid_once_is_not_billed_anew_and_nothing_comes_to_be_paid_once() {
    refused(billed(BillingCycle::OneTime), SaleRejection::PaidOnce);
}

#[test]
fn only_add_ons_to_subscriptions_of_the_order_are_bought_to_it() {
    let unrelated = |offer_id| SaleRejection::AddOnUnrelated { offer_id };
    refused(with(vec![archive(None)]), unrelated(ARCHIVE_OFFER));
    refused(with(vec![archive(Some(subscription(9)))]), unrelated(ARCHIVE_OFFER));
    refused(with(vec![line(0, MAIL_OFFER, 1)]), unrelated(MAIL_OFFER));
    let quantity = quantity(5);
    let voice = OrderLine { quantity, offer_id: VOICE_OFFER, ..archive(Some(MAIL_SUBSCRIPTION)) };
    refused(with(vec![voice]), SaleRejection::NotAnAddOn { offer_id: VOICE_OFFER });
    // To one of another order it is bought with an order of its own.
    let other = OrderLine { subscription_id: subscription(3), ..line(0, SUITE_OFFER, 1) };
    contoso_with_mail(5)
        .after(SubmitOrder { order_id: order_id(2), ..order(vec![other]) })
        .when(with(vec![archive(Some(subscription(3)))]))
        .then_refused_as(unrelated(ARCHIVE_OFFER));
}

#[test]
fn an_order_is_changed_by_the_partner_that_submitted_it_and_by_no_other() {
    let missing = || SaleRejection::OrderNotFound { order_id: ORDER };
    let unknown = ChangeOrder { order_id: order_id(9), ..billed(BillingCycle::Monthly) };
    refused(unknown, SaleRejection::OrderNotFound { order_id: order_id(9) });
    contoso_with_mail(5)
        .by(somebody_of(STRANGER))
        .when(billed(BillingCycle::Monthly))
        .then_refused_as(Rejection::NotYourCustomer);
    contoso_with_reseller()
        .after(order(vec![line(0, MAIL_OFFER, 5)]))
        .by(somebody_of(RESELLER))
        .when(billed(BillingCycle::Monthly))
        .then_refused_as(missing());
}
