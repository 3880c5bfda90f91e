//! Leads and what becomes of them.

use commands::{AcceptLead, ConvertLead, DeclineLead, LeadCommand, ReferLead, WithdrawLead};
use events::{CustomerId, LeadContact, LeadId, PartnerId};

use super::values::{company, email, person};
use crate::{
    model::LeadStage,
    scene::{By, Scene},
    task::Task,
};

pub(super) fn any(scene: &mut Scene<'_>) -> Option<(By, Task)> {
    let kind = scene.dice.below(16);
    if kind < 4 {
        return Some(refer(scene));
    }
    let wanted = if kind < 9 { LeadStage::Referred } else { LeadStage::Accepted };
    let (id, provider, mut reseller) = one(scene, wanted);
    if scene.dice.one_in(16) {
        reseller = scene.reseller();
    }
    let (by, command): (By, LeadCommand) = match kind {
        4..=8 => (By::Employee(reseller), AcceptLead { reseller }.into()),
        9..=13 => return turn(scene, (id, provider, reseller)),
        14 => (By::Employee(reseller), DeclineLead { reseller }.into()),
        _ => (By::Employee(provider), WithdrawLead { provider }.into()),
    };
    Some((by, Task::Lead(id, command)))
}

fn one(scene: &mut Scene<'_>, wanted: LeadStage) -> (LeadId, PartnerId, PartnerId) {
    let of = |only: bool| -> Vec<_> {
        let leads = scene.plain.leads.iter().filter(|(_, it)| !only || it.stage == wanted);
        leads.map(|(id, it)| (*id, it.provider, it.reseller)).collect()
    };
    let (meant, any) = (of(true), of(false));
    let [provider, reseller, ..] = scene.world.partners;
    let unknown = (scene.world.id(LeadId::from_uuid), provider, reseller);
    let picked = if scene.dice.one_in(8) { None } else { scene.dice.pick(&meant) };
    picked.or_else(|| scene.dice.pick(&any)).unwrap_or(unknown)
}

fn refer(scene: &mut Scene<'_>) -> (By, Task) {
    let taken: Vec<_> = scene.plain.leads.keys().copied().collect();
    let lead_id = scene.fresh(&taken, LeadId::from_uuid);
    let (provider, reseller) = (scene.partner(), scene.reseller());
    let command = ReferLead {
        lead_id,
        provider,
        reseller,
        company_name: company("Prospect"),
        country: None,
        contact: LeadContact {
            first_name: person("Cy"),
            last_name: person("Park"),
            email: email("cy@prospect.example"),
            phone_number: None,
            note: None,
        },
    };
    (By::Employee(provider), Task::Lead(lead_id, command.into()))
}

fn turn(
    scene: &mut Scene<'_>,
    (lead, provider, reseller): (LeadId, PartnerId, PartnerId),
) -> Option<(By, Task)> {
    let accounts = scene.plain.customers.values().filter(|it| it.account.is_some()).count();
    if accounts >= 6 && !scene.dice.one_in(6) {
        return None;
    }
    let customer_id = scene.world.id(CustomerId::from_uuid);
    let creation = scene.new_customer(customer_id, provider, Some(reseller));
    let conversion = ConvertLead { reseller, customer_id };
    let task = Task::TurnLead { lead, conversion, creation: Box::new(creation) };
    Some((By::Employee(reseller), task))
}
