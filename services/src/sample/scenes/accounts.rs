//! Somebody's day with an account: signing in, failing to, another password, tokens.

use commands::{
    ChangeAccountPassword, ChangeCustomerUserPassword, ChangePartnerUserPassword, ChosenPassword,
    IssueAccountToken, IssueCustomerUserToken, IssueToken, PasswordProof, RevokeAccountToken,
    RevokeCustomerUserToken, RevokeToken, SIGN_IN_FAILURES_MAX, SignOutAccount,
    SignOutCustomerUser, SignOutPartnerUser,
};
use events::{CredentialId, TokenId};

use super::{super::step::Task, script::Script};
use crate::application::{self, Principal};

/// For how long a token of a scene works, in hours.
const TOKEN_HOURS: i64 = 90 * 24;
/// The length of the password that somebody chooses, in characters.
const PASSWORD_CHARACTERS: usize = 20;

/// An account and the password that it has.
#[derive(Clone, Copy)]
pub(super) struct Account {
    pub(super) who: Principal,
    pub(super) credential: CredentialId,
}

impl Account {
    /// Gives the right password: a session begins.
    pub(super) fn sign_in(self, script: &mut Script<'_>) -> TokenId {
        let session = script.id(TokenId::from_uuid);
        script.play(self.who, Task::SignIn(self.who, session, self.proof(true)));
        session
    }

    /// Gives wrong passwords until the account is locked.
    pub(super) fn lock_out(self, script: &mut Script<'_>) {
        for _ in 0..SIGN_IN_FAILURES_MAX {
            self.mistype(script);
        }
    }

    /// Gives a wrong password.
    pub(super) fn mistype(self, script: &mut Script<'_>) {
        let session = script.id(TokenId::from_uuid);
        let attempt = Task::SignIn(self.who, session, self.proof(false));
        script.play(Principal::Visitor, attempt);
    }

    pub(super) fn sign_out(self, session_id: TokenId, script: &mut Script<'_>) {
        let Some(account) = self.who.account() else { return };
        match account {
            application::Account::Partner { partner, user: user_id } => {
                script.on_partner(self.who, partner, SignOutPartnerUser { user_id, session_id });
            }
            application::Account::Customer { customer, user: user_id } => {
                script.on_customer(self.who, customer, SignOutCustomerUser { user_id, session_id });
            }
            application::Account::Installation(account) => {
                script.on_installation(self.who, SignOutAccount { account, session_id });
            }
        }
    }

    /// Chooses a password of its own in a session.
    pub(super) fn choose_password(&mut self, session: TokenId, script: &mut Script<'_>) {
        let (proof, session_id) = (self.proof(true), Some(session));
        let credential_id = script.id(CredentialId::from_uuid);
        let chosen = ChosenPassword {
            credential_id,
            characters: PASSWORD_CHARACTERS,
            has_control_characters: false,
            is_the_old_one: false,
            holds_the_name: false,
        };
        let Some(account) = self.who.account() else { return };
        match account {
            application::Account::Partner { partner, user: user_id } => {
                let command = ChangePartnerUserPassword { user_id, session_id, proof, chosen };
                script.on_partner(self.who, partner, command);
            }
            application::Account::Customer { customer, user: user_id } => {
                let command = ChangeCustomerUserPassword { user_id, session_id, proof, chosen };
                script.on_customer(self.who, customer, command);
            }
            application::Account::Installation(account) => {
                let command = ChangeAccountPassword { account, session_id, proof, chosen };
                script.on_installation(self.who, command);
            }
        }
        self.credential = credential_id;
    }

    /// Makes a token, and revokes it some days later.
    pub(super) fn use_token(self, script: &mut Script<'_>) {
        let token_id = script.id(TokenId::from_uuid);
        let expires_at = script.now().plus_hours(TOKEN_HOURS);
        let Some(account) = self.who.account() else { return };
        match account {
            application::Account::Partner { partner, user: user_id } => {
                let issue = IssueToken { token_id, user_id, expires_at };
                script.on_partner(self.who, partner, issue);
                script.after_days(3);
                script.on_partner(self.who, partner, RevokeToken { token_id, user_id });
            }
            application::Account::Customer { customer, user: user_id } => {
                let issue = IssueCustomerUserToken { token_id, user_id, expires_at };
                script.on_customer(self.who, customer, issue);
                script.after_days(3);
                let revoke = RevokeCustomerUserToken { token_id, user_id };
                script.on_customer(self.who, customer, revoke);
            }
            application::Account::Installation(account) => {
                let by = Principal::Operator;
                script.on_installation(by, IssueAccountToken { token_id, account, expires_at });
                script.after_days(3);
                script.on_installation(by, RevokeAccountToken { token_id, account });
            }
        }
    }

    const fn proof(self, matches: bool) -> PasswordProof {
        PasswordProof { credential_id: self.credential, matches }
    }
}
