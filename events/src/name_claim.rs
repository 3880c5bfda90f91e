//! Names that must be unique in the whole installation: each is a stream of its own, named by the
//! keyed hash of the name, so that two claims collide without the name being readable.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    log::{Category, StreamId},
    personal::Clear,
    values::NameHash,
};

/// What kind of name is claimed. Stored by order: new kinds go to the end.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimKind {
    /// A customer's domain; the holder is the customer.
    Domain,
    /// A partner user's sign-in name; the holder is the user.
    SignInName,
    /// A partner's MPN id; the holder is the partner.
    MpnId,
    /// The pair of a provider and a reseller; the holder is their partnership.
    PartnershipPair,
}

impl Clear for ClaimKind {}

/// The id of the thing that holds a name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Holder(pub Uuid);

impl Clear for Holder {}

events! {
    /// A name was taken.
    NameClaimed = 0x0401 v 1 {
        /// What kind of name.
        clear kind: ClaimKind,
        /// Who holds it now.
        clear holder: Holder,
    }
    /// A name is free again.
    NameReleased = 0x0402 v 1 {
        /// What kind of name.
        clear kind: ClaimKind,
        /// Who held it.
        clear holder: Holder,
    }
}

aggregate_events! {
    /// What happens to a unique name.
    NameClaimEvent { NameClaimed, NameReleased }
}

impl From<NameHash> for StreamId {
    /// The stream of the name with this hash.
    fn from(hash: NameHash) -> Self {
        Self::new(Category::NameClaim, Uuid::from_bytes(*hash.as_bytes()))
    }
}
