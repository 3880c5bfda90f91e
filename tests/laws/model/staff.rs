//! Operators and auditors of the installation, whom the one who runs it admits and dismisses.

use std::collections::{BTreeMap, BTreeSet};

use commands::{
    AccountSignInCommand, IncidentCommand, InstallationCommand, NewPerson, PersonCommand,
};
use events::{IncidentId, InstallationAccount, NameHash, Process, Timestamp};
use projections::ReadModel;
use proptest::{prop_assert_eq, test_runner::TestCaseError};
use services::application::Principal;

use super::{Plain, Reasons, reach, sign_in::Door};

/// An operator or auditor.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(super) name: NameHash,
    /// An auditor reads until then.
    pub(super) until: Option<Timestamp>,
    pub(crate) door: Door,
}

/// The account of somebody of the installation.
pub(super) fn account(principal: Principal) -> Option<InstallationAccount> {
    match principal {
        Principal::SupportOperator { operator } => Some(InstallationAccount::Operator(operator)),
        Principal::Auditor { auditor } => Some(InstallationAccount::Auditor(auditor)),
        _ => None,
    }
}

/// Who has this account.
pub(crate) fn holder(account: InstallationAccount) -> Principal {
    match account {
        InstallationAccount::Operator(operator) => Principal::SupportOperator { operator },
        InstallationAccount::Auditor(auditor) => Principal::Auditor { auditor },
    }
}

impl Plain {
    /// Whether it is the account of an auditor whose time is over.
    pub(super) fn is_auditor_over(&self, principal: Principal, now: Timestamp) -> bool {
        let person = account(principal).and_then(|account| self.staff.get(&account));
        person.and_then(|person| person.until).is_some_and(|until| now >= until)
    }

    pub(super) fn on_installation(
        &self,
        no: &mut Reasons,
        by: Principal,
        command: &InstallationCommand,
        now: Timestamp,
    ) {
        match command {
            InstallationCommand::Watch(_) => {
                if by != Principal::System(Process::Watch) {
                    reach::stranger(no, by);
                }
            }
            InstallationCommand::Incident(command) => self.asked_of_incident(no, by, command, now),
            InstallationCommand::Person(command) => self.asked_of_person(no, by, command, now),
            InstallationCommand::SignIn(command) => {
                self.asked_of_account_door(no, by, command, now);
            }
        }
    }

    fn asked_of_incident(
        &self,
        no: &mut Reasons,
        by: Principal,
        command: &IncidentCommand,
        now: Timestamp,
    ) {
        match command {
            IncidentCommand::Open(command) => {
                self.support_operator(no, by);
                no.no_if(self.incidents.contains_key(&command.incident_id), "already_exists");
                let mut offers = self.catalogue.offers().iter();
                let is_sold = offers.any(|offer| offer.sku_id == command.sku_id);
                no.no_if(!is_sold, "unknown_service");
                no.no_if(command.started_at > now, "started_ahead");
            }
            IncidentCommand::Update(command) => {
                self.support_operator(no, by);
                self.is_current(no, command.incident_id);
            }
            IncidentCommand::Resolve(command) => {
                self.support_operator(no, by);
                self.is_current(no, command.incident_id);
            }
        }
    }

    fn asked_of_person(
        &self,
        no: &mut Reasons,
        by: Principal,
        command: &PersonCommand,
        now: Timestamp,
    ) {
        match command {
            PersonCommand::AddOperator(command) => {
                reach::operator(no, by);
                let account = InstallationAccount::Operator(command.operator_id);
                self.is_new(no, account, &command.person);
            }
            PersonCommand::RemoveOperator(command) => {
                reach::operator(no, by);
                self.is_known(no, InstallationAccount::Operator(command.operator_id));
            }
            PersonCommand::AdmitAuditor(command) => {
                reach::operator(no, by);
                let account = InstallationAccount::Auditor(command.auditor_id);
                self.is_new(no, account, &command.person);
                no.no_if(command.until <= now, "expiry_in_the_past");
                no.no_if(command.until > now.plus_hours(400 * 24), "audit_too_long");
            }
            PersonCommand::DismissAuditor(command) => {
                reach::operator(no, by);
                self.is_known(no, InstallationAccount::Auditor(command.auditor_id));
            }
            PersonCommand::ResetPassword(command) => {
                reach::operator(no, by);
                self.is_known(no, command.account);
            }
        }
    }

    fn asked_of_account_door(
        &self,
        no: &mut Reasons,
        by: Principal,
        command: &AccountSignInCommand,
        now: Timestamp,
    ) {
        match command {
            AccountSignInCommand::SignIn(_) => no.bar(&[
                "actor_not_allowed",
                "auditor_changes_nothing",
                "sign_in_refused",
                "locked_out",
            ]),
            AccountSignInCommand::SignOut(command) => self.is_self(no, by, holder(command.account)),
            AccountSignInCommand::ChangePassword(command) => {
                let what = (holder(command.account), command.proof, command.chosen);
                self.own_password(no, by, what, now);
            }
            AccountSignInCommand::IssueToken(command) => {
                reach::operator(no, by);
                self.is_known(no, command.account);
                let door = self.staff.get(&command.account).map(|it| &it.door);
                let is_known = door.is_some_and(|it| it.tokens.contains_key(&command.token_id));
                no.no_if(is_known, "already_exists");
                no.no_if(command.expires_at <= now, "expiry_in_the_past");
            }
            AccountSignInCommand::RevokeToken(command) => {
                reach::operator(no, by);
                self.is_known(no, command.account);
                let door = self.staff.get(&command.account).map(|it| &it.door);
                let is_known = door.is_some_and(|it| it.tokens.contains_key(&command.token_id));
                no.no_if(!is_known, "token_not_found");
            }
        }
    }

    fn is_current(&self, no: &mut Reasons, id: IncidentId) {
        match self.incidents.get(&id) {
            None => no.no("incident_not_found"),
            Some(is_over) => no.no_if(*is_over, "incident_resolved"),
        }
    }

    fn is_new(&self, no: &mut Reasons, account: InstallationAccount, person: &NewPerson) {
        no.no_if(self.staff.contains_key(&account), "already_exists");
        let is_taken = self.has_sign_in_name(person.sign_in_name, account.into());
        no.no_if(is_taken, "sign_in_name_taken");
    }

    fn is_known(&self, no: &mut Reasons, account: InstallationAccount) {
        no.no_if(!self.staff.contains_key(&account), "installation_account_not_found");
    }

    pub(super) fn installation_did(&mut self, command: &InstallationCommand, now: Timestamp) {
        match command {
            InstallationCommand::Watch(_) => {}
            InstallationCommand::Incident(command) => self.incident_did(command),
            InstallationCommand::Person(command) => self.person_did(command),
            InstallationCommand::SignIn(command) => self.account_door_did(command, now),
        }
    }

    fn incident_did(&mut self, command: &IncidentCommand) {
        match command {
            IncidentCommand::Open(command) => {
                self.incidents.insert(command.incident_id, false);
            }
            IncidentCommand::Resolve(command) => {
                self.incidents.insert(command.incident_id, true);
            }
            IncidentCommand::Update(_) => {}
        }
    }

    fn person_did(&mut self, command: &PersonCommand) {
        match command {
            PersonCommand::AddOperator(command) => {
                let account = InstallationAccount::Operator(command.operator_id);
                self.admit(account, &command.person, None);
            }
            PersonCommand::AdmitAuditor(command) => {
                let account = InstallationAccount::Auditor(command.auditor_id);
                self.admit(account, &command.person, Some(command.until));
            }
            PersonCommand::RemoveOperator(command) => {
                self.staff.remove(&InstallationAccount::Operator(command.operator_id));
            }
            PersonCommand::DismissAuditor(command) => {
                self.staff.remove(&InstallationAccount::Auditor(command.auditor_id));
            }
            PersonCommand::ResetPassword(command) => {
                if let Some(person) = self.staff.get_mut(&command.account) {
                    person.door.reset(command.credential_id);
                }
            }
        }
    }

    fn account_door_did(&mut self, command: &AccountSignInCommand, now: Timestamp) {
        match command {
            AccountSignInCommand::SignOut(command) => {
                self.signed_out(holder(command.account), command.session_id);
            }
            AccountSignInCommand::ChangePassword(command) => {
                let (how, session) = ((command.proof, command.chosen), command.session_id);
                self.own_password_changed(holder(command.account), how, session, now);
            }
            AccountSignInCommand::IssueToken(command) => {
                if let Some(person) = self.staff.get_mut(&command.account) {
                    person.door.tokens.insert(command.token_id, command.expires_at);
                }
            }
            AccountSignInCommand::RevokeToken(command) => {
                if let Some(person) = self.staff.get_mut(&command.account) {
                    person.door.tokens.remove(&command.token_id);
                }
            }
            AccountSignInCommand::SignIn(_) => unreachable!("it is never accepted alone"),
        }
    }

    fn admit(&mut self, account: InstallationAccount, who: &NewPerson, until: Option<Timestamp>) {
        let door = Door::new(who.credential_id);
        self.staff.insert(account, Person { name: who.sign_in_name, until, door });
    }

    pub(super) fn staff_agrees(
        &self,
        model: &ReadModel,
        now: Timestamp,
    ) -> Result<(), TestCaseError> {
        let shown: BTreeSet<_> = model.people().iter().map(|row| row.account).collect();
        prop_assert_eq!(shown, self.staff.keys().copied().collect::<BTreeSet<_>>());
        let incidents = model.service_health().newest_first();
        let shown = incidents.iter().map(|row| (row.id, row.resolved_at.is_some()));
        prop_assert_eq!(shown.collect::<BTreeMap<_, _>>(), self.incidents.clone());
        for (account, person) in &self.staff {
            person.door.agrees(model, (*account).into(), now)?;
            let row = model.people().get(*account);
            let until = row.and_then(|row| row.audit).map(|(_, until)| until);
            prop_assert_eq!(until, person.until);
        }
        Ok(())
    }
}
