//! The life of one customer: opened, equipped, staffed, and then changed again and again.
//!
//! What is remembered of it does not grow with its history: only some of its users are followed, the
//! others stay as they are.

mod changes;
mod opening;
mod seats;

use std::collections::BTreeSet;

use commands::{
    CustomerCommand, Permission, PurgeCustomerUser, RESTORE_WINDOW_HOURS, RemoveReseller,
    RestoreCustomerUser,
};
use events::{
    CustomerId, CustomerUserId, CustomerUserProfile, DirectoryRole, DomainName, InvalidValue,
    Process, Timestamp,
};

use self::seats::Seats;
use super::{
    dice::Dice,
    regions::{Called, Region},
    step::{Step, Task},
    world::{Side, World},
};
use crate::application::Principal;

/// The users who are followed; the others stay as they are.
const FOLLOWED_USERS_MAX: usize = 64;
/// The deletions whose end is waited for.
const AGENDA_MAX: usize = 64;
/// Strands of chance: one for each customer, behind those of the partners.
const STRANDS_FROM: u64 = 1_000_000;

/// One customer.
pub(super) struct CustomerLife {
    dice: Dice,
    id: CustomerId,
    number: usize,
    region: &'static Region,
    domain: DomainName,
    /// The reseller that serves it, until their ways part.
    reseller: Option<usize>,
    stage: Stage,
    next_change: Timestamp,
    gap_seconds: i64,
    admin: CustomerUserId,
    followed: Vec<Person>,
    /// How many people ever had an account.
    hired: usize,
    seats: Vec<Seats>,
    agenda: Vec<(Timestamp, Due)>,
}

/// How far the beginning has come.
#[derive(Clone, Copy)]
enum Stage {
    Account,
    Order,
    /// So many users are still to be created.
    Staffing(usize),
    Living,
}

/// A user who is followed.
#[derive(Clone)]
struct Person {
    id: CustomerUserId,
    number: usize,
    /// Which of the customer's products it has a seat of, as indexes into `seats`.
    licenses: BTreeSet<usize>,
    roles: BTreeSet<DirectoryRole>,
}

/// What is going to happen for sure.
enum Due {
    Restore(Person),
    Purge(CustomerUserId),
    Reactivate(usize),
    PartWithReseller(usize),
}

impl CustomerLife {
    /// The customer of this number, which comes at this moment.
    pub(super) fn new(
        number: usize,
        arrival: Timestamp,
        world: &World,
    ) -> Result<Self, InvalidValue> {
        let mut dice = Dice::new(world.spec.seed, STRANDS_FROM + number as u64);
        let region = Region::numbered(dice.below(100));
        let active: Vec<usize> = (0..world.resellers.len())
            .filter(|index| world.resellers.get(*index).is_some_and(|one| one.is_active(arrival)))
            .collect();
        let reseller = if dice.chance(50) { dice.pick(&active).copied() } else { None };
        let users = world.spec.customer_users(number);
        let changes = users.saturating_mul(world.spec.scale.changes_per_user);
        let mut agenda = Vec::new();
        if let Some((reseller, ended_at)) =
            reseller.and_then(|index| Some((index, world.resellers.get(index)?.ended_at()?)))
        {
            let hours = dice.between(24, 24 * 14);
            agenda.push((ended_at.plus_hours(hours), Due::PartWithReseller(reseller)));
        }
        Ok(Self {
            id: dice.id(arrival, CustomerId::from_uuid),
            admin: dice.id(arrival, CustomerUserId::from_uuid),
            number,
            region,
            domain: region.company(number)?.domain,
            reseller,
            stage: Stage::Account,
            next_change: arrival,
            gap_seconds: world.spec.gap_seconds(changes),
            followed: Vec::new(),
            hired: 1,
            seats: seats::wanted(users, &mut dice),
            agenda,
            dice,
        })
    }

    pub(super) fn next_at(&self) -> Timestamp {
        let due = self.agenda.iter().map(|(at, _)| *at).min();
        due.map_or(self.next_change, |due| due.min(self.next_change))
    }

    /// What happens next; `None` when this moment passes without anything.
    pub(super) fn step(&mut self, world: &World) -> Result<Option<Step>, InvalidValue> {
        let at = self.next_at();
        let due = self.agenda.iter().position(|(due, _)| *due == at);
        if let Some((_, due)) = due.map(|index| self.agenda.swap_remove(index)) {
            return Ok(self.carry_out(due, at, world));
        }
        match self.stage {
            Stage::Account => self.open_account(at, world).map(Some),
            Stage::Order => self.order(at, world).map(Some),
            Stage::Staffing(left) => self.staff(left, at, world).map(Some),
            Stage::Living => self.change(at, world),
        }
    }

    fn carry_out(&mut self, due: Due, at: Timestamp, world: &World) -> Option<Step> {
        match due {
            Due::Restore(person) => {
                let command = RestoreCustomerUser { user_id: person.id, renamed: None };
                self.take_back(person);
                Some(self.someone(Permission::CustomerUsersManage, at, world, command))
            }
            Due::Purge(user_id) => {
                let command = PurgeCustomerUser { user_id };
                Some(self.by(Principal::System(Process::Purge), at, command))
            }
            Due::Reactivate(index) => self.reactivate(index, at, world),
            Due::PartWithReseller(number) => {
                self.reseller = None;
                let reseller = world.resellers.get(number)?.company.id;
                let command = RemoveReseller { provider: world.provider.id, reseller };
                let permission = Permission::ResellersAssociate;
                let by = world.actor(Side::Provider, permission, &mut self.dice);
                Some(self.by(by, at, command))
            }
        }
    }

    /// A restored user has its licences again as far as there are seats.
    fn take_back(&mut self, mut person: Person) {
        person.licenses.retain(|index| self.seats.get_mut(*index).is_some_and(Seats::take));
        self.follow(person);
    }

    /// Follows one more user; somebody else is no longer followed when there are too many.
    fn follow(&mut self, person: Person) {
        if self.followed.len() >= FOLLOWED_USERS_MAX {
            let index = self.dice.below(self.followed.len());
            self.followed.swap_remove(index);
        }
        self.followed.push(person);
    }

    /// The profile of the employee of this number.
    fn profile(&mut self, number: usize) -> Result<CustomerUserProfile, InvalidValue> {
        let Called { first, last, full, local_part } = self.region.person(number)?;
        let phone_number =
            if self.dice.chance(30) { Some(self.region.phone(&mut self.dice)?) } else { None };
        Ok(CustomerUserProfile {
            user_name: self.domain.user(&local_part)?,
            first_name: Some(first),
            last_name: Some(last),
            display_name: full,
            usage_location: Some(self.region.country()?),
            phone_number,
        })
    }

    /// A step of somebody who serves the customer at this moment: of the reseller while its
    /// partnership lasts, otherwise of the provider.
    fn someone(
        &mut self,
        permission: Permission,
        at: Timestamp,
        world: &World,
        command: impl Into<CustomerCommand>,
    ) -> Step {
        let side = match self.reseller.filter(|_| self.dice.chance(80)) {
            Some(number) if world.resellers.get(number).is_some_and(|one| one.is_active(at)) => {
                Side::Reseller(number)
            }
            Some(_) | None => Side::Provider,
        };
        let by = world.actor(side, permission, &mut self.dice);
        self.by(by, at, command)
    }

    fn by(&mut self, by: Principal, at: Timestamp, command: impl Into<CustomerCommand>) -> Step {
        World::step(at, by, Task::Customer(self.id, command.into()), &mut self.dice)
    }

    /// The seats of which some are free, as indexes.
    fn with_free_seats(&self) -> Vec<usize> {
        let free = |(index, seats): (usize, &Seats)| (seats.free() > 0).then_some(index);
        self.seats.iter().enumerate().filter_map(free).collect()
    }
}

/// When a deletion is final, by the rule.
fn window_closes(deleted_at: Timestamp) -> Timestamp {
    deleted_at.plus_hours(RESTORE_WINDOW_HOURS)
}
