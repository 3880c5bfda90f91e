//! Users of a customer sign in and out, choose their passwords, and use tokens.

use events::{
    Actor, CustomerEvent, CustomerUserId, CustomerUserPasswordChanged, CustomerUserSignInFailed,
    CustomerUserSignedIn, CustomerUserSignedOut, CustomerUserTokenIssued, CustomerUserTokenRevoked,
    Timestamp, TokenId,
};

use super::{
    CustomerCommand,
    state::{CustomerState, CustomerUser},
    users::active,
};
use crate::{
    command::{Requires, command_enum},
    company_permissions::CompanyPermission,
    context::Context,
    permissions::Permission,
    rejection::Rejection,
    sign_in::{Attempt, ChosenPassword, Failure, PasswordProof, SESSION_HOURS},
};

/// Sign a user in who proved its password, or record that somebody could not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SignInCustomerUser {
    /// The user whose name was given.
    pub user_id: CustomerUserId,
    /// The new session.
    pub session_id: TokenId,
    /// The password that was tried.
    pub proof: PasswordProof,
}

/// End a session.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SignOutCustomerUser {
    /// The user.
    pub user_id: CustomerUserId,
    /// The session.
    pub session_id: TokenId,
}

/// Take another password for oneself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ChangeCustomerUserPassword {
    /// The user.
    pub user_id: CustomerUserId,
    /// The session in which it is done, if it is one; it goes on.
    pub session_id: Option<TokenId>,
    /// The password until now.
    pub proof: PasswordProof,
    /// The password from now on.
    pub chosen: ChosenPassword,
}

/// Make a bearer token for a user.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct IssueCustomerUserToken {
    /// The new token.
    pub token_id: TokenId,
    /// The user it acts as.
    pub user_id: CustomerUserId,
    /// When it stops working.
    pub expires_at: Timestamp,
}

/// Stop a bearer token from working.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RevokeCustomerUserToken {
    /// The token.
    pub token_id: TokenId,
    /// The user it acts as.
    pub user_id: CustomerUserId,
}

command_enum! {
    /// What users ask about what they sign in with.
    CustomerSignInCommand in CustomerCommand {
        /// Sign a user in, or record that somebody could not.
        SignIn(SignInCustomerUser),
        /// End a session.
        SignOut(SignOutCustomerUser),
        /// Take another password for oneself.
        ChangePassword(ChangeCustomerUserPassword),
        /// Make a bearer token.
        IssueToken(IssueCustomerUserToken),
        /// Stop a bearer token from working.
        RevokeToken(RevokeCustomerUserToken),
    }
}

impl Requires for CustomerSignInCommand {
    /// No partner user acts as a user of a customer.
    fn permission(&self, _actor: &Actor) -> Option<Permission> {
        None
    }

    fn company_permission(&self) -> Option<CompanyPermission> {
        match self {
            Self::SignOut(_)
            | Self::ChangePassword(_)
            | Self::IssueToken(_)
            | Self::RevokeToken(_) => Some(CompanyPermission::OwnAccount),
            // Who signs in is nobody yet.
            Self::SignIn(_) => None,
        }
    }
}

pub(super) fn decide(
    state: &CustomerState,
    command: &CustomerSignInCommand,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    match command {
        CustomerSignInCommand::SignIn(command) => sign_in(state, *command, context),
        CustomerSignInCommand::SignOut(command) => sign_out(state, *command, context),
        CustomerSignInCommand::ChangePassword(command) => change_password(state, command, context),
        CustomerSignInCommand::IssueToken(command) => issue_token(state, *command, context),
        CustomerSignInCommand::RevokeToken(command) => revoke_token(state, *command, context),
    }
}

/// Signing in is for somebody who has not: a user counts as itself only once the password was right.
fn sign_in(
    state: &CustomerState,
    command: SignInCustomerUser,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let SignInCustomerUser { user_id, session_id, proof } = command;
    let user = active(state, user_id).map_err(|_| Rejection::SignInRefused)?;
    match user.sign_in.attempt(user.credential_id, proof, context.now)? {
        Attempt::Wrong(failure) => {
            let is_unknown = context.actor == Actor::Visitor;
            if is_unknown { Ok(vec![failed(user_id, failure)]) } else { Err(not_him()) }
        }
        Attempt::Right => {
            is_self(state, context.actor, user_id)?;
            let expires_at = context.now.plus_hours(SESSION_HOURS);
            Ok(vec![CustomerUserSignedIn { user_id, session_id, expires_at }.into()])
        }
    }
}

fn sign_out(
    state: &CustomerState,
    command: SignOutCustomerUser,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let SignOutCustomerUser { user_id, session_id } = command;
    let user = is_self(state, context.actor, user_id)?;
    let is_open = user.sign_in.session(session_id).is_some();
    Ok(is_open.then(|| CustomerUserSignedOut { user_id, session_id }.into()).into_iter().collect())
}

/// A wrong old password counts as a failure to sign in: a session that somebody left open is no way
/// to try passwords.
fn change_password(
    state: &CustomerState,
    command: &ChangeCustomerUserPassword,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let ChangeCustomerUserPassword { user_id, session_id, proof, chosen } = *command;
    let user = is_self(state, context.actor, user_id)?;
    match user.sign_in.attempt(user.credential_id, proof, context.now)? {
        Attempt::Wrong(failure) => Ok(vec![failed(user_id, failure)]),
        Attempt::Right => {
            chosen.fits()?;
            let credential_id = chosen.credential_id;
            Ok(vec![CustomerUserPasswordChanged { user_id, credential_id, session_id }.into()])
        }
    }
}

/// A token acts as its user, so nobody of a partner makes one: the user itself does, or the operator.
fn issue_token(
    state: &CustomerState,
    command: IssueCustomerUserToken,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let IssueCustomerUserToken { token_id, user_id, expires_at } = command;
    state.account().ok_or(Rejection::CustomerNotFound)?;
    let user = active(state, user_id)?;
    is_self_or_operator(state, context.actor, user_id)?;
    if user.sign_in.token(token_id).is_some() {
        return Err(Rejection::AlreadyExists { what: "token" });
    }
    if expires_at <= context.now {
        return Err(Rejection::ExpiryInThePast);
    }
    Ok(vec![CustomerUserTokenIssued { token_id, user_id, expires_at }.into()])
}

fn revoke_token(
    state: &CustomerState,
    command: RevokeCustomerUserToken,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let RevokeCustomerUserToken { token_id, user_id } = command;
    let user = active(state, user_id)?;
    is_self_or_operator(state, context.actor, user_id)?;
    user.sign_in.token(token_id).ok_or(Rejection::TokenNotFound)?;
    Ok(vec![CustomerUserTokenRevoked { token_id, user_id }.into()])
}

fn is_self_or_operator(
    state: &CustomerState,
    actor: Actor,
    user_id: CustomerUserId,
) -> Result<(), Rejection> {
    if actor == Actor::Operator { Ok(()) } else { is_self(state, actor, user_id).map(|_| ()) }
}

fn is_self(
    state: &CustomerState,
    actor: Actor,
    user_id: CustomerUserId,
) -> Result<&CustomerUser, Rejection> {
    let customer = state.account().map(|account| account.customer_id);
    let is_self = matches!(actor, Actor::CustomerUser { customer: own, user }
        if user == user_id && Some(own) == customer);
    if !is_self {
        return Err(not_him());
    }
    active(state, user_id).map_err(|_| Rejection::ActorNotActive)
}

const fn not_him() -> Rejection {
    Rejection::ActorNotAllowed
}

fn failed(user_id: CustomerUserId, failure: Failure) -> CustomerEvent {
    let Failure { failures, counted_until, locked_until } = failure;
    CustomerUserSignInFailed { user_id, failures, counted_until, locked_until }.into()
}
