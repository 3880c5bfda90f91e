//! The activity log [our own style]: what happened that the caller's partner may see, newest first.

use std::collections::BTreeSet;

use axum::extract::State;
use commands::Permission;
use events::{CustomerId, Event, Position};
use projections::{TimelineFilter, TimelineScope};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    query::Query,
    reading::Reader,
    recorded::{EventTold, Teller},
    shapes::Page,
    wire::Answer,
    words::same_word,
};
use crate::http::{ApiError, AppState};

/// Events of a part unless the client says otherwise.
const PAGE_EVENTS_DEFAULT: usize = 100;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list))
}

/// Tells what happened that the caller's partner may see, the newest first (*own*).
#[utoipa::path(
    get,
    path = "/v1/history",
    tag = "Events",
    params(
        ("customerId" = Option<Uuid>, Query, description = "What happened to one customer."),
        ("type" = Option<String>, Query, description = "Events of these types, by name, separated by commas.", example = json!("CustomerUserDeleted")),
    ),
    responses((status = OK, description = "The events.", body = Page<EventTold>))
)]
async fn list(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let customer: Option<CustomerId> = reader.query().optional("customerId")?;
    let permission = Permission::ActivityLogView;
    let view = match customer {
        None => reader.view(&app, permission).await?,
        Some(customer) => reader.customer_view(&app, customer, permission).await?.view,
    };
    let scope = match customer {
        None => TimelineScope::Partner(view.partner),
        Some(customer) => TimelineScope::PartnerAtCustomer(view.partner, customer),
    };
    let filter =
        TimelineFilter { types: wanted_types(reader.query())?, ..TimelineFilter::default() };
    let before: Option<Position> = reader.seek.after()?;
    let limit = reader.seek.size()?.unwrap_or(PAGE_EVENTS_DEFAULT);
    let page = view.model.audit_timeline().page(scope, &filter, before, limit);
    let teller = Teller::new(&app, &reader.caller, &view).await?;
    let mut items = Vec::with_capacity(page.entries.len());
    for entry in page.entries {
        items.push(teller.told(&app.event(entry.position).await?).await?);
    }
    let body = reader.seek.page(&app, items, None, page.next);
    Ok(Answer::ok(view.position(), body))
}

/// The types of events that are asked for, by name, separated by commas or in several parameters.
pub(super) fn wanted_types(query: &Query) -> Result<BTreeSet<u16>, ApiError> {
    let names = query.texts("type").flat_map(|names| names.split(','));
    let names = names.map(str::trim).filter(|name| !name.is_empty());
    let numbers = names.map(|name| {
        let known = Event::types().find(|(_, known, _)| same_word(known, name));
        known.map(|(number, ..)| number.0).ok_or_else(|| {
            ApiError::invalid("type", "must name events, such as CustomerUserDeleted")
        })
    });
    numbers.collect()
}
