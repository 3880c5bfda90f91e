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

/// An address; with country, city and first line it takes the place of the one before, else what an
/// edit leaves out stays as it is.
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
    /// The name stands in the profile too: that which is another than before counts.
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
    first_name: Named,
    last_name: Named,
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
        let name = |field: &str| {
            let (own, in_address) = (profile.optional(field)?, address.optional(field)?);
            Ok::<_, ApiError>(Named { own, in_address })
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

    /// The same, if it is of somebody new: of two names that differ neither is known to be meant.
    ///
    /// # Errors
    /// When profile and address differ in a name.
    pub(super) fn of_somebody_new(self) -> Result<Self, ApiError> {
        for (field, named) in [("firstName", &self.first_name), ("lastName", &self.last_name)] {
            if named.differs() {
                let reason = format!("contradicts {field}: give the name once");
                let member = format!("billingProfile.defaultAddress.{field}");
                return Err(ApiError::invalid(&member, reason));
            }
        }
        Ok(self)
    }

    /// The same, with this name for the company where there is none.
    pub(super) fn or_called(self, name: Option<CompanyName>) -> Self {
        Self { company_name: self.company_name.or(name), ..self }
    }

    /// What still holds of it beside a change: a whole address leaves nothing of the one before.
    fn beside(self, change: &Self) -> Self {
        let is_whole = change.country.is_some() && change.city.is_some() && change.line1.is_some();
        if !is_whole {
            return self;
        }
        Self { line2: None, state: None, postal_code: None, phone_number: None, ..self }
    }

    /// The details after the change; `known` are those before it, where there are any.
    ///
    /// # Errors
    /// When something is neither given nor known, naming the member.
    pub(super) fn onto(self, known: Option<Details>) -> Result<Details, Missing> {
        let known = Self::from(known).beside(&self);
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
                first_name: needed("firstName", self.first_name.instead_of(known.first_name.own))?,
                last_name: needed("lastName", self.last_name.instead_of(known.last_name.own))?,
                phone_number: self.phone_number.or(known.phone_number),
                address,
            },
        })
    }
}

/// A name of the person to reach: clients write it into the profile, into its address, or both.
#[derive(Clone, Default)]
struct Named {
    own: Option<PersonName>,
    in_address: Option<PersonName>,
}

impl Named {
    fn differs(&self) -> bool {
        self.own.is_some() && self.in_address.is_some() && self.own != self.in_address
    }

    /// The name that is meant. Clients read a profile, change the name in one place and send all of
    /// it back: where the two differ, that in the profile counts unless it is the one known already.
    fn instead_of(self, known: Option<PersonName>) -> Option<PersonName> {
        match (self.own, self.in_address) {
            (own, Some(in_address)) if own.is_none() || own == known => Some(in_address),
            (own, _) => own.or(known),
        }
    }
}

impl From<PersonName> for Named {
    fn from(name: PersonName) -> Self {
        Self { own: Some(name), in_address: None }
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
            first_name: first_name.into(),
            last_name: last_name.into(),
            phone_number,
            line1: Some(line1),
            line2,
            city: Some(city),
            state,
            postal_code,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_names_the_one_that_is_not_known_yet_counts_and_else_that_of_the_profile() {
        let name = |text: &str| (!text.is_empty()).then(|| PersonName::new(text).unwrap());
        for (known, own, in_address, meant) in [
            ("Kim", "", "", "Kim"),
            ("Kim", "Lee", "", "Lee"),
            ("Kim", "", "Lee", "Lee"),
            ("Kim", "Lee", "Kim", "Lee"),
            ("Kim", "Kim", "Lee", "Lee"),
            ("Kim", "Lee", "Ray", "Lee"),
            ("", "", "Ray", "Ray"),
        ] {
            let named = Named { own: name(own), in_address: name(in_address) };
            assert_eq!(named.instead_of(name(known)), name(meant), "{known} {own} {in_address}");
        }
    }
}
