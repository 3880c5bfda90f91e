//! How a scene is written down: who does what, one thing after the other.

use commands::{
    CustomerCommand, InstallationCommand, LeadCommand, PartnerCommand, PartnershipCommand,
    Permission, ServiceRequestCommand,
};
use events::{CustomerId, LeadId, PartnerId, PartnershipId, ServiceRequestId, Timestamp};
use uuid::Uuid;

use super::super::{
    calendar::{DAY_SECONDS, HOUR_SECONDS, working_time_after},
    dice::Dice,
    step::{Step, Task},
    world::{Reseller, Side, World},
};
use crate::application::Principal;

/// Between two things that people do one after the other, in seconds.
const BREATH_SECONDS: i64 = 90;

/// A scene that is being written down.
pub(super) struct Script<'a> {
    pub(super) world: &'a World,
    pub(super) dice: Dice,
    now: Timestamp,
    steps: Vec<Step>,
}

impl<'a> Script<'a> {
    pub(super) fn new(world: &'a World, strand: u64) -> Self {
        let dice = Dice::new(world.spec.seed, strand);
        Self { world, dice, now: world.spec.start(), steps: Vec::new() }
    }

    /// What was written down.
    pub(super) fn steps(self) -> Vec<Step> {
        self.steps
    }

    pub(super) const fn now(&self) -> Timestamp {
        self.now
    }

    /// Goes on in the working hours after this many thousandths of the history, in a short one
    /// later.
    pub(super) fn at(&mut self, per_mille: i64) {
        self.now = working_time_after(self.world.spec.moment(per_mille), 1).max(self.now);
    }

    /// Goes on at this moment.
    pub(super) const fn at_moment(&mut self, moment: Timestamp) {
        self.now = moment;
    }

    pub(super) fn after_minutes(&mut self, minutes: i64) {
        self.now = self.now.plus_seconds(minutes * 60);
    }

    /// Goes on in the working hours some days later.
    pub(super) fn after_days(&mut self, days: i64) {
        self.now = working_time_after(self.now, days * DAY_SECONDS);
    }

    /// Goes on so many hours before the history ends.
    pub(super) fn before_the_end(&mut self, hours: i64) {
        self.now = self.world.spec.end.plus_seconds(-hours * HOUR_SECONDS);
    }

    pub(super) fn id<T>(&mut self, wrap: impl FnOnce(Uuid) -> T) -> T {
        self.dice.id(self.now, wrap)
    }

    /// Somebody of a company who may do something.
    pub(super) fn someone(&mut self, side: Side, permission: Permission) -> Principal {
        self.world.actor(side, permission, &mut self.dice)
    }

    /// Somebody of the provider who may do something.
    pub(super) fn provider(&mut self, permission: Permission) -> Principal {
        self.someone(Side::Provider, permission)
    }

    /// Somebody of the direct partner who may do something.
    pub(super) fn direct(&mut self, permission: Permission) -> Principal {
        self.someone(Side::Direct, permission)
    }

    /// A reseller whose partnership lasts, with its number; `None` in a history without one.
    pub(super) fn reseller(&self) -> Option<(Side, &'a Reseller)> {
        let mut all = self.world.resellers.iter().enumerate();
        let (number, reseller) = all.find(|(_, reseller)| reseller.lasts())?;
        Some((Side::Reseller(number), reseller))
    }

    /// Somebody does something now; it takes a breath.
    pub(super) fn play(&mut self, by: Principal, task: Task) {
        self.steps.push(World::step(self.now, by, task, &mut self.dice));
        self.now = self.now.plus_seconds(BREATH_SECONDS);
    }

    pub(super) fn on_customer(
        &mut self,
        by: Principal,
        customer: CustomerId,
        command: impl Into<CustomerCommand>,
    ) {
        self.play(by, Task::Customer(customer, command.into()));
    }

    pub(super) fn on_partner(
        &mut self,
        by: Principal,
        partner: PartnerId,
        command: impl Into<PartnerCommand>,
    ) {
        self.play(by, Task::Partner(partner, command.into()));
    }

    pub(super) fn on_partnership(
        &mut self,
        by: Principal,
        partnership: PartnershipId,
        command: impl Into<PartnershipCommand>,
    ) {
        self.play(by, Task::Partnership(partnership, command.into()));
    }

    pub(super) fn on_lead(&mut self, by: Principal, lead: LeadId, command: impl Into<LeadCommand>) {
        self.play(by, Task::Lead(lead, command.into()));
    }

    pub(super) fn on_request(
        &mut self,
        by: Principal,
        request: ServiceRequestId,
        command: impl Into<ServiceRequestCommand>,
    ) {
        self.play(by, Task::Request(request, command.into()));
    }

    pub(super) fn on_installation(
        &mut self,
        by: Principal,
        command: impl Into<InstallationCommand>,
    ) {
        self.play(by, Task::Installation(command.into()));
    }
}
