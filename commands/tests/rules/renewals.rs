use commands::{
    ChangeOrder, ChangeRenewal, ChangeSubscription, ConvertTrial, Customer, EndSubscription,
    Rejection, SaleRejection, SubmitOrder, SubscriptionStatus, TRIAL_MONTHS, UpdateLicenses,
    UpgradeSubscription, scenario::Scenario, term_end,
};
use events::{
    Actor, BillingCycle, OrderLine, Process, SubscriptionCancelled, SubscriptionId,
    SubscriptionRenewalResumed, SubscriptionRenewalStopped, Timestamp,
};

use crate::samples::{
    ARCHIVE, ARCHIVE_OFFER, MAIL, MAIL_OFFER, MAIL_SUBSCRIPTION, ORDER, PROVIDER, PURGE, STRANGER,
    SUITE_OFFER, TRIAL_OFFER, contoso, contoso_with_mail, contoso_with_users, customer_user, hour,
    just_before, line, order, somebody_of, subscription,
};

const TERMS: Actor = Actor::System(Process::Terms);
const END: EndSubscription = EndSubscription { subscription_id: MAIL_SUBSCRIPTION };
const RESUME: ChangeRenewal = renewal(true);
const STOP: ChangeRenewal = renewal(false);

const fn renewal(renews: bool) -> ChangeRenewal {
    ChangeRenewal { subscription_id: MAIL_SUBSCRIPTION, renews, terms_since: Timestamp::EPOCH }
}

fn moment(text: &str) -> Timestamp {
    Timestamp::new(text.parse().unwrap())
}

/// Mail for a year at a time, from the beginning of the story on.
fn year() -> Timestamp {
    Timestamp::EPOCH.plus_months(12)
}

fn stopped(ends_at: Timestamp) -> SubscriptionRenewalStopped {
    SubscriptionRenewalStopped { subscription_id: MAIL_SUBSCRIPTION, ends_at }
}

fn resumed() -> SubscriptionRenewalResumed {
    SubscriptionRenewalResumed { subscription_id: MAIL_SUBSCRIPTION }
}

fn put(status: SubscriptionStatus) -> ChangeSubscription {
    ChangeSubscription {
        subscription_id: MAIL_SUBSCRIPTION,
        quantity: None,
        status: Some(status),
        friendly_name: None,
    }
}

fn trying() -> Scenario<Customer> {
    contoso().after(order(vec![line(0, TRIAL_OFFER, 5)]))
}

/// What is left of Mail once its term is over.
fn ends(subscription_id: SubscriptionId, sku_id: events::SkuId) -> SubscriptionCancelled {
    SubscriptionCancelled { subscription_id, sku_id, released: Vec::new() }
}

#[test]
fn terms_follow_each_other_by_the_calendar_from_the_first_day_on() {
    let since = moment("2026-01-31T12:00:00Z");
    let end = |cycle, at| term_end(since, cycle, moment(at)).map(|end| end.to_string());
    let monthly = |at| end(BillingCycle::Monthly, at).unwrap();
    assert_eq!(monthly("2026-01-31T12:00:00Z"), "2026-02-28T12:00:00Z");
    assert_eq!(monthly("2026-02-28T11:59:59Z"), "2026-02-28T12:00:00Z");
    assert_eq!(monthly("2026-02-28T12:00:00Z"), "2026-03-31T12:00:00Z", "not the 28th again");
    assert_eq!(monthly("2026-01-01T00:00:00Z"), "2026-02-28T12:00:00Z", "also before the first");
    let annual = end(BillingCycle::Annual, "2027-06-01T00:00:00Z");
    assert_eq!(annual.unwrap(), "2028-01-31T12:00:00Z");
    assert_eq!(end(BillingCycle::OneTime, "2026-06-01T00:00:00Z"), None);
}

#[test]
fn a_subscription_that_is_not_renewed_ends_with_the_term_that_runs() {
    let scenario = contoso_with_mail(5).at(hour(24)).when(STOP).then([stopped(year())]);
    assert_eq!(scenario.state().subscription(MAIL_SUBSCRIPTION).unwrap().ends_at, Some(year()));
    contoso_with_mail(5).at(year()).when(STOP).then([stopped(year().plus_months(12))]);
    scenario.when(STOP).then_nothing();
}

#[test]
fn a_renewal_is_resumed_as_long_as_the_subscription_has_not_ended() {
    let scenario = contoso_with_mail(5).when(RESUME).then_nothing().after(STOP);
    let scenario = scenario.at(hour(48)).when(RESUME).then([resumed()]).by(TERMS);
    scenario.at(year()).when(END).then_nothing();
    contoso_with_mail(5)
        .after(STOP)
        .at(year())
        .by(TERMS)
        .after(END)
        .by(somebody_of(PROVIDER))
        .when(RESUME)
        .then_refused_as(SaleRejection::SubscriptionIsCancelled)
        .when(STOP)
        .then_nothing();
}

#[test]
fn the_timer_ends_a_subscription_when_its_term_is_over_and_not_before() {
    let ending = || contoso_with_mail(5).after(STOP);
    let scenario = ending().by(TERMS).at(just_before(year())).when(END).then_nothing();
    let scenario = scenario.at(year()).when(END).then([ends(MAIL_SUBSCRIPTION, MAIL)]);
    assert_eq!(scenario.state().pool(MAIL), None);
    scenario.when(END).then_nothing();
    let suspended = ending().after(put(SubscriptionStatus::Suspended));
    suspended.by(TERMS).at(year()).when(END).then([ends(MAIL_SUBSCRIPTION, MAIL)]);
    ending()
        .after(put(SubscriptionStatus::Cancelled))
        .by(TERMS)
        .at(year())
        .when(END)
        .then_nothing();
    for actor in [somebody_of(PROVIDER), PURGE] {
        ending().at(year()).by(actor).when(END).then_refused_as(Rejection::ActorNotAllowed);
    }
    let subscription_id = subscription(9);
    ending()
        .by(TERMS)
        .when(EndSubscription { subscription_id })
        .then_refused_as(Rejection::SubscriptionNotFound { subscription_id });
}

#[test]
fn seats_and_add_ons_end_with_the_subscription() {
    let archive = OrderLine {
        parent_subscription: Some(MAIL_SUBSCRIPTION),
        subscription_id: subscription(2),
        ..line(0, ARCHIVE_OFFER, 3)
    };
    let more = ChangeOrder { order_id: ORDER, billing_cycle: None, lines: vec![archive] };
    let seat =
        UpdateLicenses { user_ids: vec![customer_user(1)], assign: vec![MAIL], remove: Vec::new() };
    let mail =
        SubscriptionCancelled { released: vec![customer_user(1)], ..ends(MAIL_SUBSCRIPTION, MAIL) };
    contoso_with_users(5, 1)
        .after(more)
        .after(seat)
        .after(STOP)
        .by(TERMS)
        .at(year())
        .when(END)
        .then([ends(subscription(2), ARCHIVE), mail]);
}

#[test]
fn a_trial_ends_after_a_month_unless_it_is_converted() {
    let end = Timestamp::EPOCH.plus_months(TRIAL_MONTHS);
    let trial = trying();
    assert_eq!(trial.state().subscription(MAIL_SUBSCRIPTION).unwrap().ends_at, Some(end));
    trial.at(end).by(TERMS).when(END).then([ends(MAIL_SUBSCRIPTION, MAIL)]);
    let convert =
        ConvertTrial { subscription_id: MAIL_SUBSCRIPTION, offer_id: MAIL_OFFER, quantity: None };
    let kept = trying().after(convert);
    assert_eq!(kept.state().subscription(MAIL_SUBSCRIPTION).unwrap().ends_at, None);
    kept.at(end).by(TERMS).when(END).then_nothing();
}

#[test]
fn a_trial_is_not_renewed_and_what_is_paid_once_has_no_term() {
    trying().when(RESUME).then_refused_as(SaleRejection::NoRenewal).when(STOP).then_nothing();
    let catalogue = crate::samples::catalogue();
    let offers = catalogue.offers().iter().cloned().map(|mut offer| {
        for price in &mut offer.prices {
            price.billing_cycle = BillingCycle::OneTime;
        }
        offer.prices.truncate(1);
        offer
    });
    let catalogue = commands::Catalogue::new(offers.collect());
    let order =
        SubmitOrder { billing_cycle: BillingCycle::OneTime, ..order(vec![line(0, MAIL_OFFER, 5)]) };
    let once = contoso().with_catalogue(catalogue).after(order);
    once.when(RESUME).then_refused_as(SaleRejection::NoRenewal).when(STOP).then_nothing();
}

#[test]
fn the_end_stays_where_it_is_when_the_subscription_is_upgraded() {
    let upgrade = UpgradeSubscription { subscription_id: MAIL_SUBSCRIPTION, offer_id: SUITE_OFFER };
    let upgraded = contoso_with_mail(5).after(STOP).after(upgrade);
    assert_eq!(upgraded.state().subscription(MAIL_SUBSCRIPTION).unwrap().ends_at, Some(year()));
}

#[test]
fn only_who_manages_a_subscription_says_whether_it_is_renewed() {
    contoso_with_mail(5)
        .by(somebody_of(STRANGER))
        .when(STOP)
        .then_refused_as(Rejection::NotYourCustomer);
    let subscription_id = subscription(9);
    contoso_with_mail(5)
        .when(ChangeRenewal { subscription_id, ..STOP })
        .then_refused_as(Rejection::SubscriptionNotFound { subscription_id });
}
