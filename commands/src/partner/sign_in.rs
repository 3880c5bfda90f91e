//! Users of a partner sign in and out, and choose their passwords.

mod tokens;

use events::{
    Actor, PartnerEvent, PartnerUserId, PartnerUserPasswordChanged, PartnerUserSignInFailed,
    PartnerUserSignedIn, PartnerUserSignedOut, TokenId,
};

pub use self::tokens::{IssueToken, RevokeToken};
use super::{
    PartnerCommand,
    authority::{self, own_or_managed},
    state::{PartnerState, PartnerUser},
};
use crate::{
    command::{Requires, command_enum},
    context::Context,
    permissions::Permission,
    rejection::Rejection,
    sign_in::{Attempt, ChosenPassword, Failure, PasswordProof, SESSION_HOURS},
};

/// Sign a user in who proved its password, or record that somebody could not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SignInPartnerUser {
    /// The user whose name was given.
    pub user_id: PartnerUserId,
    /// The new session.
    pub session_id: TokenId,
    /// The password that was tried.
    pub proof: PasswordProof,
}

/// End a session.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SignOutPartnerUser {
    /// The user.
    pub user_id: PartnerUserId,
    /// The session.
    pub session_id: TokenId,
}

/// Take another password for oneself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ChangePartnerUserPassword {
    /// The user.
    pub user_id: PartnerUserId,
    /// The session in which it is done, if it is one; it goes on.
    pub session_id: Option<TokenId>,
    /// The password until now.
    pub proof: PasswordProof,
    /// The password from now on.
    pub chosen: ChosenPassword,
}

command_enum! {
    /// What users ask about what they sign in with.
    PartnerSignInCommand in PartnerCommand {
        /// Sign a user in, or record that somebody could not.
        SignIn(SignInPartnerUser),
        /// End a session.
        SignOut(SignOutPartnerUser),
        /// Take another password for oneself.
        ChangePassword(ChangePartnerUserPassword),
        /// Make a bearer token.
        IssueToken(IssueToken),
        /// Stop a bearer token from working.
        RevokeToken(RevokeToken),
    }
}

impl Requires for PartnerSignInCommand {
    /// Everybody manages the own tokens.
    fn permission(&self, actor: &Actor) -> Option<Permission> {
        match self {
            Self::SignOut(_) | Self::ChangePassword(_) => Some(Permission::OwnProfile),
            Self::IssueToken(command) => Some(own_or_managed(actor, command.user_id)),
            Self::RevokeToken(command) => Some(own_or_managed(actor, command.user_id)),
            // Who signs in is nobody yet.
            Self::SignIn(_) => None,
        }
    }
}

pub(super) fn decide(
    state: &PartnerState,
    command: &PartnerSignInCommand,
    context: &Context<'_>,
) -> Result<Vec<PartnerEvent>, Rejection> {
    let by = || authority::of(state, &context.actor, command.permission(&context.actor));
    match command {
        PartnerSignInCommand::SignIn(command) => sign_in(state, *command, context),
        PartnerSignInCommand::SignOut(command) => sign_out(state, *command, context),
        PartnerSignInCommand::ChangePassword(command) => change_password(state, command, context),
        PartnerSignInCommand::IssueToken(command) => {
            tokens::issue(state, *command, context.now, by()?)
        }
        PartnerSignInCommand::RevokeToken(command) => {
            by().and_then(|_| tokens::revoke(state, *command))
        }
    }
}

/// Signing in is for somebody who has not: a user counts as itself only once the password was right.
fn sign_in(
    state: &PartnerState,
    command: SignInPartnerUser,
    context: &Context<'_>,
) -> Result<Vec<PartnerEvent>, Rejection> {
    let SignInPartnerUser { user_id, session_id, proof } = command;
    let user = state.active_user(user_id).ok_or(Rejection::SignInRefused)?;
    match user.sign_in.attempt(user.credential_id, proof, context.now)? {
        Attempt::Wrong(failure) => {
            let is_unknown = context.actor == Actor::Visitor;
            if is_unknown { Ok(vec![failed(user_id, failure)]) } else { Err(not_him()) }
        }
        Attempt::Right => {
            is_self(state, context.actor, user_id)?;
            if user.roles().next().is_none() {
                return Err(Rejection::NoRole);
            }
            let expires_at = context.now.plus_hours(SESSION_HOURS);
            Ok(vec![PartnerUserSignedIn { user_id, session_id, expires_at }.into()])
        }
    }
}

fn sign_out(
    state: &PartnerState,
    command: SignOutPartnerUser,
    context: &Context<'_>,
) -> Result<Vec<PartnerEvent>, Rejection> {
    let SignOutPartnerUser { user_id, session_id } = command;
    let user = is_self(state, context.actor, user_id)?;
    let is_open = user.sign_in.session(session_id).is_some();
    Ok(is_open.then(|| PartnerUserSignedOut { user_id, session_id }.into()).into_iter().collect())
}

/// A wrong old password counts as a failure to sign in: a session that somebody left open is no way
/// to try passwords.
fn change_password(
    state: &PartnerState,
    command: &ChangePartnerUserPassword,
    context: &Context<'_>,
) -> Result<Vec<PartnerEvent>, Rejection> {
    let ChangePartnerUserPassword { user_id, session_id, proof, chosen } = *command;
    let user = is_self(state, context.actor, user_id)?;
    match user.sign_in.attempt(user.credential_id, proof, context.now)? {
        Attempt::Wrong(failure) => Ok(vec![failed(user_id, failure)]),
        Attempt::Right => {
            chosen.fits()?;
            let credential_id = chosen.credential_id;
            Ok(vec![PartnerUserPasswordChanged { user_id, credential_id, session_id }.into()])
        }
    }
}

fn is_self(
    state: &PartnerState,
    actor: Actor,
    user_id: PartnerUserId,
) -> Result<&PartnerUser, Rejection> {
    let partner = state.account().map(|account| account.partner_id);
    let is_self = matches!(actor, Actor::PartnerUser { partner: own, user }
        if user == user_id && Some(own) == partner);
    if is_self {
        state.active_user(user_id).ok_or(Rejection::ActorNotActive)
    } else {
        Err(not_him())
    }
}

const fn not_him() -> Rejection {
    Rejection::ActorNotAllowed
}

fn failed(user_id: PartnerUserId, failure: Failure) -> PartnerEvent {
    let Failure { failures, counted_until, locked_until } = failure;
    PartnerUserSignInFailed { user_id, failures, counted_until, locked_until }.into()
}
