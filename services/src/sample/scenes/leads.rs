//! Leads that the provider referred to a reseller, and what became of each.

use commands::{AcceptLead, ConvertLead, DeclineLead, Permission, ReferLead, WithdrawLead};
use events::{
    CompanyName, EmailAddress, InvalidValue, LeadContact, LeadId, LeadNote, PartnerId, PersonName,
};

use super::{
    super::step::{Step, Task},
    Clients,
    script::Script,
};

/// A company that might become a customer, and whom to ask for there.
const PROSPECTS: [(&str, &str, &str); 5] = [
    ("Harbour Gardens Ltd.", "Rosie", "Marsh"),
    ("Tallgrass Cycling Inc.", "Owen", "Price"),
    ("Silberbach Keramik GmbH", "Greta", "Vogel"),
    ("Quayside Bakery Ltd.", "Nell", "Fletcher"),
    ("Bluebell Physiotherapy Ltd.", "Ivy", "Dunne"),
];

/// Who refers, and to whom.
struct Referral {
    provider: PartnerId,
    reseller: PartnerId,
}

pub(super) fn scene(mut script: Script<'_>, clients: &Clients) -> Result<Vec<Step>, InvalidValue> {
    let Some((side, reseller)) = script.reseller() else { return Ok(Vec::new()) };
    let (provider, reseller) = (script.world.provider.id, reseller.company.id);
    let of = Referral { provider, reseller };
    let [converted, declined, withdrawn, accepted, fresh] = PROSPECTS;

    script.at(220);
    let lead = of.refer(converted, &mut script)?;
    script.after_days(2);
    let by = script.someone(side, Permission::LeadsManage);
    script.on_lead(by, lead, AcceptLead { reseller });
    script.after_days(6);
    let customer_id = clients.referred.id;
    let creation = clients.referred.creation(provider, Some(reseller), &mut script)?;
    let by = script.someone(side, Permission::CustomersCreate);
    let conversion = ConvertLead { reseller, customer_id };
    script.play(by, Task::Convert(lead, provider, conversion, Box::new(creation)));

    script.at(500);
    let lead = of.refer(declined, &mut script)?;
    script.after_days(3);
    let by = script.someone(side, Permission::LeadsManage);
    script.on_lead(by, lead, DeclineLead { reseller });

    script.at(610);
    let lead = of.refer(withdrawn, &mut script)?;
    script.after_days(1);
    let by = script.provider(Permission::LeadsManage);
    script.on_lead(by, lead, WithdrawLead { provider });

    script.at(960);
    let lead = of.refer(accepted, &mut script)?;
    script.after_days(1);
    let by = script.someone(side, Permission::LeadsManage);
    script.on_lead(by, lead, AcceptLead { reseller });
    script.at(990);
    of.refer(fresh, &mut script)?;
    Ok(script.steps())
}

impl Referral {
    fn refer(
        &self,
        (company, first, last): (&str, &str, &str),
        script: &mut Script<'_>,
    ) -> Result<LeadId, InvalidValue> {
        let lead_id = script.id(LeadId::from_uuid);
        let command = ReferLead {
            lead_id,
            provider: self.provider,
            reseller: self.reseller,
            company_name: CompanyName::new(company)?,
            country: None,
            contact: LeadContact {
                first_name: PersonName::new(first)?,
                last_name: PersonName::new(last)?,
                email: EmailAddress::new(&format!(
                    "{}.{}@prospects.example",
                    first.to_lowercase(),
                    last.to_lowercase()
                ))?,
                phone_number: None,
                note: Some(LeadNote::new("Asked for mail and storage at the fair.")?),
            },
        };
        let by = script.provider(Permission::LeadsManage);
        script.on_lead(by, lead_id, command);
        Ok(lead_id)
    }
}
