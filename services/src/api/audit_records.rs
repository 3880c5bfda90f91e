//! The contract's audit records: the caller's activity log in the words of its clients, newest first.

use std::{collections::BTreeSet, fmt, ops::RangeInclusive};

use axum::{Router, extract::State, routing::get};
use commands::Permission;
use events::{
    Actor, ApplicationId, Category, Client, CustomerId, Event, PartnerId, PartnerUserProfile,
    Position, RecordedEvent, Timestamp,
};
use projections::{TimelineEntry, TimelineFilter, TimelineScope};
use serde_json::{Map, Value, json};

use super::{
    audit_words::AuditWords,
    dates::{self, Given},
    filter::{Comparison, Operator},
    path_ids::PathId,
    query::Query,
    reading::{Reader, View, open, readable},
    wire::{Answer, attributes, self_link},
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

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/v1/auditrecords", get(list)).route("/v1/auditrecords/{record}", get(one))
}

async fn list(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::ActivityLogView).await?;
    let wanted = Wanted::of(&app, &view, reader.query())?;
    let records = Records::new(&app, &reader, &view).await?;
    let before: Option<Position> = reader.seek.after()?;
    let limit = reader.seek.size()?.unwrap_or(PAGE_RECORDS_DEFAULT);
    let (items, next) = records.page(&wanted, before, limit).await?;
    let body = reader.seek.page(&app, items, None, next);
    Ok(Answer::ok(view.position(), body))
}

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
        query.text(name).map(date).transpose()
    };
    let oldest = now.plus_hours(-24 * DAYS_MAX);
    let from = given("startDate")?.map_or_else(|| now.plus_hours(-24 * DAYS_DEFAULT), Given::begin);
    let to = given("endDate")?.map_or(now, Given::end);
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
    ) -> Result<(Vec<Value>, Option<Position>), ApiError> {
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

    async fn told(&self, event: &RecordedEvent) -> Result<Option<Value>, ApiError> {
        let Some(words) = AuditWords::of(event.event.name()) else { return Ok(None) };
        let customer = self.customer(event);
        let shown = self.app.disclosed(&self.disclosure, event);
        let id = RecordId { partner: self.view.partner, position: event.position }.to_string();
        Ok(Some(json!({
            "id": id,
            "partnerId": self.view.partner,
            "customerId": customer.as_ref().map(|(id, _)| id),
            "customerName": customer.as_ref().map(|(_, name)| name),
            "userPrincipalName": self.user(event).await?,
            "applicationId": application(event),
            "sessionId": event.metadata.correlation_id,
            "originalCorrelationId": event.metadata.correlation_id,
            "resourceType": words.resource,
            "resourceNewValue": Value::Object(pascal(&shown.data)).to_string(),
            "operationType": words.operation,
            "operationDate": event.recorded_at,
            "operationStatus": "succeeded",
            "customizedData": customized(&shown.data),
            "links": self_link(format!("/auditrecords/{id}")),
            "attributes": attributes("AuditRecord"),
        })))
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

/// An object with its names in the case the contract's values have.
fn pascal(object: &Map<String, Value>) -> Map<String, Value> {
    let member = |(name, value): (&String, &Value)| (pascal_name(name), pascal_value(value));
    object.iter().map(member).collect()
}

fn pascal_value(value: &Value) -> Value {
    match value {
        Value::Object(object) => Value::Object(pascal(object)),
        Value::Array(items) => Value::Array(items.iter().map(pascal_value).collect()),
        plain => plain.clone(),
    }
}

fn pascal_name(name: &str) -> String {
    let (first, rest) = name.split_at(name.chars().next().map_or(0, char::len_utf8));
    first.to_uppercase() + rest
}

/// What happened as pairs of plain texts: members of a list's items carry the item's number.
fn customized(data: &Map<String, Value>) -> Vec<Value> {
    let mut pairs = Vec::new();
    for (name, value) in data {
        match value {
            Value::Array(items) => {
                for (number, item) in items.iter().enumerate() {
                    let members = item.as_object().into_iter().flatten();
                    pairs.extend(members.filter_map(|(name, value)| {
                        pair(&format!("{}-{number}", pascal_name(name)), value)
                    }));
                }
            }
            plain => pairs.extend(pair(&pascal_name(name), plain)),
        }
    }
    pairs
}

fn pair(name: &str, value: &Value) -> Option<Value> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    Some(json!({ "key": name, "value": text }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(value: Value) -> Map<String, Value> {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn an_order_is_told_in_pairs_with_the_number_of_its_line() {
        let order = object(json!({
            "orderId": "o",
            "lines": [{ "offerId": "a", "quantity": 2 }, { "offerId": "b", "quantity": 3 }],
            "contact": { "$withheld": {} },
        }));
        let pairs = customized(&order);
        let told: Vec<_> = pairs.iter().map(|pair| (&pair["key"], &pair["value"])).collect();
        let expected = [
            ("OfferId-0", "a"),
            ("Quantity-0", "2"),
            ("OfferId-1", "b"),
            ("Quantity-1", "3"),
            ("OrderId", "o"),
        ];
        assert_eq!(told.len(), expected.len(), "{told:?}");
        for pair in expected {
            assert!(
                told.iter().any(|(key, value)| (*key, *value) == (&json!(pair.0), &json!(pair.1)))
            );
        }
    }

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
        assert_eq!(time("startDate=soon").unwrap_err().data[1], "startDate");
    }
}
