//! Who works with whom: a provider's resellers, a reseller's providers, and the resellers of one
//! customer.

use axum::extract::State;
use commands::{AssociateReseller, CustomerAccess, Permission, RemoveReseller};
use events::{CompanyName, CountryCode, CustomerId, MpnId, PartnerId};
use projections::{CustomerFilter, ReadModel};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    customer_shape::{Customer, summary},
    filter::{Comparison, Filter, Sort},
    query::Query,
    reading::Reader,
    shapes::{Attributes, Collection},
    wire::Answer,
    words::Words,
    writing::Writer,
};
use crate::{
    application::OnCustomer,
    http::{ApiError, AppState},
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(customers_through))
        .routes(routes!(remove_from_customer))
        .routes(routes!(of_customer))
        .routes(routes!(associate, remove))
}

/// Another partner that one works with.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PartnerRelationship {
    /// The other partner.
    #[schema(value_type = Uuid)]
    id: PartnerId,
    #[schema(value_type = String, example = "Fabrikam Reseller")]
    name: CompanyName,
    /// What the caller's partner is to it.
    #[schema(value_type = String, example = "is_indirect_cloud_solution_provider_of")]
    relationship_type: &'static str,
    #[schema(value_type = String, example = "Active")]
    state: &'static str,
    #[schema(value_type = String)]
    mpn_id: MpnId,
    /// Its country.
    #[schema(value_type = String, example = "US")]
    location: CountryCode,
    attributes: Attributes,
}

/// From whose side a partnership is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Side {
    /// The caller is the provider.
    Provider,
    /// The caller is the reseller.
    Reseller,
}

impl Side {
    const fn word(self) -> &'static str {
        match self {
            Self::Provider => "is_indirect_cloud_solution_provider_of",
            Self::Reseller => "is_indirect_reseller_of",
        }
    }
}

const TYPES: Words<Side> = Words {
    field: "relationship_type",
    all: &[(Side::Reseller.word(), Side::Reseller), (Side::Provider.word(), Side::Provider)],
};

/// Lists the resellers of a provider, or the providers of a reseller.
#[utoipa::path(
    get,
    path = "/v1/relationships",
    tag = "Relationships",
    params(
        ("relationship_type" = String, Query, description = "`is_indirect_cloud_solution_provider_of` lists resellers, `is_indirect_reseller_of` providers.", example = json!("is_indirect_cloud_solution_provider_of")),
        ("filter" = Option<String>, Query, description = "By Name.", example = json!(r#"{"Field":"Name","Value":"Fab","Operator":"substring"}"#)),
    ),
    responses((status = OK, description = "Those partners.", body = Collection<PartnerRelationship>))
)]
async fn list(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::PartnershipsView).await?;
    let side = TYPES.read(reader.query().required(TYPES.field)?)?;
    let names = WantedNames::of(reader.query())?;
    let resellers = view.model.resellers();
    let others: Vec<PartnerId> = match side {
        Side::Provider => {
            resellers.resellers_of(view.partner).filter_map(|row| row.reseller).collect()
        }
        Side::Reseller => resellers.providers_of(view.partner).map(|row| row.provider).collect(),
    };
    let shown = others.into_iter().filter_map(|other| shown(&view.model, other, side, &names));
    let uri = format!("/relationships?relationship_type={}", side.word());
    Ok(Answer::ok(view.position(), Collection::of(shown, uri)))
}

/// What the filter of a list asks of names.
struct WantedNames(Option<Filter>);

impl WantedNames {
    /// Every name.
    const ANY: Self = Self(None);

    fn of(query: &Query) -> Result<Self, ApiError> {
        Filter::of_fields(query, &[("Name", Sort::Text)]).map(Self)
    }

    fn admit(&self, name: &str) -> bool {
        let holds = |comparison: &Comparison| comparison.holds_for(name);
        self.0.as_ref().is_none_or(|filter| filter.admits(&holds))
    }
}

fn shown(
    model: &ReadModel,
    other: PartnerId,
    side: Side,
    names: &WantedNames,
) -> Option<PartnerRelationship> {
    let partner = model.partners().get(other)?;
    names.admit(partner.name.as_str()).then(|| PartnerRelationship {
        id: partner.id,
        name: partner.name.clone(),
        relationship_type: side.word(),
        state: "Active",
        mpn_id: partner.mpn_id.clone(),
        location: partner.country.clone(),
        attributes: Attributes::of("PartnerRelationship"),
    })
}

/// Lists the resellers of a customer.
///
/// For the holder those it sells through, for a reseller itself.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/relationships",
    tag = "Relationships",
    responses((status = OK, description = "Those partners.", body = Collection<PartnerRelationship>))
)]
async fn of_customer(
    State(app): State<AppState>,
    reader: Reader<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = reader.ids;
    let view = reader.customer_view(&app, customer, Permission::CustomersView).await?;
    let (model, own) = (&view.view.model, view.view.partner);
    let resellers: Vec<PartnerId> = match view.access {
        CustomerAccess::Holder => model.customers().resellers_through(customer, own).collect(),
        CustomerAccess::Reseller { .. } => vec![own],
    };
    let items =
        resellers.into_iter().filter_map(|it| shown(model, it, Side::Provider, &WantedNames::ANY));
    let body = Collection::of(items, format!("/customers/{customer}/relationships"));
    Ok(Answer::ok(view.view.position(), body))
}

/// Lists the customers that one sells to through a reseller, or serves for a provider.
#[utoipa::path(
    get,
    path = "/v1/relationships/{partner}/customer",
    tag = "Relationships",
    params(("filter" = Option<String>, Query, description = "By Name.", example = json!(r#"{"Field":"Name","Value":"Rel","Operator":"substring"}"#))),
    responses((status = OK, description = "Those customers.", body = Collection<Customer<'_>>))
)]
async fn customers_through(
    State(app): State<AppState>,
    reader: Reader<(PartnerId,)>,
) -> Result<Answer, ApiError> {
    let (partner,) = reader.ids;
    let view = reader.view(&app, Permission::CustomersView).await?;
    let names = WantedNames::of(reader.query())?;
    let wanted = CustomerFilter { indirect_partner: Some(partner), ..CustomerFilter::default() };
    let all = view.model.customers().list(view.partner, &wanted, None, usize::MAX);
    let admitted = all.rows.into_iter().filter(|row| names.admit(row.company_name.as_str()));
    let body = Collection::of(admitted.map(summary), format!("/relationships/{partner}/customer"));
    Ok(Answer::ok(view.position(), body))
}

/// Associates a reseller with a customer (*own*).
#[utoipa::path(
    post,
    path = "/v1/customers/{customer}/resellers/{reseller}",
    tag = "Relationships",
    responses((status = CREATED, description = "The reseller.", body = PartnerRelationship))
)]
async fn associate(
    State(app): State<AppState>,
    writer: Writer<(CustomerId, PartnerId)>,
) -> Result<Answer, ApiError> {
    let (customer, reseller) = writer.ids;
    let command = AssociateReseller { provider: writer.partner(), reseller };
    let outcome = writer.execute(&app, &OnCustomer::new(customer, command)).await?;
    let permission = Permission::ResellersAssociate;
    let view = writer.customer_view_after(&app, customer, &outcome, permission).await?;
    let body = shown(&view.model, reseller, Side::Provider, &WantedNames::ANY)
        .ok_or_else(ApiError::internal)?;
    Ok(Answer::created(outcome.position, body))
}

/// Associates a reseller with a customer no longer (*own*).
#[utoipa::path(
    delete,
    path = "/v1/customers/{customer}/resellers/{reseller}",
    tag = "Relationships",
    responses((status = NO_CONTENT, description = "The reseller serves it no more."))
)]
async fn remove(
    State(app): State<AppState>,
    writer: Writer<(CustomerId, PartnerId)>,
) -> Result<Answer, ApiError> {
    let (customer, reseller) = writer.ids;
    removed(&app, &writer, customer, reseller).await
}

/// Does the same, under the address that older clients know.
#[utoipa::path(
    patch,
    path = "/v1/relationships/{partner}/customer/{customer}",
    tag = "Relationships",
    responses((status = NO_CONTENT, description = "The reseller serves it no more."))
)]
async fn remove_from_customer(
    State(app): State<AppState>,
    writer: Writer<(PartnerId, CustomerId)>,
) -> Result<Answer, ApiError> {
    let (reseller, customer) = writer.ids;
    removed(&app, &writer, customer, reseller).await
}

async fn removed<I>(
    app: &AppState,
    writer: &Writer<I>,
    customer: CustomerId,
    reseller: PartnerId,
) -> Result<Answer, ApiError> {
    let command = RemoveReseller { provider: writer.partner(), reseller };
    let outcome = writer.execute(app, &OnCustomer::new(customer, command)).await?;
    Ok(Answer::done(outcome.position))
}
