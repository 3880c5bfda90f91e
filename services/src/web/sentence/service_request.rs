//! What was done to a service request, in words.

use events::{RecordedEvent, ServiceRequestEvent, ServiceRequestId, ServiceRequestKind};
use maud::{Markup, html};

use super::Cast;

pub(super) fn to_request(
    cast: &Cast<'_>,
    recorded: &RecordedEvent,
    event: &ServiceRequestEvent,
) -> Markup {
    let id = ServiceRequestId::from_uuid(recorded.stream.id());
    let number = id.map(|id| id.to_string()).unwrap_or_default();
    let request = html! {
        "service request " a href={ "/requests/" (number) } { (number) }
    };
    match event {
        ServiceRequestEvent::ServiceRequestLogged(event) => html! {
            "logged " (request) ": " (event.kind.title())
            @match event.kind {
                ServiceRequestKind::Elevation { user_id } => { " of " (cast.colleague(user_id)) }
                ServiceRequestKind::CustomerSupport { customer_id, .. } => {
                    ", " (cast.customer(customer_id))
                }
                ServiceRequestKind::PartnerSupport
                | ServiceRequestKind::PublicProfileChange { .. } => {}
            }
        },
        ServiceRequestEvent::ServiceRequestNoted(_) => html! { "added a note to " (request) },
        ServiceRequestEvent::ServiceRequestStatusChanged(event) => html! {
            "took " (request) " from " (event.old.title()) " to " strong { (event.new.title()) }
        },
        ServiceRequestEvent::ServiceRequestSeverityChanged(event) => html! {
            "changed the severity of " (request) " from " (event.old.title()) " to "
            strong { (event.new.title()) }
        },
        ServiceRequestEvent::ServiceRequestDeclined(_) => html! { "declined " (request) },
        ServiceRequestEvent::ElevationVerified(event) => html! {
            "verified " (cast.colleague(event.user_id)) " for elevation by " (request)
        },
    }
}
