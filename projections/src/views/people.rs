//! Who are the operators and auditors of the installation?

use std::sync::Arc;

use events::{
    AuditScope, Event, InstallationAccount, InstallationEvent, NameHash, PersonEvent,
    RecordedEvent, Timestamp,
};
use imbl::OrdMap;

use crate::{
    personal_handle::{PersonalField, PersonalHandle},
    view::{Contradiction, View},
};

/// An operator or auditor; the name waits sealed in the log.
#[derive(Clone, PartialEq, Debug)]
pub struct PersonRow {
    /// Who it is.
    pub account: InstallationAccount,
    /// The keyed hash of the sign-in name.
    pub sign_in_name: NameHash,
    /// What it reads and until when, where it is an auditor.
    pub audit: Option<(AuditScope, Timestamp)>,
    /// Who it is, sealed.
    pub profile: PersonalHandle,
    /// Since when.
    pub since: Timestamp,
}

/// The operators that were not removed and the auditors that were not dismissed.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct People {
    rows: OrdMap<InstallationAccount, Arc<PersonRow>>,
    by_sign_in_name: OrdMap<NameHash, InstallationAccount>,
}

impl People {
    /// One of them.
    #[must_use]
    pub fn get(&self, account: InstallationAccount) -> Option<&PersonRow> {
        self.rows.get(&account).map(|row| &**row)
    }

    /// Who signs in under this name.
    #[must_use]
    pub fn by_sign_in_name(&self, name: NameHash) -> Option<&PersonRow> {
        self.by_sign_in_name.get(&name).and_then(|account| self.get(*account))
    }

    /// All of them, operators first.
    pub fn iter(&self) -> impl Iterator<Item = &PersonRow> {
        self.rows.values().map(|row| &**row)
    }

    fn add(&mut self, row: PersonRow) -> Result<(), Contradiction> {
        let (account, name) = (row.account, row.sign_in_name);
        if self.rows.insert(account, Arc::new(row)).is_some() {
            return Err(duplicate(account));
        }
        self.by_sign_in_name.insert(name, account);
        Ok(())
    }

    fn remove(&mut self, account: InstallationAccount) -> Result<(), Contradiction> {
        let row = self.rows.remove(&account).ok_or_else(|| unknown(account))?;
        self.by_sign_in_name.remove(&row.sign_in_name);
        Ok(())
    }
}

fn unknown(account: InstallationAccount) -> Contradiction {
    match account {
        InstallationAccount::Operator(id) => Contradiction::unknown(id),
        InstallationAccount::Auditor(id) => Contradiction::unknown(id),
    }
}

fn duplicate(account: InstallationAccount) -> Contradiction {
    match account {
        InstallationAccount::Operator(id) => Contradiction::duplicate(id),
        InstallationAccount::Auditor(id) => Contradiction::duplicate(id),
    }
}

impl View for People {
    const NAME: &'static str = "people";

    fn apply(&mut self, recorded: &RecordedEvent) -> Result<(), Contradiction> {
        let Event::Installation(InstallationEvent::Person(event)) = &recorded.event else {
            return Ok(());
        };
        let since = recorded.metadata.occurred_at;
        let handle = |profile| PersonalHandle::new(recorded, PersonalField::PersonProfile, profile);
        match event {
            PersonEvent::OperatorAdded(event) => {
                let account = InstallationAccount::Operator(event.operator_id);
                let (sign_in_name, profile) = (event.sign_in_name, handle(&event.profile));
                self.add(PersonRow { account, sign_in_name, audit: None, profile, since })
            }
            PersonEvent::AuditorAdmitted(event) => {
                let account = InstallationAccount::Auditor(event.auditor_id);
                let audit = Some((event.scope, event.until));
                let (sign_in_name, profile) = (event.sign_in_name, handle(&event.profile));
                self.add(PersonRow { account, sign_in_name, audit, profile, since })
            }
            PersonEvent::OperatorRemoved(event) => {
                self.remove(InstallationAccount::Operator(event.operator_id))
            }
            PersonEvent::AuditorDismissed(event) => {
                self.remove(InstallationAccount::Auditor(event.auditor_id))
            }
            PersonEvent::AccountPasswordReset(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use events::{AuditorAdmitted, AuditorDismissed, AuditorId, Personal, StreamId};
    use uuid::Uuid;

    use super::*;
    use crate::testing::{History, name_hash};

    #[test]
    fn a_dismissed_auditor_is_among_the_people_no_longer_and_the_name_is_free() {
        let mut history = History::new();
        let auditor_id = AuditorId::from_uuid(Uuid::from_u128(7));
        let profile = events::PersonProfile {
            full_name: "Aud Itor".parse().unwrap(),
            email: "aud@firm.example".parse().unwrap(),
        };
        let admitted = AuditorAdmitted {
            auditor_id,
            sign_in_name: name_hash(7),
            credential_id: events::CredentialId::from_uuid(Uuid::from_u128(8)),
            password_expires_at: history.now,
            scope: AuditScope::Installation,
            until: history.now.plus_hours(24),
            profile: Personal::open(auditor_id.into(), profile),
        };
        history.then(StreamId::INSTALLATION, admitted);
        let people = history.model.people();
        assert_eq!(people.by_sign_in_name(name_hash(7)).map(|row| row.since), Some(history.now));
        history.then(StreamId::INSTALLATION, AuditorDismissed { auditor_id });
        assert_eq!(*history.model.people(), People::default());
    }
}
