//! A customer's account: which company it is, where it is, and whom to reach there.

use serde::{Deserialize, Serialize};

use super::CustomerEvent;
use crate::{
    ids::{CustomerId, PartnerId, SubjectId},
    personal::{Clear, PersonalData},
    values::{
        AddressLine, CompanyName, CountryCode, DomainName, EmailAddress, Locale, PersonName,
        PhoneNumber, PostalCode,
    },
};

/// Whom to reach at a customer, and where: personal, sealed under the customer's contact.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct ContactDetails {
    /// The contact's e-mail address.
    pub email: EmailAddress,
    /// The contact's first name.
    pub first_name: PersonName,
    /// The contact's last name.
    pub last_name: PersonName,
    /// The contact's telephone number.
    pub phone_number: Option<PhoneNumber>,
    /// Where bills go.
    pub address: PostalAddress,
}

impl PersonalData for ContactDetails {}

/// A postal address; its country stands clear beside it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct PostalAddress {
    /// Street and number.
    pub line1: AddressLine,
    /// More of it.
    pub line2: Option<AddressLine>,
    /// The city.
    pub city: AddressLine,
    /// State, province or region.
    pub state: Option<AddressLine>,
    /// The postal code.
    pub postal_code: Option<PostalCode>,
}

impl From<CustomerId> for SubjectId {
    /// The customer's contact person.
    fn from(id: CustomerId) -> Self {
        Self::from_uuid(id.as_uuid())
    }
}

/// What kind of organisation a customer is, which opens offers of its own elsewhere. Stored by order:
/// new kinds go to the end.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Qualification {
    /// A school or university.
    Education,
    /// Part of a government.
    GovernmentCommunityCloud,
}

impl Qualification {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Education, Self::GovernmentCommunityCloud];

    /// The kind as answers spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Education => "Education",
            Self::GovernmentCommunityCloud => "GovernmentCommunityCloud",
        }
    }

    /// The kind as people read it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Education => "education",
            Self::GovernmentCommunityCloud => "government community cloud",
        }
    }
}

impl Clear for Qualification {}

events! {
    /// A company became a customer in this installation.
    CustomerCreated = 0x0301 v 1 {
        /// The customer.
        clear customer_id: CustomerId,
        /// The partner that created it.
        clear partner_id: PartnerId,
        /// The company's name.
        clear company_name: CompanyName,
        /// Its domain, unique in the installation.
        clear domain: DomainName,
        /// Where it is.
        clear country: CountryCode,
        /// Its culture, such as `en-US`.
        clear culture: Locale,
        /// Its language, such as `en`.
        clear language: Locale,
        /// Whom to reach.
        personal contact: ContactDetails,
    }
    /// The customer's name, place or contact changed.
    CustomerDetailsEdited = 0x0302 v 1 {
        /// The company's name from now on.
        clear company_name: CompanyName,
        /// Where it is.
        clear country: CountryCode,
        /// Its culture.
        clear culture: Locale,
        /// Its language.
        clear language: Locale,
        /// Whom to reach from now on.
        personal contact: ContactDetails,
    }
    /// The customer has one more domain, in which user names may be.
    CustomerDomainAdded = 0x03c0 v 1 {
        /// The domain, unique in the installation.
        clear domain: DomainName,
    }
    /// Somebody who serves the customer declared what kind of organisation it is.
    CustomerQualified = 0x03c1 v 1 {
        /// The kind from now on.
        clear qualification: Qualification,
    }
}

aggregate_events! {
    /// What happens to the account itself.
    CustomerAccountEvent in CustomerEvent {
        CustomerCreated,
        CustomerDetailsEdited,
        CustomerDomainAdded,
        CustomerQualified,
    }
}
