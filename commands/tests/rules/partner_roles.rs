use commands::{
    AddPartnerUser, AssignRole, Partner, Permission, Rejection, RevokeRole, scenario::Scenario,
};
use events::{Actor, PartnerUserId, Role, RoleAssigned, RoleCategory, RoleReplaced, RoleRevoked};

use crate::samples::{ANA, BEA, CARL, new_partner_user, provider, provider_user};

fn add(user_id: PartnerUserId, name: &str, roles: &[Role]) -> AddPartnerUser {
    AddPartnerUser {
        user: new_partner_user(user_id, name),
        withhold_default_access: false,
        roles: roles.to_vec(),
    }
}

/// The provider with Ana, Bea who manages users, and Carl without a role; Ana acts.
fn team() -> Scenario<Partner> {
    provider()
        .after(add(BEA, "bea", &[Role::UserManagementAdmin]))
        .after(add(CARL, "carl", &[]))
        .by(provider_user(ANA))
}

const fn assign(user_id: PartnerUserId, role: Role) -> AssignRole {
    AssignRole { user_id, role }
}

const fn revoke(user_id: PartnerUserId, role: Role) -> RevokeRole {
    RevokeRole { user_id, role }
}

#[test]
fn a_user_gets_a_role_in_a_category_in_which_it_had_none() {
    team()
        .when(assign(CARL, Role::SalesAgent))
        .then([RoleAssigned { user_id: CARL, role: Role::SalesAgent }]);
}

#[test]
fn a_second_role_of_a_category_replaces_the_first_and_the_event_names_both() {
    let scenario = team()
        .after(assign(CARL, Role::SalesAgent))
        .when(assign(CARL, Role::AdminAgent))
        .then([RoleReplaced {
            user_id: CARL,
            category: RoleCategory::Agent,
            old: Role::SalesAgent,
            new: Role::AdminAgent,
        }]);
    let carl = scenario.state().user(CARL).unwrap();
    assert_eq!(carl.roles().collect::<Vec<_>>(), [Role::DefaultAccess, Role::AdminAgent]);
}

#[test]
fn roles_of_several_categories_are_held_side_by_side() {
    let scenario = team()
        .after(assign(CARL, Role::SalesAgent))
        .after(assign(CARL, Role::IncentivesUser))
        .after(assign(CARL, Role::ReferralAdmin))
        .after(assign(CARL, Role::BillingAdmin));
    assert_eq!(scenario.state().user(CARL).unwrap().roles().count(), 5);
}

#[test]
fn the_same_role_again_changes_nothing() {
    team()
        .after(assign(CARL, Role::SalesAgent))
        .when(assign(CARL, Role::SalesAgent))
        .then_nothing();
}

#[test]
fn nobody_grants_a_role_to_himself_not_even_a_global_admin() {
    team()
        .when(assign(ANA, Role::AdminAgent))
        .then_refused(Rejection::SelfGrant { role: Role::AdminAgent });
    team()
        .by(provider_user(BEA))
        .when(assign(BEA, Role::GlobalAdmin))
        .then_refused(Rejection::SelfGrant { role: Role::GlobalAdmin });
}

#[test]
fn only_a_global_admin_grants_and_revokes_admin_roles() {
    let manager = || team().by(provider_user(BEA));
    manager().when(assign(CARL, Role::BillingAdmin)).then_refused(Rejection::GlobalAdminOnly);
    manager().when(assign(ANA, Role::BillingAdmin)).then_refused(Rejection::GlobalAdminOnly);
    manager().when(revoke(ANA, Role::GlobalAdmin)).then_refused(Rejection::GlobalAdminOnly);
    team()
        .when(assign(CARL, Role::BillingAdmin))
        .then([RoleAssigned { user_id: CARL, role: Role::BillingAdmin }]);
}

#[test]
fn a_user_management_admin_grants_and_revokes_the_other_roles() {
    team()
        .by(provider_user(BEA))
        .when(assign(CARL, Role::HelpdeskAgent))
        .then([RoleAssigned { user_id: CARL, role: Role::HelpdeskAgent }])
        .when(revoke(CARL, Role::HelpdeskAgent))
        .then([RoleRevoked { user_id: CARL, role: Role::HelpdeskAgent }]);
}

#[test]
fn an_account_admin_grants_and_revokes_roles_of_its_categories() {
    let admin = || team().after(assign(BEA, Role::AccountAdmin)).by(provider_user(BEA));
    for role in [Role::IncentivesUser, Role::ReferralUser, Role::ExecutiveReportViewer] {
        admin()
            .when(assign(CARL, role))
            .then([RoleAssigned { user_id: CARL, role }])
            .when(revoke(CARL, role))
            .then([RoleRevoked { user_id: CARL, role }]);
    }
}

#[test]
fn an_account_admin_grants_no_role_of_agents_or_admins_and_adds_nobody() {
    let carls = assign(CARL, Role::SalesAgent);
    let admin =
        || team().after(carls).after(assign(BEA, Role::AccountAdmin)).by(provider_user(BEA));
    for role in [Role::AdminAgent, Role::DefaultAccess] {
        admin().when(assign(CARL, role)).then_refused(Rejection::RoleOutOfReach { role });
    }
    let role = Role::SalesAgent;
    admin().when(revoke(CARL, role)).then_refused(Rejection::RoleOutOfReach { role });
    admin().when(assign(CARL, Role::AccountAdmin)).then_refused(Rejection::GlobalAdminOnly);
    admin()
        .when(assign(BEA, Role::ReportViewer))
        .then_refused(Rejection::SelfGrant { role: Role::ReportViewer });
    admin()
        .when(add(PartnerUserId::from_uuid(uuid::Uuid::from_u128(7)), "dora", &[]))
        .then_refused(Rejection::Forbidden { permission: Permission::PartnerUsersManage });
}

#[test]
fn an_agent_grants_nothing() {
    team()
        .after(assign(CARL, Role::AdminAgent))
        .by(provider_user(CARL))
        .when(assign(BEA, Role::SalesAgent))
        .then_refused(Rejection::Forbidden { permission: Permission::RolesAssign });
}

#[test]
fn revoking_the_last_role_leaves_the_default_level() {
    let scenario = team()
        .after(assign(CARL, Role::SalesAgent))
        .when(revoke(CARL, Role::SalesAgent))
        .then([RoleRevoked { user_id: CARL, role: Role::SalesAgent }]);
    let carl = scenario.state().user(CARL).unwrap();
    assert_eq!(carl.roles().collect::<Vec<_>>(), [Role::DefaultAccess]);
}

#[test]
fn the_default_level_is_not_revoked() {
    team().when(revoke(CARL, Role::DefaultAccess)).then_refused(Rejection::DefaultLevelStays);
}

#[test]
fn a_default_level_that_was_withheld_is_granted_later() {
    let dora = PartnerUserId::from_uuid(uuid::Uuid::from_u128(7));
    let withheld = AddPartnerUser { withhold_default_access: true, ..add(dora, "dora", &[]) };
    team()
        .after(withheld)
        .when(revoke(dora, Role::DefaultAccess))
        .then_refused(Rejection::RoleNotHeld { role: Role::DefaultAccess })
        .when(assign(dora, Role::DefaultAccess))
        .then([RoleAssigned { user_id: dora, role: Role::DefaultAccess }]);
}

#[test]
fn a_role_that_is_not_held_is_not_revoked() {
    let not_held = Rejection::RoleNotHeld { role: Role::SalesAgent };
    team()
        .after(assign(CARL, Role::AdminAgent))
        .when(revoke(CARL, Role::SalesAgent))
        .then_refused(not_held);
}

#[test]
fn the_last_global_admin_keeps_the_role_whoever_asks() {
    for actor in [Actor::Operator, provider_user(ANA)] {
        team()
            .by(actor)
            .when(revoke(ANA, Role::GlobalAdmin))
            .then_refused(Rejection::LastGlobalAdmin);
    }
    team()
        .by(Actor::Operator)
        .when(assign(ANA, Role::BillingAdmin))
        .then_refused(Rejection::LastGlobalAdmin);
}

#[test]
fn a_global_admin_steps_down_while_another_is_left() {
    team()
        .after(assign(CARL, Role::GlobalAdmin))
        .when(revoke(ANA, Role::GlobalAdmin))
        .then([RoleRevoked { user_id: ANA, role: Role::GlobalAdmin }]);
}

#[test]
fn a_deleted_global_admin_does_not_count() {
    team()
        .after(assign(CARL, Role::GlobalAdmin))
        .after(commands::DeletePartnerUser { user_id: CARL })
        .when(revoke(ANA, Role::GlobalAdmin))
        .then_refused(Rejection::LastGlobalAdmin);
}

#[test]
fn the_operator_elevates_a_user_where_no_global_admin_acts() {
    team().by(Actor::Operator).when(assign(BEA, Role::GlobalAdmin)).then([RoleReplaced {
        user_id: BEA,
        category: RoleCategory::Admin,
        old: Role::UserManagementAdmin,
        new: Role::GlobalAdmin,
    }]);
}
