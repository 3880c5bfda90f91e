//! Operators and auditors sign in and out, choose their passwords, and get tokens.

use events::{
    AccountPasswordChanged, AccountSignInFailed, AccountSignedIn, AccountSignedOut,
    AccountTokenIssued, AccountTokenRevoked, Actor, InstallationAccount, InstallationEvent,
    Timestamp, TokenId,
};

use super::{People, Person, by_the_operator};
use crate::{
    command::{Requires, command_enum},
    context::Context,
    installation::{InstallationCommand, InstallationState},
    permissions::Permission,
    rejection::Rejection,
    sign_in::{Attempt, ChosenPassword, Failure, PasswordProof, SESSION_HOURS},
};

/// Sign an operator or auditor in who proved its password, or record that somebody could not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SignInAccount {
    /// Whose name was given.
    pub account: InstallationAccount,
    /// The new session.
    pub session_id: TokenId,
    /// The password that was tried.
    pub proof: PasswordProof,
}

/// End a session.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SignOutAccount {
    /// Who.
    pub account: InstallationAccount,
    /// The session.
    pub session_id: TokenId,
}

/// Take another password for oneself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ChangeAccountPassword {
    /// Who.
    pub account: InstallationAccount,
    /// The session in which it is done, if it is one; it goes on.
    pub session_id: Option<TokenId>,
    /// The password until now.
    pub proof: PasswordProof,
    /// The password from now on.
    pub chosen: ChosenPassword,
}

/// Make a bearer token.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct IssueAccountToken {
    /// The new token.
    pub token_id: TokenId,
    /// As whom it acts.
    pub account: InstallationAccount,
    /// When it stops working.
    pub expires_at: Timestamp,
}

/// Stop a bearer token from working.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RevokeAccountToken {
    /// The token.
    pub token_id: TokenId,
    /// As whom it acts.
    pub account: InstallationAccount,
}

command_enum! {
    /// What operators and auditors ask about what they sign in with.
    AccountSignInCommand in InstallationCommand {
        /// Sign an operator or auditor in, or record that somebody could not.
        SignIn(SignInAccount),
        /// End a session.
        SignOut(SignOutAccount),
        /// Take another password for oneself.
        ChangePassword(ChangeAccountPassword),
        /// Make a bearer token.
        IssueToken(IssueAccountToken),
        /// Stop a bearer token from working.
        RevokeToken(RevokeAccountToken),
    }
}

impl Requires for AccountSignInCommand {
    fn permission(&self, _actor: &Actor) -> Option<Permission> {
        None
    }

    fn is_own_account(&self) -> bool {
        match self {
            Self::SignOut(_) | Self::ChangePassword(_) => true,
            Self::SignIn(_) | Self::IssueToken(_) | Self::RevokeToken(_) => false,
        }
    }
}

pub(in crate::installation) fn decide(
    state: &InstallationState,
    command: &AccountSignInCommand,
    context: &Context<'_>,
) -> Result<Vec<InstallationEvent>, Rejection> {
    let people = &state.people;
    let event = match command {
        AccountSignInCommand::SignIn(command) => sign_in(people, *command, context)?,
        AccountSignInCommand::SignOut(command) => {
            return sign_out(people, *command, context).map(|event| event.into_iter().collect());
        }
        AccountSignInCommand::ChangePassword(command) => change_password(people, command, context)?,
        AccountSignInCommand::IssueToken(command) => issue_token(people, *command, context)?,
        AccountSignInCommand::RevokeToken(command) => revoke_token(people, *command, context)?,
    };
    Ok(vec![event])
}

/// Signing in is for somebody who has not: a person counts as itself only once the password was right.
/// An auditor whose time is over does not sign in.
fn sign_in(
    people: &People,
    command: SignInAccount,
    context: &Context<'_>,
) -> Result<InstallationEvent, Rejection> {
    let SignInAccount { account, session_id, proof } = command;
    let person = people.get(account).ok_or(Rejection::SignInRefused)?;
    match person.sign_in.attempt(person.credential_id, proof, context.now)? {
        Attempt::Wrong(_) if context.actor != Actor::Visitor => Err(Rejection::ActorNotAllowed),
        Attempt::Wrong(failure) => Ok(failed(account, failure)),
        Attempt::Right => {
            is_self(people, context.actor, account)?;
            if let InstallationAccount::Auditor(auditor) = account {
                people.audit_scope(auditor, context.now)?;
            }
            let expires_at = context.now.plus_hours(SESSION_HOURS);
            Ok(AccountSignedIn { account, session_id, expires_at }.into())
        }
    }
}

fn sign_out(
    people: &People,
    command: SignOutAccount,
    context: &Context<'_>,
) -> Result<Option<InstallationEvent>, Rejection> {
    let SignOutAccount { account, session_id } = command;
    let person = is_self(people, context.actor, account)?;
    let is_open = person.sign_in.session(session_id).is_some();
    Ok(is_open.then(|| AccountSignedOut { account, session_id }.into()))
}

/// A wrong old password counts as a failure to sign in.
fn change_password(
    people: &People,
    command: &ChangeAccountPassword,
    context: &Context<'_>,
) -> Result<InstallationEvent, Rejection> {
    let ChangeAccountPassword { account, session_id, proof, chosen } = *command;
    let person = is_self(people, context.actor, account)?;
    match person.sign_in.attempt(person.credential_id, proof, context.now)? {
        Attempt::Wrong(failure) => Ok(failed(account, failure)),
        Attempt::Right => {
            chosen.fits()?;
            let credential_id = chosen.credential_id;
            Ok(AccountPasswordChanged { account, credential_id, session_id }.into())
        }
    }
}

fn issue_token(
    people: &People,
    command: IssueAccountToken,
    context: &Context<'_>,
) -> Result<InstallationEvent, Rejection> {
    by_the_operator(context.actor)?;
    let IssueAccountToken { token_id, account, expires_at } = command;
    if people.named(account)?.sign_in.token(token_id).is_some() {
        return Err(Rejection::AlreadyExists { what: "token" });
    }
    if expires_at <= context.now {
        return Err(Rejection::ExpiryInThePast);
    }
    Ok(AccountTokenIssued { token_id, account, expires_at }.into())
}

fn revoke_token(
    people: &People,
    command: RevokeAccountToken,
    context: &Context<'_>,
) -> Result<InstallationEvent, Rejection> {
    by_the_operator(context.actor)?;
    let RevokeAccountToken { token_id, account } = command;
    people.named(account)?.sign_in.token(token_id).ok_or(Rejection::TokenNotFound)?;
    Ok(AccountTokenRevoked { token_id, account }.into())
}

fn is_self(
    people: &People,
    actor: Actor,
    account: InstallationAccount,
) -> Result<&Person, Rejection> {
    let own = match actor {
        Actor::SupportOperator { operator } => Some(InstallationAccount::Operator(operator)),
        Actor::Auditor { auditor } => Some(InstallationAccount::Auditor(auditor)),
        Actor::PartnerUser { .. }
        | Actor::Application { .. }
        | Actor::CustomerUser { .. }
        | Actor::Operator
        | Actor::System(_)
        | Actor::Visitor => None,
    };
    if own == Some(account) {
        people.get(account).ok_or(Rejection::ActorNotActive)
    } else {
        Err(Rejection::ActorNotAllowed)
    }
}

fn failed(account: InstallationAccount, failure: Failure) -> InstallationEvent {
    let Failure { failures, counted_until, locked_until } = failure;
    AccountSignInFailed { account, failures, counted_until, locked_until }.into()
}
