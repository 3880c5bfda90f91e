//! Samples of what happens to names and to the installation.

use events::{
    AccessRefused, Actor, ClaimKind, CustomerId, DamageHealed, DamagedPart, FoundBy, HealingId,
    Holder, InstallationEvent, NameClaimEvent, NameClaimed, NameReleased, PartnerId, PartnerUserId,
    Position, PositionRange, StreamId,
};

use crate::draw::Draw;

pub(super) fn names(draw: &mut Draw) -> Vec<NameClaimEvent> {
    let kinds =
        [ClaimKind::SignInName, ClaimKind::MpnId, ClaimKind::PartnershipPair, ClaimKind::Domain];
    vec![
        NameClaimed { kind: draw.pick(&kinds), holder: Holder(draw.uuid()) }.into(),
        NameReleased { kind: draw.pick(&kinds), holder: Holder(draw.uuid()) }.into(),
    ]
}

pub(super) fn installation(draw: &mut Draw) -> Vec<InstallationEvent> {
    let caller =
        Actor::PartnerUser { partner: id!(draw, PartnerId), user: id!(draw, PartnerUserId) };
    vec![
        DamageHealed {
            healing_id: id!(draw, HealingId),
            part: draw.pick(&[DamagedPart::KeyBlocks, DamagedPart::Journal]),
            positions: draw
                .option(|_| PositionRange { from: Position::new(256), until: Position::new(512) }),
            finding: draw.text("a damaged frame in journal-000001.plj at byte 4096"),
            found_by: draw.pick(&[FoundBy::Running, FoundBy::Opening]),
            found_at: draw.moment(),
        }
        .into(),
        AccessRefused {
            caller,
            code: draw.text("forbidden"),
            permission: draw.option(|draw| draw.text("customers.create")),
            request: draw.text("CreateCustomer"),
            target: draw.option(|draw| StreamId::from(id!(draw, CustomerId))),
            refused_at: draw.moment(),
            suppressed: draw.number().into(),
        }
        .into(),
    ]
}
