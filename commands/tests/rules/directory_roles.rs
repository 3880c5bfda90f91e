use commands::{DeleteCustomerUsers, GrantDirectoryRole, Rejection, RevokeDirectoryRole};
use events::{CustomerUserId, DirectoryRole, DirectoryRoleGranted, DirectoryRoleRevoked};

use crate::samples::{ROOT, STRANGER, contoso_with_users, customer_user, somebody_of};

const IDA: CustomerUserId = customer_user(1);

const fn grant(user_id: CustomerUserId, role: DirectoryRole) -> GrantDirectoryRole {
    GrantDirectoryRole { user_id, role }
}

const fn revoke(user_id: CustomerUserId, role: DirectoryRole) -> RevokeDirectoryRole {
    RevokeDirectoryRole { user_id, role }
}

#[test]
fn a_user_has_several_roles_at_once_each_granted_once() {
    let (billing, helpdesk) = (DirectoryRole::BillingAdmin, DirectoryRole::HelpdeskAdmin);
    contoso_with_users(1, 1)
        .when(grant(IDA, billing))
        .then([DirectoryRoleGranted { user_id: IDA, role: billing }])
        .when(grant(IDA, helpdesk))
        .then([DirectoryRoleGranted { user_id: IDA, role: helpdesk }])
        .when(grant(IDA, billing))
        .then_nothing();
}

#[test]
fn a_role_is_revoked_once() {
    let role = DirectoryRole::BillingAdmin;
    contoso_with_users(1, 1)
        .after(grant(IDA, role))
        .when(revoke(IDA, role))
        .then([DirectoryRoleRevoked { user_id: IDA, role }])
        .when(revoke(IDA, role))
        .then_refused(Rejection::DirectoryRoleNotHeld { role });
}

#[test]
fn the_last_global_admin_of_a_customer_keeps_the_role() {
    let role = DirectoryRole::GlobalAdmin;
    contoso_with_users(1, 1)
        .when(revoke(ROOT, role))
        .then_refused(Rejection::LastCustomerGlobalAdmin)
        .after(grant(IDA, role))
        .when(revoke(ROOT, role))
        .then([DirectoryRoleRevoked { user_id: ROOT, role }])
        .when(revoke(IDA, role))
        .then_refused(Rejection::LastCustomerGlobalAdmin);
}

#[test]
fn a_deleted_global_admin_does_not_count() {
    contoso_with_users(1, 1)
        .after(grant(IDA, DirectoryRole::GlobalAdmin))
        .after(DeleteCustomerUsers { user_ids: vec![IDA] })
        .when(revoke(ROOT, DirectoryRole::GlobalAdmin))
        .then_refused(Rejection::LastCustomerGlobalAdmin);
}

#[test]
fn deleted_and_unknown_users_get_no_role() {
    let role = DirectoryRole::BillingAdmin;
    contoso_with_users(1, 1)
        .after(DeleteCustomerUsers { user_ids: vec![IDA] })
        .when(grant(IDA, role))
        .then_refused(Rejection::UserIsDeleted);
    let user_id = customer_user(404);
    contoso_with_users(1, 1)
        .when(grant(user_id, role))
        .then_refused(Rejection::CustomerUserNotFound { user_id });
}

#[test]
fn nobody_grants_roles_in_foreign_customers() {
    contoso_with_users(1, 1)
        .by(somebody_of(STRANGER))
        .when(grant(IDA, DirectoryRole::GlobalAdmin))
        .then_refused(Rejection::NotYourCustomer);
}
