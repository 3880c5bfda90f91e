//! What happens to a lead: a company that a provider refers to a reseller as a likely customer.

use serde::{Deserialize, Serialize};

use crate::{
    ids::{CustomerId, LeadId, PartnerId, SubjectId},
    personal::PersonalData,
    values::{CompanyName, CountryCode, EmailAddress, LeadNote, PersonName, PhoneNumber},
};

/// Whom to talk to about a lead, and what there is to know: personal, sealed under the lead.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct LeadContact {
    /// The contact's first name.
    pub first_name: PersonName,
    /// The contact's last name.
    pub last_name: PersonName,
    /// The contact's e-mail address.
    pub email: EmailAddress,
    /// The contact's telephone number.
    pub phone_number: Option<PhoneNumber>,
    /// What the provider knows; free text may name people, so it is sealed with them.
    pub note: Option<LeadNote>,
}

impl PersonalData for LeadContact {}

impl From<LeadId> for SubjectId {
    /// The contact person of the lead.
    fn from(id: LeadId) -> Self {
        Self::from_uuid(id.as_uuid())
    }
}

events! {
    /// A provider referred a company to a reseller.
    LeadReferred = 0x0701 v 1 {
        /// The lead.
        clear lead_id: LeadId,
        /// The provider who refers.
        clear provider: PartnerId,
        /// The reseller it refers to.
        clear reseller: PartnerId,
        /// The company.
        clear company_name: CompanyName,
        /// Where it is, where that is known.
        clear country: Option<CountryCode>,
        /// Whom to talk to.
        personal contact: LeadContact,
    }
    /// The reseller takes the lead on.
    LeadAccepted = 0x0702 v 1 {
        /// The provider.
        clear provider: PartnerId,
        /// The reseller.
        clear reseller: PartnerId,
    }
    /// The reseller does not follow the lead, or not any more.
    LeadDeclined = 0x0703 v 1 {
        /// The provider.
        clear provider: PartnerId,
        /// The reseller.
        clear reseller: PartnerId,
    }
    /// The provider took an unanswered referral back.
    LeadWithdrawn = 0x0704 v 1 {
        /// The provider.
        clear provider: PartnerId,
        /// The reseller.
        clear reseller: PartnerId,
    }
    /// The lead became a customer.
    LeadConverted = 0x0705 v 1 {
        /// The provider, which holds the relationship with the customer.
        clear provider: PartnerId,
        /// The reseller, which is associated with it.
        clear reseller: PartnerId,
        /// The customer.
        clear customer_id: CustomerId,
    }
}

aggregate_events! {
    /// What happens to a lead.
    LeadEvent { LeadReferred, LeadAccepted, LeadDeclined, LeadWithdrawn, LeadConverted }
}
