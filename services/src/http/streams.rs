//! Answers that go on and on: how many the server keeps up at once, and when they must end.
//!
//! Such an answer is out of the hands of the layers once it has begun: neither the time limit of a
//! request nor the count of requests under way reaches it, so it counts here and ends by itself.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{ApiError, TooManyRequests};
use crate::application::Principal;

/// The most answers of one account that go on at once.
pub(crate) const STREAMS_OF_ACCOUNT_MAX: usize = 8;
/// When an account that has as many should come back, in seconds.
const FULL_SECONDS: u64 = 5;

/// The answers that go on.
pub(crate) struct Streams {
    places: Arc<Semaphore>,
    held: Mutex<HashMap<Uuid, usize>>,
    ending: CancellationToken,
}

/// The place of one answer that goes on; given back when it is dropped.
pub(crate) struct StreamPlace {
    streams: Arc<Streams>,
    account: Uuid,
    _place: OwnedSemaphorePermit,
}

impl Streams {
    /// Room for so many at once, until `ending` is cancelled.
    pub(super) fn new(most: usize, ending: CancellationToken) -> Arc<Self> {
        let places = Arc::new(Semaphore::new(most));
        Arc::new(Self { places, held: Mutex::default(), ending })
    }

    /// A place for an answer to this principal.
    ///
    /// # Errors
    /// When the account, or all together, have as many as the server keeps up.
    pub(crate) fn enter(self: &Arc<Self>, principal: &Principal) -> Result<StreamPlace, ApiError> {
        let (_, account) = principal.scope();
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| ApiError::busy())?;
        let mut held = self.lock();
        let count = held.entry(account).or_insert(0);
        if *count >= STREAMS_OF_ACCOUNT_MAX {
            return Err(TooManyRequests { seconds: FULL_SECONDS }.into());
        }
        *count += 1;
        Ok(StreamPlace { streams: Arc::clone(self), account, _place: place })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Uuid, usize>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StreamPlace {
    /// Completes once the server stops: the answer is to end then.
    pub(crate) async fn ending(&self) {
        self.streams.ending.cancelled().await;
    }

    /// Whether the server stops.
    pub(crate) fn is_ending(&self) -> bool {
        self.streams.ending.is_cancelled()
    }
}

impl Drop for StreamPlace {
    fn drop(&mut self) {
        let mut held = self.streams.lock();
        if let Some(count) = held.get_mut(&self.account) {
            *count -= 1;
            if *count == 0 {
                held.remove(&self.account);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use events::{PartnerId, PartnerUserId};

    use super::*;

    fn user(number: u128) -> Principal {
        let partner = PartnerId::from_uuid(Uuid::from_u128(1));
        Principal::PartnerUser { partner, user: PartnerUserId::from_uuid(Uuid::from_u128(number)) }
    }

    #[test]
    fn one_account_does_not_take_every_place_and_a_place_comes_back() {
        let streams = Streams::new(STREAMS_OF_ACCOUNT_MAX + 1, CancellationToken::new());
        let mut own: Vec<_> =
            (0..STREAMS_OF_ACCOUNT_MAX).map(|_| streams.enter(&user(1)).ok().unwrap()).collect();
        assert_eq!(streams.enter(&user(1)).err().unwrap().status, 429);
        let other = streams.enter(&user(2)).ok().unwrap();
        assert_eq!(streams.enter(&user(3)).err().unwrap().status, 503);
        own.pop();
        drop(other);
        assert!(streams.enter(&user(1)).is_ok());
        drop(own);
        assert!(streams.lock().is_empty());
    }
}
