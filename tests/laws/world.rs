//! An installation in memory.

use std::{
    cell::Cell,
    sync::{Arc, OnceLock},
    time::Duration,
};

use events::{Client, CorrelationId, InstallationId, PartnerId, Timestamp};
use projections::{ProjectionRunner, RunnerOptions};
use services::{
    KeyDirectory,
    application::{Application, Call, Idempotency, Principal},
    fresh,
    sample::sample_catalogue,
};
use store::{Clock, EventStore, ManualClock, MemoryStore};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Few and near each other, so that short histories have models to start from and commits between.
const KEPT_VERSIONS: usize = 4;
const KEPT_STRIDE_EVENTS: u64 = 8;
/// Longer than any test waits.
const CATCH_UP: Duration = Duration::from_secs(20);

/// An installation in memory, and names for what is going to be.
pub(crate) struct World {
    pub(crate) app: Application,
    pub(crate) store: Arc<dyn EventStore>,
    pub(crate) clock: Arc<ManualClock>,
    /// A provider, a reseller of it, a direct partner who has nothing to do with them, and another
    /// reseller.
    pub(crate) partners: [PartnerId; 4],
    ids: Cell<u64>,
    stop: CancellationToken,
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl World {
    /// An empty installation.
    pub(crate) async fn open() -> Self {
        let start = Timestamp::EPOCH.plus_hours(24 * 365 * 50);
        let clock = Arc::new(ManualClock::new(start));
        let (app, stop) = application(Arc::<ManualClock>::clone(&clock)).await;
        let store = Arc::clone(app.store());
        let partners = [1, 2, 3, 4].map(|number| PartnerId::from_uuid(Uuid::from_u128(number)));
        Self { app, store, clock, partners, ids: Cell::new(0), stop }
    }

    /// A number nobody had before.
    pub(crate) fn number(&self) -> u64 {
        self.ids.set(self.ids.get() + 1);
        self.ids.get()
    }

    /// An id nobody has: ordered by the clock as those the program makes, but the same whenever the
    /// same history is made.
    pub(crate) fn id<T>(&self, wrap: impl FnOnce(Uuid) -> T) -> T {
        let milliseconds = u128::try_from(self.app.now().as_microseconds() / 1_000).unwrap();
        wrap(Uuid::from_u128((milliseconds << 80) | u128::from(self.number())))
    }

    /// A call under a request id of its own.
    pub(crate) fn call(&self, by: Principal) -> Call {
        let number = self.number().to_be_bytes();
        let keys = self.app.keys();
        let scope = self.partners[0].as_uuid();
        let mut call = Call::new(by, Client::Api, self.id(CorrelationId::from_uuid));
        call.idempotency = Some(Idempotency {
            // Worlds share keys; their logs are their own.
            commit_id: keys.commit_id(&[scope.as_bytes(), &number]),
            digest: keys.request_digest(&number),
        });
        call
    }
}

/// An application over an empty log in memory; it ends with the token.
pub(crate) async fn application(clock: Arc<dyn Clock>) -> (Application, CancellationToken) {
    let store: Arc<dyn EventStore> = Arc::new(MemoryStore::new(Arc::clone(&clock)));
    let options =
        RunnerOptions { kept_versions: KEPT_VERSIONS, first_stride_events: KEPT_STRIDE_EVENTS };
    let (runner, models) = ProjectionRunner::new(Arc::clone(&store), options);
    let stop = CancellationToken::new();
    tokio::spawn(runner.run(stop.clone()));
    models.wait_for(store.head(), CATCH_UP).await.unwrap();
    let installation = fresh(clock.now(), InstallationId::from_uuid);
    let catalogue = sample_catalogue();
    (Application::new(store, keys(), clock, models, catalogue, installation), stop)
}

/// One key directory for all: worlds do not share subjects. Its files are open and need no name.
pub(crate) fn keys() -> Arc<KeyDirectory> {
    static KEYS: OnceLock<Arc<KeyDirectory>> = OnceLock::new();
    Arc::clone(KEYS.get_or_init(|| {
        let directory = tempfile::tempdir().unwrap();
        Arc::new(KeyDirectory::create(&directory.path().join("keys")).unwrap())
    }))
}
