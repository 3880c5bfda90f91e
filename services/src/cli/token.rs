//! `partnerlog token`: bearer tokens for users, made and revoked by whoever runs the installation.

use std::sync::Arc;

use clap::{Args, Subcommand};
use events::{PartnerUserProfile, Timestamp, TokenId};
use projections::{PartnerUserRow, ReadModel, TokenRow};
use secrecy::ExposeSecret;
use store::Clock;

use super::{
    CliError, Directory,
    caller::{find_user, operator_call},
    error::EXIT_CODES,
    output,
};
use crate::{
    SystemClock,
    application::{
        Application, IssuedToken, Principal, Reading, TOKEN_DAYS_DEFAULT, TOKEN_DAYS_MAX,
    },
    exports::shown,
};

/// Make, list and revoke bearer tokens.
///
/// The server must not be running; beside a running server use POST /v1/users/{id}/tokens.
#[derive(Args)]
pub(super) struct Token {
    #[command(subcommand)]
    command: TokenCommand,
}

#[derive(Subcommand)]
enum TokenCommand {
    Create(Create),
    List(List),
    Revoke(Revoke),
    RotateKeys(RotateKeys),
}

const CREATE_EXAMPLE: &str = "\
The token is shown only now; partnerlog keeps a hash of it. It may do what its user may do, at the
moment it is used.

Example:
  partnerlog token create --data ./data --user ana@fabrikam.example --days 30";

/// Make a token that acts as a user, and print it, once.
#[derive(Args)]
#[command(after_help = format!("{CREATE_EXAMPLE}\n\n{EXIT_CODES}"))]
struct Create {
    #[command(flatten)]
    directory: Directory,
    /// The user of a partner or customer, the operator or auditor, by sign-in name.
    #[arg(long, value_name = "NAME")]
    user: String,
    /// For how many days it works.
    #[arg(long, default_value_t = TOKEN_DAYS_DEFAULT, value_parser = clap::value_parser!(i64).range(1..=TOKEN_DAYS_MAX))]
    days: i64,
}

const LIST_EXAMPLE: &str = "\
Examples:
  partnerlog token list --data ./data
  partnerlog token list --data ./data --user ana@fabrikam.example --all";

/// List the tokens that work, or all of them, with their users.
#[derive(Args)]
#[command(after_help = format!("{LIST_EXAMPLE}\n\n{EXIT_CODES}"))]
struct List {
    #[command(flatten)]
    directory: Directory,
    /// Only the tokens of this user, by e-mail address.
    #[arg(long, value_name = "EMAIL")]
    user: Option<String>,
    /// Also tokens that were revoked or have expired, and those of deleted users.
    #[arg(long)]
    all: bool,
}

const REVOKE_EXAMPLE: &str = "\
Example:
  partnerlog token revoke --data ./data --token 0198...";

/// Stop a token from working, at once.
#[derive(Args)]
#[command(after_help = format!("{REVOKE_EXAMPLE}\n\n{EXIT_CODES}"))]
struct Revoke {
    #[command(flatten)]
    directory: Directory,
    /// The token's id, as `token create` and `token list` print it.
    #[arg(long, value_name = "ID")]
    token: TokenId,
}

const ROTATE_EXAMPLE: &str = "\
A key is replaced by itself after 30 days; this is for when one may be known to others. Access tokens
that it signed work on for the hour they have left.

Example:
  partnerlog token rotate-keys --data ./data";

/// Sign access tokens with another key from now on, and print its id.
#[derive(Args)]
#[command(after_help = format!("{ROTATE_EXAMPLE}\n\n{EXIT_CODES}"))]
struct RotateKeys {
    #[command(flatten)]
    directory: Directory,
}

impl RotateKeys {
    async fn run(self) -> Result<(), CliError> {
        let running = self.directory.open().await?;
        let app = Arc::clone(&running.application);
        let outcome = app.keys().signing.rotate(app.now());
        running.stop().await?;
        output::line(format_args!("key           {}", outcome?))
    }
}

impl Token {
    pub(super) async fn run(self) -> Result<(), CliError> {
        match self.command {
            TokenCommand::Create(command) => command.run().await,
            TokenCommand::List(command) => command.run().await,
            TokenCommand::Revoke(command) => command.run().await,
            TokenCommand::RotateKeys(command) => command.run().await,
        }
    }
}

impl Create {
    async fn run(self) -> Result<(), CliError> {
        let running = self.directory.open().await?;
        let outcome = self.create(&running.application).await;
        running.stop().await?;
        let issued = outcome?;
        output::line(format_args!("token id      {}", issued.token_id))?;
        output::line(format_args!("token         {}", revealed(&issued)))
    }

    async fn create(&self, app: &Arc<Application>) -> Result<IssuedToken, CliError> {
        let accounts = app.accounts_named(&self.user).await?;
        let unknown = || CliError::Usage(format!("--user: nobody signs in as {}", self.user));
        let account = accounts.first().copied().ok_or_else(unknown)?;
        Ok(app.issue_token(&operator_call(app), account, self.days).await?)
    }
}

impl List {
    async fn run(self) -> Result<(), CliError> {
        let reading = self.directory.open_to_read().await?;
        let model = reading.model().await?;
        let now = SystemClock.now();
        let mut rows = Vec::new();
        for user in self.users(&model, &reading)? {
            let name = name(&reading, user).await?;
            for token in model.tokens().of(user.id) {
                let state = state(token, user, now);
                if self.all || state == WORKS {
                    rows.push([
                        token.id.to_string(),
                        name.clone(),
                        format!("{:.0}", token.issued_at),
                        format!("{:.0}", token.expires_at),
                        state.to_owned(),
                    ]);
                }
            }
        }
        output::table(["token id", "user", "issued", "expires", "state"], rows)
    }

    fn users<'a>(
        &self,
        model: &'a ReadModel,
        reading: &Reading,
    ) -> Result<Vec<&'a PartnerUserRow>, CliError> {
        if let Some(email) = &self.user {
            return find_user(model, reading.keys(), "user", email).map(|user| vec![user]);
        }
        let partners = model.partners().iter();
        Ok(partners.flat_map(|partner| model.partner_users().of(partner.id)).collect())
    }
}

const WORKS: &str = "works";

fn state(token: &TokenRow, user: &PartnerUserRow, now: Timestamp) -> &'static str {
    if token.revoked_at.is_some() {
        "revoked"
    } else if !token.works_at(now) {
        "expired"
    } else if user.state.is_active() {
        WORKS
    } else {
        "user deleted"
    }
}

/// The address of a user, or why it cannot be shown.
async fn name(reading: &Reading, user: &PartnerUserRow) -> Result<String, CliError> {
    let opened = reading.vault().open::<PartnerUserProfile>(&user.profile).await?;
    Ok(shown(opened, |profile| profile.email.to_string()))
}

impl Revoke {
    async fn run(self) -> Result<(), CliError> {
        let running = self.directory.open().await?;
        let outcome = self.revoke(&running.application).await;
        running.stop().await?;
        outcome
    }

    async fn revoke(&self, app: &Arc<Application>) -> Result<(), CliError> {
        let model = app.models().current();
        let unknown = || CliError::Usage(format!("--token: there is no token {}", self.token));
        let row = model.tokens().get(self.token).ok_or_else(unknown)?;
        let holder = Principal::of_holder(row.holder).ok_or_else(unknown)?;
        app.revoke_token(&operator_call(app), holder, self.token).await?;
        Ok(())
    }
}

/// The token itself, to be shown once; what is made here is never a repeat.
pub(super) fn revealed(issued: &IssuedToken) -> &str {
    issued.text.as_ref().map_or("(already shown)", |text| text.expose_secret())
}
