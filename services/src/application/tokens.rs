//! Bearer tokens: made in one step for every way in, shown once.

use commands::IssueToken;
use events::{AccessTokenIssued, Event, PartnerEvent, PartnerId, PartnerUserId, TokenId};
use secrecy::SecretString;

use super::{Application, Call, CommandError, OnPartner, Outcome};
use crate::{auth::new_token, ids};

/// How long a token works unless it is said otherwise, in days.
pub const TOKEN_DAYS_DEFAULT: i64 = 90;
/// How long a token may work, in days.
pub const TOKEN_DAYS_MAX: i64 = 3_650;

/// A token that was made.
pub struct IssuedToken {
    /// What is recorded of it: that of the first request where this is a repeat.
    pub recorded: AccessTokenIssued,
    /// The token itself; `None` for a repeated request: it was shown before.
    pub text: Option<SecretString>,
    /// What was recorded.
    pub outcome: Outcome,
}

impl Application {
    /// Makes a token that acts as a user of the partner.
    ///
    /// # Errors
    /// When a rule says no, or something cannot be read or written.
    pub async fn issue_token(
        &self,
        call: &Call,
        partner: PartnerId,
        user_id: PartnerUserId,
        days: i64,
    ) -> Result<IssuedToken, CommandError> {
        let now = self.now();
        let token_id = ids::fresh(now, TokenId::from_uuid);
        let (text, credential) = new_token(token_id)?;
        let expires_at = now.plus_hours(days.saturating_mul(24));
        let command = IssueToken { token_id, user_id, expires_at };
        let use_case = OnPartner::with_credential(partner, command, credential);
        let outcome = self.execute(call, &use_case).await?;
        let recorded = outcome.find(|event| match event {
            Event::Partner(PartnerEvent::AccessTokenIssued(event)) => Some(event.clone()),
            _ => None,
        });
        let recorded = recorded.unwrap_or(AccessTokenIssued { token_id, user_id, expires_at });
        let text = (!outcome.replayed).then_some(text);
        Ok(IssuedToken { recorded, text, outcome })
    }
}
