//! Requests for relationships, their answers, and privileges that end.

use commands::{
    AcceptRelationshipRequest, CustomerCommand, DeclineRelationshipRequest, EditRelationshipDraft,
    EndDelegatedAdmin, ExpireRelationshipRequest, RecordRelationshipSending, RequestRelationship,
    SendRelationshipLetter, SignUp, WithdrawRelationshipRequest,
};
use events::{CustomerId, InvitationId, PartnerId, Process, RelationshipDraft};
use services::application::Principal;

use super::{bonds, values::subject};
use crate::{
    model::Answer,
    scene::{By, Scene},
    task::Task,
};

pub(super) fn any(scene: &mut Scene<'_>) -> Option<(By, Task)> {
    match scene.dice.below(25) {
        0..=4 => request(scene),
        5 => {
            let customer = scene.customer()?;
            let command = EndDelegatedAdmin { partner_id: scene.partner_of(customer) };
            Some((By::Company(customer), Task::Customer(customer, command.into())))
        }
        kind => about_one(scene, kind),
    }
}

fn draft(scene: &mut Scene<'_>) -> RelationshipDraft {
    RelationshipDraft { recipient: None, subject: subject(), text: scene.letter() }
}

fn request(scene: &mut Scene<'_>) -> Option<(By, Task)> {
    let any_company = scene.dice.one_in(2);
    let stream = if any_company {
        let taken: Vec<_> = scene.plain.customers.keys().copied().collect();
        scene.fresh(&taken, CustomerId::from_uuid)
    } else {
        scene.customer()?
    };
    let ended = scene.plain.customers.get(&stream).into_iter().flat_map(|it| it.bonds.iter());
    let ended: Vec<_> = ended.filter(|it| !it.1.active).map(|(partner, _)| *partner).collect();
    let any = scene.partner();
    let ended = if scene.dice.one_in(2) { scene.dice.pick(&ended) } else { None };
    let partner_id = ended.unwrap_or(any);
    let hours = [400, 24, 1][scene.dice.below(3)];
    let command = RequestRelationship {
        invitation_id: scene.world.id(InvitationId::from_uuid),
        partner_id,
        addressed_to: (!any_company).then_some(stream),
        delegated_admin: scene.dice.one_in(2),
        expires_at: scene.ahead(hours),
        draft: draft(scene),
    };
    Some((By::Employee(partner_id), Task::Customer(stream, command.into())))
}

/// A request: its stream, itself, who asked, and whether it addresses the stream's customer. Mostly
/// one that nobody has answered.
fn one(scene: &mut Scene<'_>) -> Option<(CustomerId, InvitationId, PartnerId, bool)> {
    let requests = scene
        .plain
        .customers
        .iter()
        .flat_map(|(stream, it)| it.requests.iter().map(|(id, asked)| (*stream, *id, asked)));
    let of = |open: bool| -> Vec<_> {
        let requests = requests.clone().filter(|it| !open || it.2.fate.is_none());
        requests.map(|(stream, id, it)| (stream, id, it.partner, it.is_addressed)).collect()
    };
    let (open, any) = (of(true), of(false));
    let open = if scene.dice.one_in(8) { None } else { scene.dice.pick(&open) };
    let mut picked = open.or_else(|| scene.dice.pick(&any))?;
    if scene.dice.one_in(30) {
        picked.1 = scene.world.id(InvitationId::from_uuid);
    }
    if scene.dice.one_in(20) {
        picked.2 = scene.partner();
    }
    Some(picked)
}

fn about_one(scene: &mut Scene<'_>, kind: usize) -> Option<(By, Task)> {
    let (stream, invitation_id, partner_id, is_addressed) = one(scene)?;
    let company = if is_addressed && !scene.dice.one_in(16) { stream } else { scene.customer()? };
    let (by, command): (By, CustomerCommand) = match kind {
        6..=10 => return Some(answer(scene, (stream, invitation_id, company), true)),
        11 => return Some(answer(scene, (stream, invitation_id, company), false)),
        12..=13 if !is_addressed => return Some(sign_up(scene, stream, invitation_id, partner_id)),
        12 => (
            By::Company(stream),
            AcceptRelationshipRequest { invitation_id, customer_id: stream }.into(),
        ),
        13 => (
            By::Company(stream),
            DeclineRelationshipRequest { invitation_id, customer_id: stream }.into(),
        ),
        14..=15 => (
            By::Employee(partner_id),
            EditRelationshipDraft { invitation_id, partner_id, draft: draft(scene) }.into(),
        ),
        16..=17 => (
            By::Employee(partner_id),
            WithdrawRelationshipRequest { invitation_id, partner_id }.into(),
        ),
        20..=21 => {
            let has_recipient = !scene.dice.one_in(6);
            let command = SendRelationshipLetter { invitation_id, partner_id, has_recipient };
            (By::Employee(partner_id), command.into())
        }
        22..=24 => {
            let outcome = bonds::outcome(scene);
            let command = RecordRelationshipSending { invitation_id, outcome };
            (By::Process(Process::Mail), command.into())
        }
        _ => (By::Process(Process::Expiry), ExpireRelationshipRequest { invitation_id }.into()),
    };
    Some((by, Task::Customer(stream, command)))
}

fn answer(
    _: &mut Scene<'_>,
    (stream, invitation, customer): (CustomerId, InvitationId, CustomerId),
    accepts: bool,
) -> (By, Task) {
    let answer = Answer { invitation, stream, customer, accepts };
    (By::Company(customer), Task::Answer(answer))
}

fn sign_up(
    scene: &mut Scene<'_>,
    stream: CustomerId,
    invitation_id: InvitationId,
    partner: PartnerId,
) -> (By, Task) {
    let account = scene.new_customer(stream, partner, None);
    let first = Principal::CustomerUser { customer: stream, user: account.admin.user_id };
    (By::This(first), Task::SignUp(Box::new(SignUp { invitation_id, account })))
}
