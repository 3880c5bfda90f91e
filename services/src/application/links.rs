//! Personalised invitation links: an HMAC over invitation and expiry, derived when shown or sent,
//! never stored. Single use is decided from the log.

use data_encoding::BASE64URL_NOPAD;
use events::{InvitationId, Timestamp};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::Application;
use crate::keys::keyed_hash;

const ID_BYTES: usize = 16;
const TIME_BYTES: usize = 8;
const TAG_BYTES: usize = 32;

/// The part of a personalised link that identifies and proves an invitation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InvitationLink {
    /// The invitation.
    pub invitation: InvitationId,
    /// When it stops working.
    pub expires_at: Timestamp,
}

/// To what a link invites: a token of one kind proves nothing about another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum LinkKind {
    /// A partnership of a provider and a reseller.
    Partnership,
    /// A relationship of a partner and a customer.
    Relationship,
}

impl LinkKind {
    const fn label(self) -> &'static str {
        match self {
            Self::Partnership => "link/invitation",
            Self::Relationship => "link/relationship",
        }
    }
}

/// A link that was not made here, or not completely copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the invitation link is not valid; copy it whole")]
pub struct LinkError;

impl Application {
    /// The token that stands in the link of an invitation to a partnership.
    #[must_use]
    pub fn link_token(&self, link: InvitationLink) -> String {
        self.token_of(LinkKind::Partnership, link)
    }

    /// Reads a token of an invitation to a partnership back, if it was made here.
    ///
    /// # Errors
    /// When it was not.
    pub fn read_link_token(&self, token: &str) -> Result<InvitationLink, LinkError> {
        self.read_token_of(LinkKind::Partnership, token)
    }

    /// The token that stands in the link of an invitation of this kind.
    pub(crate) fn token_of(&self, kind: LinkKind, link: InvitationLink) -> String {
        let mut bytes = Vec::with_capacity(ID_BYTES + TIME_BYTES + TAG_BYTES);
        bytes.extend_from_slice(link.invitation.as_uuid().as_bytes());
        bytes.extend_from_slice(&link.expires_at.as_microseconds().to_be_bytes());
        bytes.extend_from_slice(&self.link_tag(kind, &bytes));
        BASE64URL_NOPAD.encode(&bytes)
    }

    /// Reads a token of this kind back, if it was made here.
    pub(crate) fn read_token_of(
        &self,
        kind: LinkKind,
        token: &str,
    ) -> Result<InvitationLink, LinkError> {
        let bytes = BASE64URL_NOPAD.decode(token.trim().as_bytes()).map_err(|_| LinkError)?;
        let (content, tag) = bytes.split_at_checked(ID_BYTES + TIME_BYTES).ok_or(LinkError)?;
        if !bool::from(self.link_tag(kind, content).ct_eq(tag)) {
            return Err(LinkError);
        }
        let (id, time) = content.split_at_checked(ID_BYTES).ok_or(LinkError)?;
        let time = i64::from_be_bytes(time.try_into().map_err(|_| LinkError)?);
        Ok(InvitationLink {
            invitation: InvitationId::from_uuid(Uuid::from_slice(id).map_err(|_| LinkError)?),
            expires_at: Timestamp::from_microseconds(time).ok_or(LinkError)?,
        })
    }

    fn link_tag(&self, kind: LinkKind, content: &[u8]) -> [u8; TAG_BYTES] {
        keyed_hash(self.keys.link_key(), kind.label(), &[content])
    }
}
