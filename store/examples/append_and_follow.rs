//! Creates a log in a temporary directory, follows it, appends to it, and opens it again.
//!
//! `cargo run -p store --example append_and_follow`

use std::{
    error::Error,
    io::{Write, stdout},
    sync::Arc,
    time::{Duration, Instant},
};

use events::{
    Actor, ClaimKind, Client, CommitId, CorrelationId, EventId, Holder, InstallationId, Metadata,
    NameClaimEvent, NameClaimed, NameHash, NewEvent, Position, RuleCode, StreamId, Timestamp,
};
use store::{
    Commit, Delivery, EventStore, ExpectedVersion, LogStore, ManualClock, StoreOptions, StreamWrite,
};
use tokio_stream::StreamExt;
use uuid::Uuid;

/// How long an append may take.
const APPEND_SECONDS_MAX: u64 = 5;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let home = tempfile::tempdir()?;
    let directory = home.path().join("log");
    let clock = Arc::new(ManualClock::new(Timestamp::EPOCH));
    let installation = InstallationId::from_uuid(Uuid::now_v7());
    let options = StoreOptions::default();
    let log =
        LogStore::create(&directory, installation, Arc::<ManualClock>::clone(&clock), &options)?;

    let mut subscription = log.subscribe(Position::START);
    let commit = claim(NameHash::new([7; 16]))?;
    for _ in 0..2 {
        // Appending the same commit again changes nothing and returns the first outcome.
        let deadline = Instant::now() + Duration::from_secs(APPEND_SECONDS_MAX);
        let appended = log.append(commit.clone(), deadline).await?;
        writeln!(stdout(), "recorded at {}, replayed: {}", appended.first, appended.replayed)?;
    }
    while let Some(delivery) = subscription.next().await {
        match delivery? {
            Delivery::Records(records) => {
                for record in records {
                    let recorded = record.decode()?;
                    let (position, stream) = (recorded.position, recorded.stream);
                    writeln!(stdout(), "{position}: {} in {stream}", recorded.event.name())?;
                }
            }
            Delivery::CaughtUp(position) => {
                writeln!(stdout(), "caught up at {position}")?;
                break;
            }
        }
    }
    log.close().await?;

    let log = LogStore::open(&directory, clock, &options)?;
    writeln!(stdout(), "opened again with {} events", log.head())?;
    log.close().await?;
    Ok(())
}

/// The commit by which a name is claimed for somebody.
fn claim(name: NameHash) -> Result<Commit, events::EncodeError> {
    let event = NewEvent {
        event_id: EventId::from_uuid(Uuid::now_v7()),
        metadata: Metadata {
            occurred_at: Timestamp::EPOCH,
            actor: Actor::Operator,
            on_behalf_of: None,
            client: Client::CommandLine,
            origin: None,
            correlation_id: CorrelationId::from_uuid(Uuid::now_v7()),
            causation_id: None,
            rule: RuleCode::new("example"),
            reason: None,
            ticket: None,
            approved_by: None,
            request_digest: None,
        },
        event: NameClaimEvent::NameClaimed(NameClaimed {
            kind: ClaimKind::Domain,
            holder: Holder(Uuid::now_v7()),
        })
        .into(),
    };
    let write = StreamWrite {
        stream: StreamId::from(name),
        expected: ExpectedVersion::NoStream,
        events: vec![event.encode()?],
    };
    Ok(Commit { id: CommitId::from_uuid(Uuid::now_v7()), writes: vec![write], checks: Vec::new() })
}
