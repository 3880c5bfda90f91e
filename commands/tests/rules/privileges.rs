use commands::{
    AssociateReseller, CreateCustomerUsers, Customer, DeleteCustomerUsers, EndDelegatedAdmin,
    EndRelationship, ForbidOwnPurchases, GrantDirectoryRole, PermitOwnPurchases, Rejection,
    RelationshipRejection, ResetCustomerUserPassword, SubmitOrder, SubscriptionStatus,
    UpdateLicenses, administers, scenario::Scenario,
};
use events::{
    Actor, CustomerEvent, CustomerId, DelegatedAdminEnded, DelegatedAdminGranted, DirectoryRole,
    OwnPurchasesForbidden, OwnPurchasesPermitted, RelationshipEnded, RelationshipEstablished,
};
use uuid::Uuid;

use crate::samples::{
    CONTOSO, MAIL, MAIL_OFFER, MAIL_SUBSCRIPTION, PROVIDER, RESELLER, ROOT, STRANGER, VOICE_OFFER,
    a_customer_user, contoso, contoso_with_mail, contoso_with_users, credential, customer_user,
    line, new_user, order, order_id, partnership, somebody_of, subscription,
};

const END_PRIVILEGES: EndDelegatedAdmin = EndDelegatedAdmin { partner_id: PROVIDER };
const PERMIT: PermitOwnPurchases = PermitOwnPurchases { partner_id: PROVIDER };
const FORBID: ForbidOwnPurchases = ForbidOwnPurchases { partner_id: PROVIDER };

fn permitted() -> Scenario<Customer> {
    contoso_with_mail(5).after(PERMIT)
}

/// Contoso with a user, after its admin has ended the provider's privileges.
fn without_privileges() -> Scenario<Customer> {
    contoso_with_users(5, 1).by(a_customer_user()).after(END_PRIVILEGES).by(somebody_of(PROVIDER))
}

fn own_order() -> SubmitOrder {
    let mut bought = line(0, VOICE_OFFER, 5);
    bought.subscription_id = subscription(9);
    SubmitOrder { order_id: order_id(9), ..order(vec![bought]) }
}

#[test]
fn the_customers_admin_ends_the_privileges_and_the_relationship_stays() {
    let ended = DelegatedAdminEnded { partner_id: PROVIDER };
    let scenario = contoso().by(a_customer_user()).when(END_PRIVILEGES).then([ended]);
    assert!(scenario.state().has_active_relationship(PROVIDER));
    assert!(!scenario.state().has_delegated_admin(PROVIDER));
    scenario.when(END_PRIVILEGES).then_refused(RelationshipRejection::DelegatedAdminNotHeld.into());
    contoso()
        .by(a_customer_user())
        .when(EndDelegatedAdmin { partner_id: STRANGER })
        .then_refused(RelationshipRejection::DelegatedAdminNotHeld.into());
}

#[test]
fn nobody_but_a_global_admin_of_the_customer_ends_privileges() {
    let foreign = CustomerId::from_uuid(Uuid::from_u128(0x3009));
    let actors = [
        Actor::CustomerUser { customer: CONTOSO, user: customer_user(1) },
        Actor::CustomerUser { customer: foreign, user: ROOT },
        somebody_of(PROVIDER),
        Actor::Operator,
    ];
    for actor in actors {
        contoso_with_users(1, 1)
            .by(actor)
            .when(END_PRIVILEGES)
            .then_refused(RelationshipRejection::CustomerGlobalAdminOnly.into());
    }
}

#[test]
fn without_delegated_admin_privileges_nobody_administers_the_customers_users() {
    let refused = || -> Rejection { RelationshipRejection::DelegatedAdminMissing.into() };
    let by_partner = without_privileges;
    let user_id = customer_user(1);
    by_partner()
        .when(CreateCustomerUsers { users: vec![new_user(2, "user2")] })
        .then_refused(refused());
    by_partner()
        .when(ResetCustomerUserPassword { user_id, credential_id: credential(7) })
        .then_refused(refused());
    by_partner().when(DeleteCustomerUsers { user_ids: vec![user_id] }).then_refused(refused());
    by_partner()
        .when(GrantDirectoryRole { user_id, role: DirectoryRole::BillingAdmin })
        .then_refused(refused());
    by_partner()
        .when(UpdateLicenses { user_ids: vec![user_id], assign: vec![MAIL], remove: Vec::new() })
        .then_refused(refused());
    // What the relationship itself allows goes on.
    let sold = by_partner().after(own_order());
    assert!(sold.state().subscription(subscription(9)).is_some());
}

#[test]
fn with_the_privileges_granted_again_the_users_are_administered_again() {
    let granted = without_privileges().and([DelegatedAdminGranted { partner_id: PROVIDER }]);
    let scenario = granted.after(CreateCustomerUsers { users: vec![new_user(2, "user2")] });
    assert!(scenario.state().user(customer_user(2)).is_some());
}

#[test]
fn a_reseller_administers_by_the_privileges_of_its_provider() {
    let associated = || {
        contoso_with_users(5, 1)
            .with_partnership(partnership())
            .after(AssociateReseller { provider: PROVIDER, reseller: RESELLER })
    };
    let delete = || DeleteCustomerUsers { user_ids: vec![customer_user(1)] };
    let bonds = [partnership()];
    assert!(administers(associated().state(), RESELLER, &bonds));
    assert!(!administers(associated().state(), RESELLER, &[]));
    assert!(!administers(associated().state(), STRANGER, &bonds));
    associated()
        .and([DelegatedAdminEnded { partner_id: PROVIDER }])
        .by(somebody_of(RESELLER))
        .when(delete())
        .then_refused(RelationshipRejection::DelegatedAdminMissing.into());
}

#[test]
fn a_customer_may_buy_for_itself_on_the_strength_of_a_prior_subscription() {
    contoso().when(PERMIT).then_refused(RelationshipRejection::NoPriorSubscription.into());
    contoso_with_mail(5).when(PERMIT).then([OwnPurchasesPermitted { partner_id: PROVIDER }]);
    // A subscription that another partner sold is not of this partner's relationship.
    contoso_with_mail(5)
        .and([RelationshipEstablished { partner_id: STRANGER, delegated_admin: false }])
        .by(somebody_of(STRANGER))
        .when(PermitOwnPurchases { partner_id: STRANGER })
        .then_refused(RelationshipRejection::NoPriorSubscription.into());
}

#[test]
fn the_permission_is_given_once_and_taken_back_once() {
    permitted().when(PERMIT).then_refused(RelationshipRejection::OwnPurchasesPermitted.into());
    permitted()
        .when(FORBID)
        .then([OwnPurchasesForbidden { partner_id: PROVIDER }])
        .when(FORBID)
        .then_refused(RelationshipRejection::OwnPurchasesNotPermitted.into());
}

#[test]
fn only_the_holder_of_the_relationship_permits_the_customer_to_buy() {
    let reseller = contoso_with_mail(5)
        .with_partnership(partnership())
        .after(AssociateReseller { provider: PROVIDER, reseller: RESELLER })
        .by(somebody_of(RESELLER));
    reseller.when(PERMIT).then_refused(Rejection::RelationshipHolderOnly);
    contoso_with_mail(5)
        .by(somebody_of(STRANGER))
        .when(PERMIT)
        .then_refused(Rejection::NotYourCustomer);
    contoso_with_mail(5)
        .by(a_customer_user())
        .when(PERMIT)
        .then_refused(Rejection::ActorNotAllowed);
    permitted().by(a_customer_user()).when(FORBID).then_refused(Rejection::ActorNotAllowed);
}

#[test]
fn the_customers_admin_buys_from_who_permits_it_by_the_rules_of_every_order() {
    let buying = || permitted().by(a_customer_user());
    let scenario = buying().after(own_order());
    let bought = scenario.state().subscription(subscription(9)).unwrap();
    assert_eq!((bought.partner_id, bought.status), (PROVIDER, SubscriptionStatus::Active));
    let mut small = own_order();
    small.lines[0].quantity = crate::samples::quantity(1);
    buying().when(small).then_refused(Rejection::QuantityOutsideOffer {
        quantity: crate::samples::quantity(1),
        minimum: 5,
        maximum: 10,
    });
}

#[test]
fn without_the_permission_the_customer_does_not_buy() {
    let refused = || -> Rejection { RelationshipRejection::OwnPurchasesNotPermitted.into() };
    contoso_with_mail(5).by(a_customer_user()).when(own_order()).then_refused(refused());
    permitted().after(FORBID).by(a_customer_user()).when(own_order()).then_refused(refused());
    let from_stranger = SubmitOrder { partner_id: STRANGER, ..own_order() };
    permitted().by(a_customer_user()).when(from_stranger).then_refused(refused());
    let user = Actor::CustomerUser { customer: CONTOSO, user: customer_user(1) };
    permitted()
        .by(user)
        .when(own_order())
        .then_refused(RelationshipRejection::CustomerGlobalAdminOnly.into());
}

#[test]
fn with_the_relationship_the_permission_to_buy_ends() {
    let suspended = commands::ChangeSubscription {
        subscription_id: MAIL_SUBSCRIPTION,
        quantity: None,
        status: Some(SubscriptionStatus::Suspended),
        friendly_name: None,
    };
    let expected: [CustomerEvent; 2] = [
        OwnPurchasesForbidden { partner_id: PROVIDER }.into(),
        RelationshipEnded { partner_id: PROVIDER }.into(),
    ];
    let ended = permitted()
        .after(suspended)
        .when(EndRelationship { partner_id: PROVIDER })
        .then(expected)
        .and([RelationshipEstablished { partner_id: PROVIDER, delegated_admin: false }]);
    ended
        .by(a_customer_user())
        .when(order(vec![line(0, MAIL_OFFER, 1)]))
        .then_refused(RelationshipRejection::OwnPurchasesNotPermitted.into());
}
