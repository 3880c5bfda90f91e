//! How a partner without a global admin who is able to act gets one again.

use super::PartnerEvent;
use crate::{ids::PartnerUserId, service_request::ServiceRequestId};

events! {
    /// An operator made a user global admin, on the strength of a verified service request. The
    /// change of its roles is an event of its own.
    UserElevated = 0x0140 v 1 {
        /// The user.
        clear user_id: PartnerUserId,
        /// The request that was verified.
        clear request_id: ServiceRequestId,
    }
}

aggregate_events! {
    /// What happens so that a partner has a global admin again.
    ElevationEvent in PartnerEvent {
        UserElevated,
    }
}
