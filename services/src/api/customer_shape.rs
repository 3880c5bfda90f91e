//! How is a customer shown, and how is its account read from a request?

use events::{
    AddressLine, CompanyName, ContactDetails, CountryCode, CustomerId, DomainName, EmailAddress,
    Locale, Opened, PartnerId, PersonName, PhoneNumber, PostalAddress, PostalCode,
};
use projections::CustomerRow;
use serde::Serialize;
use store::ReadError;
use utoipa::ToSchema;

use super::{
    reading::{open, personal_state, readable},
    shapes::{Attributes, SelfLinks},
};
use crate::{
    application::Application,
    http::{ApiError, JsonBody},
};

/// The culture of a customer for which none was given.
const CULTURE_DEFAULT: &str = "en-US";
/// The language of a customer for which none was given.
const LANGUAGE_DEFAULT: &str = "en";

/// A customer. A list carries of it what a list needs.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Customer {
    #[schema(value_type = Option<Uuid>)]
    id: Option<CustomerId>,
    /// The same as the id.
    #[schema(value_type = Option<Uuid>)]
    commerce_id: Option<CustomerId>,
    company_profile: Option<CustomerCompanyProfile>,
    billing_profile: Option<CustomerBillingProfile>,
    /// `reseller` while the relationship lasts, then `none`.
    #[schema(value_type = String, example = "reseller")]
    relationship_to_partner: &'static str,
    /// Whether the partner may administer on the customer's behalf; not in lists.
    allow_delegated_access: Option<bool>,
    /// Those of its first user, once, in the answer that creates the customer.
    pub(super) user_credentials: Option<UserCredentials>,
    /// `already_shown`, where a creation is repeated (*own*).
    #[schema(value_type = Option<String>, example = "already_shown")]
    pub(super) password_state: Option<&'static str>,
    /// Every domain, the first one first.
    #[schema(example = json!(["relecloud.example"]))]
    custom_domains: Option<Vec<String>>,
    /// The indirect reseller through which the partner sells to it.
    #[schema(value_type = Option<Uuid>)]
    associated_partner_id: Option<PartnerId>,
    links: Option<SelfLinks>,
    attributes: Attributes,
}

/// What is shown once of the first user of a company.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct UserCredentials {
    #[schema(value_type = Option<String>, example = "admin")]
    pub(super) user_name: Option<&'static str>,
    /// The name to sign in with (*own*).
    pub(super) user_principal_name: String,
    /// This once.
    #[schema(example = "Fuzu4-rolip-29")]
    pub(super) password: Option<String>,
    /// `already_shown`, where the request is repeated (*own*).
    #[schema(value_type = Option<String>, example = "already_shown")]
    pub(super) password_state: Option<&'static str>,
}

/// A customer's company.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CustomerCompanyProfile {
    #[schema(value_type = Uuid)]
    tenant_id: CustomerId,
    /// Its first domain.
    domain: String,
    company_name: String,
    /// Not in lists.
    address: Option<CustomerAddress>,
    /// Not in lists.
    email: Option<String>,
    /// Why the contact cannot be shown: `erased` or `unavailable` (*own*).
    #[schema(value_type = Option<String>, example = "erased")]
    personal_data: Option<&'static str>,
    links: Option<SelfLinks>,
    attributes: Attributes,
}

/// What bills of a customer are made from.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CustomerBillingProfile {
    #[schema(value_type = Uuid)]
    id: CustomerId,
    first_name: Option<String>,
    last_name: Option<String>,
    email: Option<String>,
    culture: String,
    language: String,
    company_name: String,
    default_address: CustomerAddress,
    /// Why the contact cannot be shown: `erased` or `unavailable` (*own*).
    #[schema(value_type = Option<String>, example = "erased")]
    personal_data: Option<&'static str>,
    links: SelfLinks,
    attributes: BillingProfileAttributes,
}

/// What kind of resource it is, and its version.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct BillingProfileAttributes {
    #[schema(value_type = String)]
    object_type: &'static str,
    /// The version: sent back as `If-Match` or within the body, the change is made to no other.
    #[schema(example = "42")]
    etag: Option<String>,
}

/// Where a customer is, and whom to reach there.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CustomerAddress {
    country: String,
    city: Option<String>,
    state: Option<String>,
    address_line1: Option<String>,
    address_line2: Option<String>,
    postal_code: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    phone_number: Option<String>,
}

/// A customer to be created.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
pub(super) struct NewCustomer {
    company_profile: NewCompanyProfile,
    billing_profile: BillingProfileChange,
    /// Whether the partner may administer on the customer's behalf; it may unless this is `false`.
    allow_delegated_access: Option<bool>,
    /// An indirect reseller with an accepted partnership.
    #[schema(value_type = Option<Uuid>, example = json!(null))]
    associated_partner_id: Option<PartnerId>,
}

/// The company of a new customer.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct NewCompanyProfile {
    /// Unique in the installation.
    domain: String,
    /// Taken where the billing profile has none.
    company_name: Option<String>,
}

/// A billing profile; what an edit leaves out stays as it is.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
pub(super) struct BillingProfileChange {
    company_name: Option<String>,
    email: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    culture: Option<String>,
    language: Option<String>,
    default_address: Option<AddressChange>,
}

/// An address; what an edit leaves out stays as it is.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct AddressChange {
    country: Option<String>,
    city: Option<String>,
    state: Option<String>,
    address_line1: Option<String>,
    address_line2: Option<String>,
    postal_code: Option<String>,
    /// The same as that of the profile, or there only.
    first_name: Option<String>,
    last_name: Option<String>,
    phone_number: Option<String>,
}

/// The name, place and contact of a company.
#[derive(Clone)]
pub(super) struct Details {
    pub(super) company_name: CompanyName,
    pub(super) country: CountryCode,
    pub(super) culture: Locale,
    pub(super) language: Locale,
    pub(super) contact: ContactDetails,
}

/// What a request says about them; `None` leaves a member as it is.
#[derive(Clone, Default)]
pub(super) struct DetailsChange {
    company_name: Option<CompanyName>,
    country: Option<CountryCode>,
    culture: Option<Locale>,
    language: Option<Locale>,
    email: Option<EmailAddress>,
    first_name: Option<PersonName>,
    last_name: Option<PersonName>,
    phone_number: Option<PhoneNumber>,
    line1: Option<AddressLine>,
    line2: Option<AddressLine>,
    city: Option<AddressLine>,
    state: Option<AddressLine>,
    postal_code: Option<PostalCode>,
}

impl DetailsChange {
    /// Reads a billing profile.
    ///
    /// # Errors
    /// When a member is not acceptable, naming it.
    pub(super) fn read(profile: &JsonBody) -> Result<Self, ApiError> {
        let address = profile.object("defaultAddress")?.unwrap_or_default();
        // The name stands in the profile or in its address, as each client sees fit.
        let name = |field: &str| match (
            profile.optional::<PersonName>(field)?,
            address.optional(field)?,
        ) {
            (Some(name), Some(other)) if name != other => {
                let reason = format!("contradicts {field}: give the name once");
                Err(ApiError::invalid(&format!("defaultAddress.{field}"), reason))
            }
            (name, other) => Ok(name.or(other)),
        };
        Ok(Self {
            company_name: profile.optional("companyName")?,
            country: address.optional("country")?,
            culture: profile.optional("culture")?,
            language: profile.optional("language")?,
            email: profile.optional("email")?,
            first_name: name("firstName")?,
            last_name: name("lastName")?,
            phone_number: address.optional("phoneNumber")?,
            line1: address.optional("addressLine1")?,
            line2: address.optional("addressLine2")?,
            city: address.optional("city")?,
            state: address.optional("state")?,
            postal_code: address.optional("postalCode")?,
        })
    }

    /// The same, with this name for the company where there is none.
    pub(super) fn or_called(self, name: Option<CompanyName>) -> Self {
        Self { company_name: self.company_name.or(name), ..self }
    }

    /// The details after the change; `known` are those before it, where there are any.
    ///
    /// # Errors
    /// When something is neither given nor known, naming the member.
    pub(super) fn onto(self, known: Option<Details>) -> Result<Details, Missing> {
        let known = Self::from(known);
        let culture = self.culture.or(known.culture);
        let language = self.language.or(known.language);
        let address = PostalAddress {
            line1: needed("defaultAddress.addressLine1", self.line1.or(known.line1))?,
            line2: self.line2.or(known.line2),
            city: needed("defaultAddress.city", self.city.or(known.city))?,
            state: self.state.or(known.state),
            postal_code: self.postal_code.or(known.postal_code),
        };
        Ok(Details {
            company_name: needed("companyName", self.company_name.or(known.company_name))?,
            country: needed("defaultAddress.country", self.country.or(known.country))?,
            culture: needed("culture", culture.or_else(|| Locale::new(CULTURE_DEFAULT).ok()))?,
            language: needed("language", language.or_else(|| Locale::new(LANGUAGE_DEFAULT).ok()))?,
            contact: ContactDetails {
                email: needed("email", self.email.or(known.email))?,
                first_name: needed("firstName", self.first_name.or(known.first_name))?,
                last_name: needed("lastName", self.last_name.or(known.last_name))?,
                phone_number: self.phone_number.or(known.phone_number),
                address,
            },
        })
    }
}

/// A member of a billing profile that must be there.
pub(super) struct Missing(pub(super) &'static str);

fn needed<T>(member: &'static str, value: Option<T>) -> Result<T, Missing> {
    value.ok_or(Missing(member))
}

impl From<Option<Details>> for DetailsChange {
    fn from(details: Option<Details>) -> Self {
        let Some(Details { company_name, country, culture, language, contact }) = details else {
            return Self::default();
        };
        let ContactDetails { email, first_name, last_name, phone_number, address } = contact;
        let PostalAddress { line1, line2, city, state, postal_code } = address;
        Self {
            company_name: Some(company_name),
            country: Some(country),
            culture: Some(culture),
            language: Some(language),
            email: Some(email),
            first_name: Some(first_name),
            last_name: Some(last_name),
            phone_number,
            line1: Some(line1),
            line2,
            city: Some(city),
            state,
            postal_code,
        }
    }
}

/// A customer's account, to be shown.
pub(super) struct Account {
    id: CustomerId,
    domain: DomainName,
    further_domains: Vec<DomainName>,
    company_name: CompanyName,
    country: CountryCode,
    culture: Locale,
    language: Locale,
    contact: Opened<ContactDetails>,
    etag: Option<String>,
}

impl Account {
    /// A customer of the read model, its contact opened.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub(super) async fn of(app: &Application, row: &CustomerRow) -> Result<Self, ReadError> {
        Ok(Self {
            id: row.id,
            domain: row.domain.clone(),
            further_domains: row.further_domains.clone(),
            company_name: row.company_name.clone(),
            country: row.country.clone(),
            culture: row.culture.clone(),
            language: row.language.clone(),
            contact: open(app, &row.contact).await?,
            etag: Some(details_tag(row)),
        })
    }

    /// A customer that was just created.
    pub(super) fn new(id: CustomerId, domain: DomainName, details: Details) -> Self {
        let Details { company_name, country, culture, language, contact } = details;
        let contact = Opened::Readable(contact);
        Self {
            id,
            domain,
            further_domains: Vec::new(),
            company_name,
            country,
            culture,
            language,
            contact,
            etag: None,
        }
    }

    /// Every domain, the first one first.
    fn domains(&self) -> impl Iterator<Item = &DomainName> {
        std::iter::once(&self.domain).chain(&self.further_domains)
    }

    /// What may be edited of the account; `None` where the contact cannot be shown.
    pub(super) fn details(&self) -> Option<Details> {
        let contact = readable(&self.contact)?.clone();
        Some(Details {
            company_name: self.company_name.clone(),
            country: self.country.clone(),
            culture: self.culture.clone(),
            language: self.language.clone(),
            contact,
        })
    }

    /// The customer as a resource of its own.
    pub(super) fn shown(&self, relationship: &Standing) -> Customer {
        Customer {
            id: Some(self.id),
            commerce_id: Some(self.id),
            company_profile: Some(self.company_profile()),
            billing_profile: Some(self.billing_profile()),
            relationship_to_partner: relationship.word(),
            allow_delegated_access: Some(relationship.delegated_admin),
            user_credentials: None,
            password_state: None,
            custom_domains: Some(self.domains().map(ToString::to_string).collect()),
            associated_partner_id: relationship.reseller,
            links: Some(SelfLinks::to(format!("/customers/{}", self.id))),
            attributes: Attributes::of("Customer"),
        }
    }

    /// The company's profile.
    pub(super) fn company_profile(&self) -> CustomerCompanyProfile {
        CustomerCompanyProfile {
            tenant_id: self.id,
            domain: self.domain.to_string(),
            company_name: self.company_name.to_string(),
            address: Some(self.address()),
            email: readable(&self.contact).map(|contact| contact.email.to_string()),
            personal_data: personal_state(&self.contact),
            links: Some(SelfLinks::to(format!("/customers/{}/profiles/company", self.id))),
            attributes: Attributes::of("CustomerCompanyProfile"),
        }
    }

    /// The profile bills are made from.
    pub(super) fn billing_profile(&self) -> CustomerBillingProfile {
        let contact = readable(&self.contact);
        CustomerBillingProfile {
            id: self.id,
            first_name: contact.map(|contact| contact.first_name.to_string()),
            last_name: contact.map(|contact| contact.last_name.to_string()),
            email: contact.map(|contact| contact.email.to_string()),
            culture: self.culture.to_string(),
            language: self.language.to_string(),
            company_name: self.company_name.to_string(),
            default_address: self.address(),
            personal_data: personal_state(&self.contact),
            links: SelfLinks::to(format!("/customers/{}/profiles/billing", self.id)),
            attributes: BillingProfileAttributes {
                object_type: "CustomerBillingProfile",
                etag: self.etag.clone(),
            },
        }
    }

    fn address(&self) -> CustomerAddress {
        let contact = readable(&self.contact);
        let place = contact.map(|contact| &contact.address);
        let phone_number = contact.and_then(|contact| contact.phone_number.as_ref());
        CustomerAddress {
            country: self.country.to_string(),
            city: place.map(|place| place.city.to_string()),
            state: place.and_then(|place| text(place.state.as_ref())),
            address_line1: place.map(|place| place.line1.to_string()),
            address_line2: place.and_then(|place| text(place.line2.as_ref())),
            postal_code: place.and_then(|place| text(place.postal_code.as_ref())),
            first_name: contact.map(|contact| contact.first_name.to_string()),
            last_name: contact.map(|contact| contact.last_name.to_string()),
            phone_number: text(phone_number),
        }
    }
}

fn text(value: Option<&impl ToString>) -> Option<String> {
    value.map(ToString::to_string)
}

/// How the caller's partner stands to a customer.
pub(super) struct Standing {
    /// Whether it holds the relationship, or sells through a partner that does.
    pub(super) active: bool,
    /// Whether it may administer on the customer's behalf.
    pub(super) delegated_admin: bool,
    /// The indirect reseller through which it sells.
    pub(super) reseller: Option<PartnerId>,
}

impl Standing {
    /// The relationship as the contract spells it.
    const fn word(&self) -> &'static str {
        if self.active { "reseller" } else { "none" }
    }
}

impl Customer {
    /// What is left of a relationship that was ended.
    pub(super) const fn left() -> Self {
        Self {
            id: None,
            commerce_id: None,
            company_profile: None,
            billing_profile: None,
            relationship_to_partner: "none",
            allow_delegated_access: None,
            user_credentials: None,
            password_state: None,
            custom_domains: None,
            associated_partner_id: None,
            links: None,
            attributes: Attributes::of("Customer"),
        }
    }
}

/// A customer in a list.
pub(super) fn summary(row: &CustomerRow) -> Customer {
    let profile = CustomerCompanyProfile {
        tenant_id: row.id,
        domain: row.domain.to_string(),
        company_name: row.company_name.to_string(),
        address: None,
        email: None,
        personal_data: None,
        links: None,
        attributes: Attributes::of("CustomerCompanyProfile"),
    };
    Customer {
        id: Some(row.id),
        company_profile: Some(profile),
        relationship_to_partner: "reseller",
        links: Some(SelfLinks::to(format!("/customers/{}", row.id))),
        ..Customer::left()
    }
}

/// The tag of a customer's details: where they were last written.
pub(super) fn details_tag(row: &CustomerRow) -> String {
    row.contact.position.to_string()
}
