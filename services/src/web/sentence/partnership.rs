//! What was done to a partnership and its letter, in words.

use events::{MailRoute, PartnershipEvent};
use maud::{Markup, html};

use super::Cast;
use crate::web::letter;

pub(super) fn to_partnership(cast: &Cast<'_>, event: &PartnershipEvent) -> Markup {
    let name = |id| cast.partner(id);
    match event {
        PartnershipEvent::PartnershipRequested(event) => {
            html! { "requested a partnership for " strong { (name(event.provider)) } }
        }
        PartnershipEvent::PartnershipAccepted(event) => html! {
            "accepted the partnership of " strong { (name(event.reseller)) } " with "
            strong { (name(event.provider)) }
        },
        PartnershipEvent::PartnershipDeclined(event) => html! {
            "declined the partnership with " strong { (name(event.provider)) } " for "
            strong { (name(event.reseller)) }
        },
        PartnershipEvent::PartnershipWithdrawn(_) => {
            html! { "withdrew a request for a partnership" }
        }
        PartnershipEvent::PartnershipEnded(event) => html! {
            "ended the partnership of " strong { (name(event.provider)) } " and "
            strong { (name(event.reseller)) }
        },
        PartnershipEvent::InvitationEdited(_) => {
            html! { "edited the e-mail of a request for a partnership" }
        }
        PartnershipEvent::InvitationSendRequested(_) => {
            html! { "asked to send the e-mail of a request for a partnership" }
        }
        PartnershipEvent::InvitationSent(event) => html! {
            @match event.route {
                MailRoute::Smtp => "sent the e-mail of a request for a partnership",
                MailRoute::File => "wrote the e-mail of a request for a partnership to a file",
            }
        },
        PartnershipEvent::InvitationSendFailed(event) => html! {
            "could not send the e-mail of a request for a partnership: "
            (letter::failure(event.reason))
            @if event.retry_at.is_none() { "; it was given up" }
        },
        PartnershipEvent::InvitationExpired(_) => {
            html! { "recorded that nobody answered a request for a partnership in time" }
        }
    }
}
