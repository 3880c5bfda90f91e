//! What partnerlog noticed itself is recorded by itself alone, and once.

use commands::{Installation, RecordHealing, RecordRefusal, Rejection, scenario::Scenario};
use events::{
    AccessRefused, Actor, DamageHealed, DamagedPart, FoundBy, HealingId, Position, PositionRange,
    Process, StreamId,
};
use uuid::Uuid;

use crate::samples::{ANA, CONTOSO, PROVIDER, PURGE, a_customer_user, hour, provider_user};

const WATCH: Actor = Actor::System(Process::Watch);

fn healing(number: u128) -> RecordHealing {
    RecordHealing {
        healing_id: HealingId::from_uuid(Uuid::from_u128(number)),
        part: DamagedPart::Journal,
        positions: Some(PositionRange { from: Position::START, until: Position::new(256) }),
        finding: "a damaged frame".parse().unwrap(),
        found_by: FoundBy::Opening,
        found_at: hour(1),
    }
}

fn healed(number: u128) -> DamageHealed {
    let RecordHealing { healing_id, part, positions, finding, found_by, found_at } =
        healing(number);
    DamageHealed { healing_id, part, positions, finding, found_by, found_at }
}

fn refusal() -> RecordRefusal {
    RecordRefusal {
        caller: provider_user(ANA),
        code: "forbidden".parse().unwrap(),
        permission: Some("customers.create".parse().unwrap()),
        request: "CreateCustomer".parse().unwrap(),
        target: Some(StreamId::from(CONTOSO)),
        refused_at: hour(2),
        suppressed: 3,
    }
}

#[test]
fn a_healing_is_recorded_once_however_often_it_is_reported() {
    Scenario::<Installation>::new()
        .by(WATCH)
        .when(healing(1))
        .then([healed(1)])
        .when(healing(1))
        .then_nothing()
        .when(healing(2))
        .then([healed(2)]);
}

#[test]
fn a_refusal_is_recorded_with_who_was_refused_what_and_how_often() {
    let command = refusal();
    Scenario::<Installation>::new().by(WATCH).when(command.clone()).then([AccessRefused {
        caller: Actor::PartnerUser { partner: PROVIDER, user: ANA },
        code: command.code,
        permission: command.permission,
        request: command.request,
        target: command.target,
        refused_at: hour(2),
        suppressed: 3,
    }]);
}

#[test]
fn nobody_but_partnerlog_itself_says_what_it_noticed() {
    for actor in [provider_user(ANA), a_customer_user(), Actor::Operator, PURGE] {
        let story = Scenario::<Installation>::new().by(actor);
        story
            .when(healing(1))
            .then_refused(Rejection::ActorNotAllowed)
            .when(refusal())
            .then_refused(Rejection::ActorNotAllowed);
    }
}
