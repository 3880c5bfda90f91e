//! Samples of what happens between a provider and a reseller.

use events::{
    InvitationDraft, InvitationEdited, InvitationExpired, InvitationId, InvitationSendFailed,
    InvitationSendRequested, InvitationSent, MailFailure, MailRoute, PartnerId,
    PartnershipAccepted, PartnershipDeclined, PartnershipEnded, PartnershipEvent, PartnershipId,
    PartnershipRequested, PartnershipWithdrawn, Personal,
};

use crate::draw::Draw;

pub(super) fn partnership(draw: &mut Draw) -> Vec<PartnershipEvent> {
    let (provider, reseller) = (id!(draw, PartnerId), id!(draw, PartnerId));
    let invitation_id = id!(draw, InvitationId);
    let draft = InvitationDraft {
        recipient: draw.text("office@reseller.example"),
        subject: draw.text("Sell with us"),
        text: draw.text("Please open {link}\nand accept."),
    };
    vec![
        PartnershipRequested {
            partnership_id: id!(draw, PartnershipId),
            provider,
            invitation_id,
            expires_at: draw.moment(),
            draft: Personal::open(invitation_id.into(), draft),
        }
        .into(),
        PartnershipAccepted { provider, reseller }.into(),
        PartnershipDeclined { provider, reseller }.into(),
        PartnershipWithdrawn { provider }.into(),
        PartnershipEnded { provider, reseller, ended_by: reseller }.into(),
    ]
}

pub(super) fn invitations(draw: &mut Draw) -> Vec<PartnershipEvent> {
    let (provider, invitation_id) = (id!(draw, PartnerId), id!(draw, InvitationId));
    let edited = InvitationDraft {
        recipient: draw.text("sales@reseller.example"),
        subject: draw.text("Sell with us, please"),
        text: draw.text("Once more: {link}"),
    };
    vec![
        InvitationEdited {
            provider,
            invitation_id,
            draft: Personal::open(invitation_id.into(), edited),
        }
        .into(),
        InvitationSendRequested { provider, invitation_id }.into(),
        InvitationSent {
            provider,
            invitation_id,
            attempt: draw.number(),
            route: draw.pick(&[MailRoute::Smtp, MailRoute::File]),
        }
        .into(),
        InvitationSendFailed {
            provider,
            invitation_id,
            attempt: draw.number(),
            reason: draw.pick(&[MailFailure::Deferred, MailFailure::Refused]),
            retry_at: draw.option(Draw::moment),
        }
        .into(),
        InvitationExpired { provider, invitation_id, expired_at: draw.moment() }.into(),
    ]
}
