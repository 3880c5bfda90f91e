//! Service requests of partners, and what operators answer.

use commands::{
    CarryOutServiceRequest, ChangeServiceRequest, DeclineServiceRequest, LogServiceRequest,
    ServiceRequestCommand, VerifyElevation,
};
use events::{
    GlobalAdminAbsence, PartnerId, ProfileLocation, PublicProfile, RequestSeverity, RequestStatus,
    RequestTopic, ServiceRequestId, ServiceRequestKind, ServiceRequestText, SubscriptionId,
    WebAddress,
};

use super::values::{company, country, subject, text};
use crate::{
    model::Status,
    scene::{By, Scene},
    task::Task,
};

pub(super) fn any(scene: &mut Scene<'_>) -> Option<(By, Task)> {
    let kind = scene.dice.below(20);
    if kind < 7 {
        return Some(log(scene));
    }
    let wants_special = kind >= 13;
    let (request_id, partner) = one(scene, wants_special);
    let (by, command): (By, ServiceRequestCommand) = match kind {
        7..=11 => {
            let side = if scene.dice.one_in(2) { By::Support } else { By::Employee(partner) };
            (side, change(scene).into())
        }
        12 => (By::Support, DeclineServiceRequest { reason: text("No") }.into()),
        13..=15 => {
            let absence = GlobalAdminAbsence::Left;
            (By::Support, VerifyElevation { absence, evidence: text("Called back") }.into())
        }
        _ => (By::Support, CarryOutServiceRequest { request_id }.into()),
    };
    Some((by, Task::Request(request_id, command)))
}

fn one(scene: &mut Scene<'_>, wants_special: bool) -> (ServiceRequestId, PartnerId) {
    let requests = scene.plain.requests.iter();
    let is_special = |kind: &ServiceRequestKind| {
        matches!(
            kind,
            ServiceRequestKind::Elevation { .. } | ServiceRequestKind::PublicProfileChange { .. }
        )
    };
    let meant = requests.clone().filter(|(_, it)| {
        is_special(&it.kind) == wants_special && (!wants_special || it.status.is_open())
    });
    let meant: Vec<_> = meant.map(|(id, it)| (*id, it.partner)).collect();
    let any: Vec<_> = requests.map(|(id, it)| (*id, it.partner)).collect();
    let picked = if scene.dice.one_in(8) { None } else { scene.dice.pick(&meant) };
    let unknown = (ServiceRequestId::MAX, scene.world.partners[0]);
    picked.or_else(|| scene.dice.pick(&any)).unwrap_or(unknown)
}

fn log(scene: &mut Scene<'_>) -> (By, Task) {
    let partner_id = scene.partner();
    let taken = scene.plain.requests.keys().next().copied();
    let fresh = ServiceRequestId::new(ServiceRequestId::MIN.get() + scene.world.number()).unwrap();
    let request_id = taken.filter(|_| scene.dice.one_in(30)).unwrap_or(fresh);
    let kind = kind(scene, partner_id);
    let topics = RequestTopic::ALL;
    let command = LogServiceRequest {
        request_id,
        partner_id,
        kind,
        topic: scene.dice.pick(topics).unwrap_or(RequestTopic::Other),
        severity: scene.dice.pick(RequestSeverity::ALL).unwrap_or(RequestSeverity::Minimal),
        text: ServiceRequestText {
            title: subject(),
            description: text("Please help"),
            identity: (!scene.dice.one_in(12)).then(|| text("Badge 7")),
            organization: (!scene.dice.one_in(12)).then(|| text("Registered")),
        },
    };
    (By::Employee(partner_id), Task::Request(request_id, command.into()))
}

fn kind(scene: &mut Scene<'_>, partner: PartnerId) -> ServiceRequestKind {
    match scene.dice.below(8) {
        0 => ServiceRequestKind::PartnerSupport,
        1..=3 => {
            let Some(customer_id) = scene.customer() else {
                return ServiceRequestKind::PartnerSupport;
            };
            let held = scene.plain.customers.get(&customer_id).into_iter();
            let held: Vec<_> = held.flat_map(|it| it.subscriptions.keys().copied()).collect();
            let id = scene.known(&held, SubscriptionId::from_uuid);
            let subscription_id = (!scene.dice.one_in(3)).then_some(id);
            let office365 = scene.dice.one_in(2);
            ServiceRequestKind::CustomerSupport { customer_id, subscription_id, office365 }
        }
        4..=5 => {
            let user_id = scene.employee(partner, Status::is_active);
            ServiceRequestKind::Elevation { user_id }
        }
        _ => ServiceRequestKind::PublicProfileChange { profile: profile(scene) },
    }
}

fn profile(scene: &mut Scene<'_>) -> PublicProfile {
    let count = [1, 1, 1, 1, 2, 0][scene.dice.below(6)];
    let target = WebAddress::new("https://partner.example/").unwrap();
    let location = || ProfileLocation { country: country(), target: target.clone() };
    PublicProfile {
        name: company(&format!("Provider {}", scene.dice.below(5))),
        logo: None,
        locations: (0..count).map(|_| location()).collect(),
    }
}

fn change(scene: &mut Scene<'_>) -> ChangeServiceRequest {
    let mut change = ChangeServiceRequest::default();
    match scene.dice.below(6) {
        0 => change.note = Some(text("More")),
        1 => change.severity = scene.dice.pick(RequestSeverity::ALL),
        _ => change.status = scene.dice.pick(RequestStatus::ALL),
    }
    if scene.dice.one_in(4) {
        change.note = Some(text("Beside it"));
    }
    change
}
