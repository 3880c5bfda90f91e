//! What happens to a service request: a partner asks for support, for itself or for a customer, or
//! for what only the operator of the installation may decide.

mod id;
mod kind;

use serde::{Deserialize, Serialize};

pub use self::{
    id::ServiceRequestId,
    kind::{GlobalAdminAbsence, RequestSeverity, RequestStatus, RequestTopic, ServiceRequestKind},
};
use crate::{
    ids::{PartnerId, PartnerUserId},
    personal::PersonalData,
    values::{LetterText, SubjectLine},
};

/// What a request says: free text, which may name people, sealed under the request.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct ServiceRequestText {
    /// What it is about, in a line.
    pub title: SubjectLine,
    /// The rest.
    pub description: LetterText,
    /// Who the person is that asks to be elevated, where one does.
    pub identity: Option<LetterText>,
    /// What proves the organization, where elevation is asked for.
    pub organization: Option<LetterText>,
}

impl PersonalData for ServiceRequestText {}

/// What one of the two sides adds to a request, sealed under the request.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct ServiceRequestNote {
    /// The text.
    pub text: LetterText,
}

impl PersonalData for ServiceRequestNote {}

events! {
    /// Somebody of a partner asked for something.
    ServiceRequestLogged = 0x0601 v 1 {
        /// The request.
        clear request_id: ServiceRequestId,
        /// The partner that asks.
        clear partner_id: PartnerId,
        /// Who of the partner asks.
        clear logged_by: PartnerUserId,
        /// What is asked for.
        clear kind: ServiceRequestKind,
        /// What it is about.
        clear topic: RequestTopic,
        /// How bad it is.
        clear severity: RequestSeverity,
        /// What it says.
        personal text: ServiceRequestText,
    }
    /// One of the two sides added a note.
    ServiceRequestNoted = 0x0602 v 1 {
        /// The partner that asks.
        clear partner_id: PartnerId,
        /// The note.
        personal note: ServiceRequestNote,
    }
    /// A request came further, or was opened again.
    ServiceRequestStatusChanged = 0x0603 v 1 {
        /// The partner that asks.
        clear partner_id: PartnerId,
        /// Where it stood.
        clear old: RequestStatus,
        /// Where it stands.
        clear new: RequestStatus,
    }
    /// The partner found it to be worse, or less bad.
    ServiceRequestSeverityChanged = 0x0604 v 1 {
        /// The partner that asks.
        clear partner_id: PartnerId,
        /// How bad it was.
        clear old: RequestSeverity,
        /// How bad it is.
        clear new: RequestSeverity,
    }
    /// An operator refused what was asked for; the request is closed.
    ServiceRequestDeclined = 0x0605 v 1 {
        /// The partner that asks.
        clear partner_id: PartnerId,
        /// Where it stood.
        clear old: RequestStatus,
        /// Why.
        personal note: ServiceRequestNote,
    }
    /// An operator verified who asks to be elevated, and that no global admin is able to act.
    ElevationVerified = 0x0606 v 1 {
        /// The partner that asks.
        clear partner_id: PartnerId,
        /// Who is to be elevated.
        clear user_id: PartnerUserId,
        /// Why no global admin is able to act.
        clear absence: GlobalAdminAbsence,
        /// How that was verified.
        personal note: ServiceRequestNote,
    }
}

aggregate_events! {
    /// What happens to a service request.
    ServiceRequestEvent {
        ServiceRequestLogged,
        ServiceRequestNoted,
        ServiceRequestStatusChanged,
        ServiceRequestSeverityChanged,
        ServiceRequestDeclined,
        ElevationVerified,
    }
}
