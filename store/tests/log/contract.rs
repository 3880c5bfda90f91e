//! The durable log keeps the contract, closed cleanly and dropped without a word.

use std::sync::Arc;

use async_trait::async_trait;
use store::{EventStore, LogStore, ManualClock, contract::Harness};

use crate::support::{Directory, clock, create, reopen};

/// A log in a directory that lives as long as the test.
struct Durable {
    clean: bool,
    clock: Arc<ManualClock>,
    directory: Directory,
    store: Option<Arc<LogStore>>,
}

impl Durable {
    fn new(clean: bool) -> Self {
        let (directory, clock) = (Directory::new(), clock());
        let store = Some(Arc::new(create(&directory, &clock)));
        Self { clean, clock, directory, store }
    }
}

#[async_trait]
impl Harness for Durable {
    fn store(&self) -> Arc<dyn EventStore> {
        Arc::<LogStore>::clone(self.store.as_ref().unwrap())
    }

    fn clock(&self) -> Arc<ManualClock> {
        Arc::clone(&self.clock)
    }

    async fn reopen(&mut self) -> bool {
        let store = self.store.take().unwrap();
        if self.clean {
            store.close().await.unwrap();
        }
        drop(store);
        self.store = Some(Arc::new(reopen(&self.directory, &self.clock)));
        true
    }
}

store::contract_suite!(closed_cleanly, Durable::new(true));
store::contract_suite!(dropped, Durable::new(false));
