//! `partnerlog init`: a real start on an empty directory.

use clap::Args;

use super::{
    CatalogueFile, CliError, Directory, caller::operator_call, error::EXIT_CODES, output,
    partner::Account, token::revealed,
};
use crate::{SystemClock, application::Principal};

/// How long the first token works, in days.
const FIRST_TOKEN_DAYS: i64 = 365;

const EXAMPLE: &str = "\
Example:
  partnerlog init --data ./data --partner \"Fabrikam Provider\" --kind indirect-provider \\
      --country US --admin ana@fabrikam.example
  partnerlog serve --data ./data";

/// Begin an installation: create the data directory, register the first partner and its global
/// admin, and print the admin's temporary password and first token, once.
#[derive(Args)]
#[command(after_help = format!("{EXAMPLE}\n\n{EXIT_CODES}"))]
pub(super) struct Init {
    #[command(flatten)]
    directory: Directory,
    #[command(flatten)]
    catalogue: CatalogueFile,
    #[command(flatten)]
    account: Account,
}

impl Init {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let account = self.account.checked()?;
        let places = self.directory.places().with_catalogue(self.catalogue.file);
        let running = places.create(std::sync::Arc::new(SystemClock)).await?;
        let registered = account.register(&running.application).await?;
        output::line(format_args!("installation  {}", places.data().display()))?;
        registered.print()?;
        let app = &running.application;
        let (partner, admin) = (registered.partner, registered.admin);
        let account = Principal::PartnerUser { partner, user: admin };
        let issued = app.issue_token(&operator_call(app), account, FIRST_TOKEN_DAYS).await?;
        output::line(format_args!("token         {}", revealed(&issued)))?;
        let serve = self.directory.command("serve");
        output::line(format_args!("Password and token are shown only now. Next: {serve}"))?;
        running.stop().await?;
        Ok(())
    }
}
