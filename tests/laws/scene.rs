//! What a move is made of: who and what is there, picked by dice, and now and then something that is
//! not there.

use events::{CustomerId, CustomerUserId, PartnerId, PartnerUserId, Process, Timestamp};
use services::application::Principal;
use uuid::Uuid;

use crate::{
    dice::Dice,
    model::{self, Plain, Status},
    world::World,
};

/// Once in so many times a move means what is not there.
const UNKNOWN_ONE_IN: usize = 24;
const PROCESSES: [Process; 7] = [
    Process::Purge,
    Process::Watch,
    Process::Mail,
    Process::Expiry,
    Process::SupportContacts,
    Process::Webhooks,
    Process::Terms,
];

/// Everything a move is made of.
pub(crate) struct Scene<'a> {
    pub(crate) world: &'a World,
    pub(crate) plain: &'a Plain,
    pub(crate) dice: Dice,
    pub(crate) now: Timestamp,
}

/// Who would be asking such a thing; who asks in the end, the dice say.
#[derive(Clone, Copy)]
pub(crate) enum By {
    /// An employee of the partner.
    Employee(PartnerId),
    /// A user of the company.
    Company(CustomerId),
    /// A part of partnerlog itself.
    Process(Process),
    /// Who runs the installation.
    Operator,
    /// Somebody who decides on support.
    Support,
    /// This one.
    This(Principal),
}

impl Scene<'_> {
    /// Who asks: mostly somebody who may, often somebody who might, now and then anybody.
    pub(crate) fn caller(&mut self, by: By) -> Principal {
        let chance = self.dice.below(16);
        let somebody = match by {
            By::This(principal) if chance < 14 => Some(principal),
            By::Employee(partner) if chance < 8 => self.admin_of(partner),
            By::Employee(partner) if chance < 12 => self.employee_of(partner),
            By::Employee(_) if chance == 12 => self.application(),
            By::Company(customer) if chance < 10 => self.company_admin(customer),
            By::Company(customer) if chance < 13 => self.company_user(customer),
            By::Process(process) if chance < 12 => Some(Principal::System(process)),
            By::Operator if chance < 13 => Some(Principal::Operator),
            By::Support if chance < 12 => self.support(),
            _ => None,
        };
        somebody.unwrap_or_else(|| self.anybody())
    }

    /// Anybody at all.
    pub(crate) fn anybody(&mut self) -> Principal {
        let found = match self.dice.below(12) {
            0 => Some(Principal::Operator),
            1 => Some(Principal::Visitor),
            2 => self.dice.pick(&PROCESSES).map(Principal::System),
            3 => self.support(),
            4 => self.application(),
            5..=6 => self.customer().and_then(|customer| self.company_user(customer)),
            _ => {
                let partner = self.partner();
                self.employee_of(partner)
            }
        };
        found.unwrap_or(Principal::Operator)
    }

    /// Somebody with an account that works.
    pub(crate) fn account(&mut self) -> Option<Principal> {
        match self.dice.below(6) {
            0..=2 => {
                let partner = self.partner();
                let user = self.employee(partner, Status::is_active);
                Some(Principal::PartnerUser { partner, user })
            }
            3..=4 => self.customer().map(|customer| {
                let user = self.user(customer, Status::is_active);
                Principal::CustomerUser { customer, user }
            }),
            _ => self.support(),
        }
    }

    fn admin_of(&mut self, partner: PartnerId) -> Option<Principal> {
        let users = &self.plain.partners.get(&partner)?.users;
        let admins = users.iter().filter(|(_, it)| it.status.is_active() && it.is_global_admin());
        let admins: Vec<_> = admins.map(|(user, _)| *user).collect();
        let user = self.dice.pick(&admins)?;
        Some(Principal::PartnerUser { partner, user })
    }

    fn employee_of(&mut self, partner: PartnerId) -> Option<Principal> {
        let users: Vec<_> = self.plain.partners.get(&partner)?.users.keys().copied().collect();
        let user = self.dice.pick(&users)?;
        Some(Principal::PartnerUser { partner, user })
    }

    /// Somebody who is global admin of the company.
    pub(crate) fn company_admin(&mut self, customer: CustomerId) -> Option<Principal> {
        let users = &self.plain.customers.get(&customer)?.users;
        let admins = users.iter().filter(|(_, it)| {
            it.status.is_active() && it.roles.contains(&events::DirectoryRole::GlobalAdmin)
        });
        let admins: Vec<_> = admins.map(|(user, _)| *user).collect();
        let user = self.dice.pick(&admins)?;
        Some(Principal::CustomerUser { customer, user })
    }

    fn company_user(&mut self, customer: CustomerId) -> Option<Principal> {
        let users: Vec<_> = self.plain.customers.get(&customer)?.users.keys().copied().collect();
        let user = self.dice.pick(&users)?;
        Some(Principal::CustomerUser { customer, user })
    }

    /// An operator or auditor.
    pub(crate) fn support(&mut self) -> Option<Principal> {
        let staff: Vec<_> = self.plain.staff.keys().copied().collect();
        self.dice.pick(&staff).map(model::holder)
    }

    /// A program of some partner.
    pub(crate) fn application(&mut self) -> Option<Principal> {
        let partners = self.plain.partners.iter();
        let all: Vec<_> = partners
            .flat_map(|(partner, it)| it.applications.keys().map(|id| (*partner, *id)))
            .collect();
        let (partner, application) = self.dice.pick(&all)?;
        Some(Principal::Application { partner, application })
    }

    /// A partner; the provider and its reseller more often than others.
    pub(crate) fn partner(&mut self) -> PartnerId {
        let [provider, reseller, direct, other] = self.world.partners;
        let unknown = unknown(PartnerId::from_uuid);
        let of = [provider, provider, provider, reseller, reseller, direct, direct, other];
        if self.is_unknown() { unknown } else { self.dice.pick(&of).unwrap_or(provider) }
    }

    /// An indirect reseller, now and then another partner.
    pub(crate) fn reseller(&mut self) -> PartnerId {
        let [provider, reseller, direct, other] = self.world.partners;
        let of = [reseller, reseller, reseller, reseller, other, other, provider, direct];
        self.dice.pick(&of).unwrap_or(reseller)
    }

    /// A customer with an account.
    pub(crate) fn customer(&mut self) -> Option<CustomerId> {
        let customers = self.plain.customers.iter();
        let customers: Vec<_> =
            customers.filter(|(_, it)| it.account.is_some()).map(|(id, _)| *id).collect();
        if self.is_unknown() {
            return Some(unknown(CustomerId::from_uuid));
        }
        self.dice.pick(&customers)
    }

    /// A partner that has something to do with the customer, mostly.
    pub(crate) fn partner_of(&mut self, customer: CustomerId) -> PartnerId {
        let state = self.plain.customers.get(&customer);
        let active = state.into_iter().flat_map(|it| it.bonds.iter());
        let mut partners: Vec<_> =
            active.filter(|(_, bond)| bond.active).map(|(partner, _)| *partner).collect();
        partners.extend(partners.clone());
        partners.extend(state.into_iter().flat_map(|it| it.bonds.keys()));
        partners.extend(state.into_iter().flat_map(|it| it.resellers.iter().map(|it| it.1)));
        let picked = if self.dice.one_in(10) { None } else { self.dice.pick(&partners) };
        picked.unwrap_or_else(|| self.partner())
    }

    /// An employee; mostly one whose account is as is wanted.
    pub(crate) fn employee(
        &mut self,
        partner: PartnerId,
        wanted: fn(Status) -> bool,
    ) -> PartnerUserId {
        let users = self.plain.partners.get(&partner).into_iter().flat_map(|it| it.users.iter());
        let all: Vec<_> = users.map(|(id, it)| (*id, it.status)).collect();
        self.one_of(&all, wanted, PartnerUserId::from_uuid)
    }

    /// A user of a customer; mostly one whose account is as is wanted.
    pub(crate) fn user(
        &mut self,
        customer: CustomerId,
        wanted: fn(Status) -> bool,
    ) -> CustomerUserId {
        let users = self.plain.customers.get(&customer).into_iter().flat_map(|it| it.users.iter());
        let all: Vec<_> = users.map(|(id, it)| (*id, it.status)).collect();
        self.one_of(&all, wanted, CustomerUserId::from_uuid)
    }

    fn one_of<T: Copy>(
        &mut self,
        all: &[(T, Status)],
        wanted: fn(Status) -> bool,
        wrap: fn(Uuid) -> T,
    ) -> T {
        let meant: Vec<_> = all.iter().filter(|it| wanted(it.1)).map(|it| it.0).collect();
        let any: Vec<_> = all.iter().map(|it| it.0).collect();
        let unknown = unknown(wrap);
        if self.is_unknown() {
            return unknown;
        }
        let picked = if self.dice.one_in(10) { None } else { self.dice.pick(&meant) };
        picked.or_else(|| self.dice.pick(&any)).unwrap_or(unknown)
    }

    /// One of these ids, or one that does not exist.
    pub(crate) fn known<T: Copy>(&mut self, of: &[T], wrap: fn(Uuid) -> T) -> T {
        let unknown = unknown(wrap);
        if self.is_unknown() { unknown } else { self.dice.pick(of).unwrap_or(unknown) }
    }

    /// A fresh id, or now and then one that is taken.
    pub(crate) fn fresh<T: Copy>(&mut self, taken: &[T], wrap: fn(Uuid) -> T) -> T {
        let fresh = self.world.id(wrap);
        if self.dice.one_in(40) { self.dice.pick(taken).unwrap_or(fresh) } else { fresh }
    }

    fn is_unknown(&mut self) -> bool {
        self.dice.one_in(UNKNOWN_ONE_IN)
    }

    /// A moment ahead, now and then one that has passed.
    pub(crate) fn ahead(&mut self, hours: i64) -> Timestamp {
        if self.dice.one_in(20) { self.now } else { self.now.plus_hours(hours) }
    }
}

/// The id of what is not there.
fn unknown<T>(wrap: fn(Uuid) -> T) -> T {
    wrap(Uuid::from_u128(0xdead))
}
