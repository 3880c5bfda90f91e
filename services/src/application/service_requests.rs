//! Service requests: logged, answered, and carried out by operators, the same for every way in.

use async_trait::async_trait;
use commands::{
    ApplicationRefusal, CarryOutRequest, LogServiceRequest, Partner, Permission, Rejection,
    Request, ServiceRequest, ServiceRequestCommand, ServiceRequestRefusal, customer_support,
    permission_to_log, permission_to_view,
};
use events::{
    CustomerId, Event, InvalidValue, PartnerId, RequestSeverity, RequestTopic, ServiceRequestEvent,
    ServiceRequestId, ServiceRequestKind, ServiceRequestText, StreamId, SubscriptionId, Timestamp,
};
use projections::ServiceRequestRow;

use super::{Application, Call, CommandError, Outcome, Principal, Transaction, UseCase};
use crate::ids;

/// How many numbers are drawn before somebody is told that none was free.
const NUMBERS_DRAWN_MAX: usize = 8;
/// The digits that are drawn; the others are a one and the day.
const DRAWN_NUMBERS: u64 = 100_000_000;

/// A service request to be logged.
#[derive(Clone, Debug)]
pub(crate) struct NewServiceRequest {
    /// What is asked for. Whether a customer's subscription is one to Office 365 is found out here.
    pub(crate) kind: ServiceRequestKind,
    /// What it is about.
    pub(crate) topic: RequestTopic,
    /// How bad it is.
    pub(crate) severity: RequestSeverity,
    /// What it says.
    pub(crate) text: ServiceRequestText,
}

impl Application {
    /// Logs a service request of the partner under a number nobody has.
    ///
    /// # Errors
    /// When a rule says no, or something cannot be read or written.
    pub(crate) async fn log_service_request(
        &self,
        call: &Call,
        partner_id: PartnerId,
        wanted: NewServiceRequest,
    ) -> Result<(ServiceRequestId, Outcome), CommandError> {
        let taken = Rejection::AlreadyExists { what: "service request" };
        let mut outcome = Err(taken.clone().into());
        for _ in 0..NUMBERS_DRAWN_MAX {
            let request_id = drawn_number(self.now())?;
            let command = LogServiceRequest {
                request_id,
                partner_id,
                kind: wanted.kind.clone(),
                topic: wanted.topic,
                severity: wanted.severity,
                text: wanted.text.clone(),
            };
            outcome = self.execute(call, &OnServiceRequest::new(request_id, command)).await;
            match outcome {
                Err(CommandError::Rejected(ref rejection)) if *rejection == taken => {}
                Ok(done) => return Ok((logged(&done).unwrap_or(request_id), done)),
                Err(error) => return Err(error),
            }
        }
        outcome.map(|done| (ServiceRequestId::MIN, done))
    }

    /// Demands that the principal may see a request now.
    ///
    /// # Errors
    /// When it may not; a request of another partner is not there.
    pub(crate) async fn allow_request(
        &self,
        principal: Principal,
        row: &ServiceRequestRow,
    ) -> Result<(), CommandError> {
        if principal.partner().is_some_and(|partner| partner != row.partner) {
            return Err(Rejection::from(ServiceRequestRefusal::NotFound).into());
        }
        let permission = permission_to_view(&row.kind, row.logged_by, &principal.actor());
        match row.kind.customer() {
            Some(customer) => {
                self.allow_customer(principal, customer, permission).await.map(|_| ())
            }
            None => self.allow(principal, permission).await.map(|_| ()),
        }
    }
}

fn logged(outcome: &Outcome) -> Option<ServiceRequestId> {
    outcome.find(|event| match event {
        Event::ServiceRequest(ServiceRequestEvent::ServiceRequestLogged(event)) => {
            Some(event.request_id)
        }
        _ => None,
    })
}

/// A number of today that ends with eight digits out of a fresh UUID's random end.
fn drawn_number(now: Timestamp) -> Result<ServiceRequestId, CommandError> {
    let drawn = ids::fresh(now, |uuid| uuid.as_u128() % u128::from(DRAWN_NUMBERS));
    let number = request_number(now, u64::try_from(drawn).unwrap_or(0));
    number.map_err(|error| CommandError::Unavailable(error.to_string()))
}

/// The number of a request: a one, year, month and day, and the last eight digits of what was drawn.
pub(crate) fn request_number(now: Timestamp, drawn: u64) -> Result<ServiceRequestId, InvalidValue> {
    let day = now.as_jiff().to_zoned(jiff::tz::TimeZone::UTC).date();
    let year = u64::try_from(day.year().rem_euclid(100)).unwrap_or(0);
    let [month, day] = [day.month(), day.day()].map(|part| u64::try_from(part).unwrap_or(0));
    let number = 1_000_000 + year * 10_000 + month * 100 + day;
    ServiceRequestId::new(number * DRAWN_NUMBERS + drawn % DRAWN_NUMBERS)
}

/// A command on one service request.
pub struct OnServiceRequest {
    request: ServiceRequestId,
    command: ServiceRequestCommand,
}

impl OnServiceRequest {
    /// Takes a command.
    #[must_use]
    pub fn new(request: ServiceRequestId, command: impl Into<ServiceRequestCommand>) -> Self {
        Self { request, command: command.into() }
    }

    async fn log(
        &self,
        transaction: &mut Transaction<'_>,
        command: &LogServiceRequest,
    ) -> Result<(), CommandError> {
        let mut command = command.clone();
        let actor = transaction.call.principal.actor();
        match &command.kind {
            ServiceRequestKind::CustomerSupport { customer_id, subscription_id, .. } => {
                let (customer, subscription) = (*customer_id, *subscription_id);
                let kind = support(transaction, command.partner_id, customer, subscription).await?;
                let permission = permission_to_log(&kind, &actor);
                transaction.authorise_for_customer(customer, permission).await?;
                command.kind = kind;
            }
            ServiceRequestKind::PartnerSupport
            | ServiceRequestKind::Elevation { .. }
            | ServiceRequestKind::PublicProfileChange { .. } => {
                transaction.authorise(permission_to_log(&command.kind, &actor)).await?;
                transaction.learn_partner(command.partner_id).await?;
            }
        }
        let (partner, kind) = (command.partner_id, command.kind.clone());
        transaction.decide::<ServiceRequest>(self.request, &command.into()).await?;
        if let ServiceRequestKind::Elevation { user_id } = kind {
            transaction.check::<Partner>(partner).await?.may_be_elevated(user_id)?;
        }
        Ok(())
    }

    /// Demands what the command takes: of the partner's people a permission and, where it is about
    /// a customer, the way to it; operators answer every request.
    async fn authorise(
        &self,
        transaction: &mut Transaction<'_>,
        request: &Request,
    ) -> Result<(), CommandError> {
        let principal = transaction.call.principal;
        let partner = match principal {
            Principal::PartnerUser { partner, .. } => partner,
            Principal::Operator | Principal::SupportOperator { .. } => {
                transaction.authorise_operator().await?;
                return Ok(());
            }
            Principal::Application { .. } => {
                return Err(Rejection::from(ApplicationRefusal::UserRequired).into());
            }
            Principal::CustomerUser { .. }
            | Principal::Auditor { .. }
            | Principal::System(_)
            | Principal::Visitor => {
                return Err(Rejection::ActorNotAllowed.into());
            }
        };
        if partner != request.partner_id {
            return Err(Rejection::from(ServiceRequestRefusal::NotFound).into());
        }
        let permission = request.permission_to_change(&principal.actor());
        match request.kind.customer() {
            Some(customer) => {
                transaction.authorise_for_customer(customer, permission).await.map(|_| ())
            }
            None => transaction.authorise(permission).await.map(|_| ()),
        }
    }

    async fn answer(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError> {
        let state = transaction.read::<ServiceRequest>(self.request).await?.state;
        let request = state.request().ok_or(ServiceRequestRefusal::NotFound);
        let request = request.map_err(Rejection::from)?;
        self.authorise(transaction, request).await?;
        transaction.decide::<ServiceRequest>(self.request, &self.command).await?;
        if let ServiceRequestCommand::CarryOut(command) = &self.command {
            transaction.learn_service_request(request.clone());
            let command = CarryOutRequest { request_id: command.request_id };
            transaction.decide::<Partner>(request.partner_id, &command.into()).await?;
        }
        Ok(())
    }
}

/// What support for a customer is about, for a partner that reaches the customer.
async fn support(
    transaction: &mut Transaction<'_>,
    partner: PartnerId,
    customer: CustomerId,
    subscription: Option<SubscriptionId>,
) -> Result<ServiceRequestKind, CommandError> {
    transaction.authorise_for_customer(customer, Permission::CustomerRequestsView).await?;
    let state = transaction.check::<commands::Customer>(customer).await?;
    let bonds = transaction.active_partnerships();
    let catalogue = transaction.application.catalogue();
    Ok(customer_support(&state, customer, subscription, partner, bonds, catalogue)?)
}

#[async_trait]
impl UseCase for OnServiceRequest {
    fn name(&self) -> &'static str {
        self.command.name()
    }

    fn primary(&self) -> StreamId {
        self.request.into()
    }

    async fn decide(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError> {
        transaction.about(self.request.into());
        match &self.command {
            ServiceRequestCommand::Log(command) => self.log(transaction, command).await,
            ServiceRequestCommand::Change(_)
            | ServiceRequestCommand::Decline(_)
            | ServiceRequestCommand::Verify(_)
            | ServiceRequestCommand::CarryOut(_) => self.answer(transaction).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_begins_with_the_day() {
        let now = "2026-11-20T08:00:00Z".parse().map(Timestamp::new).unwrap();
        let number = drawn_number(now).unwrap().to_string();
        assert!(number.starts_with("1261120") && number.len() == 15, "{number}");
    }
}
