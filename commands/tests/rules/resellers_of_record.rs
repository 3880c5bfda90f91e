use commands::{
    ActivePartnership, ChangeResellerOfRecord, ChangeSubscription, Customer, Rejection,
    SaleRejection, SubscriptionStatus, scenario::Scenario,
};
use events::{MpnId, ResellerOfRecordChanged, SubscriptionSuspended};

use crate::samples::{
    MAIL_OFFER, MAIL_SUBSCRIPTION, PROVIDER, RESELLER, STRANGER, contoso, contoso_with_mail,
    contoso_with_reseller, line, order, partnership, somebody_of, subscription,
};

fn mpn(id: &str) -> MpnId {
    id.parse().unwrap()
}

fn record(mpn_id: impl Into<Option<MpnId>>) -> ChangeResellerOfRecord {
    let mpn_id = mpn_id.into();
    ChangeResellerOfRecord { subscription_id: MAIL_SUBSCRIPTION, mpn_id }
}

fn changed(
    old: impl Into<Option<MpnId>>,
    new: impl Into<Option<MpnId>>,
) -> ResellerOfRecordChanged {
    let (old, new) = (old.into(), new.into());
    ResellerOfRecordChanged { subscription_id: MAIL_SUBSCRIPTION, old, new }
}

fn suspend() -> ChangeSubscription {
    ChangeSubscription {
        subscription_id: MAIL_SUBSCRIPTION,
        quantity: None,
        status: Some(SubscriptionStatus::Suspended),
        friendly_name: None,
    }
}

/// Mail, with the reseller on record.
fn on_record() -> Scenario<Customer> {
    contoso_with_mail(5).with_partnership(partnership()).after(record(mpn("1002")))
}

#[test]
fn a_reseller_with_an_active_partnership_is_put_on_record_and_taken_off_it() {
    contoso_with_mail(5)
        .with_partnership(partnership())
        .when(record(mpn("1002")))
        .then([changed(None, mpn("1002"))])
        .when(record(mpn("1002")))
        .then_nothing()
        .when(record(None))
        .then([changed(mpn("1002"), None)])
        .when(record(None))
        .then_nothing();
}

#[test]
fn a_reseller_of_record_needs_an_active_partnership() {
    let refusal = |id: &str| Rejection::PartnerOnRecord { mpn_id: id.parse().unwrap() };
    contoso_with_mail(5).when(record(mpn("1002"))).then_refused_as(refusal("1002"));
    contoso_with_mail(5)
        .with_partnership(partnership())
        .when(record(mpn("4711")))
        .then_refused_as(refusal("4711"));
    let of_another = ActivePartnership { provider: STRANGER, ..partnership() };
    contoso_with_mail(5)
        .with_partnership(of_another)
        .when(record(mpn("1002")))
        .then_refused_as(refusal("1002"));
}

#[test]
fn a_reseller_of_record_manages_that_subscription_and_no_more() {
    let other = events::OrderLine { subscription_id: subscription(2), ..line(0, MAIL_OFFER, 1) };
    let order =
        commands::SubmitOrder { order_id: crate::samples::order_id(2), ..order(vec![other]) };
    let scenario = on_record().after(order).by(somebody_of(RESELLER));
    scenario
        .when(suspend())
        .then([SubscriptionSuspended { subscription_id: MAIL_SUBSCRIPTION }])
        .when(ChangeSubscription { subscription_id: subscription(2), ..suspend() })
        .then_refused_as(Rejection::NotYourCustomer)
        .when(commands::UpdateLicenses {
            user_ids: Vec::new(),
            assign: Vec::new(),
            remove: Vec::new(),
        })
        .then_refused_as(Rejection::NotYourCustomer)
        .without_partnerships()
        .when(suspend())
        .then_refused_as(Rejection::NotYourCustomer);
}

#[test]
fn only_the_seller_says_who_is_on_record() {
    on_record()
        .by(somebody_of(RESELLER))
        .when(record(None))
        .then_refused_as(Rejection::NotYourCustomer);
    let associated = contoso_with_reseller().after(order(vec![line(0, MAIL_OFFER, 5)]));
    associated
        .by(somebody_of(RESELLER))
        .when(record(mpn("1002")))
        .then_refused_as(Rejection::RelationshipHolderOnly)
        .by(somebody_of(STRANGER))
        .when(record(None))
        .then_refused_as(Rejection::NotYourCustomer);
}

#[test]
fn nobody_is_put_on_record_for_what_is_over_or_not_there() {
    let cancel = ChangeSubscription { status: Some(SubscriptionStatus::Cancelled), ..suspend() };
    on_record()
        .after(cancel)
        .when(record(None))
        .then_refused_as(SaleRejection::SubscriptionIsCancelled);
    contoso()
        .by(somebody_of(PROVIDER))
        .when(record(None))
        .then_refused_as(Rejection::SubscriptionNotFound { subscription_id: MAIL_SUBSCRIPTION });
}
