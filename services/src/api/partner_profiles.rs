//! The profiles of the caller's partner: business [our own style], legal business, organization,
//! support, and the profile in the partner network.

use axum::{Router, extract::State, http::StatusCode, routing::get};
use commands::{
    EditPartnerProfile, Permission, permission_to_edit_profile, permission_to_view_profile,
};
use events::{
    CompanyName, CountryCode, MpnId, PartnerProfile, PostalAddress, ProfileContact, ProfileKind,
};
use projections::PartnerRow;
use serde_json::{Value, json};

use super::{
    reading::{Reader, View, open, personal_state, readable},
    wire::{Answer, attributes, extended, self_link},
    writing::Writer,
};
use crate::{
    application::{Application, OnPartner},
    http::{ApiError, AppState, JsonBody},
};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/v1/profiles/business", get(business).put(put_business))
        .route("/v1/profiles/legalbusiness", get(legal_business).put(put_legal_business))
        .route("/v1/profiles/organization", get(organization).put(put_organization))
        .route("/v1/profiles/support", get(support).put(put_support))
        .route("/v1/profiles/supportprofile", get(support).put(put_support))
        .route("/v1/profiles/mpn", get(mpn))
}

async fn business(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    read(&app, &reader, ProfileKind::Business).await
}

async fn legal_business(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    read(&app, &reader, ProfileKind::LegalBusiness).await
}

async fn organization(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    read(&app, &reader, ProfileKind::Organization).await
}

async fn support(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    read(&app, &reader, ProfileKind::Support).await
}

async fn read(app: &AppState, reader: &Reader, kind: ProfileKind) -> Result<Answer, ApiError> {
    let view = reader.view(app, permission_to_view_profile(kind)).await?;
    Ok(Answer::ok(view.position(), shown(app, &view, kind).await?))
}

async fn put_business(State(app): State<AppState>, writer: Writer) -> Result<Answer, ApiError> {
    let body = &writer.body;
    let profile = PartnerProfile::Business {
        about: body.required("description")?,
        website: body.optional("website")?,
        contact: read_contact(&body.required_object("contact")?)?,
    };
    let country = body.optional("country")?;
    put(&app, &writer, profile, country).await
}

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
    put(&app, &writer, profile, Some(country)).await
}

/// The contact stands in the address, as the contract has it.
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
    put(&app, &writer, profile, Some(country)).await
}

async fn put_support(State(app): State<AppState>, writer: Writer) -> Result<Answer, ApiError> {
    let body = &writer.body;
    let profile = PartnerProfile::Support {
        website: body.optional("website")?,
        email: body.required("email")?,
        phone_number: body.required("telephone")?,
    };
    put(&app, &writer, profile, None).await
}

fn read_contact(body: &JsonBody) -> Result<ProfileContact, ApiError> {
    Ok(ProfileContact {
        first_name: body.required("firstName")?,
        last_name: body.required("lastName")?,
        email: body.required("email")?,
        phone_number: body.optional("phoneNumber")?,
    })
}

fn read_address(body: &JsonBody) -> Result<PostalAddress, ApiError> {
    Ok(PostalAddress {
        line1: body.required("addressLine1")?,
        line2: body.optional("addressLine2")?,
        city: body.required("city")?,
        state: body.optional("state")?,
        postal_code: body.optional("postalCode")?,
    })
}

/// Enters a profile; name and country are those of the account unless the request names others.
async fn put(
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
    let outcome = writer.execute(app, &OnPartner::new(writer.partner(), command)).await?;
    let permission = permission_to_edit_profile(kind);
    let view = writer.view_after(app, &outcome, permission).await?;
    Ok(Answer::ok(outcome.position, shown(app, &view, kind).await?))
}

/// A profile; before it was entered, what the account says.
async fn shown(app: &Application, view: &View, kind: ProfileKind) -> Result<Value, ApiError> {
    let account = view.model.partners().get(view.partner).ok_or_else(ApiError::internal)?;
    let Some(row) = view.model.partner_profiles().get(view.partner, kind) else {
        return Ok(about(kind, &account.name, &account.country));
    };
    let opened = open::<PartnerProfile>(app, &row.profile).await?;
    let details = readable(&opened).map(|profile| details(profile, &row.country));
    let more = json!({
        "lastModifiedDate": row.changed_at,
        "personalData": personal_state(&opened),
    });
    let shown = extended(about(kind, &row.company_name, &row.country), more);
    Ok(extended(shown, details.unwrap_or_else(|| json!({}))))
}

fn about(kind: ProfileKind, name: &CompanyName, country: &CountryCode) -> Value {
    let (path, object_type) = match kind {
        ProfileKind::Business => ("business", "BusinessProfile"),
        ProfileKind::LegalBusiness => ("legalbusiness", "LegalBusinessProfile"),
        ProfileKind::Organization => ("organization", "OrganizationProfile"),
        ProfileKind::Support => ("support", "PartnerSupportProfile"),
    };
    json!({
        "profileType": kind,
        "companyName": name,
        "country": country,
        "links": self_link(format!("/profiles/{path}")),
        "attributes": attributes(object_type),
    })
}

fn details(profile: &PartnerProfile, country: &CountryCode) -> Value {
    match profile {
        PartnerProfile::Business { about, website, contact } => {
            json!({ "description": about, "website": website, "contact": contact })
        }
        PartnerProfile::LegalBusiness { address, contact } => json!({
            "address": shown_address(address, country),
            "primaryContact": contact,
            "vettingStatus": "none",
            "vettingSubStatus": "none",
        }),
        PartnerProfile::Organization { address, contact } => {
            let person = json!({
                "firstName": contact.first_name,
                "lastName": contact.last_name,
                "phoneNumber": contact.phone_number,
            });
            let address = extended(shown_address(address, country), person);
            json!({ "defaultAddress": address, "email": contact.email })
        }
        PartnerProfile::Support { website, email, phone_number } => {
            json!({ "website": website, "email": email, "telephone": phone_number })
        }
    }
}

fn shown_address(address: &PostalAddress, country: &CountryCode) -> Value {
    json!({
        "country": country,
        "city": address.city,
        "state": address.state,
        "addressLine1": address.line1,
        "addressLine2": address.line2,
        "postalCode": address.postal_code,
    })
}

/// The profile in the partner network, of the caller's partner or of the one with this MPN id.
async fn mpn(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::PartnerProfilesView).await?;
    let wanted: Option<MpnId> = reader.query().optional("mpnId")?;
    let partners = view.model.partners();
    let found = match wanted {
        Some(mpn_id) => partners.by_mpn_id(&mpn_id),
        None => partners.get(view.partner),
    };
    let found = found.ok_or_else(|| {
        ApiError::new(StatusCode::NOT_FOUND, 3000, "no partner has this MPN id")
            .with_data(["partner_not_found".to_owned(), "mpnId".to_owned()])
    })?;
    Ok(Answer::ok(view.position(), in_network(found)))
}

fn in_network(row: &PartnerRow) -> Value {
    json!({
        "mpnId": row.mpn_id,
        "partnerName": row.name,
        "profileType": "mpn_profile",
        "links": self_link("/profiles/mpn"),
        "attributes": attributes("MpnProfile"),
    })
}
