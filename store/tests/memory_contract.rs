//! The store in memory keeps the contract.

use std::sync::Arc;

use async_trait::async_trait;
use events::Timestamp;
use store::{EventStore, ManualClock, MemoryStore, contract::Harness};

struct Memory {
    clock: Arc<ManualClock>,
    store: Arc<MemoryStore>,
}

impl Memory {
    fn new() -> Self {
        let clock = Arc::new(ManualClock::new(Timestamp::EPOCH.plus_hours(24)));
        let store = Arc::new(MemoryStore::new(Arc::<ManualClock>::clone(&clock)));
        Self { clock, store }
    }
}

#[async_trait]
impl Harness for Memory {
    fn store(&self) -> Arc<dyn EventStore> {
        Arc::<MemoryStore>::clone(&self.store)
    }

    fn clock(&self) -> Arc<ManualClock> {
        Arc::clone(&self.clock)
    }

    async fn reopen(&mut self) -> bool {
        false
    }
}

store::contract_suite!(memory, Memory::new());
