//! Which steps a request may take, and at whose word.

use events::{RequestStatus, ServiceRequestKind};

use super::Side;

/// Whether this side may take a request of this kind from one status to another.
///
/// What only an operator decides is resolved by carrying it out, and stays over once it is: nobody
/// is elevated twice on the strength of one verification.
pub(super) const fn may_go(
    kind: &ServiceRequestKind,
    side: Side,
    old: RequestStatus,
    new: RequestStatus,
) -> bool {
    use RequestStatus::{AttentionNeeded, Closed, InProgress, Open, Resolved};
    let is_support = is_support(kind);
    match (side, old, new) {
        // Withdrawn, or accepted as resolved.
        (Side::Partner, Open | InProgress | AttentionNeeded | Resolved, Closed)
        // Answered.
        | (Side::Partner, AttentionNeeded, InProgress)
        | (Side::Support, Open | AttentionNeeded, InProgress)
        | (Side::Support, Open | InProgress, AttentionNeeded)
        | (Side::Support, Resolved, Closed) => true,
        (Side::Support, Open | InProgress | AttentionNeeded, Resolved)
        // Opened again.
        | (Side::Partner | Side::Support, Resolved | Closed, Open) => is_support,
        (Side::Partner | Side::Support, _, Open | InProgress | AttentionNeeded | Resolved | Closed) => false,
    }
}

/// Whether the request is a question, which an answer resolves.
pub(super) const fn is_support(kind: &ServiceRequestKind) -> bool {
    match kind {
        ServiceRequestKind::PartnerSupport | ServiceRequestKind::CustomerSupport { .. } => true,
        ServiceRequestKind::Elevation { .. } | ServiceRequestKind::PublicProfileChange { .. } => {
            false
        }
    }
}
