//! What is known about a service request.

use events::{
    PartnerId, PartnerUserId, RequestSeverity, RequestStatus, ServiceRequestEvent,
    ServiceRequestId, ServiceRequestKind,
};

use super::ServiceRequestRefusal;

/// The fold of a request's events; nothing before it was logged.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ServiceRequestState {
    request: Option<Request>,
}

/// A request that was logged, and how far it has come.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Request {
    /// The request.
    pub id: ServiceRequestId,
    /// The partner that asks.
    pub partner_id: PartnerId,
    /// Who of the partner asks.
    pub logged_by: PartnerUserId,
    /// What is asked for.
    pub kind: ServiceRequestKind,
    /// How bad it is.
    pub severity: RequestSeverity,
    /// Where it stands.
    pub status: RequestStatus,
    /// How many notes it has.
    pub notes: usize,
    /// Whether an operator verified who asks for elevation.
    pub verified: bool,
}

impl Request {
    /// Refuses when the request is over.
    pub(crate) const fn open(&self) -> Result<(), ServiceRequestRefusal> {
        if self.status.is_open() {
            Ok(())
        } else {
            Err(ServiceRequestRefusal::Over { status: self.status })
        }
    }
}

impl ServiceRequestState {
    /// The request; `None` before it was logged.
    #[must_use]
    pub const fn request(&self) -> Option<&Request> {
        self.request.as_ref()
    }

    pub(super) fn evolved(mut self, event: &ServiceRequestEvent) -> Self {
        if let ServiceRequestEvent::ServiceRequestLogged(event) = event {
            self.request = Some(Request {
                id: event.request_id,
                partner_id: event.partner_id,
                logged_by: event.logged_by,
                kind: event.kind.clone(),
                severity: event.severity,
                status: RequestStatus::Open,
                notes: 0,
                verified: false,
            });
        }
        if let Some(request) = &mut self.request {
            follow(request, event);
        }
        self
    }
}

fn follow(request: &mut Request, event: &ServiceRequestEvent) {
    match event {
        ServiceRequestEvent::ServiceRequestLogged(_) => {}
        ServiceRequestEvent::ServiceRequestNoted(_) => request.notes += 1,
        ServiceRequestEvent::ServiceRequestStatusChanged(event) => request.status = event.new,
        ServiceRequestEvent::ServiceRequestSeverityChanged(event) => request.severity = event.new,
        ServiceRequestEvent::ServiceRequestDeclined(_) => request.status = RequestStatus::Closed,
        ServiceRequestEvent::ElevationVerified(_) => request.verified = true,
    }
}
