//! Which bearer tokens and sessions are there, whom do they stand for, and do they still work?

use std::sync::Arc;

use events::{
    AccountSignInEvent, Actor, CustomerEvent, CustomerSignInEvent, CustomerUserEvent, Event,
    InstallationAccount, InstallationEvent, PartnerEvent, PartnerSignInEvent, PartnerUserEvent,
    PersonEvent, RecordedEvent, SubjectId, Timestamp, TokenId,
};
use imbl::{OrdMap, OrdSet};

use crate::{
    keys::{Id, customer_of, partner_of},
    view::{Contradiction, View},
};

/// How a token came to be.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum TokenKind {
    /// It was made for an account.
    Made,
    /// It is the session of somebody who signed in with a password.
    Session,
}

/// What is known about a token; its hash is kept outside the log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TokenRow {
    /// The token.
    pub id: TokenId,
    /// As whom it acts.
    pub holder: Actor,
    /// How it came to be.
    pub kind: TokenKind,
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

/// All tokens and sessions whose holders are not purged; ended sessions are forgotten.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Tokens {
    rows: OrdMap<TokenId, Arc<TokenRow>>,
    by_holder: OrdSet<(SubjectId, TokenId)>,
}

/// What an event does to tokens and sessions.
#[derive(Clone, Copy)]
enum Change {
    Nothing,
    Made(SubjectId, Actor, TokenId, Timestamp),
    Revoked(TokenId),
    SignedIn(SubjectId, Actor, TokenId, Timestamp),
    SignedOut(SubjectId, TokenId),
    /// Every session ends but one.
    SessionsEnded(SubjectId, Option<TokenId>),
    /// Every session ends and every token is revoked.
    AllEnded(SubjectId),
    Forgotten(SubjectId),
}

impl Tokens {
    /// The token with this id.
    #[must_use]
    pub fn get(&self, id: TokenId) -> Option<&TokenRow> {
        self.rows.get(&id).map(|row| &**row)
    }

    /// The tokens that were made for somebody, expired and revoked ones too, in the order in which
    /// they were made.
    pub fn of(&self, holder: impl Into<SubjectId>) -> impl Iterator<Item = &TokenRow> {
        self.all_of(holder.into()).filter(|row| row.kind == TokenKind::Made)
    }

    /// The sessions of somebody that were not ended, expired ones too.
    pub fn sessions_of(&self, holder: impl Into<SubjectId>) -> impl Iterator<Item = &TokenRow> {
        self.all_of(holder.into()).filter(|row| row.kind == TokenKind::Session)
    }

    fn all_of(&self, holder: SubjectId) -> impl Iterator<Item = &TokenRow> {
        self.by_holder
            .range((holder, TokenId::MIN)..=(holder, TokenId::MAX))
            .filter_map(|(_, token)| self.get(*token))
    }

    fn add(&mut self, holder: SubjectId, row: TokenRow) -> Result<(), Contradiction> {
        let id = row.id;
        if self.rows.insert(id, Arc::new(row)).is_some() {
            return Err(Contradiction::duplicate(id));
        }
        self.by_holder.insert((holder, id));
        Ok(())
    }

    fn revoke(&mut self, id: TokenId, at: Timestamp) -> Result<(), Contradiction> {
        let row = self.rows.get_mut(&id).ok_or_else(|| Contradiction::unknown(id))?;
        Arc::make_mut(row).revoked_at.get_or_insert(at);
        Ok(())
    }

    fn forget(&mut self, holder: SubjectId, which: impl Fn(&TokenRow) -> bool) {
        let tokens: Vec<TokenId> =
            self.all_of(holder).filter(|row| which(row)).map(|row| row.id).collect();
        for token in tokens {
            self.rows.remove(&token);
            self.by_holder.remove(&(holder, token));
        }
    }

    fn change(&mut self, change: Change, now: Timestamp) -> Result<(), Contradiction> {
        let is_session = |row: &TokenRow| row.kind == TokenKind::Session;
        match change {
            Change::Nothing => {}
            Change::Made(subject, holder, id, expires_at) => {
                self.add(subject, row(TokenKind::Made, holder, id, now, expires_at))?;
            }
            Change::Revoked(id) => self.revoke(id, now)?,
            Change::SignedIn(subject, holder, id, expires_at) => {
                self.forget(subject, |row| is_session(row) && row.expires_at <= now);
                self.add(subject, row(TokenKind::Session, holder, id, now, expires_at))?;
            }
            Change::SignedOut(subject, id) => {
                self.forget(subject, |row| is_session(row) && row.id == id);
            }
            Change::SessionsEnded(subject, kept) => {
                self.forget(subject, |row| is_session(row) && Some(row.id) != kept);
            }
            Change::AllEnded(subject) => {
                self.forget(subject, is_session);
                let tokens: Vec<TokenId> = self.all_of(subject).map(|row| row.id).collect();
                tokens.into_iter().try_for_each(|token| self.revoke(token, now))?;
            }
            Change::Forgotten(subject) => self.forget(subject, |_| true),
        }
        Ok(())
    }
}

const fn row(
    kind: TokenKind,
    holder: Actor,
    id: TokenId,
    issued_at: Timestamp,
    expires_at: Timestamp,
) -> TokenRow {
    TokenRow { id, holder, kind, issued_at, expires_at, revoked_at: None }
}

/// The tokens of a deleted or reset partner user are revoked by events of their own.
fn at_partner(recorded: &RecordedEvent, event: &PartnerEvent) -> Change {
    let holder = |user| Actor::PartnerUser { partner: partner_of(recorded), user };
    match event {
        PartnerEvent::SignIn(event) => match event {
            PartnerSignInEvent::AccessTokenIssued(it) => {
                Change::Made(it.user_id.into(), holder(it.user_id), it.token_id, it.expires_at)
            }
            PartnerSignInEvent::AccessTokenRevoked(it) => Change::Revoked(it.token_id),
            PartnerSignInEvent::PartnerUserSignedIn(it) => Change::SignedIn(
                it.user_id.into(),
                holder(it.user_id),
                it.session_id,
                it.expires_at,
            ),
            PartnerSignInEvent::PartnerUserSignedOut(it) => {
                Change::SignedOut(it.user_id.into(), it.session_id)
            }
            PartnerSignInEvent::PartnerUserPasswordChanged(it) => {
                Change::SessionsEnded(it.user_id.into(), it.session_id)
            }
            PartnerSignInEvent::PartnerUserSignInFailed(_) => Change::Nothing,
        },
        PartnerEvent::User(event) => match event {
            PartnerUserEvent::PartnerUserPasswordReset(it) => {
                Change::SessionsEnded(it.user_id.into(), None)
            }
            PartnerUserEvent::PartnerUserDeleted(it) => {
                Change::SessionsEnded(it.user_id.into(), None)
            }
            PartnerUserEvent::PartnerUserPurged(it) => Change::Forgotten(it.user_id.into()),
            PartnerUserEvent::PartnerUserAdded(_)
            | PartnerUserEvent::PartnerUserEdited(_)
            | PartnerUserEvent::PartnerUserRestored(_) => Change::Nothing,
        },
        PartnerEvent::Account(_)
        | PartnerEvent::Role(_)
        | PartnerEvent::Elevation(_)
        | PartnerEvent::Profile(_)
        | PartnerEvent::PublicProfile(_)
        | PartnerEvent::Application(_)
        | PartnerEvent::Network(_)
        | PartnerEvent::Webhook(_) => Change::Nothing,
    }
}

fn at_customer(recorded: &RecordedEvent, event: &CustomerEvent) -> Change {
    let holder = |user| Actor::CustomerUser { customer: customer_of(recorded), user };
    match event {
        CustomerEvent::User(event) => match event {
            CustomerUserEvent::CustomerUserPasswordReset(it) => Change::AllEnded(it.user_id.into()),
            CustomerUserEvent::CustomerUserDeleted(it) => Change::AllEnded(it.user_id.into()),
            CustomerUserEvent::CustomerUserPurged(it) => Change::Forgotten(it.user_id.into()),
            CustomerUserEvent::CustomerUserEdited(_)
            | CustomerUserEvent::CustomerUserRestored(_)
            | CustomerUserEvent::CustomerUserCreated(_) => Change::Nothing,
        },
        CustomerEvent::SignIn(event) => match event {
            CustomerSignInEvent::CustomerUserTokenIssued(it) => {
                Change::Made(it.user_id.into(), holder(it.user_id), it.token_id, it.expires_at)
            }
            CustomerSignInEvent::CustomerUserTokenRevoked(it) => Change::Revoked(it.token_id),
            CustomerSignInEvent::CustomerUserSignedIn(it) => Change::SignedIn(
                it.user_id.into(),
                holder(it.user_id),
                it.session_id,
                it.expires_at,
            ),
            CustomerSignInEvent::CustomerUserSignedOut(it) => {
                Change::SignedOut(it.user_id.into(), it.session_id)
            }
            CustomerSignInEvent::CustomerUserPasswordChanged(it) => {
                Change::SessionsEnded(it.user_id.into(), it.session_id)
            }
            CustomerSignInEvent::CustomerUserSignInFailed(_) => Change::Nothing,
        },
        CustomerEvent::Account(_)
        | CustomerEvent::Relationship(_)
        | CustomerEvent::Request(_)
        | CustomerEvent::Cart(_)
        | CustomerEvent::Order(_)
        | CustomerEvent::Subscription(_)
        | CustomerEvent::SupportContact(_)
        | CustomerEvent::License(_)
        | CustomerEvent::DirectoryRole(_)
        | CustomerEvent::Device(_)
        | CustomerEvent::Agreement(_) => Change::Nothing,
    }
}

fn at_installation(event: &InstallationEvent) -> Change {
    match event {
        InstallationEvent::SignIn(event) => match event {
            AccountSignInEvent::AccountTokenIssued(it) => {
                Change::Made(it.account.into(), person(it.account), it.token_id, it.expires_at)
            }
            AccountSignInEvent::AccountTokenRevoked(it) => Change::Revoked(it.token_id),
            AccountSignInEvent::AccountSignedIn(it) => Change::SignedIn(
                it.account.into(),
                person(it.account),
                it.session_id,
                it.expires_at,
            ),
            AccountSignInEvent::AccountSignedOut(it) => {
                Change::SignedOut(it.account.into(), it.session_id)
            }
            AccountSignInEvent::AccountPasswordChanged(it) => {
                Change::SessionsEnded(it.account.into(), it.session_id)
            }
            AccountSignInEvent::AccountSignInFailed(_) => Change::Nothing,
        },
        InstallationEvent::Person(event) => match event {
            PersonEvent::AccountPasswordReset(it) => Change::AllEnded(it.account.into()),
            PersonEvent::OperatorRemoved(it) => Change::AllEnded(it.operator_id.into()),
            PersonEvent::AuditorDismissed(it) => Change::AllEnded(it.auditor_id.into()),
            PersonEvent::OperatorAdded(_) | PersonEvent::AuditorAdmitted(_) => Change::Nothing,
        },
        InstallationEvent::Damage(_)
        | InstallationEvent::Refusal(_)
        | InstallationEvent::Incident(_) => Change::Nothing,
    }
}

const fn person(account: InstallationAccount) -> Actor {
    match account {
        InstallationAccount::Operator(operator) => Actor::SupportOperator { operator },
        InstallationAccount::Auditor(auditor) => Actor::Auditor { auditor },
    }
}

impl View for Tokens {
    const NAME: &'static str = "tokens";

    fn apply(&mut self, recorded: &RecordedEvent) -> Result<(), Contradiction> {
        let change = match &recorded.event {
            Event::Partner(event) => at_partner(recorded, event),
            Event::Customer(event) => at_customer(recorded, event),
            Event::Installation(event) => at_installation(event),
            Event::Partnership(_)
            | Event::NameClaim(_)
            | Event::Lead(_)
            | Event::ServiceRequest(_) => Change::Nothing,
        };
        self.change(change, recorded.metadata.occurred_at)
    }
}

#[cfg(test)]
mod tests {
    use events::{
        AccessTokenIssued, AccessTokenRevoked, PartnerUserDeleted, PartnerUserPasswordChanged,
        PartnerUserPasswordReset, PartnerUserPurged, PartnerUserSignedIn, PartnerUserSignedOut,
    };

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

    fn signed_in(history: &mut History, session: u128) {
        let (session_id, user_id) = (token(session), partner_user(1));
        let expires_at = history.now.plus_hours(8);
        history.then(partner(1), PartnerUserSignedIn { user_id, session_id, expires_at });
    }

    fn sessions(history: &History) -> Vec<TokenId> {
        history.model.tokens().sessions_of(partner_user(1)).map(|row| row.id).collect()
    }

    #[test]
    fn a_session_is_among_the_tokens_until_it_ends_and_is_not_shown_as_one_that_was_made() {
        let mut history = a_user_with_two_tokens();
        signed_in(&mut history, 11);
        signed_in(&mut history, 12);
        assert_eq!(history.model.tokens().of(partner_user(1)).count(), 2);
        assert_eq!(sessions(&history), [token(11), token(12)]);
        let user_id = partner_user(1);
        history.then(partner(1), PartnerUserSignedOut { user_id, session_id: token(12) });
        assert_eq!(sessions(&history), [token(11)]);
    }

    #[test]
    fn a_changed_password_ends_the_other_sessions_and_a_reset_one_ends_all() {
        let mut history = a_user_with_two_tokens();
        signed_in(&mut history, 11);
        signed_in(&mut history, 12);
        let (user_id, credential_id) = (partner_user(1), crate::testing::credential(5));
        let session_id = Some(token(12));
        let changed = PartnerUserPasswordChanged { user_id, credential_id, session_id };
        history.then(partner(1), changed);
        assert_eq!(sessions(&history), [token(12)]);
        let password_expires_at = history.now;
        let reset = PartnerUserPasswordReset { user_id, credential_id, password_expires_at };
        history.then(partner(1), reset);
        assert_eq!(sessions(&history), []);
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
