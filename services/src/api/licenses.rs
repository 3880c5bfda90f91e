//! Licences: the products a customer has seats of, the licences of a user, and their assignment.

use axum::{
    Router,
    extract::State,
    routing::{get, post},
};
use commands::{Offer, Permission, UpdateLicenses};
use events::{CustomerId, CustomerUserId, SkuId};
use projections::Seats;
use serde_json::{Value, json};

use super::{
    query::Query,
    reading::Reader,
    users::row_of,
    wire::{Answer, attributes, collection},
    words::same_word,
    writing::Writer,
};
use crate::{
    application::OnCustomer,
    http::{ApiError, AppState, BodyProblem, JsonBody},
};

/// The group of licences that are managed here; the contract's other group holds none.
const LICENSE_GROUP: &str = "group1";

pub(super) fn router() -> Router<AppState> {
    let of_user = "/v1/customers/{customer}/users/{user}";
    Router::new()
        .route("/v1/customers/{customer}/subscribedskus", get(subscribed_skus))
        .route(&format!("{of_user}/licenses"), get(licenses))
        .route(&format!("{of_user}/licenseupdates"), post(update))
}

/// Whether a request asks for the group that is managed here: it does unless it names others only.
fn asks_for_our_group(query: &Query) -> bool {
    // Some clients repeat the parameter, others name all groups in one, with commas between.
    let mut groups = query.texts("licenseGroupIds").flat_map(|groups| groups.split(',')).peekable();
    groups.peek().is_none() || groups.any(|group| same_word(group, LICENSE_GROUP))
}

async fn subscribed_skus(
    State(app): State<AppState>,
    reader: Reader<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = reader.ids;
    let view = reader.customer_view(&app, customer, Permission::LicensesManage).await?;
    let model = &view.view.model;
    let all = model.licenses().of(customer).filter(|_| asks_for_our_group(reader.query()));
    let items = all.map(|(sku, seats)| subscribed_sku(&app, sku, seats));
    let body = collection(items, format!("/customers/{customer}/subscribedskus"));
    Ok(Answer::ok(view.view.position(), body))
}

fn subscribed_sku(app: &AppState, sku: SkuId, seats: Seats) -> Value {
    json!({
        "availableUnits": seats.available(),
        "activeUnits": seats.active,
        "consumedUnits": seats.consumed,
        "suspendedUnits": seats.suspended,
        "totalUnits": seats.active,
        "warningUnits": 0,
        "productSku": product_sku(app, sku),
        "servicePlans": [],
        "capabilityStatus": if seats.active > 0 { "Enabled" } else { "Suspended" },
        "attributes": attributes("SubscribedSku"),
    })
}

/// A product; one that has left the catalogue is known by its id alone.
fn product_sku(app: &AppState, sku: SkuId) -> Value {
    let offer: Option<&Offer> = app.catalogue().sku(sku);
    json!({
        "id": sku,
        "name": offer.map(|offer| &offer.sku_name),
        "skuPartNumber": offer.map(|offer| &offer.sku_part_number),
        "targetType": "User",
        "licenseGroupId": LICENSE_GROUP,
    })
}

async fn licenses(
    State(app): State<AppState>,
    reader: Reader<(CustomerId, CustomerUserId)>,
) -> Result<Answer, ApiError> {
    let (customer, user) = reader.ids;
    let view = reader.customer_view(&app, customer, Permission::LicensesManage).await?;
    let row = row_of(&view, user)?;
    let held = row.licenses.iter().filter(|_| asks_for_our_group(reader.query()));
    let items = held.map(|sku| {
        json!({
            "servicePlans": [],
            "productSku": product_sku(&app, *sku),
            "attributes": attributes("License"),
        })
    });
    let uri = format!("/customers/{customer}/users/{user}/licenses");
    Ok(Answer::ok(view.view.position(), collection(items, uri)))
}

/// What a request assigns and removes.
pub(super) struct LicenseChange {
    pub(super) assign: Vec<SkuId>,
    pub(super) remove: Vec<SkuId>,
    /// The parts of products that the caller wants left out: products have no parts here.
    unknown_plans: Vec<String>,
}

impl LicenseChange {
    /// Reads an update of licences.
    ///
    /// # Errors
    /// When a product is no id, or nothing is asked for.
    pub(super) fn read(body: &JsonBody) -> Result<Self, ApiError> {
        let licenses = body.objects("licensesToAssign")?;
        let assign = licenses.iter().map(|license| license.required("skuId"));
        let assign = assign.collect::<Result<Vec<SkuId>, _>>()?;
        let mut unknown_plans = Vec::new();
        for license in &licenses {
            unknown_plans.append(&mut license.texts("excludedPlans")?);
        }
        let remove = body.texts("licensesToRemove")?;
        if assign.is_empty() && remove.is_empty() {
            return Err(ApiError::field("licensesToAssign", &BodyProblem::Missing));
        }
        Ok(Self { assign, remove, unknown_plans })
    }

    /// The update as it is confirmed.
    pub(super) fn shown(&self) -> Value {
        let assign = self.assign.iter().map(|sku| json!({ "skuId": sku, "excludedPlans": [] }));
        json!({
            "licensesToAssign": assign.collect::<Vec<_>>(),
            "licensesToRemove": self.remove,
            "licenseWarnings": self.warning().into_iter().collect::<Vec<_>>(),
            "attributes": attributes("LicenseUpdate"),
        })
    }

    /// What was assigned otherwise than asked.
    fn warning(&self) -> Option<Value> {
        (!self.unknown_plans.is_empty()).then(|| {
            json!({
                "code": "service_plans_unknown",
                "message": "these products have no service plans to exclude: all was assigned",
                "servicePlans": self.unknown_plans,
            })
        })
    }
}

async fn update(
    State(app): State<AppState>,
    writer: Writer<(CustomerId, CustomerUserId)>,
) -> Result<Answer, ApiError> {
    let (customer, user) = writer.ids;
    let change = LicenseChange::read(&writer.body)?;
    let command = UpdateLicenses {
        user_ids: vec![user],
        assign: change.assign.clone(),
        remove: change.remove.clone(),
    };
    let outcome = writer.execute(&app, &OnCustomer::new(customer, command)).await?;
    Ok(Answer::created(outcome.position, change.shown()))
}
