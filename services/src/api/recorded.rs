//! How is a recorded event shown to a partner: what happened, who did it, when, why?
//!
//! What of it the caller may see is decided in one place for the API and the pages.

use events::{
    Actor, ApplicationId, AuditorId, CorrelationId, CustomerId, CustomerUserId, Event, EventId,
    Opened, OperatorId, PartnerId, PartnerUserId, PartnerUserProfile, Position, Process,
    RecordedEvent, Timestamp,
};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{
    partners::{PartnerSummary, shown_partner},
    reading::{View, open, personal_state, readable},
};
use crate::{
    application::Disclosure,
    http::{ApiError, AppState, Caller},
    vault::ShownEvent,
};

/// Something that happened, with what is known about it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct EventTold {
    #[serde(flatten)]
    circumstances: Circumstances,
    /// What happened.
    #[serde(rename = "type")]
    #[schema(value_type = String, example = "CustomerUserDeleted")]
    event_type: &'static str,
    /// Its members; what the caller may not see says `$withheld`, what was erased `$erased`.
    #[schema(value_type = Object, example = json!({ "userId": "3fa85f64-5717-4562-b3fc-2c963f66afa6" }))]
    data: Map<String, Value>,
    /// The customer it happened to.
    customer: Option<EventCustomer>,
}

/// The customer an event is about.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct EventCustomer {
    #[schema(value_type = Uuid)]
    id: CustomerId,
    company_name: Option<String>,
}

/// Who did something, when and why.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Circumstances {
    /// Its place in the log.
    #[schema(value_type = u64)]
    position: Position,
    #[schema(value_type = Uuid)]
    event_id: EventId,
    #[schema(value_type = String, format = DateTime)]
    occurred_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
    actor: EventActor,
    /// The company it was done for, where that is another one.
    #[schema(value_type = Option<Object>, example = json!({ "customer": "3fa85f64-5717-4562-b3fc-2c963f66afa6" }))]
    on_behalf_of: Option<Value>,
    /// By which way it came in: a word, or an application.
    #[schema(example = "api")]
    client: Value,
    /// From where it came.
    #[schema(value_type = Option<Object>, example = json!({ "address": "192.0.2.7", "userAgent": "curl/8.5.0" }))]
    origin: Option<Value>,
    /// The rule by which the actor might.
    #[schema(example = "global_admin:customer_users.manage")]
    rule: Option<Value>,
    #[schema(example = "left the company")]
    reason: Option<Value>,
    #[schema(example = "T-1042")]
    ticket: Option<Value>,
    #[schema(example = "3fa85f64-5717-4562-b3fc-2c963f66afa6")]
    approved_by: Option<Value>,
    #[schema(value_type = Uuid)]
    correlation_id: CorrelationId,
    /// The event that led to it.
    #[schema(value_type = Option<Uuid>)]
    causation_id: Option<EventId>,
}

/// Who acted: users of the caller's partner by name, others by their company.
#[derive(Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct EventActor {
    /// What kind of actor it is, which says what else is known.
    #[schema(value_type = String, example = "partner_user")]
    kind: &'static str,
    #[schema(value_type = Option<Uuid>)]
    partner_id: Option<PartnerId>,
    /// The company, where it is another partner.
    partner: Option<PartnerSummary>,
    #[schema(value_type = Option<Uuid>)]
    application_id: Option<ApplicationId>,
    #[schema(value_type = Option<Uuid>)]
    customer_id: Option<CustomerId>,
    /// The user, of the partner or the customer.
    #[schema(value_type = Option<Uuid>)]
    user_id: Option<uuid::Uuid>,
    #[schema(value_type = Option<Uuid>)]
    operator_id: Option<OperatorId>,
    #[schema(value_type = Option<Uuid>)]
    auditor_id: Option<AuditorId>,
    /// The part of partnerlog that acted by itself.
    #[schema(value_type = Option<String>, example = "purge")]
    process: Option<Process>,
    #[serde(flatten)]
    name: PersonName,
}

/// A name, or why it is not shown.
#[derive(Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PersonName {
    #[schema(example = "Nora Berg")]
    name: Option<String>,
    /// `erased` or `unavailable`, where the name cannot be shown.
    #[schema(value_type = Option<String>, example = "erased")]
    personal_data: Option<&'static str>,
}

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
    pub(super) async fn told(&self, event: &RecordedEvent) -> Result<EventTold, ApiError> {
        let shown = self.app.disclosed(&self.disclosure, event);
        Ok(EventTold {
            circumstances: self.around(event, &shown).await?,
            event_type: event.event.name(),
            data: shown.data,
            customer: self.customer(event),
        })
    }

    /// Who, when, why: without the event itself.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub(super) async fn circumstances(
        &self,
        event: &RecordedEvent,
    ) -> Result<Circumstances, ApiError> {
        self.around(event, &self.app.disclosed(&self.disclosure, event)).await
    }

    async fn around(
        &self,
        event: &RecordedEvent,
        shown: &ShownEvent,
    ) -> Result<Circumstances, ApiError> {
        let metadata = &event.metadata;
        let disclosed = |name: &str| shown.metadata.get(name).cloned();
        let value = |value: serde_json::Result<Value>| value.map_err(|_| ApiError::internal());
        Ok(Circumstances {
            position: event.position,
            event_id: event.event_id,
            occurred_at: metadata.occurred_at,
            recorded_at: event.recorded_at,
            actor: self.actor(&metadata.actor).await?,
            on_behalf_of: metadata
                .on_behalf_of
                .map(|tenant| value(serde_json::to_value(tenant)))
                .transpose()?,
            client: value(serde_json::to_value(metadata.client))?,
            origin: disclosed("origin"),
            rule: disclosed("rule"),
            reason: disclosed("reason"),
            ticket: disclosed("ticket"),
            approved_by: disclosed("approvedBy"),
            correlation_id: metadata.correlation_id,
            causation_id: metadata.causation_id,
        })
    }

    async fn actor(&self, actor: &Actor) -> Result<EventActor, ApiError> {
        let of_kind = |kind| EventActor { kind, ..EventActor::default() };
        let own = self.view.partner;
        let of_partner = |kind, partner: PartnerId| EventActor {
            partner_id: Some(partner),
            partner: (partner != own).then(|| shown_partner(&self.view.model, partner)),
            ..of_kind(kind)
        };
        Ok(match *actor {
            Actor::PartnerUser { partner, user } if partner == own => EventActor {
                user_id: Some(user.as_uuid()),
                name: self.user_name(user).await?,
                ..of_partner("partner_user", partner)
            },
            Actor::PartnerUser { partner, .. } => of_partner("partner_user", partner),
            Actor::Application { partner, application } if partner == own => {
                let row = self.view.model.applications().get(partner, application);
                let name = row.map(|row| row.name.to_string());
                EventActor {
                    application_id: Some(application),
                    name: PersonName { name, personal_data: None },
                    ..of_partner("application", partner)
                }
            }
            Actor::Application { partner, .. } => of_partner("application", partner),
            Actor::CustomerUser { customer, user } => of_customer(customer, user),
            Actor::Operator => of_kind("operator"),
            Actor::SupportOperator { operator } => {
                EventActor { operator_id: Some(operator), ..of_kind("support_operator") }
            }
            Actor::Auditor { auditor } => {
                EventActor { auditor_id: Some(auditor), ..of_kind("auditor") }
            }
            Actor::Visitor => of_kind("visitor"),
            Actor::System(process) => EventActor { process: Some(process), ..of_kind("system") },
        })
    }

    /// The name of one of the partner's own users, as far as it is still known.
    pub(super) async fn user_name(&self, user: PartnerUserId) -> Result<PersonName, ApiError> {
        let model = self.app.models().current();
        let Some(row) = model.partner_users().get(self.view.partner, user) else {
            return Ok(PersonName { name: None, personal_data: Some("erased") });
        };
        let profile: Opened<PartnerUserProfile> = open(self.app, &row.profile).await?;
        let name = readable(&profile).map(|profile| profile.full_name.to_string());
        Ok(PersonName { name, personal_data: personal_state(&profile) })
    }

    /// The customer an event is about.
    fn customer(&self, event: &RecordedEvent) -> Option<EventCustomer> {
        let Event::Customer(_) = &event.event else { return None };
        let id = CustomerId::from_uuid(event.stream.id());
        let row = self.view.model.customers().get(id);
        let company_name = row.map(|row| row.company_name.to_string());
        Some(EventCustomer { id, company_name })
    }
}

fn of_customer(customer: CustomerId, user: CustomerUserId) -> EventActor {
    EventActor {
        kind: "customer_user",
        customer_id: Some(customer),
        user_id: Some(user.as_uuid()),
        ..EventActor::default()
    }
}
