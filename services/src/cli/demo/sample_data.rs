//! Making the sample data: in an empty directory, or where it broke off.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use events::Timestamp;
use serde::{Deserialize, Serialize};
use store::Clock;
use tokio_util::sync::CancellationToken;

use super::{CliError, Size};
use crate::{
    application::{Application, DataDirectory, OpenError, Running},
    cli::output,
    sample::{EnactError, Enactment, HistoryClock, Plan, Spec},
};

/// What the generator makes changes with this number: a history begun by another is not resumed.
const GENERATOR: u32 = 2;
/// Where chance begins. Any number would do.
const SEED: u64 = 8_420;
/// The history ends this long before the present, so that no step lies in the future.
const ENDS_BEFORE_PRESENT_SECONDS: i64 = 60;
/// Says of which history the directory is.
const FILE_NAME: &str = "sample.json";
/// Between two lines of progress, in steps.
const PROGRESS_STEPS: u64 = 500;

/// The history of a directory, as its file tells.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) struct Begun {
    generator: u32,
    seed: u64,
    size: Size,
    end: Timestamp,
}

/// How far the sample data has come.
pub(super) enum Made {
    /// It is there.
    Ready,
    /// Somebody stopped the program.
    Interrupted {
        /// The steps that are recorded.
        steps: u64,
    },
}

/// Opens the installation of the directory, or begins one where there is none.
pub(super) async fn open_or_create(
    places: &DataDirectory,
    clock: &Arc<HistoryClock>,
) -> Result<Running, CliError> {
    let clock: Arc<dyn Clock> = Arc::<HistoryClock>::clone(clock);
    match places.open(Arc::clone(&clock)).await {
        Err(OpenError::Log(store::OpenError::NotFound { .. })) => Ok(places.create(clock).await?),
        opened => Ok(opened?),
    }
}

impl Begun {
    /// The history of this directory; a new one where nothing is recorded yet.
    pub(super) fn read_or_begin(
        data: &Path,
        size: Size,
        app: &Application,
    ) -> Result<Self, CliError> {
        let path = data.join(FILE_NAME);
        match fs::read(&path) {
            Ok(text) => Self::read(&text, data),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if app.store().head().get() > 0 {
                    return Err(CliError::Usage(format!(
                        "{} holds an installation that demo did not make; use: partnerlog serve \
                         --data {0}",
                        data.display()
                    )));
                }
                let end = app.now().plus_seconds(-ENDS_BEFORE_PRESENT_SECONDS);
                let begun = Self { generator: GENERATOR, seed: SEED, size, end };
                begun.write(&path).map_err(file_error(&path))?;
                Ok(begun)
            }
            Err(error) => Err(file_error(&path)(error)),
        }
    }

    fn read(text: &[u8], data: &Path) -> Result<Self, CliError> {
        let begun = serde_json::from_slice::<Self>(text).ok();
        begun.filter(|begun| begun.generator == GENERATOR).ok_or_else(|| {
            CliError::Usage(format!(
                "the sample data in {} was made by another version of partnerlog; serve it with: \
                 partnerlog serve --data {0}, or choose an empty directory",
                data.display()
            ))
        })
    }

    fn write(&self, path: &Path) -> io::Result<()> {
        let mut file = File::create(path)?;
        file.write_all(&serde_json::to_vec_pretty(self)?)?;
        file.sync_all()
    }

    /// The plan of this history.
    pub(super) fn plan(self, app: &Application) -> Result<Plan, CliError> {
        let spec = Spec { seed: self.seed, scale: self.size.scale(), end: self.end };
        let keys = Arc::clone(&app.keys);
        Plan::new(spec, keys).map_err(|error| EnactError::from(error).into())
    }
}

/// Carries out what is not yet recorded, until somebody says stop.
pub(super) async fn make(
    app: &Application,
    clock: &HistoryClock,
    begun: Begun,
    stop: &CancellationToken,
) -> Result<Made, CliError> {
    let mut history = Enactment::resume(app, clock, begun.plan(app)?).await?;
    output::note("making sample data: a year in the life of an indirect provider");
    while let Some(at) = history.step().await? {
        let steps = history.steps();
        if steps.is_multiple_of(PROGRESS_STEPS) {
            let events = app.store().head();
            output::note(format_args!("{}  {steps} commands, {events} events", day(at)));
        }
        if stop.is_cancelled() {
            return Ok(Made::Interrupted { steps });
        }
    }
    let (steps, events) = (history.steps(), app.store().head());
    output::note(format_args!("made: {steps} commands, {events} events"));
    Ok(Made::Ready)
}

fn day(at: Timestamp) -> String {
    at.to_string().chars().take_while(|character| *character != 'T').collect()
}

/// Says which file could not be used.
pub(super) fn file_error(path: &Path) -> impl FnOnce(io::Error) -> CliError + use<> {
    let path = PathBuf::from(path).display().to_string();
    move |source| CliError::File { path, source }
}
