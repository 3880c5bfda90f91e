//! Of requests that meet on their way: which outcome does the later one get?

use std::sync::atomic::{AtomicBool, Ordering};

use events::CustomerId;
use uuid::Uuid;

use super::*;
use crate::{
    application::{Idempotency, OnCustomer},
    imports::testing::Installation,
};

/// A use case that another request overtakes between its look for an earlier outcome and its
/// decision.
struct Overtaken<'a> {
    installation: &'a Installation,
    call: Call,
    earlier: OnCustomer,
    once: AtomicBool,
    use_case: OnCustomer,
}

#[async_trait]
impl UseCase for Overtaken<'_> {
    fn name(&self) -> &'static str {
        self.use_case.name()
    }

    fn primary(&self) -> StreamId {
        self.use_case.primary()
    }

    async fn decide(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError> {
        if !self.once.swap(true, Ordering::SeqCst) {
            self.installation.app().execute(&self.call, &self.earlier).await?;
        }
        self.use_case.decide(transaction).await
    }
}

/// Creates two customers with the same domain, the one while the other is being decided.
async fn overtaken(key: &[u8], earlier_key: &[u8]) -> Result<Outcome, CommandError> {
    let installation = Installation::new().await;
    let keys = installation.app().keys();
    let call = |key: &[u8]| {
        let (commit_id, digest) = (keys.commit_id(&[key]), keys.request_digest(b"body"));
        let mut call = Installation::admin_call();
        call.idempotency = Some(Idempotency { commit_id, digest });
        call
    };
    let create = |number| {
        let customer = CustomerId::from_uuid(Uuid::from_u128(number));
        installation.new_customer(customer, "relecloud.example")
    };
    let use_case = Overtaken {
        installation: &installation,
        call: call(earlier_key),
        earlier: create(0xd1),
        once: AtomicBool::new(false),
        use_case: create(0xd2),
    };
    let outcome = installation.app().execute(&call(key), &use_case).await;
    assert_eq!(installation.app().models().current().customers().len(), 2);
    outcome
}

#[tokio::test]
async fn of_one_request_sent_twice_at_once_the_later_one_gets_the_outcome_of_the_first() {
    let outcome = overtaken(b"key", b"key").await.unwrap();
    assert!(outcome.replayed && !outcome.events.is_empty());
}

#[tokio::test]
async fn of_two_requests_at_once_for_one_domain_the_later_one_is_refused() {
    let outcome = overtaken(b"key", b"another key").await;
    assert!(matches!(outcome, Err(CommandError::Rejected(_))));
}
