//! What a read promises.

use std::sync::Arc;

use events::{DecodeError, Event, EventTypeId, Position, StreamVersion};

use super::{
    Harness,
    racing::run_writers,
    samples::{append, commit, event, simple, stream, whole_log, whole_stream},
};
use crate::{
    error::ReadError,
    event_store::{EventStore, ExpectedVersion, StreamWrite},
    record::Record,
};

/// Reading a stream page by page gives what one read gives.
pub async fn paging_a_stream_equals_reading_it_whole(harness: &mut dyn Harness) {
    let store = harness.store();
    run_writers(&store, 4, 20).await;
    let whole = whole_stream(&store, stream(101)).await;
    assert_eq!(whole.len(), 39);
    for page in [1, 3, 39, 40] {
        let mut paged: Vec<Record> = Vec::new();
        loop {
            let from = StreamVersion::new(paged.len() as u64 + 1);
            let records = store.read_stream(stream(101), from, page).await.expect("a page");
            let ended = records.len() < page;
            paged.extend(records);
            if ended {
                break;
            }
        }
        assert_eq!(paged, whole);
    }
}

/// Reading the log page by page gives what one read gives, also across the borders of storage.
pub async fn paging_the_log_equals_reading_it_whole(harness: &mut dyn Harness) {
    run_writers(&harness.store(), 8, 60).await;
    assert_log_pages(&harness.store()).await;
    harness.reopen().await;
    assert_log_pages(&harness.store()).await;
}

async fn assert_log_pages(store: &Arc<dyn EventStore>) {
    let whole = whole_log(store).await;
    assert_eq!(whole.len(), 960);
    for page in [1, 7, 256, 1_000] {
        let mut paged: Vec<Record> = Vec::new();
        while paged.len() < whole.len() {
            let from = Position::new(paged.len() as u64);
            let records = store.read_log(from, page).await.expect("a page");
            assert_eq!(records.len(), page.min(whole.len() - paged.len()));
            paged.extend(records);
        }
        assert_eq!(paged, whole);
    }
}

/// Streams that do not exist and positions beyond the end read as nothing, without an error.
pub async fn what_is_not_there_reads_as_nothing(harness: &mut dyn Harness) {
    let store = harness.store();
    assert!(whole_stream(&store, stream(1)).await.is_empty());
    assert!(whole_log(&store).await.is_empty());
    append(&store, simple(stream(1), 0, 2)).await;
    let beyond = store.read_stream(stream(1), StreamVersion::new(3), 10).await;
    assert_eq!(beyond, Ok(Vec::new()));
    assert_eq!(store.read_log(Position::new(2), 10).await, Ok(Vec::new()));
    assert_eq!(store.read_log(Position::new(u64::MAX), usize::MAX).await, Ok(Vec::new()));
    assert_eq!(store.read_log(Position::START, 0).await, Ok(Vec::new()));
    let all = store.read_stream(stream(1), StreamVersion::NONE, usize::MAX).await;
    assert_eq!(all.map(|records| records.len()), Ok(2));
}

/// Whoever was told that a commit is recorded reads it, by log and by stream.
pub async fn an_acknowledged_commit_is_visible_at_once(harness: &mut dyn Harness) {
    let store = harness.store();
    for version in 0..50 {
        let event = event();
        let expected = ExpectedVersion::unchanged_since(StreamVersion::new(version));
        let write = StreamWrite { stream: stream(1), expected, events: vec![event.clone()] };
        let appended = append(&store, commit(vec![write])).await;
        assert_eq!(store.head(), appended.next);
        let by_log = store.read_log(appended.first, 10).await.expect("the log can be read");
        let from = StreamVersion::new(version + 1);
        let by_stream = store.read_stream(stream(1), from, 10).await;
        assert_eq!(by_stream.expect("the stream can be read"), by_log);
        assert_eq!(by_log.len(), 1);
        assert_eq!(by_log[0].header().event_id, event.event_id);
        let decoded = by_log[0].decode().expect("a real event");
        assert!(matches!(decoded.event, Event::NameClaim(_)));
    }
}

/// What was written is read byte for byte after the store was opened again.
pub async fn the_log_reads_the_same_after_a_reopen(harness: &mut dyn Harness) {
    run_writers(&harness.store(), 8, 60).await;
    let before = whole_log(&harness.store()).await;
    let stream_before = whole_stream(&harness.store(), stream(103)).await;
    for _ in 0..2 {
        harness.reopen().await;
        let store = harness.store();
        assert_eq!(store.head(), Position::new(before.len() as u64));
        assert_eq!(whole_log(&store).await, before);
        assert_eq!(whole_stream(&store, stream(103)).await, stream_before);
    }
}

/// A record of an unknown type is kept, read and named; decoding it is an error, never a skip.
pub async fn an_unknown_event_type_is_an_explicit_error_and_stays_readable(
    harness: &mut dyn Harness,
) {
    let store = harness.store();
    append(&store, simple(stream(1), 0, 1)).await;
    let type_id = EventTypeId(0x04ff);
    let mut unknown = event();
    unknown.type_id = type_id;
    let expected = ExpectedVersion::NoStream;
    let write = StreamWrite { stream: stream(2), expected, events: vec![unknown.clone()] };
    append(&store, commit(vec![write])).await;
    let log = whole_log(&store).await;
    assert!(log[0].decode().is_ok());
    let found = log[1].decode().expect_err("the type is unknown");
    let reason = DecodeError::UnknownType(type_id);
    assert_eq!(found, ReadError::Undecodable { position: Position::new(1), reason });
    assert_eq!(log[1].header().event_id, unknown.event_id);
    assert!(log[1].bytes().ends_with(&unknown.body));
}
