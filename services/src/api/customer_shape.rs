//! How is a customer shown, and how is its account read from a request?

use events::{
    AddressLine, CompanyName, ContactDetails, CountryCode, CustomerId, DomainName, EmailAddress,
    Locale, Opened, PersonName, PhoneNumber, PostalAddress, PostalCode,
};
use projections::CustomerRow;
use serde_json::{Value, json};
use store::ReadError;

use super::{
    reading::{open, personal_state, readable},
    wire::{attributes, self_link, tagged_attributes},
};
use crate::{
    application::Application,
    http::{ApiError, JsonBody},
};

/// The culture of a customer for which none was given.
const CULTURE_DEFAULT: &str = "en-US";
/// The language of a customer for which none was given.
const LANGUAGE_DEFAULT: &str = "en";

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
    pub(super) fn shown(&self, relationship: &Standing) -> Value {
        json!({
            "id": self.id,
            "commerceId": self.id,
            "companyProfile": self.company_profile(),
            "billingProfile": self.billing_profile(),
            "relationshipToPartner": relationship.word(),
            "allowDelegatedAccess": relationship.delegated_admin,
            "customDomains": self.domains().collect::<Vec<_>>(),
            "associatedPartnerId": relationship.reseller,
            "links": self_link(format!("/customers/{}", self.id)),
            "attributes": attributes("Customer"),
        })
    }

    /// The company's profile.
    pub(super) fn company_profile(&self) -> Value {
        json!({
            "tenantId": self.id,
            "domain": self.domain,
            "companyName": self.company_name,
            "address": self.address(),
            "email": readable(&self.contact).map(|contact| &contact.email),
            "personalData": personal_state(&self.contact),
            "links": self_link(format!("/customers/{}/profiles/company", self.id)),
            "attributes": attributes("CustomerCompanyProfile"),
        })
    }

    /// The profile bills are made from.
    pub(super) fn billing_profile(&self) -> Value {
        let contact = readable(&self.contact);
        let kind = "CustomerBillingProfile";
        json!({
            "id": self.id,
            "firstName": contact.map(|contact| &contact.first_name),
            "lastName": contact.map(|contact| &contact.last_name),
            "email": contact.map(|contact| &contact.email),
            "culture": self.culture,
            "language": self.language,
            "companyName": self.company_name,
            "defaultAddress": self.address(),
            "personalData": personal_state(&self.contact),
            "links": self_link(format!("/customers/{}/profiles/billing", self.id)),
            "attributes": match &self.etag {
                Some(etag) => json!(tagged_attributes(kind, etag)),
                None => json!(attributes(kind)),
            },
        })
    }

    fn address(&self) -> Value {
        let contact = readable(&self.contact);
        let place = contact.map(|contact| &contact.address);
        json!({
            "country": self.country,
            "city": place.map(|place| &place.city),
            "state": place.and_then(|place| place.state.as_ref()),
            "addressLine1": place.map(|place| &place.line1),
            "addressLine2": place.and_then(|place| place.line2.as_ref()),
            "postalCode": place.and_then(|place| place.postal_code.as_ref()),
            "firstName": contact.map(|contact| &contact.first_name),
            "lastName": contact.map(|contact| &contact.last_name),
            "phoneNumber": contact.and_then(|contact| contact.phone_number.as_ref()),
        })
    }
}

/// How the caller's partner stands to a customer.
pub(super) struct Standing {
    /// Whether it holds the relationship, or sells through a partner that does.
    pub(super) active: bool,
    /// Whether it may administer on the customer's behalf.
    pub(super) delegated_admin: bool,
    /// The indirect reseller through which it sells.
    pub(super) reseller: Option<events::PartnerId>,
}

impl Standing {
    /// The relationship as the contract spells it.
    const fn word(&self) -> &'static str {
        if self.active { "reseller" } else { "none" }
    }
}

/// A customer in a list.
pub(super) fn summary(row: &CustomerRow) -> Value {
    json!({
        "id": row.id,
        "companyProfile": {
            "tenantId": row.id,
            "domain": row.domain,
            "companyName": row.company_name,
            "attributes": attributes("CustomerCompanyProfile"),
        },
        "relationshipToPartner": "reseller",
        "links": self_link(format!("/customers/{}", row.id)),
        "attributes": attributes("Customer"),
    })
}

/// The tag of a customer's details: where they were last written.
pub(super) fn details_tag(row: &CustomerRow) -> String {
    row.contact.position.to_string()
}
