//! Page sessions: kept in memory, ended by sign-out, after eight hours, or by a restart.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use data_encoding::BASE64URL_NOPAD;
use events::{Timestamp, TokenId};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use super::password::fill;
use crate::keys::KeyError;

/// How long a session lasts, in hours.
pub const SESSION_HOURS: i64 = 8;
/// Sessions held at once; the oldest go first.
const SESSIONS_MAX: usize = 10_000;
/// Sessions of one token: nobody ends those of others by signing in again and again.
const SESSIONS_OF_TOKEN_MAX: usize = 20;

/// What the cookie holds. `Debug` shows nothing of it.
pub struct SessionKey(SecretString);

impl SessionKey {
    /// Takes the cookie's value.
    #[must_use]
    pub fn from_cookie(value: &str) -> Self {
        Self(SecretString::from(value))
    }

    /// The cookie's value.
    #[must_use]
    pub fn reveal(&self) -> &str {
        self.0.expose_secret()
    }

    fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.reveal()).into()
    }
}

/// A signed-in browser.
#[derive(Clone)]
pub struct Session {
    /// The token it signed in with: when that stops working, so does the session.
    pub token: TokenId,
    /// What every form must send back: a page of another site cannot know it.
    pub form_key: String,
    /// What the next page is to say about what was done: kept here, so that no address holds it.
    note: Option<String>,
    expires_at: Timestamp,
}

/// Sessions by the hash of their cookie.
type Held = HashMap<[u8; 32], Session>;

/// The signed-in browsers.
#[derive(Default)]
pub struct Sessions(Mutex<Held>);

impl Sessions {
    /// Begins a session.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn begin(&self, token: TokenId, now: Timestamp) -> Result<SessionKey, KeyError> {
        let key = SessionKey(SecretString::from(random_text()?));
        let expires_at = now.plus_hours(SESSION_HOURS);
        let session = Session { token, form_key: random_text()?, note: None, expires_at };
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.retain(|_, session| session.expires_at > now);
        make_room(&mut sessions, SESSIONS_OF_TOKEN_MAX, |session| session.token == token);
        make_room(&mut sessions, SESSIONS_MAX, |_| true);
        sessions.insert(key.hash(), session);
        Ok(key)
    }

    /// The session of a cookie, if it is still good.
    pub fn find(&self, key: &SessionKey, now: Timestamp) -> Option<Session> {
        let sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.get(&key.hash()).filter(|session| session.expires_at > now).cloned()
    }

    /// Leaves a note for the next page of a session; an unread one is replaced.
    pub fn leave_note(&self, key: &SessionKey, note: String) {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(session) = sessions.get_mut(&key.hash()) {
            session.note = Some(note);
        }
    }

    /// Takes the note that was left for the next page.
    pub fn take_note(&self, key: &SessionKey) -> Option<String> {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.get_mut(&key.hash())?.note.take()
    }

    /// Ends a session.
    pub fn end(&self, key: &SessionKey) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&key.hash());
    }
}

/// Ends the oldest of some sessions where there are as many as may be.
fn make_room(held: &mut Held, most: usize, is_one: impl Fn(&Session) -> bool) {
    let those = || held.iter().filter(|(_, session)| is_one(session));
    if those().count() >= most {
        let oldest = those().min_by_key(|(_, session)| session.expires_at).map(|(hash, _)| *hash);
        oldest.map(|hash| held.remove(&hash));
    }
}

fn random_text() -> Result<String, KeyError> {
    let mut bytes = [0; 32];
    fill(&mut bytes)?;
    Ok(BASE64URL_NOPAD.encode(&bytes))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_session_ends_after_eight_hours_or_at_sign_out() {
        let sessions = Sessions::default();
        let token = TokenId::from_uuid(Uuid::from_u128(1));
        let start = Timestamp::EPOCH;
        let key = sessions.begin(token, start).unwrap();
        assert!(sessions.find(&key, start.plus_seconds(8 * 3600 - 1)).is_some());
        assert!(sessions.find(&key, start.plus_hours(8)).is_none());
        sessions.end(&key);
        assert!(sessions.find(&key, start).is_none());
    }

    #[test]
    fn signing_in_again_and_again_ends_ones_own_oldest_session_and_nobody_elses() {
        let sessions = Sessions::default();
        let [own, other] = [1, 2].map(|number| TokenId::from_uuid(Uuid::from_u128(number)));
        let start = Timestamp::EPOCH;
        let others = sessions.begin(other, start).unwrap();
        let seconds = 0..=i64::try_from(SESSIONS_MAX).unwrap();
        let keys: Vec<_> = seconds
            .map(|second| sessions.begin(own, start.plus_seconds(second)).unwrap())
            .collect();
        let now = start.plus_seconds(3_600);
        assert!(sessions.find(&others, now).is_some());
        let left = keys.iter().filter(|key| sessions.find(key, now).is_some()).count();
        assert_eq!(left, SESSIONS_OF_TOKEN_MAX);
        assert!(sessions.find(keys.last().unwrap(), now).is_some());
    }

    #[test]
    fn a_note_is_read_once_and_by_its_own_session_only() {
        let sessions = Sessions::default();
        let token = TokenId::from_uuid(Uuid::from_u128(1));
        let [one, other] = [(); 2].map(|()| sessions.begin(token, Timestamp::EPOCH).unwrap());
        sessions.leave_note(&one, "done".to_owned());
        assert_eq!(sessions.take_note(&other), None);
        assert_eq!(sessions.take_note(&one).as_deref(), Some("done"));
        assert_eq!(sessions.take_note(&one), None);
    }
}
