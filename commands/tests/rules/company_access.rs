use commands::{
    ALLOWED_WITHOUT_ROLE, CompanyPermission, DeleteCustomerUsers, GrantDirectoryRole, Rejection,
    authorise_customer_user, company_allows,
};
use events::{CustomerUserId, DirectoryRole};

use crate::samples::{ROOT, contoso_with_users, customer_user};

const IDA: CustomerUserId = customer_user(1);

#[test]
fn the_global_admin_of_a_customer_may_do_everything_in_its_company() {
    let scenario = contoso_with_users(1, 1);
    for permission in CompanyPermission::ALL.iter().copied() {
        let rule = authorise_customer_user(scenario.state(), ROOT, permission).unwrap();
        assert!(rule.as_str().ends_with(permission.code()), "{}", rule.as_str());
    }
    let rule = authorise_customer_user(scenario.state(), ROOT, CompanyPermission::CompanyView);
    assert_eq!(rule.unwrap().as_str(), "company_global_admin:company.view");
}

#[test]
fn a_customer_user_without_roles_has_its_own_account_and_nothing_else() {
    let scenario = contoso_with_users(1, 1);
    for permission in CompanyPermission::ALL.iter().copied() {
        let allowed = authorise_customer_user(scenario.state(), IDA, permission);
        if ALLOWED_WITHOUT_ROLE.contains(&permission) {
            assert_eq!(allowed.unwrap().as_str(), "customer_user:company.own_account");
        } else {
            assert_eq!(allowed, Err(Rejection::ForbiddenInCompany { permission }));
        }
    }
}

#[test]
fn a_directory_role_allows_in_the_company_what_the_table_says() {
    for role in DirectoryRole::ALL {
        let grant = GrantDirectoryRole { user_id: IDA, role };
        let scenario = contoso_with_users(1, 1).after(grant);
        for permission in CompanyPermission::ALL.iter().copied() {
            let allowed = authorise_customer_user(scenario.state(), IDA, permission).is_ok();
            let is_own = ALLOWED_WITHOUT_ROLE.contains(&permission);
            assert_eq!(
                allowed,
                is_own || company_allows(role, permission),
                "{role:?} {permission}"
            );
        }
    }
}

#[test]
fn a_deleted_customer_user_may_do_nothing_in_its_company() {
    let scenario = contoso_with_users(1, 1).after(DeleteCustomerUsers { user_ids: vec![IDA] });
    for user in [IDA, customer_user(77)] {
        let refused =
            authorise_customer_user(scenario.state(), user, CompanyPermission::OwnAccount);
        assert_eq!(refused, Err(Rejection::ActorNotActive));
    }
}
