//! How are the name, place and contact of a company read from a request?

use events::{
    AddressLine, CompanyName, ContactDetails, CountryCode, EmailAddress, Locale, PartnerId,
    PersonName, PhoneNumber, PostalAddress, PostalCode,
};
use utoipa::ToSchema;

use crate::http::{ApiError, JsonBody};

/// The culture of a customer for which none was given.
const CULTURE_DEFAULT: &str = "en-US";
/// The language of a customer for which none was given.
const LANGUAGE_DEFAULT: &str = "en";

/// A customer to be created.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
pub(super) struct NewCustomer {
    company_profile: NewCompanyProfile,
    billing_profile: NewBillingProfile,
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

/// The billing profile of a new customer; its name stands there or in the address.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct NewBillingProfile {
    company_name: String,
    email: String,
    first_name: Option<String>,
    last_name: Option<String>,
    /// `en-US` where nothing is said.
    culture: Option<String>,
    /// `en` where nothing is said.
    language: Option<String>,
    default_address: NewAddress,
}

/// The address of a new customer.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct NewAddress {
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
