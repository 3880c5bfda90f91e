//! What was sold, as sentences about it.

use events::{CustomerEvent, CustomerId, CustomerUserId, FallbackCause};
use maud::{Markup, html};

use super::{Cast, customer::to_things_of};
use crate::web::widgets;

/// Carts, upgrades, cancellations, and who stands behind a subscription.
pub(super) fn deed(
    cast: &Cast<'_>,
    id: CustomerId,
    customer: &Markup,
    event: &CustomerEvent,
) -> Markup {
    let subscription = |of| html! { strong { (cast.subscription(id, of)) } };
    let users = |users: &[CustomerUserId]| widgets::count(users.len(), "licence", "licences");
    match event {
        CustomerEvent::CartOpened(event) => html! {
            "drafted an order of " (widgets::count(event.lines.len(), "line", "lines"))
            " for " (customer)
        },
        CustomerEvent::CartChanged(_) => html! { "changed the draft of an order for " (customer) },
        CustomerEvent::CartReviewed(_) => html! { "reviewed an order for " (customer) },
        CustomerEvent::CartCheckedOut(event) => html! {
            "ordered what was drafted for " (customer) " as "
            (widgets::count(event.order_ids.len(), "order", "orders"))
        },
        CustomerEvent::CartCancelled(_) => html! { "gave up an order for " (customer) },
        CustomerEvent::CartExpired(_) => html! { "closed a forgotten order for " (customer) },
        CustomerEvent::SubscriptionUpgraded(event) => html! {
            "upgraded " (subscription(event.subscription_id)) " of " (customer) " to "
            strong { (event.terms.offer_name) }
            @if !event.moved.is_empty() { "; " (users(&event.moved)) " moved" }
            @if !event.released.is_empty() { "; " (users(&event.released)) " no longer needed" }
        },
        CustomerEvent::SubscriptionCancelled(event) => html! {
            "cancelled " (subscription(event.subscription_id)) " of " (customer)
            @if !event.released.is_empty() { "; " (users(&event.released)) " gone with it" }
        },
        CustomerEvent::ResellerOfRecordChanged(event) => html! {
            @match &event.new {
                Some(mpn_id) => { "put " strong { (cast.reseller(mpn_id)) } " on record for " }
                None => { "put nobody on record for " }
            }
            (subscription(event.subscription_id)) " of " (customer)
        },
        CustomerEvent::SupportContactChanged(event) => html! {
            "made " strong { (cast.partner(event.new)) } " the support contact of "
            (subscription(event.subscription_id)) " of " (customer)
        },
        CustomerEvent::SupportContactFellBack(event) => html! {
            "put the support contact of " (subscription(event.subscription_id)) " of " (customer)
            " back to " strong { (cast.partner(event.new)) } ": " (fallback(event.cause))
        },
        other => to_things_of(cast, customer, other),
    }
}

const fn fallback(cause: FallbackCause) -> &'static str {
    match cause {
        FallbackCause::PartnershipEnded => "the partnership ended",
        FallbackCause::ResellerRemoved => "the reseller was removed",
        FallbackCause::PrivilegesEnded => "the administration rights ended",
        FallbackCause::RelationshipEnded => "the relationship ended",
    }
}
