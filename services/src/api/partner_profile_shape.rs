//! How are the profiles of a partner shown, and how are they read from a request?

use events::{
    CompanyName, CountryCode, PartnerId, PartnerProfile, PostalAddress, ProfileContact,
    ProfileKind, Timestamp,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    reading::{View, open, personal_state, readable},
    shapes::{Attributes, SelfLinks, TaggedAttributes},
};
use crate::{
    application::Application,
    http::{ApiError, JsonBody},
};

/// What every profile of a partner tells.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PartnerProfileHead {
    /// Which profile.
    #[schema(value_type = String, example = "support_profile")]
    profile_type: &'static str,
    #[schema(value_type = String)]
    company_name: CompanyName,
    #[schema(value_type = String)]
    country: CountryCode,
    /// When it was entered or changed last; absent before it was entered.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_modified_date: Option<Timestamp>,
    /// Why the rest is not shown: `erased`, or `unavailable` (*own*).
    #[schema(value_type = Option<String>, example = "erased")]
    personal_data: Option<&'static str>,
    links: SelfLinks,
}

/// A profile as it was read: what stands in all, and what is its own.
pub(super) struct Loaded {
    /// Whose it is.
    partner: PartnerId,
    /// What stands in all.
    head: PartnerProfileHead,
    /// Which version it is.
    tag: String,
    /// What it says: nothing before it was entered, and when it cannot be opened any more.
    said: Said,
}

/// Reads a profile of the caller's partner; before it was entered, what the account says.
///
/// # Errors
/// When there was no such partner yet, or the log cannot be read.
pub(super) async fn load(
    app: &Application,
    view: &View,
    kind: ProfileKind,
) -> Result<Loaded, ApiError> {
    let account = view.own()?;
    let row = view.model.partner_profiles().get(view.partner, kind);
    let mut head = PartnerProfileHead {
        profile_type: profile_type(kind),
        company_name: row.map_or(&account.name, |row| &row.company_name).clone(),
        country: row.map_or(&account.country, |row| &row.country).clone(),
        last_modified_date: row.map(|row| row.changed_at),
        personal_data: None,
        links: SelfLinks::to(format!("/profiles/{}", path(kind))),
    };
    let (partner, tag) = (view.partner, version(view, kind));
    let Some(row) = row else {
        return Ok(Loaded { partner, head, tag, said: Said::default() });
    };
    let opened = open::<PartnerProfile>(app, &row.profile).await?;
    head.personal_data = personal_state(&opened);
    let said = readable(&opened).map(|profile| Said::of(profile, &head.country));
    Ok(Loaded { partner, head, tag, said: said.unwrap_or_default() })
}

/// The version of a profile: each change makes another.
pub(super) fn version(view: &View, kind: ProfileKind) -> String {
    let row = view.model.partner_profiles().get(view.partner, kind);
    row.map_or(0, |row| row.profile.position.get()).to_string()
}

const fn path(kind: ProfileKind) -> &'static str {
    match kind {
        ProfileKind::Business => "business",
        ProfileKind::LegalBusiness => "legalbusiness",
        ProfileKind::Organization => "organization",
        ProfileKind::Support => "support",
        ProfileKind::Billing => "billing",
    }
}

/// A profile as the contract spells it.
const fn profile_type(kind: ProfileKind) -> &'static str {
    match kind {
        ProfileKind::Business => "business_profile",
        ProfileKind::LegalBusiness => "legal_business_profile",
        ProfileKind::Organization => "organization_profile",
        ProfileKind::Support => "support_profile",
        ProfileKind::Billing => "billing_profile",
    }
}

/// Whom to reach at a partner.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ProfilePerson {
    first_name: String,
    last_name: String,
    email: String,
    phone_number: Option<String>,
}

impl From<&ProfileContact> for ProfilePerson {
    fn from(contact: &ProfileContact) -> Self {
        Self {
            first_name: contact.first_name.to_string(),
            last_name: contact.last_name.to_string(),
            email: contact.email.to_string(),
            phone_number: contact.phone_number.as_ref().map(ToString::to_string),
        }
    }
}

/// An address of a partner; that of the organization with the person to reach.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ProfileAddress {
    country: String,
    city: String,
    state: Option<String>,
    address_line1: String,
    address_line2: Option<String>,
    postal_code: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    phone_number: Option<String>,
}

impl ProfileAddress {
    fn of(address: &PostalAddress, country: &CountryCode) -> Self {
        Self {
            country: country.to_string(),
            city: address.city.to_string(),
            state: address.state.as_ref().map(ToString::to_string),
            address_line1: address.line1.to_string(),
            address_line2: address.line2.as_ref().map(ToString::to_string),
            postal_code: address.postal_code.as_ref().map(ToString::to_string),
            first_name: None,
            last_name: None,
            phone_number: None,
        }
    }

    fn with_person(self, contact: &ProfileContact) -> Self {
        let ProfilePerson { first_name, last_name, phone_number, .. } = contact.into();
        let (first_name, last_name) = (Some(first_name), Some(last_name));
        Self { first_name, last_name, phone_number, ..self }
    }
}

/// What profiles say: each kind has some of it.
#[derive(Default)]
struct Said {
    address: Option<ProfileAddress>,
    contact: Option<ProfilePerson>,
    description: Option<String>,
    website: Option<String>,
    email: Option<String>,
    telephone: Option<String>,
    purchase_order: Option<String>,
    tax_id: Option<String>,
}

impl Said {
    fn of(profile: &PartnerProfile, country: &CountryCode) -> Self {
        let nothing = Self::default();
        match profile {
            PartnerProfile::Business { about, website, contact } => Self {
                description: Some(about.to_string()),
                website: website.as_ref().map(ToString::to_string),
                contact: Some(contact.into()),
                ..nothing
            },
            PartnerProfile::LegalBusiness { address, contact } => Self {
                address: Some(ProfileAddress::of(address, country)),
                contact: Some(contact.into()),
                ..nothing
            },
            PartnerProfile::Organization { address, contact } => Self {
                address: Some(ProfileAddress::of(address, country).with_person(contact)),
                email: Some(contact.email.to_string()),
                ..nothing
            },
            PartnerProfile::Support { website, email, phone_number } => Self {
                website: website.as_ref().map(ToString::to_string),
                email: Some(email.to_string()),
                telephone: Some(phone_number.to_string()),
                ..nothing
            },
            PartnerProfile::Billing { address, contact, purchase_order, tax_id } => Self {
                address: Some(ProfileAddress::of(address, country)),
                contact: Some(contact.into()),
                purchase_order: purchase_order.as_ref().map(ToString::to_string),
                tax_id: tax_id.as_ref().map(ToString::to_string),
                ..nothing
            },
        }
    }
}

/// What the company does, for those who look for a partner.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct BusinessProfile {
    #[serde(flatten)]
    head: PartnerProfileHead,
    #[schema(example = "Cloud services for small companies.")]
    description: Option<String>,
    website: Option<String>,
    contact: Option<ProfilePerson>,
    attributes: Attributes,
}

impl From<Loaded> for BusinessProfile {
    fn from(Loaded { head, said, .. }: Loaded) -> Self {
        Self {
            head,
            description: said.description,
            website: said.website,
            contact: said.contact,
            attributes: Attributes::of("BusinessProfile"),
        }
    }
}

/// The company as the register has it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LegalBusinessProfile {
    #[serde(flatten)]
    head: PartnerProfileHead,
    address: Option<ProfileAddress>,
    primary_contact: Option<ProfilePerson>,
    /// Nobody vets profiles here.
    #[schema(value_type = String, example = "none")]
    vetting_status: &'static str,
    #[schema(value_type = String, example = "none")]
    vetting_sub_status: &'static str,
    attributes: Attributes,
}

impl From<Loaded> for LegalBusinessProfile {
    fn from(Loaded { head, said, .. }: Loaded) -> Self {
        Self {
            head,
            address: said.address,
            primary_contact: said.contact,
            vetting_status: "none",
            vetting_sub_status: "none",
            attributes: Attributes::of("LegalBusinessProfile"),
        }
    }
}

/// The organization, and whom to reach in it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct OrganizationProfile {
    /// That of the partner.
    #[schema(value_type = Uuid)]
    id: PartnerId,
    /// The same: programs find out here for whom they work.
    #[schema(value_type = Uuid)]
    tenant_id: PartnerId,
    #[serde(flatten)]
    head: PartnerProfileHead,
    /// Where it is, and whom to reach.
    default_address: Option<ProfileAddress>,
    email: Option<String>,
    attributes: Attributes,
}

impl From<Loaded> for OrganizationProfile {
    fn from(Loaded { partner, head, said, .. }: Loaded) -> Self {
        Self {
            id: partner,
            tenant_id: partner,
            head,
            default_address: said.address,
            email: said.email,
            attributes: Attributes::of("OrganizationProfile"),
        }
    }
}

/// Where the partner's own customers find help.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PartnerSupportProfile {
    #[serde(flatten)]
    head: PartnerProfileHead,
    website: Option<String>,
    email: Option<String>,
    #[schema(example = "+1 206 555 0100")]
    telephone: Option<String>,
    attributes: Attributes,
}

impl From<Loaded> for PartnerSupportProfile {
    fn from(Loaded { head, said, .. }: Loaded) -> Self {
        Self {
            head,
            website: said.website,
            email: said.email,
            telephone: said.telephone,
            attributes: Attributes::of("PartnerSupportProfile"),
        }
    }
}

/// Where the partner's own bills go.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct BillingProfile {
    #[serde(flatten)]
    head: PartnerProfileHead,
    address: Option<ProfileAddress>,
    primary_contact: Option<ProfilePerson>,
    /// What the partner wants to find on its bills.
    #[schema(example = "PO-2026-0042")]
    purchase_order_number: Option<String>,
    /// Its number with the tax office.
    #[schema(example = "US 12-3456789")]
    tax_id: Option<String>,
    attributes: TaggedAttributes,
}

impl From<Loaded> for BillingProfile {
    fn from(Loaded { head, tag, said, .. }: Loaded) -> Self {
        Self {
            head,
            address: said.address,
            primary_contact: said.contact,
            purchase_order_number: said.purchase_order,
            tax_id: said.tax_id,
            attributes: Attributes::tagged("BillingProfile", tag),
        }
    }
}

/// Reads whom to reach.
///
/// # Errors
/// When a member is missing or not acceptable, naming it.
pub(super) fn read_contact(body: &JsonBody) -> Result<ProfileContact, ApiError> {
    Ok(ProfileContact {
        first_name: body.required("firstName")?,
        last_name: body.required("lastName")?,
        email: body.required("email")?,
        phone_number: body.optional("phoneNumber")?,
    })
}

/// Reads an address, without its country.
///
/// # Errors
/// When a member is missing or not acceptable, naming it.
pub(super) fn read_address(body: &JsonBody) -> Result<PostalAddress, ApiError> {
    Ok(PostalAddress {
        line1: body.required("addressLine1")?,
        line2: body.optional("addressLine2")?,
        city: body.required("city")?,
        state: body.optional("state")?,
        postal_code: body.optional("postalCode")?,
    })
}

/// Whom to reach, as a body says it.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
pub(super) struct ProfilePersonGiven {
    first_name: String,
    last_name: String,
    email: String,
    phone_number: Option<String>,
}

/// An address, as a body says it.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
pub(super) struct ProfileAddressGiven {
    country: String,
    city: String,
    state: Option<String>,
    address_line1: String,
    address_line2: Option<String>,
    postal_code: Option<String>,
}
