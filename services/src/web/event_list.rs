//! A timeline as people read it: newest first, what belongs together in one group, each event a
//! sentence that opens into everything that is recorded about it.

use std::collections::BTreeSet;

use commands::Permission;
use events::{
    Actor, Category, CustomerId, DamageHealed, Event, EventTypeId, InstallationEvent, Position,
    RecordedEvent, RefusalEvent, StoredEvent,
};
use maud::{Markup, html};
use projections::{TimelineFilter, TimelineScope};
use serde_json::{Map, Value};

use super::{
    error::PageError,
    names::Names,
    screen::Screen,
    sentence::{self, Cast},
    widgets::{self, Tone, badge},
};
use crate::application::{WITHHELD, people};

/// How many events a page shows.
const EVENTS_A_PAGE: usize = 50;

/// The parameter that names a type or a category of events.
pub(super) const TYPE: &str = "type";

/// The events of a scope that the address asks for; `path` and `kept` lead to older ones.
pub(super) async fn show(
    screen: &Screen,
    scope: TimelineScope,
    path: &str,
    kept: &[(&str, &str)],
) -> Result<Markup, PageError> {
    let before = screen.query.text("before").parse().ok().map(Position::new);
    let mut filter = filter(screen.query.text(TYPE));
    if scope == TimelineScope::Installation {
        filter.types = everybodys();
    }
    let page = screen.model.audit_timeline().page(scope, &filter, before, EVENTS_A_PAGE);
    let mut events = Vec::with_capacity(page.entries.len());
    for entry in &page.entries {
        events.push(screen.app.event(entry.position).await?);
    }
    let cast = cast(screen, &events).await?;
    let next = page.next.map(|next| link(screen, path, kept, &next.to_string()));
    let first = before.map(|_| link(screen, path, kept, ""));
    Ok(html! {
        @if events.is_empty() {
            (widgets::empty("Nothing happened here."))
        } @else {
            div.timeline #timeline {
                @for group in events.chunk_by(belong_together) { (show_group(screen, &cast, group)) }
            }
        }
        (widgets::pager(events.len(), None, first, next))
    })
}

fn link(screen: &Screen, path: &str, kept: &[(&str, &str)], before: &str) -> String {
    let mut parameters = kept.to_vec();
    parameters.extend([(TYPE, screen.query.text(TYPE)), ("before", before)]);
    screen.link_with(path, &parameters)
}

/// What of the installation is for every company to see: what happened to the log and the keys that
/// keep its history too. Who was refused is for the company of who was.
fn everybodys() -> BTreeSet<u16> {
    [DamageHealed::TYPE_ID.0].into()
}

/// Reads a filter: the number of a type, or the name of a category.
fn filter(text: &str) -> TimelineFilter {
    let category = Category::ALL.into_iter().find(|category| category.name() == text);
    let types = text.parse::<u16>().ok().into_iter().collect();
    TimelineFilter { types, category, ..TimelineFilter::default() }
}

/// The choice of a type or a category.
pub(super) fn type_choice(screen: &Screen, categories: &[(Category, &str)]) -> Markup {
    let chosen = screen.query.text(TYPE);
    let number = |id: EventTypeId| id.0.to_string();
    html! {
        label.hidden for="type" { "Kind of event" }
        select #type name=(TYPE) {
            option value="" { "Every kind of event" }
            @for (category, title) in categories {
                optgroup label=(title) {
                    @if categories.len() > 1 {
                        option value=(category.name()) selected[chosen == category.name()] {
                            "All: " (title)
                        }
                    }
                    @for (id, name, _) in Event::types().filter(|(id, ..)| id.category() == Some(*category)) {
                        option value=(number(id)) selected[chosen == number(id)] {
                            (sentence::type_in_words(name))
                        }
                    }
                }
            }
        }
    }
}

/// The same request of the same actor.
fn belong_together(one: &RecordedEvent, other: &RecordedEvent) -> bool {
    one.metadata.correlation_id == other.metadata.correlation_id
        && one.metadata.actor == other.metadata.actor
}

/// Learns the names of everybody the events speak of, as far as the visitor may see them.
async fn cast<'a>(screen: &'a Screen, events: &[RecordedEvent]) -> Result<Cast<'a>, PageError> {
    let own = screen.visitor.partner;
    let (app, model) = (&screen.app, &screen.model);
    let mut names = Names::default();
    for event in events {
        let (customer_user, partner_user) = people(&event.event);
        if let Some(user) = customer_user.filter(|_| screen.disclosure.sees_people(event)) {
            let customer = CustomerId::from_uuid(event.stream.id());
            names.learn_customer_user(app, model, customer, user).await?;
        }
        if let Some(user) = partner_user.filter(|_| event.stream == own.into()) {
            names.learn_partner_user(app, model, own, user).await?;
        }
        let who = [Some(event.metadata.actor), approver(screen, event), refused(event)];
        for actor in who.into_iter().flatten() {
            if let Actor::PartnerUser { partner, user } = actor
                && partner == own
            {
                names.learn_partner_user(app, model, own, user).await?;
            }
        }
    }
    let sees_customers =
        screen.sees(Permission::CustomersView) || screen.sees(Permission::CustomerUsersView);
    Ok(Cast { model, catalogue: app.catalogue(), names, own, sees_customers })
}

/// Who was refused, where the event is a refusal.
const fn refused(event: &RecordedEvent) -> Option<Actor> {
    match &event.event {
        Event::Installation(InstallationEvent::Refusal(RefusalEvent::AccessRefused(event))) => {
            Some(event.caller)
        }
        _ => None,
    }
}

/// Who approved, which is known of the own side only.
fn approver(screen: &Screen, event: &RecordedEvent) -> Option<Actor> {
    let partner = screen.visitor.partner;
    event
        .metadata
        .approved_by
        .filter(|_| screen.disclosure.is_own_affair(event))
        .map(|user| Actor::PartnerUser { partner, user })
}

/// What one request did; a request with one event needs no heading.
fn show_group(screen: &Screen, cast: &Cast<'_>, group: &[RecordedEvent]) -> Markup {
    let Some(first) = group.first() else { return html! {} };
    let metadata = &first.metadata;
    html! {
        section.group data-correlation=(metadata.correlation_id) {
            @if group.len() > 1 {
                header {
                    (widgets::exact_time(metadata.occurred_at))
                    strong { (cast.actor(&metadata.actor)) }
                    span { (group.len()) " events in one request" }
                    @if screen.disclosure.is_own_affair(first) { code { (metadata.rule.as_str()) } }
                }
            }
            // Within one request the story is told in the order in which it happened.
            @for event in group.iter().rev() { (show_event(screen, cast, event, group.len() == 1)) }
        }
    }
}

fn show_event(screen: &Screen, cast: &Cast<'_>, event: &RecordedEvent, is_alone: bool) -> Markup {
    let metadata = &event.metadata;
    let actor = cast.actor(&metadata.actor);
    let shown = screen.app.disclosed(&screen.disclosure, event);
    let reason = shown.metadata.get("reason").and_then(Value::as_str);
    let is_own = screen.disclosure.is_own_affair(event);
    html! {
        details.event data-position=(event.position) data-type=(event.event.name()) {
            summary {
                @if is_alone { (widgets::exact_time(metadata.occurred_at)) " " }
                (actor) " " (sentence::deed(cast, event))
                @if let Some(ticket) = metadata.ticket.as_ref().filter(|_| is_own) { " " (badge(Tone::Plain, ticket.as_str())) }
                @if let Some(user) = metadata.approved_by.filter(|_| is_own) {
                    " " span.hint { "approved by " (cast.names.partner_user(user)) }
                }
                @if let Some(reason) = reason { " " q.hint { (reason) } }
                @if is_alone && is_own { " " code.rule { (metadata.rule.as_str()) } }
            }
            div.detail {
                div { h3 { "What happened" } (pairs(&shown.data)) }
                div { h3 { "Who, when, why" } (pairs(&shown.metadata)) }
                div {
                    h3 { "Where it stands" }
                    dl.pairs {
                        div { dt { "type" } dd { code { (event.event.name()) } " version " (event.schema_version) } }
                        div { dt { "position" } dd { (event.position) } }
                        div { dt { "stream" } dd { code { (event.stream) } " version " (event.stream_version) } }
                        div { dt { "event id" } dd { code { (event.event_id) } } }
                        div { dt { "commit id" } dd { code { (event.commit_id) } } }
                        div { dt { "recorded at" } dd { (event.recorded_at) } }
                    }
                }
            }
        }
    }
}

fn pairs(fields: &Map<String, Value>) -> Markup {
    html! {
        dl.pairs {
            @for (name, value) in fields {
                div { dt { (name) } dd { (show_value(value)) } }
            }
        }
    }
}

fn show_value(value: &Value) -> Markup {
    match value {
        Value::Null => widgets::dash(),
        Value::Bool(value) => html! { (value) },
        Value::Number(value) => html! { (value) },
        Value::String(value) => html! { (value) },
        Value::Array(values) if values.is_empty() => widgets::dash(),
        Value::Array(values) if values.iter().all(Value::is_u64) => {
            let bytes = values.iter().filter_map(Value::as_u64);
            html! { code { @for byte in bytes { (format!("{byte:02x}")) } } }
        }
        Value::Array(values) => {
            html! { ul { @for value in values { li { (show_value(value)) } } } }
        }
        Value::Object(fields) if fields.contains_key("$erased") => badge(Tone::Warning, "erased"),
        Value::Object(fields) if fields.contains_key("$unavailable") => {
            badge(Tone::Bad, "key unavailable")
        }
        Value::Object(fields) if fields.contains_key(WITHHELD) => {
            badge(Tone::Plain, "not visible to your roles")
        }
        Value::Object(fields) => pairs(fields),
    }
}
