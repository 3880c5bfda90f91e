//! What was done to a lead, in words.

use events::LeadEvent;
use maud::{Markup, html};

use super::Cast;

pub(super) fn to_lead(cast: &Cast<'_>, event: &LeadEvent) -> Markup {
    let name = |id| cast.partner(id);
    match event {
        LeadEvent::LeadReferred(event) => html! {
            "referred " strong { (event.company_name) } " to " strong { (name(event.reseller)) }
        },
        LeadEvent::LeadAccepted(event) => {
            html! { "accepted a lead from " strong { (name(event.provider)) } }
        }
        LeadEvent::LeadDeclined(event) => {
            html! { "declined a lead from " strong { (name(event.provider)) } }
        }
        LeadEvent::LeadWithdrawn(event) => {
            html! { "withdrew a lead referred to " strong { (name(event.reseller)) } }
        }
        LeadEvent::LeadConverted(event) => html! {
            "turned a lead from " strong { (name(event.provider)) } " into customer "
            (cast.customer(event.customer_id))
        },
    }
}
