use commands::{
    IncidentRefusal, Installation, OpenIncident, Rejection, ResolveIncident, UpdateIncident,
    scenario::Scenario,
};
use events::{
    Actor, IncidentId, IncidentOpened, IncidentResolved, IncidentSeverity, IncidentUpdated,
    OperatorId, SkuId,
};
use uuid::Uuid;

use crate::samples::{ANA, catalogue, hour, provider_user};

const OUTAGE: IncidentId = IncidentId::from_uuid(Uuid::from_u128(0x0_1c1));
const OLA: Actor =
    Actor::SupportOperator { operator: OperatorId::from_uuid(Uuid::from_u128(0x0_01a)) };

fn begin() -> Scenario<Installation> {
    Scenario::new().with_catalogue(catalogue()).at(hour(10)).by(OLA)
}

fn open() -> OpenIncident {
    OpenIncident {
        incident_id: OUTAGE,
        sku_id: catalogue().offers()[0].sku_id,
        severity: IncidentSeverity::Degraded,
        title: "Mail is late".parse().unwrap(),
        note: "We look into it.".parse().unwrap(),
        started_at: hour(9),
    }
}

fn update(severity: Option<IncidentSeverity>) -> UpdateIncident {
    UpdateIncident { incident_id: OUTAGE, severity, note: "Half is back.".parse().unwrap() }
}

fn resolve() -> ResolveIncident {
    ResolveIncident { incident_id: OUTAGE, note: "A cable was cut.".parse().unwrap() }
}

fn updated(severity: IncidentSeverity) -> IncidentUpdated {
    IncidentUpdated { incident_id: OUTAGE, severity, note: update(None).note }
}

#[test]
fn an_operator_opens_an_incident_tells_more_and_resolves_it() {
    let OpenIncident { incident_id, sku_id, severity, title, note, started_at } = open();
    let service = catalogue().offers()[0].sku_name.clone();
    let opened = IncidentOpened { incident_id, sku_id, service, severity, title, note, started_at };
    begin()
        .when(open())
        .then([opened])
        .when(update(None))
        .then([updated(IncidentSeverity::Degraded)])
        .when(update(Some(IncidentSeverity::Interrupted)))
        .then([updated(IncidentSeverity::Interrupted)])
        .when(update(None))
        .then([updated(IncidentSeverity::Interrupted)])
        .when(resolve())
        .then([IncidentResolved { incident_id, note: resolve().note }]);
}

#[test]
fn an_incident_is_of_a_product_that_is_known_and_has_begun() {
    let sku_id = SkuId::from_uuid(Uuid::from_u128(0xdead));
    let unknown = OpenIncident { sku_id, ..open() };
    begin().when(unknown).then_refused(IncidentRefusal::UnknownService { sku_id }.into());
    let now = OpenIncident { started_at: hour(10), ..open() };
    begin().after(now).when(update(None)).then([updated(IncidentSeverity::Degraded)]);
    let ahead = OpenIncident { started_at: hour(10).plus_seconds(1), ..open() };
    begin().when(ahead).then_refused(IncidentRefusal::StartedAhead.into());
    let twice = Rejection::AlreadyExists { what: "incident" };
    begin().after(open()).when(open()).then_refused(twice);
}

#[test]
fn nothing_is_told_of_an_incident_that_is_unknown_or_resolved() {
    begin().when(update(None)).then_refused(IncidentRefusal::NotFound.into());
    begin().when(resolve()).then_refused(IncidentRefusal::NotFound.into());
    let over = || begin().after(open()).after(resolve());
    over().when(update(None)).then_refused(IncidentRefusal::Resolved.into());
    over().when(resolve()).then_refused(IncidentRefusal::Resolved.into());
    over().when(open()).then_refused(Rejection::AlreadyExists { what: "incident" });
}

#[test]
fn only_operators_tell_of_incidents() {
    for actor in [provider_user(ANA), Actor::Visitor] {
        let given = begin().after(open()).by(actor);
        given.clone().when(open()).then_refused(Rejection::ActorNotAllowed);
        given.clone().when(update(None)).then_refused(Rejection::ActorNotAllowed);
        given.when(resolve()).then_refused(Rejection::ActorNotAllowed);
    }
}
