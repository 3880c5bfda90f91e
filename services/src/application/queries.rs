//! Reading: who may see what, and as of when.

use std::{fmt, str::FromStr, sync::Arc};

use commands::{ApplicationRefusal, CompanyPermission, CustomerAccess, Installation, Permission};
use events::{
    AuditScope, AuditorId, Client, CorrelationId, CustomerId, PartnerId, Position, RecordedEvent,
    RuleCode, StreamId, SubscriptionId, Timestamp,
};
use projections::ReadModel;
use store::ReadError;

use super::{Application, Call, CommandError, Principal, Transaction};
use crate::{correlation, ids};

/// What is asked for where nothing is to change.
const READ: &str = "Read";

/// A moment at which the read model is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AsOf {
    /// When this many events had been recorded.
    Position(Position),
    /// At this time, by the recorded times of events.
    Time(Timestamp),
}

impl fmt::Display for AsOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Position(position) => position.fmt(f),
            Self::Time(time) => time.fmt(f),
        }
    }
}

/// A text that names no moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a position such as 120 or a time such as 2026-11-20T08:00:00Z")]
pub struct NoMoment;

impl FromStr for AsOf {
    type Err = NoMoment;

    /// Reads a position, or a time as RFC 3339 or as browsers send it, which is then UTC.
    fn from_str(text: &str) -> Result<Self, NoMoment> {
        let text = text.trim();
        if let Ok(position) = text.parse() {
            return Ok(Self::Position(Position::new(position)));
        }
        let local = || {
            let civil = text.parse::<jiff::civil::DateTime>().ok()?;
            Some(civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
        };
        // A plus sign that nobody encoded arrives as a blank.
        let zoned = text.parse().or_else(|_| text.replace(' ', "+").parse::<jiff::Timestamp>());
        let time = zoned.ok().or_else(local).ok_or(NoMoment)?;
        Ok(Self::Time(Timestamp::new(time)))
    }
}

impl Application {
    /// The read model, now or as of a moment, and that moment by the clock: restore windows are
    /// open or closed at it.
    ///
    /// # Errors
    /// When the log cannot be read, or the moment lies ahead.
    pub async fn model(
        &self,
        as_of: Option<AsOf>,
    ) -> Result<(Arc<ReadModel>, Timestamp), CommandError> {
        Ok(match as_of {
            None => (self.models.current(), self.now()),
            Some(AsOf::Time(time)) => {
                // After a clock was set back, the newest event is later than the clock.
                let newest = self.models.current().recorded_at();
                let now = newest.into_iter().fold(self.now(), Timestamp::max);
                if time > now {
                    return Err(CommandError::TimeAhead { now });
                }
                (self.models.as_of_time(time).await?, time)
            }
            Some(AsOf::Position(position)) => {
                let model = self.models.as_of_position(position).await?;
                let recorded_at = model.recorded_at().unwrap_or(Timestamp::EPOCH);
                (model, recorded_at)
            }
        })
    }

    /// The event at a position that the read model knows.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn event(&self, position: Position) -> Result<RecordedEvent, CommandError> {
        let records = self.store.read_log(position, 1).await?;
        let missing = || ReadError::Damaged {
            position,
            reason: "a record the read model knows is missing".to_owned(),
        };
        Ok(records.first().ok_or_else(missing)?.decode()?)
    }

    /// Whether a partner sees what `seller` sold to the customer, by the rights of now: what it sold
    /// itself, and what a provider sold through which it is the customer's reseller.
    #[must_use]
    pub fn sees_sales(&self, partner: PartnerId, customer: CustomerId, seller: PartnerId) -> bool {
        let now = self.models.current();
        let customers = now.customers();
        let bond = customers.get(customer).and_then(|row| row.relationship(seller));
        let is_served = bond.is_some_and(|bond| bond.active);
        let mut resellers = customers.resellers_through(customer, seller);
        seller == partner || (is_served && resellers.any(|reseller| reseller == partner))
    }

    /// Whether the principal holds a permission now; a no is an answer and not a refusal.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn holds(
        &self,
        principal: Principal,
        permission: Permission,
    ) -> Result<bool, CommandError> {
        let call = self.reading(principal);
        match Transaction::new(self, &call).authorise(permission).await {
            Ok(_) => Ok(true),
            Err(CommandError::Rejected(_)) => Ok(false),
            Err(error) => Err(error),
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
        let allowed = transaction.authorise(permission).await;
        if let Err(error) = &allowed {
            self.note_refusal(&call, READ, None, error);
        }
        allowed
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
        let allowed = transaction.authorise_for_customer(customer, permission).await;
        if let Err(error) = &allowed {
            self.note_refusal(&call, READ, Some(customer.into()), error);
        }
        allowed
    }

    /// Demands that the principal is a user of this customer whose directory roles allow something.
    ///
    /// # Errors
    /// When it is not, or they do not.
    pub async fn allow_in_company(
        &self,
        principal: Principal,
        customer: CustomerId,
        permission: CompanyPermission,
    ) -> Result<RuleCode, CommandError> {
        let call = self.reading(principal);
        let mut transaction = Transaction::new(self, &call);
        transaction.authorise_in_company(customer, permission).await
    }

    /// Whether the principal may do something in this company now; a no is an answer and not a
    /// refusal.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn holds_in_company(
        &self,
        principal: Principal,
        customer: CustomerId,
        permission: CompanyPermission,
    ) -> Result<bool, CommandError> {
        match self.allow_in_company(principal, customer, permission).await {
            Ok(_) => Ok(true),
            Err(CommandError::Rejected(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Demands a permission and the way to one subscription, which a reseller on record for it has
    /// without one to the customer.
    ///
    /// # Errors
    /// When the principal lacks either.
    pub async fn allow_subscription(
        &self,
        principal: Principal,
        customer: CustomerId,
        subscription: SubscriptionId,
        permission: Permission,
    ) -> Result<(), CommandError> {
        let call = self.reading(principal);
        let mut transaction = Transaction::new(self, &call);
        transaction.authorise_for_subscription(customer, subscription, permission).await
    }

    /// The partners that can be the support contact of a subscription, the seller first.
    ///
    /// # Errors
    /// When the principal may not designate it.
    pub async fn eligible_support_contacts(
        &self,
        principal: Principal,
        customer: CustomerId,
        subscription: SubscriptionId,
    ) -> Result<Vec<PartnerId>, CommandError> {
        let call = self.reading(principal);
        let mut transaction = Transaction::new(self, &call);
        transaction.eligible_support_contacts(customer, subscription).await
    }

    /// Demands that the principal is a support operator that was not removed.
    ///
    /// # Errors
    /// When it is not.
    pub async fn allow_operator(&self, principal: Principal) -> Result<RuleCode, CommandError> {
        let call = self.reading(principal);
        let mut transaction = Transaction::new(self, &call);
        transaction.authorise_operator().await
    }

    /// Refuses an application by itself what takes a user, and notes that.
    pub(crate) fn refuse_without_user(&self, principal: Principal) -> CommandError {
        let refusal = CommandError::Rejected(ApplicationRefusal::UserRequired.into());
        self.note_refusal(&self.reading(principal), READ, None, &refusal);
        refusal
    }

    /// Refuses an application by itself.
    ///
    /// # Errors
    /// When it is one.
    pub(crate) fn demand_user(&self, principal: Principal) -> Result<(), CommandError> {
        match principal {
            Principal::Application { .. } => Err(self.refuse_without_user(principal)),
            Principal::PartnerUser { .. }
            | Principal::CustomerUser { .. }
            | Principal::SupportOperator { .. }
            | Principal::Auditor { .. }
            | Principal::Operator
            | Principal::System(_)
            | Principal::Visitor => Ok(()),
        }
    }

    /// What an auditor may read now.
    ///
    /// # Errors
    /// When it was dismissed, or its time is over.
    pub async fn audit_scope(&self, auditor: AuditorId) -> Result<AuditScope, CommandError> {
        let folded = self.aggregates.load::<Installation>(StreamId::INSTALLATION).await?;
        Ok(folded.state.people().audit_scope(auditor, self.now())?)
    }

    fn reading(&self, principal: Principal) -> Call {
        let fresh = || ids::fresh(self.now(), CorrelationId::from_uuid);
        let correlation = correlation::current().unwrap_or_else(fresh);
        Call::new(principal, Client::Internal, correlation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_a_position_or_a_time_which_is_utc_where_it_names_no_offset() {
        let moment = |text: &str| text.parse::<AsOf>();
        assert_eq!(moment(" 17 ").unwrap(), AsOf::Position(Position::new(17)));
        let time = moment("2026-11-20T08:00:00Z").unwrap();
        assert!(matches!(time, AsOf::Time(_)));
        for same in ["2026-11-20T09:00:00+01:00", "2026-11-20T09:00:00 01:00", "2026-11-20T08:00"] {
            assert_eq!(moment(same).unwrap(), time, "{same}");
        }
        for wrong in ["", "yesterday", "-1", "18446744073709551616", "2026-02-30T08:00"] {
            assert_eq!(moment(wrong), Err(NoMoment), "{wrong}");
        }
    }

    #[test]
    fn a_moment_is_read_back_as_it_is_written() {
        for moment in ["42", "2026-11-20T09:30:00Z"] {
            let parsed: AsOf = moment.parse().unwrap();
            assert_eq!(parsed.to_string().parse(), Ok(parsed));
        }
    }
}
