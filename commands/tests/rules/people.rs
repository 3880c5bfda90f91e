//! Operators and auditors of the installation: admitted at its command line, within bounds.

use commands::{
    AUDIT_DAYS_MAX, AUDITOR_PERMISSIONS, AddOperator, AdmitAuditor, ChangeAccountPassword,
    ChosenPassword, DismissAuditor, Installation, IssueAccountToken, LOCK_OUT_MINUTES, NewPerson,
    PasswordProof, Permission, Rejection, RemoveOperator, ResetAccountPassword, RevokeAccountToken,
    SIGN_IN_FAILURES_MAX, SignInAccount, SignOutAccount, scenario::Scenario,
};
use events::{
    AccountPasswordChanged, AccountSignedIn, AccountSignedOut, AccountTokenRevoked, Actor,
    AuditScope, AuditorId, InstallationAccount, OperatorId, OperatorRemoved, PersonProfile,
    TokenId,
};
use uuid::Uuid;

use crate::samples::{ANA, PROVIDER, credential, hash, hour, provider_user};

const OLA: OperatorId = OperatorId::from_uuid(Uuid::from_u128(0x0_01a));
const AUD: AuditorId = AuditorId::from_uuid(Uuid::from_u128(0x0_a0d));
const OLA_ACCOUNT: InstallationAccount = InstallationAccount::Operator(OLA);
const AUD_ACCOUNT: InstallationAccount = InstallationAccount::Auditor(AUD);
const TOKEN: TokenId = TokenId::from_uuid(Uuid::from_u128(0x0_70c));

fn person(name: &str) -> NewPerson {
    NewPerson {
        sign_in_name: hash(name),
        credential_id: credential(1),
        password_expires_at: hour(100),
        profile: PersonProfile {
            full_name: name.parse().unwrap(),
            email: format!("{name}@cloud.example").parse().unwrap(),
        },
    }
}

fn add() -> AddOperator {
    AddOperator { operator_id: OLA, person: person("ola") }
}

fn admit(scope: AuditScope, until_hour: i64) -> AdmitAuditor {
    AdmitAuditor { auditor_id: AUD, scope, until: hour(until_hour), person: person("aud") }
}

fn begin() -> Scenario<Installation> {
    Scenario::new().at(hour(0)).by(Actor::Operator)
}

#[test]
fn operators_and_auditors_are_admitted_and_dismissed_at_the_command_line_only() {
    let others = [
        provider_user(ANA),
        Actor::SupportOperator { operator: OLA },
        Actor::Auditor { auditor: AUD },
        Actor::Visitor,
    ];
    let given = begin().after(add()).after(admit(AuditScope::Installation, 10));
    for actor in others {
        let refused = Rejection::ActorNotAllowed;
        let fresh = begin().by(actor);
        fresh.clone().when(add()).then_refused(refused.clone());
        fresh.when(admit(AuditScope::Installation, 10)).then_refused(refused.clone());
        let given = given.clone().by(actor);
        let given = given.when(RemoveOperator { operator_id: OLA }).then_refused(refused.clone());
        let given = given.when(DismissAuditor { auditor_id: AUD }).then_refused(refused.clone());
        let reset = ResetAccountPassword {
            account: OLA_ACCOUNT,
            credential_id: credential(2),
            password_expires_at: hour(9),
        };
        let given = given.when(reset).then_refused(refused.clone());
        let issue =
            IssueAccountToken { token_id: TOKEN, account: OLA_ACCOUNT, expires_at: hour(9) };
        given.when(issue).then_refused(refused);
    }
}

#[test]
fn an_operator_decides_until_it_is_removed() {
    let scenario = begin().after(add());
    assert!(scenario.state().people().authorise_operator(OLA).is_ok());
    let remove = RemoveOperator { operator_id: OLA };
    let scenario = scenario.when(remove).then([OperatorRemoved { operator_id: OLA }]);
    let refused = scenario.state().people().authorise_operator(OLA);
    assert_eq!(refused, Err(Rejection::ActorNotActive));
    let missing = Rejection::InstallationAccountNotFound { account: OLA_ACCOUNT };
    scenario.when(remove).then_refused(missing);
}

#[test]
fn an_auditor_reads_what_auditors_read_until_its_time_is_over() {
    let scenario = begin().after(admit(AuditScope::Partner(PROVIDER), 10));
    let people = scenario.state().people();
    for permission in Permission::ALL.iter().copied() {
        let allowed = people.authorise_auditor(AUD, permission, hour(9));
        if AUDITOR_PERMISSIONS.contains(&permission) {
            let rule = allowed.unwrap();
            assert_eq!(rule.as_str(), format!("auditor:{permission}"));
        } else {
            assert_eq!(allowed, Err(Rejection::Forbidden { permission }));
        }
    }
    assert_eq!(people.audit_scope(AUD, hour(9)), Ok(AuditScope::Partner(PROVIDER)));
    assert_eq!(people.audit_scope(AUD, hour(10)), Err(Rejection::ActorNotActive));
    let scenario = scenario.after(DismissAuditor { auditor_id: AUD });
    let dismissed = scenario.state().people().audit_scope(AUD, hour(9));
    assert_eq!(dismissed, Err(Rejection::ActorNotActive));
}

#[test]
fn an_auditor_is_admitted_for_a_while_that_lies_ahead_and_is_not_too_long() {
    let refused = |until, why| {
        begin().when(admit(AuditScope::Installation, until)).then_refused(why);
    };
    refused(0, Rejection::ExpiryInThePast);
    refused(AUDIT_DAYS_MAX * 24 + 1, Rejection::AuditTooLong { days_max: AUDIT_DAYS_MAX });
    let longest = begin().after(admit(AuditScope::Installation, AUDIT_DAYS_MAX * 24));
    assert!(longest.state().people().get(AUD_ACCOUNT).is_some());
}

#[test]
fn an_account_of_the_installation_signs_in_chooses_a_password_and_signs_out() {
    let operator = Actor::SupportOperator { operator: OLA };
    let proof = PasswordProof { credential_id: credential(1), matches: true };
    let sign_in = SignInAccount { account: OLA_ACCOUNT, session_id: TOKEN, proof };
    let chosen = ChosenPassword {
        credential_id: credential(3),
        characters: 20,
        has_control_characters: false,
        is_the_old_one: false,
        holds_the_name: false,
    };
    let session_id = Some(TOKEN);
    let change = ChangeAccountPassword { account: OLA_ACCOUNT, session_id, proof, chosen };
    let sign_out = SignOutAccount { account: OLA_ACCOUNT, session_id: TOKEN };
    let scenario = begin().after(add()).by(Actor::Visitor).when(sign_in);
    let scenario = scenario.then_refused(Rejection::ActorNotAllowed).by(operator).when(sign_in);
    let scenario = scenario.then([AccountSignedIn {
        account: OLA_ACCOUNT,
        session_id: TOKEN,
        expires_at: hour(commands::SESSION_HOURS),
    }]);
    let scenario = scenario.when(change).then([AccountPasswordChanged {
        account: OLA_ACCOUNT,
        credential_id: credential(3),
        session_id,
    }]);
    let ended = AccountSignedOut { account: OLA_ACCOUNT, session_id: TOKEN };
    scenario.when(sign_out).then([ended]).when(sign_out).then_nothing();
}

#[test]
fn an_account_is_made_once() {
    let twice = Rejection::AlreadyExists { what: "account" };
    let given = begin().after(add()).after(admit(AuditScope::Installation, 10));
    let given = given.when(add()).then_refused(twice.clone());
    given.when(admit(AuditScope::Installation, 10)).then_refused(twice);
}

#[test]
fn a_reset_changes_the_password_and_opens_a_locked_account() {
    let proof = |number, matches| PasswordProof { credential_id: credential(number), matches };
    let sign_in = |proof| SignInAccount { account: OLA_ACCOUNT, session_id: TOKEN, proof };
    let operator = Actor::SupportOperator { operator: OLA };
    let wrong = sign_in(proof(1, false));
    let given = begin().after(add());
    let locked = (0..SIGN_IN_FAILURES_MAX)
        .fold(given.by(Actor::Visitor), |scenario, _| scenario.after(wrong));
    let until = hour(0).plus_seconds(LOCK_OUT_MINUTES * 60);
    let locked = locked.by(operator);
    let locked = locked.when(sign_in(proof(1, true))).then_refused(Rejection::LockedOut { until });
    let reset = locked.by(Actor::Operator).after(ResetAccountPassword {
        account: OLA_ACCOUNT,
        credential_id: credential(2),
        password_expires_at: hour(9),
    });
    let reset = reset.by(operator);
    let old = reset.when(sign_in(proof(1, true))).then_refused(Rejection::SignInRefused);
    let expires_at = hour(commands::SESSION_HOURS);
    let signed_in = AccountSignedIn { account: OLA_ACCOUNT, session_id: TOKEN, expires_at };
    old.when(sign_in(proof(2, true))).then([signed_in]);
}

#[test]
fn nobody_who_has_signed_in_fails_in_the_name_of_an_account() {
    let proof = PasswordProof { credential_id: credential(1), matches: false };
    let wrong = SignInAccount { account: OLA_ACCOUNT, session_id: TOKEN, proof };
    let refused = Rejection::ActorNotAllowed;
    for actor in [Actor::SupportOperator { operator: OLA }, provider_user(ANA), Actor::Operator] {
        begin().after(add()).by(actor).when(wrong).then_refused(refused.clone());
    }
}

#[test]
fn an_auditor_whose_time_is_over_does_not_sign_in() {
    let proof = PasswordProof { credential_id: credential(1), matches: true };
    let sign_in = SignInAccount { account: AUD_ACCOUNT, session_id: TOKEN, proof };
    let scenario = begin().after(admit(AuditScope::Installation, 10)).at(hour(10));
    let scenario = scenario.by(Actor::Auditor { auditor: AUD });
    scenario.when(sign_in).then_refused(Rejection::ActorNotActive);
}

#[test]
fn a_token_of_an_account_works_until_it_is_revoked() {
    let issue = IssueAccountToken { token_id: TOKEN, account: OLA_ACCOUNT, expires_at: hour(9) };
    let revoke = RevokeAccountToken { token_id: TOKEN, account: OLA_ACCOUNT };
    let scenario = begin().after(add()).after(issue);
    let person = scenario.state().people().get(OLA_ACCOUNT).unwrap();
    assert_eq!(person.sign_in.token(TOKEN), Some(hour(9)));
    let revoked = AccountTokenRevoked { token_id: TOKEN, account: OLA_ACCOUNT };
    scenario.when(revoke).then([revoked]).when(revoke).then_refused(Rejection::TokenNotFound);
    let late = IssueAccountToken { expires_at: hour(0), ..issue };
    begin().after(add()).when(late).then_refused(Rejection::ExpiryInThePast);
}
