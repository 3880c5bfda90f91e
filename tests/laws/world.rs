//! An installation in memory, with two partners' worlds that must not mix.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use commands::{CustomerCommand, PartnerCommand, PartnershipCommand};
use events::{
    Client, CorrelationId, CustomerId, CustomerUserId, InstallationId, InvitationId, PartnerId,
    PartnerUserId, PartnershipId, SubscriptionId, Timestamp,
};
use projections::{ProjectionRunner, RunnerOptions};
use services::{
    KeyDirectory,
    application::{
        Application, Call, CommandError, Idempotency, OnCustomer, OnPartner, OnPartnership,
        Outcome, Principal,
    },
    auth::{TemporaryPassword, new_temporary_password},
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

/// A command, and on what.
#[derive(Clone, Debug)]
pub(crate) enum Task {
    Customer(CustomerId, CustomerCommand),
    Partner(PartnerId, PartnerCommand),
    Partnership(PartnershipId, PartnershipCommand),
}

/// An installation in memory.
pub(crate) struct World {
    pub(crate) app: Application,
    pub(crate) store: Arc<dyn EventStore>,
    pub(crate) clock: Arc<ManualClock>,
    /// The provider, its reseller, and a direct partner who has nothing to do with them.
    pub(crate) partners: [PartnerId; 3],
    /// A customer of the provider and one of the direct partner.
    pub(crate) customers: [CustomerId; 2],
    pub(crate) partnerships: Vec<(PartnershipId, InvitationId)>,
    pub(crate) employees: Vec<(PartnerId, PartnerUserId)>,
    pub(crate) users: [Vec<CustomerUserId>; 2],
    pub(crate) subscriptions: [Vec<SubscriptionId>; 2],
    requests: u64,
    stop: CancellationToken,
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl World {
    /// An empty installation with names for what is going to be.
    pub(crate) async fn open() -> Self {
        let start = Timestamp::EPOCH.plus_hours(24 * 365 * 50);
        let clock = Arc::new(ManualClock::new(start));
        let (app, stop) = application(Arc::<ManualClock>::clone(&clock)).await;
        let store = Arc::clone(app.store());
        Self {
            app,
            store,
            clock,
            partners: std::array::from_fn(|_| fresh(start, PartnerId::from_uuid)),
            customers: std::array::from_fn(|_| fresh(start, CustomerId::from_uuid)),
            partnerships: Vec::new(),
            employees: Vec::new(),
            users: [const { Vec::new() }; 2],
            subscriptions: [const { Vec::new() }; 2],
            requests: 0,
            stop,
        }
    }

    /// A call under a request id of its own.
    pub(crate) fn call(&mut self, by: Principal) -> Call {
        self.requests += 1;
        let number = self.requests.to_be_bytes();
        let keys = self.app.keys();
        let scope = self.partners[0].as_uuid();
        let mut call = Call::new(by, Client::Api, fresh(self.app.now(), CorrelationId::from_uuid));
        call.idempotency = Some(Idempotency {
            commit_id: keys.commit_id(&[scope.as_bytes(), &number]),
            digest: keys.request_digest(&number),
        });
        call
    }

    /// Sends a command through the command handler.
    pub(crate) async fn execute(&self, call: &Call, task: Task) -> Result<Outcome, CommandError> {
        match task {
            Task::Customer(id, command) => {
                let passwords: Vec<_> =
                    (0..passwords_of(&command)).map(|_| self.password()).collect();
                let use_case = OnCustomer::with_passwords(id, command, &passwords)?;
                self.app.execute(call, &use_case).await
            }
            Task::Partner(id, command) => {
                self.app.execute(call, &OnPartner::new(id, command)).await
            }
            Task::Partnership(id, command) => {
                self.app.execute(call, &OnPartnership::new(id, command)).await
            }
        }
    }

    pub(crate) fn password(&self) -> TemporaryPassword {
        new_temporary_password(self.app.now()).unwrap()
    }

    /// The thing of this number, round again; the number after the last is one that does not exist.
    pub(crate) fn pick<T: Copy>(of: &[T], number: usize, wrap: impl FnOnce(Uuid) -> T) -> T {
        let unknown = || wrap(Uuid::from_u128(0xdead));
        of.get(number % (of.len() + 1)).copied().unwrap_or_else(unknown)
    }

    /// Somebody who is meant, by numbers below 100, or anybody.
    pub(crate) fn name<T: Copy>(
        meant: &[T],
        all: &[T],
        number: usize,
        wrap: impl FnOnce(Uuid) -> T,
    ) -> T {
        let meant = if number < 100 { meant.get(number % meant.len().max(1)) } else { None };
        meant.copied().unwrap_or_else(|| Self::pick(all, number, wrap))
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

/// New users come with a password each.
fn passwords_of(command: &CustomerCommand) -> usize {
    match command {
        CustomerCommand::CreateUsers(command) => command.users.len(),
        _ => 0,
    }
}

/// One key directory for all: worlds do not share subjects. Its files are open and need no name.
pub(crate) fn keys() -> Arc<KeyDirectory> {
    static KEYS: OnceLock<Arc<KeyDirectory>> = OnceLock::new();
    Arc::clone(KEYS.get_or_init(|| {
        let directory = tempfile::tempdir().unwrap();
        Arc::new(KeyDirectory::create(&directory.path().join("keys")).unwrap())
    }))
}
