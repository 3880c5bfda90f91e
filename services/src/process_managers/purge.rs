//! The purge: closes the restore window of users deleted 30 days ago.
//!
//! The deadline is a fact in the log; this timer only wakes the decision. A restart changes nothing,
//! and a race with a restore is decided by the log's order.

use std::{sync::Arc, time::Duration};

use commands::{PurgeCustomerUser, PurgePartnerUser, Rejection};
use events::{Client, CorrelationId};
use projections::{DeletedUser, ReadModel};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::clock_guard::ClockGuard;
use crate::{
    application::{Application, Call, CommandError, OnCustomer, OnPartner, Outcome, Principal},
    ids,
};

/// How often deadlines are looked at.
const TICK_SECONDS: u64 = 30;
/// Users purged before deadlines are looked at again.
const BATCH_USERS: usize = 500;

/// The running timer.
pub(crate) struct Purge(JoinHandle<()>);

impl Purge {
    /// Starts the timer; `clock_confirmed` is the operator's word that the clock is right.
    pub(crate) fn start(
        app: Arc<Application>,
        stop: CancellationToken,
        clock_confirmed: bool,
    ) -> Self {
        let newest = app.models().current().recorded_at();
        let guard = ClockGuard::new(app.now(), newest, clock_confirmed);
        Self(tokio::spawn(async move {
            let mut ticks = tokio::time::interval(Duration::from_secs(TICK_SECONDS));
            loop {
                tokio::select! {
                    () = stop.cancelled() => return,
                    _ = ticks.tick() => tick(&app, &guard).await,
                }
            }
        }))
    }

    /// Completes when the timer has stopped.
    pub(crate) async fn finished(self) {
        if let Err(error) = self.0.await {
            tracing::error!(%error, "purge timer ended badly");
        }
    }
}

async fn tick(app: &Application, guard: &ClockGuard) {
    let trusted = guard.trusts(app.now());
    metrics::gauge!("partnerlog_purge_held").set(if trusted { 0.0 } else { 1.0 });
    if !trusted {
        tracing::warn!(
            "the clock is more than a day ahead: nothing is purged until partnerlog is started \
             with --confirm-clock"
        );
        return;
    }
    if let Err(error) = purge_due(app).await {
        tracing::error!(error = &error as &dyn std::error::Error, "purge failed");
    }
}

/// Purges every user whose restore window has passed; tells how many.
async fn purge_due(app: &Application) -> Result<usize, CommandError> {
    let mut purged = 0;
    loop {
        let model = app.models().current();
        let due = due(&model, app);
        for user in &due {
            match purge(app, *user).await {
                Ok(_) => purged += 1,
                // Restored or purged in the meantime: the log has decided.
                Err(CommandError::Rejected(
                    Rejection::UserIsNotDeleted
                    | Rejection::CustomerUserNotFound { .. }
                    | Rejection::PartnerUserNotFound { .. },
                )) => {}
                Err(error) => return Err(error),
            }
        }
        if due.len() < BATCH_USERS {
            return Ok(purged);
        }
    }
}

fn due(model: &ReadModel, app: &Application) -> Vec<DeletedUser> {
    let due = model.deleted_users().due_for_purge(app.now(), BATCH_USERS);
    due.into_iter().map(|due| due.user).collect()
}

async fn purge(app: &Application, user: DeletedUser) -> Result<Outcome, CommandError> {
    let correlation = ids::fresh(app.now(), CorrelationId::from_uuid);
    let call = Call::new(Principal::PurgeTimer, Client::Internal, correlation);
    match user {
        DeletedUser::Customer { customer, user } => {
            let command = PurgeCustomerUser { user_id: user };
            app.execute(&call, &OnCustomer::new(customer, command)).await
        }
        DeletedUser::Partner { partner, user } => {
            let command = PurgePartnerUser { user_id: user };
            app.execute(&call, &OnPartner::new(partner, command)).await
        }
    }
}
