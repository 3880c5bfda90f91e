//! What happened, as a sentence about it: who did what to whom, in the words of the domain.

mod sales;

use commands::Catalogue;
use events::{
    Actor, AuditScope, CustomerEvent, CustomerId, CustomerUserId, DirectoryRole, Event,
    InstallationAccount, InstallationEvent, LeadEvent, LicenseFate, MailRoute, MpnId,
    NameClaimEvent, PartnerEvent, PartnerId, PartnerUserId, PartnershipEvent, Process,
    RecordedEvent, Role, ServiceRequestEvent, ServiceRequestId, ServiceRequestKind, SkuId,
    SubscriptionId, Timestamp,
};
use maud::{Markup, html};
use projections::ReadModel;

use super::{letter, names::Names, widgets};

/// Everything sentences need to know to speak of people and things by name.
pub(super) struct Cast<'a> {
    pub(super) model: &'a ReadModel,
    pub(super) catalogue: &'a Catalogue,
    pub(super) names: Names,
    /// The partner that reads: its own people are named, those of other partners are not.
    pub(super) own: PartnerId,
    /// Whether the reader may see customers.
    pub(super) sees_customers: bool,
}

impl Cast<'_> {
    /// Who did it.
    pub(super) fn actor(&self, actor: &Actor) -> String {
        match actor {
            Actor::PartnerUser { partner, user } if *partner == self.own => {
                self.names.partner_user(*user).to_owned()
            }
            Actor::PartnerUser { partner, .. } => format!("A user of {}", self.partner(*partner)),
            Actor::CustomerUser { .. } => "A user of the customer".to_owned(),
            Actor::Operator => "The operator".to_owned(),
            Actor::SupportOperator { .. } => "A support operator".to_owned(),
            Actor::Auditor { .. } => "An auditor".to_owned(),
            Actor::Visitor => "Somebody who had not signed in".to_owned(),
            Actor::System(process) => match process {
                Process::Purge => "The purge timer",
                Process::Watch => "partnerlog",
                Process::Mail => "The mail process",
                Process::Expiry => "The expiry timer",
                Process::SupportContacts => "The support contact process",
            }
            .to_owned(),
        }
    }

    fn partner(&self, id: PartnerId) -> &str {
        self.model.partners().get(id).map_or("another partner", |partner| partner.name.as_str())
    }

    fn reseller(&self, mpn_id: &MpnId) -> String {
        let partner = self.model.partners().by_mpn_id(mpn_id);
        partner.map_or_else(|| format!("MPN {mpn_id}"), |partner| partner.name.to_string())
    }

    fn customer(&self, id: CustomerId) -> Markup {
        let row = self.model.customers().get(id).filter(|_| self.sees_customers);
        match row {
            Some(row) if row.is_seen_by(self.own) => {
                html! { a href={ "/customers/" (id) } { (row.company_name) } }
            }
            Some(row) => html! { (row.company_name) },
            None => html! { "a customer" },
        }
    }

    fn user(&self, user: CustomerUserId) -> Markup {
        html! { strong { (self.names.customer_user(user)) } }
    }

    fn colleague(&self, user: PartnerUserId) -> Markup {
        html! { strong { (self.names.partner_user(user)) } }
    }

    fn product(&self, sku: SkuId) -> String {
        let listed = self.catalogue.sku(sku).map(|offer| &offer.sku_name);
        let name = listed.or_else(|| self.model.sold_offers().product(sku));
        name.map_or_else(|| "a product".to_owned(), ToString::to_string)
    }

    fn subscription(&self, customer: CustomerId, id: SubscriptionId) -> String {
        let row = self.model.subscriptions().get(customer, id);
        row.map_or_else(|| "a subscription".to_owned(), |row| row.friendly_name.to_string())
    }
}

/// What was done, as it follows who did it: *deleted user Bo Chen of Contoso*.
pub(super) fn deed(cast: &Cast<'_>, recorded: &RecordedEvent) -> Markup {
    match &recorded.event {
        Event::Partner(event) => to_partner(cast, event),
        Event::Partnership(event) => to_partnership(cast, event),
        Event::Customer(event) => {
            let customer = CustomerId::from_uuid(recorded.stream.id());
            to_customer(cast, customer, event)
        }
        Event::Lead(event) => to_lead(cast, event),
        Event::ServiceRequest(event) => to_request(cast, recorded, event),
        Event::NameClaim(NameClaimEvent::NameClaimed(_)) => html! { "claimed a unique name" },
        Event::NameClaim(NameClaimEvent::NameReleased(_)) => html! { "released a unique name" },
        Event::Installation(event) => to_installation(cast, event),
    }
}

fn to_partner(cast: &Cast<'_>, event: &PartnerEvent) -> Markup {
    let user = |id| cast.colleague(id);
    match event {
        PartnerEvent::PartnerRegistered(event) => html! {
            "registered " strong { (event.name) } " as " (event.kind.name().replace('_', " "))
        },
        PartnerEvent::PartnerUserAdded(event) => html! { "added user " (user(event.user_id)) },
        PartnerEvent::PartnerUserEdited(event) => {
            html! { "edited the profile of " (user(event.user_id)) }
        }
        PartnerEvent::PartnerUserPasswordReset(event) => {
            html! { "reset the password of " (user(event.user_id)) }
        }
        PartnerEvent::PartnerUserDeleted(event) => html! {
            "deleted user " (user(event.user_id)) ", restorable until "
            (widgets::minute(event.restorable_until))
        },
        PartnerEvent::PartnerUserRestored(event) => html! {
            "restored user " (user(event.user_id)) (with_roles(&event.roles))
            @for withheld in &event.withheld { "; not back: " (withheld.role) }
        },
        PartnerEvent::PartnerUserPurged(_) => html! { "purged a deleted user" },
        PartnerEvent::RoleAssigned(event) => {
            html! { "gave " (user(event.user_id)) " the role " strong { (event.role) } }
        }
        PartnerEvent::RoleReplaced(event) => html! {
            "replaced the role " (event.old) " of " (user(event.user_id)) " by " strong { (event.new) }
        },
        PartnerEvent::RoleRevoked(event) => {
            html! { "took the role " strong { (event.role) } " from " (user(event.user_id)) }
        }
        PartnerEvent::AccessTokenIssued(event) => html! {
            "made a token for " (user(event.user_id)) ", valid until " (widgets::minute(event.expires_at))
        },
        PartnerEvent::AccessTokenRevoked(event) => {
            html! { "revoked a token of " (user(event.user_id)) }
        }
        PartnerEvent::PartnerUserSignedIn(_) => html! { "signed in" },
        PartnerEvent::PartnerUserSignedOut(_) => html! { "signed out" },
        PartnerEvent::PartnerUserSignInFailed(event) => html! {
            "gave a wrong password for " (user(event.user_id))
            (locked(event.failures, event.locked_until))
        },
        PartnerEvent::PartnerUserPasswordChanged(_) => html! { "chose a new password" },
        PartnerEvent::UserElevated(event) => html! {
            "elevated " (user(event.user_id)) " to global admin, as service request "
            (event.request_id) " asked"
        },
        PartnerEvent::PartnerProfileEdited(event) => {
            html! { "edited the " (event.kind.title().to_lowercase()) }
        }
        PartnerEvent::PublicProfileChanged(event) => html! {
            "changed the public profile to " strong { (event.profile.name) } ", as service request "
            (event.request_id) " asked"
        },
    }
}

fn to_request(cast: &Cast<'_>, recorded: &RecordedEvent, event: &ServiceRequestEvent) -> Markup {
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

fn to_installation(cast: &Cast<'_>, event: &InstallationEvent) -> Markup {
    match event {
        InstallationEvent::DamageHealed(event) => html! {
            "healed " strong { (event.part.title()) }
            @if let Some(range) = event.positions {
                " at positions " (range.from) " to before " (range.until)
            }
            ": " (event.finding)
        },
        InstallationEvent::AccessRefused(event) => html! {
            "refused " strong { (event.request) } " to " (cast.actor(&event.caller)) ": "
            (event.code.as_str().replace('_', " "))
            @if let Some(permission) = &event.permission { ", needs " code { (permission) } }
            @if event.suppressed > 0 { "; " (event.suppressed) " more since the last one recorded" }
        },
        InstallationEvent::OperatorAdded(_)
        | InstallationEvent::OperatorRemoved(_)
        | InstallationEvent::AuditorAdmitted(_)
        | InstallationEvent::AuditorDismissed(_)
        | InstallationEvent::AccountPasswordReset(_)
        | InstallationEvent::AccountSignedIn(_)
        | InstallationEvent::AccountSignedOut(_)
        | InstallationEvent::AccountSignInFailed(_)
        | InstallationEvent::AccountPasswordChanged(_)
        | InstallationEvent::AccountTokenIssued(_)
        | InstallationEvent::AccountTokenRevoked(_) => to_person(cast, event),
    }
}

/// What a failure to sign in led to.
fn locked(failures: u32, locked_until: Option<Timestamp>) -> Markup {
    html! {
        ", " (failures) " in a row"
        @if let Some(until) = locked_until { "; the account is locked until " (widgets::minute(until)) }
    }
}

fn to_person(cast: &Cast<'_>, event: &InstallationEvent) -> Markup {
    let who = |account: InstallationAccount| match account {
        InstallationAccount::Operator(_) => "a support operator",
        InstallationAccount::Auditor(_) => "an auditor",
    };
    match event {
        InstallationEvent::OperatorAdded(_) => html! { "added a support operator" },
        InstallationEvent::OperatorRemoved(_) => html! { "removed a support operator" },
        InstallationEvent::AuditorAdmitted(event) => html! {
            "admitted an auditor of "
            @match event.scope {
                AuditScope::Installation => { "the installation" }
                AuditScope::Partner(partner) => { (cast.partner(partner)) }
            }
            " until " (widgets::minute(event.until))
        },
        InstallationEvent::AuditorDismissed(_) => html! { "dismissed an auditor" },
        InstallationEvent::AccountPasswordReset(event) => {
            html! { "reset the password of " (who(event.account)) }
        }
        InstallationEvent::AccountSignedIn(_) => html! { "signed in" },
        InstallationEvent::AccountSignedOut(_) => html! { "signed out" },
        InstallationEvent::AccountSignInFailed(event) => html! {
            "gave a wrong password for " (who(event.account))
            (locked(event.failures, event.locked_until))
        },
        InstallationEvent::AccountPasswordChanged(_) => html! { "chose a new password" },
        InstallationEvent::AccountTokenIssued(event) => html! {
            "made a token for " (who(event.account)) ", valid until " (widgets::minute(event.expires_at))
        },
        InstallationEvent::AccountTokenRevoked(event) => {
            html! { "revoked a token of " (who(event.account)) }
        }
        InstallationEvent::DamageHealed(_) | InstallationEvent::AccessRefused(_) => html! {},
    }
}

fn with_roles(roles: &[Role]) -> String {
    let titles: Vec<_> = roles.iter().map(|role| role.title()).collect();
    if titles.is_empty() { String::new() } else { format!(" as {}", titles.join(", ")) }
}

fn to_partnership(cast: &Cast<'_>, event: &PartnershipEvent) -> Markup {
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

fn to_lead(cast: &Cast<'_>, event: &LeadEvent) -> Markup {
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

fn to_customer(cast: &Cast<'_>, id: CustomerId, event: &CustomerEvent) -> Markup {
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
fn to_things_of(cast: &Cast<'_>, customer: &Markup, event: &CustomerEvent) -> Markup {
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

fn to_customer_user(cast: &Cast<'_>, customer: &Markup, event: &CustomerEvent) -> Markup {
    let user = |id| cast.user(id);
    match event {
        CustomerEvent::CustomerUserCreated(event) => {
            html! { "created user " (user(event.user_id)) " of " (customer) }
        }
        CustomerEvent::CustomerUserEdited(event) => {
            html! { "edited the profile of " (user(event.user_id)) " of " (customer) }
        }
        CustomerEvent::CustomerUserPasswordReset(event) => {
            html! { "reset the password of " (user(event.user_id)) " of " (customer) }
        }
        CustomerEvent::CustomerUserDeleted(event) => html! {
            "deleted user " (user(event.user_id)) " of " (customer)
            @if !event.licenses_returned.is_empty() {
                "; " (widgets::count(event.licenses_returned.len(), "licence", "licences")) " returned"
            }
        },
        CustomerEvent::CustomerUserRestored(event) => html! {
            "restored user " (user(event.user_id)) " of " (customer)
            @for license in &event.licenses {
                "; " (cast.product(license.sku_id)) " " (fate(license.fate))
            }
        },
        CustomerEvent::CustomerUserPurged(_) => html! { "purged a deleted user of " (customer) },
        CustomerEvent::LicenseAssigned(event) => html! {
            "assigned " strong { (cast.product(event.sku_id)) } " to " (user(event.user_id)) " of " (customer)
        },
        CustomerEvent::LicenseRevoked(event) => html! {
            "revoked " strong { (cast.product(event.sku_id)) } " from " (user(event.user_id)) " of " (customer)
        },
        CustomerEvent::DirectoryRoleGranted(event) => html! {
            "made " (user(event.user_id)) " " strong { (DirectoryRole::title(event.role)) } " of " (customer)
        },
        CustomerEvent::DirectoryRoleRevoked(event) => html! {
            "took the role " strong { (DirectoryRole::title(event.role)) } " from "
            (user(event.user_id)) " of " (customer)
        },
        CustomerEvent::CustomerUserSignedIn(_) => html! { "signed in to " (customer) },
        CustomerEvent::CustomerUserSignedOut(_) => html! { "signed out of " (customer) },
        CustomerEvent::CustomerUserSignInFailed(event) => html! {
            "gave a wrong password for " (user(event.user_id)) " of " (customer)
            (locked(event.failures, event.locked_until))
        },
        CustomerEvent::CustomerUserPasswordChanged(event) => {
            html! { "chose a new password: " (user(event.user_id)) " of " (customer) }
        }
        CustomerEvent::CustomerUserTokenIssued(event) => html! {
            "made a token for " (user(event.user_id)) " of " (customer)
            ", valid until " (widgets::minute(event.expires_at))
        },
        CustomerEvent::CustomerUserTokenRevoked(event) => {
            html! { "revoked a token of " (user(event.user_id)) " of " (customer) }
        }
        _ => html! { "changed " (customer) },
    }
}

const fn fate(fate: LicenseFate) -> &'static str {
    match fate {
        LicenseFate::Restored => "restored",
        LicenseFate::NoSeat => "not back, no seat free",
        LicenseFate::SubscriptionGone => "not back, subscription gone",
    }
}

/// The name of an event type in words: `CustomerUserDeleted` is *Customer user deleted*.
pub(super) fn type_in_words(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    for character in name.chars() {
        if character.is_uppercase() && !words.is_empty() {
            words.push(' ');
            words.extend(character.to_lowercase());
        } else {
            words.push(character);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use commands::Catalogue;
    use events::{
        CustomerUserDeleted, CustomerUserRestored, LicenseOutcome, RoleCategory, RoleReplaced,
        Timestamp,
    };
    use uuid::Uuid;

    use super::*;
    use crate::sample::sample_catalogue;

    const BO: CustomerUserId = CustomerUserId::from_uuid(Uuid::from_u128(2));
    const ANA: PartnerUserId = PartnerUserId::from_uuid(Uuid::from_u128(3));
    const OWN: PartnerId = PartnerId::from_uuid(Uuid::from_u128(4));

    fn cast<'a>(model: &'a ReadModel, catalogue: &'a Catalogue) -> Cast<'a> {
        let names = Names::given(&[(BO, "Bo <Chen>")], &[(ANA, "Ana Lima")]);
        Cast { model, catalogue, names, own: OWN, sees_customers: true }
    }

    fn plain(markup: &Markup) -> String {
        let mut text = String::new();
        let mut in_tag = false;
        for character in markup.0.chars() {
            match character {
                '<' => in_tag = true,
                '>' => in_tag = false,
                other if !in_tag => text.push(other),
                _ => {}
            }
        }
        text
    }

    fn deed_of(event: &Event) -> String {
        let (model, catalogue) = (ReadModel::new(), sample_catalogue());
        let cast = cast(&model, &catalogue);
        let shown = match event {
            Event::Customer(event) => {
                to_customer(&cast, CustomerId::from_uuid(Uuid::from_u128(1)), event)
            }
            Event::Partner(event) => to_partner(&cast, event),
            Event::Partnership(event) => to_partnership(&cast, event),
            Event::Installation(event) => to_installation(&cast, event),
            Event::Lead(event) => to_lead(&cast, event),
            Event::NameClaim(_) | Event::ServiceRequest(_) => html! {},
        };
        plain(&shown)
    }

    #[test]
    fn a_deletion_names_the_user_and_what_went_back() {
        let sku = sample_catalogue().offers()[0].sku_id;
        let event = CustomerUserDeleted {
            user_id: BO,
            licenses_returned: vec![sku, sku],
            restorable_until: Timestamp::EPOCH,
        };
        let text = deed_of(&event.into());
        assert_eq!(text, "deleted user Bo &lt;Chen&gt; of a customer; 2 licences returned");
    }

    #[test]
    fn a_restore_names_the_fate_of_each_licence() {
        let sku_id = sample_catalogue().offers()[0].sku_id;
        let licenses = vec![LicenseOutcome { sku_id, fate: LicenseFate::NoSeat }];
        let text = deed_of(&CustomerUserRestored { user_id: BO, licenses }.into());
        assert!(text.ends_with("; Office 365 Business Premium not back, no seat free"), "{text}");
    }

    #[test]
    fn a_replaced_role_names_old_and_new() {
        let event = RoleReplaced {
            user_id: ANA,
            category: RoleCategory::Agent,
            old: Role::SalesAgent,
            new: Role::AdminAgent,
        };
        assert_eq!(
            deed_of(&event.into()),
            "replaced the role Sales agent of Ana Lima by Admin agent"
        );
    }

    #[test]
    fn a_refusal_names_who_was_refused_what_and_how_often() {
        let event = events::AccessRefused {
            caller: Actor::PartnerUser { partner: OWN, user: ANA },
            code: "forbidden".parse().unwrap(),
            permission: Some("customers.create".parse().unwrap()),
            request: "CreateCustomer".parse().unwrap(),
            target: None,
            refused_at: Timestamp::EPOCH,
            suppressed: 2,
        };
        let expected = "refused CreateCustomer to Ana Lima: forbidden, needs customers.create; \
                        2 more since the last one recorded";
        assert_eq!(deed_of(&event.into()), expected);
    }

    #[test]
    fn people_of_other_partners_are_not_named() {
        let (model, catalogue) = (ReadModel::new(), sample_catalogue());
        let cast = cast(&model, &catalogue);
        let other = PartnerId::from_uuid(Uuid::from_u128(9));
        let own = Actor::PartnerUser { partner: OWN, user: ANA };
        assert_eq!(cast.actor(&own), "Ana Lima");
        let foreign = Actor::PartnerUser { partner: other, user: ANA };
        assert_eq!(cast.actor(&foreign), "A user of another partner");
    }

    #[test]
    fn a_type_name_becomes_words() {
        assert_eq!(type_in_words("CustomerUserDeleted"), "Customer user deleted");
    }
}
