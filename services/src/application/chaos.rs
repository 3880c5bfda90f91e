//! The command handler on a log that misbehaves: every command is recorded once or not at all, and
//! nobody is told otherwise.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use commands::{AddPartnerUser, NewPartnerUser, Partner, RegisterPartner, Rejection};
use events::{
    Client, CommitId, CorrelationId, Event, InstallationId, PartnerEvent, PartnerId, PartnerKind,
    PartnerUserEvent, PartnerUserId, PartnerUserProfile, Position, RequestDigest, StreamId,
    Timestamp,
};
use projections::{ProjectionRunner, RunnerOptions, rebuild};
use store::{
    Clock, EventStore, ManualClock, MemoryStore, ReadError,
    chaos::{AppendFault, ChaosPlan, ChaosStore, DeliveryFault},
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{
    Application, Call, CommandError, Idempotency, OnPartner, Outcome, Principal, Transaction,
    UseCase, aggregates::Aggregates,
};
use crate::{auth::new_temporary_password, ids, keys::KeyDirectory, sample::sample_catalogue};

/// More appends than a handler makes to resolve one.
const FOREVER: usize = 50;

/// An installation with one partner on a log that can misbehave.
struct World {
    app: Application,
    /// Another process on the same log: what it records is not at hand in `app`.
    elsewhere: Application,
    store: ChaosStore<MemoryStore>,
    partner: PartnerId,
    _keys: tempfile::TempDir,
}

impl World {
    async fn new(plan: ChaosPlan) -> Self {
        let clock = Arc::new(ManualClock::new(Timestamp::EPOCH.plus_hours(500_000)));
        let inner = MemoryStore::new(Arc::<ManualClock>::clone(&clock));
        let directory = tempfile::tempdir().unwrap();
        let keys = Arc::new(KeyDirectory::create(&directory.path().join("keys")).unwrap());
        let partner = ids::fresh(clock.now(), PartnerId::from_uuid);
        let calm = ChaosStore::new(inner.clone(), ChaosPlan::BENIGN);
        let elsewhere = application(Arc::new(calm), &keys, &clock);
        let registration = register(&elsewhere, partner);
        elsewhere.execute(&call(&elsewhere, None), &registration).await.unwrap();
        let store = ChaosStore::new(inner, plan);
        let app = application(Arc::new(store.clone()), &keys, &clock);
        Self { app, elsewhere, store, partner, _keys: directory }
    }

    /// Adds a user to the partner, under an idempotency key or not.
    async fn add(&self, number: u128, key: Option<u128>) -> Result<Outcome, CommandError> {
        self.add_through(&self.app, number, key).await
    }

    async fn add_through(
        &self,
        app: &Application,
        number: u128,
        key: Option<u128>,
    ) -> Result<Outcome, CommandError> {
        let user = user(app, number);
        let command = AddPartnerUser { user, roles: Vec::new(), withhold_default_access: false };
        let password = new_temporary_password(app.now()).unwrap();
        let use_case = OnPartner::with_password(self.partner, command, &password).unwrap();
        app.execute(&call(app, key), &use_case).await
    }

    /// Adds a user, again and again under the same key, until there is an answer.
    async fn add_at_last(&self, number: u128) -> Outcome {
        loop {
            match self.add(number, Some(number)).await {
                Ok(outcome) => return outcome,
                Err(
                    CommandError::OutcomeUnknown
                    | CommandError::Unavailable(_)
                    | CommandError::Contention
                    | CommandError::Read(ReadError::Unavailable { .. }),
                ) => tokio::task::yield_now().await,
                Err(error) => panic!("user {number}: {error}"),
            }
        }
    }

    /// How often each user was added, whatever the log says to others.
    async fn added(&self) -> BTreeMap<PartnerUserId, usize> {
        let records = self.store.inner().read_log(Position::START, usize::MAX).await.unwrap();
        let mut added = BTreeMap::new();
        for record in records {
            if let Event::Partner(PartnerEvent::User(PartnerUserEvent::PartnerUserAdded(event))) =
                record.decode().unwrap().event
            {
                *added.entry(event.user_id).or_default() += 1;
            }
        }
        added
    }
}

fn application(
    store: Arc<dyn EventStore>,
    keys: &Arc<KeyDirectory>,
    clock: &Arc<ManualClock>,
) -> Application {
    let (runner, models) = ProjectionRunner::new(Arc::clone(&store), RunnerOptions::default());
    tokio::spawn(runner.run(CancellationToken::new()));
    let installation = InstallationId::from_uuid(Uuid::from_u128(1));
    let (keys, clock) = (Arc::clone(keys), Arc::<ManualClock>::clone(clock));
    Application::new(store, keys, clock, models, sample_catalogue(), installation)
}

fn call(app: &Application, key: Option<u128>) -> Call {
    let correlation = ids::fresh(app.now(), CorrelationId::from_uuid);
    let mut call = Call::new(Principal::Operator, Client::CommandLine, correlation);
    call.idempotency = key.map(|key| Idempotency {
        commit_id: CommitId::from_uuid(Uuid::from_u128(key)),
        digest: RequestDigest(key.to_le_bytes()),
    });
    call
}

fn user_id(number: u128) -> PartnerUserId {
    PartnerUserId::from_uuid(Uuid::from_u128(number))
}

fn user(app: &Application, number: u128) -> NewPartnerUser {
    let profile = PartnerUserProfile {
        full_name: "Ana Lima".parse().unwrap(),
        email: format!("user{number}@fabrikam.example").parse().unwrap(),
    };
    let password = new_temporary_password(app.now()).unwrap();
    NewPartnerUser {
        user_id: user_id(number),
        sign_in_name: app.keys().sign_in_name_hash(&profile.email),
        credential_id: password.id,
        password_expires_at: password.expires_at,
        profile,
    }
}

fn register(app: &Application, partner: PartnerId) -> OnPartner {
    let command = RegisterPartner {
        partner_id: partner,
        kind: PartnerKind::IndirectProvider,
        name: "Fabrikam".parse().unwrap(),
        country: "US".parse().unwrap(),
        mpn_id: "4200001".parse().unwrap(),
        admin: user(app, 1),
    };
    OnPartner::new(partner, command)
}

#[tokio::test]
async fn a_lost_answer_is_found_out_and_the_command_counts_as_the_first() {
    let world = World::new(ChaosPlan::BENIGN).await;
    let faults = [AppendFault::UnknownAfterStoring, AppendFault::UnknownWithoutStoring];
    for (number, fault) in (10..).zip(faults.into_iter().cycle().take(4)) {
        world.store.script_appends([Some(fault), Some(AppendFault::Unavailable), Some(fault)]);
        let key = (number > 11).then_some(number);
        let outcome = world.add(number, key).await.unwrap();
        assert!(!outcome.replayed, "its secrets were shown to nobody yet");
        assert_eq!(world.added().await.get(&user_id(number)), Some(&1));
    }
}

#[tokio::test]
async fn what_may_have_been_recorded_is_never_called_refused() {
    for (number, fault) in
        [(10, AppendFault::UnknownAfterStoring), (11, AppendFault::UnknownWithoutStoring)]
    {
        let world = World::new(ChaosPlan::BENIGN).await;
        let gone = std::iter::repeat_n(Some(AppendFault::Unavailable), 6);
        world.store.script_appends(std::iter::once(Some(fault)).chain(gone));
        let unknown = world.add(number, Some(number)).await;
        assert!(matches!(unknown, Err(CommandError::OutcomeUnknown)), "{unknown:?}");
        let repeated = world.add(number, Some(number)).await.unwrap();
        assert_eq!(repeated.replayed, fault == AppendFault::UnknownAfterStoring);
        assert_eq!(world.added().await.get(&user_id(number)), Some(&1));
    }
}

#[tokio::test]
async fn while_the_log_takes_nothing_nothing_is_recorded_and_that_is_said() {
    let world = World::new(ChaosPlan::BENIGN).await;
    world.store.script_appends(std::iter::repeat_n(Some(AppendFault::Unavailable), FOREVER));
    let refused = world.add(10, Some(10)).await;
    assert!(matches!(refused, Err(CommandError::Unavailable(_))), "{refused:?}");
    assert_eq!(world.added().await.get(&user_id(10)), None);
}

#[tokio::test]
async fn a_decision_on_an_old_state_is_not_recorded() {
    let world = World::new(ChaosPlan::BENIGN).await;
    world.store.set_frozen(true);
    world.add_through(&world.elsewhere, 10, None).await.unwrap();
    let stale = world.add(11, Some(11)).await;
    assert!(matches!(stale, Err(CommandError::Contention)), "{stale:?}");
    world.store.set_frozen(false);
    assert!(!world.add(11, Some(11)).await.unwrap().replayed);
    let added = world.added().await;
    assert_eq!(added, [1, 10, 11].map(|number| (user_id(number), 1)).into());
}

#[tokio::test]
async fn what_was_recorded_here_is_known_at_once_although_reads_do_not_show_it_yet() {
    let world = World::new(ChaosPlan::BENIGN).await;
    world.store.set_frozen(true);
    world.add(10, None).await.unwrap();
    let again = world.add(10, None).await;
    assert!(matches!(again, Err(CommandError::Rejected(_))), "{again:?}");
    world.add(11, None).await.unwrap();
}

#[tokio::test]
async fn the_state_at_hand_after_a_command_is_the_one_that_the_log_gives() {
    let world = World::new(ChaosPlan::BENIGN).await;
    for number in 10..14 {
        world.add(number, None).await.unwrap();
        world.store.set_frozen(true);
        let at_hand = world.app.aggregates.load::<Partner>(world.partner.into()).await.unwrap();
        world.store.set_frozen(false);
        let from_log = Aggregates::new(Arc::new(world.store.clone()));
        let from_log = from_log.load::<Partner>(world.partner.into()).await.unwrap();
        assert_eq!((at_hand.version, at_hand.seen_at), (from_log.version, from_log.seen_at));
        assert_eq!(at_hand.state, from_log.state);
    }
}

#[tokio::test]
async fn a_repeat_is_recognised_although_reads_do_not_show_the_first_command_yet() {
    let world = World::new(ChaosPlan::BENIGN).await;
    world.store.set_frozen(true);
    world.add(10, Some(10)).await.unwrap();
    let waiting = world.add(10, Some(10)).await;
    let not_shown = matches!(waiting, Err(CommandError::Read(ReadError::Unavailable { .. })));
    assert!(not_shown, "{waiting:?}");
    world.store.set_frozen(false);
    assert!(world.add(10, Some(10)).await.unwrap().replayed);
    assert_eq!(world.added().await.get(&user_id(10)), Some(&1));
}

/// A use case that looks a user up in the read model and changes nothing.
struct LookUp {
    partner: PartnerId,
    user: PartnerUserId,
}

#[async_trait]
impl UseCase for LookUp {
    fn name(&self) -> &'static str {
        "LookUp"
    }

    fn primary(&self) -> StreamId {
        self.partner.into()
    }

    async fn decide(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError> {
        let user_id = self.user;
        let model = transaction.model_of::<Partner>(self.partner).await?;
        let row = model.partner_users().get(self.partner, user_id);
        row.map(drop).ok_or_else(|| Rejection::PartnerUserNotFound { user_id }.into())
    }
}

#[tokio::test]
async fn a_decision_that_looks_something_up_sees_what_the_command_before_it_did() {
    let world = World::new(ChaosPlan::BENIGN).await;
    // The read model comes late to what is recorded next.
    world.store.script_deliveries([Some(DeliveryFault::Break), Some(DeliveryFault::Break)]);
    let look_up = LookUp { partner: world.partner, user: user_id(10) };
    let call = call(&world.app, None);
    let (added, looked_up) = tokio::join!(world.add(10, None), world.app.execute(&call, &look_up));
    added.unwrap();
    looked_up.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_a_seed_does_every_command_is_recorded_once() {
    let (mut unknown_after_storing, mut stale_reads) = (0, 0);
    for seed in 0..4 {
        let world = Arc::new(World::new(ChaosPlan::rough(seed)).await);
        let clients = (0..4).map(|client| {
            let world = Arc::clone(&world);
            tokio::spawn(async move {
                for number in 0..8 {
                    world.add_at_last(100 * (client + 1) + number).await;
                }
            })
        });
        for client in clients.collect::<Vec<_>>() {
            client.await.unwrap();
        }
        let added = world.added().await;
        assert_eq!(added.len(), 33, "seed {seed}");
        assert!(added.values().all(|times| *times == 1), "seed {seed}: {added:?}");
        let counts = world.store.counts();
        unknown_after_storing += counts.unknown_after_storing;
        stale_reads += counts.stale_reads;
        let head = world.store.inner().head();
        let patience = std::time::Duration::from_mins(1);
        let live = world.app.models().wait_for(head, patience).await.unwrap();
        assert_eq!(*live, rebuild(world.store.inner(), None).await.unwrap(), "seed {seed}");
    }
    // How often each fault strikes within one seed depends on how the clients interleave.
    assert!(unknown_after_storing > 0 && stale_reads > 0);
}
