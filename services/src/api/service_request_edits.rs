//! Service requests, changed by people who look at them.

use async_trait::async_trait;
use commands::{ChangeServiceRequest, ServiceRequest};
use events::{ServiceRequestId, StreamId};

use super::service_request_shape::contract_status;
use crate::application::{CommandError, OnServiceRequest, Transaction, UseCase};

/// A change of a request. Clients send back what they were shown, so a status that the request has by
/// the contract's words is no change; whether it has is looked at while other commands on it queue.
pub(super) struct EditServiceRequest {
    /// The request.
    pub(super) request: ServiceRequestId,
    /// What is changed.
    pub(super) change: ChangeServiceRequest,
}

#[async_trait]
impl UseCase for EditServiceRequest {
    fn name(&self) -> &'static str {
        "ChangeServiceRequest"
    }

    fn primary(&self) -> StreamId {
        self.request.into()
    }

    async fn decide(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError> {
        let state = transaction.read::<ServiceRequest>(self.request).await?.state;
        let now = state.request().map(|request| contract_status(request.status));
        let mut change = self.change.clone();
        change.status = change.status.filter(|wanted| now != Some(wanted.name()));
        OnServiceRequest::new(self.request, change).decide(transaction).await
    }
}
