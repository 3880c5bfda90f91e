//! What a trial can become, and its becoming that.

use async_trait::async_trait;
use axum::extract::State;
use commands::{ConvertTrial, Customer, Permission};
use events::{
    BillingCycle, CustomerEvent, CustomerId, Event, OfferId, OrderId, StreamId, SubscriptionEvent,
    SubscriptionId,
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    billing::{STATED_CYCLES, cycle_word},
    orders::quantity,
    reading::Reader,
    shapes::{Attributes, Collection},
    subscriptions::seen,
    wire::Answer,
    writing::Writer,
};
use crate::{
    application::{CommandError, FixedPart, OnCustomer, Transaction, UseCase},
    http::{ApiError, AppState},
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, convert))
}

/// What a trial can become.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Conversion {
    /// The trial.
    #[schema(value_type = Uuid)]
    offer_id: OfferId,
    #[schema(value_type = Uuid)]
    target_offer_id: OfferId,
    #[schema(value_type = Uuid)]
    order_id: OrderId,
    quantity: u32,
    #[schema(example = "monthly")]
    billing_cycle: &'static str,
    attributes: Attributes,
}

/// What a trial became.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ConversionResult {
    #[schema(value_type = Uuid)]
    subscription_id: SubscriptionId,
    /// The trial.
    #[schema(value_type = Uuid)]
    offer_id: OfferId,
    #[schema(value_type = Uuid)]
    target_offer_id: OfferId,
    attributes: Attributes,
}

/// What a trial is to become.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct ConversionRequest {
    #[schema(value_type = Uuid)]
    target_offer_id: OfferId,
    /// As many as there are unless it is there.
    quantity: Option<u32>,
    /// As the trial is billed; it is changed through the order.
    #[schema(example = "monthly")]
    billing_cycle: Option<String>,
}

/// Lists what a subscription can be converted to; only trials can.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/subscriptions/{subscription}/conversions",
    tag = "Subscriptions",
    responses((status = OK, description = "The conversions.", body = Collection<Conversion>))
)]
async fn list(
    State(app): State<AppState>,
    reader: Reader<(CustomerId, SubscriptionId)>,
) -> Result<Answer, ApiError> {
    let (customer, id) = reader.ids;
    let (view, row) = seen(&app, &reader).await?;
    let trial = app.catalogue().offer(row.offer).filter(|_| row.state.is_active());
    let targets = trial.into_iter().flat_map(|trial| &trial.conversions);
    let items = targets.map(|target| Conversion {
        offer_id: row.offer,
        target_offer_id: *target,
        order_id: row.order,
        quantity: row.quantity.get(),
        billing_cycle: cycle_word(row.billing_cycle),
        attributes: Attributes::of("Conversion"),
    });
    let uri = format!("/customers/{customer}/subscriptions/{id}/conversions");
    Ok(Answer::ok(view.position(), Collection::of(items, uri)))
}

/// Makes a trial a subscription that is paid for.
#[utoipa::path(
    post,
    path = "/v1/customers/{customer}/subscriptions/{subscription}/conversions",
    tag = "Subscriptions",
    request_body = ConversionRequest,
    responses((status = OK, description = "What it became.", body = ConversionResult))
)]
async fn convert(
    State(app): State<AppState>,
    writer: Writer<(CustomerId, SubscriptionId)>,
) -> Result<Answer, ApiError> {
    let (customer, subscription_id) = writer.ids;
    let bad_offer = |error| ApiError { code: 800_004, ..error };
    let offer_id: OfferId = writer.body.required("targetOfferId").map_err(bad_offer)?;
    let (principal, permission) = (writer.caller.principal(), Permission::SubscriptionsManage);
    app.allow_subscription(principal, customer, subscription_id, permission).await?;
    let billing_cycle = STATED_CYCLES.read_member(&writer.body)?.flatten();
    let command = ConvertTrial { subscription_id, offer_id, quantity: quantity(&writer.body)? };
    let use_case = ConvertAsBilled { customer, billing_cycle, command };
    let outcome = writer.execute(&app, &use_case).await;
    let outcome = outcome.map_err(|error| error.with_field_called("offerId", "targetOfferId"))?;
    let converted = outcome.find(|event| match event {
        Event::Customer(CustomerEvent::Subscription(SubscriptionEvent::TrialConverted(event))) => {
            Some((event.old_offer_id, event.new_offer_id))
        }
        _ => None,
    });
    let (offer_id, target_offer_id) = converted.ok_or_else(ApiError::internal)?;
    let attributes = Attributes::of("ConversionResult");
    let body = ConversionResult { subscription_id, offer_id, target_offer_id, attributes };
    Ok(Answer::ok(outcome.position, body))
}

/// A conversion as clients send it back that were shown it: how it is billed is none of its matters,
/// and looked at while other commands on the customer queue.
struct ConvertAsBilled {
    customer: CustomerId,
    /// How the trial must be billed.
    billing_cycle: Option<BillingCycle>,
    command: ConvertTrial,
}

#[async_trait]
impl UseCase for ConvertAsBilled {
    fn name(&self) -> &'static str {
        "ConvertTrial"
    }

    fn primary(&self) -> StreamId {
        self.customer.into()
    }

    async fn decide(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError> {
        // First, as who may not convert it is told nothing of it.
        OnCustomer::new(self.customer, self.command).decide(transaction).await?;
        let state = transaction.read::<Customer>(self.customer).await?.state;
        let billed = state.subscription(self.command.subscription_id).map(|it| it.billing_cycle);
        match self.billing_cycle.zip(billed) {
            Some((wanted, billed)) if wanted != billed => {
                Err(CommandError::Fixed(FixedPart::BillingCycleOfTrial))
            }
            Some(_) | None => Ok(()),
        }
    }
}
