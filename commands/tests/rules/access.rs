use commands::{
    ActivePartnership, AddPartnerUser, AssociateReseller, ChangeSubscription, CreateCustomerUsers,
    Customer, CustomerAccess, CustomerCommand, DeleteCustomerUsers, DeletePartnerUser,
    EditCustomerUser, EndRelationship, Partner, Permission, Rejection, RejectionKind,
    RemoveReseller, ResetCustomerUserPassword, RestoreCustomerUser, RevokeDirectoryRole,
    UpdateLicenses, authorise_partner_user, customer_access, manages_subscriptions_of,
    scenario::Scenario,
};
use events::{DirectoryRole, PartnerUserId, Role};

use crate::samples::{
    ANA, BEA, CARL, MAIL_OFFER, PROVIDER, RESELLER, STRANGER, contoso, contoso_with_users,
    credential, customer_user, hash, line, new_partner_user, order, partnership, profile, provider,
    somebody_of, subscription,
};

fn with_user(user_id: PartnerUserId, withhold: bool, roles: &[Role]) -> Scenario<Partner> {
    provider().after(AddPartnerUser {
        user: new_partner_user(user_id, "somebody"),
        withhold_default_access: withhold,
        roles: roles.to_vec(),
    })
}

#[test]
fn a_role_that_allows_it_is_named_in_the_rule_that_decided() {
    let scenario = provider();
    let rule = authorise_partner_user(scenario.state(), ANA, Permission::CustomersCreate).unwrap();
    assert_eq!(rule.as_str(), "global_admin:customers.create");
}

#[test]
fn any_of_several_roles_may_be_the_one_that_allows_it() {
    let scenario = with_user(BEA, false, &[Role::BillingAdmin, Role::SalesAgent]);
    let rule = |permission| authorise_partner_user(scenario.state(), BEA, permission).unwrap();
    assert_eq!(rule(Permission::CustomersCreate).as_str(), "sales_agent:customers.create");
    assert_eq!(rule(Permission::OffersView).as_str(), "billing_admin:offers.view");
    assert_eq!(rule(Permission::OwnProfile).as_str(), "default_access:own_profile");
}

#[test]
fn what_no_role_allows_is_forbidden_naming_the_permission() {
    let scenario = with_user(BEA, false, &[Role::HelpdeskAgent]);
    assert_eq!(
        authorise_partner_user(scenario.state(), BEA, Permission::CustomersCreate),
        Err(Rejection::Forbidden { permission: Permission::CustomersCreate })
    );
}

#[test]
fn the_default_level_allows_the_own_profile_only() {
    let scenario = with_user(BEA, false, &[]);
    for permission in Permission::ALL.iter().copied() {
        let allowed = authorise_partner_user(scenario.state(), BEA, permission).is_ok();
        assert_eq!(allowed, permission == Permission::OwnProfile, "{permission:?}");
    }
}

#[test]
fn a_user_with_neither_a_role_nor_the_default_level_is_refused_everything_for_that_reason() {
    let scenario = with_user(BEA, true, &[]);
    for permission in Permission::ALL.iter().copied() {
        let refused = authorise_partner_user(scenario.state(), BEA, permission);
        assert_eq!(refused, Err(Rejection::NoRole));
    }
}

#[test]
fn unknown_and_deleted_users_are_refused() {
    let scenario =
        with_user(BEA, false, &[Role::GlobalAdmin]).after(DeletePartnerUser { user_id: BEA });
    for user in [BEA, CARL] {
        assert_eq!(
            authorise_partner_user(scenario.state(), user, Permission::OwnProfile),
            Err(Rejection::ActorNotActive)
        );
    }
}

#[test]
fn a_partner_reaches_the_customer_with_which_it_has_a_relationship() {
    let scenario = contoso();
    assert_eq!(customer_access(scenario.state(), PROVIDER, &[]), Ok(CustomerAccess::Holder));
}

#[test]
fn foreign_and_unknown_customers_are_refused_alike() {
    let foreign = contoso();
    let unknown = Scenario::<Customer>::new();
    for state in [foreign.state(), unknown.state()] {
        let refused = customer_access(state, STRANGER, &[]).unwrap_err();
        assert_eq!(refused, Rejection::NotYourCustomer);
        assert_eq!(refused.kind(), RejectionKind::Forbidden);
    }
}

#[test]
fn an_associated_reseller_reaches_the_customer_only_while_the_partnership_is_active() {
    let scenario = contoso()
        .with_partnership(partnership())
        .after(AssociateReseller { provider: PROVIDER, reseller: RESELLER });
    let reaches = |bonds: &[_]| customer_access(scenario.state(), RESELLER, bonds);
    assert_eq!(reaches(&[partnership()]), Ok(CustomerAccess::Reseller { provider: PROVIDER }));
    assert_eq!(reaches(&[]), Err(Rejection::NotYourCustomer));
}

#[test]
fn a_partnership_alone_does_not_reach_the_customers_of_the_provider() {
    let scenario = contoso();
    assert_eq!(
        customer_access(scenario.state(), RESELLER, &[partnership()]),
        Err(Rejection::NotYourCustomer)
    );
}

#[test]
fn partnerships_with_others_do_not_replace_the_one_with_the_provider() {
    let scenario = contoso()
        .with_partnership(partnership())
        .after(AssociateReseller { provider: PROVIDER, reseller: RESELLER });
    let elsewhere = [
        ActivePartnership { provider: STRANGER, ..partnership() },
        ActivePartnership { reseller: STRANGER, ..partnership() },
    ];
    assert_eq!(
        customer_access(scenario.state(), RESELLER, &elsewhere),
        Err(Rejection::NotYourCustomer)
    );
}

#[test]
fn a_partner_without_access_can_ask_nothing_of_a_customer() {
    let user_id = customer_user(1);
    let profile = profile("user1");
    let user_name = hash("user1");
    let commands: [CustomerCommand; 12] = [
        EndRelationship { partner_id: STRANGER }.into(),
        AssociateReseller { provider: STRANGER, reseller: RESELLER }.into(),
        RemoveReseller { provider: STRANGER, reseller: RESELLER }.into(),
        order(vec![line(0, MAIL_OFFER, 1)]).into(),
        ChangeSubscription {
            subscription_id: subscription(404),
            quantity: None,
            status: None,
            friendly_name: None,
        }
        .into(),
        CreateCustomerUsers { users: Vec::new() }.into(),
        EditCustomerUser { user_id, user_name, profile }.into(),
        ResetCustomerUserPassword { user_id, credential_id: credential(1) }.into(),
        DeleteCustomerUsers { user_ids: vec![user_id] }.into(),
        RestoreCustomerUser { user_id, renamed: None }.into(),
        UpdateLicenses { user_ids: vec![user_id], assign: Vec::new(), remove: Vec::new() }.into(),
        RevokeDirectoryRole { user_id, role: DirectoryRole::BillingAdmin }.into(),
    ];
    for command in commands {
        let foreign = contoso_with_users(1, 1).by(somebody_of(STRANGER));
        foreign.when(command.clone()).then_refused(Rejection::NotYourCustomer);
        let unknown = Scenario::<Customer>::new().by(somebody_of(STRANGER));
        unknown.when(command).then_refused(Rejection::NotYourCustomer);
    }
}

#[test]
fn an_ended_relationship_ends_the_reach_of_the_partner_and_of_its_resellers() {
    let scenario = contoso()
        .with_partnership(partnership())
        .after(AssociateReseller { provider: PROVIDER, reseller: RESELLER })
        .after(EndRelationship { partner_id: PROVIDER });
    for partner in [PROVIDER, RESELLER] {
        assert_eq!(
            customer_access(scenario.state(), partner, &[partnership()]),
            Err(Rejection::NotYourCustomer)
        );
    }
}

#[test]
fn the_subscriptions_of_a_provider_are_managed_by_it_and_by_its_associated_reseller() {
    let scenario = contoso()
        .with_partnership(partnership())
        .after(AssociateReseller { provider: PROVIDER, reseller: RESELLER });
    let manages =
        |partner, bonds: &[_]| manages_subscriptions_of(scenario.state(), partner, PROVIDER, bonds);
    assert!(manages(PROVIDER, &[]));
    assert!(manages(RESELLER, &[partnership()]));
    assert!(!manages(RESELLER, &[]));
    assert!(!manages(STRANGER, &[partnership()]));
}
