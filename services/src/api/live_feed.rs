//! The feed that goes on: server-sent events, told as the read model comes to show them.
//!
//! Lines: `retry` once; for each event `id` (its position) and `data` (the event, one line of JSON).
//! While nothing happens, a comment now and then keeps the connection open; it carries the position
//! that everything was told up to as an `id`, so that who comes back after a long filtered silence
//! does not have all of it looked through again.

use std::{sync::Arc, time::Duration};

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use events::{PartnerId, Position};
use futures::{Stream, StreamExt, stream};
use projections::ReadModel;
use tokio::{sync::watch, time::Instant};

use super::event_feed::{Feed, Part};
use crate::http::ApiError;

/// How long nothing is told before a comment shows that the connection lives.
const HEARTBEAT_SECONDS: u64 = 15;
/// How long news are collected before they are told.
const NEWS_MILLISECONDS: u64 = 20;
/// When a client that lost the connection should come back.
const RETRY_MILLISECONDS: u64 = 2_000;

/// A feed that is being followed.
struct Following {
    feed: Feed,
    partner: PartnerId,
    updates: watch::Receiver<Arc<ReadModel>>,
    /// What the client has as its last id, as far as it was sent any.
    sent: Option<Position>,
    /// How many events the partner's timeline held when the rights were looked at.
    seen: usize,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Begin,
    /// More is there to be told.
    Behind,
    /// Everything was told.
    CaughtUp,
    Over,
}

/// Why a feed that goes on has something to say.
enum News {
    /// Something happened that the partner may see.
    Events,
    /// Nothing happened for a while.
    Silence,
    /// The server stops.
    Stopping,
}

pub(super) fn answer(feed: Feed) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        // A proxy that collects answers would hold events back.
        (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    // Compression asks once more after the end.
    (headers, Body::from_stream(told(feed).fuse())).into_response()
}

fn told(feed: Feed) -> impl Stream<Item = Result<Bytes, std::convert::Infallible>> {
    let updates = feed.app.models().updates();
    let partner = feed.partner;
    let state = State::Begin;
    let following = Following { feed, partner, updates, sent: None, seen: 0, state };
    stream::unfold(following, |mut following| async {
        if following.state == State::Over {
            return None;
        }
        let text = following.next().await;
        Some((Ok(Bytes::from(text)), following))
    })
}

impl Following {
    async fn next(&mut self) -> String {
        match self.state {
            State::Begin => {
                self.state = State::Behind;
                format!("retry: {RETRY_MILLISECONDS}\n\n")
            }
            State::Behind if self.feed.place.is_ending() => self.over("the server stops"),
            State::Behind | State::Over => self.tell().await,
            State::CaughtUp => match self.news().await {
                News::Events => self.tell().await,
                News::Silence => self.tell().await + &self.heartbeat(),
                News::Stopping => self.over("the server stops"),
            },
        }
    }

    /// The next events; nothing but a comment where there are none, or none any more.
    async fn tell(&mut self) -> String {
        self.updates.mark_unchanged();
        match self.part().await {
            Ok(part) => {
                self.state = if part.is_last { State::CaughtUp } else { State::Behind };
                self.sent = part.events.last().map(|(position, _)| *position).or(self.sent);
                let told =
                    |(id, event): &(Position, String)| format!("id: {id}\ndata: {event}\n\n");
                part.events.iter().map(told).collect::<Vec<_>>().concat()
            }
            Err(error) => self.over(&error.description.replace(['\r', '\n'], " ")),
        }
    }

    async fn part(&mut self) -> Result<Part, ApiError> {
        let (reader, view) = self.feed.at_the_door().await?;
        self.seen = view.model.audit_timeline().partner_len(self.partner);
        self.feed.part(&reader, &view).await
    }

    /// Waits for something to say.
    async fn news(&mut self) -> News {
        let silence = Instant::now() + Duration::from_secs(HEARTBEAT_SECONDS);
        loop {
            tokio::select! {
                () = self.feed.place.ending() => return News::Stopping,
                () = tokio::time::sleep_until(silence) => return News::Silence,
                changed = self.updates.changed() => {
                    if changed.is_err() {
                        return News::Stopping;
                    }
                }
            }
            let model = Arc::clone(&self.updates.borrow_and_update());
            if model.audit_timeline().partner_len(self.partner) != self.seen {
                tokio::time::sleep(Duration::from_millis(NEWS_MILLISECONDS)).await;
                return News::Events;
            }
        }
    }

    /// A sign of life, with how far everything was told where that is news to the client.
    fn heartbeat(&mut self) -> String {
        let told = self.feed.from.get().checked_sub(1).map(Position::new);
        match told {
            Some(told) if self.state == State::CaughtUp && self.sent.is_none_or(|it| it < told) => {
                self.sent = Some(told);
                format!(": so far\nid: {told}\n\n")
            }
            _ => ": still here\n\n".to_owned(),
        }
    }

    fn over(&mut self, why: &str) -> String {
        self.state = State::Over;
        format!(": over: {why}\n\n")
    }
}
