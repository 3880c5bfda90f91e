//! How is a customer shown?

use events::{
    AddressLine, CompanyName, ContactDetails, CountryCode, CustomerId, DomainName, Locale, Opened,
    PartnerId, PhoneNumber, PostalAddress, PostalCode,
};
use projections::CustomerRow;
use serde::Serialize;
use store::ReadError;
use utoipa::ToSchema;

use super::{
    customer_details::Details,
    reading::{open, personal_state, readable},
    shapes::{Address, Attributes, SelfLinks},
};
use crate::application::Application;

/// A customer. A list carries of it what a list needs.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Customer<'a> {
    #[schema(value_type = Option<Uuid>)]
    id: Option<CustomerId>,
    /// The same as the id.
    #[schema(value_type = Option<Uuid>)]
    commerce_id: Option<CustomerId>,
    company_profile: Option<CustomerCompanyProfile<'a>>,
    billing_profile: Option<Box<CustomerBillingProfile<'a>>>,
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
    custom_domains: Option<Vec<&'a str>>,
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
pub(super) struct CustomerCompanyProfile<'a> {
    #[schema(value_type = Uuid)]
    tenant_id: CustomerId,
    /// Its first domain.
    domain: &'a str,
    company_name: &'a str,
    /// Not in lists.
    address: Option<Box<CustomerAddress<'a>>>,
    /// Not in lists.
    email: Option<&'a str>,
    /// Why the contact cannot be shown: `erased` or `unavailable` (*own*).
    #[schema(value_type = Option<String>, example = "erased")]
    personal_data: Option<&'static str>,
    links: Option<SelfLinks>,
    attributes: Attributes,
}

/// What bills of a customer are made from.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CustomerBillingProfile<'a> {
    #[schema(value_type = Uuid)]
    id: CustomerId,
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
    email: Option<&'a str>,
    culture: &'a str,
    language: &'a str,
    company_name: &'a str,
    default_address: CustomerAddress<'a>,
    /// Why the contact cannot be shown: `erased` or `unavailable` (*own*).
    #[schema(value_type = Option<String>, example = "erased")]
    personal_data: Option<&'static str>,
    links: SelfLinks,
    attributes: BillingProfileAttributes<'a>,
}

/// What kind of resource it is, and its version.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct BillingProfileAttributes<'a> {
    #[schema(value_type = String)]
    object_type: &'static str,
    /// The version: sent back as `If-Match` or within the body, the change is made to no other.
    #[schema(example = "42")]
    etag: Option<&'a str>,
}

/// Where a customer is, and whom to reach there.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CustomerAddress<'a> {
    country: &'a str,
    city: Option<&'a str>,
    state: Option<&'a str>,
    address_line1: Option<&'a str>,
    address_line2: Option<&'a str>,
    postal_code: Option<&'a str>,
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
    phone_number: Option<&'a str>,
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
    pub(super) fn shown(&self, relationship: &Standing) -> Customer<'_> {
        Customer {
            id: Some(self.id),
            commerce_id: Some(self.id),
            company_profile: Some(self.company_profile()),
            billing_profile: Some(Box::new(self.billing_profile())),
            relationship_to_partner: relationship.word(),
            allow_delegated_access: Some(relationship.delegated_admin),
            user_credentials: None,
            password_state: None,
            custom_domains: Some(self.domains().map(DomainName::as_str).collect()),
            associated_partner_id: relationship.reseller,
            links: Some(own_links(self.id)),
            attributes: Attributes::of("Customer"),
        }
    }

    /// The company's profile.
    pub(super) fn company_profile(&self) -> CustomerCompanyProfile<'_> {
        CustomerCompanyProfile {
            tenant_id: self.id,
            domain: self.domain.as_str(),
            company_name: self.company_name.as_str(),
            address: Some(Box::new(self.address())),
            email: readable(&self.contact).map(|contact| contact.email.as_str()),
            personal_data: personal_state(&self.contact),
            links: Some(SelfLinks::to(format!("/customers/{}/profiles/company", self.id))),
            attributes: Attributes::of("CustomerCompanyProfile"),
        }
    }

    /// The profile bills are made from.
    pub(super) fn billing_profile(&self) -> CustomerBillingProfile<'_> {
        let contact = readable(&self.contact);
        CustomerBillingProfile {
            id: self.id,
            first_name: contact.map(|contact| contact.first_name.as_str()),
            last_name: contact.map(|contact| contact.last_name.as_str()),
            email: contact.map(|contact| contact.email.as_str()),
            culture: self.culture.as_str(),
            language: self.language.as_str(),
            company_name: self.company_name.as_str(),
            default_address: self.address(),
            personal_data: personal_state(&self.contact),
            links: SelfLinks::to(format!("/customers/{}/profiles/billing", self.id)),
            attributes: BillingProfileAttributes {
                object_type: "CustomerBillingProfile",
                etag: self.etag.as_deref(),
            },
        }
    }

    fn address(&self) -> CustomerAddress<'_> {
        let contact = readable(&self.contact);
        let place = contact.map(|contact| &contact.address);
        let line = |line: fn(&PostalAddress) -> Option<&AddressLine>| {
            place.and_then(line).map(AddressLine::as_str)
        };
        let postal_code = place.and_then(|place| place.postal_code.as_ref());
        let phone_number = contact.and_then(|contact| contact.phone_number.as_ref());
        CustomerAddress {
            country: self.country.as_str(),
            city: line(|place| Some(&place.city)),
            state: line(|place| place.state.as_ref()),
            address_line1: line(|place| Some(&place.line1)),
            address_line2: line(|place| place.line2.as_ref()),
            postal_code: postal_code.map(PostalCode::as_str),
            first_name: contact.map(|contact| contact.first_name.as_str()),
            last_name: contact.map(|contact| contact.last_name.as_str()),
            phone_number: phone_number.map(PhoneNumber::as_str),
        }
    }
}

fn own_links(customer: CustomerId) -> SelfLinks {
    SelfLinks::to(Address::In("/customers", customer.as_uuid()))
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

impl Customer<'_> {
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
pub(super) fn summary(row: &CustomerRow) -> Customer<'_> {
    let profile = CustomerCompanyProfile {
        tenant_id: row.id,
        domain: row.domain.as_str(),
        company_name: row.company_name.as_str(),
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
        links: Some(own_links(row.id)),
        ..Customer::left()
    }
}

/// The tag of a customer's details: where they were last written.
pub(super) fn details_tag(row: &CustomerRow) -> String {
    row.contact.position.to_string()
}
