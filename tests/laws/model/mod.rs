//! The plain model: what a reader of the domain expects of every command, and of every view after it.
//!
//! It is written from the domain's rules, not from the deciders: it knows commands and the moment
//! they were given, folds no event, and asks neither the deciders nor the tables they read. Rules it
//! needs numbers for, it spells out.

mod applications;
mod asked_of_customer;
mod asked_of_partner;
mod carts;
mod customer_did;
mod customers;
mod devices;
mod leads;
mod letters;
mod licenses;
mod network;
mod partner_did;
mod partner_users;
mod partnerships;
mod reach;
mod reasons;
mod relationships;
mod roles;
mod sale_changes;
mod sales;
mod service_requests;
mod sign_in;
mod staff;
mod support_contacts;
mod users;
mod webhooks;
mod who_may;

use std::collections::BTreeMap;

use commands::Catalogue;
use events::{
    CustomerId, IncidentId, InstallationAccount, LeadId, PartnerId, PartnershipId,
    ServiceRequestId, Timestamp,
};
use projections::ReadModel;
use proptest::test_runner::TestCaseError;
use services::application::Principal;

pub(crate) use self::{
    carts::Cart, leads::Stage as LeadStage, partnerships::State as PartnershipState,
    reasons::Reasons, relationships::Answer, staff::holder,
};
use self::{
    customers::Customer, leads::Lead, partner_users::Partner, partnerships::Bond,
    service_requests::Request, staff::Person,
};
use crate::task::Task;

/// Everything there is.
#[derive(Clone, Default, Debug)]
pub(crate) struct Plain {
    pub(crate) partners: BTreeMap<PartnerId, Partner>,
    pub(crate) partnerships: BTreeMap<PartnershipId, Bond>,
    pub(crate) customers: BTreeMap<CustomerId, Customer>,
    pub(crate) leads: BTreeMap<LeadId, Lead>,
    pub(crate) requests: BTreeMap<ServiceRequestId, Request>,
    pub(crate) staff: BTreeMap<InstallationAccount, Person>,
    /// Incidents, and whether each is over.
    pub(crate) incidents: BTreeMap<IncidentId, bool>,
    catalogue: Catalogue,
}

/// Whether an account works.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Status {
    Active,
    /// It can be restored before this moment.
    Deleted {
        until: Timestamp,
    },
    Purged,
}

impl Status {
    fn deleted(now: Timestamp) -> Self {
        Self::Deleted { until: now.plus_hours(720) }
    }

    pub(crate) fn is_active(self) -> bool {
        self == Self::Active
    }

    pub(crate) fn is_restorable(self, now: Timestamp) -> bool {
        matches!(self, Self::Deleted { until } if now < until)
    }
}

impl Plain {
    pub(crate) fn new(catalogue: Catalogue) -> Self {
        Self { catalogue, ..Self::default() }
    }

    /// What speaks against a task.
    pub(crate) fn verdict(&self, by: Principal, task: &Task, now: Timestamp) -> Reasons {
        let mut no = Reasons::default();
        match task {
            Task::Partner(id, command) => self.asked_of_partner(&mut no, by, (*id, command), now),
            Task::Partnership(id, command) => {
                self.on_partnership(&mut no, by, (*id, command), now);
            }
            Task::Customer(id, command) => {
                self.asked_of_customer(&mut no, by, (*id, command), now);
            }
            Task::Lead(id, command) => self.on_lead(&mut no, by, (*id, command)),
            Task::TurnLead { lead, conversion, creation } => {
                self.turn_lead(&mut no, by, (*lead, *conversion), creation);
            }
            Task::Request(id, command) => self.on_request(&mut no, by, (*id, command)),
            Task::Installation(command) => self.on_installation(&mut no, by, command, now),
            Task::Answer(answer) => self.answer_relationship(&mut no, by, *answer, now),
            Task::SignUp(command) => self.sign_up(&mut no, by, command, now),
            Task::SignIn { account, proof, .. } => {
                self.attempt(&mut no, by, (*account, *proof), now);
            }
        }
        no
    }

    /// Takes in that a task was accepted.
    pub(crate) fn did(&mut self, by: Principal, task: &Task, now: Timestamp) {
        match task {
            Task::Partner(id, command) => self.partner_did(by, (*id, command), now),
            Task::Partnership(id, command) => self.partnership_did(*id, command),
            Task::Customer(id, command) => self.customer_did((*id, command), now),
            Task::Lead(id, command) => self.lead_did(*id, command),
            Task::TurnLead { lead, conversion, creation } => {
                self.lead_did(*lead, &(*conversion).into());
                self.created(creation.customer_id, creation);
            }
            Task::Request(id, command) => self.request_did(by, (*id, command)),
            Task::Installation(command) => self.installation_did(command, now),
            Task::Answer(answer) => self.answered(*answer),
            Task::SignUp(command) => self.signed_up(command),
            Task::SignIn { account, session, proof } => {
                self.attempted((*account, *proof), *session, now);
            }
        }
    }

    /// Demands that every view shows what the model knows.
    pub(crate) fn agrees_with(
        &self,
        model: &ReadModel,
        now: Timestamp,
    ) -> Result<(), TestCaseError> {
        self.partners_agree(model, now)?;
        self.staff_agrees(model, now)?;
        self.partnerships_agree(model)?;
        self.customers_agree(model)?;
        self.requests_agree(model, now)?;
        self.sales_agree(model)?;
        self.carts_agree(model)?;
        self.contacts_agree(model)?;
        self.users_agree(model, now)?;
        self.devices_agree(model)?;
        self.leads_agree(model)?;
        self.service_requests_agree(model)
    }

    /// Moments at which something ends: restore windows, links, carts, locks, audits, sessions.
    pub(crate) fn edges(&self) -> Vec<Timestamp> {
        let mut edges = Vec::new();
        let deleted = |status: Status| match status {
            Status::Deleted { until } => Some(until),
            Status::Active | Status::Purged => None,
        };
        for employee in self.partners.values().flat_map(|partner| partner.users.values()) {
            edges.extend(deleted(employee.status).into_iter().chain(employee.door.edges()));
        }
        for customer in self.customers.values() {
            for user in customer.users.values() {
                edges.extend(deleted(user.status).into_iter().chain(user.door.edges()));
            }
            edges.extend(customer.requests.values().map(|asked| asked.expires_at));
            edges.extend(customer.carts.values().map(|cart| cart.expires_at));
            edges.extend(customer.subscriptions.values().filter_map(|held| held.ends_at));
        }
        edges.extend(self.partnerships.values().map(|bond| bond.expires_at));
        edges.extend(self.staff.values().flat_map(|person| person.door.edges()));
        edges
    }
}
