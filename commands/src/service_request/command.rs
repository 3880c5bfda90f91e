//! What can be asked of a service request.

use events::{
    GlobalAdminAbsence, LetterText, PartnerId, RequestSeverity, RequestStatus, RequestTopic,
    ServiceRequestId, ServiceRequestKind, ServiceRequestText,
};

use crate::command::command_enum;

/// Ask for something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogServiceRequest {
    /// The new request.
    pub request_id: ServiceRequestId,
    /// The partner that asks.
    pub partner_id: PartnerId,
    /// What is asked for.
    pub kind: ServiceRequestKind,
    /// What it is about.
    pub topic: RequestTopic,
    /// How bad it is.
    pub severity: RequestSeverity,
    /// What it says.
    pub text: ServiceRequestText,
}

/// Add a note, take a request further or say how bad it is; what is `None` stays.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ChangeServiceRequest {
    /// A note to add.
    pub note: Option<LetterText>,
    /// Where the request stands from now on.
    pub status: Option<RequestStatus>,
    /// How bad it is.
    pub severity: Option<RequestSeverity>,
}

/// Refuse what is asked for. Operators only.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeclineServiceRequest {
    /// Why.
    pub reason: LetterText,
}

/// State that the person to be elevated and the organization are who they say they are, and why no
/// global admin is able to act. Operators only.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VerifyElevation {
    /// Why no global admin is able to act.
    pub absence: GlobalAdminAbsence,
    /// How it was verified.
    pub evidence: LetterText,
}

/// Do what only an operator may do and what the request asks for: elevate its user, or change the
/// public profile. The same command on the partner goes with it in one commit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CarryOutServiceRequest {
    /// The request.
    pub request_id: ServiceRequestId,
}

command_enum! {
    /// What can be asked of a service request.
    ServiceRequestCommand {
        /// Ask for something.
        Log(Box<LogServiceRequest>),
        /// Add a note, take it further, say how bad it is.
        Change(ChangeServiceRequest),
        /// Refuse what is asked for.
        Decline(DeclineServiceRequest),
        /// State that who asks for elevation was verified.
        Verify(VerifyElevation),
        /// Do what is asked for.
        CarryOut(CarryOutServiceRequest),
    }
}
