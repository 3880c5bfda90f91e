use commands::{
    AddPartnerUser, AssignRole, DeletePartnerUser, EditPartnerUser, NameKind, Partner,
    PartnerUserStatus, PurgePartnerUser, RESTORE_WINDOW_HOURS, RegisterPartner, Rejection,
    RenamedPartnerUser, ResetPartnerUserPassword, RestorePartnerUser, scenario::Scenario,
};
use events::{
    Actor, PartnerEvent, PartnerRegistered, PartnerUserAdded, PartnerUserDeleted,
    PartnerUserEdited, PartnerUserId, PartnerUserPasswordReset, PartnerUserPurged,
    PartnerUserRestored, Personal, Role, RoleAssigned, RoleCategory, WithheldRole,
};

use crate::samples::{
    ANA, BEA, CARL, PURGE, STRANGER, a_customer_user, credential, hash, hour, just_before,
    new_partner_user, partner_profile, provider, provider_user, register_provider, somebody_of,
};

fn add(user_id: PartnerUserId, name: &str, roles: &[Role]) -> AddPartnerUser {
    AddPartnerUser {
        user: new_partner_user(user_id, name),
        withhold_default_access: false,
        roles: roles.to_vec(),
    }
}

/// The provider with Ana, Bea who manages users, and Carl who sells.
fn team() -> Scenario<Partner> {
    provider()
        .after(add(BEA, "bea", &[Role::UserManagementAdmin]))
        .after(add(CARL, "carl", &[Role::SalesAgent]))
        .by(provider_user(ANA))
}

fn added(user_id: PartnerUserId, name: &str) -> PartnerEvent {
    let user = new_partner_user(user_id, name);
    PartnerUserAdded {
        user_id,
        sign_in_name: user.sign_in_name,
        credential_id: user.credential_id,
        password_expires_at: user.password_expires_at,
        profile: Personal::open(user_id.into(), user.profile),
    }
    .into()
}

fn assigned(user_id: PartnerUserId, role: Role) -> PartnerEvent {
    RoleAssigned { user_id, role }.into()
}

fn deleted(user_id: PartnerUserId, roles: &[Role], now: i64) -> PartnerUserDeleted {
    let restorable_until = hour(now + RESTORE_WINDOW_HOURS);
    PartnerUserDeleted { user_id, roles: roles.to_vec(), restorable_until }
}

const fn restore(user_id: PartnerUserId) -> RestorePartnerUser {
    RestorePartnerUser { user_id, renamed: None }
}

#[test]
fn a_partner_is_registered_with_its_first_user_who_is_global_admin() {
    let command = register_provider();
    let RegisterPartner { partner_id, kind, name, country, mpn_id, .. } = command.clone();
    let registered = PartnerRegistered { partner_id, kind, name, country, mpn_id };
    Scenario::<Partner>::new().when(command).then([
        registered.into(),
        added(ANA, "ana"),
        assigned(ANA, Role::DefaultAccess),
        assigned(ANA, Role::GlobalAdmin),
    ]);
}

#[test]
fn a_partner_is_registered_once() {
    provider().when(register_provider()).then_refused(Rejection::AlreadyExists { what: "partner" });
}

#[test]
fn only_the_operator_registers_partners() {
    for actor in [provider_user(ANA), a_customer_user(), PURGE] {
        Scenario::<Partner>::new()
            .by(actor)
            .when(register_provider())
            .then_refused(Rejection::ActorNotAllowed);
    }
}

#[test]
fn an_added_user_has_the_default_level_and_the_roles_asked_for() {
    provider().by(provider_user(ANA)).when(add(BEA, "bea", &[Role::SalesAgent])).then([
        added(BEA, "bea"),
        assigned(BEA, Role::DefaultAccess),
        assigned(BEA, Role::SalesAgent),
    ]);
}

#[test]
fn the_default_level_is_withheld_where_so_asked() {
    let command = AddPartnerUser { withhold_default_access: true, ..add(BEA, "bea", &[]) };
    provider().by(provider_user(ANA)).when(command).then([added(BEA, "bea")]);
}

#[test]
fn two_roles_of_one_category_are_refused_for_a_new_user() {
    provider()
        .when(add(BEA, "bea", &[Role::SalesAgent, Role::AdminAgent]))
        .then_refused(Rejection::TwoRolesOfCategory { category: RoleCategory::Agent });
}

#[test]
fn a_new_user_may_start_with_roles_of_several_categories() {
    let roles = [Role::ReferralAdmin, Role::BillingAdmin, Role::SalesAgent, Role::SalesAgent];
    provider().when(add(BEA, "bea", &roles)).then([
        added(BEA, "bea"),
        assigned(BEA, Role::DefaultAccess),
        assigned(BEA, Role::BillingAdmin),
        assigned(BEA, Role::SalesAgent),
        assigned(BEA, Role::ReferralAdmin),
    ]);
}

#[test]
fn only_a_global_admin_adds_a_user_with_an_admin_role() {
    let dora = PartnerUserId::from_uuid(uuid::Uuid::from_u128(7));
    team()
        .by(provider_user(BEA))
        .when(add(dora, "dora", &[Role::BillingAdmin]))
        .then_refused(Rejection::GlobalAdminOnly);
}

#[test]
fn a_user_id_and_a_sign_in_name_are_used_once() {
    team()
        .when(add(BEA, "dora", &[]))
        .then_refused(Rejection::AlreadyExists { what: "partner user" });
    let dora = PartnerUserId::from_uuid(uuid::Uuid::from_u128(7));
    team()
        .when(add(dora, "bea", &[]))
        .then_refused(Rejection::NameTaken { kind: NameKind::SignInName });
}

#[test]
fn a_user_whose_roles_do_not_allow_it_does_not_manage_users() {
    let forbidden = Rejection::Forbidden { permission: commands::Permission::PartnerUsersManage };
    team().by(provider_user(CARL)).when(DeletePartnerUser { user_id: BEA }).then_refused(forbidden);
}

#[test]
fn nobody_of_another_partner_touches_the_users() {
    team()
        .by(somebody_of(STRANGER))
        .when(DeletePartnerUser { user_id: BEA })
        .then_refused(Rejection::NotYourPartner);
}

#[test]
fn neither_customer_users_nor_the_purge_manage_partner_users() {
    for actor in [a_customer_user(), PURGE] {
        team()
            .by(actor)
            .when(DeletePartnerUser { user_id: BEA })
            .then_refused(Rejection::ActorNotAllowed);
    }
}

#[test]
fn a_partner_that_is_not_registered_has_no_users() {
    Scenario::<Partner>::new().when(add(BEA, "bea", &[])).then_refused(Rejection::PartnerNotFound);
}

fn edit(user_id: PartnerUserId, name: &str) -> EditPartnerUser {
    EditPartnerUser { user_id, sign_in_name: hash(name), profile: partner_profile(name) }
}

fn edited(user_id: PartnerUserId, name: &str) -> PartnerUserEdited {
    PartnerUserEdited {
        user_id,
        sign_in_name: hash(name),
        profile: Personal::open(user_id.into(), partner_profile(name)),
    }
}

#[test]
fn a_user_gets_another_name_that_is_free() {
    team().when(edit(CARL, "carlo")).then([edited(CARL, "carlo")]);
    team()
        .when(edit(CARL, "bea"))
        .then_refused(Rejection::NameTaken { kind: NameKind::SignInName });
}

#[test]
fn the_name_that_a_user_had_is_free_again_and_the_new_one_is_taken() {
    let renamed = team().after(edit(CARL, "carlo"));
    let taken = Rejection::NameTaken { kind: NameKind::SignInName };
    renamed
        .when(edit(BEA, "carlo"))
        .then_refused(taken)
        .when(edit(BEA, "carl"))
        .then([edited(BEA, "carl")]);
}

#[test]
fn everybody_edits_the_own_profile_and_nobody_else_s_without_the_permission() {
    team().by(provider_user(CARL)).when(edit(CARL, "carlo")).then([edited(CARL, "carlo")]);
    let forbidden = Rejection::Forbidden { permission: commands::Permission::PartnerUsersManage };
    team().by(provider_user(CARL)).when(edit(BEA, "beate")).then_refused(forbidden);
}

#[test]
fn an_unknown_user_is_not_found() {
    let user_id = PartnerUserId::from_uuid(uuid::Uuid::from_u128(404));
    let missing = || Rejection::PartnerUserNotFound { user_id };
    team().when(edit(user_id, "nobody")).then_refused(missing());
    team().when(DeletePartnerUser { user_id }).then_refused(missing());
    team().when(restore(user_id)).then_refused(missing());
    team().when(AssignRole { user_id, role: Role::SalesAgent }).then_refused(missing());
}

fn reset(user_id: PartnerUserId) -> ResetPartnerUserPassword {
    ResetPartnerUserPassword {
        user_id,
        credential_id: credential(77),
        password_expires_at: hour(100),
    }
}

#[test]
fn a_password_is_reset_and_the_new_credential_counts() {
    let scenario =
        team().by(provider_user(BEA)).when(reset(CARL)).then([PartnerUserPasswordReset {
            user_id: CARL,
            credential_id: credential(77),
            password_expires_at: hour(100),
        }]);
    let carl = scenario.state().user(CARL).unwrap();
    assert_eq!((carl.credential_id, carl.password_expires_at), (credential(77), hour(100)));
}

#[test]
fn only_a_global_admin_resets_the_password_of_a_holder_of_an_admin_role_or_deletes_it() {
    let manager = || team().by(provider_user(BEA));
    manager().when(reset(ANA)).then_refused(Rejection::GlobalAdminOnly);
    manager().when(DeletePartnerUser { user_id: ANA }).then_refused(Rejection::GlobalAdminOnly);
    team().when(DeletePartnerUser { user_id: BEA }).then([deleted(
        BEA,
        &[Role::DefaultAccess, Role::UserManagementAdmin],
        0,
    )]);
}

#[test]
fn a_deleted_user_keeps_its_roles_for_a_restore_within_30_days() {
    let roles = [Role::DefaultAccess, Role::SalesAgent];
    let scenario = team()
        .at(hour(5))
        .by(provider_user(BEA))
        .when(DeletePartnerUser { user_id: CARL })
        .then([deleted(CARL, &roles, 5)]);
    let status = scenario.state().user(CARL).unwrap().status;
    assert_eq!(status, PartnerUserStatus::Deleted { restorable_until: hour(725) });
    assert!(scenario.state().active_user(CARL).is_none());
}

#[test]
fn a_deleted_user_is_neither_edited_nor_given_roles_nor_deleted_again() {
    let gone = || team().after(DeletePartnerUser { user_id: CARL });
    gone().when(edit(CARL, "carlo")).then_refused(Rejection::UserIsDeleted);
    gone().when(reset(CARL)).then_refused(Rejection::UserIsDeleted);
    gone().when(DeletePartnerUser { user_id: CARL }).then_refused(Rejection::UserIsDeleted);
    gone()
        .when(AssignRole { user_id: CARL, role: Role::AdminAgent })
        .then_refused(Rejection::UserIsDeleted);
}

#[test]
fn the_last_global_admin_is_not_deleted_not_even_by_the_operator() {
    for actor in [Actor::Operator, provider_user(ANA)] {
        team()
            .by(actor)
            .when(DeletePartnerUser { user_id: ANA })
            .then_refused(Rejection::LastGlobalAdmin);
    }
}

#[test]
fn a_global_admin_is_deleted_while_another_is_left() {
    let roles = [Role::DefaultAccess, Role::GlobalAdmin];
    team()
        .after(AssignRole { user_id: CARL, role: Role::GlobalAdmin })
        .by(provider_user(CARL))
        .when(DeletePartnerUser { user_id: ANA })
        .then([deleted(ANA, &roles, 0)])
        .when(DeletePartnerUser { user_id: CARL })
        .then_refused(Rejection::LastGlobalAdmin);
}

fn restored(user_id: PartnerUserId, roles: &[Role]) -> PartnerUserRestored {
    PartnerUserRestored { user_id, roles: roles.to_vec(), withheld: Vec::new() }
}

#[test]
fn a_deleted_user_is_restored_until_the_moment_before_30_days_have_passed() {
    let gone = || team().at(hour(1)).after(DeletePartnerUser { user_id: CARL });
    let end = hour(721);
    gone()
        .at(just_before(end))
        .when(restore(CARL))
        .then([restored(CARL, &[Role::DefaultAccess, Role::SalesAgent])]);
    gone()
        .at(end)
        .when(restore(CARL))
        .then_refused(Rejection::RestoreWindowPassed { restorable_until: end });
}

#[test]
fn deleting_a_restored_user_again_restarts_the_window() {
    team()
        .after(DeletePartnerUser { user_id: CARL })
        .at(hour(700))
        .after(restore(CARL))
        .when(DeletePartnerUser { user_id: CARL })
        .then([deleted(CARL, &[Role::DefaultAccess, Role::SalesAgent], 700)])
        .at(hour(1400))
        .when(restore(CARL))
        .then([restored(CARL, &[Role::DefaultAccess, Role::SalesAgent])]);
}

#[test]
fn an_active_user_is_not_restored() {
    team().when(restore(CARL)).then_refused(Rejection::UserIsNotDeleted);
}

#[test]
fn an_admin_role_comes_back_only_where_who_restores_could_have_granted_it() {
    let gone = || {
        team()
            .after(AssignRole { user_id: CARL, role: Role::BillingAdmin })
            .after(DeletePartnerUser { user_id: CARL })
    };
    let all = [Role::DefaultAccess, Role::BillingAdmin, Role::SalesAgent];
    gone().when(restore(CARL)).then([restored(CARL, &all)]);
    gone().by(provider_user(BEA)).when(restore(CARL)).then([PartnerUserRestored {
        user_id: CARL,
        roles: vec![Role::DefaultAccess, Role::SalesAgent],
        withheld: vec![WithheldRole { role: Role::BillingAdmin, rule: "global_admin_only".into() }],
    }]);
}

#[test]
fn a_user_whose_name_was_taken_meanwhile_is_restored_under_another_name() {
    let dora = PartnerUserId::from_uuid(uuid::Uuid::from_u128(7));
    let taken = || team().after(DeletePartnerUser { user_id: CARL }).after(add(dora, "carl", &[]));
    taken().when(restore(CARL)).then_refused(Rejection::RestoreNameTaken);
    let as_name = |name: &str| RestorePartnerUser {
        user_id: CARL,
        renamed: Some(RenamedPartnerUser {
            sign_in_name: hash(name),
            profile: partner_profile(name),
        }),
    };
    let all = [Role::DefaultAccess, Role::SalesAgent];
    taken()
        .when(as_name("carlo"))
        .then([PartnerEvent::from(edited(CARL, "carlo")), restored(CARL, &all).into()]);
    taken().when(as_name("bea")).then_refused(Rejection::NameTaken { kind: NameKind::SignInName });
}

#[test]
fn a_deleted_user_is_purged_from_the_end_of_the_window_on_and_never_comes_back() {
    let gone = || team().after(DeletePartnerUser { user_id: CARL }).by(PURGE);
    let purge = PurgePartnerUser { user_id: CARL };
    gone()
        .at(just_before(hour(720)))
        .when(purge)
        .then_refused(Rejection::RestoreWindowOpen { restorable_until: hour(720) });
    gone()
        .at(hour(720))
        .when(purge)
        .then([PartnerUserPurged { user_id: CARL }])
        .when(purge)
        .then_refused(Rejection::PartnerUserNotFound { user_id: CARL })
        .by(Actor::Operator)
        .when(restore(CARL))
        .then_refused(Rejection::PartnerUserNotFound { user_id: CARL });
}

#[test]
fn no_user_of_the_partner_purges() {
    team()
        .after(DeletePartnerUser { user_id: CARL })
        .at(hour(720))
        .when(PurgePartnerUser { user_id: CARL })
        .then_refused(Rejection::ActorNotAllowed);
}
