//! How much the server takes on at once, and from one caller.

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use axum::http::Extensions;
use clap::Args;
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::application::Principal;

/// What the server takes on.
#[derive(Args, Clone, Debug)]
pub(crate) struct Limits {
    /// How many requests one account may send in a minute; as many at once where it was quiet
    /// before. More are answered 429 with the time to wait.
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = Limits::default().requests_per_minute,
        env = "PARTNERLOG_REQUESTS_PER_MINUTE"
    )]
    requests_per_minute: NonZeroU32,
    /// How many requests are served at once; more are answered 503.
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = Limits::default().concurrent_requests,
        env = "PARTNERLOG_CONCURRENT_REQUESTS"
    )]
    concurrent_requests: NonZeroU32,
    /// How many connections are open at once; more wait until one closes.
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = Limits::default().connections,
        env = "PARTNERLOG_CONNECTIONS"
    )]
    connections: NonZeroU32,
    /// How many event feeds are read or followed at once, all accounts together; more are answered
    /// 503.
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = Limits::default().event_streams,
        env = "PARTNERLOG_EVENT_STREAMS"
    )]
    event_streams: NonZeroU32,
}

impl Default for Limits {
    fn default() -> Self {
        let number = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        Self {
            requests_per_minute: number(30_000),
            concurrent_requests: number(1_024),
            connections: number(4_096),
            event_streams: number(256),
        }
    }
}

impl Limits {
    pub(super) fn concurrent_requests(&self) -> usize {
        count(self.concurrent_requests)
    }

    pub(super) fn event_streams(&self) -> usize {
        count(self.event_streams)
    }

    pub(super) fn connections(&self) -> usize {
        count(self.connections)
    }
}

fn count(number: NonZeroU32) -> usize {
    usize::try_from(number.get()).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS)
}

/// How often each account asks. It remembers accounts that showed a good token, never strangers:
/// their number is bounded by the log.
pub(crate) struct Rates(DefaultKeyedRateLimiter<Uuid>);

/// An account asks too often.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("Rate limit is exceeded. Try again in {seconds} seconds.")]
pub(crate) struct TooManyRequests {
    /// After how many seconds it is heard again, at least 1.
    pub(crate) seconds: u64,
}

impl Rates {
    pub(super) fn new(limits: &Limits) -> Self {
        Self(RateLimiter::keyed(Quota::per_minute(limits.requests_per_minute)))
    }

    /// Counts a request of this principal with the server that it reached.
    ///
    /// # Errors
    /// When the principal asked too often.
    pub(crate) fn count_in(
        request: &Extensions,
        principal: &Principal,
    ) -> Result<(), TooManyRequests> {
        request.get::<Arc<Self>>().map_or(Ok(()), |rates| rates.count(principal))
    }

    fn count(&self, principal: &Principal) -> Result<(), TooManyRequests> {
        let (_, person) = principal.scope();
        self.0.check_key(&person).map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now());
            TooManyRequests { seconds: whole_seconds(wait) }
        })
    }
}

/// Rounded up, so that who waits so long is heard.
fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs().saturating_add(1)
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
    fn who_asks_too_often_is_told_when_to_come_back_and_nobody_else_waits_for_it() {
        let limits =
            Limits { requests_per_minute: NonZeroU32::new(3).unwrap(), ..Limits::default() };
        let rates = Rates::new(&limits);
        for _ in 0..3 {
            rates.count(&user(1)).unwrap();
        }
        let refused = rates.count(&user(1)).unwrap_err();
        assert!((1..=20).contains(&refused.seconds), "{refused}");
        rates.count(&user(2)).unwrap();
    }
}
