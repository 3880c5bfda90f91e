//! Who works with whom: a provider's resellers, a reseller's providers, and the resellers of one
//! customer.

use axum::{
    Router,
    extract::State,
    routing::{get, patch, post},
};
use commands::{AssociateReseller, CustomerAccess, Permission, RemoveReseller};
use events::{CustomerId, PartnerId};
use projections::{CustomerFilter, ReadModel};
use serde_json::{Value, json};

use super::{
    customer_shape::summary,
    filter::{Comparison, Filter, Sort},
    query::Query,
    reading::Reader,
    wire::{Answer, attributes, collection},
    words::Words,
    writing::Writer,
};
use crate::{
    application::OnCustomer,
    http::{ApiError, AppState},
};

pub(super) fn router() -> Router<AppState> {
    let reseller = "/v1/customers/{customer}/resellers/{reseller}";
    Router::new()
        .route("/v1/relationships", get(list))
        .route("/v1/relationships/{partner}/customer", get(customers_through))
        .route("/v1/relationships/{partner}/customer/{customer}", patch(remove_from_customer))
        .route("/v1/customers/{customer}/relationships", get(of_customer))
        .route(reseller, post(associate).delete(remove))
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
    Ok(Answer::ok(view.position(), collection(shown, uri)))
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

fn shown(model: &ReadModel, other: PartnerId, side: Side, names: &WantedNames) -> Option<Value> {
    let partner = model.partners().get(other)?;
    names.admit(partner.name.as_str()).then(|| {
        json!({
            "id": partner.id,
            "name": partner.name,
            "relationshipType": side.word(),
            "state": "Active",
            "mpnId": partner.mpn_id,
            "location": partner.country,
            "attributes": attributes("PartnerRelationship"),
        })
    })
}

/// The resellers of a customer: for the holder those it sells through, for a reseller itself.
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
    let body = collection(items, format!("/customers/{customer}/relationships"));
    Ok(Answer::ok(view.view.position(), body))
}

/// The caller's customers that it sells to through this reseller, or that this provider holds and it
/// serves.
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
    let body = collection(admitted.map(summary), format!("/relationships/{partner}/customer"));
    Ok(Answer::ok(view.position(), body))
}

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

async fn remove(
    State(app): State<AppState>,
    writer: Writer<(CustomerId, PartnerId)>,
) -> Result<Answer, ApiError> {
    let (customer, reseller) = writer.ids;
    removed(&app, &writer, customer, reseller).await
}

/// The same under the address that older clients know.
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
