//! An event as one JSON object on one line.

use events::{CommitId, EventId, Position, RecordedEvent, StreamVersion};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::vault::ShownEvent;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    position: Position,
    /// With all its digits, so that texts sort as times do.
    recorded_at: String,
    stream: String,
    stream_version: StreamVersion,
    event_id: EventId,
    commit_id: CommitId,
    #[serde(rename = "type")]
    name: &'static str,
    schema_version: u16,
    data: &'a Map<String, Value>,
    metadata: &'a Map<String, Value>,
}

pub(super) fn json_line(event: &RecordedEvent, shown: &ShownEvent) -> String {
    let line = Line {
        position: event.position,
        recorded_at: format!("{:.6}", event.recorded_at),
        stream: event.stream.to_string(),
        stream_version: event.stream_version,
        event_id: event.event_id,
        commit_id: event.commit_id,
        name: event.event.name(),
        schema_version: event.schema_version.0,
        data: &shown.data,
        metadata: &shown.metadata,
    };
    // Maps with text keys and plain values always serialise.
    serde_json::to_string(&line).unwrap_or_default()
}
