//! Reading: who may see what, and as of when.

use std::sync::Arc;

use commands::{CustomerAccess, Permission};
use events::{Client, CorrelationId, CustomerId, Position, RuleCode, Timestamp};
use projections::ReadModel;

use super::{Application, Call, CommandError, Principal, Transaction};
use crate::ids;

/// A moment at which the read model is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AsOf {
    /// When this many events had been recorded.
    Position(Position),
    /// At this time, by the recorded times of events.
    Time(Timestamp),
}

impl Application {
    /// The read model, now or as of a moment.
    ///
    /// # Errors
    /// When the log cannot be read, or the moment lies ahead.
    pub async fn model(&self, as_of: Option<AsOf>) -> Result<Arc<ReadModel>, CommandError> {
        match as_of {
            None => Ok(self.models.current()),
            Some(AsOf::Position(position)) => Ok(self.models.as_of_position(position).await?),
            Some(AsOf::Time(time)) => Ok(self.models.as_of_time(time).await?),
        }
    }

    /// Demands that the principal holds a permission now, also for reading the past.
    ///
    /// # Errors
    /// When it does not.
    pub async fn allow(
        &self,
        principal: Principal,
        permission: Permission,
    ) -> Result<RuleCode, CommandError> {
        let call = self.reading(principal);
        let mut transaction = Transaction::new(self, &call);
        transaction.authorise(permission).await
    }

    /// Demands a permission and the way to one customer.
    ///
    /// # Errors
    /// When the principal lacks either.
    pub async fn allow_customer(
        &self,
        principal: Principal,
        customer: CustomerId,
        permission: Permission,
    ) -> Result<CustomerAccess, CommandError> {
        let call = self.reading(principal);
        let mut transaction = Transaction::new(self, &call);
        transaction.authorise_for_customer(customer, permission).await
    }

    fn reading(&self, principal: Principal) -> Call {
        let correlation = ids::fresh(self.now(), CorrelationId::from_uuid);
        Call::new(principal, Client::Internal, correlation)
    }
}
