//! How a customer begins: an account, a first order, and its users.

use std::collections::BTreeSet;

use commands::{
    CreateCustomer, CreateCustomerUsers, NewCustomerAdmin, NewCustomerUser, Permission, SubmitOrder,
};
use events::{
    BillingCycle, ContactDetails, CredentialId, CustomerUserId, DirectoryRole, InvalidValue, MpnId,
    OrderId, OrderLine, SubscriptionId, Timestamp,
};

use super::{
    super::{
        calendar::working_time_after,
        step::Step,
        world::{Side, World},
    },
    CustomerLife, Person, Stage,
    seats::Seats,
};

/// Users created at once, at most.
const BATCH_USERS_MAX: usize = 100;

impl CustomerLife {
    pub(super) fn open_account(
        &mut self,
        at: Timestamp,
        world: &World,
    ) -> Result<Step, InvalidValue> {
        let profile = self.profile(0)?;
        let admin = NewCustomerAdmin {
            user_id: self.admin,
            user_name: world.names.user_name(&profile.user_name),
            credential_id: self.dice.id(at, CredentialId::from_uuid),
            profile,
        };
        let reseller = self.reseller.and_then(|number| world.resellers.get(number));
        let command = CreateCustomer {
            customer_id: self.id,
            partner_id: world.provider.id,
            company_name: self.region.company(self.number)?.name,
            domain: self.domain.clone(),
            country: self.region.country()?,
            culture: self.region.culture()?,
            language: self.region.language()?,
            contact: self.contact()?,
            delegated_admin: true,
            reseller: reseller.map(|reseller| reseller.company.id),
            admin,
        };
        self.stage = Stage::Order;
        self.next_change = at.plus_seconds(self.dice.between(120, 1_800));
        let by = world.actor(Side::Provider, Permission::CustomersCreate, &mut self.dice);
        Ok(self.by(by, at, command))
    }

    /// Whom to reach: the first user.
    pub(super) fn contact(&mut self) -> Result<ContactDetails, InvalidValue> {
        let called = self.region.person(0)?;
        let user_name = self.domain.user(&called.local_part)?;
        Ok(ContactDetails {
            email: events::EmailAddress::new(user_name.as_str())?,
            first_name: called.first,
            last_name: called.last,
            phone_number: Some(self.region.phone(&mut self.dice)?),
            address: self.region.address(&mut self.dice)?,
        })
    }

    pub(super) fn order(&mut self, at: Timestamp, world: &World) -> Result<Step, InvalidValue> {
        let partner_on_record = self.partner_on_record(at, world);
        let mut lines = Vec::new();
        for (line_number, seats) in (0..).zip(&mut self.seats) {
            seats.subscription = self.dice.id(at, SubscriptionId::from_uuid);
            lines.push(OrderLine {
                line_number,
                offer_id: seats.offer.id,
                subscription_id: seats.subscription,
                quantity: seats.allowed(seats.quantity)?,
                friendly_name: None,
                partner_on_record: partner_on_record.clone(),
                parent_subscription: None,
            });
        }
        let cycles = [BillingCycle::Monthly, BillingCycle::Monthly, BillingCycle::Annual];
        let command = SubmitOrder {
            order_id: self.dice.id(at, OrderId::from_uuid),
            partner_id: world.provider.id,
            billing_cycle: self.dice.pick(&cycles).copied().unwrap_or(BillingCycle::Monthly),
            lines,
        };
        // The first user is there; all others are to be created.
        let users = world.spec.customer_users(self.number).saturating_sub(1);
        self.stage = Stage::Staffing(users);
        self.next_change = at.plus_seconds(self.dice.between(600, 7_200));
        let by = world.actor(Side::Provider, Permission::SubscriptionsManage, &mut self.dice);
        Ok(self.by(by, at, command))
    }

    /// The reseller gets the credit while its partnership lasts.
    fn partner_on_record(&self, at: Timestamp, world: &World) -> Option<MpnId> {
        let reseller = world.resellers.get(self.reseller?)?;
        reseller.is_active(at).then(|| reseller.company.mpn_id.clone())
    }

    /// Creates the next users, some at once.
    pub(super) fn staff(
        &mut self,
        left: usize,
        at: Timestamp,
        world: &World,
    ) -> Result<Step, InvalidValue> {
        let count = left.min(BATCH_USERS_MAX);
        let users = (0..count).map(|_| self.new_user(at, world)).collect::<Result<_, _>>()?;
        let wait = if left > count {
            self.stage = Stage::Staffing(left - count);
            self.dice.between(1_800, 14_400)
        } else {
            self.stage = Stage::Living;
            self.dice.between(3_600, self.gap_seconds * 2)
        };
        self.next_change = working_time_after(at, wait);
        let command = CreateCustomerUsers { users };
        Ok(self.someone(Permission::CustomerUsersManage, at, world, command))
    }

    /// A new employee with the seats and roles that new employees get.
    pub(super) fn new_user(
        &mut self,
        at: Timestamp,
        world: &World,
    ) -> Result<NewCustomerUser, InvalidValue> {
        let number = self.hired;
        self.hired += 1;
        let profile = self.profile(number)?;
        let mut licenses = BTreeSet::new();
        for (index, seats) in self.seats.iter_mut().enumerate() {
            if self.dice.chance(seats.given_to_percent) && seats.take() {
                licenses.insert(index);
            }
        }
        let mut roles = BTreeSet::new();
        if self.dice.chance(4) {
            roles.extend(self.dice.pick(&DirectoryRole::ALL).copied());
        }
        let id = self.dice.id(at, CustomerUserId::from_uuid);
        let skus = licenses.iter().filter_map(|index| self.seats.get(*index).map(Seats::sku));
        let skus = skus.collect();
        let user = NewCustomerUser {
            user_id: id,
            user_name: world.names.user_name(&profile.user_name),
            credential_id: self.dice.id(at, CredentialId::from_uuid),
            licenses: skus,
            directory_roles: roles.iter().copied().collect(),
            profile,
        };
        self.follow(Person { id, number, licenses, roles });
        Ok(user)
    }
}
