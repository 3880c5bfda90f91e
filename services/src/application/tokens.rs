//! Bearer tokens: made in one step for every way in and every kind of account, shown once.

use commands::{
    IssueAccountToken, IssueCustomerUserToken, IssueToken, Rejection, RevokeAccountToken,
    RevokeCustomerUserToken, RevokeToken,
};
use events::{
    AccountSignInEvent, CustomerEvent, CustomerSignInEvent, Event, InstallationEvent, PartnerEvent,
    PartnerSignInEvent, Timestamp, TokenId,
};
use secrecy::SecretString;

use super::{
    Account, Application, Call, CommandError, OnCustomer, OnInstallation, OnPartner, Outcome,
    Principal,
};
use crate::{auth::new_token, ids};

/// How long a token works unless it is said otherwise, in days.
pub const TOKEN_DAYS_DEFAULT: i64 = 90;
/// How long a token may work, in days.
pub const TOKEN_DAYS_MAX: i64 = 3_650;

/// A token that was made.
pub struct IssuedToken {
    /// Its id: that of the first request where this is a repeat.
    pub token_id: TokenId,
    /// When it stops working, likewise.
    pub expires_at: Timestamp,
    /// The token itself; `None` for a repeated request: it was shown before.
    pub text: Option<SecretString>,
    /// What was recorded.
    pub outcome: Outcome,
}

impl Application {
    /// Makes a token that acts as an account.
    ///
    /// # Errors
    /// When a rule says no, or something cannot be read or written.
    pub async fn issue_token(
        &self,
        call: &Call,
        account: Principal,
        days: i64,
    ) -> Result<IssuedToken, CommandError> {
        let now = self.now();
        let token_id = ids::fresh(now, TokenId::from_uuid);
        let (text, credential) = new_token(token_id)?;
        let expires_at = now.plus_hours(days.saturating_mul(24));
        let outcome = match account.account().ok_or(Rejection::ActorNotAllowed)? {
            Account::Partner { partner, user: user_id } => {
                let command = IssueToken { token_id, user_id, expires_at };
                let use_case = OnPartner::with_credential(partner, command, credential);
                self.execute(call, &use_case).await?
            }
            Account::Customer { customer, user: user_id } => {
                let command = IssueCustomerUserToken { token_id, user_id, expires_at };
                let use_case = OnCustomer::with_credential(customer, command, credential);
                self.execute(call, &use_case).await?
            }
            Account::Installation(account) => {
                let command = IssueAccountToken { token_id, account, expires_at };
                self.execute(call, &OnInstallation::with_credential(command, credential)).await?
            }
        };
        let (token_id, expires_at) = outcome.find(issued).unwrap_or((token_id, expires_at));
        let text = (!outcome.replayed).then_some(text);
        Ok(IssuedToken { token_id, expires_at, text, outcome })
    }

    /// Stops a token of an account from working.
    ///
    /// # Errors
    /// When a rule says no, or something cannot be read or written.
    pub async fn revoke_token(
        &self,
        call: &Call,
        account: Principal,
        token_id: TokenId,
    ) -> Result<Outcome, CommandError> {
        match account.account().ok_or(Rejection::ActorNotAllowed)? {
            Account::Partner { partner, user: user_id } => {
                let command = RevokeToken { token_id, user_id };
                self.execute(call, &OnPartner::new(partner, command)).await
            }
            Account::Customer { customer, user: user_id } => {
                let command = RevokeCustomerUserToken { token_id, user_id };
                self.execute(call, &OnCustomer::new(customer, command)).await
            }
            Account::Installation(account) => {
                let command = RevokeAccountToken { token_id, account };
                self.execute(call, &OnInstallation::new(command)).await
            }
        }
    }
}

/// The token that an event tells of.
fn issued(event: &Event) -> Option<(TokenId, Timestamp)> {
    match event {
        Event::Partner(PartnerEvent::SignIn(PartnerSignInEvent::AccessTokenIssued(it))) => {
            Some((it.token_id, it.expires_at))
        }
        Event::Customer(CustomerEvent::SignIn(CustomerSignInEvent::CustomerUserTokenIssued(
            it,
        ))) => Some((it.token_id, it.expires_at)),
        Event::Installation(InstallationEvent::SignIn(AccountSignInEvent::AccountTokenIssued(
            it,
        ))) => Some((it.token_id, it.expires_at)),
        _ => None,
    }
}
