//! What was sold, as sentences about it.

use events::{
    BillingCycle, CartEvent, CustomerId, CustomerUserId, FallbackCause, OrderEvent, Quantity,
    SubscriptionEvent, SupportContactEvent,
};
use maud::{Markup, html};

use super::Cast;
use crate::web::widgets;

pub(super) fn to_cart(customer: &Markup, event: &CartEvent) -> Markup {
    match event {
        CartEvent::CartOpened(event) => html! {
            "drafted an order of " (widgets::count(event.lines.len(), "line", "lines"))
            " for " (customer)
        },
        CartEvent::CartChanged(_) => html! { "changed the draft of an order for " (customer) },
        CartEvent::CartReviewed(_) => html! { "reviewed an order for " (customer) },
        CartEvent::CartCheckedOut(event) => html! {
            "ordered what was drafted for " (customer) " as "
            (widgets::count(event.order_ids.len(), "order", "orders"))
        },
        CartEvent::CartCancelled(_) => html! { "gave up an order for " (customer) },
        CartEvent::CartExpired(_) => html! { "closed a forgotten order for " (customer) },
    }
}

pub(super) fn to_order(customer: &Markup, event: &OrderEvent) -> Markup {
    match event {
        OrderEvent::OrderSubmitted(event) => html! {
            "submitted an order of " (widgets::count(event.lines.len(), "line", "lines"))
            " for " (customer)
        },
        OrderEvent::OrderExtended(event) => html! {
            "bought " (widgets::count(event.lines.len(), "add-on", "add-ons"))
            " to an order for " (customer)
        },
        OrderEvent::OrderRebilled(event) => html! {
            "had an order for " (customer) " billed " (billed(event.new))
            " instead of " (billed(event.old))
        },
    }
}

const fn billed(cycle: BillingCycle) -> &'static str {
    match cycle {
        BillingCycle::Monthly => "every month",
        BillingCycle::Annual => "every year",
        BillingCycle::OneTime => "once",
    }
}

pub(super) fn to_subscription(
    cast: &Cast<'_>,
    id: CustomerId,
    customer: &Markup,
    event: &SubscriptionEvent,
) -> Markup {
    let subscription = |of| html! { strong { (cast.subscription(id, of)) } };
    let users = |users: &[CustomerUserId]| widgets::count(users.len(), "licence", "licences");
    match event {
        SubscriptionEvent::SubscriptionCreated(event) => html! {
            "subscribed " (customer) " to " (widgets::count(licences(event.quantity), "licence", "licences"))
            " of " strong { (event.friendly_name) }
        },
        SubscriptionEvent::SubscriptionRenamed(event) => html! {
            "renamed a subscription of " (customer) " to " strong { (event.friendly_name) }
        },
        SubscriptionEvent::SubscriptionQuantityChanged(event) => html! {
            "changed " (subscription(event.subscription_id)) " of " (customer)
            " from " (event.old) " to " (widgets::count(licences(event.new), "licence", "licences"))
        },
        SubscriptionEvent::SubscriptionSuspended(event) => html! {
            "suspended " (subscription(event.subscription_id)) " of " (customer)
        },
        SubscriptionEvent::SubscriptionReactivated(event) => html! {
            "reactivated " (subscription(event.subscription_id)) " of " (customer)
        },
        SubscriptionEvent::SubscriptionUpgraded(event) => html! {
            "upgraded " (subscription(event.subscription_id)) " of " (customer) " to "
            strong { (event.terms.offer_name) }
            @if !event.moved.is_empty() { "; " (users(&event.moved)) " moved" }
            @if !event.released.is_empty() { "; " (users(&event.released)) " no longer needed" }
        },
        SubscriptionEvent::TrialConverted(event) => html! {
            "converted the trial " (subscription(event.subscription_id)) " of " (customer) " to "
            strong { (event.terms.offer_name) }
        },
        SubscriptionEvent::SubscriptionRenewalStopped(event) => html! {
            "let " (subscription(event.subscription_id)) " of " (customer) " end on "
            (widgets::time(event.ends_at))
        },
        SubscriptionEvent::SubscriptionRenewalResumed(event) => html! {
            "had " (subscription(event.subscription_id)) " of " (customer) " renewed again"
        },
        SubscriptionEvent::SubscriptionCancelled(event) => html! {
            "cancelled " (subscription(event.subscription_id)) " of " (customer)
            @if !event.released.is_empty() { "; " (users(&event.released)) " gone with it" }
        },
        SubscriptionEvent::ResellerOfRecordChanged(event) => html! {
            @match &event.new {
                Some(mpn_id) => { "put " strong { (cast.reseller(mpn_id)) } " on record for " }
                None => { "put nobody on record for " }
            }
            (subscription(event.subscription_id)) " of " (customer)
        },
    }
}

pub(super) fn to_support_contact(
    cast: &Cast<'_>,
    id: CustomerId,
    customer: &Markup,
    event: &SupportContactEvent,
) -> Markup {
    let subscription = |of| html! { strong { (cast.subscription(id, of)) } };
    match event {
        SupportContactEvent::SupportContactChanged(event) => html! {
            "made " strong { (cast.partner(event.new)) } " the support contact of "
            (subscription(event.subscription_id)) " of " (customer)
        },
        SupportContactEvent::SupportContactFellBack(event) => html! {
            "put the support contact of " (subscription(event.subscription_id)) " of " (customer)
            " back to " strong { (cast.partner(event.new)) } ": " (fallback(event.cause))
        },
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

fn licences(quantity: Quantity) -> usize {
    usize::try_from(quantity.get()).unwrap_or(usize::MAX)
}
