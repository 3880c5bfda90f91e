//! Requests for a partnership and the e-mail that carries their link: the same for every way in.

use commands::{LINK_PLACEHOLDER, RequestPartnership};
use events::{
    Event, InvalidValue, InvitationDraft, InvitationId, LetterText, PartnerId, PartnershipEvent,
    PartnershipId, SubjectLine,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use projections::{PartnershipRow, PartnershipState, ReadModel};

use super::{
    Application, Call, CommandError, OnPartnership, Outcome,
    links::{InvitationLink, LinkError},
};
use crate::ids;

/// How long the link of a request works unless it is said otherwise, in days.
pub(crate) const LINK_DAYS_DEFAULT: i64 = 30;
/// How long the link may work, in days.
pub(crate) const LINK_DAYS_MAX: i64 = 365;

/// What may stand as it is in the address, the subject and the text of a `mailto:` link.
const MAILTO: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'@').remove(b'.').remove(b'-').remove(b'_').remove(b'~');

/// The subject that is proposed for the e-mail of a provider; one with a long name is not named.
///
/// # Errors
/// Never: there is always one that is short enough.
pub(crate) fn proposed_subject(provider: &str) -> Result<SubjectLine, InvalidValue> {
    SubjectLine::new(&format!("{provider} asks you for a partnership"))
        .or_else(|_| SubjectLine::new("A request for a partnership"))
}

/// The text that is proposed for it.
///
/// # Errors
/// Never: names are short beside what a text may hold.
pub(crate) fn proposed_text(provider: &str, days: i64) -> Result<LetterText, InvalidValue> {
    LetterText::new(&format!(
        "Hello,\n\n{provider} would like to work with you as an indirect reseller. To accept, sign in \
         as a global admin or admin agent of your company and open this link:\n\n\
         {LINK_PLACEHOLDER}\n\nThe link works for {days} days.\n\nBest regards\n{provider}"
    ))
}

/// The e-mail with its personalised link in place, which is derived here and stored nowhere.
pub(crate) struct Letter {
    pub(crate) link: String,
    pub(crate) text: String,
    /// Opens the e-mail in a mail program.
    pub(crate) mailto: String,
}

impl Letter {
    /// Puts the link where its placeholder stands.
    pub(super) fn new(link: String, recipient: &str, subject: &str, text: &LetterText) -> Self {
        let text = text.as_str().replace(LINK_PLACEHOLDER, &link);
        let encoded = |text: &str| utf8_percent_encode(text, MAILTO).to_string();
        let mailto = format!(
            "mailto:{}?subject={}&body={}",
            encoded(recipient),
            encoded(subject),
            encoded(&text.replace('\n', "\r\n"))
        );
        Self { link, text, mailto }
    }
}

impl Application {
    /// Asks for a partnership; the link in the letter works for so many days.
    ///
    /// # Errors
    /// When a rule says no, or something cannot be read or written.
    pub(crate) async fn request_partnership(
        &self,
        call: &Call,
        provider: PartnerId,
        draft: InvitationDraft,
        days: i64,
    ) -> Result<(PartnershipId, Outcome), CommandError> {
        let now = self.now();
        let partnership_id = ids::fresh(now, PartnershipId::from_uuid);
        let command = RequestPartnership {
            partnership_id,
            provider,
            invitation_id: ids::fresh(now, InvitationId::from_uuid),
            expires_at: now.plus_hours(days.saturating_mul(24)),
            draft,
        };
        let outcome = self.execute(call, &OnPartnership::new(partnership_id, command)).await?;
        let requested = outcome.find(|event| match event {
            Event::Partnership(PartnershipEvent::PartnershipRequested(event)) => {
                Some(event.partnership_id)
            }
            _ => None,
        });
        Ok((requested.unwrap_or(partnership_id), outcome))
    }

    /// The letter of a request, as long as nobody has answered it; `own_address` is where this
    /// program is reached.
    pub(crate) fn letter(
        &self,
        row: &PartnershipRow,
        draft: &InvitationDraft,
        own_address: &str,
    ) -> Option<Letter> {
        if row.state != PartnershipState::Requested {
            return None;
        }
        let link = self.invitation_link(row, own_address);
        Some(Letter::new(link, draft.recipient.as_str(), draft.subject.as_str(), &draft.text))
    }

    /// The personalised link of a request, for a program reached under `own_address`.
    pub(crate) fn invitation_link(&self, row: &PartnershipRow, own_address: &str) -> String {
        let link = InvitationLink { invitation: row.invitation, expires_at: row.expires_at };
        format!("{own_address}/invitations/{}", self.link_token(link))
    }

    /// The request that a link answers; `link` is the whole of it or its last part, the token.
    ///
    /// # Errors
    /// When the link was not made here, or not completely copied.
    pub(crate) fn invited<'a>(
        &self,
        model: &'a ReadModel,
        link: &str,
    ) -> Result<Option<&'a PartnershipRow>, LinkError> {
        let token = link.trim().rsplit('/').next().unwrap_or_default();
        let link = self.read_link_token(token)?;
        let row = model.resellers().by_invitation(link.invitation);
        Ok(row.filter(|row| row.expires_at == link.expires_at))
    }
}
