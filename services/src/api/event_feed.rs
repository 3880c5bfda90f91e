//! The event feed [our own style]: every event the caller's partner may see, from a position on, in
//! the order of the log: as JSON Lines up to now, or as server-sent events that go on.
//!
//! What it holds is what the activity log shows (`/v1/history`), with the same rights. Those are asked
//! for again before every part, at the same door as at first: who may read no longer reads no more.
//! Each part is read once the client took the one before, so a slow client costs nothing but its
//! place; one that takes nothing at all is cut off by the connection.

use std::{collections::BTreeSet, sync::Arc};

use axum::{
    Extension,
    body::Body,
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header, request::Parts},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use commands::Permission;
use events::{CustomerId, PartnerId, Position};
use futures::{Stream, StreamExt, stream};
use projections::{TimelineFilter, TimelineScope};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    history::wanted_types,
    lean::to_json,
    live_feed,
    query::Query,
    reading::{Reader, View},
    recorded::{EventTold, Teller},
    wire::POSITION,
};
use crate::http::{ApiError, AppState, Rates, StreamPlace, Streams};

/// Events of a part, which is what is held in memory of an answer at once.
const PART_EVENTS: usize = 100;
/// The last event that a client has, as browsers send it when they come back.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// The word for the position behind the newest event.
const HEAD: &str = "head";

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(feed))
}

/// Tells every event the caller's partner may see, from a position on, in the order of the log (*own*).
///
/// As JSON Lines up to now; with `Accept: text/event-stream` as server-sent events that go on.
#[utoipa::path(
    get,
    path = "/v1/events",
    tag = "Events",
    params(
        ("from" = Option<String>, Query, description = "The position to begin with, or `head` for what happens next.", example = json!("0")),
        ("after" = Option<u64>, Query, description = "The position of an event to begin behind.", example = json!(0)),
        ("Last-Event-ID" = Option<u64>, Header, description = "The same, as browsers send it when they come back."),
        ("customerId" = Option<Uuid>, Query, description = "What happened to one customer."),
        ("type" = Option<String>, Query, description = "Events of these types, by name, separated by commas.", example = json!("CustomerUserDeleted")),
    ),
    responses((
        status = OK,
        description = "The events, each as the history shows it, one a line.",
        content(
            (EventTold = "application/x-ndjson"),
            (String = "text/event-stream")
        )
    ))
)]
async fn feed(
    State(app): State<AppState>,
    Extension(streams): Extension<Arc<Streams>>,
    request: Request,
) -> Result<Response, ApiError> {
    let (parts, _) = request.into_parts();
    let goes_on = wants_to_follow(&parts.headers);
    let query = Query::of(&parts.uri)?;
    if goes_on && query.text("asOf").is_some() {
        return Err(ApiError::invalid("asOf", "is for JSON Lines: what goes on has no end"));
    }
    let reader = Reader::from_request_parts(&mut parts.clone(), &app).await?;
    let wanted = Wanted {
        customer: query.optional("customerId")?,
        types: wanted_types(&query)?,
        door: Door::of(parts),
    };
    let view = wanted.seen_by(&app, &reader).await?;
    let from = begin(&wanted.door.0.headers, &query, view.position())?;
    let place = streams.enter(&reader.caller.principal())?;
    let feed = Feed { app, wanted, place, partner: view.partner, from };
    let position = HeaderValue::from(view.position().get());
    let mut response = if goes_on { live_feed::answer(feed) } else { feed.answer(view) };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(POSITION, position);
    Ok(response)
}

fn wants_to_follow(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let mut kinds =
        accepted.flat_map(|kinds| kinds.split(',')).filter_map(|it| it.split(';').next());
    kinds.any(|kind| kind.trim().eq_ignore_ascii_case("text/event-stream"))
}

/// Where to begin: behind the last event that the client has, or where it says.
fn begin(headers: &HeaderMap, query: &Query, head: Position) -> Result<Position, ApiError> {
    let behind = |name: &str, text: &str| match text.trim().parse() {
        Ok(number) if number < head.get() => Ok(Position::new(number).next()),
        Ok(_) => {
            Err(ApiError::invalid(name, format!("lies ahead of the log, which ends at {head}")))
        }
        Err(_) => Err(ApiError::invalid(name, "must be the position of an event")),
    };
    if let Some(last) = headers.get(LAST_EVENT_ID).filter(|value| !value.is_empty()) {
        return behind("Last-Event-ID", last.to_str().unwrap_or_default());
    }
    if let Some(last) = query.text("after") {
        return behind("after", last);
    }
    match query.text("from") {
        None => Ok(Position::START),
        Some(word) if word.eq_ignore_ascii_case(HEAD) => Ok(head),
        Some(text) => match text.parse() {
            Ok(number) if number <= head.get() => Ok(Position::new(number)),
            Ok(_) => Err(ApiError::invalid(
                "from",
                format!("lies ahead of the log, which ends at {head}"),
            )),
            Err(_) => Err(ApiError::invalid("from", "must be a position of the log, or head")),
        },
    }
}

/// The request, kept to ask for the same again.
struct Door(Parts);

impl Door {
    fn of(mut parts: Parts) -> Self {
        // It is one request, however often its rights are looked at.
        parts.extensions.remove::<Arc<Rates>>();
        Self(parts)
    }
}

/// Which events are asked for, and by whom.
struct Wanted {
    customer: Option<CustomerId>,
    types: BTreeSet<u16>,
    door: Door,
}

impl Wanted {
    /// What the caller sees, if it may.
    async fn seen_by(&self, app: &AppState, reader: &Reader) -> Result<View, ApiError> {
        let permission = Permission::ActivityLogView;
        Ok(match self.customer {
            None => reader.view(app, permission).await?,
            Some(customer) => reader.customer_view(app, customer, permission).await?.view,
        })
    }

    fn scope(&self, view: &View) -> TimelineScope {
        match self.customer {
            None => TimelineScope::Partner(view.partner),
            Some(customer) => TimelineScope::PartnerAtCustomer(view.partner, customer),
        }
    }
}

/// An answer under way.
pub(super) struct Feed {
    /// What is read from.
    pub(super) app: AppState,
    wanted: Wanted,
    /// Its place among the answers that go on.
    pub(super) place: StreamPlace,
    /// The partner it is about.
    pub(super) partner: PartnerId,
    /// Everything before this position was told.
    pub(super) from: Position,
}

/// Some events as they are told, oldest first, and whether no others follow by now.
pub(super) struct Part {
    pub(super) events: Vec<(Position, String)>,
    pub(super) is_last: bool,
}

impl Feed {
    /// Who asks, and what it sees by now, if it still may.
    pub(super) async fn at_the_door(&self) -> Result<(Reader, View), ApiError> {
        let mut parts = self.wanted.door.0.clone();
        let reader = Reader::from_request_parts(&mut parts, &self.app).await?;
        let view = self.wanted.seen_by(&self.app, &reader).await?;
        Ok((reader, view))
    }

    /// The next events, as far as this moment shows any.
    pub(super) async fn part(&mut self, reader: &Reader, view: &View) -> Result<Part, ApiError> {
        let types = self.wanted.types.clone();
        let filter = TimelineFilter { types, category: None, from: self.from };
        let (timeline, scope) = (view.model.audit_timeline(), self.wanted.scope(view));
        let found = timeline.part(scope, &filter, view.position(), PART_EVENTS);
        let teller = Teller::new(&self.app, &reader.caller, view).await?;
        let mut events = Vec::with_capacity(found.entries.len());
        for entry in found.entries {
            let event = self.app.event(entry.position).await?;
            let told = to_json(&teller.told(&event).await?).ok();
            let told = told.and_then(|bytes| String::from_utf8(bytes).ok());
            events.push((entry.position, told.ok_or_else(ApiError::internal)?));
        }
        self.from = found.next;
        Ok(Part { events, is_last: found.is_last })
    }

    /// Everything up to the moment that `view` shows.
    fn answer(self, view: View) -> Response {
        let content_type = HeaderValue::from_static("application/x-ndjson");
        // Compression asks once more after the end.
        let body = Body::from_stream(self.lines(view).fuse());
        ([(header::CONTENT_TYPE, content_type)], body).into_response()
    }

    fn lines(self, view: View) -> impl Stream<Item = Result<Bytes, FeedError>> {
        stream::unfold(Some((self, view)), |state| async {
            let (mut feed, view) = state?;
            if feed.place.is_ending() {
                return Some((Err(FeedError::Stopping), None));
            }
            let part = match feed.at_the_door().await {
                Ok((reader, _)) => feed.part(&reader, &view).await,
                Err(error) => Err(error),
            };
            // What is missing is not passed over: the answer breaks off.
            Some(match part {
                Ok(part) => {
                    let lines = part.events.iter().map(|(_, event)| format!("{event}\n"));
                    let text = lines.collect::<Vec<_>>().concat();
                    (Ok(text.into()), (!part.is_last).then_some((feed, view)))
                }
                Err(error) => (Err(FeedError::Broken(error.description)), None),
            })
        })
    }
}

/// Why an answer breaks off.
#[derive(Debug, thiserror::Error)]
enum FeedError {
    /// The server stops.
    #[error("the server stops")]
    Stopping,
    /// The rest may not or cannot be read.
    #[error("the rest is not told: {0}")]
    Broken(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begun(last: Option<&'static str>, query: &str) -> Result<u64, String> {
        let mut headers = HeaderMap::new();
        if let Some(last) = last {
            headers.insert(LAST_EVENT_ID, HeaderValue::from_static(last));
        }
        let query = Query::of(&format!("/v1/events?{query}").parse().unwrap()).unwrap();
        let begun = begin(&headers, &query, Position::new(10));
        begun.map(Position::get).map_err(|error| error.data[1].clone())
    }

    #[test]
    fn a_feed_begins_where_it_is_told_and_behind_what_the_client_has() {
        assert_eq!(begun(None, ""), Ok(0));
        assert_eq!(begun(None, "from=4"), Ok(4));
        assert_eq!(begun(None, "from=10"), Ok(10));
        assert_eq!(begun(None, "from=Head"), Ok(10));
        assert_eq!(begun(None, "after=4"), Ok(5));
        // Who comes back sends the same address as at first.
        assert_eq!(begun(Some("7"), "after=4"), Ok(8));
        assert_eq!(begun(Some(""), "after=9"), Ok(10));
    }

    #[test]
    fn a_place_that_is_none_in_this_log_is_refused_by_name() {
        for (last, query, field) in [
            (None, "from=11", "from"),
            (None, "from=-1", "from"),
            (None, "from=soon", "from"),
            (None, "after=10", "after"),
            (Some("10"), "", "Last-Event-ID"),
            (Some("x"), "from=1", "Last-Event-ID"),
        ] {
            assert_eq!(begun(last, query), Err(field.to_owned()), "{query}");
        }
    }

    #[test]
    fn only_who_accepts_server_sent_events_follows() {
        let asks = |accept: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
            wants_to_follow(&headers)
        };
        assert!(asks("text/event-stream") && asks("application/json, Text/Event-Stream;q=0.9"));
        assert!(!asks("*/*") && !asks("application/x-ndjson"));
        assert!(!wants_to_follow(&HeaderMap::new()));
    }
}
