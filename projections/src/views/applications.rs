//! Which applications act for a partner, and with which secrets?

use events::{
    ApplicationEvent, ApplicationId, ApplicationName, ApplicationSecretAdded, ApplicationSecretId,
    Event, PartnerEvent, PartnerId, RecordedEvent, Timestamp,
};
use imbl::OrdMap;

use crate::{
    keys::{Owned, insert_new, owned_by, owned_mut, partner_of},
    view::{Contradiction, View},
};

/// A program that acts for a partner.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ApplicationRow {
    /// The application.
    pub id: ApplicationId,
    /// The partner.
    pub partner: PartnerId,
    /// What it is called.
    pub name: ApplicationName,
    /// When it was registered.
    pub registered_at: Timestamp,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
    /// Its secrets that were not removed, expired ones too, in the order in which they were made.
    pub secrets: Vec<ApplicationSecretRow>,
}

/// A secret of an application; its hash is kept outside the log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ApplicationSecretRow {
    /// The secret.
    pub id: ApplicationSecretId,
    /// When it was made.
    pub added_at: Timestamp,
    /// It works strictly before this moment.
    pub expires_at: Timestamp,
}

/// The applications of all partners, revoked ones too.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Applications {
    rows: Owned<PartnerId, ApplicationId, ApplicationRow>,
    partners: OrdMap<ApplicationId, PartnerId>,
}

impl Applications {
    /// An application of a partner.
    #[must_use]
    pub fn get(&self, partner: PartnerId, id: ApplicationId) -> Option<&ApplicationRow> {
        self.rows.get(&(partner, id)).map(|row| &**row)
    }

    /// An application, whosever it is.
    #[must_use]
    pub fn find(&self, id: ApplicationId) -> Option<&ApplicationRow> {
        self.partners.get(&id).and_then(|partner| self.get(*partner, id))
    }

    /// The applications of a partner, in the order of their ids.
    pub fn of(&self, partner: PartnerId) -> impl Iterator<Item = &ApplicationRow> {
        owned_by(&self.rows, partner, None)
    }

    fn change(
        &mut self,
        recorded: &RecordedEvent,
        id: ApplicationId,
        change: impl FnOnce(&mut ApplicationRow),
    ) -> Result<(), Contradiction> {
        owned_mut(&mut self.rows, partner_of(recorded), id).map(change)
    }
}

fn add_secret(row: &mut ApplicationRow, event: &ApplicationSecretAdded, added_at: Timestamp) {
    for secret in &mut row.secrets {
        secret.expires_at =
            event.others_until.map_or(secret.expires_at, |until| until.min(secret.expires_at));
    }
    let (id, expires_at) = (event.secret_id, event.expires_at);
    row.secrets.push(ApplicationSecretRow { id, added_at, expires_at });
}

impl View for Applications {
    const NAME: &'static str = "applications";

    fn apply(&mut self, recorded: &RecordedEvent) -> Result<(), Contradiction> {
        let Event::Partner(PartnerEvent::Application(event)) = &recorded.event else {
            return Ok(());
        };
        let now = recorded.metadata.occurred_at;
        match event {
            ApplicationEvent::ApplicationRegistered(event) => {
                let (id, partner) = (event.application_id, partner_of(recorded));
                let row = ApplicationRow {
                    id,
                    partner,
                    name: event.name.clone(),
                    registered_at: now,
                    revoked_at: None,
                    secrets: Vec::new(),
                };
                self.partners.insert(id, partner);
                insert_new(&mut self.rows, partner, id, row)
            }
            ApplicationEvent::ApplicationSecretAdded(event) => {
                self.change(recorded, event.application_id, |row| add_secret(row, event, now))
            }
            ApplicationEvent::ApplicationSecretRemoved(event) => {
                self.change(recorded, event.application_id, |row| {
                    row.secrets.retain(|secret| secret.id != event.secret_id);
                })
            }
            ApplicationEvent::ApplicationRevoked(event) => {
                self.change(recorded, event.application_id, |row| {
                    row.secrets.clear();
                    row.revoked_at = Some(now);
                })
            }
            ApplicationEvent::ApplicationSignInFailed(_)
            | ApplicationEvent::ApplicationGrantBegun(_)
            | ApplicationEvent::ApplicationGrantRenewed(_)
            | ApplicationEvent::ApplicationGrantEnded(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use events::{
        ApplicationRegistered, ApplicationRevoked, ApplicationSecretRemoved, PartnerKind,
    };
    use uuid::Uuid;

    use super::*;
    use crate::testing::{History, application, partner, partner_registered};

    const fn secret(number: u128) -> ApplicationSecretId {
        ApplicationSecretId::from_uuid(Uuid::from_u128(number))
    }

    fn history() -> History {
        let mut history = History::new();
        let registered = partner_registered(1, PartnerKind::DirectPartner, "One");
        let name = ApplicationName::new("Nightly import").unwrap();
        history.then(partner(1), registered);
        history.then(partner(1), ApplicationRegistered { application_id: application(7), name });
        history
    }

    fn added(
        history: &History,
        number: u128,
        others_until: Option<Timestamp>,
    ) -> ApplicationSecretAdded {
        ApplicationSecretAdded {
            application_id: application(7),
            secret_id: secret(number),
            expires_at: history.now.plus_hours(100),
            others_until,
        }
    }

    #[test]
    fn a_rolled_secret_is_shown_with_its_new_end_until_it_is_removed() {
        let mut history = history();
        let first = added(&history, 1, None);
        history.then(partner(1), first);
        let until = history.now.plus_hours(2);
        let second = added(&history, 2, Some(until));
        history.then(partner(1), second);
        let row = history.model.applications().find(application(7)).unwrap();
        assert_eq!(row.secrets.iter().map(|it| it.id).collect::<Vec<_>>(), [secret(1), secret(2)]);
        assert_eq!(row.secrets[0].expires_at, until);
        let removed =
            ApplicationSecretRemoved { application_id: application(7), secret_id: secret(1) };
        history.then(partner(1), removed);
        let row = history.model.applications().of(partner(1)).next().unwrap();
        assert_eq!(row.secrets.len(), 1);
    }

    #[test]
    fn a_revoked_application_stays_listed_without_secrets() {
        let mut history = history();
        let first = added(&history, 1, None);
        history.then(partner(1), first);
        history.then(partner(1), ApplicationRevoked { application_id: application(7) });
        let row = history.model.applications().get(partner(1), application(7)).unwrap();
        assert!(row.revoked_at.is_some() && row.secrets.is_empty());
        assert!(history.model.applications().get(partner(2), application(7)).is_none());
    }
}
