//! Page sessions: kept in memory, ended by sign-out, after eight hours, or by a restart.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use data_encoding::BASE64URL_NOPAD;
use events::{CustomerId, CustomerUserId, PartnerId, Timestamp, TokenId};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use super::password::{TemporaryPassword, fill};
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

/// The most credentials a session keeps until they are shown.
pub const SERIES_MAX: usize = 250;

/// The credentials of a user of a series, kept until they are shown with the others, and nowhere
/// else. Not for `Debug`: it holds a password.
pub struct InSeries {
    /// The customer.
    pub customer: CustomerId,
    /// The user.
    pub user: CustomerUserId,
    /// The name it signs in with.
    pub user_name: String,
    /// The name it is shown by.
    pub display_name: String,
    /// The products it has a seat of.
    pub products: Vec<String>,
    /// Its password.
    pub password: TemporaryPassword,
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
    /// Credentials that are to be shown at the end of a series.
    series: Vec<Arc<InSeries>>,
    /// The partner that an auditor of the installation reads of.
    partner: Option<PartnerId>,
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
        let (form_key, series) = (random_text()?, Vec::new());
        let session = Session { token, form_key, note: None, series, partner: None, expires_at };
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

    /// Keeps credentials until they are shown at the end of their series; gives how many of the
    /// customer are kept.
    pub fn collect(&self, key: &SessionKey, credentials: InSeries) -> usize {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(session) = sessions.get_mut(&key.hash()) else { return 0 };
        let customer = credentials.customer;
        session.series.push(Arc::new(credentials));
        session.in_series(customer)
    }

    /// Takes the credentials of a customer's users that were collected, in their order.
    pub fn take_series(&self, key: &SessionKey, customer: CustomerId) -> Vec<Arc<InSeries>> {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(session) = sessions.get_mut(&key.hash()) else { return Vec::new() };
        let all = std::mem::take(&mut session.series);
        let (taken, kept) = all.into_iter().partition(|one| one.customer == customer);
        session.series = kept;
        taken
    }

    /// Remembers the partner that an auditor reads of.
    pub fn choose_partner(&self, key: &SessionKey, partner: PartnerId) {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(session) = sessions.get_mut(&key.hash()) {
            session.partner = Some(partner);
        }
    }

    /// The partner that an auditor reads of, once it chose one.
    pub fn partner(&self, key: &SessionKey) -> Option<PartnerId> {
        let sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.get(&key.hash())?.partner
    }

    /// Ends a session.
    pub fn end(&self, key: &SessionKey) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&key.hash());
    }
}

impl Session {
    /// How many credentials of a customer's users were collected.
    #[must_use]
    pub fn in_series(&self, customer: CustomerId) -> usize {
        self.series.iter().filter(|one| one.customer == customer).count()
    }

    /// Whether there is room for the credentials of another user.
    #[must_use]
    pub const fn has_room_in_series(&self) -> bool {
        self.series.len() < SERIES_MAX
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
    fn collected_credentials_are_taken_once_and_by_their_own_session_only() {
        let sessions = Sessions::default();
        let token = TokenId::from_uuid(Uuid::from_u128(1));
        let start = Timestamp::EPOCH.plus_hours(500_000);
        let [one, other] = [(); 2].map(|()| sessions.begin(token, start).unwrap());
        let [contoso, relecloud] = [1, 2].map(|id| CustomerId::from_uuid(Uuid::from_u128(id)));
        let of = |customer, name: &str| InSeries {
            customer,
            user: CustomerUserId::from_uuid(Uuid::from_u128(3)),
            user_name: name.to_owned(),
            display_name: name.to_owned(),
            products: Vec::new(),
            password: crate::auth::new_temporary_password(start).unwrap(),
        };
        assert_eq!(sessions.collect(&one, of(contoso, "ana")), 1);
        assert_eq!(sessions.collect(&one, of(relecloud, "eve")), 1);
        assert_eq!(sessions.collect(&one, of(contoso, "bo")), 2);
        assert!(sessions.take_series(&other, contoso).is_empty());
        let series = sessions.take_series(&one, contoso);
        assert_eq!(
            series.iter().map(|it| it.user_name.as_str()).collect::<Vec<_>>(),
            ["ana", "bo"]
        );
        assert!(sessions.take_series(&one, contoso).is_empty());
        assert_eq!(sessions.find(&one, start).unwrap().in_series(relecloud), 1);
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
