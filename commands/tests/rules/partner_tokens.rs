use commands::{
    AddPartnerUser, DeletePartnerUser, IssueToken, Partner, Permission, PurgePartnerUser,
    RESTORE_WINDOW_HOURS, Rejection, RestorePartnerUser, RevokeToken, scenario::Scenario,
};
use events::{
    AccessTokenIssued, AccessTokenRevoked, Actor, PartnerEvent, PartnerUserDeleted, PartnerUserId,
    PartnerUserPurged, Process, Role, TokenId,
};
use uuid::Uuid;

use crate::samples::{ANA, BEA, CARL, hour, new_partner_user, provider, provider_user};

const TOKEN: TokenId = TokenId::from_uuid(Uuid::from_u128(0xc001));
const OTHER: TokenId = TokenId::from_uuid(Uuid::from_u128(0xc002));

fn add(user_id: PartnerUserId, name: &str, role: Role) -> AddPartnerUser {
    AddPartnerUser {
        user: new_partner_user(user_id, name),
        withhold_default_access: false,
        roles: vec![role],
    }
}

fn team() -> Scenario<Partner> {
    provider()
        .after(add(BEA, "bea", Role::UserManagementAdmin))
        .after(add(CARL, "carl", Role::SalesAgent))
        .by(provider_user(ANA))
}

fn issue(user_id: PartnerUserId) -> IssueToken {
    IssueToken { token_id: TOKEN, user_id, expires_at: hour(24) }
}

fn issued(user_id: PartnerUserId) -> AccessTokenIssued {
    AccessTokenIssued { token_id: TOKEN, user_id, expires_at: hour(24) }
}

const fn revoke(user_id: PartnerUserId) -> RevokeToken {
    RevokeToken { token_id: TOKEN, user_id }
}

#[test]
fn a_token_is_issued_and_known_until_it_is_revoked() {
    let scenario = team().when(issue(CARL)).then([issued(CARL)]);
    assert_eq!(scenario.state().token(TOKEN).unwrap().user_id, CARL);
    let scenario =
        scenario.when(revoke(CARL)).then([AccessTokenRevoked { token_id: TOKEN, user_id: CARL }]);
    assert!(scenario.state().token(TOKEN).is_none());
    scenario.when(revoke(CARL)).then_refused(Rejection::TokenNotFound);
}

#[test]
fn everybody_makes_and_revokes_the_own_tokens() {
    team()
        .by(provider_user(CARL))
        .when(issue(CARL))
        .then([issued(CARL)])
        .when(revoke(CARL))
        .then([AccessTokenRevoked { token_id: TOKEN, user_id: CARL }]);
    team().by(provider_user(BEA)).when(issue(BEA)).then([issued(BEA)]);
}

#[test]
fn nobody_makes_a_token_that_acts_with_more_rights_than_he_could_grant() {
    team().by(provider_user(BEA)).when(issue(CARL)).then([issued(CARL)]);
    team().by(provider_user(BEA)).when(issue(ANA)).then_refused(Rejection::GlobalAdminOnly);
    team()
        .by(provider_user(CARL))
        .when(issue(ANA))
        .then_refused(Rejection::Forbidden { permission: Permission::PartnerUsersManage });
}

#[test]
fn a_token_is_revoked_only_as_the_token_of_its_user() {
    team().after(issue(CARL)).when(revoke(BEA)).then_refused(Rejection::TokenNotFound);
}

#[test]
fn a_token_id_is_used_once() {
    team()
        .after(issue(CARL))
        .when(issue(BEA))
        .then_refused(Rejection::AlreadyExists { what: "token" });
}

#[test]
fn a_token_that_would_have_expired_is_not_issued() {
    team().at(hour(24)).when(issue(CARL)).then_refused(Rejection::ExpiryInThePast);
}

#[test]
fn a_deleted_user_gets_no_token() {
    team()
        .after(DeletePartnerUser { user_id: CARL })
        .when(issue(CARL))
        .then_refused(Rejection::UserIsDeleted);
}

#[test]
fn the_live_tokens_of_a_deleted_user_end_with_it_and_do_not_come_back() {
    let expired = IssueToken { token_id: OTHER, user_id: CARL, expires_at: hour(1) };
    let scenario = team()
        .after(issue(CARL))
        .after(expired)
        .at(hour(1))
        .when(DeletePartnerUser { user_id: CARL })
        .then([
            PartnerEvent::from(AccessTokenRevoked { token_id: TOKEN, user_id: CARL }),
            PartnerUserDeleted {
                user_id: CARL,
                roles: vec![Role::DefaultAccess, Role::SalesAgent],
                restorable_until: hour(721),
            }
            .into(),
        ])
        .after(RestorePartnerUser { user_id: CARL, renamed: None });
    assert!(scenario.state().token(TOKEN).is_none());
}

#[test]
fn nothing_is_left_to_revoke_of_a_purged_user() {
    let expired = IssueToken { token_id: OTHER, user_id: CARL, expires_at: hour(1) };
    let scenario = team()
        .after(expired)
        .at(hour(1))
        .after(DeletePartnerUser { user_id: CARL })
        .at(hour(1 + RESTORE_WINDOW_HOURS))
        .by(Actor::System(Process::Purge))
        .when(PurgePartnerUser { user_id: CARL })
        .then([PartnerUserPurged { user_id: CARL }]);
    assert!(scenario.state().token(OTHER).is_none());
    scenario
        .by(provider_user(ANA))
        .when(RevokeToken { token_id: OTHER, user_id: CARL })
        .then_refused(Rejection::TokenNotFound);
}
