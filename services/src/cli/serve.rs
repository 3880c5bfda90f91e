//! `partnerlog serve`: the installation over HTTP.

use std::{future::Future, io, net::SocketAddr, path::PathBuf, sync::Arc};

use clap::Args;
use metrics_exporter_prometheus::PrometheusHandle;
use store::Retention;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::{CatalogueFile, CliError, Directory, error::EXIT_CODES, output};
use crate::{
    application::Running,
    auth::TokenSettings,
    http::{Limits, Server, Tls, TlsSettings},
    mail::MailSettings,
    process_managers::ProcessManagers,
    telemetry,
    webhooks::WebhookSettings,
};

/// The address served by default.
pub(super) const DEFAULT_ADDRESS: &str = "127.0.0.1:8420";

const EXAMPLE: &str = "\
Prints `listening on http://ADDRESS` on standard output once it is ready. SIGTERM and Ctrl-C stop it
cleanly; after any other end the next start recovers everything that was acknowledged.

Example:
  partnerlog serve --data ./data --keys /var/lib/partnerlog-keys --listen 127.0.0.1:8420";

/// Serve an installation: the API under /v1, the web pages, health and metrics.
#[derive(Args)]
#[command(after_help = format!("{EXAMPLE}\n\n{EXIT_CODES}"))]
pub(super) struct Serve {
    #[command(flatten)]
    directory: Directory,
    #[command(flatten)]
    catalogue: CatalogueFile,
    /// Where to listen; port 0 takes a free one. Set --tls-certificate or put TLS in front before
    /// you leave this machine.
    #[arg(long, value_name = "ADDRESS", default_value = DEFAULT_ADDRESS, env = "PARTNERLOG_LISTEN")]
    listen: SocketAddr,
    /// The operator's word that the clock is right, where what cannot be undone waits for it: deleted
    /// users are not erased and subscriptions not ended while the clock stands more than a day after
    /// the newest record.
    #[arg(long)]
    confirm_clock: bool,
    /// Drop old journal segments once the sealed log has them, but keep the newest that together
    /// have so many bytes. All are kept unless this is given; see `partnerlog log trim`.
    #[arg(long, value_name = "BYTES", env = "PARTNERLOG_KEEP_JOURNAL")]
    keep_journal: Option<u64>,
    /// With --keep-journal: drop only what this backup has.
    #[arg(long, value_name = "DIR", requires = "keep_journal")]
    backed_up_in: Option<PathBuf>,
    #[command(flatten)]
    mail: MailSettings,
    #[command(flatten)]
    tokens: TokenSettings,
    #[command(flatten)]
    tls: TlsSettings,
    #[command(flatten)]
    limits: Limits,
    #[command(flatten)]
    webhooks: WebhookSettings,
}

impl Serve {
    fn retention(&self) -> Option<Retention> {
        let backup = self.backed_up_in.clone();
        self.keep_journal.map(|keep_bytes| Retention { keep_bytes, backup })
    }

    pub(super) async fn run(self) -> Result<(), CliError> {
        let metrics = telemetry::start_metrics();
        let retention = self.retention();
        let running = self.directory.open_with(self.catalogue, retention).await?;
        let places = self.directory.places();
        if places.keys().starts_with(places.data()) {
            tracing::warn!(
                "keys lie inside the data directory: keep them apart (--keys) where copies of the \
                 log must not open erased personal data"
            );
        }
        let options = ServeOptions {
            data: places.data().to_owned(),
            listen: self.listen,
            confirm_clock: self.confirm_clock,
            mail: self.mail,
            tokens: self.tokens,
            tls: self.tls,
            limits: self.limits,
            webhooks: self.webhooks,
        };
        // Whoever reads that the server listens may ask it to stop in the same moment.
        serve(running, metrics, options, told_to_stop()).await
    }
}

/// How a running installation is served.
pub(super) struct ServeOptions {
    /// Its data directory.
    pub(super) data: PathBuf,
    /// Where to listen.
    pub(super) listen: SocketAddr,
    /// The operator's word that the clock is right.
    pub(super) confirm_clock: bool,
    /// Where letters go.
    pub(super) mail: MailSettings,
    /// How tokens are given and taken.
    pub(super) tokens: TokenSettings,
    /// Which certificate is shown.
    pub(super) tls: TlsSettings,
    /// What the server takes on.
    pub(super) limits: Limits,
    /// Where webhooks may go to.
    pub(super) webhooks: WebhookSettings,
}

/// Serves a running installation until it is to stop.
pub(super) async fn serve(
    running: Running,
    metrics: PrometheusHandle,
    options: ServeOptions,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), CliError> {
    let tls = options.tls.load()?;
    if let Some(tls) = &tls {
        tokio::spawn(reload_when_told(Arc::clone(tls)));
    }
    let server = Server::bind(options.listen, tls).await?;
    let own_address = format!("{}://{}", server.scheme(), server.address());
    let post = options.mail.post(&options.data, &own_address)?;
    let application = Arc::clone(&running.application);
    let rules = options.tokens.rules(&own_address);
    application.access.set(rules, options.tokens.outside());
    let managers = ProcessManagers::start(
        &application,
        post,
        options.webhooks.rules(),
        &running.stopping(),
        options.confirm_clock,
    );
    output::line(format_args!("listening on {own_address}"))?;
    server.serve(application, metrics, &options.limits, stop).await;
    running.begin_stop();
    managers.finished().await;
    Ok(running.stop().await?)
}

/// Reads the certificate again with every SIGHUP.
async fn reload_when_told(tls: Arc<Tls>) {
    let mut told = match signal(SignalKind::hangup()) {
        Ok(told) => told,
        Err(error) => {
            tracing::warn!(%error, "a signal to read the certificate again cannot be heard");
            return;
        }
    };
    while told.recv().await.is_some() {
        match tls.reload() {
            Ok(()) => tracing::info!("the certificate was read again"),
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, "the certificate cannot be read again; the old one stays");
            }
        }
    }
}

/// Completes at Ctrl-C or when the process is asked to terminate. Both are caught from this call on,
/// not only once somebody waits.
pub(super) fn told_to_stop() -> impl Future<Output = ()> {
    let (interrupted, terminated) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()));
    async move {
        tokio::select! {
            () = heard(interrupted) => {}
            () = heard(terminated) => {}
        }
        tracing::info!("stopping");
    }
}

async fn heard(signal: io::Result<Signal>) {
    match signal {
        Ok(mut signal) => drop(signal.recv().await),
        Err(error) => {
            tracing::warn!(%error, "a signal to stop cannot be heard");
            std::future::pending::<()>().await;
        }
    }
}
