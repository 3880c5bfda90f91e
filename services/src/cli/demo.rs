//! `partnerlog demo`: a sample installation, served. What the program does without a command.

mod sample_data;
mod token_file;

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use clap::{Args, ValueEnum};
use tokio_util::sync::CancellationToken;
use tracing::{instrument::WithSubscriber, subscriber::NoSubscriber};

use self::sample_data::{Begun, Made};
use super::{
    CatalogueFile, CliError, output,
    serve::{DEFAULT_ADDRESS, ServeOptions, serve, told_to_stop},
};
use crate::{
    application::{Application, DataDirectory, Running},
    auth::TokenSettings,
    http::{Limits, TlsSettings},
    mail::MailSettings,
    sample::{HistoryClock, Scale},
    telemetry,
    webhooks::WebhookSettings,
};

/// The directory the sample data goes to by default.
const DEFAULT_DATA: &str = "./data";

/// Shown below the options.
const EXAMPLE: &str = "\
Example, with the server running:
  curl -H \"Authorization: Bearer $(jq -r .global_admin data/sample-tokens.json)\" \\
       http://127.0.0.1:8420/v1/customers";

/// Try partnerlog out: create sample data in an empty directory and serve it.
///
/// The sample is a year in the life of an indirect provider with its employees, resellers and
/// customers. Every event of it comes from a real command. Where the directory holds sample data
/// already, it is served as it is; where making it broke off, it is made to the end.
///
/// The file `sample-tokens.json` in the directory holds a bearer token for a user of each role, a
/// reseller, a customer's admin, an operator and an auditor.
#[derive(Args)]
#[command(after_help = EXAMPLE)]
pub(super) struct Demo {
    /// The data directory: empty, or one that demo made.
    #[arg(long, value_name = "DIR", default_value = DEFAULT_DATA)]
    data: PathBuf,
    #[command(flatten)]
    catalogue: CatalogueFile,
    /// Where to listen; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = DEFAULT_ADDRESS)]
    listen: SocketAddr,
    /// How much sample data to create.
    #[arg(long, value_enum, default_value_t = Size::Small)]
    size: Size,
}

/// How much sample data there is.
#[derive(
    Clone, Copy, Default, PartialEq, Eq, Debug, ValueEnum, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
enum Size {
    /// 40 customers with 600 users: some thousand events, made in seconds.
    #[default]
    Small,
    /// 400 customers with 10,000 users: some ten thousand events, made in a minute or so.
    Medium,
    /// 5,000 customers with 200,000 users: more than a million events, made in an hour or so.
    Large,
}

impl Size {
    const fn scale(self) -> Scale {
        match self {
            Self::Small => Scale::SMALL,
            Self::Medium => Scale::MEDIUM,
            Self::Large => Scale::LARGE,
        }
    }
}

impl Default for Demo {
    fn default() -> Self {
        let listen =
            DEFAULT_ADDRESS.parse().unwrap_or_else(|_| SocketAddr::from(([127, 0, 0, 1], 8420)));
        Self {
            data: DEFAULT_DATA.into(),
            catalogue: CatalogueFile::default(),
            listen,
            size: Size::default(),
        }
    }
}

impl Demo {
    pub(super) async fn run(self) -> Result<(), CliError> {
        // Whoever asks the program to stop may do so at any moment from here on.
        let told = told_to_stop();
        let stop = CancellationToken::new();
        tokio::spawn({
            let stop = stop.clone();
            async move {
                told.await;
                stop.cancel();
            }
        });
        let metrics = telemetry::start_metrics();
        let clock = Arc::new(HistoryClock::present());
        let places =
            DataDirectory::new(self.data.clone(), None).with_catalogue(self.catalogue.file.clone());
        let running = sample_data::open_or_create(&places, &clock).await?;
        match self.prepare(&running, &clock, &stop).await {
            Ok(Made::Ready) => {
                self.explain()?;
                // The history ends shortly before the present, and the clock is the machine's.
                let options = ServeOptions {
                    data: self.data.clone(),
                    listen: self.listen,
                    confirm_clock: true,
                    mail: MailSettings::default(),
                    tokens: TokenSettings::default(),
                    tls: TlsSettings::default(),
                    limits: Limits::default(),
                    webhooks: WebhookSettings::default(),
                };
                serve(running, metrics, options, stop.cancelled_owned()).await
            }
            Ok(Made::Interrupted { steps }) => {
                running.stop().await?;
                output::line(format_args!(
                    "stopped after {steps} steps of the history; the next start goes on from there"
                ))
            }
            Err(error) => {
                // What led here says more than a log that does not close after it.
                drop(running.stop().await);
                Err(error)
            }
        }
    }

    /// Makes the sample data, as far as it is not there, and the file of tokens.
    async fn prepare(
        &self,
        running: &Running,
        clock: &HistoryClock,
        stop: &CancellationToken,
    ) -> Result<Made, CliError> {
        let app = &running.application;
        let begun = Begun::read_or_begin(&self.data, self.size, app)?;
        if token_file::exists(&self.data) {
            return Ok(Made::Ready);
        }
        // A history is thousands of commands: a trace line for each would hide everything else.
        self.make(app, clock, begun, stop).with_subscriber(NoSubscriber::default()).await
    }

    async fn make(
        &self,
        app: &Arc<Application>,
        clock: &HistoryClock,
        begun: Begun,
        stop: &CancellationToken,
    ) -> Result<Made, CliError> {
        let made = sample_data::make(app, clock, begun, stop).await?;
        if matches!(made, Made::Ready) {
            token_file::write(&self.data, app, begun).await?;
        }
        Ok(made)
    }

    fn explain(&self) -> Result<(), CliError> {
        let tokens = token_file::path(&self.data);
        output::line(format_args!(
            "tokens to sign in with, one for each role and kind of person: {}",
            tokens.display()
        ))?;
        output::line("in a browser: open the address below and enter the token of a role")?;
        output::line("with curl: -H \"Authorization: Bearer <token>\"")
    }
}
