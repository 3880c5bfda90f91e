//! The profiles of the caller's partner: business [our own style], legal business, organization,
//! support, billing.

use async_trait::async_trait;
use axum::extract::State;
use commands::{
    EditPartnerProfile, Partner, permission_to_edit_profile, permission_to_view_profile,
};
use events::{
    CompanyName, CountryCode, InvalidValue, PartnerId, PartnerProfile, ProfileContact, ProfileKind,
    StreamId, WebAddress,
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    partner_profile_shape::{
        BillingProfile, BusinessProfile, LegalBusinessProfile, Loaded, OrganizationProfile,
        PartnerSupportProfile, ProfileAddressGiven, ProfilePersonGiven, load, read_address,
        read_contact, version,
    },
    reading::{Reader, View},
    wire::Answer,
    words::Words,
    writing::Writer,
};
use crate::{
    application::{CommandError, OnPartner, Transaction, UseCase},
    http::{ApiError, AppState, JsonBody},
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(business, put_business))
        .routes(routes!(legal_business, put_legal_business))
        .routes(routes!(organization, put_organization))
        .routes(routes!(support, put_support))
        .routes(routes!(support_by_docs, put_support_by_docs))
        .routes(routes!(billing, put_billing))
}

/// Which version of the legal profile: every version is final, as nobody vets it.
const VETTING_VERSIONS: Words<()> =
    Words { field: "vettingVersion", all: &[("current", ()), ("last_finalized", ())] };

/// Tells what the company does (*own*).
#[utoipa::path(
    get,
    path = "/v1/profiles/business",
    tag = "Profiles",
    responses((status = OK, description = "The profile.", body = BusinessProfile))
)]
async fn business(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    read::<BusinessProfile>(&app, &reader, ProfileKind::Business).await
}

/// Tells how the register has the company.
#[utoipa::path(
    get,
    path = "/v1/profiles/legalbusiness",
    tag = "Profiles",
    params((
        "vettingVersion" = Option<String>, Query,
        description = "`Current` or `LastFinalized`: the same, as nobody vets profiles here.",
        example = json!("Current"),
    )),
    responses((status = OK, description = "The profile.", body = LegalBusinessProfile))
)]
async fn legal_business(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    if let Some(version) = reader.query().text(VETTING_VERSIONS.field) {
        VETTING_VERSIONS.read(version)?;
    }
    read::<LegalBusinessProfile>(&app, &reader, ProfileKind::LegalBusiness).await
}

/// Tells where the organization is, and whom to reach in it.
#[utoipa::path(
    get,
    path = "/v1/profiles/organization",
    tag = "Profiles",
    responses((status = OK, description = "The profile.", body = OrganizationProfile))
)]
async fn organization(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    read::<OrganizationProfile>(&app, &reader, ProfileKind::Organization).await
}

/// Tells where the partner's customers find help.
#[utoipa::path(
    get,
    path = "/v1/profiles/support",
    tag = "Profiles",
    responses((status = OK, description = "The profile.", body = PartnerSupportProfile))
)]
async fn support(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    read::<PartnerSupportProfile>(&app, &reader, ProfileKind::Support).await
}

/// Tells the same, under the address that the published documents give.
#[utoipa::path(
    get,
    path = "/v1/profiles/supportprofile",
    tag = "Profiles",
    responses((status = OK, description = "The profile.", body = PartnerSupportProfile))
)]
async fn support_by_docs(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    read::<PartnerSupportProfile>(&app, &reader, ProfileKind::Support).await
}

/// Tells where the partner's own bills go.
#[utoipa::path(
    get,
    path = "/v1/profiles/billing",
    tag = "Profiles",
    responses((status = OK, description = "The profile.", body = BillingProfile))
)]
async fn billing(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    read::<BillingProfile>(&app, &reader, ProfileKind::Billing).await
}

async fn read<T: From<Loaded> + Serialize>(
    app: &AppState,
    reader: &Reader,
    kind: ProfileKind,
) -> Result<Answer, ApiError> {
    let view = reader.view(app, permission_to_view_profile(kind)).await?;
    Ok(Answer::ok(view.position(), T::from(load(app, &view, kind).await?)))
}

/// What the company does.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct BusinessProfileGiven {
    company_name: Option<String>,
    country: Option<String>,
    #[schema(example = "Cloud services for small companies.")]
    description: String,
    website: Option<String>,
    contact: ProfilePersonGiven,
}

/// Enters what the company does (*own*).
#[utoipa::path(
    put,
    path = "/v1/profiles/business",
    tag = "Profiles",
    request_body = BusinessProfileGiven,
    responses((status = OK, description = "The profile from now on.", body = BusinessProfile))
)]
async fn put_business(State(app): State<AppState>, writer: Writer) -> Result<Answer, ApiError> {
    let body = &writer.body;
    let profile = PartnerProfile::Business {
        about: body.required("description")?,
        website: read_website(body)?,
        contact: read_contact(&body.required_object("contact")?)?,
    };
    let country = body.optional("country")?;
    put::<BusinessProfile>(&app, &writer, profile, country).await
}

/// The company as the register has it.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct LegalBusinessProfileGiven {
    company_name: Option<String>,
    address: ProfileAddressGiven,
    primary_contact: ProfilePersonGiven,
}

/// Enters how the register has the company.
#[utoipa::path(
    put,
    path = "/v1/profiles/legalbusiness",
    tag = "Profiles",
    request_body = LegalBusinessProfileGiven,
    responses((status = OK, description = "The profile from now on.", body = LegalBusinessProfile))
)]
async fn put_legal_business(
    State(app): State<AppState>,
    writer: Writer,
) -> Result<Answer, ApiError> {
    let address = writer.body.required_object("address")?;
    let profile = PartnerProfile::LegalBusiness {
        address: read_address(&address)?,
        contact: read_contact(&writer.body.required_object("primaryContact")?)?,
    };
    let country = address.required("country")?;
    put::<LegalBusinessProfile>(&app, &writer, profile, Some(country)).await
}

/// The organization.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct OrganizationProfileGiven {
    company_name: Option<String>,
    default_address: OrganizationAddressGiven,
    email: String,
}

/// Where the organization is, and whom to reach in it.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct OrganizationAddressGiven {
    first_name: String,
    last_name: String,
    phone_number: Option<String>,
    country: String,
    city: String,
    state: Option<String>,
    address_line1: String,
    address_line2: Option<String>,
    postal_code: Option<String>,
}

/// Enters where the organization is; the person to reach stands in the address.
#[utoipa::path(
    put,
    path = "/v1/profiles/organization",
    tag = "Profiles",
    request_body = OrganizationProfileGiven,
    responses((status = OK, description = "The profile from now on.", body = OrganizationProfile))
)]
async fn put_organization(State(app): State<AppState>, writer: Writer) -> Result<Answer, ApiError> {
    let address = writer.body.required_object("defaultAddress")?;
    let contact = ProfileContact {
        first_name: address.required("firstName")?,
        last_name: address.required("lastName")?,
        email: writer.body.required("email")?,
        phone_number: address.optional("phoneNumber")?,
    };
    let profile = PartnerProfile::Organization { address: read_address(&address)?, contact };
    let country = address.required("country")?;
    put::<OrganizationProfile>(&app, &writer, profile, Some(country)).await
}

/// Where the partner's customers find help.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct PartnerSupportProfileGiven {
    company_name: Option<String>,
    website: Option<String>,
    email: String,
    #[schema(example = "+1 206 555 0100")]
    telephone: String,
}

/// Enters where the partner's customers find help.
#[utoipa::path(
    put,
    path = "/v1/profiles/support",
    tag = "Profiles",
    request_body = PartnerSupportProfileGiven,
    responses((status = OK, description = "The profile from now on.", body = PartnerSupportProfile))
)]
async fn put_support(State(app): State<AppState>, writer: Writer) -> Result<Answer, ApiError> {
    let body = &writer.body;
    let profile = PartnerProfile::Support {
        website: read_website(body)?,
        email: body.required("email")?,
        phone_number: body.required("telephone")?,
    };
    put::<PartnerSupportProfile>(&app, &writer, profile, None).await
}

/// The website in a body. The published documents leave the scheme away, as people do.
fn read_website(body: &JsonBody) -> Result<Option<WebAddress>, ApiError> {
    let given: Option<String> = body.plain("website")?;
    let given = given.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let whole =
        given.map(|text| if text.contains("://") { text } else { format!("https://{text}") });
    let read = whole.map(|text| text.parse()).transpose();
    read.map_err(|error: InvalidValue| body.wrong("website", error.reason))
}

/// Enters the same, under the address that the published documents give.
#[utoipa::path(
    put,
    path = "/v1/profiles/supportprofile",
    tag = "Profiles",
    request_body = PartnerSupportProfileGiven,
    responses((status = OK, description = "The profile from now on.", body = PartnerSupportProfile))
)]
async fn put_support_by_docs(app: State<AppState>, writer: Writer) -> Result<Answer, ApiError> {
    put_support(app, writer).await
}

/// Where the partner's own bills go.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct BillingProfileGiven {
    company_name: Option<String>,
    address: ProfileAddressGiven,
    primary_contact: ProfilePersonGiven,
    #[schema(example = "PO-2026-0042")]
    purchase_order_number: Option<String>,
    #[schema(example = "US 12-3456789")]
    tax_id: Option<String>,
}

/// Enters where the partner's own bills go.
#[utoipa::path(
    put,
    path = "/v1/profiles/billing",
    tag = "Profiles",
    params((
        "If-Match" = Option<String>, Header,
        description = "The etag of the profile as the caller knows it; in its place, that in the body's \
            `attributes`. A stale one is refused with code 2055.",
    )),
    request_body = BillingProfileGiven,
    responses((status = OK, description = "The profile from now on.", body = BillingProfile))
)]
async fn put_billing(State(app): State<AppState>, writer: Writer) -> Result<Answer, ApiError> {
    let body = &writer.body;
    let address = body.required_object("address")?;
    let profile = PartnerProfile::Billing {
        address: read_address(&address)?,
        contact: read_contact(&body.required_object("primaryContact")?)?,
        purchase_order: body.optional("purchaseOrderNumber")?,
        tax_id: body.optional("taxId")?,
    };
    let country = address.required("country")?;
    put::<BillingProfile>(&app, &writer, profile, Some(country)).await
}

/// Enters a profile; name and country are those of the account unless the request names others.
async fn put<T: From<Loaded> + Serialize>(
    app: &AppState,
    writer: &Writer,
    profile: PartnerProfile,
    country: Option<CountryCode>,
) -> Result<Answer, ApiError> {
    let kind = profile.kind();
    let company_name: Option<CompanyName> = writer.body.optional("companyName")?;
    let model = app.models().current();
    let account = model.partners().get(writer.partner()).ok_or_else(ApiError::internal)?;
    let command = EditPartnerProfile {
        company_name: company_name.unwrap_or_else(|| account.name.clone()),
        country: country.unwrap_or_else(|| account.country.clone()),
        profile,
    };
    let known = if kind == ProfileKind::Billing { writer.known_tag()? } else { None };
    let use_case = EditUnchanged { partner: writer.partner(), known, command };
    let outcome = writer.execute(app, &use_case).await?;
    let view = writer.view_after(app, &outcome, permission_to_edit_profile(kind)).await?;
    Ok(Answer::ok(outcome.position, T::from(load(app, &view, kind).await?)))
}

/// A profile that is entered only if it is as the caller knows it.
struct EditUnchanged {
    partner: PartnerId,
    /// The version the caller knows; none changes whatever is there.
    known: Option<String>,
    command: EditPartnerProfile,
}

#[async_trait]
impl UseCase for EditUnchanged {
    fn name(&self) -> &'static str {
        "EditPartnerProfile"
    }

    fn primary(&self) -> StreamId {
        self.partner.into()
    }

    async fn decide(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError> {
        if let Some(known) = &self.known {
            transaction.authorise(permission_to_edit_profile(self.command.profile.kind())).await?;
            let app = transaction.application;
            let model = transaction.model_of::<Partner>(self.partner).await?;
            let view = View { model, at: app.now(), partner: self.partner };
            if *known != version(&view, self.command.profile.kind()) {
                return Err(CommandError::Stale);
            }
        }
        OnPartner::new(self.partner, self.command.clone()).decide(transaction).await
    }
}
