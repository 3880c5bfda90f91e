//! What was done to a customer, its bonds, devices and agreements, in words.

use events::{
    AgreementEvent, CustomerAccountEvent, CustomerEvent, CustomerId, DeviceEvent, MailRoute,
    RelationshipEvent, RelationshipRequestEvent,
};
use maud::{Markup, html};

use super::{
    Cast,
    customer_user::{to_directory_role, to_license, to_sign_in, to_user},
    sales::{to_cart, to_order, to_subscription, to_support_contact},
};
use crate::web::{letter, widgets};

pub(super) fn to_customer(cast: &Cast<'_>, id: CustomerId, event: &CustomerEvent) -> Markup {
    let customer = &cast.customer(id);
    match event {
        CustomerEvent::Account(event) => to_account(customer, event),
        CustomerEvent::Relationship(event) => to_relationship(cast, customer, event),
        CustomerEvent::Request(event) => to_request(cast, customer, event),
        CustomerEvent::Cart(event) => to_cart(customer, event),
        CustomerEvent::Order(event) => to_order(customer, event),
        CustomerEvent::Subscription(event) => to_subscription(cast, id, customer, event),
        CustomerEvent::SupportContact(event) => to_support_contact(cast, id, customer, event),
        CustomerEvent::User(event) => to_user(cast, customer, event),
        CustomerEvent::License(event) => to_license(cast, customer, event),
        CustomerEvent::DirectoryRole(event) => to_directory_role(cast, customer, event),
        CustomerEvent::SignIn(event) => to_sign_in(cast, customer, event),
        CustomerEvent::Device(event) => to_device(customer, event),
        CustomerEvent::Agreement(AgreementEvent::CustomerAgreementConfirmed(event)) => html! {
            "confirmed that " (customer) " accepted the " (event.kind.title())
        },
    }
}

fn to_account(customer: &Markup, event: &CustomerAccountEvent) -> Markup {
    match event {
        CustomerAccountEvent::CustomerCreated(_) => html! { "created customer " (customer) },
        CustomerAccountEvent::CustomerDetailsEdited(_) => {
            html! { "edited the details of " (customer) }
        }
        CustomerAccountEvent::CustomerDomainAdded(event) => {
            html! { "gave " (customer) " the domain " (event.domain) }
        }
        CustomerAccountEvent::CustomerQualified(event) => {
            html! { "declared " (customer) " to be of the kind " (event.qualification.title()) }
        }
    }
}

fn to_relationship(cast: &Cast<'_>, customer: &Markup, event: &RelationshipEvent) -> Markup {
    let name = |id| html! { strong { (cast.partner(id)) } };
    match event {
        RelationshipEvent::RelationshipEstablished(event) => html! {
            "established the relationship of " (cast.partner(event.partner_id)) " with " (customer)
        },
        RelationshipEvent::RelationshipEnded(event) => html! {
            "ended the relationship of " (cast.partner(event.partner_id)) " with " (customer)
        },
        RelationshipEvent::ResellerAssociated(event) => html! {
            "associated reseller " (name(event.reseller)) " with " (customer)
        },
        RelationshipEvent::ResellerRemoved(event) => html! {
            "removed reseller " (name(event.reseller)) " from " (customer)
        },
        RelationshipEvent::DelegatedAdminGranted(event) => html! {
            "granted " (name(event.partner_id)) " delegated admin privileges for " (customer)
        },
        RelationshipEvent::DelegatedAdminEnded(event) => html! {
            "ended the delegated admin privileges of " (name(event.partner_id)) " for " (customer)
        },
        RelationshipEvent::OwnPurchasesPermitted(event) => html! {
            "permitted " (customer) " to buy for itself from " (name(event.partner_id))
        },
        RelationshipEvent::OwnPurchasesForbidden(event) => html! {
            "forbade " (customer) " to buy for itself from " (name(event.partner_id))
        },
    }
}

fn to_request(cast: &Cast<'_>, customer: &Markup, event: &RelationshipRequestEvent) -> Markup {
    let name = |id| html! { strong { (cast.partner(id)) } };
    match event {
        RelationshipRequestEvent::RelationshipRequested(event) => html! {
            "asked " @if event.addressed_to.is_some() { (customer) } @else { "a company" }
            " for a relationship with " (name(event.partner_id))
            @if event.delegated_admin { ", with delegated admin privileges" }
        },
        RelationshipRequestEvent::RelationshipDraftEdited(_) => {
            html! { "edited the e-mail of a request for a relationship" }
        }
        RelationshipRequestEvent::RelationshipLetterSendRequested(_) => {
            html! { "asked to send the e-mail of a request for a relationship" }
        }
        RelationshipRequestEvent::RelationshipLetterSent(event) => html! {
            @match event.route {
                MailRoute::Smtp => "sent the e-mail of a request for a relationship",
                MailRoute::File => "wrote the e-mail of a request for a relationship to a file",
            }
        },
        RelationshipRequestEvent::RelationshipLetterSendFailed(event) => html! {
            "could not send the e-mail of a request for a relationship: "
            (letter::failure(event.reason))
            @if event.retry_at.is_none() { "; it was given up" }
        },
        RelationshipRequestEvent::RelationshipRequestAccepted(event) => html! {
            "accepted the request of " (name(event.partner_id)) " for a relationship"
        },
        RelationshipRequestEvent::RelationshipRequestDeclined(event) => html! {
            "declined the request of " (name(event.partner_id)) " for a relationship"
        },
        RelationshipRequestEvent::RelationshipRequestWithdrawn(_) => {
            html! { "withdrew a request for a relationship" }
        }
        RelationshipRequestEvent::RelationshipRequestExpired(_) => {
            html! { "noted that a request for a relationship has expired" }
        }
    }
}

fn to_device(customer: &Markup, event: &DeviceEvent) -> Markup {
    match event {
        DeviceEvent::DeviceBatchCreated(event) => html! {
            "registered " (widgets::count(event.devices.len(), "device", "devices")) " of " (customer)
            " as " strong { (event.name) }
        },
        DeviceEvent::DevicesAdded(event) => html! {
            "registered " (widgets::count(event.devices.len(), "more device", "more devices"))
            " of " (customer)
        },
        DeviceEvent::DeviceRemoved(_) => html! { "removed a device of " (customer) },
        DeviceEvent::DeviceProfileCreated(event) => html! {
            "created device profile " strong { (event.name) } " for " (customer)
        },
        DeviceEvent::DeviceProfileChanged(event) => html! {
            "changed device profile " strong { (event.name) } " of " (customer)
        },
        DeviceEvent::DeviceProfileDeleted(_) => {
            html! { "deleted a device profile of " (customer) }
        }
        DeviceEvent::DeviceProfileApplied(event) => html! {
            "applied a profile to " (widgets::count(event.device_ids.len(), "device", "devices"))
            " of " (customer)
        },
        DeviceEvent::DeviceProfileWithdrawn(event) => html! {
            "took the profile from " (widgets::count(event.device_ids.len(), "device", "devices"))
            " of " (customer)
        },
    }
}
