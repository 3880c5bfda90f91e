//! What changes in the life of a customer.

use commands::{
    ChangeSubscription, CreateCustomerUsers, CustomerCommand, DeleteCustomerUsers,
    EditCustomerDetails, EditCustomerUser, GrantDirectoryRole, Permission,
    ResetCustomerUserPassword, RevokeDirectoryRole, SubscriptionStatus, UpdateLicenses,
};
use events::{
    CredentialId, DirectoryRole, FriendlyName, InvalidValue, Quantity, SubscriptionId, Timestamp,
};

use super::{
    super::{
        calendar::{DAY_SECONDS, HOUR_SECONDS, working_time_after},
        step::{Step, Why},
        world::World,
    },
    AGENDA_MAX, CustomerLife, Due, window_closes,
};

/// Of a hundred deleted users, so many come back within the window.
const RESTORED_PERCENT: usize = 30;
/// How late the purge may be, in seconds.
const PURGE_DELAY_SECONDS: i64 = 30;
/// Users deleted at once, at most.
const LEAVING_TOGETHER_MAX: i64 = 4;

const LEAVING_REASONS: [&str; 5] = [
    "Left the company",
    "Seasonal contract has ended",
    "Moved to a subsidiary",
    "Account was created twice",
    "On long leave",
];

/// For whom a subscription is, as its name tells.
const DEPARTMENTS: [&str; 5] =
    ["head office", "branches", "field staff", "production", "seasonal staff"];

#[derive(Clone, Copy)]
enum Change {
    Hire,
    Leave,
    MoveLicense,
    Assign,
    Revoke,
    Quantity,
    Reset,
    Edit,
    Role,
    Suspend,
    Details,
    Rename,
}

const CHANGES: [(usize, Change); 12] = [
    (19, Change::Hire),
    (16, Change::Leave),
    (16, Change::MoveLicense),
    (9, Change::Assign),
    (5, Change::Revoke),
    (6, Change::Quantity),
    (12, Change::Reset),
    (6, Change::Edit),
    (6, Change::Role),
    (1, Change::Suspend),
    (2, Change::Details),
    (2, Change::Rename),
];

impl CustomerLife {
    pub(super) fn change(
        &mut self,
        at: Timestamp,
        world: &World,
    ) -> Result<Option<Step>, InvalidValue> {
        let gap = self.dice.between(self.gap_seconds / 10, self.gap_seconds * 19 / 10);
        self.next_change = working_time_after(at, gap);
        match self.dice.weighted(&CHANGES).unwrap_or(Change::Hire) {
            Change::Hire => self.hire(at, world).map(Some),
            Change::Leave => self.leave(at, world),
            Change::MoveLicense => Ok(self.move_license(at, world)),
            Change::Assign => Ok(self.assign(at, world)),
            Change::Revoke => Ok(self.revoke(at, world)),
            Change::Quantity => self.change_quantity(at, world),
            Change::Reset => Ok(self.reset(at, world)),
            Change::Edit => self.edit(at, world),
            Change::Role => Ok(self.change_role(at, world)),
            Change::Suspend => Ok(self.suspend(at, world)),
            Change::Details => self.edit_details(at, world).map(Some),
            Change::Rename => self.rename(at, world),
        }
    }

    fn hire(&mut self, at: Timestamp, world: &World) -> Result<Step, InvalidValue> {
        // Where no seat is left, more are bought first, and the user comes another time.
        let exhausted = self.seats.iter().position(|seats| {
            !seats.suspended && seats.free() == 0 && seats.quantity < seats.offer.maximum_quantity
        });
        if let Some(step) = exhausted.map(|index| self.buy(index, at, world)).transpose()?.flatten()
        {
            return Ok(step);
        }
        let users = vec![self.new_user(at, world)?];
        let command = CreateCustomerUsers { users };
        Ok(self.someone(Permission::CustomerUsersManage, at, world, command))
    }

    /// One or some users leave; what becomes of each is settled at once.
    fn leave(&mut self, at: Timestamp, world: &World) -> Result<Option<Step>, InvalidValue> {
        let together =
            if self.dice.chance(15) { self.dice.between(2, LEAVING_TOGETHER_MAX) } else { 1 };
        let mut user_ids = Vec::new();
        for _ in 0..together {
            let index = self.dice.below(self.followed.len());
            if index >= self.followed.len() || self.agenda.len() >= AGENDA_MAX {
                break;
            }
            let person = self.followed.swap_remove(index);
            user_ids.push(person.id);
            for index in &person.licenses {
                if let Some(seats) = self.seats.get_mut(*index) {
                    seats.give_back();
                }
            }
            let due = if self.dice.chance(RESTORED_PERCENT) {
                let later = self.dice.between(HOUR_SECONDS, 25 * DAY_SECONDS);
                (working_time_after(at, later), Due::Restore(person))
            } else {
                let delay = self.dice.between(0, PURGE_DELAY_SECONDS);
                (window_closes(at).plus_seconds(delay), Due::Purge(person.id))
            };
            self.agenda.push(due);
        }
        if user_ids.is_empty() {
            return Ok(None);
        }
        let alone = user_ids.len() == 1;
        let command = DeleteCustomerUsers { user_ids };
        let mut step = self.someone(Permission::CustomerUsersManage, at, world, command);
        if alone && self.dice.chance(60) {
            step.why = Why::drawn(&LEAVING_REASONS, &mut self.dice)?;
        }
        Ok(Some(step))
    }

    /// A seat goes from one user to another.
    fn move_license(&mut self, at: Timestamp, world: &World) -> Option<Step> {
        let from = self.dice.below(self.followed.len());
        let index = self.followed.get(from)?.licenses.first().copied()?;
        self.followed.get_mut(from)?.licenses.remove(&index);
        let user_ids = vec![self.followed.get(from)?.id];
        let seats = self.seats.get_mut(index)?;
        seats.give_back();
        let sku = seats.sku();
        let command = UpdateLicenses { user_ids, assign: Vec::new(), remove: vec![sku] };
        // The seat is free for whoever gets it in one of the next changes.
        self.next_change = at.plus_seconds(self.dice.between(30, 600));
        Some(self.someone(Permission::LicensesManage, at, world, command))
    }

    fn assign(&mut self, at: Timestamp, world: &World) -> Option<Step> {
        let free = self.with_free_seats();
        let index = self.dice.pick(&free).copied()?;
        let without: Vec<usize> = self
            .followed
            .iter()
            .enumerate()
            .filter(|(_, person)| !person.licenses.contains(&index))
            .map(|(number, _)| number)
            .collect();
        let person = self.dice.pick(&without).copied()?;
        let person = self.followed.get_mut(person)?;
        let seats = self.seats.get_mut(index).filter(|seats| seats.free() > 0)?;
        seats.take();
        person.licenses.insert(index);
        let command = UpdateLicenses {
            user_ids: vec![person.id],
            assign: vec![seats.sku()],
            remove: Vec::new(),
        };
        Some(self.someone(Permission::LicensesManage, at, world, command))
    }

    fn revoke(&mut self, at: Timestamp, world: &World) -> Option<Step> {
        let person = self.dice.below(self.followed.len());
        let person = self.followed.get_mut(person)?;
        let index = person.licenses.pop_last()?;
        let seats = self.seats.get_mut(index)?;
        seats.give_back();
        let command = UpdateLicenses {
            user_ids: vec![person.id],
            assign: Vec::new(),
            remove: vec![seats.sku()],
        };
        Some(self.someone(Permission::LicensesManage, at, world, command))
    }

    fn change_quantity(
        &mut self,
        at: Timestamp,
        world: &World,
    ) -> Result<Option<Step>, InvalidValue> {
        let index = self.dice.below(self.seats.len());
        let Some(seats) = self.seats.get(index).filter(|seats| !seats.suspended) else {
            return Ok(None);
        };
        if self.dice.chance(60) {
            return self.buy(index, at, world);
        }
        let fewer = seats.quantity - seats.free() / 2;
        let quantity = seats.allowed(fewer)?;
        Ok(self.set_quantity(index, quantity, at, world))
    }

    /// More seats, where the offer has them.
    fn buy(
        &mut self,
        index: usize,
        at: Timestamp,
        world: &World,
    ) -> Result<Option<Step>, InvalidValue> {
        let Some(seats) = self.seats.get(index) else { return Ok(None) };
        let quantity = seats.allowed(seats.quantity.saturating_add(seats.quantity / 10 + 2))?;
        Ok(self.set_quantity(index, quantity, at, world))
    }

    fn set_quantity(
        &mut self,
        index: usize,
        quantity: Quantity,
        at: Timestamp,
        world: &World,
    ) -> Option<Step> {
        let seats = self.seats.get_mut(index)?;
        if quantity.get() == seats.quantity || quantity.get() < seats.taken {
            return None;
        }
        seats.quantity = quantity.get();
        let command =
            ChangeSubscription { quantity: Some(quantity), ..unchanged(seats.subscription) };
        Some(self.someone(Permission::SubscriptionsManage, at, world, command))
    }

    fn suspend(&mut self, at: Timestamp, world: &World) -> Option<Step> {
        let index = self.dice.below(self.seats.len());
        let seats = self.seats.get_mut(index).filter(|seats| !seats.suspended)?;
        seats.suspended = true;
        let status = Some(SubscriptionStatus::Suspended);
        let command = ChangeSubscription { status, ..unchanged(seats.subscription) };
        let later = self.dice.between(2 * DAY_SECONDS, 20 * DAY_SECONDS);
        let back = working_time_after(at, later);
        self.agenda.push((back, Due::Reactivate(index)));
        Some(self.someone(Permission::SubscriptionsManage, at, world, command))
    }

    pub(super) fn reactivate(
        &mut self,
        index: usize,
        at: Timestamp,
        world: &World,
    ) -> Option<Step> {
        let seats = self.seats.get_mut(index)?;
        seats.suspended = false;
        let status = Some(SubscriptionStatus::Active);
        let command = ChangeSubscription { status, ..unchanged(seats.subscription) };
        Some(self.someone(Permission::SubscriptionsManage, at, world, command))
    }

    fn rename(&mut self, at: Timestamp, world: &World) -> Result<Option<Step>, InvalidValue> {
        let index = self.dice.below(self.seats.len());
        let further = 1 + self.dice.below(DEPARTMENTS.len() - 1);
        let Some(seats) = self.seats.get_mut(index) else { return Ok(None) };
        seats.department = (seats.department + further) % DEPARTMENTS.len();
        let department = DEPARTMENTS.get(seats.department).copied().unwrap_or_default();
        let name = format!("{} ({department})", seats.offer.name);
        let friendly_name = Some(FriendlyName::new(&name)?);
        let command = ChangeSubscription { friendly_name, ..unchanged(seats.subscription) };
        Ok(Some(self.someone(Permission::SubscriptionsManage, at, world, command)))
    }

    fn reset(&mut self, at: Timestamp, world: &World) -> Option<Step> {
        let user_id = self.dice.pick(&self.followed)?.id;
        let credential_id = self.dice.id(at, CredentialId::from_uuid);
        let command = ResetCustomerUserPassword { user_id, credential_id };
        Some(self.someone(Permission::CustomerUsersManage, at, world, command))
    }

    /// The same person under another last name; the user name stays.
    fn edit(&mut self, at: Timestamp, world: &World) -> Result<Option<Step>, InvalidValue> {
        let Some(person) = self.dice.pick(&self.followed) else { return Ok(None) };
        let (user_id, number) = (person.id, person.number);
        let mut profile = self.profile(number)?;
        let last = self.region.last_name(&mut self.dice)?;
        let first = profile.first_name.as_ref().map_or("", |first| first.as_str());
        profile.display_name = events::PersonName::new(&format!("{first} {}", last.as_str()))?;
        profile.last_name = Some(last);
        let user_name = world.names.user_name(&profile.user_name);
        let command = EditCustomerUser { user_id, user_name, profile };
        Ok(Some(self.someone(Permission::CustomerUsersManage, at, world, command)))
    }

    fn change_role(&mut self, at: Timestamp, world: &World) -> Option<Step> {
        let holders: Vec<usize> = (0..self.followed.len())
            .filter(|index| self.followed.get(*index).is_some_and(|one| !one.roles.is_empty()))
            .collect();
        let anybody = self.dice.below(self.followed.len());
        let holder = self.dice.pick(&holders).copied().filter(|_| self.dice.chance(40));
        let person = self.followed.get_mut(holder.unwrap_or(anybody))?;
        let user_id = person.id;
        let command: CustomerCommand = if let Some(role) = person.roles.pop_first() {
            RevokeDirectoryRole { user_id, role }.into()
        } else {
            let role = self.dice.pick(&DirectoryRole::ALL).copied()?;
            person.roles.insert(role);
            GrantDirectoryRole { user_id, role }.into()
        };
        Some(self.someone(Permission::DirectoryRolesManage, at, world, command))
    }

    fn edit_details(&mut self, at: Timestamp, world: &World) -> Result<Step, InvalidValue> {
        let command = EditCustomerDetails {
            company_name: self.region.company(self.number)?.name,
            country: self.region.country()?,
            culture: self.region.culture()?,
            language: self.region.language()?,
            contact: self.contact()?,
        };
        Ok(self.someone(Permission::CustomersEdit, at, world, command))
    }
}

const fn unchanged(subscription_id: SubscriptionId) -> ChangeSubscription {
    ChangeSubscription { subscription_id, quantity: None, status: None, friendly_name: None }
}
