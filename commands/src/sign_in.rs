//! How an account signs in: its password, failures in a row, the lock after too many, its sessions.
//!
//! Users of partners, users of customers, operators and auditors all sign in by these rules; each
//! aggregate has its own events and keeps a [`SignIn`] with every account. Whether a password is
//! right is found out outside, where its hash is kept; what follows is decided here, from events.

use std::collections::BTreeMap;

use events::{CredentialId, Timestamp, TokenId};

use crate::rejection::Rejection;

/// How long a session lasts, in hours.
pub const SESSION_HOURS: i64 = 8;
/// Sessions of one account; the oldest end first.
pub const SESSIONS_OF_ACCOUNT_MAX: usize = 20;
/// After so many wrong passwords in a row an account is locked.
pub const SIGN_IN_FAILURES_MAX: u32 = 5;
/// How long a wrong password counts, in minutes.
pub const FAILURE_COUNTS_MINUTES: i64 = 15;
/// How long an account is locked, in minutes.
pub const LOCK_OUT_MINUTES: i64 = 15;
/// The shortest password that somebody may choose for himself, in characters.
pub const OWN_PASSWORD_CHARACTERS_MIN: usize = 12;
/// The longest, in characters.
pub const OWN_PASSWORD_CHARACTERS_MAX: usize = 256;

/// What is known about how an account signs in.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SignIn {
    has_own_password: bool,
    failures: u32,
    counted_until: Option<Timestamp>,
    locked_until: Option<Timestamp>,
    sessions: BTreeMap<TokenId, Timestamp>,
    tokens: BTreeMap<TokenId, Timestamp>,
}

/// A password that was tried, as the hash it was held against says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PasswordProof {
    /// The password it was held against.
    pub credential_id: CredentialId,
    /// Whether it is that password, and works still.
    pub matches: bool,
}

/// What is to be known about a password that somebody chooses for himself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ChosenPassword {
    /// Where its hash is kept.
    pub credential_id: CredentialId,
    /// How many characters it has.
    pub characters: usize,
    /// Whether control characters are in it.
    pub has_control_characters: bool,
    /// Whether it is the password until now.
    pub is_the_old_one: bool,
    /// Whether the name of the account is in it, or it is in the name.
    pub holds_the_name: bool,
}

/// What is wrong with a password that somebody chose.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PasswordFault {
    /// It has too few characters.
    TooShort,
    /// It has too many.
    TooLong,
    /// There are control characters in it.
    ControlCharacters,
    /// It is the password until now.
    TheOldOne,
    /// It holds the name of the account.
    HoldsTheName,
}

/// Whether the failed attempt is one of a row, and locks the account.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Failure {
    pub(crate) failures: u32,
    pub(crate) counted_until: Timestamp,
    pub(crate) locked_until: Option<Timestamp>,
}

/// What an attempt leads to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Attempt {
    Right,
    Wrong(Failure),
}

impl PasswordFault {
    /// What the password must be instead.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::TooShort => "must have at least 12 characters",
            Self::TooLong => "must have at most 256 characters",
            Self::ControlCharacters => "must not hold control characters",
            Self::TheOldOne => "must be another one than until now",
            Self::HoldsTheName => "must not hold the sign-in name",
        }
    }
}

impl ChosenPassword {
    /// Refuses a password that nobody may choose.
    pub(crate) const fn fits(&self) -> Result<(), Rejection> {
        let fault = if self.characters < OWN_PASSWORD_CHARACTERS_MIN {
            PasswordFault::TooShort
        } else if self.characters > OWN_PASSWORD_CHARACTERS_MAX {
            PasswordFault::TooLong
        } else if self.has_control_characters {
            PasswordFault::ControlCharacters
        } else if self.is_the_old_one {
            PasswordFault::TheOldOne
        } else if self.holds_the_name {
            PasswordFault::HoldsTheName
        } else {
            return Ok(());
        };
        Err(Rejection::UnfitPassword { fault })
    }
}

/// What is known.
impl SignIn {
    /// Whether the password is a temporary one, which obliges to choose another before anything else.
    #[must_use]
    pub const fn must_change_password(&self) -> bool {
        !self.has_own_password
    }

    /// When a session ends at the latest; `None` when there is no such session (any more).
    #[must_use]
    pub fn session(&self, id: TokenId) -> Option<Timestamp> {
        self.sessions.get(&id).copied()
    }

    /// When a token stops working that was made for the account; `None` when there is no such token
    /// (any more).
    #[must_use]
    pub fn token(&self, id: TokenId) -> Option<Timestamp> {
        self.tokens.get(&id).copied()
    }

    /// Until when nobody signs in to the account, if it is locked now.
    #[must_use]
    pub fn locked_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.locked_until.filter(|until| now < *until)
    }
}

/// What follows from an attempt.
impl SignIn {
    /// Decides on a password that was tried; `current` is the account's password now.
    ///
    /// # Errors
    /// [`Rejection::LockedOut`] while the account is locked, whatever the password;
    /// [`Rejection::SignInRefused`] when it was held against another password than the present one.
    pub(crate) fn attempt(
        &self,
        current: CredentialId,
        proof: PasswordProof,
        now: Timestamp,
    ) -> Result<Attempt, Rejection> {
        if let Some(until) = self.locked_until(now) {
            return Err(Rejection::LockedOut { until });
        }
        if proof.credential_id != current {
            return Err(Rejection::SignInRefused);
        }
        self.attempt_with(proof.matches, now)
    }

    /// Decides on a secret that was tried and is right, or is none that works.
    ///
    /// # Errors
    /// [`Rejection::LockedOut`] while it is locked, whatever the secret.
    pub(crate) fn attempt_with(
        &self,
        is_right: bool,
        now: Timestamp,
    ) -> Result<Attempt, Rejection> {
        if let Some(until) = self.locked_until(now) {
            return Err(Rejection::LockedOut { until });
        }
        if is_right {
            return Ok(Attempt::Right);
        }
        let counts = self.counted_until.is_some_and(|until| now < until);
        let failures = if counts { self.failures.saturating_add(1) } else { 1 };
        let locks = failures >= SIGN_IN_FAILURES_MAX;
        Ok(Attempt::Wrong(Failure {
            failures,
            counted_until: now.plus_seconds(FAILURE_COUNTS_MINUTES * 60),
            locked_until: locks.then(|| now.plus_seconds(LOCK_OUT_MINUTES * 60)),
        }))
    }
}

/// How events change what is known.
impl SignIn {
    /// A session began. Those that ended meanwhile are forgotten; of too many the oldest end.
    pub(crate) fn signed_in(&mut self, session: TokenId, expires_at: Timestamp) {
        self.forget_failures();
        let began_at = expires_at.plus_hours(-SESSION_HOURS);
        self.sessions.retain(|_, until| *until > began_at);
        while self.sessions.len() >= SESSIONS_OF_ACCOUNT_MAX {
            let oldest = self.sessions.iter().min_by_key(|(id, until)| (**until, **id));
            let Some(oldest) = oldest.map(|(id, _)| *id) else { break };
            self.sessions.remove(&oldest);
        }
        self.sessions.insert(session, expires_at);
    }

    pub(crate) fn signed_out(&mut self, session: TokenId) {
        self.sessions.remove(&session);
    }

    pub(crate) const fn failed(
        &mut self,
        failures: u32,
        counted_until: Timestamp,
        locked_until: Option<Timestamp>,
    ) {
        if locked_until.is_some() {
            // The row is over: after the lock it begins anew.
            self.failures = 0;
            self.counted_until = None;
            self.locked_until = locked_until;
        } else {
            self.failures = failures;
            self.counted_until = Some(counted_until);
        }
    }

    /// The account chose its own password: its other sessions end.
    pub(crate) fn password_changed(&mut self, kept: Option<TokenId>) {
        self.has_own_password = true;
        self.forget_failures();
        self.sessions.retain(|id, _| Some(*id) == kept);
    }

    /// Somebody else gave the account a temporary password: every session and token ends, and so does
    /// a lock.
    pub(crate) fn password_reset(&mut self) {
        *self = Self::default();
    }

    /// The account is gone: nothing of it is revived when it comes back, but its password.
    pub(crate) fn account_deleted(&mut self) {
        self.sessions.clear();
        self.tokens.clear();
    }

    pub(crate) fn token_issued(&mut self, token: TokenId, expires_at: Timestamp) {
        self.tokens.insert(token, expires_at);
    }

    pub(crate) fn token_revoked(&mut self, token: TokenId) {
        self.tokens.remove(&token);
    }

    const fn forget_failures(&mut self) {
        self.failures = 0;
        self.counted_until = None;
        self.locked_until = None;
    }
}
