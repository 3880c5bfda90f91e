//! Leads: a provider refers a company, the reseller accepts it and turns it into a customer.

use commands::{ConvertLead, CreateCustomer, LeadCommand};
use events::{CustomerId, LeadId, PartnerId};
use projections::{LeadProgress, ReadModel};
use proptest::{prop_assert_eq, test_runner::TestCaseError};
use services::application::Principal;

use super::{Plain, Reasons, who_may::Deed};

/// A lead.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Lead {
    pub(crate) provider: PartnerId,
    pub(crate) reseller: PartnerId,
    pub(crate) stage: Stage,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stage {
    Referred,
    Accepted,
    Declined,
    Withdrawn,
    Converted(CustomerId),
}

impl Plain {
    pub(super) fn on_lead(
        &self,
        no: &mut Reasons,
        by: Principal,
        (id, command): (LeadId, &LeadCommand),
    ) {
        match command {
            LeadCommand::Refer(command) => {
                self.speaks_for(no, by, command.provider, Deed::Leads);
                no.no_if(self.leads.contains_key(&id), "already_exists");
                self.partners_of(no, command.provider, command.reseller);
            }
            LeadCommand::Accept(command) => {
                if let Some(lead) = self.received(no, by, (id, command.reseller)) {
                    no.no_if(lead.stage != Stage::Referred, "lead_in_state");
                    self.partners_of(no, lead.provider, lead.reseller);
                }
            }
            LeadCommand::Decline(command) => {
                if let Some(lead) = self.received(no, by, (id, command.reseller)) {
                    let is_open = matches!(lead.stage, Stage::Referred | Stage::Accepted);
                    no.no_if(!is_open, "lead_in_state");
                }
            }
            LeadCommand::Withdraw(command) => {
                self.speaks_for(no, by, command.provider, Deed::Leads);
                match self.leads.get(&id).filter(|it| it.provider == command.provider) {
                    None => no.no("lead_not_found"),
                    Some(lead) => no.no_if(lead.stage != Stage::Referred, "lead_in_state"),
                }
            }
            LeadCommand::Convert(command) => self.convert(no, by, (id, *command)),
        }
    }

    fn convert(&self, no: &mut Reasons, by: Principal, (id, command): (LeadId, ConvertLead)) {
        if let Some(lead) = self.received(no, by, (id, command.reseller)) {
            no.no_if(lead.stage != Stage::Accepted, "lead_in_state");
            self.partners_of(no, lead.provider, lead.reseller);
        }
    }

    fn received(
        &self,
        no: &mut Reasons,
        by: Principal,
        (id, reseller): (LeadId, PartnerId),
    ) -> Option<&Lead> {
        self.speaks_for(no, by, reseller, Deed::Leads);
        let lead = self.leads.get(&id).filter(|lead| lead.reseller == reseller);
        no.no_if(lead.is_none(), "lead_not_found");
        lead
    }

    fn partners_of(&self, no: &mut Reasons, provider: PartnerId, reseller: PartnerId) {
        no.no_if(!self.work_together(provider, reseller), "no_active_partnership");
    }

    /// The reseller opens the account; the provider who referred holds the relationship.
    pub(super) fn turn_lead(
        &self,
        no: &mut Reasons,
        by: Principal,
        (id, conversion): (LeadId, ConvertLead),
        new: &CreateCustomer,
    ) {
        self.convert(no, by, (id, conversion));
        self.employee(no, by, Deed::Sell);
        self.creation(no, new.customer_id, new);
        // For whom the customer would be follows from the lead: without one nobody's rights are asked.
        no.bar_if(!self.leads.contains_key(&id), "lead_not_found");
    }

    pub(super) fn lead_did(&mut self, id: LeadId, command: &LeadCommand) {
        if let LeadCommand::Refer(command) = command {
            let (provider, reseller) = (command.provider, command.reseller);
            self.leads.insert(id, Lead { provider, reseller, stage: Stage::Referred });
        }
        let lead = self.leads.get_mut(&id).expect("it was referred");
        match command {
            LeadCommand::Refer(_) => {}
            LeadCommand::Accept(_) => lead.stage = Stage::Accepted,
            LeadCommand::Decline(_) => lead.stage = Stage::Declined,
            LeadCommand::Withdraw(_) => lead.stage = Stage::Withdrawn,
            LeadCommand::Convert(command) => lead.stage = Stage::Converted(command.customer_id),
        }
    }

    pub(super) fn leads_agree(&self, model: &ReadModel) -> Result<(), TestCaseError> {
        for (id, lead) in &self.leads {
            let row = model.leads().of_partner(lead.provider, *id);
            let shown = row.map(|row| {
                let stage = match row.progress {
                    LeadProgress::Referred => Stage::Referred,
                    LeadProgress::Accepted { .. } => Stage::Accepted,
                    LeadProgress::Declined { .. } => Stage::Declined,
                    LeadProgress::Withdrawn { .. } => Stage::Withdrawn,
                    LeadProgress::Converted { customer, .. } => Stage::Converted(customer),
                };
                Lead { provider: row.provider, reseller: row.reseller, stage }
            });
            prop_assert_eq!(shown, Some(*lead));
        }
        Ok(())
    }
}
