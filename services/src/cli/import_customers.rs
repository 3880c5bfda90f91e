//! `partnerlog import customers`: the customers a partner has already, from its file.

use std::{collections::BTreeSet, fs, path::PathBuf, sync::Arc};

use clap::Args;
use events::{Client, PartnerId};

use super::{CliError, Directory, caller, error::EXIT_CODES, output};
use crate::{
    application::Application,
    auth::TemporaryPassword,
    imports::{
        CustomerFile, CustomerImportError, CustomerImportOptions, CustomerRowFault,
        CustomersImported, ImportedCustomer, import_customers,
    },
};

const ABOUT_FILE: &str = "\
The file: UTF-8 (with or without byte order mark), comma or semicolon, quoted cells where needed,
at most 100 rows. The first line names the columns, in any order:
  Company name, Domain, First name, Last name, Email, Country, Address, City
                  required; the country in two letters
  Address line 2, State, Postal code, Phone number, Culture, Language
                  as they are; en-US and en where a row does not say

The whole file is checked first. Nothing is created unless every row is good, or --skip-faulty is
given. Each company gets an account with one user, admin@DOMAIN, its global admin; the temporary
passwords are printed once and cannot be read again.

Example:
  partnerlog import customers --data ./data --by ana@fabrikam.example our-customers.csv";

/// Open accounts for the customers a partner has already, from a CSV file.
///
/// The server must not be running.
#[derive(Args)]
#[command(after_help = format!("{ABOUT_FILE}\n\n{EXIT_CODES}"))]
pub(super) struct Customers {
    #[command(flatten)]
    directory: Directory,
    /// The partner user who acts, by e-mail address; without it, the operator for --partner.
    #[arg(long, value_name = "EMAIL", required_unless_present = "partner")]
    by: Option<String>,
    /// The partner whose customers they are, by id.
    #[arg(long, value_name = "ID", conflicts_with = "by")]
    partner: Option<PartnerId>,
    /// Create the good rows although others are faulty.
    #[arg(long)]
    skip_faulty: bool,
    /// The companies have granted the partner delegated admin privileges.
    #[arg(long)]
    delegated_admin: bool,
    /// The file.
    #[arg(value_name = "FILE.csv")]
    file: PathBuf,
}

impl Customers {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let bytes = fs::read(&self.file).map_err(CliError::file(&self.file))?;
        let file = CustomerFile::read(&bytes).map_err(|fault| {
            CliError::Usage(format!("{} cannot be imported: {fault}", self.file.display()))
        })?;
        let running = self.directory.open().await?;
        let outcome = self.import(&running.application, file).await;
        // What was created is shown before anything else can go wrong: passwords exist only here.
        let shown = outcome.and_then(|outcome| self.show(outcome));
        running.stop().await?;
        shown
    }

    async fn import(
        &self,
        app: &Arc<Application>,
        file: CustomerFile,
    ) -> Result<Result<CustomersImported, CustomerImportError>, CliError> {
        let principal = caller::principal(app, "by", self.by.as_deref())?;
        let partner = principal.partner().or(self.partner);
        let partner = partner.filter(|id| app.models().current().partners().get(*id).is_some());
        let partner =
            partner.ok_or_else(|| CliError::Usage("there is no such partner".to_owned()))?;
        let options = CustomerImportOptions {
            skip_faulty: self.skip_faulty,
            delegated_admin: self.delegated_admin,
        };
        let call = caller::call(app, principal, Client::CommandLine);
        Ok(import_customers(app, &call, partner, file, options).await)
    }

    fn show(
        &self,
        outcome: Result<CustomersImported, CustomerImportError>,
    ) -> Result<(), CliError> {
        let faulty = match &outcome {
            Ok(imported) => &imported.skipped,
            Err(CustomerImportError::Faulty { faults, .. }) => faults,
            Err(CustomerImportError::NoRows | CustomerImportError::Command(_)) => &Vec::new(),
        };
        for CustomerRowFault { line, problem } in faulty {
            output::note(format_args!("{}:{line}: {problem}", self.file.display()));
        }
        let imported = outcome.map_err(|error| match error {
            CustomerImportError::Command(error) => CliError::Command(error),
            other => CliError::Usage(other.to_string()),
        })?;
        output::table(COLUMNS, imported.customers.iter().map(cells))?;
        output::note(format_args!("{}", summary(&imported)));
        Ok(())
    }
}

const COLUMNS: [&str; 4] = ["Company", "User name", "Temporary password", "Customer id"];

fn cells(customer: &ImportedCustomer) -> [String; 4] {
    let password = customer.password.as_ref().map_or("", TemporaryPassword::reveal);
    [
        customer.company_name.to_string(),
        customer.user_name.to_string(),
        password.to_owned(),
        customer.id.to_string(),
    ]
}

fn summary(imported: &CustomersImported) -> String {
    let created = imported.customers.len();
    let lines: BTreeSet<_> = imported.skipped.iter().map(|fault| fault.line).collect();
    let skipped = match lines.len() {
        0 => String::new(),
        skipped => format!(", {skipped} faulty rows skipped"),
    };
    format!("{created} customers created{skipped}. The passwords are shown only now.")
}
