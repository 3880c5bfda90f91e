//! `partnerlog partner`: opens the account of a company, and lists those that have one.

use std::sync::Arc;

use super::{CliError, Directory, caller::operator_call, error::EXIT_CODES, output};
use crate::{
    application::{Application, OnPartner},
    auth::{TemporaryPassword, new_temporary_password},
    ids,
};
use clap::{Args, Subcommand, ValueEnum};
use commands::{NewPartnerUser, RegisterPartner};
use events::{
    CompanyName, CountryCode, EmailAddress, MpnId, PartnerId, PartnerKind, PartnerUserId,
    PartnerUserProfile, PersonName, Timestamp,
};

/// Open and list accounts of partners.
///
/// The server must not be running.
#[derive(Args)]
pub(super) struct Partner {
    #[command(subcommand)]
    command: PartnerCommand,
}

#[derive(Subcommand)]
enum PartnerCommand {
    Register(Register),
    List(List),
}

const REGISTER_EXAMPLE: &str = "\
The first user becomes global admin; its temporary password is shown only now. Make a token for it
with `partnerlog token create`.

Example:
  partnerlog partner register --data ./data --partner \"Northwind Resale\" \\
      --kind indirect-reseller --country DE --admin nora@northwind.example";

/// Register a further partner, such as an indirect reseller, with its global admin.
#[derive(Args)]
#[command(after_help = format!("{REGISTER_EXAMPLE}\n\n{EXIT_CODES}"))]
struct Register {
    #[command(flatten)]
    directory: Directory,
    #[command(flatten)]
    account: Account,
}

const LIST_EXAMPLE: &str = "\
Example:
  partnerlog partner list --data ./data";

/// List the partners of the installation.
#[derive(Args)]
#[command(after_help = format!("{LIST_EXAMPLE}\n\n{EXIT_CODES}"))]
struct List {
    #[command(flatten)]
    directory: Directory,
}

impl Partner {
    pub(super) async fn run(self) -> Result<(), CliError> {
        match self.command {
            PartnerCommand::Register(command) => command.run().await,
            PartnerCommand::List(command) => command.run().await,
        }
    }
}

impl Register {
    async fn run(self) -> Result<(), CliError> {
        let account = self.account.checked()?;
        let running = self.directory.open().await?;
        let registered = account.register(&running.application).await;
        let printed = registered.and_then(|registered| registered.print());
        running.stop().await?;
        printed
    }
}

impl List {
    async fn run(self) -> Result<(), CliError> {
        let reading = self.directory.open_to_read().await?;
        let model = reading.model().await?;
        let rows = model.partners().iter().map(|partner| {
            [
                partner.id.to_string(),
                partner.name.to_string(),
                partner.kind.name().to_owned(),
                partner.country.to_string(),
                partner.mpn_id.to_string(),
                model.partner_users().counts(partner.id).active.to_string(),
                model.customers().count(partner.id).to_string(),
            ]
        });
        output::table(
            ["partner id", "name", "kind", "country", "MPN id", "users", "customers"],
            rows,
        )
    }
}

/// What is needed to open an account.
#[derive(Args)]
pub(super) struct Account {
    /// The company's name.
    #[arg(long = "partner", value_name = "NAME")]
    name: String,
    /// What kind of partner it is.
    #[arg(long, value_enum)]
    kind: Kind,
    /// Where it sells: two letters, such as US.
    #[arg(long, value_name = "CC")]
    country: String,
    /// The e-mail address of its first user, who becomes global admin.
    #[arg(long, value_name = "EMAIL")]
    admin: String,
    /// That user's full name; without it, the part before the @.
    #[arg(long, value_name = "NAME")]
    admin_name: Option<String>,
    /// Its id in the partner network, digits; without it, one is drawn.
    #[arg(long, value_name = "DIGITS")]
    mpn_id: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    /// Sells to its own customers.
    DirectPartner,
    /// Sells to customers, and through indirect resellers.
    IndirectProvider,
    /// Sells what an indirect provider supplies.
    IndirectReseller,
}

impl From<Kind> for PartnerKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::DirectPartner => Self::DirectPartner,
            Kind::IndirectProvider => Self::IndirectProvider,
            Kind::IndirectReseller => Self::IndirectReseller,
        }
    }
}

/// Seven digits out of a fresh UUID's random end.
fn drawn_mpn_id() -> String {
    let random = ids::fresh(Timestamp::EPOCH, |uuid| uuid.as_u128() % 9_000_000);
    (1_000_000 + random).to_string()
}

/// An account whose values are good.
pub(super) struct CheckedAccount {
    name: CompanyName,
    kind: PartnerKind,
    country: CountryCode,
    mpn_id: MpnId,
    profile: PartnerUserProfile,
}

impl Account {
    /// Checks every value before anything is created.
    pub(super) fn checked(&self) -> Result<CheckedAccount, CliError> {
        let email = EmailAddress::new(&self.admin).map_err(CliError::value("admin"))?;
        let local_part = email.as_str().split('@').next().unwrap_or_default();
        let full_name = self.admin_name.as_deref().unwrap_or(local_part);
        let mpn_id = match &self.mpn_id {
            Some(digits) => MpnId::new(digits),
            None => MpnId::new(&drawn_mpn_id()),
        };
        Ok(CheckedAccount {
            name: CompanyName::new(&self.name).map_err(CliError::value("partner"))?,
            kind: self.kind.into(),
            country: CountryCode::new(&self.country).map_err(CliError::value("country"))?,
            mpn_id: mpn_id.map_err(CliError::value("mpn-id"))?,
            profile: PartnerUserProfile {
                full_name: PersonName::new(full_name).map_err(CliError::value("admin-name"))?,
                email,
            },
        })
    }
}

/// An account that was opened.
pub(super) struct Registered {
    pub(super) partner: PartnerId,
    pub(super) admin: PartnerUserId,
    email: EmailAddress,
    password: TemporaryPassword,
}

impl CheckedAccount {
    /// Opens the account.
    pub(super) async fn register(self, app: &Arc<Application>) -> Result<Registered, CliError> {
        let now = app.now();
        let password = new_temporary_password(now)?;
        let partner = ids::fresh(now, PartnerId::from_uuid);
        let admin = ids::fresh(now, PartnerUserId::from_uuid);
        let email = self.profile.email.clone();
        let command = RegisterPartner {
            partner_id: partner,
            kind: self.kind,
            name: self.name,
            country: self.country,
            mpn_id: self.mpn_id,
            admin: NewPartnerUser {
                user_id: admin,
                sign_in_name: app.keys().sign_in_name_hash(&email),
                credential_id: password.id,
                password_expires_at: password.expires_at,
                profile: self.profile,
            },
        };
        let call = operator_call(app);
        app.execute(&call, &OnPartner::with_password(partner, command, &password)?).await?;
        Ok(Registered { partner, admin, email, password })
    }
}

impl Registered {
    /// Prints what is shown once.
    pub(super) fn print(&self) -> Result<(), CliError> {
        output::line(format_args!("partner       {}", self.partner))?;
        output::line(format_args!("global admin  {} ({})", self.email, self.admin))?;
        output::line(format_args!("password      {}", self.password.reveal()))
    }
}
