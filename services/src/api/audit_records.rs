//! The contract's audit records: the caller's activity log in the words of its clients, newest first.

use std::{collections::BTreeSet, fmt, ops::RangeInclusive};

use axum::extract::State;
use commands::Permission;
use events::{
    Actor, ApplicationId, Category, Client, CorrelationId, CustomerId, Event, PartnerId,
    PartnerUserProfile, Position, RecordedEvent, Timestamp,
};
use projections::{Before, TimelineEntry, TimelineFilter, TimelineScope};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    audit_details::{AuditDetail, customized},
    audit_values::{Values, comparable, text},
    audit_words::AuditWords,
    dates::{self, Given},
    filter::{Comparison, Operator},
    path_ids::PathId,
    query::Query,
    reading::{Reader, View, open, readable},
    shapes::{Attributes, Page, SelfLinks},
    wire::Answer,
};
use crate::{
    application::Disclosure,
    http::{ApiError, AppState},
};

/// Records of a part unless the client says otherwise.
const PAGE_RECORDS_DEFAULT: usize = 500;
/// How far back the records go unless the client says otherwise.
const DAYS_DEFAULT: i64 = 30;
/// How far back they may go; further with `extended=true`, which is ours.
const DAYS_MAX: i64 = 90;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(one))
}

/// Something that was done, in the contract's words.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AuditRecord {
    #[schema(example = "3fa85f64-5717-4562-b3fc-2c963f66afa6_42")]
    id: String,
    #[schema(value_type = Uuid)]
    partner_id: PartnerId,
    #[schema(value_type = Option<Uuid>)]
    customer_id: Option<CustomerId>,
    #[schema(example = "Relecloud")]
    customer_name: Option<String>,
    /// Who did it, where it is a user of the caller's partner.
    user_principal_name: Option<String>,
    #[schema(value_type = Option<Uuid>)]
    application_id: Option<ApplicationId>,
    #[schema(value_type = Uuid)]
    session_id: CorrelationId,
    #[schema(value_type = Uuid)]
    original_correlation_id: CorrelationId,
    /// What was acted on.
    #[schema(value_type = String, example = "customer_user")]
    resource_type: &'static str,
    /// What was so until then, as JSON in a text; absent where there was nothing, or it is a secret.
    #[schema(
        example = "{\"UserId\":\"3fa85f64-5717-4562-b3fc-2c963f66afa6\",\"State\":\"active\"}"
    )]
    resource_old_value: Option<String>,
    /// What is so from then on, as JSON in a text; absent where nothing is left.
    #[schema(
        example = "{\"UserId\":\"3fa85f64-5717-4562-b3fc-2c963f66afa6\",\"State\":\"inactive\"}"
    )]
    resource_new_value: Option<String>,
    /// What was done.
    #[schema(value_type = String, example = "delete_customer_user")]
    operation_type: &'static str,
    #[schema(value_type = String, format = DateTime)]
    operation_date: Timestamp,
    #[schema(value_type = String, example = "succeeded")]
    operation_status: &'static str,
    /// What happened as pairs of texts; of several lines each key ends in the number of its line.
    customized_data: Vec<AuditDetail>,
    links: SelfLinks,
    attributes: Attributes,
}

/// Lists what was done, in the contract's words, the newest first.
#[utoipa::path(
    get,
    path = "/v1/auditrecords",
    tag = "Audit",
    params(
        ("startDate" = Option<String>, Query, description = "From this day or moment on; by default 30 days back, at most 90.", example = json!("2026-11-01")),
        ("endDate" = Option<String>, Query, description = "Up to this day or moment; by default now.", example = json!("2026-11-30")),
        ("extended" = Option<bool>, Query, description = "Takes a `startDate` that lies further back (*own*).", example = json!(true)),
        ("filter" = Option<String>, Query, description = "By CompanyName (`substring`), CustomerId or ResourceType (`equals`).", example = json!("{\"Field\":\"ResourceType\",\"Value\":\"customer_user\",\"Operator\":\"equals\"}")),
    ),
    responses((status = OK, description = "The records.", body = Page<AuditRecord>))
)]
async fn list(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::ActivityLogView).await?;
    let wanted = Wanted::of(&app, &view, reader.query())?;
    let records = Records::new(&app, &reader, &view).await?;
    let before: Option<Position> = reader.seek.after()?;
    let limit = reader.seek.size()?.unwrap_or(PAGE_RECORDS_DEFAULT);
    let (items, next) = records.page(&wanted, before, limit).await?;
    // The list says what it is of; its other parts are of the same, however late they are asked for.
    let mut seek = reader.seek.clone();
    seek.query.add_default("startDate", wanted.time.start().to_string());
    seek.query.add_default("size", limit.to_string());
    let body = seek.page(&app, items, None, next);
    Ok(Answer::ok(view.position(), body))
}

/// Tells one of the records.
#[utoipa::path(
    get,
    path = "/v1/auditrecords/{record}",
    tag = "Audit",
    responses((status = OK, description = "The record.", body = AuditRecord))
)]
async fn one(State(app): State<AppState>, reader: Reader<(RecordId,)>) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::ActivityLogView).await?;
    let (RecordId { partner, position },) = reader.ids;
    let timeline = view.model.audit_timeline();
    let scope = TimelineScope::Partner(view.partner);
    let only = TimelineFilter { from: position, ..TimelineFilter::default() };
    let found = timeline.page(scope, &only, Some(position.next()), 1).entries;
    if partner != view.partner || found.is_empty() {
        return Err(no_such_record());
    }
    let records = Records::new(&app, &reader, &view).await?;
    let record = records.told(&app.event(position).await?).await?;
    Ok(Answer::ok(view.position(), record.ok_or_else(no_such_record)?))
}

/// What a record is called: whose log it stands in, and where.
struct RecordId {
    partner: PartnerId,
    position: Position,
}

impl PathId for RecordId {
    fn read(text: &str) -> Result<Self, ApiError> {
        let parts = text.trim().split_once('_').and_then(|(partner, number)| {
            Some(Self {
                partner: partner.parse().ok()?,
                position: Position::new(number.parse().ok()?),
            })
        });
        parts.ok_or_else(no_such_record)
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.partner, self.position.get())
    }
}

fn no_such_record() -> ApiError {
    ApiError::not_found("there is no such audit record")
}

/// Which records a list asks for.
struct Wanted {
    scope: TimelineScope,
    types: BTreeSet<u16>,
    time: RangeInclusive<Timestamp>,
    company: Option<String>,
}

impl Wanted {
    fn of(app: &AppState, view: &View, query: &Query) -> Result<Self, ApiError> {
        let mut scope = TimelineScope::Partner(view.partner);
        let (mut resource, mut company) = (None, None);
        if let Some(filter) = Comparison::of(query)? {
            if filter.is("CompanyName", Operator::Substring) {
                company = Some(filter.value.to_lowercase());
            } else if filter.is("CustomerId", Operator::Equals) {
                let id = filter.value.parse::<CustomerId>();
                let id = id.map_err(|error| ApiError::invalid("filter", error.to_string()))?;
                scope = TimelineScope::PartnerAtCustomer(view.partner, id);
            } else if filter.is("ResourceType", Operator::Equals) {
                resource = Some(filter.value);
            } else {
                let known = "CompanyName by substring, CustomerId or ResourceType by equals";
                return Err(Comparison::unknown(known));
            }
        }
        let names: BTreeSet<&str> = AuditWords::events(resource.as_deref()).collect();
        if names.is_empty() {
            return Err(ApiError::invalid("filter", "names no type of resource that has records"));
        }
        let types = Event::types().filter(|(_, name, _)| names.contains(name));
        let types = types.map(|(number, ..)| number.0).collect();
        Ok(Self { scope, types, time: time(app.now(), query)?, company })
    }
}

/// From when to when, both included.
fn time(now: Timestamp, query: &Query) -> Result<RangeInclusive<Timestamp>, ApiError> {
    let given = |name| {
        let date = |text| {
            let wrong = || ApiError::invalid(name, "must be a date such as 2026-11-20");
            dates::read(text).ok_or_else(wrong)
        };
        query.text(name).filter(|text| !dates::is_unset(text)).map(date).transpose()
    };
    let ends = query.text("endDate").is_some_and(|text| !dates::is_never(text));
    let oldest = now.plus_hours(-24 * DAYS_MAX);
    let from = given("startDate")?.map_or_else(|| now.plus_hours(-24 * DAYS_DEFAULT), Given::begin);
    let to = if ends { given("endDate")?.map_or(now, Given::end) } else { now };
    let extended = query.text("extended").is_some_and(|word| word.eq_ignore_ascii_case("true"));
    // The day that is partly within the limit is within it.
    if !extended && from < oldest.plus_hours(-24) {
        let reason = format!("must be at most {DAYS_MAX} days back; `extended=true` goes further");
        return Err(ApiError::invalid("startDate", reason));
    }
    if to < from {
        return Err(ApiError::invalid("endDate", "must not be before startDate"));
    }
    Ok(from..=to)
}

/// Tells one caller's records.
struct Records<'a> {
    app: &'a AppState,
    view: &'a View,
    disclosure: Disclosure,
}

impl<'a> Records<'a> {
    async fn new<I>(
        app: &'a AppState,
        reader: &Reader<I>,
        view: &'a View,
    ) -> Result<Self, ApiError> {
        let permissions = app.permissions_of(reader.caller.principal()).await?;
        Ok(Self { app, view, disclosure: app.disclosure(view.partner, permissions) })
    }

    /// The records before a position, at most so many, and where to go on.
    async fn page(
        &self,
        wanted: &Wanted,
        mut before: Option<Position>,
        limit: usize,
    ) -> Result<(Vec<AuditRecord>, Option<Position>), ApiError> {
        let filter = TimelineFilter { types: wanted.types.clone(), ..TimelineFilter::default() };
        let mut records = Vec::new();
        loop {
            let missing = limit - records.len();
            let timeline = self.view.model.audit_timeline();
            let page = timeline.page(wanted.scope, &filter, before, missing);
            for TimelineEntry { position, .. } in page.entries {
                let event = self.app.event(position).await?;
                if event.recorded_at < *wanted.time.start() {
                    return Ok((records, None));
                }
                if wanted.time.contains(&event.recorded_at) && self.is_about(&event, wanted) {
                    records.extend(self.told(&event).await?);
                }
            }
            if page.next.is_none() || records.len() >= limit {
                return Ok((records, page.next));
            }
            before = page.next;
        }
    }

    fn is_about(&self, event: &RecordedEvent, wanted: &Wanted) -> bool {
        wanted.company.as_ref().is_none_or(|part| {
            let name = self.customer(event).and_then(|(_, name)| name);
            name.is_some_and(|name| name.to_lowercase().contains(part))
        })
    }

    /// The customer an event is about, with its name.
    fn customer(&self, event: &RecordedEvent) -> Option<(CustomerId, Option<String>)> {
        (event.stream.category() == Category::Customer).then(|| {
            let id = CustomerId::from_uuid(event.stream.id());
            let row = self.view.model.customers().get(id);
            (id, row.map(|row| row.company_name.to_string()))
        })
    }

    async fn told(&self, event: &RecordedEvent) -> Result<Option<AuditRecord>, ApiError> {
        let Some(words) = AuditWords::of(event.event.name()) else { return Ok(None) };
        let customer = self.customer(event);
        let shown = self.app.disclosed(&self.disclosure, event);
        let id = RecordId { partner: self.view.partner, position: event.position }.to_string();
        let (customer_id, customer_name) = customer.unzip();
        let told = self.told_before(event, &shown.data).await?;
        let values = Values::of(event, &self.view.model, &shown.data, told);
        Ok(Some(AuditRecord {
            partner_id: self.view.partner,
            customer_id,
            customer_name: customer_name.flatten(),
            user_principal_name: self.user(event).await?,
            application_id: application(event),
            session_id: event.metadata.correlation_id,
            original_correlation_id: event.metadata.correlation_id,
            resource_type: words.resource,
            resource_old_value: values.old.as_ref().map(text),
            resource_new_value: values.new.as_ref().map(text),
            operation_type: words.operation,
            operation_date: event.recorded_at,
            operation_status: "succeeded",
            customized_data: customized(&event.event, &shown.data),
            links: SelfLinks::to(format!("/auditrecords/{id}")),
            attributes: Attributes::of("AuditRecord"),
            id,
        }))
    }

    /// What the event had said that told of the same thing before, as far as the caller may see it
    /// now: nobody sees more by looking back.
    async fn told_before(
        &self,
        event: &RecordedEvent,
        data: &Map<String, Value>,
    ) -> Result<Option<Map<String, Value>>, ApiError> {
        let before = self.view.model.changes().before(event.position);
        let Some(Before::Told(position)) = before else { return Ok(None) };
        let earlier = self.app.event(*position).await?;
        let shown = self.app.disclosed(&self.disclosure, &earlier);
        Ok(Some(comparable(shown.data, event, data)))
    }

    /// The sign-in name of who did it, where it is one of the partner's own users.
    async fn user(&self, event: &RecordedEvent) -> Result<Option<String>, ApiError> {
        let Actor::PartnerUser { partner, user } = event.metadata.actor else { return Ok(None) };
        let users = self.app.models().current();
        let row = users.partner_users().get(partner, user);
        let Some(row) = row.filter(|_| partner == self.view.partner) else { return Ok(None) };
        let profile = open::<PartnerUserProfile>(self.app, &row.profile).await?;
        Ok(readable(&profile).map(|profile| profile.email.to_string()))
    }
}

/// The application through which or by which it was done.
const fn application(event: &RecordedEvent) -> Option<ApplicationId> {
    match (event.metadata.actor, event.metadata.client) {
        (Actor::Application { application, .. }, _) | (_, Client::Application(application)) => {
            Some(application)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_reach_back_thirty_days_and_ninety_where_asked_and_further_where_extended() {
        let now = dates::read("2026-11-20").unwrap().begin();
        let time = |text: &str| {
            let uri = format!("/v1/auditrecords?{text}").parse().unwrap();
            time(now, &Query::of(&uri).unwrap()).map(|time| time.start().to_string())
        };
        assert_eq!(time("").unwrap(), "2026-10-21T00:00:00Z");
        assert_eq!(time("startDate=2026-09-01").unwrap(), "2026-09-01T00:00:00Z");
        assert_eq!(time("startDate=2026-08-01").unwrap_err().data[1], "startDate");
        assert_eq!(time("startDate=2024-01-01&extended=true").unwrap(), "2024-01-01T00:00:00Z");
        assert_eq!(time("endDate=2026-01-01").unwrap_err().data[1], "endDate");
        assert_eq!(time("startDate=0001-01-01T00:00:00"), time(""));
        assert_eq!(time("endDate=9999-12-31T23:59:59.9999999Z"), time(""));
        assert_eq!(time("startDate=soon").unwrap_err().data[1], "startDate");
    }
}
