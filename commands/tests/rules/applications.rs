//! Applications: registered, given secrets, let in, let act for users, revoked.

use commands::{
    APPLICATION_PERMISSIONS, APPLICATIONS_MAX, AddApplicationSecret, AddPartnerUser,
    ApplicationRefusal, AssignRole, BeginApplicationGrant, ChangePartnerUserPassword,
    ChosenPassword, DeletePartnerUser, FAILURE_COUNTS_MINUTES, GRANT_DAYS, GRANTS_OF_USER_MAX,
    LOCK_OUT_MINUTES, Partner, PasswordProof, Permission, RegisterApplication, Rejection,
    RemoveApplicationSecret, RenewApplicationGrant, ResetPartnerUserPassword, RevokeApplication,
    RevokeRole, SECRET_DAYS_MAX, SECRETS_OF_APPLICATION_MAX, SIGN_IN_FAILURES_MAX,
    SignInApplication, authorise_application, scenario::Scenario,
};
use events::{
    Actor, ApplicationGrantBegun, ApplicationGrantEnded, ApplicationGrantRenewed, ApplicationId,
    ApplicationRegistered, ApplicationRevoked, ApplicationSecretAdded, ApplicationSecretId,
    ApplicationSecretRemoved, ApplicationSignInFailed, GrantEnd, PartnerEvent,
    PartnerUserPasswordChanged, Role, TokenId,
};
use uuid::Uuid;

use crate::samples::{
    ANA, BEA, CARL, PROVIDER, RESELLER, credential, hour, new_partner_user, provider,
    provider_user, somebody_of,
};

const IMPORT: ApplicationId = application(1);
const OTHER: ApplicationId = application(2);

const fn application(number: u128) -> ApplicationId {
    ApplicationId::from_uuid(Uuid::from_u128(0xa000 + number))
}

const fn secret(number: u128) -> ApplicationSecretId {
    ApplicationSecretId::from_uuid(Uuid::from_u128(0xb000 + number))
}

const fn token(number: u128) -> TokenId {
    TokenId::from_uuid(Uuid::from_u128(0xc000 + number))
}

fn register(application_id: ApplicationId) -> RegisterApplication {
    RegisterApplication { application_id, name: "Nightly import".parse().unwrap() }
}

fn add(number: u128) -> AddApplicationSecret {
    AddApplicationSecret {
        application_id: IMPORT,
        secret_id: secret(number),
        expires_at: hour(24 * 30),
        others_until: None,
    }
}

const fn come(proved: Option<ApplicationSecretId>) -> SignInApplication {
    SignInApplication { application_id: IMPORT, proved }
}

const fn begin(number: u128) -> BeginApplicationGrant {
    BeginApplicationGrant {
        application_id: IMPORT,
        user_id: BEA,
        grant_id: token(number),
        refresh_id: token(100 + number),
    }
}

const fn renew(presented: u128, next: u128) -> RenewApplicationGrant {
    RenewApplicationGrant {
        application_id: IMPORT,
        grant_id: token(1),
        presented: token(presented),
        next: token(next),
    }
}

const fn itself() -> Actor {
    Actor::Application { partner: PROVIDER, application: IMPORT }
}

/// The provider with Bea, a sales agent who chose her password, and an application with a secret;
/// Ana, the global admin, acts.
fn registered() -> Scenario<Partner> {
    let user = new_partner_user(BEA, "bea");
    let roles = vec![Role::SalesAgent];
    let chosen = PartnerUserPasswordChanged {
        user_id: BEA,
        credential_id: credential(77),
        session_id: None,
    };
    provider()
        .after(AddPartnerUser { user, withhold_default_access: false, roles })
        .and([PartnerEvent::from(chosen)])
        .by(provider_user(ANA))
        .after(register(IMPORT))
        .after(add(1))
}

fn granted() -> Scenario<Partner> {
    registered().by(provider_user(BEA)).after(begin(1))
}

fn fails(scenario: Scenario<Partner>, times: u32) -> Scenario<Partner> {
    (0..times).fold(scenario.by(Actor::Visitor), |scenario, _| scenario.after(come(None)))
}

fn acts_for_bea(scenario: &Scenario<Partner>) -> bool {
    let application = scenario.state().applications().get(IMPORT);
    application.is_some_and(|application| application.grant(token(1)).is_some())
}

#[test]
fn a_global_admin_registers_an_application_gives_it_a_secret_and_revokes_it() {
    let name = "Nightly import".parse().unwrap();
    let scenario = provider().by(provider_user(ANA));
    let scenario = scenario
        .when(register(IMPORT))
        .then([ApplicationRegistered { application_id: IMPORT, name }]);
    let (secret_id, expires_at) = (secret(1), hour(24 * 30));
    let scenario = scenario.when(add(1)).then([ApplicationSecretAdded {
        application_id: IMPORT,
        secret_id,
        expires_at,
        others_until: None,
    }]);
    let command = RevokeApplication { application_id: IMPORT };
    let scenario = scenario.when(command).then([ApplicationRevoked { application_id: IMPORT }]);
    assert!(scenario.state().applications().get(IMPORT).is_none());
    let scenario = scenario.when(command).then_refused_as(ApplicationRefusal::NotFound);
    let scenario = scenario.when(add(2)).then_refused_as(ApplicationRefusal::NotFound);
    scenario.when(register(IMPORT)).then_refused(Rejection::AlreadyExists { what: "application" });
}

#[test]
fn nobody_but_a_global_admin_and_the_operator_manages_applications() {
    let permission = Permission::ApplicationsManage;
    let scenario = registered();
    let commands = || {
        [
            commands::PartnerCommand::from(register(OTHER)),
            add(2).into(),
            RemoveApplicationSecret { application_id: IMPORT, secret_id: secret(1) }.into(),
            RevokeApplication { application_id: IMPORT }.into(),
        ]
    };
    for command in commands() {
        let by = |actor| scenario.clone().by(actor).when(command.clone());
        by(provider_user(BEA)).then_refused(Rejection::Forbidden { permission });
        by(itself()).then_refused_as(ApplicationRefusal::UserRequired);
        by(somebody_of(RESELLER)).then_refused(Rejection::NotYourPartner);
        by(Actor::Visitor).then_refused(Rejection::ActorNotAllowed);
    }
    for command in commands() {
        let _ = scenario.clone().by(Actor::Operator).after(command);
    }
}

#[test]
fn a_partner_has_as_many_applications_as_it_may() {
    let scenario = (0..APPLICATIONS_MAX as u128)
        .fold(provider(), |scenario, number| scenario.after(register(application(number))));
    let limit = APPLICATIONS_MAX;
    let one_more = register(application(1_000));
    let scenario = scenario
        .when(one_more.clone())
        .then_refused_as(ApplicationRefusal::TooManyApplications { limit });
    let scenario = scenario.after(RevokeApplication { application_id: IMPORT });
    let _ = scenario.after(one_more);
}

#[test]
fn a_secret_works_for_a_while_that_lies_ahead_and_is_not_too_long() {
    let scenario = registered().at(hour(1));
    let until = |expires_at| AddApplicationSecret { expires_at, ..add(2) };
    let longest = hour(1).plus_hours(SECRET_DAYS_MAX * 24);
    let days_max = SECRET_DAYS_MAX;
    let scenario = scenario.when(until(hour(1))).then_refused(Rejection::ExpiryInThePast);
    let scenario = scenario
        .when(until(longest.plus_seconds(1)))
        .then_refused_as(ApplicationRefusal::SecretLivesTooLong { days_max });
    let _ = scenario.after(until(longest));
}

#[test]
fn an_application_has_as_many_secrets_as_it_may() {
    let many = SECRETS_OF_APPLICATION_MAX as u128;
    let scenario = (2..=many).fold(registered(), |scenario, number| scenario.after(add(number)));
    let limit = SECRETS_OF_APPLICATION_MAX;
    let one_more = add(many + 1);
    let scenario =
        scenario.when(one_more).then_refused_as(ApplicationRefusal::TooManySecrets { limit });
    let removed = ApplicationSecretRemoved { application_id: IMPORT, secret_id: secret(1) };
    let command = RemoveApplicationSecret { application_id: IMPORT, secret_id: secret(1) };
    let scenario = scenario.when(command).then([removed]);
    let scenario = scenario.when(command).then_refused_as(ApplicationRefusal::SecretNotFound);
    let _ = scenario.after(one_more);
}

#[test]
fn a_rolled_secret_works_on_for_as_long_as_was_said_and_never_longer_than_before() {
    let works = |scenario: &Scenario<Partner>, number, at| {
        let application = scenario.state().applications().get(IMPORT).unwrap();
        application.secrets_at(at).any(|it| it == secret(number))
    };
    let rolled =
        |until| registered().after(AddApplicationSecret { others_until: Some(until), ..add(2) });
    let scenario = rolled(hour(24));
    assert!(works(&scenario, 1, hour(23)) && works(&scenario, 2, hour(23)));
    assert!(!works(&scenario, 1, hour(24)) && works(&scenario, 2, hour(24)));
    let scenario = rolled(hour(24 * 60));
    assert!(!works(&scenario, 1, hour(24 * 30)));
}

#[test]
fn a_right_secret_lets_an_application_in_and_is_not_recorded() {
    let scenario = registered().by(Actor::Visitor);
    let scenario = scenario.when(come(Some(secret(1)))).then_nothing();
    let expired = scenario.at(hour(24 * 30)).when(come(Some(secret(1))));
    expired.then([ApplicationSignInFailed {
        application_id: IMPORT,
        failures: 1,
        counted_until: hour(24 * 30).plus_seconds(FAILURE_COUNTS_MINUTES * 60),
        locked_until: None,
    }]);
}

#[test]
fn wrong_secrets_in_a_row_lock_an_application_for_a_while_whatever_the_secret() {
    let now = hour(1);
    let until = now.plus_seconds(LOCK_OUT_MINUTES * 60);
    let scenario = fails(registered().at(now), SIGN_IN_FAILURES_MAX - 1);
    let scenario = scenario.when(come(None)).then([ApplicationSignInFailed {
        application_id: IMPORT,
        failures: SIGN_IN_FAILURES_MAX,
        counted_until: now.plus_seconds(FAILURE_COUNTS_MINUTES * 60),
        locked_until: Some(until),
    }]);
    let right = come(Some(secret(1)));
    let scenario = scenario.when(right).then_refused(Rejection::LockedOut { until });
    scenario.at(until).when(right).then_nothing();
}

#[test]
fn an_application_that_is_not_there_or_was_revoked_is_refused_alike() {
    let unknown = SignInApplication { application_id: OTHER, proved: None };
    let scenario = registered();
    let revoked = scenario.after(RevokeApplication { application_id: IMPORT }).by(Actor::Visitor);
    let revoked = revoked.when(unknown).then_refused(Rejection::SignInRefused);
    let revoked = revoked.when(come(Some(secret(1)))).then_refused(Rejection::SignInRefused);
    revoked
        .by(provider_user(ANA))
        .when(come(Some(secret(1))))
        .then_refused(Rejection::ActorNotAllowed);
}

#[test]
fn an_application_acts_for_a_user_who_lets_it_and_for_nobody_else() {
    let expires_at = hour(GRANT_DAYS * 24);
    let scenario = registered();
    for actor in [provider_user(ANA), Actor::Operator, itself(), Actor::Visitor] {
        scenario.clone().by(actor).when(begin(1)).then_refused(Rejection::ActorNotAllowed);
    }
    let scenario = scenario.by(provider_user(BEA)).when(begin(1)).then([ApplicationGrantBegun {
        application_id: IMPORT,
        user_id: BEA,
        grant_id: token(1),
        refresh_id: token(101),
        expires_at,
    }]);
    assert!(acts_for_bea(&scenario));
    let unknown = BeginApplicationGrant { application_id: OTHER, ..begin(2) };
    scenario.when(unknown).then_refused_as(ApplicationRefusal::NotFound);
}

#[test]
fn nobody_lets_an_application_act_before_the_temporary_password_is_another() {
    let user = new_partner_user(CARL, "carl");
    let scenario = registered().after(AddPartnerUser {
        user,
        withhold_default_access: false,
        roles: Vec::new(),
    });
    let command = BeginApplicationGrant { user_id: CARL, ..begin(1) };
    scenario.by(provider_user(CARL)).when(command).then_refused(Rejection::SignInRefused);
}

#[test]
fn a_refresh_token_is_exchanged_once_and_a_second_time_ends_the_grant() {
    let scenario = granted().at(hour(1)).by(itself());
    let renewed = ApplicationGrantRenewed {
        application_id: IMPORT,
        grant_id: token(1),
        refresh_id: token(201),
        expires_at: hour(1 + GRANT_DAYS * 24),
    };
    let scenario = scenario.when(renew(101, 201)).then([renewed]);
    let cause = GrantEnd::RefreshTokenReused;
    let ended = ApplicationGrantEnded { application_id: IMPORT, grant_id: token(1), cause };
    let scenario = scenario.when(renew(101, 202)).then([ended]);
    scenario.when(renew(201, 203)).then_refused_as(ApplicationRefusal::GrantNotFound);
}

#[test]
fn a_grant_is_renewed_by_its_own_application_before_it_ends() {
    let scenario = granted();
    let other = Actor::Application { partner: PROVIDER, application: OTHER };
    for actor in [other, provider_user(BEA), Actor::Visitor, Actor::Operator] {
        scenario.clone().by(actor).when(renew(101, 201)).then_refused(Rejection::ActorNotAllowed);
    }
    let over = scenario.at(hour(GRANT_DAYS * 24)).by(itself());
    over.when(renew(101, 201)).then_refused_as(ApplicationRefusal::GrantNotFound);
}

#[test]
fn a_changed_or_reset_password_a_deletion_and_a_revocation_end_what_was_granted() {
    let proof = PasswordProof { credential_id: credential(77), matches: true };
    let chosen = ChosenPassword {
        credential_id: credential(78),
        characters: 20,
        has_control_characters: false,
        is_the_old_one: false,
        holds_the_name: false,
    };
    let changed = ChangePartnerUserPassword { user_id: BEA, session_id: None, proof, chosen };
    assert!(!acts_for_bea(&granted().after(changed)));
    let reset = ResetPartnerUserPassword {
        user_id: BEA,
        credential_id: credential(79),
        password_expires_at: hour(48),
    };
    let by_ana = || granted().by(provider_user(ANA));
    assert!(!acts_for_bea(&by_ana().after(reset)));
    assert!(!acts_for_bea(&by_ana().after(DeletePartnerUser { user_id: BEA })));
    assert!(!acts_for_bea(&by_ana().after(RevokeApplication { application_id: IMPORT })));
    let another_role = AssignRole { user_id: BEA, role: Role::HelpdeskAgent };
    assert!(acts_for_bea(&by_ana().after(another_role)));
    let role = Role::HelpdeskAgent;
    assert!(acts_for_bea(&by_ana().after(another_role).after(RevokeRole { user_id: BEA, role })));
}

#[test]
fn the_oldest_of_too_many_grants_ends() {
    let many = GRANTS_OF_USER_MAX as u128;
    let scenario = (1..=many).fold(registered().by(provider_user(BEA)), |scenario, number| {
        scenario.at(hour(i64::try_from(number).unwrap())).after(begin(number))
    });
    assert!(acts_for_bea(&scenario));
    assert!(!acts_for_bea(&scenario.after(begin(many + 1))));
}

#[test]
fn an_application_by_itself_may_do_what_the_contract_accepts_without_a_user() {
    let scenario = registered();
    for permission in Permission::ALL.iter().copied() {
        let allowed = authorise_application(scenario.state(), IMPORT, permission);
        if APPLICATION_PERMISSIONS.contains(&permission) {
            let rule = format!("application:{permission}");
            assert_eq!(allowed.unwrap().as_str(), rule);
        } else {
            assert_eq!(allowed, Err(ApplicationRefusal::UserRequired.into()), "{permission}");
        }
    }
    let permission = Permission::CustomersView;
    let revoked = scenario.after(RevokeApplication { application_id: IMPORT });
    for id in [IMPORT, OTHER] {
        let refused = authorise_application(revoked.state(), id, permission);
        assert_eq!(refused, Err(Rejection::ActorNotActive));
    }
}
