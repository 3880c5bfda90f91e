//! Applications: programs that act for a partner by themselves, or for users who let them.
//!
//! Whether a secret is right is found out outside, where its hash is kept; what follows is decided
//! here. What an application may do by itself is one table beside that of the roles.

mod command;
mod refusal;
mod state;

use events::{
    Actor, ApplicationGrantBegun, ApplicationGrantEnded, ApplicationGrantRenewed,
    ApplicationRegistered, ApplicationRevoked, ApplicationSecretAdded, ApplicationSecretRemoved,
    ApplicationSignInFailed, GrantEnd, PartnerEvent, Timestamp,
};

pub use self::{
    command::{
        AddApplicationSecret, ApplicationCommand, BeginApplicationGrant, RegisterApplication,
        RemoveApplicationSecret, RenewApplicationGrant, RevokeApplication, SignInApplication,
    },
    refusal::ApplicationRefusal,
    state::{Applications, ClientApplication, Grant},
};
use super::{authority, state::PartnerState};
use crate::{command::Requires, context::Context, rejection::Rejection, sign_in::Attempt};

/// The most applications of a partner.
pub const APPLICATIONS_MAX: usize = 100;
/// The most secrets of an application that work at the same time.
pub const SECRETS_OF_APPLICATION_MAX: usize = 5;
/// How long a secret may work, in days.
pub const SECRET_DAYS_MAX: i64 = 730;
/// How long an application acts for a user unless it renews that, in days.
pub const GRANT_DAYS: i64 = 90;
/// How often an application acts for one user at once; the oldest gives way.
pub const GRANTS_OF_USER_MAX: usize = 20;

pub(super) fn decide(
    state: &PartnerState,
    command: &ApplicationCommand,
    context: &Context<'_>,
) -> Result<Vec<PartnerEvent>, Rejection> {
    let by = || authority::of(state, &context.actor, command.permission(&context.actor));
    match command {
        ApplicationCommand::Register(command) => by().and_then(|_| register(state, command)),
        ApplicationCommand::AddSecret(command) => {
            by().and_then(|_| add_secret(state, *command, context.now))
        }
        ApplicationCommand::RemoveSecret(command) => {
            by().and_then(|_| remove_secret(state, *command))
        }
        ApplicationCommand::Revoke(command) => by().and_then(|_| revoke(state, *command)),
        ApplicationCommand::SignIn(command) => sign_in(state, *command, context),
        ApplicationCommand::BeginGrant(command) => begin_grant(state, *command, context),
        ApplicationCommand::RenewGrant(command) => renew_grant(state, *command, context),
    }
}

fn register(
    state: &PartnerState,
    command: &RegisterApplication,
) -> Result<Vec<PartnerEvent>, Rejection> {
    let RegisterApplication { application_id, name } = command.clone();
    let applications = state.applications();
    if applications.has(application_id) {
        return Err(Rejection::AlreadyExists { what: "application" });
    }
    if applications.count() >= APPLICATIONS_MAX {
        let limit = APPLICATIONS_MAX;
        return Err(ApplicationRefusal::TooManyApplications { limit }.into());
    }
    Ok(vec![ApplicationRegistered { application_id, name }.into()])
}

fn add_secret(
    state: &PartnerState,
    command: AddApplicationSecret,
    now: Timestamp,
) -> Result<Vec<PartnerEvent>, Rejection> {
    let AddApplicationSecret { application_id, secret_id, expires_at, others_until } = command;
    let application = state.applications().known(application_id)?;
    if application.has_secret(secret_id) {
        return Err(Rejection::AlreadyExists { what: "secret" });
    }
    if expires_at <= now {
        return Err(Rejection::ExpiryInThePast);
    }
    if expires_at > now.plus_hours(SECRET_DAYS_MAX * 24) {
        let days_max = SECRET_DAYS_MAX;
        return Err(ApplicationRefusal::SecretLivesTooLong { days_max }.into());
    }
    // Those that end at once with this one leave their places to it.
    let ends_others = others_until.is_some_and(|until| until <= now);
    if !ends_others && application.secrets_at(now).count() >= SECRETS_OF_APPLICATION_MAX {
        let limit = SECRETS_OF_APPLICATION_MAX;
        return Err(ApplicationRefusal::TooManySecrets { limit }.into());
    }
    let added = ApplicationSecretAdded { application_id, secret_id, expires_at, others_until };
    Ok(vec![added.into()])
}

fn remove_secret(
    state: &PartnerState,
    command: RemoveApplicationSecret,
) -> Result<Vec<PartnerEvent>, Rejection> {
    let RemoveApplicationSecret { application_id, secret_id } = command;
    if !state.applications().known(application_id)?.has_secret(secret_id) {
        return Err(ApplicationRefusal::SecretNotFound.into());
    }
    Ok(vec![ApplicationSecretRemoved { application_id, secret_id }.into()])
}

fn revoke(
    state: &PartnerState,
    command: RevokeApplication,
) -> Result<Vec<PartnerEvent>, Rejection> {
    state.applications().known(command.application_id)?;
    Ok(vec![ApplicationRevoked { application_id: command.application_id }.into()])
}

/// A right secret changes nothing and is not recorded: an application may come for a token with
/// every request. Wrong ones are recorded and lock it, as they do accounts of people.
fn sign_in(
    state: &PartnerState,
    command: SignInApplication,
    context: &Context<'_>,
) -> Result<Vec<PartnerEvent>, Rejection> {
    let SignInApplication { application_id, proved } = command;
    if context.actor != Actor::Visitor {
        return Err(Rejection::ActorNotAllowed);
    }
    let application = state.applications().get(application_id).ok_or(Rejection::SignInRefused)?;
    let works = |secret| application.secrets_at(context.now).any(|it| it == secret);
    Ok(match application.sign_in.attempt_with(proved.is_some_and(works), context.now)? {
        Attempt::Right => Vec::new(),
        Attempt::Wrong(failure) => {
            let (failures, counted_until) = (failure.failures, failure.counted_until);
            let locked_until = failure.locked_until;
            let failed =
                ApplicationSignInFailed { application_id, failures, counted_until, locked_until };
            vec![failed.into()]
        }
    })
}

/// A user lets an application act for it; only a user who is itself and can act does.
fn begin_grant(
    state: &PartnerState,
    command: BeginApplicationGrant,
    context: &Context<'_>,
) -> Result<Vec<PartnerEvent>, Rejection> {
    let BeginApplicationGrant { application_id, user_id, grant_id, refresh_id } = command;
    let partner = state.account().map(|account| account.partner_id);
    let is_self = matches!(context.actor, Actor::PartnerUser { partner: own, user }
        if user == user_id && Some(own) == partner);
    if !is_self {
        return Err(Rejection::ActorNotAllowed);
    }
    let user = state.active_user(user_id).ok_or(Rejection::ActorNotActive)?;
    if user.roles().next().is_none() {
        return Err(Rejection::NoRole);
    }
    if user.sign_in.must_change_password() {
        return Err(Rejection::SignInRefused);
    }
    state.applications().known(application_id)?;
    let expires_at = context.now.plus_hours(GRANT_DAYS * 24);
    let begun = ApplicationGrantBegun { application_id, user_id, grant_id, refresh_id, expires_at };
    Ok(vec![begun.into()])
}

/// A refresh token works once. When it comes again somebody has a copy, and nobody can tell who the
/// thief is: the grant ends.
fn renew_grant(
    state: &PartnerState,
    command: RenewApplicationGrant,
    context: &Context<'_>,
) -> Result<Vec<PartnerEvent>, Rejection> {
    let RenewApplicationGrant { application_id, grant_id, presented, next } = command;
    let partner = state.account().map(|account| account.partner_id);
    let is_self = matches!(context.actor, Actor::Application { partner: own, application }
        if application == application_id && Some(own) == partner);
    if !is_self {
        return Err(Rejection::ActorNotAllowed);
    }
    let grant = state.applications().known(application_id)?.grant(grant_id);
    let grant = grant.filter(|grant| context.now < grant.expires_at);
    let grant = grant.ok_or(ApplicationRefusal::GrantNotFound)?;
    let user = state.active_user(grant.user_id).ok_or(Rejection::ActorNotActive)?;
    if user.roles().next().is_none() {
        return Err(Rejection::NoRole);
    }
    if grant.refresh_id != presented {
        let cause = GrantEnd::RefreshTokenReused;
        return Ok(vec![ApplicationGrantEnded { application_id, grant_id, cause }.into()]);
    }
    let expires_at = context.now.plus_hours(GRANT_DAYS * 24);
    let refresh_id = next;
    Ok(vec![ApplicationGrantRenewed { application_id, grant_id, refresh_id, expires_at }.into()])
}
