//! The plain model: who is there, who is deleted until when, who holds which role. It knows commands
//! that were accepted, and no event.

use std::collections::{BTreeMap, BTreeSet};

use commands::{CustomerCommand, PartnerCommand, RESTORE_WINDOW_HOURS};
use events::{CustomerId, CustomerUserId, PartnerId, PartnerUserId, Role, RoleCategory, Timestamp};
use services::application::Principal;

/// The plain model.
#[derive(Default)]
pub(crate) struct Plain {
    pub(crate) employees: BTreeMap<(PartnerId, PartnerUserId), Employee>,
    pub(crate) users: BTreeMap<(CustomerId, CustomerUserId), Status>,
}

/// An employee of a partner.
pub(crate) struct Employee {
    pub(crate) status: Status,
    pub(crate) roles: BTreeMap<RoleCategory, Role>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Status {
    Active,
    Deleted { until: Timestamp },
    Purged,
}

impl Status {
    /// Whether a command that wants somebody active, or else somebody deleted, can mean this one.
    pub(crate) fn fits(self, wants_active: bool) -> bool {
        match self {
            Self::Active => wants_active,
            Self::Deleted { .. } => !wants_active,
            Self::Purged => false,
        }
    }
}

impl Plain {
    /// Takes in that a command on a customer was accepted.
    pub(crate) fn on_customer(
        &mut self,
        id: CustomerId,
        command: &CustomerCommand,
        now: Timestamp,
    ) {
        let mut set = |user: CustomerUserId, status| self.users.insert((id, user), status);
        match command {
            CustomerCommand::Create(command) => drop(set(command.admin.user_id, Status::Active)),
            CustomerCommand::CreateUsers(command) => {
                for user in &command.users {
                    set(user.user_id, Status::Active);
                }
            }
            CustomerCommand::DeleteUsers(command) => {
                for user in &command.user_ids {
                    set(*user, deleted(now));
                }
            }
            CustomerCommand::RestoreUser(command) => drop(set(command.user_id, Status::Active)),
            CustomerCommand::PurgeUser(command) => drop(set(command.user_id, Status::Purged)),
            _ => {}
        }
    }

    /// Takes in that a command on a partner was accepted.
    pub(crate) fn on_partner(
        &mut self,
        id: PartnerId,
        command: &PartnerCommand,
        by: Principal,
        now: Timestamp,
    ) {
        match command {
            PartnerCommand::Register(command) => {
                self.add(id, command.admin.user_id, [Role::GlobalAdmin]);
            }
            PartnerCommand::AddUser(command) => {
                self.add(id, command.user.user_id, command.roles.iter().copied());
            }
            PartnerCommand::DeleteUser(command) => {
                self.employee(id, command.user_id).status = deleted(now);
            }
            PartnerCommand::RestoreUser(command) => {
                let covers_admins = self.is_global_admin(by);
                let employee = self.employee(id, command.user_id);
                employee.status = Status::Active;
                if !covers_admins {
                    employee.roles.remove(&RoleCategory::Admin);
                }
            }
            PartnerCommand::PurgeUser(command) => {
                self.employee(id, command.user_id).status = Status::Purged;
            }
            PartnerCommand::AssignRole(command) => {
                let roles = &mut self.employee(id, command.user_id).roles;
                roles.insert(command.role.category(), command.role);
            }
            PartnerCommand::RevokeRole(command) => {
                let roles = &mut self.employee(id, command.user_id).roles;
                roles.remove(&command.role.category());
            }
            _ => {}
        }
    }

    /// The users of a customer who are active, and those who can be restored at a moment.
    pub(crate) fn users_of(
        &self,
        customer: CustomerId,
        now: Timestamp,
    ) -> (BTreeSet<CustomerUserId>, BTreeSet<CustomerUserId>) {
        let of = |wanted: fn(Status, Timestamp) -> bool| {
            self.users
                .iter()
                .filter(|((at, _), status)| *at == customer && wanted(**status, now))
                .map(|((_, user), _)| *user)
                .collect()
        };
        (of(is_active), of(is_restorable))
    }

    /// The employees of a partner who are active, with their roles, and those who can be restored.
    pub(crate) fn employees_of(
        &self,
        partner: PartnerId,
        now: Timestamp,
    ) -> (BTreeMap<PartnerUserId, BTreeSet<Role>>, BTreeSet<PartnerUserId>) {
        let of = |wanted: fn(Status, Timestamp) -> bool| {
            self.employees
                .iter()
                .filter(move |((at, _), who)| *at == partner && wanted(who.status, now))
                .map(|((_, user), who)| (*user, who.roles.values().copied().collect()))
        };
        (
            of(is_active).collect(),
            of(is_restorable).map(|(user, _): (_, BTreeSet<_>)| user).collect(),
        )
    }

    /// The end of the restore window that ends next.
    pub(crate) fn next_window(&self, now: Timestamp) -> Option<Timestamp> {
        let employees = self.employees.values().map(|employee| employee.status);
        let ends =
            self.users.values().copied().chain(employees).filter_map(|status| match status {
                Status::Deleted { until } if until > now => Some(until),
                _ => None,
            });
        ends.min()
    }

    fn add(&mut self, id: PartnerId, user: PartnerUserId, roles: impl IntoIterator<Item = Role>) {
        let roles = roles.into_iter().chain([Role::DefaultAccess]);
        let roles = roles.map(|role| (role.category(), role)).collect();
        self.employees.insert((id, user), Employee { status: Status::Active, roles });
    }

    fn employee(&mut self, id: PartnerId, user: PartnerUserId) -> &mut Employee {
        self.employees
            .get_mut(&(id, user))
            .expect("an accepted command names somebody who is known")
    }

    fn is_global_admin(&self, by: Principal) -> bool {
        match by {
            Principal::Operator => true,
            Principal::PartnerUser { partner, user } => {
                let roles = self.employees.get(&(partner, user)).map(|employee| &employee.roles);
                roles.is_some_and(|roles| {
                    roles.get(&RoleCategory::Admin) == Some(&Role::GlobalAdmin)
                })
            }
            Principal::Application { .. }
            | Principal::CustomerUser { .. }
            | Principal::SupportOperator { .. }
            | Principal::Auditor { .. }
            | Principal::System(_)
            | Principal::Application { .. }
            | Principal::Visitor => false,
        }
    }
}

fn deleted(now: Timestamp) -> Status {
    Status::Deleted { until: now.plus_hours(RESTORE_WINDOW_HOURS) }
}

fn is_active(status: Status, _: Timestamp) -> bool {
    status == Status::Active
}

fn is_restorable(status: Status, now: Timestamp) -> bool {
    matches!(status, Status::Deleted { until } if now < until)
}
