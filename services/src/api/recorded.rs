//! How is a recorded event shown to a partner: what happened, who did it, when, why?
//!
//! What of it the caller may see is decided in one place for the API and the pages.

use events::{Actor, CustomerId, Event, Opened, PartnerUserProfile, RecordedEvent};
use serde_json::{Value, json};

use super::{
    partners::shown_partner,
    reading::{View, open, personal_state, readable},
    wire::extended,
};
use crate::{
    application::Disclosure,
    http::{ApiError, AppState, Caller},
    vault::ShownEvent,
};

/// Shows events to one caller.
pub(super) struct Teller<'a> {
    app: &'a AppState,
    view: &'a View,
    disclosure: Disclosure,
}

impl<'a> Teller<'a> {
    /// Finds out what the caller may see opened.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub(super) async fn new(
        app: &'a AppState,
        caller: &Caller,
        view: &'a View,
    ) -> Result<Self, ApiError> {
        let permissions = app.permissions_of(caller.principal()).await?;
        Ok(Self { app, view, disclosure: app.disclosure(view.partner, permissions) })
    }

    /// The event itself, with what is known about it.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub(super) async fn told(&self, event: &RecordedEvent) -> Result<Value, ApiError> {
        let shown = self.app.disclosed(&self.disclosure, event);
        let circumstances = self.around(event, &shown).await?;
        let about = json!({
            "type": event.event.name(),
            "data": shown.data,
            "customer": self.customer(event),
        });
        Ok(extended(circumstances, about))
    }

    /// Who, when, why: without the event itself.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub(super) async fn circumstances(&self, event: &RecordedEvent) -> Result<Value, ApiError> {
        self.around(event, &self.app.disclosed(&self.disclosure, event)).await
    }

    async fn around(&self, event: &RecordedEvent, shown: &ShownEvent) -> Result<Value, ApiError> {
        let metadata = &event.metadata;
        let disclosed = |name: &str| shown.metadata.get(name);
        Ok(json!({
            "position": event.position,
            "eventId": event.event_id,
            "occurredAt": metadata.occurred_at,
            "recordedAt": event.recorded_at,
            "actor": self.actor(&metadata.actor).await?,
            "onBehalfOf": metadata.on_behalf_of,
            "client": metadata.client,
            "origin": disclosed("origin"),
            "rule": disclosed("rule"),
            "reason": disclosed("reason"),
            "ticket": disclosed("ticket"),
            "approvedBy": disclosed("approvedBy"),
            "correlationId": metadata.correlation_id,
            "causationId": metadata.causation_id,
        }))
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
            Actor::Application { partner, application } if *partner == self.view.partner => {
                let row = self.view.model.applications().get(*partner, *application);
                json!({
                    "kind": "application",
                    "partnerId": partner,
                    "applicationId": application,
                    "name": row.map(|row| &row.name),
                })
            }
            Actor::Application { partner, .. } => json!({
                "kind": "application",
                "partnerId": partner,
                "partner": shown_partner(&self.view.model, *partner),
            }),
            Actor::CustomerUser { customer, user } => {
                json!({ "kind": "customer_user", "customerId": customer, "userId": user })
            }
            Actor::Operator => json!({ "kind": "operator" }),
            Actor::SupportOperator { operator } => {
                json!({ "kind": "support_operator", "operatorId": operator })
            }
            Actor::Auditor { auditor } => json!({ "kind": "auditor", "auditorId": auditor }),
            Actor::Visitor => json!({ "kind": "visitor" }),
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
