use commands::{
    ChangeSubscription, ChangeSupportContact, CreateCustomer, Customer, EndRelationship,
    FallBackSupportContacts, Rejection, RemoveReseller, SaleRejection, SubscriptionStatus,
    eligible_support_contacts, scenario::Scenario,
};
use events::{
    Actor, CustomerEvent, FallbackCause, PartnerId, Process, RelationshipEnded, ResellerRemoved,
    SupportContactChanged, SupportContactFellBack,
};

use crate::samples::{
    MAIL_OFFER, MAIL_SUBSCRIPTION, PROVIDER, PURGE, RESELLER, STRANGER, catalogue,
    contoso_with_mail, contoso_with_reseller, create_contoso, line, order, partnership,
    somebody_of, subscription,
};

const fn designate(contact: PartnerId) -> ChangeSupportContact {
    ChangeSupportContact { subscription_id: MAIL_SUBSCRIPTION, contact }
}

fn changed(old: PartnerId, new: PartnerId) -> SupportContactChanged {
    SupportContactChanged { subscription_id: MAIL_SUBSCRIPTION, seller: PROVIDER, old, new }
}

fn fell_back(cause: FallbackCause) -> SupportContactFellBack {
    let subscription_id = MAIL_SUBSCRIPTION;
    SupportContactFellBack { subscription_id, old: RESELLER, new: PROVIDER, cause }
}

const FALLBACK_PROCESS: Actor = Actor::System(Process::SupportContacts);
const FALL_BACK: FallBackSupportContacts =
    FallBackSupportContacts { provider: PROVIDER, reseller: RESELLER };

/// Mail at a customer with an associated reseller.
fn with_mail() -> Scenario<Customer> {
    contoso_with_reseller().after(order(vec![line(0, MAIL_OFFER, 5)]))
}

/// Mail, with the reseller as its support contact.
fn designated() -> Scenario<Customer> {
    with_mail().after(designate(RESELLER))
}

#[test]
fn the_support_contact_is_the_seller_until_somebody_else_is_designated() {
    let scenario = with_mail();
    assert_eq!(scenario.state().designated_contact(MAIL_SUBSCRIPTION), None);
    scenario
        .when(designate(PROVIDER))
        .then_nothing()
        .when(designate(RESELLER))
        .then([changed(PROVIDER, RESELLER)])
        .when(designate(RESELLER))
        .then_nothing()
        .when(designate(PROVIDER))
        .then([changed(RESELLER, PROVIDER)]);
}

#[test]
fn eligible_are_the_seller_and_its_associated_resellers_with_a_partnership_and_no_others() {
    let scenario = with_mail();
    let eligible = |bonds: &[_]| eligible_support_contacts(scenario.state(), PROVIDER, bonds);
    assert_eq!(eligible(&[partnership()]), [PROVIDER, RESELLER]);
    assert_eq!(eligible(&[]), [PROVIDER]);
    let unassociated = contoso_with_mail(5);
    let eligible = eligible_support_contacts(unassociated.state(), PROVIDER, &[partnership()]);
    assert_eq!(eligible, [PROVIDER]);
    assert!(eligible_support_contacts(unassociated.state(), STRANGER, &[]).is_empty());
}

#[test]
fn a_reseller_without_partnership_or_association_is_not_designated() {
    let not_eligible = |contact| SaleRejection::ContactNotEligible { contact };
    with_mail()
        .without_partnerships()
        .when(designate(RESELLER))
        .then_refused_as(not_eligible(RESELLER));
    contoso_with_mail(5)
        .with_partnership(partnership())
        .when(designate(RESELLER))
        .then_refused_as(not_eligible(RESELLER));
    with_mail().when(designate(STRANGER)).then_refused_as(not_eligible(STRANGER));
}

#[test]
fn without_delegated_admin_privileges_no_reseller_is_designated() {
    Scenario::<Customer>::new()
        .with_catalogue(catalogue())
        .with_partnership(partnership())
        .by(somebody_of(PROVIDER))
        .after(CreateCustomer {
            delegated_admin: false,
            reseller: Some(RESELLER),
            ..create_contoso()
        })
        .after(order(vec![line(0, MAIL_OFFER, 5)]))
        .when(designate(RESELLER))
        .then_refused_as(SaleRejection::ContactNotEligible { contact: RESELLER });
}

#[test]
fn only_the_seller_designates_and_only_for_its_subscriptions() {
    with_mail()
        .by(somebody_of(RESELLER))
        .when(designate(RESELLER))
        .then_refused_as(Rejection::RelationshipHolderOnly)
        .by(somebody_of(STRANGER))
        .when(designate(STRANGER))
        .then_refused_as(Rejection::NotYourCustomer);
    let subscription_id = subscription(404);
    with_mail()
        .when(ChangeSupportContact { subscription_id, contact: PROVIDER })
        .then_refused_as(Rejection::SubscriptionNotFound { subscription_id });
}

#[test]
fn a_cancelled_subscription_gets_no_other_contact() {
    with_mail()
        .after(ChangeSubscription {
            subscription_id: MAIL_SUBSCRIPTION,
            quantity: None,
            status: Some(SubscriptionStatus::Cancelled),
            friendly_name: None,
        })
        .when(designate(RESELLER))
        .then_refused_as(SaleRejection::SubscriptionIsCancelled);
}

#[test]
fn removing_the_reseller_puts_the_contact_back_to_the_seller() {
    let removed = ResellerRemoved { provider: PROVIDER, reseller: RESELLER };
    designated()
        .when(RemoveReseller { provider: PROVIDER, reseller: RESELLER })
        .then::<CustomerEvent>([fell_back(FallbackCause::ResellerRemoved).into(), removed.into()]);
}

#[test]
fn the_end_of_the_relationship_puts_the_contact_back_to_the_seller() {
    let removed = ResellerRemoved { provider: PROVIDER, reseller: RESELLER };
    let suspend = ChangeSubscription {
        subscription_id: MAIL_SUBSCRIPTION,
        quantity: None,
        status: Some(SubscriptionStatus::Suspended),
        friendly_name: None,
    };
    designated()
        .after(suspend)
        .when(EndRelationship { partner_id: PROVIDER })
        .then::<CustomerEvent>([
            fell_back(FallbackCause::RelationshipEnded).into(),
            removed.into(),
            RelationshipEnded { partner_id: PROVIDER }.into(),
        ]);
}

#[test]
fn the_end_of_the_privileges_puts_the_contact_back_to_the_seller() {
    designated()
        .by(crate::samples::a_customer_user())
        .when(commands::EndDelegatedAdmin { partner_id: PROVIDER })
        .then::<CustomerEvent>([
            fell_back(FallbackCause::PrivilegesEnded).into(),
            events::DelegatedAdminEnded { partner_id: PROVIDER }.into(),
        ]);
}

#[test]
fn the_end_of_the_partnership_puts_the_contact_back_to_the_seller_once() {
    designated()
        .without_partnerships()
        .by(FALLBACK_PROCESS)
        .when(FALL_BACK)
        .then::<CustomerEvent>(after_partnership())
        .when(FALL_BACK)
        .then_nothing();
    let by_hand = designated().without_partnerships().by(Actor::Operator);
    by_hand.when(FALL_BACK).then::<CustomerEvent>(after_partnership());
}

/// The contact falls back, and the reseller is associated no longer.
fn after_partnership() -> [CustomerEvent; 2] {
    let removed = ResellerRemoved { provider: PROVIDER, reseller: RESELLER };
    [fell_back(FallbackCause::PartnershipEnded).into(), removed.into()]
}

#[test]
fn the_end_of_the_partnership_ends_the_association_also_when_the_two_are_partners_again() {
    let removed = ResellerRemoved { provider: PROVIDER, reseller: RESELLER };
    let scenario = with_mail().by(FALLBACK_PROCESS).when(FALL_BACK).then([removed]);
    let bonds = [partnership()];
    assert_eq!(
        commands::customer_access(scenario.state(), RESELLER, &bonds),
        Err(Rejection::NotYourCustomer)
    );
    designated().by(FALLBACK_PROCESS).when(FALL_BACK).then::<CustomerEvent>(after_partnership());
}

#[test]
fn the_end_of_a_partnership_leaves_the_contacts_that_are_another_reseller() {
    let other = FallBackSupportContacts { provider: PROVIDER, reseller: STRANGER };
    designated().by(FALLBACK_PROCESS).when(other).then_nothing();
}

#[test]
fn no_user_puts_contacts_back() {
    designated()
        .without_partnerships()
        .when(FALL_BACK)
        .then_refused_as(Rejection::ActorNotAllowed)
        .by(PURGE)
        .when(FALL_BACK)
        .then_refused_as(Rejection::ActorNotAllowed)
        .by(crate::samples::a_customer_user())
        .when(FALL_BACK)
        .then_refused_as(Rejection::ActorNotAllowed);
}
