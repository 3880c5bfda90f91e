//! What was done to a customer, its bonds, devices and agreements, in words.

use events::{CustomerEvent, CustomerId};
use maud::{Markup, html};

use super::{Cast, customer_user::to_customer_user, sales};
use crate::web::widgets;

pub(super) fn to_customer(cast: &Cast<'_>, id: CustomerId, event: &CustomerEvent) -> Markup {
    let customer = cast.customer(id);
    match event {
        CustomerEvent::CustomerCreated(_) => html! { "created customer " (customer) },
        CustomerEvent::CustomerDetailsEdited(_) => html! { "edited the details of " (customer) },
        CustomerEvent::RelationshipEstablished(event) => html! {
            "established the relationship of " (cast.partner(event.partner_id)) " with " (customer)
        },
        CustomerEvent::RelationshipEnded(event) => html! {
            "ended the relationship of " (cast.partner(event.partner_id)) " with " (customer)
        },
        request @ (CustomerEvent::RelationshipRequested(_)
        | CustomerEvent::RelationshipDraftEdited(_)
        | CustomerEvent::RelationshipRequestAccepted(_)
        | CustomerEvent::RelationshipRequestDeclined(_)
        | CustomerEvent::RelationshipRequestWithdrawn(_)
        | CustomerEvent::RelationshipRequestExpired(_)
        | CustomerEvent::DelegatedAdminGranted(_)
        | CustomerEvent::DelegatedAdminEnded(_)
        | CustomerEvent::OwnPurchasesPermitted(_)
        | CustomerEvent::OwnPurchasesForbidden(_)) => to_bond(cast, &customer, request),
        CustomerEvent::ResellerAssociated(event) => html! {
            "associated reseller " strong { (cast.partner(event.reseller)) } " with " (customer)
        },
        CustomerEvent::ResellerRemoved(event) => html! {
            "removed reseller " strong { (cast.partner(event.reseller)) } " from " (customer)
        },
        CustomerEvent::OrderSubmitted(event) => html! {
            "submitted an order of " (widgets::count(event.lines.len(), "line", "lines"))
            " for " (customer)
        },
        CustomerEvent::SubscriptionCreated(event) => html! {
            "subscribed " (customer) " to " (widgets::count(licences(event.quantity), "licence", "licences"))
            " of " strong { (event.friendly_name) }
        },
        CustomerEvent::SubscriptionRenamed(event) => html! {
            "renamed a subscription of " (customer) " to " strong { (event.friendly_name) }
        },
        CustomerEvent::SubscriptionQuantityChanged(event) => html! {
            "changed " strong { (cast.subscription(id, event.subscription_id)) } " of " (customer)
            " from " (event.old) " to " (widgets::count(licences(event.new), "licence", "licences"))
        },
        CustomerEvent::SubscriptionSuspended(event) => html! {
            "suspended " strong { (cast.subscription(id, event.subscription_id)) } " of " (customer)
        },
        CustomerEvent::SubscriptionReactivated(event) => html! {
            "reactivated " strong { (cast.subscription(id, event.subscription_id)) } " of " (customer)
        },
        other => sales::deed(cast, id, &customer, other),
    }
}

/// What happened to the bond of a partner and a customer on request.
fn to_bond(cast: &Cast<'_>, customer: &Markup, event: &CustomerEvent) -> Markup {
    let name = |id| html! { strong { (cast.partner(id)) } };
    match event {
        CustomerEvent::RelationshipRequested(event) => html! {
            "asked " @if event.addressed_to.is_some() { (customer) } @else { "a company" }
            " for a relationship with " (name(event.partner_id))
            @if event.delegated_admin { ", with delegated admin privileges" }
        },
        CustomerEvent::RelationshipDraftEdited(_) => {
            html! { "edited the e-mail of a request for a relationship" }
        }
        CustomerEvent::RelationshipRequestAccepted(event) => html! {
            "accepted the request of " (name(event.partner_id)) " for a relationship"
        },
        CustomerEvent::RelationshipRequestDeclined(event) => html! {
            "declined the request of " (name(event.partner_id)) " for a relationship"
        },
        CustomerEvent::RelationshipRequestWithdrawn(_) => {
            html! { "withdrew a request for a relationship" }
        }
        CustomerEvent::RelationshipRequestExpired(_) => {
            html! { "noted that a request for a relationship has expired" }
        }
        CustomerEvent::DelegatedAdminGranted(event) => html! {
            "granted " (name(event.partner_id)) " delegated admin privileges for " (customer)
        },
        CustomerEvent::DelegatedAdminEnded(event) => html! {
            "ended the delegated admin privileges of " (name(event.partner_id)) " for " (customer)
        },
        CustomerEvent::OwnPurchasesPermitted(event) => html! {
            "permitted " (customer) " to buy for itself from " (name(event.partner_id))
        },
        CustomerEvent::OwnPurchasesForbidden(event) => html! {
            "forbade " (customer) " to buy for itself from " (name(event.partner_id))
        },
        _ => html! { "changed " (customer) },
    }
}

/// What was done to the devices and agreements of a customer.
pub(super) fn to_things_of(cast: &Cast<'_>, customer: &Markup, event: &CustomerEvent) -> Markup {
    match event {
        CustomerEvent::DeviceBatchCreated(event) => html! {
            "registered " (widgets::count(event.devices.len(), "device", "devices")) " of " (customer)
            " as " strong { (event.name) }
        },
        CustomerEvent::DevicesAdded(event) => html! {
            "registered " (widgets::count(event.devices.len(), "more device", "more devices"))
            " of " (customer)
        },
        CustomerEvent::DeviceRemoved(_) => html! { "removed a device of " (customer) },
        CustomerEvent::DeviceProfileCreated(event) => html! {
            "created device profile " strong { (event.name) } " for " (customer)
        },
        CustomerEvent::DeviceProfileChanged(event) => html! {
            "changed device profile " strong { (event.name) } " of " (customer)
        },
        CustomerEvent::DeviceProfileDeleted(_) => {
            html! { "deleted a device profile of " (customer) }
        }
        CustomerEvent::DeviceProfileApplied(event) => html! {
            "applied a profile to " (widgets::count(event.device_ids.len(), "device", "devices"))
            " of " (customer)
        },
        CustomerEvent::DeviceProfileWithdrawn(event) => html! {
            "took the profile from " (widgets::count(event.device_ids.len(), "device", "devices"))
            " of " (customer)
        },
        CustomerEvent::CustomerAgreementConfirmed(event) => html! {
            "confirmed that " (customer) " accepted the " (event.kind.title())
        },
        user_event => to_customer_user(cast, customer, user_event),
    }
}

fn licences(quantity: events::Quantity) -> usize {
    usize::try_from(quantity.get()).unwrap_or(usize::MAX)
}
