//! Applications of partners: registered, given secrets that are shown once, rolled, revoked.

use async_trait::async_trait;
use commands::{
    AddApplicationSecret, Partner, PartnerCommand, RegisterApplication, RemoveApplicationSecret,
    RevokeApplication, SECRET_DAYS_MAX,
};
use events::{
    ApplicationEvent, ApplicationId, ApplicationName, ApplicationSecretId, Event, PartnerEvent,
    PartnerId, StreamId, Timestamp,
};
use secrecy::SecretString;

use super::{Application, Call, CommandError, OnPartner, Outcome, Transaction, UseCase};
use crate::{auth::new_client_secret, ids, keys::Credential};

/// How long a secret works unless it is said otherwise, in days.
pub const SECRET_DAYS_DEFAULT: i64 = 180;
/// How long the secrets until now work on unless it is said otherwise, in hours.
pub const OVERLAP_HOURS_DEFAULT: i64 = 24;
/// How long they may work on, in hours.
pub const OVERLAP_HOURS_MAX: i64 = SECRET_DAYS_MAX * 24;

/// A secret that was made.
pub struct IssuedSecret {
    /// The application: that of the first request where this is a repeat.
    pub application_id: ApplicationId,
    /// The secret's id, likewise.
    pub secret_id: ApplicationSecretId,
    /// When it stops working, likewise.
    pub expires_at: Timestamp,
    /// The secret itself; `None` for a repeated request: it was shown before.
    pub text: Option<SecretString>,
    /// What was recorded.
    pub outcome: Outcome,
}

impl Application {
    /// Registers an application of a partner and gives it its first secret.
    ///
    /// # Errors
    /// When a rule says no, or something cannot be read or written.
    pub async fn register_application(
        &self,
        call: &Call,
        partner: PartnerId,
        name: ApplicationName,
        days: i64,
    ) -> Result<IssuedSecret, CommandError> {
        let application_id = ids::fresh(self.now(), ApplicationId::from_uuid);
        let register = RegisterApplication { application_id, name };
        let of = SecretOf { partner, application_id, days, others_until: None };
        self.give_secret(call, of, Some(register)).await
    }

    /// Gives an application another secret; those until now work on for some hours.
    ///
    /// # Errors
    /// When a rule says no, or something cannot be read or written.
    pub async fn roll_secret(
        &self,
        call: &Call,
        (partner, application_id): (PartnerId, ApplicationId),
        days: i64,
        overlap_hours: i64,
    ) -> Result<IssuedSecret, CommandError> {
        let others_until = Some(self.now().plus_hours(overlap_hours));
        let of = SecretOf { partner, application_id, days, others_until };
        self.give_secret(call, of, None).await
    }

    /// Gives an application a secret beside those it has.
    ///
    /// # Errors
    /// When a rule says no, or something cannot be read or written.
    pub async fn add_secret(
        &self,
        call: &Call,
        (partner, application_id): (PartnerId, ApplicationId),
        days: i64,
    ) -> Result<IssuedSecret, CommandError> {
        let of = SecretOf { partner, application_id, days, others_until: None };
        self.give_secret(call, of, None).await
    }

    /// Stops a secret of an application from working.
    ///
    /// # Errors
    /// When a rule says no, or something cannot be read or written.
    pub async fn remove_secret(
        &self,
        call: &Call,
        (partner, application_id): (PartnerId, ApplicationId),
        secret_id: ApplicationSecretId,
    ) -> Result<Outcome, CommandError> {
        let command = RemoveApplicationSecret { application_id, secret_id };
        self.execute(call, &OnPartner::new(partner, command)).await
    }

    /// Stops an application from acting, at once and for good.
    ///
    /// # Errors
    /// When a rule says no, or something cannot be read or written.
    pub async fn revoke_application(
        &self,
        call: &Call,
        (partner, application_id): (PartnerId, ApplicationId),
    ) -> Result<Outcome, CommandError> {
        let command = RevokeApplication { application_id };
        self.execute(call, &OnPartner::new(partner, command)).await
    }

    async fn give_secret(
        &self,
        call: &Call,
        of: SecretOf,
        register: Option<RegisterApplication>,
    ) -> Result<IssuedSecret, CommandError> {
        let SecretOf { partner, application_id, days, others_until } = of;
        let secret_id = ids::fresh(self.now(), ApplicationSecretId::from_uuid);
        let expires_at = self.now().plus_hours(days.saturating_mul(24));
        let (text, credential) = new_client_secret(secret_id)?;
        let add = AddApplicationSecret { application_id, secret_id, expires_at, others_until };
        let commands = register.map(PartnerCommand::from).into_iter().chain([add.into()]);
        let use_case = GiveSecret { partner, commands: commands.collect(), credential };
        let outcome = self.execute(call, &use_case).await?;
        let added = outcome.find(|event| match event {
            Event::Partner(PartnerEvent::Application(
                ApplicationEvent::ApplicationSecretAdded(event),
            )) => Some(event.clone()),
            _ => None,
        });
        let (application_id, secret_id, expires_at) = added
            .map_or((application_id, secret_id, expires_at), |event| {
                (event.application_id, event.secret_id, event.expires_at)
            });
        let text = (!outcome.replayed).then_some(text);
        Ok(IssuedSecret { application_id, secret_id, expires_at, text, outcome })
    }
}

/// Whose secret, and for how long.
struct SecretOf {
    partner: PartnerId,
    application_id: ApplicationId,
    days: i64,
    others_until: Option<Timestamp>,
}

/// A secret, with the application it is for where that is new: recorded at once or not at all.
struct GiveSecret {
    partner: PartnerId,
    commands: Vec<PartnerCommand>,
    credential: Credential,
}

#[async_trait]
impl UseCase for GiveSecret {
    fn name(&self) -> &'static str {
        self.commands.first().map_or("AddApplicationSecret", PartnerCommand::name)
    }

    fn primary(&self) -> StreamId {
        self.partner.into()
    }

    async fn decide(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError> {
        transaction.about(self.partner.into());
        transaction.keep_credentials(std::slice::from_ref(&self.credential));
        for command in &self.commands {
            transaction.authorise_command(command).await?;
            transaction.decide::<Partner>(self.partner, command).await?;
        }
        Ok(())
    }
}
