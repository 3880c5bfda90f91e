//! What of a recorded event may a partner's user see, in every list and on every page?
//!
//! Rights are those of now, also for what happened when they were others: the people of a customer
//! that is one's own no longer are not opened any more. Why something was done, by which rule and
//! from where, stays with the side that did it.

use std::sync::Arc;

use commands::{
    APPLICATION_PERMISSIONS, AUDITOR_PERMISSIONS, Permission, allows, permission_to_view,
    permission_to_view_profile,
};
use events::{
    Actor, AgreementEvent, CustomerEvent, CustomerId, Event, LeadEvent, NetworkEvent, PartnerEvent,
    PartnerId, PartnerProfileEvent, PartnerUserId, PartnershipEvent, Personal, PersonalData,
    PersonalVisitor, RecordedEvent, RelationshipDraftEdited, RelationshipRequestEvent,
    RelationshipRequested, Role, ServiceRequestEvent, ServiceRequestId, WebhookEvent,
};
use projections::ReadModel;
use serde_json::{Value, json};

use super::{Application, CommandError, Principal, event_people::people};
use crate::vault::ShownEvent;

/// What stays with the side that did something.
const CIRCUMSTANCES: [&str; 5] = ["rule", "reason", "ticket", "approvedBy", "origin"];
/// Fields of events that only this program has a use for: keyed hashes of names, and where the hash
/// of a password is kept.
const INTERNAL_FIELDS: [&str; 3] = ["userName", "signInName", "credentialId"];
/// What tells a repeat of a request, which is of use here only.
const INTERNAL_METADATA: &str = "requestDigest";
/// The member that stands for personal data which the reader may not see.
pub(crate) const WITHHELD: &str = "$withheld";

/// What one reader may see of events.
pub(crate) struct Disclosure {
    partner: PartnerId,
    permissions: Vec<Permission>,
    now: Arc<ReadModel>,
}

impl Application {
    /// The roles a partner user holds now, by the partner's own stream.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub(crate) async fn roles_of(
        &self,
        partner: PartnerId,
        user: PartnerUserId,
    ) -> Result<Vec<Role>, CommandError> {
        let state = self.aggregates.load::<commands::Partner>(partner.into()).await?.state;
        Ok(state.active_user(user).map_or_else(Vec::new, |user| user.roles().collect()))
    }

    /// What somebody with these permissions at the partner may see of events now.
    pub(crate) fn disclosure(
        &self,
        partner: PartnerId,
        permissions: Vec<Permission>,
    ) -> Disclosure {
        Disclosure { partner, permissions, now: self.models.current() }
    }

    /// What the principal is allowed at a partner now.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub(crate) async fn permissions_of(
        &self,
        principal: Principal,
    ) -> Result<Vec<Permission>, CommandError> {
        match principal {
            Principal::PartnerUser { partner, user } => {
                Ok(permissions_with(&self.roles_of(partner, user).await?))
            }
            Principal::Application { .. } => Ok(APPLICATION_PERMISSIONS.to_vec()),
            Principal::Auditor { .. } => Ok(AUDITOR_PERMISSIONS.to_vec()),
            Principal::CustomerUser { .. }
            | Principal::SupportOperator { .. }
            | Principal::Operator
            | Principal::System(_)
            | Principal::Visitor => Ok(Vec::new()),
        }
    }

    /// An event with what the reader may see of it.
    pub(crate) fn disclosed(&self, to: &Disclosure, event: &RecordedEvent) -> ShownEvent {
        let mut shown = self.vault.show(event);
        shown.data.retain(|name, _| !INTERNAL_FIELDS.contains(&name.as_str()));
        shown.metadata.remove(INTERNAL_METADATA);
        if !to.sees_people(event) {
            for name in personal_fields(event) {
                shown.data.insert(name.to_owned(), json!({ WITHHELD: {} }));
            }
        }
        if !to.sees_reason(event) {
            shown.metadata.remove("reason");
        }
        // An address that is posted to may hold what only its owner should know.
        if is_of_webhook(&event.event) && !to.sees(Permission::WebhooksManage) {
            shown.data.insert("address".to_owned(), json!({ WITHHELD: {} }));
        }
        if !to.sees(Permission::PartnerUsersView) {
            shown.metadata.remove("origin");
        }
        if !to.is_own_affair(event) {
            shown.metadata.retain(|name, _| !CIRCUMSTANCES.contains(&name.as_str()));
            if let Some(company) = to.foreign_company(&event.metadata.actor) {
                shown.metadata.insert("actor".to_owned(), company);
            }
        }
        shown
    }
}

impl Disclosure {
    fn sees(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }

    /// Whether the reader may see the people an event tells about.
    pub(crate) fn sees_people(&self, event: &RecordedEvent) -> bool {
        match &event.event {
            Event::Customer(CustomerEvent::Request(
                RelationshipRequestEvent::RelationshipRequested(RelationshipRequested {
                    partner_id,
                    ..
                })
                | RelationshipRequestEvent::RelationshipDraftEdited(RelationshipDraftEdited {
                    partner_id,
                    ..
                }),
            )) => *partner_id == self.partner && self.sees(Permission::RelationshipsRequest),
            Event::Customer(_) => {
                let customer = CustomerId::from_uuid(event.stream.id());
                self.sees(about_customer(&event.event))
                    && self.now.customers().seen_by(self.partner, customer).is_some()
            }
            Event::Partner(PartnerEvent::Profile(PartnerProfileEvent::PartnerProfileEdited(
                edited,
            ))) => {
                event.stream == self.partner.into()
                    && self.sees(permission_to_view_profile(edited.kind))
            }
            Event::Partner(PartnerEvent::Network(NetworkEvent::PartnerUserSkillsEdited(_))) => {
                event.stream == self.partner.into() && self.sees(Permission::UserSkillsView)
            }
            Event::Partner(_) => {
                event.stream == self.partner.into() && self.sees(Permission::PartnerUsersView)
            }
            Event::Partnership(PartnershipEvent::PartnershipRequested(requested)) => {
                requested.provider == self.partner && self.sees(Permission::PartnershipsView)
            }
            Event::Partnership(PartnershipEvent::InvitationEdited(edited)) => {
                edited.provider == self.partner && self.sees(Permission::PartnershipsView)
            }
            Event::Partnership(_) => self.sees(Permission::PartnershipsView),
            Event::Lead(event) => {
                self.sees(Permission::LeadsView) && parties(event).contains(&self.partner)
            }
            // How an operator verified somebody is for operators.
            Event::ServiceRequest(ServiceRequestEvent::ElevationVerified(_))
            | Event::NameClaim(_)
            | Event::Installation(_) => false,
            Event::ServiceRequest(_) => self.sees_request(event),
        }
    }

    fn sees_request(&self, event: &RecordedEvent) -> bool {
        let id = ServiceRequestId::from_uuid(event.stream.id());
        let row = id.and_then(|id| self.now.service_requests().get(id));
        let Some(row) = row.filter(|row| row.partner == self.partner) else { return false };
        let customer = row.kind.customer();
        let reaches =
            customer.is_none_or(|it| self.now.customers().seen_by(self.partner, it).is_some());
        reaches && self.sees(permission_to_view(&row.kind, row.logged_by, &Actor::Operator))
    }

    /// Whether the reader may see the reason its side gave: a reason about a person as that person,
    /// one about a company also when the company is its customer no longer.
    fn sees_reason(&self, event: &RecordedEvent) -> bool {
        match (&event.event, people(&event.event)) {
            (Event::Customer(_), (None, _)) => self.sees(about_customer(&event.event)),
            _ => self.sees_people(event),
        }
    }

    /// Whether why and by which rule it was done is for the reader's partner to see.
    pub(crate) fn is_own_affair(&self, event: &RecordedEvent) -> bool {
        match event.metadata.actor {
            Actor::PartnerUser { partner, .. } | Actor::Application { partner, .. } => {
                partner == self.partner
            }
            Actor::CustomerUser { .. } => false,
            Actor::Operator
            | Actor::System(_)
            | Actor::SupportOperator { .. }
            | Actor::Auditor { .. }
            | Actor::Visitor => true,
        }
    }

    /// Of who acts for another partner the company is told, and no more.
    fn foreign_company(&self, actor: &Actor) -> Option<Value> {
        match actor {
            Actor::PartnerUser { partner, .. } | Actor::Application { partner, .. }
                if *partner != self.partner =>
            {
                Some(json!({ "partner": partner }))
            }
            Actor::PartnerUser { .. }
            | Actor::Application { .. }
            | Actor::CustomerUser { .. }
            | Actor::Operator
            | Actor::System(_)
            | Actor::SupportOperator { .. }
            | Actor::Auditor { .. }
            | Actor::Visitor => None,
        }
    }
}

/// The provider that referred a lead and the reseller it was referred to.
pub(crate) const fn parties(event: &LeadEvent) -> [PartnerId; 2] {
    match event {
        LeadEvent::LeadReferred(event) => [event.provider, event.reseller],
        LeadEvent::LeadAccepted(event) => [event.provider, event.reseller],
        LeadEvent::LeadDeclined(event) => [event.provider, event.reseller],
        LeadEvent::LeadWithdrawn(event) => [event.provider, event.reseller],
        LeadEvent::LeadConverted(event) => [event.provider, event.reseller],
    }
}

/// What roles allow together.
pub(crate) fn permissions_with(roles: &[Role]) -> Vec<Permission> {
    let allowed = |permission: &&Permission| roles.iter().any(|role| allows(*role, **permission));
    Permission::ALL.iter().filter(allowed).copied().collect()
}

/// What it takes to see personal data in an event of a customer's stream.
fn about_customer(event: &Event) -> Permission {
    if let Event::Customer(CustomerEvent::Agreement(AgreementEvent::CustomerAgreementConfirmed(
        _,
    ))) = event
    {
        return Permission::AgreementsView;
    }
    match people(event) {
        (Some(_), _) => Permission::CustomerUsersView,
        (None, _) => Permission::CustomersView,
    }
}

/// Whether an event holds the address of a webhook.
const fn is_of_webhook(event: &Event) -> bool {
    matches!(
        event,
        Event::Partner(PartnerEvent::Webhook(
            WebhookEvent::WebhookRegistered(_) | WebhookEvent::WebhookChanged(_)
        ))
    )
}

fn personal_fields(event: &RecordedEvent) -> Vec<&'static str> {
    let mut names = FieldNames(Vec::new());
    event.event.visit_personal(&mut names);
    names.0
}

struct FieldNames(Vec<&'static str>);

impl PersonalVisitor for FieldNames {
    fn visit<T: PersonalData>(&mut self, name: &'static str, _: &Personal<T>) {
        self.0.push(name);
    }
}
