//! The employees of a partner who come and go, and whose roles change.

use std::collections::BTreeMap;

use commands::{
    AddPartnerUser, AssignRole, DeletePartnerUser, EditPartnerUser, PartnerCommand, Permission,
    PurgePartnerUser, RESTORE_WINDOW_HOURS, ResetPartnerUserPassword, RestorePartnerUser,
    RevokeRole, allows,
};
use events::{CredentialId, InvalidValue, PartnerUserId, Process, Role, RoleCategory, Timestamp};

use super::{
    calendar::{DAY_SECONDS, HOUR_SECONDS, working_time_after},
    dice::Dice,
    step::{Step, Task, Why},
    world::{Company, Side, World},
};
use crate::{application::Principal, auth::TEMPORARY_PASSWORD_HOURS};

/// Of a hundred deleted employees, so many come back within the window.
const RESTORED_PERCENT: usize = 40;
/// How late the purge may be, in seconds.
const PURGE_DELAY_SECONDS: i64 = 30;

const ROLE_REASONS: [&str; 8] = [
    "Moved to another team",
    "Covers for a colleague on parental leave",
    "Covers for a colleague until the end of the quarter",
    "Promoted",
    "Access review: the role is no longer needed",
    "Takes over the accounts of the northern region",
    "Project has ended",
    "Requested by the head of sales",
];
const LEAVING_REASONS: [&str; 4] =
    ["Left the company", "Contract has ended", "Account was opened twice", "Retired"];

/// The employees of one partner.
pub(super) struct Staff {
    dice: Dice,
    side: Side,
    next_change: Timestamp,
    gap_seconds: i64,
    most: usize,
    members: Vec<Member>,
    /// How many people ever had an account, those who stay included.
    hired: usize,
    agenda: Vec<(Timestamp, Due)>,
}

#[derive(Clone)]
struct Member {
    id: PartnerUserId,
    number: usize,
    roles: BTreeMap<RoleCategory, Role>,
}

enum Due {
    Restore(Member),
    Purge(PartnerUserId),
}

#[derive(Clone, Copy)]
enum Change {
    Hire,
    Assign,
    Revoke,
    Leave,
    Reset,
    Edit,
}

const CHANGES: [(usize, Change); 6] = [
    (18, Change::Hire),
    (40, Change::Assign),
    (14, Change::Revoke),
    (12, Change::Leave),
    (8, Change::Reset),
    (8, Change::Edit),
];

impl Staff {
    /// The staff of a company, from the moment at which all who stay are there.
    pub(super) fn new(side: Side, from: Timestamp, world: &World) -> Self {
        let (strand, changes, most) = match side {
            Side::Provider => (2, 200, 14),
            Side::Reseller(number) => (1_000 + number as u64, 36, 4),
            Side::Direct => (4, 36, 4),
        };
        Self {
            dice: Dice::new(world.spec.seed, strand),
            side,
            next_change: from.plus_seconds(DAY_SECONDS),
            gap_seconds: world.spec.gap_seconds(changes),
            most,
            members: Vec::new(),
            hired: world.company(side).cast.len(),
            agenda: Vec::new(),
        }
    }

    pub(super) fn next_at(&self) -> Timestamp {
        let due = self.agenda.iter().map(|(at, _)| *at).min();
        due.map_or(self.next_change, |due| due.min(self.next_change))
    }

    /// What happens next; `None` when this moment passes without anything.
    pub(super) fn step(&mut self, world: &World) -> Result<Option<Step>, InvalidValue> {
        let at = self.next_at();
        let company = world.company(self.side);
        let due = self.agenda.iter().position(|(due, _)| *due == at);
        if let Some((_, due)) = due.map(|index| self.agenda.swap_remove(index)) {
            return Ok(Some(self.carry_out(due, at, company)));
        }
        let gap = self.dice.between(self.gap_seconds / 10, self.gap_seconds * 19 / 10);
        self.next_change = working_time_after(at, gap);
        let change = self.dice.weighted(&CHANGES).unwrap_or(Change::Hire);
        let change = if self.members.is_empty() { Change::Hire } else { change };
        let made = match change {
            Change::Hire if self.members.len() >= self.most => None,
            Change::Hire => Some(self.hire(at, world)?),
            Change::Assign => self.assign(at, company)?,
            Change::Revoke => self.revoke(at, company)?,
            Change::Leave => self.leave(at, company)?,
            Change::Reset => self.reset(at, company),
            Change::Edit => self.edit(at, world)?,
        };
        Ok(made)
    }

    fn carry_out(&mut self, due: Due, at: Timestamp, company: &Company) -> Step {
        match due {
            Due::Purge(user_id) => self.by(
                Principal::System(Process::Purge),
                at,
                company,
                PurgePartnerUser { user_id },
            ),
            Due::Restore(mut member) => {
                let is_admin = member.roles.contains_key(&RoleCategory::Admin);
                let restorer = self.user_manager(company, false);
                if is_admin && restorer != company.global_admin() {
                    // The user manager could not have granted it: it is withheld.
                    member.roles.remove(&RoleCategory::Admin);
                }
                let command = RestorePartnerUser { user_id: member.id, renamed: None };
                self.members.push(member);
                self.by(restorer, at, company, command)
            }
        }
    }

    fn hire(&mut self, at: Timestamp, world: &World) -> Result<Step, InvalidValue> {
        let company = world.company(self.side);
        let id = self.dice.id(at, PartnerUserId::from_uuid);
        let number = self.hired;
        self.hired += 1;
        let user = company.account(id, number, at, &*world.names, &mut self.dice)?;
        let withhold = self.dice.chance(5);
        let mut roles = BTreeMap::new();
        let agent = [Role::AdminAgent, Role::SalesAgent, Role::SalesAgent, Role::HelpdeskAgent];
        if self.dice.chance(70) {
            roles.extend(self.dice.pick(&agent).map(|role| (role.category(), *role)));
        }
        let command = AddPartnerUser {
            user,
            withhold_default_access: withhold,
            roles: roles.values().copied().collect(),
        };
        if !withhold {
            roles.insert(RoleCategory::Default, Role::DefaultAccess);
        }
        self.members.push(Member { id, number, roles });
        let by = self.user_manager(company, false);
        Ok(self.by(by, at, company, command))
    }

    /// A new role: beside those of other categories, in the place of one of its own.
    fn assign(&mut self, at: Timestamp, company: &Company) -> Result<Option<Step>, InvalidValue> {
        let index = self.dice.below(self.members.len());
        let Some(member) = self.members.get_mut(index) else { return Ok(None) };
        let held = |role: &Role| member.roles.get(&role.category()) == Some(role);
        let others: Vec<_> = Role::ALL
            .into_iter()
            .filter(|role| *role != Role::DefaultAccess && !held(role))
            .collect();
        let Some(role) = self.dice.pick(&others).copied() else { return Ok(None) };
        member.roles.insert(role.category(), role);
        let command = AssignRole { user_id: member.id, role };
        let by = self.user_manager(company, role.category() == RoleCategory::Admin);
        self.with_reason(&ROLE_REASONS, by, at, company, command).map(Some)
    }

    fn revoke(&mut self, at: Timestamp, company: &Company) -> Result<Option<Step>, InvalidValue> {
        let index = self.dice.below(self.members.len());
        let Some(member) = self.members.get_mut(index) else { return Ok(None) };
        let held: Vec<_> =
            member.roles.values().copied().filter(|role| *role != Role::DefaultAccess).collect();
        let Some(role) = self.dice.pick(&held).copied() else { return Ok(None) };
        member.roles.remove(&role.category());
        let command = RevokeRole { user_id: member.id, role };
        let by = self.user_manager(company, role.category() == RoleCategory::Admin);
        self.with_reason(&ROLE_REASONS, by, at, company, command).map(Some)
    }

    fn leave(&mut self, at: Timestamp, company: &Company) -> Result<Option<Step>, InvalidValue> {
        let index = self.dice.below(self.members.len());
        if index >= self.members.len() {
            return Ok(None);
        }
        let member = self.members.swap_remove(index);
        let command = DeletePartnerUser { user_id: member.id };
        let by = self.user_manager(company, member.roles.contains_key(&RoleCategory::Admin));
        let due = if self.dice.chance(RESTORED_PERCENT) {
            let later = self.dice.between(HOUR_SECONDS, 25 * DAY_SECONDS);
            (working_time_after(at, later), Due::Restore(member))
        } else {
            let delay = self.dice.between(0, PURGE_DELAY_SECONDS);
            let at = at.plus_hours(RESTORE_WINDOW_HOURS).plus_seconds(delay);
            (at, Due::Purge(member.id))
        };
        self.agenda.push(due);
        self.with_reason(&LEAVING_REASONS, by, at, company, command).map(Some)
    }

    fn reset(&mut self, at: Timestamp, company: &Company) -> Option<Step> {
        let member = self.dice.pick(&self.members)?.clone();
        let command = ResetPartnerUserPassword {
            user_id: member.id,
            credential_id: self.dice.id(at, CredentialId::from_uuid),
            password_expires_at: at.plus_hours(TEMPORARY_PASSWORD_HOURS),
        };
        let by = self.user_manager(company, member.roles.contains_key(&RoleCategory::Admin));
        Some(self.by(by, at, company, command))
    }

    /// The same person under another last name; the address stays.
    fn edit(&mut self, at: Timestamp, world: &World) -> Result<Option<Step>, InvalidValue> {
        let Some(member) = self.dice.pick(&self.members).cloned() else { return Ok(None) };
        let company = world.company(self.side);
        let mut profile = company.profile(member.number)?;
        profile.full_name = company.region.person(self.dice.below(10_000))?.full;
        let sign_in_name = world.names.sign_in_name(&profile.email);
        let command = EditPartnerUser { user_id: member.id, sign_in_name, profile };
        let by = self.user_manager(company, false);
        Ok(Some(self.by(by, at, company, command)))
    }

    /// Who manages users: a user management admin, or a global admin, who alone may touch admins.
    fn user_manager(&mut self, company: &Company, touches_admins: bool) -> Principal {
        let may_manage =
            |role: Role| role != Role::GlobalAdmin && allows(role, Permission::PartnerUsersManage);
        let manager = company.cast.iter().find(|employee| may_manage(employee.role));
        match manager.filter(|_| !touches_admins && self.dice.chance(60)) {
            Some(manager) => company.principal(manager.id),
            None => company.global_admin(),
        }
    }

    fn by(
        &mut self,
        by: Principal,
        at: Timestamp,
        company: &Company,
        command: impl Into<PartnerCommand>,
    ) -> Step {
        World::step(at, by, Task::Partner(company.id, command.into()), &mut self.dice)
    }

    fn with_reason(
        &mut self,
        reasons: &[&str],
        by: Principal,
        at: Timestamp,
        company: &Company,
        command: impl Into<PartnerCommand>,
    ) -> Result<Step, InvalidValue> {
        let mut step = self.by(by, at, company, command);
        if self.dice.chance(80) {
            let approved_by = company.approver().filter(|_| step.why.ticket.is_none());
            step.why = Why::drawn(reasons, &mut self.dice)?;
            step.why.approved_by = approved_by.filter(|_| self.dice.chance(50));
        }
        Ok(step)
    }
}
