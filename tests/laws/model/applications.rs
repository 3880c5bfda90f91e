//! Applications: programs that act for a partner, with secrets of their own.

use std::collections::{BTreeMap, BTreeSet};

use commands::{AddApplicationSecret, ApplicationCommand};
use events::{ApplicationId, ApplicationSecretId, PartnerId, Timestamp};
use projections::ReadModel;
use proptest::{prop_assert_eq, test_runner::TestCaseError};
use services::application::Principal;

use super::{Plain, Reasons, partner_users::Partner, who_may::Deed};

/// An application.
#[derive(Clone, Default, Debug)]
pub(crate) struct Client {
    pub(crate) is_revoked: bool,
    pub(crate) secrets: BTreeMap<ApplicationSecretId, Timestamp>,
}

impl Client {
    fn secrets_at(&self, now: Timestamp) -> usize {
        self.secrets.values().filter(|until| now < **until).count()
    }
}

impl Plain {
    fn application(&self, partner: PartnerId, id: ApplicationId) -> Option<&Client> {
        let application = self.partners.get(&partner)?.applications.get(&id)?;
        Some(application).filter(|application| !application.is_revoked)
    }

    pub(super) fn on_application(
        &self,
        no: &mut Reasons,
        by: Principal,
        (partner, command): (PartnerId, &ApplicationCommand),
        now: Timestamp,
    ) {
        match command {
            ApplicationCommand::Register(command) => {
                self.employee_of(no, by, partner, Deed::Applications);
                let known = self.partners.get(&partner).map(|it| &it.applications);
                let is_known = known.is_some_and(|it| it.contains_key(&command.application_id));
                no.no_if(is_known, "already_exists");
            }
            ApplicationCommand::AddSecret(command) => {
                self.employee_of(no, by, partner, Deed::Applications);
                match self.application(partner, command.application_id) {
                    None => no.no("application_not_found"),
                    Some(application) => new_secret(no, application, *command, now),
                }
            }
            ApplicationCommand::RemoveSecret(command) => {
                self.employee_of(no, by, partner, Deed::Applications);
                match self.application(partner, command.application_id) {
                    None => no.no("application_not_found"),
                    Some(application) => {
                        let has_it = application.secrets.contains_key(&command.secret_id);
                        no.no_if(!has_it, "application_secret_not_found");
                    }
                }
            }
            ApplicationCommand::Revoke(command) => {
                self.employee_of(no, by, partner, Deed::Applications);
                let known = self.application(partner, command.application_id);
                no.no_if(known.is_none(), "application_not_found");
            }
            ApplicationCommand::BeginGrant(command) => {
                let account = Principal::PartnerUser { partner, user: command.user_id };
                self.is_self(no, by, account);
                let has_own = self.active(by).is_some_and(|it| it.door.is_own);
                no.no_if(!has_own, "sign_in_refused");
                let known = self.application(partner, command.application_id);
                no.no_if(known.is_none(), "application_not_found");
            }
            // Letting an application in, and letting it go on, have ways of their own.
            ApplicationCommand::SignIn(_) | ApplicationCommand::RenewGrant(_) => {
                no.bar(&["actor_not_allowed", "auditor_changes_nothing"]);
            }
        }
    }

    pub(super) fn application_did(
        &mut self,
        partner: PartnerId,
        command: &ApplicationCommand,
        now: Timestamp,
    ) {
        let applications = &mut self.company(partner).applications;
        match command {
            ApplicationCommand::Register(command) => {
                applications.insert(command.application_id, Client::default());
            }
            ApplicationCommand::AddSecret(command) => {
                let secrets = &mut applications.get_mut(&command.application_id).unwrap().secrets;
                if let Some(limit) = command.others_until {
                    for until in secrets.values_mut() {
                        *until = limit.min(*until);
                    }
                }
                secrets.insert(command.secret_id, command.expires_at);
                secrets.retain(|_, until| now < *until);
            }
            ApplicationCommand::RemoveSecret(command) => {
                let application = applications.get_mut(&command.application_id).unwrap();
                application.secrets.remove(&command.secret_id);
            }
            ApplicationCommand::Revoke(command) => {
                let revoked = Client { is_revoked: true, secrets: BTreeMap::new() };
                applications.insert(command.application_id, revoked);
            }
            ApplicationCommand::BeginGrant(_) => {}
            ApplicationCommand::SignIn(_) | ApplicationCommand::RenewGrant(_) => {
                unreachable!("it has a way of its own")
            }
        }
    }
}

/// At most five secrets work at once, for two years at most.
fn new_secret(no: &mut Reasons, known: &Client, command: AddApplicationSecret, now: Timestamp) {
    no.no_if(known.secrets.contains_key(&command.secret_id), "already_exists");
    no.no_if(command.expires_at <= now, "expiry_in_the_past");
    no.no_if(command.expires_at > now.plus_hours(730 * 24), "secret_lives_too_long");
    let ends_others = command.others_until.is_some_and(|until| until <= now);
    no.no_if(!ends_others && known.secrets_at(now) >= 5, "too_many_secrets");
}

impl Partner {
    /// Applications, and the secrets of them that work.
    pub(super) fn applications_agree(
        &self,
        model: &ReadModel,
        partner: PartnerId,
        now: Timestamp,
    ) -> Result<(), TestCaseError> {
        let shown: BTreeMap<_, _> = model
            .applications()
            .of(partner)
            .map(|row| {
                let secrets = row.secrets.iter().filter(|it| now < it.expires_at).map(|it| it.id);
                (row.id, (row.revoked_at.is_some(), secrets.collect::<BTreeSet<_>>()))
            })
            .collect();
        let known: BTreeMap<_, _> = self
            .applications
            .iter()
            .map(|(id, it)| {
                let secrets = it.secrets.iter().filter(|(_, until)| now < **until);
                (*id, (it.is_revoked, secrets.map(|(id, _)| *id).collect::<BTreeSet<_>>()))
            })
            .collect();
        prop_assert_eq!(shown, known, "applications of {}", partner);
        Ok(())
    }
}
