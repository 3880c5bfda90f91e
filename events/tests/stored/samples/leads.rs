//! Samples of what happens to a lead.

use events::{
    CustomerId, LeadAccepted, LeadContact, LeadConverted, LeadDeclined, LeadEvent, LeadId,
    LeadReferred, LeadWithdrawn, PartnerId, Personal,
};

use crate::draw::Draw;

pub(super) fn leads(draw: &mut Draw) -> Vec<LeadEvent> {
    let lead_id = id!(draw, LeadId);
    let (provider, reseller) = (id!(draw, PartnerId), id!(draw, PartnerId));
    let contact = LeadContact {
        first_name: draw.text("Kim"),
        last_name: draw.text("Abercrombie"),
        email: draw.text("kim@contoso.example"),
        phone_number: draw.option(|draw| draw.text("+1 425 555 0101")),
        note: draw.option(|draw| draw.text("Asked for mail at the fair.")),
    };
    vec![
        LeadReferred {
            lead_id,
            provider,
            reseller,
            company_name: draw.text("Contoso"),
            country: draw.option(|draw| draw.text("US")),
            contact: Personal::open(lead_id.into(), contact),
        }
        .into(),
        LeadAccepted { provider, reseller }.into(),
        LeadDeclined { provider, reseller }.into(),
        LeadWithdrawn { provider, reseller }.into(),
        LeadConverted { provider, reseller, customer_id: id!(draw, CustomerId) }.into(),
    ]
}
