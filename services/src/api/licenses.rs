//! Licences: the products a customer has seats of, the licences of a user, and their assignment.

use axum::extract::State;
use commands::{Offer, Permission, UpdateLicenses};
use events::{CustomerId, CustomerUserId, SkuId};
use projections::Seats;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    query::Query,
    reading::Reader,
    shapes::{Attributes, Collection},
    users::row_of,
    wire::Answer,
    words::same_word,
    writing::Writer,
};
use crate::{
    application::OnCustomer,
    http::{ApiError, AppState, BodyProblem, JsonBody},
};

/// The group of licences that are managed here; the contract's other group holds none.
const LICENSE_GROUP: &str = "group1";

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(subscribed_skus))
        .routes(routes!(licenses))
        .routes(routes!(update))
}

/// A product that a customer has seats of.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SubscribedSku {
    /// Seats that can be assigned.
    available_units: u64,
    active_units: u64,
    /// Seats that are assigned.
    consumed_units: u64,
    suspended_units: u64,
    total_units: u64,
    warning_units: u64,
    product_sku: ProductSku,
    service_plans: Vec<ServicePlan>,
    #[schema(value_type = String, example = "Enabled")]
    capability_status: &'static str,
    attributes: Attributes,
}

/// A product.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ProductSku {
    #[schema(value_type = Uuid)]
    id: SkuId,
    /// Absent once it left the catalogue.
    #[schema(example = "Office 365 E3")]
    name: Option<String>,
    #[schema(example = "ENTERPRISEPACK")]
    sku_part_number: Option<String>,
    #[schema(value_type = String, example = "User")]
    target_type: &'static str,
    #[schema(value_type = String, example = "group1")]
    license_group_id: &'static str,
}

/// A part of a product: products have none here.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ServicePlan {}

/// A licence of a user.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct License {
    service_plans: Vec<ServicePlan>,
    product_sku: ProductSku,
    attributes: Attributes,
}

/// What was assigned and removed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LicenseUpdate {
    licenses_to_assign: Vec<LicenseAssignment>,
    /// Products.
    #[schema(value_type = Vec<Uuid>)]
    licenses_to_remove: Vec<SkuId>,
    license_warnings: Vec<LicenseWarning>,
    attributes: Attributes,
}

/// A product that was assigned.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct LicenseAssignment {
    #[schema(value_type = Uuid)]
    sku_id: SkuId,
    /// Products have no parts here: always empty.
    #[schema(example = json!([]))]
    excluded_plans: Vec<String>,
}

/// What was done otherwise than asked.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct LicenseWarning {
    #[schema(value_type = String, example = "service_plans_unknown")]
    code: &'static str,
    #[schema(value_type = String, example = "these products have no service plans to exclude")]
    message: &'static str,
    #[schema(example = json!([]))]
    service_plans: Vec<String>,
}

/// What is to be assigned and removed.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
pub(super) struct LicensesToUpdate {
    licenses_to_assign: Option<Vec<LicenseToAssign>>,
    /// Products.
    #[schema(value_type = Option<Vec<Uuid>>, example = json!([]))]
    licenses_to_remove: Option<Vec<SkuId>>,
}

/// A product to be assigned.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
pub(super) struct LicenseToAssign {
    #[schema(value_type = Uuid)]
    sku_id: SkuId,
    /// Answered with a warning: products have no parts here.
    #[schema(example = json!([]))]
    excluded_plans: Option<Vec<String>>,
}

/// Whether a request asks for the group that is managed here: it does unless it names others only.
fn asks_for_our_group(query: &Query) -> bool {
    // Some clients repeat the parameter, others name all groups in one, with commas between.
    let mut groups = query.texts("licenseGroupIds").flat_map(|groups| groups.split(',')).peekable();
    groups.peek().is_none() || groups.any(|group| same_word(group, LICENSE_GROUP))
}

/// Lists the products that a customer has seats of.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/subscribedskus",
    tag = "Licences",
    params((
        "licenseGroupIds" = Option<Vec<String>>, Query,
        description = "`group1`, where everything is, or `group2`, where nothing is; may be repeated.",
        example = json!(["group1"])
    )),
    responses((status = OK, description = "The products.", body = Collection<SubscribedSku>))
)]
async fn subscribed_skus(
    State(app): State<AppState>,
    reader: Reader<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = reader.ids;
    let view = reader.customer_view(&app, customer, Permission::LicensesManage).await?;
    let model = &view.view.model;
    let all = model.licenses().of(customer).filter(|_| asks_for_our_group(reader.query()));
    let items = all.map(|(sku, seats)| subscribed_sku(&app, sku, seats));
    let body = Collection::of(items, format!("/customers/{customer}/subscribedskus"));
    Ok(Answer::ok(view.view.position(), body))
}

fn subscribed_sku(app: &AppState, sku: SkuId, seats: Seats) -> SubscribedSku {
    SubscribedSku {
        available_units: seats.available(),
        active_units: seats.active,
        consumed_units: seats.consumed,
        suspended_units: seats.suspended,
        total_units: seats.active,
        warning_units: 0,
        product_sku: product_sku(app, sku),
        service_plans: Vec::new(),
        capability_status: if seats.active > 0 { "Enabled" } else { "Suspended" },
        attributes: Attributes::of("SubscribedSku"),
    }
}

/// A product; one that has left the catalogue is known by its id alone.
fn product_sku(app: &AppState, sku: SkuId) -> ProductSku {
    let offer: Option<&Offer> = app.catalogue().sku(sku);
    ProductSku {
        id: sku,
        name: offer.map(|offer| offer.sku_name.to_string()),
        sku_part_number: offer.map(|offer| offer.sku_part_number.clone()),
        target_type: "User",
        license_group_id: LICENSE_GROUP,
    }
}

/// Lists the licences of a user.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/users/{user}/licenses",
    tag = "Licences",
    params((
        "licenseGroupIds" = Option<Vec<String>>, Query,
        description = "`group1`, where everything is, or `group2`, where nothing is; may be repeated.",
        example = json!(["group1"])
    )),
    responses((status = OK, description = "The licences.", body = Collection<License>))
)]
async fn licenses(
    State(app): State<AppState>,
    reader: Reader<(CustomerId, CustomerUserId)>,
) -> Result<Answer, ApiError> {
    let (customer, user) = reader.ids;
    let view = reader.customer_view(&app, customer, Permission::LicensesManage).await?;
    let row = row_of(&view, user)?;
    let held = row.licenses.iter().filter(|_| asks_for_our_group(reader.query()));
    let items = held.map(|sku| License {
        service_plans: Vec::new(),
        product_sku: product_sku(&app, *sku),
        attributes: Attributes::of("License"),
    });
    let uri = format!("/customers/{customer}/users/{user}/licenses");
    Ok(Answer::ok(view.view.position(), Collection::of(items, uri)))
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
    pub(super) fn shown(&self) -> LicenseUpdate {
        let assigned = self.assign.iter();
        let assigned =
            assigned.map(|sku| LicenseAssignment { sku_id: *sku, excluded_plans: Vec::new() });
        LicenseUpdate {
            licenses_to_assign: assigned.collect(),
            licenses_to_remove: self.remove.clone(),
            license_warnings: self.warning().into_iter().collect(),
            attributes: Attributes::of("LicenseUpdate"),
        }
    }

    /// What was assigned otherwise than asked.
    fn warning(&self) -> Option<LicenseWarning> {
        (!self.unknown_plans.is_empty()).then(|| LicenseWarning {
            code: "service_plans_unknown",
            message: "these products have no service plans to exclude: all was assigned",
            service_plans: self.unknown_plans.clone(),
        })
    }
}

/// Assigns licences to a user and removes others, all of it or nothing.
#[utoipa::path(
    post,
    path = "/v1/customers/{customer}/users/{user}/licenseupdates",
    tag = "Licences",
    request_body = LicensesToUpdate,
    responses((status = CREATED, description = "What was done.", body = LicenseUpdate))
)]
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
