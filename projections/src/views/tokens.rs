//! Which bearer tokens were made, for whom, and do they still work?

use std::sync::Arc;

use events::{
    AccessTokenIssued, Event, PartnerEvent, PartnerId, PartnerUserId, RecordedEvent, Timestamp,
    TokenId,
};
use imbl::{OrdMap, OrdSet};

use crate::{
    keys::{Id, partner_of},
    view::{Contradiction, View},
};

/// What is known about a token; its hash is kept outside the log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TokenRow {
    /// The token.
    pub id: TokenId,
    /// The partner of its user.
    pub partner: PartnerId,
    /// The user it acts as.
    pub user: PartnerUserId,
    /// When it was made.
    pub issued_at: Timestamp,
    /// It works strictly before this moment.
    pub expires_at: Timestamp,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
}

impl TokenRow {
    /// True while the token has neither expired nor been revoked. Says nothing about its user.
    #[must_use]
    pub fn works_at(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

/// All tokens whose users are not purged.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Tokens {
    rows: OrdMap<TokenId, Arc<TokenRow>>,
    by_user: OrdSet<(PartnerUserId, TokenId)>,
}

impl Tokens {
    /// The token with this id.
    #[must_use]
    pub fn get(&self, id: TokenId) -> Option<&TokenRow> {
        self.rows.get(&id).map(|row| &**row)
    }

    /// The tokens of a user, expired and revoked ones too, in the order in which they were made.
    pub fn of(&self, user: PartnerUserId) -> impl Iterator<Item = &TokenRow> {
        self.by_user
            .range((user, TokenId::MIN)..=(user, TokenId::MAX))
            .filter_map(|(_, token)| self.get(*token))
    }

    fn issue(
        &mut self,
        recorded: &RecordedEvent,
        event: &AccessTokenIssued,
    ) -> Result<(), Contradiction> {
        let id = event.token_id;
        let row = TokenRow {
            id,
            partner: partner_of(recorded),
            user: event.user_id,
            issued_at: recorded.metadata.occurred_at,
            expires_at: event.expires_at,
            revoked_at: None,
        };
        if self.rows.insert(id, Arc::new(row)).is_some() {
            return Err(Contradiction::duplicate(id));
        }
        self.by_user.insert((event.user_id, id));
        Ok(())
    }

    fn revoke(&mut self, id: TokenId, at: Timestamp) -> Result<(), Contradiction> {
        let row = self.rows.get_mut(&id).ok_or_else(|| Contradiction::unknown(id))?;
        Arc::make_mut(row).revoked_at.get_or_insert(at);
        Ok(())
    }

    fn forget(&mut self, user: PartnerUserId) {
        let tokens: Vec<TokenId> = self.of(user).map(|row| row.id).collect();
        for token in tokens {
            self.rows.remove(&token);
            self.by_user.remove(&(user, token));
        }
    }
}

impl View for Tokens {
    const NAME: &'static str = "tokens";

    fn apply(&mut self, recorded: &RecordedEvent) -> Result<(), Contradiction> {
        let Event::Partner(event) = &recorded.event else {
            return Ok(());
        };
        match event {
            PartnerEvent::AccessTokenIssued(event) => self.issue(recorded, event),
            PartnerEvent::AccessTokenRevoked(event) => {
                self.revoke(event.token_id, recorded.metadata.occurred_at)
            }
            PartnerEvent::PartnerUserPurged(event) => {
                self.forget(event.user_id);
                Ok(())
            }
            PartnerEvent::PartnerRegistered(_)
            | PartnerEvent::PartnerUserAdded(_)
            | PartnerEvent::PartnerUserEdited(_)
            | PartnerEvent::PartnerUserPasswordReset(_)
            | PartnerEvent::PartnerUserDeleted(_)
            | PartnerEvent::PartnerUserRestored(_)
            | PartnerEvent::RoleAssigned(_)
            | PartnerEvent::RoleReplaced(_)
            | PartnerEvent::RoleRevoked(_)
            | PartnerEvent::UserElevated(_)
            | PartnerEvent::PublicProfileChanged(_)
            | PartnerEvent::PartnerProfileEdited(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use events::{AccessTokenRevoked, PartnerUserDeleted, PartnerUserPurged};

    use super::*;
    use crate::testing::{History, partner, partner_user, token};

    fn a_user_with_two_tokens() -> History {
        let mut history = History::new();
        history.employee(1, 1);
        for number in [1, 2] {
            let (token_id, user_id) = (token(number), partner_user(1));
            let expires_at = history.now.plus_hours(1);
            history.then(partner(1), AccessTokenIssued { token_id, user_id, expires_at });
        }
        history
    }

    #[test]
    fn a_token_works_strictly_before_it_expires_and_until_it_is_revoked() {
        let mut history = a_user_with_two_tokens();
        let works =
            |history: &History, at| history.model.tokens().get(token(1)).unwrap().works_at(at);
        let expires_at = history.model.tokens().get(token(1)).unwrap().expires_at;
        assert!(works(&history, expires_at.plus_seconds(-1)));
        assert!(!works(&history, expires_at));
        let revoked = AccessTokenRevoked { token_id: token(1), user_id: partner_user(1) };
        history.then(partner(1), revoked);
        assert!(!works(&history, expires_at.plus_seconds(-1)));
        assert_eq!(history.model.tokens().of(partner_user(1)).count(), 2);
    }

    #[test]
    fn the_tokens_of_a_purged_user_are_forgotten() {
        let mut history = a_user_with_two_tokens();
        let restorable_until = history.now;
        let user_id = partner_user(1);
        let deleted = PartnerUserDeleted { user_id, roles: Vec::new(), restorable_until };
        history.then(partner(1), deleted).then(partner(1), PartnerUserPurged { user_id });
        assert_eq!(*history.model.tokens(), Tokens::default());
    }
}
