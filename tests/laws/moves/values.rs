//! Names, addresses and letters: few, so that they meet, and all of them plain.

use commands::{CreateCustomer, NewCustomerAdmin, NewPartnerUser};
use events::{
    AddressLine, CompanyName, ContactDetails, CountryCode, CredentialId, CustomerId,
    CustomerUserId, CustomerUserProfile, DomainName, EmailAddress, LetterText, Locale, NameHash,
    PartnerId, PartnerUserId, PartnerUserProfile, PersonName, PhoneNumber, PostalAddress,
    SubjectLine,
};

use crate::scene::Scene;

pub(crate) fn email(text: &str) -> EmailAddress {
    EmailAddress::new(text).unwrap()
}

pub(crate) fn person(text: &str) -> PersonName {
    PersonName::new(text).unwrap()
}

pub(crate) fn company(text: &str) -> CompanyName {
    CompanyName::new(text).unwrap()
}

pub(crate) fn country() -> CountryCode {
    CountryCode::new("US").unwrap()
}

pub(crate) fn subject() -> SubjectLine {
    SubjectLine::new("Work with us").unwrap()
}

pub(crate) fn text(text: &str) -> LetterText {
    LetterText::new(text).unwrap()
}

pub(crate) fn phone() -> PhoneNumber {
    PhoneNumber::new("+1 425 555 0100").unwrap()
}

pub(crate) fn address() -> PostalAddress {
    let line = |text| AddressLine::new(text).unwrap();
    PostalAddress {
        line1: line("One Way"),
        line2: None,
        city: line("Bellevue"),
        state: None,
        postal_code: None,
    }
}

pub(crate) fn contact() -> ContactDetails {
    ContactDetails {
        email: email("bo@customer.example"),
        first_name: person("Bo"),
        last_name: person("Berg"),
        phone_number: None,
        address: address(),
    }
}

/// The domain of a number; customers of neighbouring numbers may want the same.
pub(crate) fn domain(number: usize) -> DomainName {
    DomainName::new(&format!("customer{number}.example")).unwrap()
}

impl Scene<'_> {
    /// The text of a letter with its link, now and then without.
    pub(crate) fn letter(&mut self) -> LetterText {
        text(if self.dice.one_in(16) { "Open it" } else { "Open {link}" })
    }

    /// Somebody new for a partner.
    pub(crate) fn new_employee(&mut self, local_part: &str, partner: PartnerId) -> NewPartnerUser {
        let taken = self.plain.partners.get(&partner).into_iter();
        let taken: Vec<_> = taken.flat_map(|it| it.users.keys().copied()).collect();
        let (sign_in_name, profile) = self.employee_name(local_part, partner);
        NewPartnerUser {
            user_id: self.fresh(&taken, PartnerUserId::from_uuid),
            sign_in_name,
            credential_id: self.world.id(CredentialId::from_uuid),
            password_expires_at: self.now.plus_hours(1),
            profile,
        }
    }

    pub(crate) fn employee_name(
        &mut self,
        local_part: &str,
        partner: PartnerId,
    ) -> (NameHash, PartnerUserProfile) {
        let number = self.world.partners.iter().position(|id| *id == partner).unwrap_or(9);
        let address = email(&format!("{local_part}@partner{number}.example"));
        let hash = self.world.app.keys().sign_in_name_hash(&address);
        (hash, PartnerUserProfile { full_name: person("Ana Lima"), email: address })
    }

    /// The name of a user of a customer, mostly in its domain.
    pub(crate) fn user_name(
        &mut self,
        customer: CustomerId,
        local_part: &str,
    ) -> (NameHash, CustomerUserProfile) {
        let state = self.plain.customers.get(&customer).into_iter();
        let held = state.flat_map(|it| it.account.iter().chain(&it.domains)).cloned();
        let held: Vec<DomainName> = held.collect();
        let which = self.dice.below(held.len().max(1));
        let own =
            held.get(which).cloned().filter(|_| !self.dice.one_in(30)).unwrap_or_else(|| domain(9));
        self.name_in(&own, local_part)
    }

    pub(crate) fn name_in(
        &mut self,
        domain: &DomainName,
        local_part: &str,
    ) -> (NameHash, CustomerUserProfile) {
        let user_name = domain.user(local_part).unwrap();
        let hash = self.world.app.keys().user_name_hash(&user_name);
        let profile = CustomerUserProfile {
            user_name,
            first_name: None,
            last_name: None,
            display_name: person("Bo Berg"),
            usage_location: (!self.dice.one_in(8)).then(country),
            phone_number: None,
        };
        (hash, profile)
    }

    /// A new customer of a partner.
    pub(crate) fn new_customer(
        &mut self,
        customer_id: CustomerId,
        partner_id: PartnerId,
        reseller: Option<PartnerId>,
    ) -> CreateCustomer {
        let count = self.plain.customers.values().filter(|it| it.account.is_some()).count();
        let number = if self.dice.one_in(8) { 0 } else { count };
        let domain = domain(number);
        let inside = if self.dice.one_in(30) { self::domain(99) } else { domain.clone() };
        let (user_name, profile) = self.name_in(&inside, "admin");
        CreateCustomer {
            customer_id,
            partner_id,
            company_name: company(&format!("Customer {number}")),
            domain,
            country: country(),
            culture: Locale::new("en-US").unwrap(),
            language: Locale::new("en").unwrap(),
            contact: contact(),
            delegated_admin: !self.dice.one_in(4),
            reseller,
            admin: NewCustomerAdmin {
                user_id: self.world.id(CustomerUserId::from_uuid),
                user_name,
                credential_id: self.world.id(CredentialId::from_uuid),
                profile,
            },
        }
    }
}
