//! Sample events of leads and agreements.

use events::{
    AgreementContact, AgreementKind, CompanyName, CustomerAgreementConfirmed, EmailAddress,
    LeadContact, LeadReferred, PersonName, Personal, Timestamp,
};

use super::{agreement, lead, partner};

pub(crate) fn agreement_confirmed(number: u128, seller: u128) -> CustomerAgreementConfirmed {
    let contact = AgreementContact {
        first_name: PersonName::new("Cora").unwrap(),
        last_name: PersonName::new("Contoso").unwrap(),
        email: EmailAddress::new("cora@contoso.example").unwrap(),
        phone_number: None,
    };
    CustomerAgreementConfirmed {
        agreement_id: agreement(number),
        partner_id: partner(seller),
        kind: AgreementKind::MicrosoftCustomerAgreement,
        agreed_at: Timestamp::EPOCH,
        contact: Personal::open(agreement(number).into(), contact),
    }
}

pub(crate) fn lead_referred(number: u128, provider: u128, reseller: u128) -> LeadReferred {
    let contact = LeadContact {
        first_name: PersonName::new("Kim").unwrap(),
        last_name: PersonName::new("Abercrombie").unwrap(),
        email: EmailAddress::new("kim@contoso.example").unwrap(),
        phone_number: None,
        note: None,
    };
    LeadReferred {
        lead_id: lead(number),
        provider: partner(provider),
        reseller: partner(reseller),
        company_name: CompanyName::new("Contoso").unwrap(),
        country: None,
        contact: Personal::open(lead(number).into(), contact),
    }
}
