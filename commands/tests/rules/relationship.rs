use commands::{
    AssociateReseller, ChangeSubscription, Customer, DeleteCustomerUsers, EndRelationship,
    Rejection, RemoveReseller, SubscriptionStatus, scenario::Scenario,
};
use events::{
    Actor, CustomerEvent, CustomerUserDeleted, RelationshipEnded, RelationshipEstablished,
    ResellerAssociated, ResellerRemoved,
};

use crate::samples::{
    MAIL_OFFER, MAIL_SUBSCRIPTION, PROVIDER, RESELLER, STRANGER, contoso, contoso_with_mail,
    contoso_with_users, customer_user, hour, line, order, partnership, somebody_of,
};

const END: EndRelationship = EndRelationship { partner_id: PROVIDER };
const ASSOCIATE: AssociateReseller = AssociateReseller { provider: PROVIDER, reseller: RESELLER };
const REMOVE: RemoveReseller = RemoveReseller { provider: PROVIDER, reseller: RESELLER };

fn ended() -> CustomerEvent {
    RelationshipEnded { partner_id: PROVIDER }.into()
}

fn associated() -> Scenario<Customer> {
    contoso().with_partnership(partnership()).after(ASSOCIATE)
}

fn suspend() -> ChangeSubscription {
    ChangeSubscription {
        subscription_id: MAIL_SUBSCRIPTION,
        quantity: None,
        status: Some(SubscriptionStatus::Suspended),
        friendly_name: None,
    }
}

#[test]
fn a_relationship_without_subscriptions_is_ended() {
    contoso().when(END).then([ended()]);
}

#[test]
fn a_relationship_is_not_ended_while_a_subscription_of_the_partner_is_active() {
    contoso_with_mail(1)
        .when(END)
        .then_refused(Rejection::ActiveSubscriptionsLeft { count: 1 })
        .after(suspend())
        .when(END)
        .then([ended()]);
}

#[test]
fn subscriptions_of_other_partners_do_not_keep_a_relationship() {
    contoso_with_mail(1)
        .and([RelationshipEstablished { partner_id: STRANGER, delegated_admin: false }])
        .by(somebody_of(STRANGER))
        .when(EndRelationship { partner_id: STRANGER })
        .then([RelationshipEnded { partner_id: STRANGER }]);
}

#[test]
fn an_ended_relationship_is_not_ended_again() {
    let over = || contoso().after(END);
    over().when(END).then_refused(Rejection::RelationshipAlreadyEnded);
    over().by(Actor::Operator).when(END).then_refused(Rejection::RelationshipAlreadyEnded);
    over().by(somebody_of(STRANGER)).when(END).then_refused(Rejection::NotYourCustomer);
}

#[test]
fn after_the_end_the_partner_does_not_touch_the_customer_any_more() {
    contoso()
        .after(END)
        .when(order(vec![line(0, MAIL_OFFER, 1)]))
        .then_refused(Rejection::NotYourCustomer);
    contoso()
        .after(END)
        .by(Actor::Operator)
        .when(order(vec![line(0, MAIL_OFFER, 1)]))
        .then_refused(Rejection::NotYourCustomer);
}

#[test]
fn nobody_ends_the_relationship_of_another_partner() {
    contoso()
        .and([RelationshipEstablished { partner_id: STRANGER, delegated_admin: false }])
        .by(somebody_of(STRANGER))
        .when(END)
        .then_refused(Rejection::NotYourPartner);
}

#[test]
fn the_resellers_associated_through_a_relationship_go_with_it() {
    associated()
        .when(END)
        .then([ResellerRemoved { provider: PROVIDER, reseller: RESELLER }.into(), ended()]);
}

#[test]
fn a_reseller_with_an_active_partnership_is_associated_once() {
    contoso()
        .with_partnership(partnership())
        .when(ASSOCIATE)
        .then([ResellerAssociated { provider: PROVIDER, reseller: RESELLER }])
        .when(ASSOCIATE)
        .then_nothing();
}

#[test]
fn a_reseller_without_an_active_partnership_is_not_associated() {
    contoso().when(ASSOCIATE).then_refused(Rejection::NoActivePartnership { reseller: RESELLER });
}

#[test]
fn an_associated_reseller_is_removed_once_even_after_the_partnership_ended() {
    associated()
        .without_partnerships()
        .when(REMOVE)
        .then([ResellerRemoved { provider: PROVIDER, reseller: RESELLER }])
        .when(REMOVE)
        .then_refused(Rejection::ResellerNotAssociated { reseller: RESELLER });
}

#[test]
fn orders_the_end_and_resellers_belong_to_the_holder_of_the_relationship() {
    let reseller = || associated().by(somebody_of(RESELLER));
    let refusal = || Rejection::RelationshipHolderOnly;
    reseller().when(END).then_refused(refusal());
    reseller().when(ASSOCIATE).then_refused(refusal());
    reseller().when(REMOVE).then_refused(refusal());
    reseller().when(order(vec![line(0, MAIL_OFFER, 1)])).then_refused(refusal());
}

#[test]
fn an_associated_reseller_manages_users_and_subscriptions() {
    let delete = || DeleteCustomerUsers { user_ids: vec![customer_user(1)] };
    let deleted = CustomerUserDeleted {
        user_id: customer_user(1),
        licenses_returned: Vec::new(),
        restorable_until: hour(720),
    };
    let reseller = || {
        contoso_with_users(1, 1)
            .with_partnership(partnership())
            .after(ASSOCIATE)
            .by(somebody_of(RESELLER))
    };
    reseller().when(delete()).then([deleted]);
    let scenario = reseller().after(suspend());
    assert_eq!(scenario.state().pool(crate::samples::MAIL), None);
    reseller().without_partnerships().when(delete()).then_refused(Rejection::NotYourCustomer);
}

#[test]
fn a_partner_does_not_manage_the_subscriptions_of_another() {
    contoso_with_mail(1)
        .and([RelationshipEstablished { partner_id: STRANGER, delegated_admin: true }])
        .by(somebody_of(STRANGER))
        .when(suspend())
        .then_refused(Rejection::SubscriptionNotFound { subscription_id: MAIL_SUBSCRIPTION });
}
