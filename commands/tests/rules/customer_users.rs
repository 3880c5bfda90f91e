use commands::{
    BULK_USERS_MAX, CreateCustomerUsers, DeleteCustomerUsers, EditCustomerUser, NameKind,
    NewCustomerUser, NewUserFault, Rejection, ResetCustomerUserPassword, UpdateLicenses,
    new_user_faults,
};
use events::{
    CustomerEvent, CustomerUserCreated, CustomerUserDeleted, CustomerUserEdited,
    CustomerUserPasswordReset, CustomerUserProfile, DirectoryRole, DirectoryRoleGranted,
    LicenseAssigned, Personal,
};

use crate::samples::{
    MAIL, ROOT, STRANGER, VOICE, contoso, contoso_with_mail, contoso_with_users, credential,
    customer_user, hash, hour, new_user, profile, somebody_of,
};

const fn create(users: Vec<NewCustomerUser>) -> CreateCustomerUsers {
    CreateCustomerUsers { users }
}

fn created(number: u128, name: &str) -> CustomerEvent {
    let user_id = customer_user(number);
    CustomerUserCreated {
        user_id,
        user_name: hash(name),
        domain: "contoso.example".parse().unwrap(),
        has_usage_location: true,
        credential_id: credential(number),
        profile: Personal::open(user_id.into(), profile(name)),
    }
    .into()
}

fn nowhere(number: u128, name: &str) -> NewCustomerUser {
    let profile = CustomerUserProfile { usage_location: None, ..profile(name) };
    NewCustomerUser { profile, ..new_user(number, name) }
}

fn licensed(number: u128, name: &str) -> NewCustomerUser {
    NewCustomerUser { licenses: vec![MAIL, MAIL], ..new_user(number, name) }
}

const fn name_taken() -> Rejection {
    Rejection::NameTaken { kind: NameKind::UserName }
}

#[test]
fn users_are_created_with_licences_and_roles() {
    let user_id = customer_user(1);
    let roles = vec![DirectoryRole::HelpdeskAdmin];
    let first = NewCustomerUser { directory_roles: roles, ..licensed(1, "ida") };
    contoso_with_mail(1).when(create(vec![first, new_user(2, "jan")])).then([
        created(1, "ida"),
        LicenseAssigned { user_id, sku_id: MAIL }.into(),
        DirectoryRoleGranted { user_id, role: DirectoryRole::HelpdeskAdmin }.into(),
        created(2, "jan"),
    ]);
}

#[test]
fn a_user_name_is_unique_among_the_active_users() {
    contoso_with_users(1, 1)
        .when(create(vec![new_user(2, "user1")]))
        .then_refused(name_taken())
        .after(DeleteCustomerUsers { user_ids: vec![customer_user(1)] })
        .when(create(vec![new_user(2, "user1")]))
        .then([created(2, "user1")]);
}

#[test]
fn a_user_name_is_unique_within_the_command() {
    contoso().when(create(vec![new_user(1, "ida"), new_user(2, "ida")])).then_refused(name_taken());
}

#[test]
fn a_user_id_is_used_once() {
    let again = || Rejection::AlreadyExists { what: "customer user" };
    contoso_with_users(1, 1).when(create(vec![new_user(1, "ida")])).then_refused(again());
    contoso().when(create(vec![new_user(1, "ida"), new_user(1, "jan")])).then_refused(again());
}

#[test]
fn a_user_name_is_in_the_customer_s_own_domain_not_even_in_a_subdomain() {
    for name in ["ida@fabrikam.example", "ida@mail.contoso.example", "ida@xcontoso.example"] {
        let mut user = new_user(1, "ida");
        user.profile.user_name = name.parse().unwrap();
        let domain = "contoso.example".parse().unwrap();
        contoso()
            .when(create(vec![user]))
            .then_refused(Rejection::UserNameOutsideDomain { domain });
    }
}

#[test]
fn new_users_with_licences_need_a_usage_location_and_seats() {
    let placeless = NewCustomerUser { licenses: vec![MAIL], ..nowhere(1, "ida") };
    contoso_with_mail(1)
        .when(create(vec![placeless]))
        .then_refused(Rejection::UsageLocationMissing { user_id: customer_user(1) });
    contoso_with_mail(1)
        .when(create(vec![licensed(1, "ida"), licensed(2, "jan"), licensed(3, "kim")]))
        .then_refused(Rejection::SeatsMissing { sku_id: MAIL, missing: 2 });
    contoso()
        .when(create(vec![licensed(1, "ida")]))
        .then_refused(Rejection::NoActiveSubscription { sku_id: MAIL });
}

#[test]
fn one_faulty_user_refuses_them_all() {
    let scenario = contoso()
        .when(create(vec![new_user(1, "ida"), new_user(2, "root")]))
        .then_refused(name_taken());
    assert_eq!(scenario.state().users().count(), 1);
}

#[test]
fn every_faulty_user_is_found_with_every_fault() {
    let scenario = contoso_with_mail(1);
    let voice = NewCustomerUser { licenses: vec![VOICE], ..nowhere(4, "lea") };
    let users = [licensed(1, "ida"), new_user(2, "root"), licensed(3, "ida"), voice];
    let fault = |index, rejection| NewUserFault { index, rejection };
    assert_eq!(
        new_user_faults(scenario.state(), &users),
        [
            fault(1, name_taken()),
            fault(2, name_taken()),
            fault(2, Rejection::SeatsMissing { sku_id: MAIL, missing: 1 }),
            fault(3, Rejection::UsageLocationMissing { user_id: customer_user(4) }),
            fault(3, Rejection::NoActiveSubscription { sku_id: VOICE }),
        ]
    );
}

#[test]
fn at_most_250_users_are_created_or_deleted_at_once() {
    let users = |count: u128| (1..=count).map(|n| new_user(n, &format!("user{n}"))).collect();
    let ids = |count: u128| (1..=count).map(customer_user).collect();
    let too_many = || Rejection::TooManyUsers { count: 251, limit: BULK_USERS_MAX };
    contoso().when(create(users(251))).then_refused(too_many());
    let scenario = contoso()
        .after(create(users(250)))
        .when(DeleteCustomerUsers { user_ids: ids(251) })
        .then_refused(too_many())
        .after(DeleteCustomerUsers { user_ids: ids(250) });
    assert_eq!(scenario.state().users().filter(|(_, user)| user.is_active()).count(), 1);
}

#[test]
fn more_licences_at_once_than_one_commit_holds_are_refused() {
    let skus: Vec<_> =
        (1..=4).map(|n| events::SkuId::from_uuid(uuid::Uuid::from_u128(n))).collect();
    let subscriptions = skus.iter().zip(10..).map(|(sku_id, number)| events::SubscriptionCreated {
        subscription_id: crate::samples::subscription(number),
        order_id: crate::samples::ORDER,
        partner_id: crate::samples::PROVIDER,
        offer_id: crate::samples::MAIL_OFFER,
        sku_id: *sku_id,
        quantity: crate::samples::quantity(1000),
        billing_cycle: events::BillingCycle::Monthly,
        friendly_name: "Product".parse().unwrap(),
        partner_on_record: None,
        parent_subscription: None,
        terms: None,
    });
    contoso_with_users(1, 250)
        .and(subscriptions)
        .when(UpdateLicenses {
            user_ids: (1..=250).map(customer_user).collect(),
            assign: skus.clone(),
            remove: Vec::new(),
        })
        .then_refused(Rejection::TooManyChanges {
            count: 1000,
            limit: commands::DECISION_EVENTS_MAX,
        });
}

#[test]
fn nobody_creates_users_for_foreign_customers() {
    contoso()
        .by(somebody_of(STRANGER))
        .when(create(vec![new_user(1, "ida")]))
        .then_refused(Rejection::NotYourCustomer);
}

fn edit(number: u128, name: &str) -> EditCustomerUser {
    EditCustomerUser {
        user_id: customer_user(number),
        user_name: hash(name),
        profile: profile(name),
    }
}

#[test]
fn a_user_is_renamed_and_the_old_name_is_free() {
    let user_id = customer_user(1);
    contoso_with_users(1, 1)
        .when(edit(1, "ida"))
        .then([CustomerUserEdited {
            user_id,
            user_name: hash("ida"),
            domain: "contoso.example".parse().unwrap(),
            has_usage_location: true,
            profile: Personal::open(user_id.into(), profile("ida")),
        }])
        .when(create(vec![new_user(2, "user1")]))
        .then([created(2, "user1")]);
}

#[test]
fn a_user_keeps_its_own_name_and_gets_no_other_user_s() {
    let scenario = contoso_with_users(1, 2).after(edit(1, "user1"));
    scenario.when(edit(1, "user2")).then_refused(name_taken());
}

#[test]
fn an_edited_user_name_stays_in_the_customer_s_domain() {
    let mut command = edit(1, "ida");
    command.profile.user_name = "ida@fabrikam.example".parse().unwrap();
    let domain = "contoso.example".parse().unwrap();
    contoso_with_users(1, 1)
        .when(command)
        .then_refused(Rejection::UserNameOutsideDomain { domain });
}

#[test]
fn a_user_with_licences_keeps_a_usage_location() {
    let user_id = customer_user(1);
    let mut command = edit(1, "user1");
    command.profile.usage_location = None;
    let assign = UpdateLicenses { user_ids: vec![user_id], assign: vec![MAIL], remove: Vec::new() };
    contoso_with_users(1, 1)
        .after(assign)
        .when(command)
        .then_refused(Rejection::UsageLocationMissing { user_id });
}

#[test]
fn a_user_without_licences_may_lose_its_usage_location() {
    let mut command = edit(1, "user1");
    command.profile.usage_location = None;
    let scenario = contoso_with_users(1, 1).after(command);
    assert!(!scenario.state().user(customer_user(1)).unwrap().has_usage_location);
}

#[test]
fn a_password_is_reset() {
    let command =
        ResetCustomerUserPassword { user_id: customer_user(1), credential_id: credential(77) };
    let ResetCustomerUserPassword { user_id, credential_id } = command;
    contoso_with_users(1, 1)
        .when(command)
        .then([CustomerUserPasswordReset { user_id, credential_id }]);
}

#[test]
fn a_deleted_user_returns_its_licences_and_is_restorable_for_30_days() {
    let user_id = customer_user(1);
    let assign = UpdateLicenses { user_ids: vec![user_id], assign: vec![MAIL], remove: Vec::new() };
    let scenario = contoso_with_users(1, 1)
        .after(assign)
        .at(hour(3))
        .when(DeleteCustomerUsers { user_ids: vec![user_id, user_id] })
        .then([CustomerUserDeleted {
            user_id,
            licenses_returned: vec![MAIL],
            restorable_until: hour(723),
        }]);
    assert_eq!(scenario.state().available(MAIL), 1);
    assert_eq!(scenario.state().user_named(hash("user1")), None);
}

#[test]
fn a_deleted_user_is_neither_edited_nor_deleted_again() {
    let user_id = customer_user(1);
    let delete = || DeleteCustomerUsers { user_ids: vec![user_id] };
    let gone = || contoso_with_users(1, 1).after(delete());
    gone().when(delete()).then_refused(Rejection::UserIsDeleted);
    gone().when(edit(1, "ida")).then_refused(Rejection::UserIsDeleted);
    gone()
        .when(ResetCustomerUserPassword { user_id, credential_id: credential(77) })
        .then_refused(Rejection::UserIsDeleted);
}

#[test]
fn one_unknown_user_refuses_the_whole_deletion() {
    let scenario = contoso_with_users(1, 1)
        .when(DeleteCustomerUsers { user_ids: vec![customer_user(1), customer_user(404)] })
        .then_refused(Rejection::CustomerUserNotFound { user_id: customer_user(404) });
    assert!(scenario.state().user(customer_user(1)).unwrap().is_active());
}

#[test]
fn the_last_global_admin_of_a_customer_is_not_deleted_alone_or_among_others() {
    contoso_with_users(1, 1)
        .when(DeleteCustomerUsers { user_ids: vec![customer_user(1), ROOT] })
        .then_refused(Rejection::LastCustomerGlobalAdmin);
    let grant = commands::GrantDirectoryRole {
        user_id: customer_user(1),
        role: DirectoryRole::GlobalAdmin,
    };
    contoso_with_users(1, 1)
        .after(grant)
        .when(DeleteCustomerUsers { user_ids: vec![customer_user(1), ROOT] })
        .then_refused(Rejection::LastCustomerGlobalAdmin)
        .when(DeleteCustomerUsers { user_ids: vec![ROOT] })
        .then([CustomerUserDeleted {
            user_id: ROOT,
            licenses_returned: Vec::new(),
            restorable_until: hour(720),
        }]);
}
