//! How is a recorded event shown to a partner: what happened, who did it, when, why?
//!
//! Personal data is opened as far as the caller may see it elsewhere. Why something was done, and
//! from where, stays with the partner whose user did it.

use std::collections::BTreeSet;

use commands::Permission;
use events::{
    Actor, CustomerEvent, CustomerId, Event, Opened, PartnerUserProfile, Position, RecordedEvent,
};
use serde_json::{Map, Value, json};

use super::{
    partners::shown_partner,
    reading::{View, open, personal_state, readable},
    wire::extended,
};
use crate::{
    application::{Application, CommandError},
    http::{ApiError, AppState, Caller},
    vault::ShownEvent,
};

/// What decides about personal data in events.
const OPENERS: [Permission; 4] = [
    Permission::PartnerUsersView,
    Permission::CustomersView,
    Permission::CustomerUsersView,
    Permission::PartnershipsView,
];

/// Shows events to one caller.
pub(super) struct Teller<'a> {
    app: &'a AppState,
    view: &'a View,
    permissions: BTreeSet<Permission>,
}

impl<'a> Teller<'a> {
    /// Finds out what the caller may see opened.
    pub(super) async fn new(app: &'a AppState, caller: &Caller, view: &'a View) -> Self {
        let mut permissions = BTreeSet::new();
        for permission in OPENERS {
            if app.allow(caller.principal(), permission).await.is_ok() {
                permissions.insert(permission);
            }
        }
        Self { app, view, permissions }
    }

    /// The event itself, with what is known about it.
    pub(super) async fn told(&self, event: &RecordedEvent) -> Result<Value, ApiError> {
        let shown = self.app.vault().show(event);
        let opened = opener(&event.event).is_none_or(|needed| self.permissions.contains(&needed));
        let data = if opened { shown.data.clone() } else { sealed(event) };
        let about = json!({
            "type": event.event.name(),
            "data": data,
            "customer": self.customer(event),
        });
        Ok(extended(self.circumstances(event, &shown).await?, about))
    }

    /// Who, when, why: without the event itself.
    pub(super) async fn circumstances(
        &self,
        event: &RecordedEvent,
        shown: &ShownEvent,
    ) -> Result<Value, ApiError> {
        let metadata = &event.metadata;
        let own = self.is_own_affair(&metadata.actor);
        let why = |name: &str| shown.metadata.get(name).filter(|_| own);
        let may_see_users = self.permissions.contains(&Permission::PartnerUsersView);
        Ok(json!({
            "position": event.position,
            "eventId": event.event_id,
            "occurredAt": metadata.occurred_at,
            "recordedAt": event.recorded_at,
            "actor": self.actor(&metadata.actor).await?,
            "onBehalfOf": metadata.on_behalf_of,
            "client": metadata.client,
            "origin": why("origin").filter(|_| may_see_users),
            "rule": Some(metadata.rule.as_str()).filter(|_| own),
            "reason": why("reason"),
            "ticket": why("ticket"),
            "approvedBy": why("approvedBy"),
            "correlationId": metadata.correlation_id,
            "causationId": metadata.causation_id,
        }))
    }

    /// Whether what stands around an event is for the caller's partner to see.
    fn is_own_affair(&self, actor: &Actor) -> bool {
        match actor {
            Actor::PartnerUser { partner, .. } => *partner == self.view.partner,
            Actor::CustomerUser { .. } => false,
            Actor::Operator | Actor::System(_) => true,
        }
    }

    /// Who acted: own users by name, others by their company.
    async fn actor(&self, actor: &Actor) -> Result<Value, ApiError> {
        Ok(match actor {
            Actor::PartnerUser { partner, user } if *partner == self.view.partner => extended(
                json!({ "kind": "partner_user", "partnerId": partner, "userId": user }),
                self.user_name(*user).await?,
            ),
            Actor::PartnerUser { partner, .. } => json!({
                "kind": "partner_user",
                "partnerId": partner,
                "partner": shown_partner(&self.view.model, *partner),
            }),
            Actor::CustomerUser { customer, user } => {
                json!({ "kind": "customer_user", "customerId": customer, "userId": user })
            }
            Actor::Operator => json!({ "kind": "operator" }),
            Actor::System(process) => json!({ "kind": "system", "process": process }),
        })
    }

    /// The name of one of the partner's own users, as far as it is still known.
    pub(super) async fn user_name(&self, user: events::PartnerUserId) -> Result<Value, ApiError> {
        let model = self.app.models().current();
        let Some(row) = model.partner_users().get(self.view.partner, user) else {
            return Ok(json!({ "personalData": "erased" }));
        };
        let profile: Opened<PartnerUserProfile> = open(self.app, &row.profile).await?;
        let name = readable(&profile).map(|profile| &profile.full_name);
        Ok(json!({ "name": name, "personalData": personal_state(&profile) }))
    }

    /// The customer an event is about.
    fn customer(&self, event: &RecordedEvent) -> Option<Value> {
        let Event::Customer(_) = &event.event else { return None };
        let id = CustomerId::from_uuid(event.stream.id());
        let row = self.view.model.customers().get(id);
        Some(json!({ "id": id, "companyName": row.map(|row| &row.company_name) }))
    }
}

/// What seeing the personal data of an event requires.
const fn opener(event: &Event) -> Option<Permission> {
    match event {
        Event::Partner(_) => Some(Permission::PartnerUsersView),
        Event::Partnership(_) => Some(Permission::PartnershipsView),
        Event::Customer(
            CustomerEvent::CustomerCreated(_) | CustomerEvent::CustomerDetailsEdited(_),
        ) => Some(Permission::CustomersView),
        Event::Customer(_) => Some(Permission::CustomerUsersView),
        Event::NameClaim(_) => None,
    }
}

/// The event's own fields with personal ones left sealed.
fn sealed(event: &RecordedEvent) -> Map<String, Value> {
    match serde_json::to_value(&event.event) {
        Ok(Value::Object(fields)) => fields,
        Ok(_) | Err(_) => Map::new(),
    }
}

/// Reads the event at a position that the read model knows.
pub(super) async fn read(app: &Application, at: Position) -> Result<RecordedEvent, ApiError> {
    let records = app.store().read_log(at, 1).await.map_err(CommandError::from)?;
    let record = records.first().ok_or_else(ApiError::internal)?;
    Ok(record.decode().map_err(CommandError::from)?)
}
