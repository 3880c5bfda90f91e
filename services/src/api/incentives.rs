//! For what indirect resellers are credited: the subscriptions they are on record for, and the seats
//! month by month.

use axum::{Router, extract::State, routing::get};
use commands::Permission;
use events::MpnId;
use projections::ReadModel;
use serde_json::{Value, json};

use super::{
    reading::{Reader, View},
    wire::{Answer, attributes, collection},
};
use crate::{
    credits::{MONTHS_DEFAULT, MONTHS_MAX, months_until},
    http::{ApiError, AppState},
};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/v1/incentives", get(list))
}

/// For a provider its resellers, for a reseller itself.
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
    Ok(Answer::ok(view.position(), collection(items, "/incentives")))
}

fn shown(view: &View, reseller: &MpnId, months: usize) -> Value {
    let model = &view.model;
    let partner = model.partners().by_mpn_id(reseller);
    let is_own = partner.is_some_and(|partner| partner.id == view.partner);
    let rows: Vec<_> = model
        .credits()
        .of_reseller(reseller)
        .filter(|row| is_own || row.seller == view.partner)
        .collect();
    let by_month: Vec<Value> = months_until(view.at, months)
        .into_iter()
        .map(|month| {
            let seats = rows.iter().map(|row| u64::from(row.seats_at(reseller, month.end)));
            json!({ "month": month.name, "seats": seats.sum::<u64>() })
        })
        .collect();
    let now = rows.iter().filter(|row| row.seats_at(reseller, view.at) > 0);
    let subscriptions: Vec<Value> = now
        .map(|row| {
            json!({
                "customerId": row.customer,
                "subscriptionId": row.subscription,
                "product": product(model, row.steps.last().map(|step| step.sku)),
                "quantity": row.seats_at(reseller, view.at),
                "sellerId": row.seller,
            })
        })
        .collect();
    json!({
        "mpnId": reseller,
        "partnerId": partner.map(|partner| partner.id),
        "name": partner.map(|partner| &partner.name),
        "subscriptions": subscriptions,
        "seatsByMonth": by_month,
        "attributes": attributes("ResellerIncentives"),
    })
}

fn product(model: &ReadModel, sku: Option<events::SkuId>) -> Value {
    let name = sku.and_then(|sku| model.sold_offers().product(sku));
    json!({ "id": sku, "name": name })
}
