//! Customers: created, edited, served by resellers, left.

use commands::{
    AddCustomerDomain, AssociateReseller, ConfirmAgreement, CustomerCommand, EditCustomerDetails,
    EndRelationship, FallBackSupportContacts, ForbidOwnPurchases, PermitOwnPurchases,
    QualifyCustomer, RemoveReseller,
};
use events::{
    AgreementContact, AgreementId, AgreementKind, CustomerId, Locale, Process, Qualification,
};

use super::values::{company, contact, country, domain, email, person};
use crate::{
    scene::{By, Scene},
    task::Task,
};

/// More would only make a history longer.
const CUSTOMERS_MAX: usize = 6;

pub(super) fn any(scene: &mut Scene<'_>) -> Option<(By, Task)> {
    let kind = scene.dice.below(23);
    if kind < 3 {
        return create(scene);
    }
    let customer = scene.customer()?;
    let partner_id = scene.partner_of(customer);
    let employee = By::Employee(partner_id);
    let (provider, reseller) = (partner_id, scene.reseller());
    let (by, command): (By, CustomerCommand) = match kind {
        3..=4 => (employee, details().into()),
        5..=6 => (employee, EndRelationship { partner_id }.into()),
        7..=10 => (employee, AssociateReseller { provider, reseller }.into()),
        11..=12 => (employee, RemoveReseller { provider, reseller }.into()),
        13..=14 => (employee, PermitOwnPurchases { partner_id }.into()),
        15 => (employee, ForbidOwnPurchases { partner_id }.into()),
        16..=17 => (employee, agreement(scene, partner_id).into()),
        18 => (employee, further_domain(scene).into()),
        19..=20 => (employee, qualification(scene).into()),
        _ => return fall_back(scene, customer),
    };
    Some((by, Task::Customer(customer, command)))
}

/// Contacts fall back, mostly where a contact is none any more.
fn fall_back(scene: &mut Scene<'_>, customer: CustomerId) -> Option<(By, Task)> {
    let customers = scene.plain.customers.iter();
    let contacts = customers.flat_map(|(id, it)| {
        let seller = |sold| it.subscriptions.get(sold).map(|held| held.seller);
        it.contacts.iter().filter_map(move |(sold, reseller)| Some((*id, seller(sold)?, *reseller)))
    });
    let over = contacts.filter(|(_, seller, it)| !scene.plain.work_together(*seller, *it));
    let over: Vec<_> = over.collect();
    let any = (customer, scene.partner_of(customer), scene.reseller());
    let (customer, provider, reseller) = scene.dice.pick(&over).unwrap_or(any);
    let command = FallBackSupportContacts { provider, reseller };
    Some((By::Process(Process::SupportContacts), Task::Customer(customer, command.into())))
}

fn create(scene: &mut Scene<'_>) -> Option<(By, Task)> {
    let accounts: Vec<_> = scene
        .plain
        .customers
        .iter()
        .filter(|(_, it)| it.account.is_some())
        .map(|(id, _)| *id)
        .collect();
    if accounts.len() >= CUSTOMERS_MAX {
        return None;
    }
    let partner = scene.partner();
    let id = scene.fresh(&accounts, CustomerId::from_uuid);
    let reseller = scene.reseller();
    let reseller = scene.dice.one_in(3).then_some(reseller);
    let command = scene.new_customer(id, partner, reseller);
    Some((By::Employee(partner), Task::Customer(id, command.into())))
}

fn details() -> EditCustomerDetails {
    EditCustomerDetails {
        company_name: company("Customer"),
        country: country(),
        culture: Locale::new("en-US").unwrap(),
        language: Locale::new("en").unwrap(),
        contact: contact(),
    }
}

/// Domains of a few numbers: some are had already, by this customer or another.
fn further_domain(scene: &mut Scene<'_>) -> AddCustomerDomain {
    AddCustomerDomain { domain: domain(scene.dice.below(40)) }
}

fn qualification(scene: &mut Scene<'_>) -> QualifyCustomer {
    let qualification = scene.dice.pick(&Qualification::ALL);
    QualifyCustomer { qualification: qualification.unwrap_or(Qualification::Education) }
}

fn agreement(scene: &mut Scene<'_>, partner_id: events::PartnerId) -> ConfirmAgreement {
    let ahead = if scene.dice.one_in(10) { 1 } else { -1 };
    ConfirmAgreement {
        agreement_id: scene.world.id(AgreementId::from_uuid),
        partner_id,
        kind: AgreementKind::MicrosoftCustomerAgreement,
        agreed_at: scene.now.plus_hours(ahead),
        contact: AgreementContact {
            first_name: person("Bo"),
            last_name: person("Berg"),
            email: email("bo@customer.example"),
            phone_number: None,
        },
    }
}
