//! The watch: what partnerlog noticed itself becomes facts: damage that was healed, callers that were
//! refused. Both come through the same command handler as everything else.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use commands::{InstallationCommand, RecordHealing};
use events::{
    Client, CorrelationId, DamagedPart, Finding, FoundBy, HealingId, PositionRange, Process,
    RequestDigest, Timestamp,
};
use store::{HealedPart, Healing, LogStore};
use tokio::{sync::mpsc, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use super::{
    Application, Call, CommandError, Idempotency, OnInstallation, Principal, refusals::Noted,
};
use crate::{ids, keys::KeyHealing};

/// How often the log and the keys are asked for what was healed.
const LOOK_SECONDS: u64 = 1;
/// The longest finding that is recorded, in characters.
const FINDING_CHARACTERS_MAX: usize = 500;

/// The running watch. It stops before what it records with does.
pub(super) struct Watch {
    task: Option<JoinHandle<()>>,
    stop: CancellationToken,
}

/// What is to be recorded and was not yet.
struct Looking {
    app: Arc<Application>,
    log: Arc<LogStore>,
    /// How many of the log's healings were seen.
    seen: u64,
    healings: VecDeque<RecordHealing>,
}

impl Watch {
    /// Records what opening healed, then begins to watch.
    pub(super) async fn start(app: Arc<Application>, log: Arc<LogStore>) -> Self {
        let stop = CancellationToken::new();
        let refusals = app.refusals.take();
        let mut looking = Looking { app, log, seen: 0, healings: VecDeque::new() };
        looking.look(FoundBy::Opening);
        looking.record().await;
        let stopped = stop.clone();
        let task = tokio::spawn(async move {
            if let Some(refusals) = refusals {
                looking.run(refusals, stopped).await;
            }
        });
        Self { task: Some(task), stop }
    }

    /// Records what is left and ends.
    pub(super) async fn finish(mut self) {
        self.stop.cancel();
        if let Some(task) = self.task.take()
            && let Err(error) = task.await
        {
            tracing::error!(%error, "the watch ended badly");
        }
    }
}

impl Drop for Watch {
    /// An installation that is only dropped does not stay open for the watch's sake.
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

impl Looking {
    async fn run(mut self, mut refusals: mpsc::Receiver<Noted>, stop: CancellationToken) {
        let mut ticks = tokio::time::interval(Duration::from_secs(LOOK_SECONDS));
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                Some(noted) = refusals.recv() => self.record_refusal(noted).await,
                _ = ticks.tick() => {
                    self.look(FoundBy::Running);
                    self.record().await;
                }
            }
        }
        self.look(FoundBy::Running);
        self.record().await;
        while let Ok(noted) = refusals.try_recv() {
            self.record_refusal(noted).await;
        }
    }

    /// Takes up what was healed since the last look; a healing is taken up once.
    fn look(&mut self, now: FoundBy) {
        let found_at = self.app.now();
        let mut healings = self.log.healings();
        healings.retain(|healing| healing.number >= self.seen);
        self.seen = healings.last().map_or(self.seen, |last| last.number + 1);
        self.healings.extend(healings.iter().map(|healing| of_log(healing, found_at)));
        let keys = self.app.keys.take_healings();
        self.healings.extend(keys.iter().map(|healing| of_keys(healing, now, found_at)));
    }

    /// Records what was taken up; what cannot be recorded now is kept for the next time.
    async fn record(&mut self) {
        while let Some(healing) = self.healings.front() {
            let id = healing.healing_id;
            let id = id.as_uuid();
            let commit_id = self.app.keys.commit_id(&[b"healing", id.as_bytes()]);
            let idempotency = Idempotency { commit_id, digest: RequestDigest([0; 16]) };
            let correlation = ids::fresh(self.app.now(), CorrelationId::from_uuid);
            let command = healing.clone().into();
            if let Err(error) = self.execute(command, correlation, Some(idempotency)).await {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "a healing is not recorded yet"
                );
                return;
            }
            self.healings.pop_front();
        }
    }

    async fn record_refusal(&self, (refusal, correlation): Noted) {
        if let Err(error) = self.execute(refusal.into(), correlation, None).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "a refusal was not recorded");
        }
    }

    async fn execute(
        &self,
        command: InstallationCommand,
        correlation: CorrelationId,
        idempotency: Option<Idempotency>,
    ) -> Result<(), CommandError> {
        let mut call = Call::new(Principal::System(Process::Watch), Client::Internal, correlation);
        call.idempotency = idempotency;
        self.app.execute_unseen(&call, &OnInstallation::new(command)).await.map(|_| ())
    }
}

fn of_log(healing: &Healing, found_at: Timestamp) -> RecordHealing {
    let part = match healing.part {
        HealedPart::Journal => DamagedPart::Journal,
        HealedPart::SegmentHead => DamagedPart::SegmentHead,
        HealedPart::SealedRanges => DamagedPart::SealedRanges,
        HealedPart::SealedLog => DamagedPart::SealedLog,
        HealedPart::SealedSnapshot => DamagedPart::SealedSnapshot,
        HealedPart::Mark => DamagedPart::Mark,
        HealedPart::Identity => DamagedPart::Identity,
    };
    RecordHealing {
        healing_id: ids::fresh(found_at, HealingId::from_uuid),
        part,
        positions: healing.positions.map(|(from, until)| PositionRange { from, until }),
        finding: finding(&healing.detail),
        found_by: if healing.while_open { FoundBy::Running } else { FoundBy::Opening },
        found_at,
    }
}

fn of_keys(healing: &KeyHealing, found_by: FoundBy, found_at: Timestamp) -> RecordHealing {
    RecordHealing {
        healing_id: ids::fresh(found_at, HealingId::from_uuid),
        part: healing.part,
        positions: None,
        finding: finding(&healing.finding),
        found_by,
        found_at,
    }
}

/// What was found, as a fact can hold it.
fn finding(text: &str) -> Finding {
    let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let short: String = plain.take(FINDING_CHARACTERS_MAX).collect();
    #[expect(clippy::expect_used, reason = "the second text is a finding")]
    Finding::new(&short)
        .or_else(|_| Finding::new("damage"))
        .expect("a text without control characters")
}
