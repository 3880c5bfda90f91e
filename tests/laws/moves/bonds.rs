//! Partnerships and their letters.

use commands::{
    AcceptPartnership, DeclinePartnership, EditInvitation, EndPartnership, ExpireInvitation,
    PartnershipCommand, RecordInvitationSending, RequestPartnership, SendInvitation, SendOutcome,
    WithdrawPartnership,
};
use events::{
    InvitationDraft, InvitationId, MailFailure, MailRoute, PartnerId, PartnershipId, Process,
};

use super::values::{email, subject};
use crate::{
    model::PartnershipState,
    scene::{By, Scene},
    task::Task,
};

pub(super) fn any(scene: &mut Scene<'_>) -> Option<(By, Task)> {
    let kind = scene.dice.below(22);
    if kind < 4 {
        let provider = scene.partner();
        return Some(request(scene, provider));
    }
    let wanted = if kind < 8 { PartnershipState::Active } else { PartnershipState::Requested };
    let (id, provider, invitation_id) = one(scene, wanted);
    let reseller = scene.reseller();
    let (by, command): (By, PartnershipCommand) = match kind {
        4..=6 => {
            let ended_by = if scene.dice.one_in(3) { reseller } else { provider };
            (By::Employee(ended_by), EndPartnership { ended_by }.into())
        }
        7..=12 => (By::Employee(reseller), AcceptPartnership { invitation_id, reseller }.into()),
        13 => (By::Employee(reseller), DeclinePartnership { invitation_id, reseller }.into()),
        14 => (By::Employee(provider), WithdrawPartnership { provider }.into()),
        15..=16 => {
            let draft = draft(scene);
            (By::Employee(provider), EditInvitation { provider, draft }.into())
        }
        17..=18 => (By::Employee(provider), SendInvitation { provider }.into()),
        19..=20 => {
            let under_way = scene.plain.partnerships.iter();
            let under_way = under_way.filter(|(_, it)| it.letter.is_under_way());
            let under_way: Vec<_> = under_way.map(|(id, it)| (*id, it.invitation)).collect();
            let picked = scene.dice.pick(&under_way).unwrap_or((id, invitation_id));
            let outcome = outcome(scene);
            let command = RecordInvitationSending { invitation_id: picked.1, outcome };
            let task = Task::Partnership(picked.0, command.into());
            return Some((By::Process(Process::Mail), task));
        }
        _ => (By::Process(Process::Expiry), ExpireInvitation { invitation_id }.into()),
    };
    Some((by, Task::Partnership(id, command)))
}

/// What an attempt to send a letter led to.
pub(super) fn outcome(scene: &mut Scene<'_>) -> SendOutcome {
    match scene.dice.below(6) {
        0 | 1 => SendOutcome::Sent(MailRoute::File),
        2 => SendOutcome::Failed(MailFailure::Refused),
        _ => SendOutcome::Failed(MailFailure::Deferred),
    }
}

/// A partnership, mostly one that has come so far.
fn one(
    scene: &mut Scene<'_>,
    wanted: PartnershipState,
) -> (PartnershipId, PartnerId, InvitationId) {
    let bonds = scene.plain.partnerships.iter();
    let of = |only: bool| -> Vec<_> {
        let bonds = bonds.clone().filter(|(_, it)| !only || it.state == wanted);
        bonds.map(|(id, it)| (*id, it.provider, it.invitation)).collect()
    };
    let (meant, any) = (of(true), of(false));
    let unknown = (
        scene.world.id(PartnershipId::from_uuid),
        scene.world.partners[0],
        scene.world.id(InvitationId::from_uuid),
    );
    if scene.dice.one_in(30) {
        return unknown;
    }
    let picked = if scene.dice.one_in(10) { None } else { scene.dice.pick(&meant) };
    let mut picked = picked.or_else(|| scene.dice.pick(&any)).unwrap_or(unknown);
    if scene.dice.one_in(30) {
        picked.2 = unknown.2;
    }
    picked
}

fn draft(scene: &mut Scene<'_>) -> InvitationDraft {
    let text = scene.letter();
    InvitationDraft { recipient: email("owner@reseller.example"), subject: subject(), text }
}

/// A partner asks for a partnership.
pub(crate) fn request(scene: &mut Scene<'_>, provider: PartnerId) -> (By, Task) {
    let taken: Vec<_> = scene.plain.partnerships.keys().copied().collect();
    let partnership_id = scene.fresh(&taken, PartnershipId::from_uuid);
    let hours = [400, 24, 1][scene.dice.below(3)];
    let command = RequestPartnership {
        partnership_id,
        provider,
        invitation_id: scene.world.id(InvitationId::from_uuid),
        expires_at: scene.ahead(hours),
        draft: draft(scene),
    };
    (By::Employee(provider), Task::Partnership(partnership_id, command.into()))
}
