//! `partnerlog import users`: the users of a customer from a reseller's file.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::{Args, Subcommand, ValueEnum};
use events::{Client, CountryCode, CustomerId};

use super::{CliError, Directory, caller, error::EXIT_CODES, output};
use crate::{
    application::Application,
    imports::{
        CREDENTIAL_COLUMNS, ImportError, ImportOptions, ImportedUser, RowFault, RowLimit,
        SeatsNeeded, UserFile, UsersImported, faulty_lines, import_users, write_credentials,
    },
};

/// Import what partners have in files: their customers, and the users of a customer.
#[derive(Args)]
pub(super) struct Import {
    #[command(subcommand)]
    command: ImportCommand,
}

#[derive(Subcommand)]
enum ImportCommand {
    Users(Users),
    Customers(super::import_customers::Customers),
}

const ABOUT_FILE: &str = "\
The file: UTF-8 (with or without byte order mark), comma or semicolon, quoted cells where needed,
at most 100 rows (--rows-max allows up to 250). The first line names the columns, in any order:
  Display name    required, at most 50 characters
  Email           required, the user name, in the customer's domain (Username does as well)
  First name, Last name
                  at most 50 characters
  Licenses        SKU part numbers or ids, separated by | or ;
  Usage location  two letters; needed for licences
  Status update   must be empty

The whole file is checked first. Nothing is created unless every row is good, or --skip-faulty is
given. Temporary passwords are printed once and cannot be read again.

Examples:
  partnerlog import users --data ./data --customer 0198... new-starters.csv
  partnerlog import users --data ./data --customer 0198... --by ana@fabrikam.example \\
      --usage-location US --skip-faulty --format csv new-starters.csv > credentials.csv";

/// Create the users of a customer from a CSV file, and list their credentials once.
///
/// The server must not be running.
#[derive(Args)]
#[command(after_help = format!("{ABOUT_FILE}\n\n{EXIT_CODES}"))]
struct Users {
    #[command(flatten)]
    directory: Directory,
    /// The customer, by id.
    #[arg(long, value_name = "ID")]
    customer: CustomerId,
    /// The partner user who acts, by e-mail address; without it, the operator.
    #[arg(long, value_name = "EMAIL")]
    by: Option<String>,
    /// Create the good rows although others are faulty.
    #[arg(long)]
    skip_faulty: bool,
    /// Where users use services whose row does not say: two letters, such as US.
    #[arg(long, value_name = "CC")]
    usage_location: Option<String>,
    /// How many rows the file may have: up to 250.
    #[arg(long, value_name = "ROWS", default_value_t = RowLimit::default())]
    rows_max: RowLimit,
    /// How the credentials are listed.
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    /// The file.
    #[arg(value_name = "FILE.csv")]
    file: PathBuf,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For reading.
    Table,
    /// For mail merge and password managers.
    Csv,
}

impl Import {
    pub(super) async fn run(self) -> Result<(), CliError> {
        match self.command {
            ImportCommand::Users(users) => users.run().await,
            ImportCommand::Customers(customers) => customers.run().await,
        }
    }
}

impl Users {
    async fn run(self) -> Result<(), CliError> {
        let file = read(&self.file, self.rows_max)?;
        let location = self.usage_location.as_deref().map(CountryCode::new).transpose();
        let options = ImportOptions {
            skip_faulty: self.skip_faulty,
            usage_location: location.map_err(CliError::value("usage-location"))?,
        };
        let running = self.directory.open().await?;
        let outcome = self.import(&running.application, file, &options).await;
        // What was created is shown before anything else can go wrong: passwords exist only here.
        let shown = outcome.and_then(|outcome| self.show(outcome));
        running.stop().await?;
        shown
    }

    async fn import(
        &self,
        app: &Arc<Application>,
        file: UserFile,
        options: &ImportOptions,
    ) -> Result<Result<UsersImported, ImportError>, CliError> {
        let principal = caller::principal(app, "by", self.by.as_deref())?;
        let call = caller::call(app, principal, Client::CommandLine);
        Ok(import_users(app, &call, self.customer, file, options).await)
    }

    fn show(&self, outcome: Result<UsersImported, ImportError>) -> Result<(), CliError> {
        let faulty = match &outcome {
            Ok(imported) => &imported.skipped,
            Err(ImportError::Faulty { faults, .. } | ImportError::NoRows { faults }) => faults,
            Err(ImportError::Command(_)) => &Vec::new(),
        };
        for fault in faulty {
            output::note(self.fault(fault));
        }
        if let Err(ImportError::Faulty { seats, .. }) = &outcome {
            seats.iter().filter(|seats| seats.needed > seats.free).for_each(note_seats);
        }
        let imported = outcome?;
        let rows = imported.users.iter().map(ImportedUser::credential_cells);
        match self.format {
            Format::Table => output::table(CREDENTIAL_COLUMNS, rows)?,
            Format::Csv => write_credentials(std::io::stdout(), rows)?,
        }
        imported.seats.iter().for_each(note_seats);
        output::note(format_args!("{}", summary(&imported)));
        Ok(())
    }

    fn fault(&self, RowFault { line, problem }: &RowFault) -> String {
        format!("{}:{line}: {problem}", self.file.display())
    }
}

fn read(path: &Path, rows_max: RowLimit) -> Result<UserFile, CliError> {
    let bytes = fs::read(path).map_err(CliError::file(path))?;
    UserFile::read(&bytes, rows_max)
        .map_err(|source| CliError::Import { path: path.display().to_string(), source })
}

fn note_seats(SeatsNeeded { product, needed, free }: &SeatsNeeded) {
    output::note(format_args!("seats of {product}: {needed} needed, {free} free"));
}

fn summary(imported: &UsersImported) -> String {
    let created = imported.users.len();
    let skipped = match faulty_lines(&imported.skipped) {
        0 => String::new(),
        skipped => format!(", {skipped} faulty rows skipped"),
    };
    format!("{created} users created{skipped}. The passwords are shown only now.")
}
