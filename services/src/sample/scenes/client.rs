//! A customer of a scene.

use commands::{CreateCustomer, NewCustomerAdmin};
use events::{
    ContactDetails, CredentialId, CustomerId, CustomerUserId, CustomerUserProfile, DomainName,
    EmailAddress, InvalidValue, PartnerId,
};

use super::{
    super::{dice::Dice, regions::Region, world::World},
    script::Script,
};
use crate::application::Principal;

/// A company that scenes are about, and its global admin.
pub(in super::super) struct Client {
    pub(super) id: CustomerId,
    pub(super) admin: CustomerUserId,
    /// The first password of its global admin.
    pub(super) credential: CredentialId,
    number: usize,
    region: &'static Region,
    domain: DomainName,
}

impl Client {
    /// The company of this number; its name comes after those of all customers of chance.
    pub(super) fn new(number: usize, world: &World, dice: &mut Dice) -> Result<Self, InvalidValue> {
        let (at, region) = (world.spec.start(), Region::numbered(number));
        let number = world.spec.scale.customers + number;
        Ok(Self {
            id: dice.id(at, CustomerId::from_uuid),
            admin: dice.id(at, CustomerUserId::from_uuid),
            credential: dice.id(at, CredentialId::from_uuid),
            number,
            region,
            domain: region.company(number)?.domain,
        })
    }

    /// Its global admin.
    pub(super) const fn principal(&self) -> Principal {
        Principal::CustomerUser { customer: self.id, user: self.admin }
    }

    /// The command that opens its account.
    pub(super) fn creation(
        &self,
        partner_id: PartnerId,
        reseller: Option<PartnerId>,
        script: &mut Script<'_>,
    ) -> Result<CreateCustomer, InvalidValue> {
        let profile = self.profile()?;
        let admin = NewCustomerAdmin {
            user_id: self.admin,
            user_name: script.world.names.user_name(&profile.user_name),
            credential_id: self.credential,
            profile,
        };
        Ok(CreateCustomer {
            customer_id: self.id,
            partner_id,
            company_name: self.region.company(self.number)?.name,
            domain: self.domain.clone(),
            country: self.region.country()?,
            culture: self.region.culture()?,
            language: self.region.language()?,
            contact: self.contact(&mut script.dice)?,
            delegated_admin: true,
            reseller,
            admin,
        })
    }

    fn profile(&self) -> Result<CustomerUserProfile, InvalidValue> {
        let called = self.region.person(0)?;
        Ok(CustomerUserProfile {
            user_name: self.domain.user(&called.local_part)?,
            first_name: Some(called.first),
            last_name: Some(called.last),
            display_name: called.full,
            usage_location: Some(self.region.country()?),
            phone_number: None,
        })
    }

    /// Whom to reach there: its global admin.
    pub(super) fn contact(&self, dice: &mut Dice) -> Result<ContactDetails, InvalidValue> {
        let called = self.region.person(0)?;
        let user_name = self.domain.user(&called.local_part)?;
        Ok(ContactDetails {
            email: EmailAddress::new(user_name.as_str())?,
            first_name: called.first,
            last_name: called.last,
            phone_number: Some(self.region.phone(dice)?),
            address: self.region.address(dice)?,
        })
    }
}
