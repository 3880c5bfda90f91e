//! Carrying a command out: look up a repeat, authorise, load, decide, seal, append, wait for the
//! read model.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use events::{
    CommitId, CustomerEvent, CustomerUserEvent, Event, EventId, LicenseOutcome, Metadata, NewEvent,
    PartnerEvent, PartnerUserEvent, PartnerUserRestored, Personal, Position, RecordedEvent,
    RuleCode, StreamId,
};
use store::{AppendError, Appended, Commit, ExpectedVersion, ReadError, StreamCheck, StreamWrite};

use super::{Application, Call, CommandError, Transaction, aggregates::Recorded, refusals::Asked};
use crate::{
    ids,
    vault::{Binding, EventSealer, Plaintexts},
};

/// How often a command is decided again after a conflict.
const CONFLICT_RETRIES_MAX: usize = 16;
/// How long an append may take before its outcome counts as unknown.
const APPEND_DEADLINE_SECONDS: u64 = 30;
/// How often a commit whose outcome is unknown is appended again before the caller is told so.
const RESOLUTIONS_MAX: u32 = 6;
/// How long the log has to answer one of those.
const RESOLUTION_DEADLINE_SECONDS: u64 = 5;
/// How often the events of a commit are read again while reads lag behind what was appended.
const LAGGING_READS_MAX: u32 = 6;
/// How long to wait before asking again, at first; then twice as long each time.
const RETRY_MILLISECONDS: u64 = 10;
/// How long an answer waits for the read model; then it goes out all the same.
const READ_YOUR_WRITES_MILLISECONDS: u64 = 1_000;

/// One thing the application can be asked to do.
#[async_trait]
pub trait UseCase: Send + Sync {
    /// The name in traces and metrics.
    fn name(&self) -> &'static str;

    /// The aggregate on which commands queue.
    fn primary(&self) -> StreamId;

    /// Authorises, loads and decides. May run several times; must not have other effects.
    ///
    /// # Errors
    /// When a rule says no or something cannot be read.
    async fn decide(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError>;
}

/// What a command led to. For a repeat of an idempotent command it is what the first one led to.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What was recorded, in order; empty when nothing had to change.
    pub events: Vec<Event>,
    /// A reader that has come this far has seen it.
    pub position: Position,
    /// True when it had been carried out before: secrets are not shown again.
    pub replayed: bool,
}

impl Outcome {
    /// The first recorded event that `pick` recognises.
    pub fn find<T>(&self, pick: impl FnMut(&Event) -> Option<T>) -> Option<T> {
        self.events.iter().find_map(pick)
    }

    /// What became of each licence of the customer user that was restored.
    #[must_use]
    pub fn restored_licenses(&self) -> Option<&[LicenseOutcome]> {
        self.events.iter().find_map(|event| match event {
            Event::Customer(CustomerEvent::User(CustomerUserEvent::CustomerUserRestored(
                event,
            ))) => Some(event.licenses.as_slice()),
            _ => None,
        })
    }

    /// The restoration of a partner user: which roles came back, and which did not.
    #[must_use]
    pub fn restored_partner_user(&self) -> Option<&PartnerUserRestored> {
        self.events.iter().find_map(|event| match event {
            Event::Partner(PartnerEvent::User(PartnerUserEvent::PartnerUserRestored(event))) => {
                Some(event)
            }
            _ => None,
        })
    }
}

impl Application {
    /// Carries a command out.
    ///
    /// # Errors
    /// See [`CommandError`].
    pub async fn execute<U: UseCase>(
        &self,
        call: &Call,
        use_case: &U,
    ) -> Result<Outcome, CommandError> {
        let outcome = self.execute_once(call, use_case).await;
        match &outcome {
            Ok(outcome) => {
                // Not in the aggregate's queue: the next command there need not wait as well.
                self.wait_until_visible(outcome.position).await;
                let replayed = outcome.replayed;
                // Of what is done the log itself tells; a line for each would only cost time.
                tracing::debug!(
                    command = use_case.name(),
                    correlation_id = %call.correlation_id,
                    position = outcome.position.get(),
                    events = outcome.events.len(),
                    replayed,
                    "command carried out"
                );
                metrics::counter!("partnerlog_commands_total", "command" => use_case.name(), "outcome" => "done")
                    .increment(1);
            }
            Err(error) => {
                tracing::info!(
                    command = use_case.name(),
                    correlation_id = %call.correlation_id,
                    error = error as &dyn std::error::Error,
                    "command not carried out"
                );
                metrics::counter!("partnerlog_commands_total", "command" => use_case.name(), "outcome" => "refused")
                    .increment(1);
                self.note_refusal(call, use_case.name(), Some(use_case.primary()), error);
            }
        }
        outcome
    }

    /// Notes a refusal on grounds of security, to be recorded; costs the caller nothing.
    pub(super) fn note_refusal(
        &self,
        call: &Call,
        request: &str,
        target: Option<StreamId>,
        error: &CommandError,
    ) {
        if let CommandError::Rejected(rejection) = error {
            let (caller, correlation) = (call.principal.actor(), call.correlation_id);
            let asked = Asked { caller, request, target, correlation };
            self.refusals.note(&asked, rejection, self.now());
        }
    }

    /// Carries a command of partnerlog's own out, without waiting until the read model shows it.
    ///
    /// # Errors
    /// See [`CommandError`].
    pub(super) async fn execute_unseen<U: UseCase>(
        &self,
        call: &Call,
        use_case: &U,
    ) -> Result<Outcome, CommandError> {
        self.execute_once(call, use_case).await
    }

    async fn execute_once<U: UseCase>(
        &self,
        call: &Call,
        use_case: &U,
    ) -> Result<Outcome, CommandError> {
        let _queue = self.aggregates.lock(use_case.primary()).await;
        if let Some(first) = self.first_outcome(call).await? {
            return Ok(first);
        }
        for _ in 0..CONFLICT_RETRIES_MAX {
            let mut transaction = Transaction::new(self, call);
            if let Err(refusal) = self.decide(use_case, &mut transaction).await {
                // What is in the way may be what the same request, sent twice at once, has done, or,
                // where reads lag, what it did the first time.
                let shown = self.store.head();
                return match self.first_outcome(call).await? {
                    Some(first) => Ok(first),
                    // A repeat is not recognised in a log that shows less than is known here.
                    None if call.idempotency.is_some() && shown < transaction.seen_at() => {
                        Err(not_shown_yet().into())
                    }
                    None => Err(refusal),
                };
            }
            match self.commit(transaction).await {
                Err(CommandError::Contention) => {}
                outcome => return outcome,
            }
        }
        Err(CommandError::Contention)
    }

    async fn decide<U: UseCase>(
        &self,
        use_case: &U,
        transaction: &mut Transaction<'_>,
    ) -> Result<(), CommandError> {
        use_case.decide(transaction).await?;
        transaction.refuse_unknown_approver().await
    }

    /// What the first command under the call's idempotency key led to.
    ///
    /// # Errors
    /// When another request came under that key, or the log cannot be read.
    pub(crate) async fn first_outcome(&self, call: &Call) -> Result<Option<Outcome>, CommandError> {
        let Some(idempotency) = call.idempotency else { return Ok(None) };
        match self.store.find_commit(idempotency.commit_id).await? {
            Some(appended) => self.repeat_of(call, &appended).await.map(Some),
            None => Ok(None),
        }
    }

    /// The outcome of a commit that was recorded before, if it came from the same request.
    async fn repeat_of(&self, call: &Call, first: &Appended) -> Result<Outcome, CommandError> {
        let events = self.recorded(first).await?;
        let digest = events.first().and_then(|event| event.metadata.request_digest);
        if digest != call.idempotency.map(|key| key.digest) {
            return Err(CommandError::IdempotencyKeyReused);
        }
        Ok(Outcome {
            events: events.into_iter().map(|event| event.event).collect(),
            position: first.next,
            replayed: true,
        })
    }

    async fn recorded(&self, appended: &Appended) -> Result<Vec<RecordedEvent>, CommandError> {
        let count = usize::try_from(appended.next.get() - appended.first.get()).unwrap_or(0);
        for retry in 0..=LAGGING_READS_MAX {
            let records = self.store.read_log(appended.first, count).await?;
            if records.len() == count {
                return Ok(records.iter().map(store::Record::decode).collect::<Result<_, _>>()?);
            }
            back_off(retry).await;
        }
        Err(not_shown_yet().into())
    }

    async fn commit(&self, transaction: Transaction<'_>) -> Result<Outcome, CommandError> {
        if transaction.writes.iter().all(|decided| decided.events.is_empty()) {
            let position = self.store.head();
            return Ok(Outcome { events: Vec::new(), position, replayed: false });
        }
        let commit_id = transaction
            .call
            .idempotency
            .map_or_else(|| ids::fresh(self.now(), CommitId::from_uuid), |key| key.commit_id);
        self.keys.credentials.put(transaction.credentials.clone()).await?;
        let (commit, sealed) = self.seal(&transaction, commit_id)?;
        let first_event = commit.writes.first().and_then(|write| write.events.first());
        let first_event = first_event.map(|event| event.event_id);
        let appended = self.append(commit).await?;
        if appended.replayed && !self.begins_with(&appended, first_event).await? {
            return self.repeat_of(transaction.call, &appended).await;
        }
        self.keep_at_hand(&transaction, &sealed, appended.first);
        Ok(Outcome {
            events: transaction.writes.into_iter().flat_map(|decided| decided.events).collect(),
            position: appended.next,
            replayed: false,
        })
    }

    /// Keeps what was recorded at hand, for the answer and for the next command.
    fn keep_at_hand(&self, transaction: &Transaction<'_>, sealed: &SealedEvents, first: Position) {
        let mut position = first;
        for (decided, events) in transaction.writes.iter().zip(&sealed.streams) {
            let recorded = Recorded {
                stream: decided.stream,
                after: decided.version,
                first: position,
                events,
            };
            (decided.advance)(&self.aggregates, &recorded);
            for event in events {
                self.vault.remember(position, event, &sealed.plaintexts);
                position = position.next();
            }
        }
    }

    /// True when a commit that was recorded before is this very attempt, whose answer was lost,
    /// and not an earlier one.
    async fn begins_with(
        &self,
        appended: &Appended,
        first_event: Option<EventId>,
    ) -> Result<bool, CommandError> {
        let events = self.recorded(appended).await?;
        Ok(events.first().map(|event| event.event_id) == first_event)
    }

    /// Appends. An unknown outcome is resolved by appending the same commit again; while the log
    /// does not answer, nothing is known.
    async fn append(&self, commit: Commit) -> Result<Appended, CommandError> {
        let deadline = Instant::now() + Duration::from_secs(APPEND_DEADLINE_SECONDS);
        match self.store.append(commit.clone(), deadline).await {
            Err(AppendError::OutcomeUnknown { .. }) => {}
            outcome => return Ok(outcome?),
        }
        for retry in 0..RESOLUTIONS_MAX {
            let deadline = Instant::now() + Duration::from_secs(RESOLUTION_DEADLINE_SECONDS);
            match self.store.append(commit.clone(), deadline).await {
                // Not written now says nothing of the first time.
                Err(AppendError::OutcomeUnknown { .. } | AppendError::Unavailable { .. }) => {
                    back_off(retry).await;
                }
                outcome => return Ok(outcome?),
            }
        }
        Err(CommandError::OutcomeUnknown)
    }

    fn seal(
        &self,
        transaction: &Transaction<'_>,
        id: CommitId,
    ) -> Result<(Commit, SealedEvents), CommandError> {
        let mut writes = Vec::with_capacity(transaction.writes.len());
        let mut sealed = SealedEvents::default();
        for decided in &transaction.writes {
            let mut encoded = Vec::with_capacity(decided.events.len());
            let mut recorded = Vec::with_capacity(decided.events.len());
            for event in &decided.events {
                let event =
                    self.seal_event(transaction, decided.stream, event, &mut sealed.plaintexts)?;
                encoded.push(event.encode()?);
                recorded.push(event.event);
            }
            sealed.streams.push(recorded);
            if !encoded.is_empty() {
                let expected = ExpectedVersion::unchanged_since(decided.version);
                writes.push(StreamWrite { stream: decided.stream, expected, events: encoded });
            }
        }
        let written = |stream: &StreamId| writes.iter().any(|write| write.stream == *stream);
        let checks = transaction
            .checks
            .iter()
            .filter(|(stream, _)| !written(stream))
            .map(|(stream, version)| StreamCheck {
                stream: *stream,
                expected: ExpectedVersion::unchanged_since(*version),
            })
            .collect();
        Ok((Commit { id, writes, checks }, sealed))
    }

    fn seal_event(
        &self,
        transaction: &Transaction<'_>,
        stream: StreamId,
        event: &Event,
        plaintexts: &mut Plaintexts,
    ) -> Result<NewEvent, CommandError> {
        let mut event = NewEvent {
            event_id: ids::fresh(transaction.now, EventId::from_uuid),
            metadata: metadata(transaction),
            event: event.clone(),
        };
        let binding = Binding {
            installation: self.installation,
            stream,
            event_id: event.event_id,
            type_id: event.event.type_id(),
            schema_version: event.event.schema_version(),
        };
        let model = self.models.current();
        let mut sealer = EventSealer {
            keys: &self.keys.data_keys,
            subjects: &self.subjects,
            known: &|subject| model.subject_keys().newest(subject),
            binding,
            plaintexts,
        };
        event.seal(&mut sealer)?;
        Ok(event)
    }

    async fn wait_until_visible(&self, position: Position) {
        let wait = Duration::from_millis(READ_YOUR_WRITES_MILLISECONDS);
        drop(self.models.wait_for(position, wait).await);
    }
}

/// The events of a commit as the log has them, in its order, and what they hold in the clear.
#[derive(Default)]
struct SealedEvents {
    streams: Vec<Vec<Event>>,
    plaintexts: Plaintexts,
}

fn not_shown_yet() -> ReadError {
    ReadError::Unavailable { reason: "what was recorded is not shown yet".to_owned() }
}

async fn back_off(retry: u32) {
    let milliseconds = RETRY_MILLISECONDS.saturating_mul(1 << retry.min(16));
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
}

fn metadata(transaction: &Transaction<'_>) -> Metadata {
    let call = transaction.call;
    let reason = call.reason.clone().zip(transaction.target);
    Metadata {
        occurred_at: transaction.now,
        actor: call.principal.actor(),
        on_behalf_of: transaction.on_behalf_of,
        client: call.client,
        origin: call
            .origin
            .clone()
            .zip(call.principal.subject().or(transaction.target))
            .map(|(origin, subject)| Personal::open(subject, origin)),
        correlation_id: call.correlation_id,
        causation_id: call.causation_id,
        rule: transaction.rule.clone().unwrap_or_else(|| RuleCode::new("none")),
        reason: reason.map(|(reason, subject)| Personal::open(subject, reason)),
        ticket: call.ticket.clone(),
        approved_by: call.approved_by,
        request_digest: call.idempotency.map(|key| key.digest),
    }
}

#[cfg(test)]
mod tests;
