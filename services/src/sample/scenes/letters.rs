//! Requests for a partnership that nobody answered: their letters, and how they ended.

use commands::{
    EditInvitation, ExpireInvitation, LINK_PLACEHOLDER, Permission, RecordInvitationSending,
    RequestPartnership, SendInvitation, SendOutcome, WithdrawPartnership,
};
use events::{
    EmailAddress, InvalidValue, InvitationDraft, InvitationId, LetterText, MailFailure, MailRoute,
    PartnershipId, Process, SubjectLine,
};

use super::{super::step::Step, script::Script};
use crate::application::Principal;

/// For how long these invitations can be answered, in hours.
const INVITATION_HOURS: i64 = 14 * 24;

pub(super) fn scene(mut script: Script<'_>) -> Result<Vec<Step>, InvalidValue> {
    script.at(400);
    let (partnership, invitation_id) = request("orchard-it.example", &mut script)?;
    let (provider, expires_at) =
        (script.world.provider.id, script.now().plus_hours(INVITATION_HOURS));
    let by = script.provider(Permission::PartnershipsRequest);
    let draft = letter("orchard-it.example", "We met at the fair, as you may remember.")?;
    script.on_partnership(by, partnership, EditInvitation { provider, draft });
    script.on_partnership(by, partnership, SendInvitation { provider });
    let mail = Principal::System(Process::Mail);
    for outcome in [SendOutcome::Failed(MailFailure::Deferred), SendOutcome::Sent(MailRoute::Smtp)]
    {
        let attempt = RecordInvitationSending { invitation_id, outcome };
        script.on_partnership(mail, partnership, attempt);
    }
    script.at_moment(expires_at);
    let expiry = Principal::System(Process::Expiry);
    script.on_partnership(expiry, partnership, ExpireInvitation { invitation_id });

    script.at(460);
    let (partnership, _) = request("wrong-address.example", &mut script)?;
    script.after_days(1);
    let by = script.provider(Permission::PartnershipsRequest);
    script.on_partnership(by, partnership, WithdrawPartnership { provider });
    Ok(script.steps())
}

fn request(
    domain: &str,
    script: &mut Script<'_>,
) -> Result<(PartnershipId, InvitationId), InvalidValue> {
    let partnership_id = script.id(PartnershipId::from_uuid);
    let invitation_id = script.id(InvitationId::from_uuid);
    let request = RequestPartnership {
        partnership_id,
        provider: script.world.provider.id,
        invitation_id,
        expires_at: script.now().plus_hours(INVITATION_HOURS),
        draft: letter(domain, "We would like to sell with you.")?,
    };
    let by = script.provider(Permission::PartnershipsRequest);
    script.on_partnership(by, partnership_id, request);
    Ok((partnership_id, invitation_id))
}

fn letter(domain: &str, words: &str) -> Result<InvitationDraft, InvalidValue> {
    Ok(InvitationDraft {
        recipient: EmailAddress::new(&format!("office@{domain}"))?,
        subject: SubjectLine::new("Shall we sell together?")?,
        text: LetterText::new(&format!(
            "Dear colleagues,\n\n{words} Please open this link and accept the partnership:\n\n\
             {LINK_PLACEHOLDER}\n\nKind regards"
        ))?,
    })
}
