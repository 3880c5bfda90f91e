//! Signing in by the same rules for users of partners, users of customers, operators and auditors.

use commands::{
    ChangeCustomerUserPassword, ChangePartnerUserPassword, ChosenPassword, Customer,
    DeleteCustomerUsers, DeletePartnerUser, FAILURE_COUNTS_MINUTES, IssueCustomerUserToken,
    IssueToken, LOCK_OUT_MINUTES, Partner, PasswordFault, PasswordProof, Rejection,
    ResetCustomerUserPassword, ResetPartnerUserPassword, RestoreCustomerUser, RestorePartnerUser,
    RevokeRole, SESSION_HOURS, SESSIONS_OF_ACCOUNT_MAX, SIGN_IN_FAILURES_MAX, SignInCustomerUser,
    SignInPartnerUser, SignOutCustomerUser, SignOutPartnerUser, scenario::Scenario,
};
use events::{
    AccessTokenRevoked, Actor, CustomerUserSignInFailed, CustomerUserSignedIn,
    CustomerUserSignedOut, PartnerEvent, PartnerUserPasswordChanged, PartnerUserPasswordReset,
    PartnerUserSignInFailed, PartnerUserSignedIn, PartnerUserSignedOut, Role, Timestamp, TokenId,
};
use uuid::Uuid;

use crate::samples::{
    ANA, BEA, CONTOSO, ROOT, contoso_with_users, credential, hour, new_partner_user, provider,
    provider_user,
};

const fn session(number: u128) -> TokenId {
    TokenId::from_uuid(Uuid::from_u128(0x5e55_0000 + number))
}

/// The provider with Bea, who has the default level and, where asked for, a role.
fn bea(roles: &[Role], withhold: bool) -> Scenario<Partner> {
    provider().after(commands::AddPartnerUser {
        user: new_partner_user(BEA, "bea"),
        withhold_default_access: withhold,
        roles: roles.to_vec(),
    })
}

fn password_of(scenario: &Scenario<Partner>) -> events::CredentialId {
    scenario.state().user(BEA).unwrap().credential_id
}

fn attempt(scenario: &Scenario<Partner>, number: u128, matches: bool) -> SignInPartnerUser {
    let proof = PasswordProof { credential_id: password_of(scenario), matches };
    SignInPartnerUser { user_id: BEA, session_id: session(number), proof }
}

fn signs_in(scenario: Scenario<Partner>, number: u128) -> Scenario<Partner> {
    let command = attempt(&scenario, number, true);
    scenario.by(provider_user(BEA)).after(command)
}

fn fails(scenario: Scenario<Partner>, times: u32) -> Scenario<Partner> {
    (0..times).fold(scenario.by(Actor::Visitor), |scenario, _| {
        let command = attempt(&scenario, 1, false);
        scenario.after(command)
    })
}

fn minutes(from: Timestamp, minutes: i64) -> Timestamp {
    from.plus_seconds(minutes * 60)
}

fn chosen(number: u128) -> ChosenPassword {
    ChosenPassword {
        credential_id: credential(number),
        characters: 12,
        has_control_characters: false,
        is_the_old_one: false,
        holds_the_name: false,
    }
}

fn change(scenario: &Scenario<Partner>, chosen: ChosenPassword) -> ChangePartnerUserPassword {
    let proof = PasswordProof { credential_id: password_of(scenario), matches: true };
    ChangePartnerUserPassword { user_id: BEA, session_id: Some(session(1)), proof, chosen }
}

#[test]
fn the_right_password_begins_a_session_of_eight_hours() {
    let scenario = bea(&[], false).at(hour(1));
    let command = attempt(&scenario, 1, true);
    let expires_at = hour(1 + SESSION_HOURS);
    let scenario = scenario.by(provider_user(BEA)).when(command).then([PartnerUserSignedIn {
        user_id: BEA,
        session_id: session(1),
        expires_at,
    }]);
    let sign_in = &scenario.state().user(BEA).unwrap().sign_in;
    assert_eq!(sign_in.session(session(1)), Some(expires_at));
    assert!(sign_in.must_change_password());
}

#[test]
fn nobody_is_signed_in_as_somebody_else_and_nobody_fails_in_the_name_of_a_user() {
    let scenario = bea(&[], false);
    let (right, wrong) = (attempt(&scenario, 1, true), attempt(&scenario, 1, false));
    for actor in [Actor::Visitor, Actor::Operator, provider_user(ANA)] {
        scenario.clone().by(actor).when(right).then_refused(Rejection::ActorNotAllowed);
    }
    scenario.by(provider_user(BEA)).when(wrong).then_refused(Rejection::ActorNotAllowed);
}

#[test]
fn wrong_passwords_in_a_row_lock_the_account_for_a_while_whatever_the_password() {
    let now = hour(1);
    let scenario = fails(bea(&[], false).at(now), SIGN_IN_FAILURES_MAX - 1);
    let until = minutes(now, LOCK_OUT_MINUTES);
    let (wrong, right) = (attempt(&scenario, 1, false), attempt(&scenario, 1, true));
    let locked = scenario.when(wrong).then([PartnerUserSignInFailed {
        user_id: BEA,
        failures: SIGN_IN_FAILURES_MAX,
        counted_until: minutes(now, FAILURE_COUNTS_MINUTES),
        locked_until: Some(until),
    }]);
    let locked = locked.when(wrong).then_refused(Rejection::LockedOut { until });
    let just_before = until.plus_seconds(-1);
    let locked = locked.at(just_before).by(provider_user(BEA));
    let locked = locked.when(right).then_refused(Rejection::LockedOut { until });
    let open = signs_in(locked.at(until), 1);
    assert!(open.state().user(BEA).unwrap().sign_in.session(session(1)).is_some());
}

#[test]
fn failures_count_in_a_row_only_and_for_a_while() {
    let now = hour(1);
    let failure = |at, failures| PartnerUserSignInFailed {
        user_id: BEA,
        failures,
        counted_until: minutes(at, FAILURE_COUNTS_MINUTES),
        locked_until: None,
    };
    let scenario = fails(bea(&[], false).at(now), SIGN_IN_FAILURES_MAX - 1);
    let wrong = attempt(&scenario, 1, false);
    let later = minutes(now, FAILURE_COUNTS_MINUTES);
    scenario.clone().at(later).when(wrong).then([failure(later, 1)]);
    let scenario = signs_in(scenario, 1);
    scenario.by(Actor::Visitor).when(wrong).then([failure(now, 1)]);
}

#[test]
fn after_a_lock_the_row_begins_anew() {
    let now = hour(1);
    let scenario = fails(bea(&[], false).at(now), SIGN_IN_FAILURES_MAX);
    let at = minutes(now, LOCK_OUT_MINUTES);
    let wrong = attempt(&scenario, 1, false);
    let counted_until = minutes(at, FAILURE_COUNTS_MINUTES);
    scenario.at(at).when(wrong).then([PartnerUserSignInFailed {
        user_id: BEA,
        failures: 1,
        counted_until,
        locked_until: None,
    }]);
}

#[test]
fn a_reset_opens_a_locked_account_for_the_new_password_only() {
    let scenario = fails(bea(&[], false).at(hour(1)), SIGN_IN_FAILURES_MAX);
    let old = attempt(&scenario, 1, true);
    let reset = ResetPartnerUserPassword {
        user_id: BEA,
        credential_id: credential(77),
        password_expires_at: hour(99),
    };
    let scenario = scenario.by(provider_user(ANA)).after(reset).by(provider_user(BEA));
    let scenario = scenario.when(old).then_refused(Rejection::SignInRefused);
    let scenario = signs_in(scenario, 2);
    assert!(scenario.state().user(BEA).unwrap().sign_in.session(session(2)).is_some());
}

#[test]
fn a_reset_ends_every_session_and_revokes_every_token() {
    let token_id = session(99);
    let scenario = signs_in(bea(&[], false).at(hour(1)), 1).by(provider_user(ANA));
    let issue = IssueToken { token_id, user_id: BEA, expires_at: hour(50) };
    let reset = ResetPartnerUserPassword {
        user_id: BEA,
        credential_id: credential(77),
        password_expires_at: hour(99),
    };
    let expected: [PartnerEvent; 2] = [
        AccessTokenRevoked { token_id, user_id: BEA }.into(),
        PartnerUserPasswordReset {
            user_id: BEA,
            credential_id: credential(77),
            password_expires_at: hour(99),
        }
        .into(),
    ];
    let scenario = scenario.after(issue).when(reset).then(expected);
    let user = scenario.state().user(BEA).unwrap();
    assert!(
        user.sign_in.session(session(1)).is_none() && scenario.state().token(token_id).is_none()
    );
}

#[test]
fn the_own_password_is_chosen_by_the_user_itself_and_ends_the_other_sessions() {
    let scenario = signs_in(signs_in(bea(&[], false), 1), 2);
    let command = change(&scenario, chosen(5));
    for actor in [Actor::Operator, Actor::Visitor, provider_user(ANA)] {
        scenario.clone().by(actor).when(command).then_refused(Rejection::ActorNotAllowed);
    }
    let scenario = scenario.when(command).then([PartnerUserPasswordChanged {
        user_id: BEA,
        credential_id: credential(5),
        session_id: Some(session(1)),
    }]);
    let sign_in = &scenario.state().user(BEA).unwrap().sign_in;
    assert!(!sign_in.must_change_password());
    assert!(sign_in.session(session(1)).is_some() && sign_in.session(session(2)).is_none());
}

#[test]
fn a_password_that_nobody_may_choose_is_refused_with_its_fault() {
    let scenario = signs_in(bea(&[], false), 1);
    let faulty = [
        (ChosenPassword { characters: 11, ..chosen(5) }, PasswordFault::TooShort),
        (ChosenPassword { characters: 257, ..chosen(5) }, PasswordFault::TooLong),
        (
            ChosenPassword { has_control_characters: true, ..chosen(5) },
            PasswordFault::ControlCharacters,
        ),
        (ChosenPassword { is_the_old_one: true, ..chosen(5) }, PasswordFault::TheOldOne),
        (ChosenPassword { holds_the_name: true, ..chosen(5) }, PasswordFault::HoldsTheName),
    ];
    for (chosen, fault) in faulty {
        let command = change(&scenario, chosen);
        scenario.clone().when(command).then_refused(Rejection::UnfitPassword { fault });
    }
    let longest = ChosenPassword { characters: 256, ..chosen(5) };
    let command = change(&scenario, longest);
    assert!(!scenario.after(command).state().user(BEA).unwrap().sign_in.must_change_password());
}

#[test]
fn a_wrong_old_password_counts_as_a_failure_to_sign_in() {
    let now = hour(1);
    let scenario = signs_in(bea(&[], false).at(now), 1);
    let mut command = change(&scenario, chosen(5));
    command.proof.matches = false;
    scenario.when(command).then([PartnerUserSignInFailed {
        user_id: BEA,
        failures: 1,
        counted_until: minutes(now, FAILURE_COUNTS_MINUTES),
        locked_until: None,
    }]);
}

#[test]
fn a_session_is_ended_once_and_by_its_own_user() {
    let scenario = signs_in(bea(&[], false), 1);
    let command = SignOutPartnerUser { user_id: BEA, session_id: session(1) };
    scenario.clone().by(provider_user(ANA)).when(command).then_refused(Rejection::ActorNotAllowed);
    let ended = PartnerUserSignedOut { user_id: BEA, session_id: session(1) };
    scenario.when(command).then([ended]).when(command).then_nothing();
}

#[test]
fn the_oldest_of_too_many_sessions_ends() {
    let most = u128::try_from(SESSIONS_OF_ACCOUNT_MAX).unwrap();
    let scenario = (0..=most).fold(bea(&[], false), |scenario, number| {
        let at = hour(1).plus_seconds(i64::try_from(number).unwrap());
        signs_in(scenario.at(at), number)
    });
    let sign_in = &scenario.state().user(BEA).unwrap().sign_in;
    assert!(sign_in.session(session(0)).is_none());
    assert!((1..=most).all(|number| sign_in.session(session(number)).is_some()));
}

#[test]
fn a_user_without_role_and_default_level_is_not_signed_in_for_that_reason() {
    let scenario = bea(&[Role::SalesAgent], true);
    let revoke = RevokeRole { user_id: BEA, role: Role::SalesAgent };
    let scenario = scenario.by(provider_user(ANA)).after(revoke).by(provider_user(BEA));
    let command = attempt(&scenario, 1, true);
    scenario.when(command).then_refused(Rejection::NoRole);
}

#[test]
fn a_restored_partner_user_has_neither_its_sessions_nor_its_tokens_back() {
    let token_id = session(99);
    let issue = IssueToken { token_id, user_id: BEA, expires_at: hour(50) };
    let scenario = signs_in(bea(&[], false).at(hour(1)), 1).by(provider_user(ANA)).after(issue);
    let scenario = scenario
        .after(DeletePartnerUser { user_id: BEA })
        .after(RestorePartnerUser { user_id: BEA, renamed: None });
    let user = scenario.state().active_user(BEA).unwrap();
    assert!(
        user.sign_in.session(session(1)).is_none() && scenario.state().token(token_id).is_none()
    );
}

#[test]
fn a_deleted_user_does_not_sign_in() {
    let scenario = bea(&[], false).by(provider_user(ANA));
    let command = attempt(&scenario, 1, true);
    let scenario = scenario.after(DeletePartnerUser { user_id: BEA }).by(provider_user(BEA));
    scenario.when(command).then_refused(Rejection::SignInRefused);
}

const ROOT_ACTOR: Actor = Actor::CustomerUser { customer: CONTOSO, user: ROOT };

fn at_contoso(scenario: &Scenario<Customer>, matches: bool) -> SignInCustomerUser {
    let credential_id = scenario.state().user(ROOT).unwrap().credential_id;
    let proof = PasswordProof { credential_id, matches };
    SignInCustomerUser { user_id: ROOT, session_id: session(1), proof }
}

#[test]
fn a_customer_user_signs_in_by_the_same_rules() {
    let scenario = contoso_with_users(1, 1).at(hour(1));
    let (right, wrong) = (at_contoso(&scenario, true), at_contoso(&scenario, false));
    let failed = CustomerUserSignInFailed {
        user_id: ROOT,
        failures: 1,
        counted_until: minutes(hour(1), FAILURE_COUNTS_MINUTES),
        locked_until: None,
    };
    let signed_in = CustomerUserSignedIn {
        user_id: ROOT,
        session_id: session(1),
        expires_at: hour(1 + SESSION_HOURS),
    };
    let scenario = scenario.by(Actor::Visitor).when(wrong).then([failed]);
    let foreign = Actor::CustomerUser { customer: CONTOSO, user: crate::samples::customer_user(1) };
    let scenario = scenario.by(foreign).when(right).then_refused(Rejection::ActorNotAllowed);
    let scenario = scenario.by(ROOT_ACTOR).when(right).then([signed_in]);
    let sign_out = SignOutCustomerUser { user_id: ROOT, session_id: session(1) };
    let ended = CustomerUserSignedOut { user_id: ROOT, session_id: session(1) };
    scenario.when(sign_out).then([ended]).when(sign_out).then_nothing();
}

#[test]
fn the_password_that_a_customer_user_chose_takes_the_place_of_the_old_one() {
    let scenario = contoso_with_users(1, 1).by(ROOT_ACTOR);
    let old = at_contoso(&scenario, true);
    let (user_id, proof) = (ROOT, old.proof);
    let scenario = scenario.after(ChangeCustomerUserPassword {
        user_id,
        session_id: None,
        proof,
        chosen: chosen(77),
    });
    let scenario = scenario.when(old).then_refused(Rejection::SignInRefused);
    let new = at_contoso(&scenario, true);
    assert_eq!(new.proof.credential_id, credential(77));
    let signed_in = scenario.after(new);
    assert!(signed_in.state().user(ROOT).unwrap().sign_in.session(session(1)).is_some());
}

#[test]
fn wrong_passwords_in_a_row_lock_a_customer_user_out_as_well() {
    let scenario = contoso_with_users(1, 1).at(hour(1)).by(Actor::Visitor);
    let (right, wrong) = (at_contoso(&scenario, true), at_contoso(&scenario, false));
    let locked = (0..SIGN_IN_FAILURES_MAX).fold(scenario, |scenario, _| scenario.after(wrong));
    let until = minutes(hour(1), LOCK_OUT_MINUTES);
    locked.by(ROOT_ACTOR).when(right).then_refused(Rejection::LockedOut { until });
}

#[test]
fn a_restored_customer_user_has_neither_its_sessions_nor_its_tokens_back() {
    let token_id = session(99);
    let user_id = crate::samples::customer_user(1);
    let scenario = contoso_with_users(1, 1).by(Actor::Operator);
    let scenario =
        scenario.after(IssueCustomerUserToken { token_id, user_id, expires_at: hour(99) });
    assert!(scenario.state().user(user_id).unwrap().sign_in.token(token_id).is_some());
    let scenario = scenario
        .after(DeleteCustomerUsers { user_ids: vec![user_id] })
        .after(RestoreCustomerUser { user_id, renamed: None });
    assert!(scenario.state().user(user_id).unwrap().sign_in.token(token_id).is_none());
}

#[test]
fn a_reset_ends_the_tokens_of_a_customer_user() {
    let token_id = session(99);
    let issue = IssueCustomerUserToken { token_id, user_id: ROOT, expires_at: hour(99) };
    let reset = ResetCustomerUserPassword { user_id: ROOT, credential_id: credential(9) };
    let scenario = contoso_with_users(1, 1).by(Actor::Operator).after(issue).after(reset);
    assert!(scenario.state().user(ROOT).unwrap().sign_in.token(token_id).is_none());
}

#[test]
fn nobody_of_a_partner_makes_a_token_that_acts_as_a_customer_user() {
    let issue =
        IssueCustomerUserToken { token_id: session(99), user_id: ROOT, expires_at: hour(99) };
    let scenario = contoso_with_users(1, 1);
    let refused = Rejection::ActorNotAllowed;
    let scenario = scenario.by(provider_user(ANA)).when(issue).then_refused(refused);
    let scenario = scenario.by(ROOT_ACTOR).after(issue);
    assert!(scenario.state().user(ROOT).unwrap().sign_in.token(session(99)).is_some());
}
