//! Process managers: parts of partnerlog that act by themselves when the log and the clock say so.
//!
//! What a process has still to do stands in [`projections::Deadlines`], a fold of the log; a manager
//! looks at its own queue there whenever the read model or the clock moves on, and gives the command
//! that settles each thing. So the log itself is the checkpoint of every process: nothing beside it
//! has to be kept, lost or trusted. A command whose outcome is in the log is not due any more, one
//! that a crash kept from the log still is, and its commit id, which follows from what is due, keeps
//! it from being recorded twice.
//!
//! **Invariant:** only [`ProcessManagers::start`] makes anything act, and only `serve` calls it: a
//! fold has no side effects, so neither a rebuild nor a replay nor a look at the past sends, purges
//! or expires anything.

mod clock_guard;
mod mail;
mod manager;
mod progress;
mod webhooks;
mod work;

use std::sync::Arc;

use events::Process;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

pub(crate) use self::progress::{ProcessBoard, describe_metrics};
use self::{clock_guard::ClockGuard, manager::Manager};
use crate::{
    application::Application,
    mail::Post,
    webhooks::{Messenger, WebhookRules},
};

/// The processes that act on deadlines.
const BY_DEADLINE: [Process; 5] =
    [Process::Purge, Process::Mail, Process::Expiry, Process::SupportContacts, Process::Terms];
/// All processes, as they are shown.
const MANAGED: [Process; 6] = [
    Process::Purge,
    Process::Mail,
    Process::Expiry,
    Process::SupportContacts,
    Process::Terms,
    Process::Webhooks,
];

/// Whether a process doubts the clock: what is erased, and what is over for good, does not come back.
const fn is_guarded(process: Process) -> bool {
    match process {
        Process::Purge | Process::Terms => true,
        Process::Watch
        | Process::Mail
        | Process::Expiry
        | Process::SupportContacts
        | Process::Webhooks => false,
    }
}

/// The running process managers.
pub(crate) struct ProcessManagers(Vec<(Process, JoinHandle<()>)>);

impl ProcessManagers {
    /// Starts a manager for every process; `clock_confirmed` is the operator's word that the clock
    /// is right.
    pub(crate) fn start(
        app: &Arc<Application>,
        post: Post,
        webhook_rules: WebhookRules,
        stop: &CancellationToken,
        clock_confirmed: bool,
    ) -> Self {
        let newest = app.models().current().recorded_at();
        app.webhooks.set(webhook_rules);
        let messenger = Messenger::new(webhook_rules, post.public_address());
        let post = Arc::new(post);
        let start = |process| {
            let guard =
                is_guarded(process).then(|| ClockGuard::new(app.now(), newest, clock_confirmed));
            let manager = Manager::new(Arc::clone(app), Arc::clone(&post), process, guard);
            (process, tokio::spawn(manager.run(stop.clone())))
        };
        let telling = tokio::spawn(webhooks::run(Arc::clone(app), messenger, stop.clone()));
        let by_deadline = BY_DEADLINE.into_iter().map(start);
        Self(by_deadline.chain([(Process::Webhooks, telling)]).collect())
    }

    /// Completes when all of them have stopped: what is under way is finished and recorded.
    pub(crate) async fn finished(self) {
        for (process, manager) in self.0 {
            if let Err(error) = manager.await {
                tracing::error!(%error, process = process.name(), "process manager ended badly");
            }
        }
    }
}
