//! For what indirect resellers are credited: the subscriptions they are on record for, and the seats
//! month by month.

use axum::extract::State;
use commands::Permission;
use events::{CustomerId, MpnId, PartnerId, SkuId, SubscriptionId};
use projections::ReadModel;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    reading::{Reader, View},
    shapes::{Attributes, Collection},
    wire::Answer,
};
use crate::{
    http::{ApiError, AppState},
    months::{MONTHS_DEFAULT, MONTHS_MAX, months_until},
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list))
}

/// For what an indirect reseller is credited.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ResellerIncentives {
    mpn_id: String,
    #[schema(value_type = Option<Uuid>)]
    partner_id: Option<PartnerId>,
    #[schema(example = "Wingtip Resellers")]
    name: Option<String>,
    /// Those it is on record for now.
    subscriptions: Vec<CreditedSubscription>,
    seats_by_month: Vec<SeatsOfMonth>,
    attributes: Attributes,
}

/// A subscription for which a reseller is credited.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CreditedSubscription {
    #[schema(value_type = Uuid)]
    customer_id: CustomerId,
    #[schema(value_type = Uuid)]
    subscription_id: SubscriptionId,
    product: CreditedProduct,
    quantity: u32,
    #[schema(value_type = Uuid)]
    seller_id: PartnerId,
}

/// The product of a credited subscription.
#[derive(Serialize, ToSchema)]
struct CreditedProduct {
    #[schema(value_type = Option<Uuid>)]
    id: Option<SkuId>,
    #[schema(example = "Office 365 Enterprise E3")]
    name: Option<String>,
}

/// The seats at the end of a month.
#[derive(Serialize, ToSchema)]
struct SeatsOfMonth {
    #[schema(example = "2026-10")]
    month: String,
    seats: u64,
}

/// Lists for what resellers are credited: for a provider its resellers, for a reseller itself (*own*).
#[utoipa::path(
    get,
    path = "/v1/incentives",
    tag = "Incentives",
    params(
        ("months" = Option<usize>, Query, description = "How many months back.", example = 12),
    ),
    responses((status = OK, description = "The resellers.", body = Collection<ResellerIncentives>))
)]
async fn list(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let months: usize = reader.query().optional("months")?.unwrap_or(MONTHS_DEFAULT);
    if !(1..=MONTHS_MAX).contains(&months) {
        return Err(ApiError::invalid("months", format!("must be 1 to {MONTHS_MAX}")));
    }
    let view = reader.view(&app, Permission::IncentivesView).await?;
    let model = &view.model;
    let own = model.partners().get(view.partner).map(|row| row.mpn_id.clone());
    let resellers = model.credits().resellers_of(view.partner).cloned();
    let credited = own.filter(|own| model.credits().of_reseller(own).next().is_some());
    let items = resellers.chain(credited).map(|reseller| shown(&view, &reseller, months));
    Ok(Answer::ok(view.position(), Collection::of(items, "/incentives")))
}

fn shown(view: &View, reseller: &MpnId, months: usize) -> ResellerIncentives {
    let model = &view.model;
    let partner = model.partners().by_mpn_id(reseller);
    let is_own = partner.is_some_and(|partner| partner.id == view.partner);
    let rows: Vec<_> = model
        .credits()
        .of_reseller(reseller)
        .filter(|row| is_own || row.seller == view.partner)
        .collect();
    let months = months_until(view.at, months).into_iter().map(|month| {
        let seats = rows.iter().map(|row| u64::from(row.seats_at(reseller, month.end)));
        SeatsOfMonth { month: month.name, seats: seats.sum() }
    });
    let now = rows.iter().filter(|row| row.seats_at(reseller, view.at) > 0);
    let subscriptions = now.map(|row| CreditedSubscription {
        customer_id: row.customer,
        subscription_id: row.subscription,
        product: product(model, row.steps.last().map(|step| step.sku)),
        quantity: row.seats_at(reseller, view.at),
        seller_id: row.seller,
    });
    ResellerIncentives {
        mpn_id: reseller.to_string(),
        partner_id: partner.map(|partner| partner.id),
        name: partner.map(|partner| partner.name.to_string()),
        subscriptions: subscriptions.collect(),
        seats_by_month: months.collect(),
        attributes: Attributes::of("ResellerIncentives"),
    }
}

fn product(model: &ReadModel, id: Option<SkuId>) -> CreditedProduct {
    let name = id.and_then(|sku| model.sold_offers().product(sku));
    CreditedProduct { id, name: name.map(ToString::to_string) }
}
