//! To which request does what is done now belong? Known to everything a request does without being
//! handed through, so that a refusal anywhere names the request.

use std::future::Future;

use events::CorrelationId;

tokio::task_local! {
    static CURRENT: CorrelationId;
}

/// Runs a future as a part of what the id stands for.
pub(crate) async fn within<F: Future>(id: CorrelationId, work: F) -> F::Output {
    CURRENT.scope(id, work).await
}

/// What the work at hand belongs to; `None` outside of requests.
pub(crate) fn current() -> Option<CorrelationId> {
    CURRENT.try_with(|id| *id).ok()
}
