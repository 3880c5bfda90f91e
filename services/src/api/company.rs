//! The company of a signed-in customer user [our own style]: who serves it, and what it bought.

use axum::extract::State;
use commands::{CompanyPermission, Rejection};
use events::{CustomerId, OfferId, PartnerId, PartnerProfile, SubscriptionId, Timestamp};
use projections::{ReadModel, SubscriptionRow};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    billing::cycle_word,
    partners::{PartnerSummary, shown_partner},
    reading::{Reader, personal_state, readable},
    shapes::{Attributes, Collection},
    subscription_shape::status_word,
    wire::Answer,
};
use crate::{
    application::{Principal, SupportDetails},
    http::{ApiError, AppState, SignedIn},
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(company)).routes(routes!(subscriptions))
}

/// The company of the caller.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Company)]
struct OwnCompany {
    #[schema(value_type = Uuid)]
    id: CustomerId,
    company_name: String,
    domain: String,
    /// The partners with a relationship to it.
    partners: Vec<CompanyPartner>,
    attributes: Attributes,
}

/// A partner with a relationship to the company.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CompanyPartner {
    partner: PartnerSummary,
    /// Whether it administers the company's users.
    allow_delegated_access: bool,
    /// Whether the company may buy from it by itself.
    own_purchases: bool,
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
}

/// What the company bought.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CompanySubscription {
    #[schema(value_type = Uuid)]
    id: SubscriptionId,
    #[schema(value_type = Uuid)]
    offer_id: OfferId,
    #[schema(example = "Office 365 Business Premium")]
    friendly_name: String,
    /// Licences.
    #[schema(example = 5)]
    quantity: u32,
    /// `monthly`, `annual` or `one_time`.
    #[schema(example = "monthly")]
    billing_cycle: &'static str,
    /// `active`, `suspended` or `deleted`.
    #[schema(example = "active")]
    status: &'static str,
    /// Who sold it.
    partner: PartnerSummary,
    /// Whom the company turns to about it.
    support_contact: Option<CompanySupportContact>,
    #[schema(value_type = String, format = DateTime)]
    creation_date: Timestamp,
    attributes: Attributes,
}

/// Whom the company turns to, with how, once that was entered.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CompanySupportContact {
    #[schema(value_type = Uuid)]
    support_tenant_id: PartnerId,
    #[schema(example = "1234567")]
    support_mpn_id: String,
    #[schema(example = "Fabrikam Reseller")]
    name: String,
    website: Option<String>,
    email: Option<String>,
    #[schema(example = "+1 206 555 0100")]
    telephone: Option<String>,
    /// `erased` or `unavailable`, where the details cannot be shown.
    #[schema(example = json!(null))]
    personal_data: Option<&'static str>,
    attributes: Attributes,
}

/// The company of a signed-in user who may do this there.
pub(super) async fn own(
    app: &AppState,
    caller: &SignedIn,
    permission: CompanyPermission,
) -> Result<CustomerId, ApiError> {
    if caller.authenticated.must_change_password {
        return Err(ApiError::password_must_change());
    }
    let Principal::CustomerUser { customer, .. } = caller.principal() else {
        return Err((&Rejection::ActorNotAllowed).into());
    };
    app.allow_in_company(caller.principal(), customer, permission).await?;
    Ok(customer)
}

/// Shows the company and the partners that serve it (*own*).
#[utoipa::path(
    get,
    path = "/v1/company",
    tag = "Company",
    responses((status = OK, description = "The company.", body = OwnCompany))
)]
async fn company(
    State(app): State<AppState>,
    reader: Reader<(), SignedIn>,
) -> Result<Answer, ApiError> {
    let customer = own(&app, &reader.caller, CompanyPermission::CompanyView).await?;
    let (model, _) = reader.model(&app).await?;
    let row = model.customers().get(customer);
    let row = row.ok_or_else(|| ApiError::not_found("the company is not there yet"))?;
    let bonds = row.relationships.iter().filter(|bond| bond.active);
    let partners = bonds.map(|bond| CompanyPartner {
        partner: shown_partner(&model, bond.partner),
        allow_delegated_access: bond.delegated_admin,
        own_purchases: row.own_purchases_from(bond.partner).is_some(),
        since: bond.since,
    });
    let body = OwnCompany {
        id: customer,
        company_name: row.company_name.to_string(),
        domain: row.domain.to_string(),
        partners: partners.collect(),
        attributes: Attributes::of("Company"),
    };
    Ok(Answer::ok(model.position(), body))
}

/// Lists what the company bought, and whom it turns to about it (*own*).
#[utoipa::path(
    get,
    path = "/v1/company/subscriptions",
    tag = "Company",
    responses((status = OK, description = "The subscriptions.", body = Collection<CompanySubscription>))
)]
async fn subscriptions(
    State(app): State<AppState>,
    reader: Reader<(), SignedIn>,
) -> Result<Answer, ApiError> {
    let customer = own(&app, &reader.caller, CompanyPermission::CompanyView).await?;
    let (model, _) = reader.model(&app).await?;
    let mut items = Vec::new();
    for row in model.subscriptions().of(customer) {
        let contact = app.support_details(&model, row).await?;
        items.push(shown_subscription(&model, row, contact.as_ref()));
    }
    Ok(Answer::ok(model.position(), Collection::of(items, "/company/subscriptions")))
}

fn shown_subscription(
    model: &ReadModel,
    row: &SubscriptionRow,
    contact: Option<&SupportDetails<'_>>,
) -> CompanySubscription {
    CompanySubscription {
        id: row.id,
        offer_id: row.offer,
        friendly_name: row.friendly_name.to_string(),
        quantity: row.quantity.into(),
        billing_cycle: cycle_word(row.billing_cycle),
        status: status_word(row.state),
        partner: shown_partner(model, row.partner),
        support_contact: contact.map(shown_contact),
        creation_date: row.created_at,
        attributes: Attributes::of("CompanySubscription"),
    }
}

/// The support contact with its support profile, once it has entered one.
fn shown_contact(contact: &SupportDetails<'_>) -> CompanySupportContact {
    let SupportDetails { partner, profile } = contact;
    let shown = CompanySupportContact {
        support_tenant_id: partner.id,
        support_mpn_id: partner.mpn_id.to_string(),
        name: partner.name.to_string(),
        website: None,
        email: None,
        telephone: None,
        personal_data: profile.as_ref().and_then(personal_state),
        attributes: Attributes::of("SupportContact"),
    };
    match profile.as_ref().and_then(readable) {
        Some(PartnerProfile::Support { website, email, phone_number }) => CompanySupportContact {
            website: website.as_ref().map(ToString::to_string),
            email: Some(email.to_string()),
            telephone: Some(phone_number.to_string()),
            ..shown
        },
        Some(
            PartnerProfile::Business { .. }
            | PartnerProfile::LegalBusiness { .. }
            | PartnerProfile::Organization { .. }
            | PartnerProfile::Billing { .. },
        )
        | None => shown,
    }
}
