//! One history: every move is made, and after each the laws are checked.

use std::{sync::Arc, time::Duration};

use commands::{CustomerCommand, PartnerCommand, PartnershipCommand};
use events::{Event, Position, Process, RequestDigest, Role};
use projections::{ReadModel, rebuild};
use proptest::{prop_assert, prop_assert_eq, test_runner::TestCaseError};
use services::application::{AsOf, Call, CommandError, Outcome, Principal};

use crate::{
    invariants,
    moves::{Move, What},
    plain::Plain,
    world::{Task, World},
};

/// Longer than any test waits.
const CATCH_UP: Duration = Duration::from_secs(20);

/// A history that is being made.
pub(crate) struct Play {
    world: World,
    plain: Plain,
    /// The models that were live, after each commit.
    seen: Vec<Arc<ReadModel>>,
    /// Who may be asking; those with much to say more often.
    principals: Vec<Principal>,
    /// Who may be asking something about employees.
    managers: Vec<Principal>,
    names: Vec<&'static str>,
}

impl Play {
    /// Opens three partners, a partnership, two customers and a subscription for each.
    pub(crate) async fn new(world: World) -> Result<Self, TestCaseError> {
        let (plain, seen) = (Plain::default(), Vec::new());
        let (principals, managers) = (Vec::new(), Vec::new());
        let mut play = Self { world, plain, seen, principals, managers, names: Vec::new() };
        for number in 0..3 {
            play.set_up(play.world.register(number)).await?;
        }
        let roles =
            [Role::UserManagementAdmin, Role::AdminAgent, Role::SalesAgent, Role::HelpdeskAgent];
        for role in roles {
            play.set_up(play.world.add_employee(0, role.name(), vec![role])).await?;
        }
        play.set_up(play.world.add_employee(1, "agent", vec![Role::AdminAgent])).await?;
        play.set_up(play.world.request_partnership()).await?;
        let accept = play.world.accept_partnership();
        play.set_up(accept.expect("it was requested")).await?;
        for customer in 0..2 {
            play.set_up(play.world.create_customer(customer)).await?;
            let order = play.world.order(customer, 0, 3).expect("the offer exists");
            play.set_up(Task::Customer(play.world.customers[customer], order)).await?;
            play.set_up(play.world.first_users(customer)).await?;
        }
        play.principals = play.people(&[0, 0, 0, 0, 0, 3, 4, 4, 5, 6, 1, 7, 2, 2, 2]);
        play.principals.extend([Principal::System(Process::Purge), Principal::Operator]);
        play.managers = play.people(&[0, 0, 0, 3, 3, 1, 2, 4, 7]);
        play.managers.push(Principal::Operator);
        Ok(play)
    }

    /// Some of those who were there first, by their numbers.
    fn people(&self, numbers: &[usize]) -> Vec<Principal> {
        let user = |number: &usize| {
            let (partner, user) = self.world.employees[*number];
            Principal::PartnerUser { partner, user }
        };
        numbers.iter().map(user).collect()
    }

    async fn set_up(&mut self, task: Task) -> Result<(), TestCaseError> {
        let call = self.world.call(Principal::Operator);
        let outcome = self.world.execute(&call, task.clone()).await;
        let outcome = outcome.map_err(|error| TestCaseError::fail(format!("{task:?}: {error}")))?;
        self.accepted(&task, &call, &outcome).await
    }

    /// Makes a move and checks what must hold after it.
    pub(crate) async fn make(&mut self, a_move: Move) -> Result<(), TestCaseError> {
        match a_move.what {
            What::Wait(hours) => self.world.clock.advance_seconds(hours * 3_600),
            What::WaitForWindow(seconds) => {
                if let Some(end) = self.plain.next_window(self.world.app.now()) {
                    self.world.clock.set(end.plus_seconds(seconds));
                }
            }
            _ => self.ask(&a_move).await?,
        }
        let (model, now) = (self.world.app.models().current(), self.world.app.now());
        invariants::agrees_with(&self.plain, &model, &self.world, now)?;
        invariants::roles_are_sound(&model, &self.world)?;
        invariants::seats_suffice(&model, &self.world)
    }

    async fn ask(&mut self, a_move: &Move) -> Result<(), TestCaseError> {
        let by = self.who(a_move);
        let Some(task) = self.world.task(a_move, by, &self.plain) else { return Ok(()) };
        let call = self.world.call(by);
        let before = self.world.store.head();
        match self.world.execute(&call, task.clone()).await {
            Ok(outcome) => {
                self.keeps_to_its_own(by, &task)?;
                self.accepted(&task, &call, &outcome).await?;
                if a_move.twice {
                    self.again(&task, &call, &outcome).await?;
                }
            }
            Err(CommandError::Rejected(_)) => {
                prop_assert_eq!(self.world.store.head(), before, "a refusal recorded something");
            }
            Err(error) => return Err(TestCaseError::fail(format!("{task:?}: {error}"))),
        }
        Ok(())
    }

    fn who(&self, a_move: &Move) -> Principal {
        let of = if a_move.what.is_about_employees() { &self.managers } else { &self.principals };
        let by = of[a_move.by % of.len()];
        if a_move.what.is_purge() && !a_move.by.is_multiple_of(3) {
            Principal::System(Process::Purge)
        } else {
            by
        }
    }

    /// Nobody changes anything of the other side.
    fn keeps_to_its_own(&self, by: Principal, task: &Task) -> Result<(), TestCaseError> {
        let Some(own) = by.partner() else { return Ok(()) };
        let [_, _, direct] = self.world.partners;
        match task {
            Task::Customer(customer, _) => {
                let is_direct = *customer == self.world.customers[1];
                prop_assert_eq!(is_direct, own == direct, "{:?} by {:?}", task, by);
            }
            Task::Partner(partner, _) => prop_assert_eq!(*partner, own),
            Task::Partnership(..) => prop_assert!(own != direct),
        }
        Ok(())
    }

    async fn accepted(
        &mut self,
        task: &Task,
        call: &Call,
        outcome: &Outcome,
    ) -> Result<(), TestCaseError> {
        prop_assert!(!outcome.replayed);
        prop_assert_eq!(outcome.position, self.world.store.head());
        let model = self.world.app.models().wait_for(outcome.position, CATCH_UP).await;
        let model = model.map_err(|error| TestCaseError::fail(error.to_string()))?;
        if let Task::Customer(customer, _) = task {
            invariants::new_seats_are_active(&outcome.events, &model, *customer)?;
        }
        self.seen.push(model);
        self.names.extend(outcome.events.iter().map(Event::name));
        let now = self.world.app.now();
        match task {
            Task::Customer(id, command) => self.plain.on_customer(*id, command, now),
            Task::Partner(id, command) => self.plain.on_partner(*id, command, call.principal, now),
            Task::Partnership(..) => {}
        }
        self.learn(task);
        Ok(())
    }

    /// Later moves may name what is there now.
    fn learn(&mut self, task: &Task) {
        match task {
            Task::Customer(id, command) => {
                let number = self.world.number_of(*id);
                let (users, subscriptions) =
                    (&mut self.world.users[number], &mut self.world.subscriptions[number]);
                match command {
                    CustomerCommand::Create(command) => users.push(command.admin.user_id),
                    CustomerCommand::CreateUsers(command) => {
                        users.extend(command.users.iter().map(|user| user.user_id));
                    }
                    CustomerCommand::SubmitOrder(command) => {
                        subscriptions.extend(command.lines.iter().map(|line| line.subscription_id));
                    }
                    _ => {}
                }
            }
            Task::Partner(id, PartnerCommand::Register(command)) => {
                self.world.employees.push((*id, command.admin.user_id));
            }
            Task::Partner(id, PartnerCommand::AddUser(command)) => {
                self.world.employees.push((*id, command.user.user_id));
            }
            Task::Partnership(id, PartnershipCommand::Request(command)) => {
                self.world.partnerships.push((*id, command.invitation_id));
            }
            Task::Partner(..) | Task::Partnership(..) => {}
        }
    }

    /// The same request once more, and another one under its id: neither changes anything.
    async fn again(&self, task: &Task, call: &Call, first: &Outcome) -> Result<(), TestCaseError> {
        let head = self.world.store.head();
        if first.events.is_empty() {
            return Ok(());
        }
        let second = self.world.execute(call, task.clone()).await;
        let second = second.map_err(|error| TestCaseError::fail(format!("again: {error}")))?;
        prop_assert!(second.replayed);
        prop_assert_eq!(second.position, first.position);
        let count = first.events.len();
        let from = Position::new(first.position.get() - count as u64);
        let records = self.world.store.read_log(from, count).await;
        let recorded: Vec<_> =
            records.unwrap().iter().map(|record| record.decode().unwrap().event).collect();
        prop_assert_eq!(&second.events, &recorded);
        let names = |events: &[Event]| events.iter().map(Event::name).collect::<Vec<_>>();
        prop_assert_eq!(names(&second.events), names(&first.events));

        let mut other = call.clone();
        if let Some(idempotency) = &mut other.idempotency {
            idempotency.digest = RequestDigest([7; 16]);
        }
        let refused = self.world.execute(&other, task.clone()).await;
        prop_assert!(matches!(refused, Err(CommandError::IdempotencyKeyReused)));
        prop_assert_eq!(self.world.store.head(), head, "a repeat recorded something");
        Ok(())
    }

    /// What is rebuilt equals what was live, now and at every moment in between.
    pub(crate) async fn look_back(&self, moments: &[f64]) -> Result<(), TestCaseError> {
        let store = &*self.world.store;
        let live = self.world.app.models().current();
        same(&rebuild(store, None).await.unwrap(), &live)?;
        for moment in moments {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                clippy::cast_precision_loss,
                reason = "a share of a small number"
            )]
            let position = Position::new((live.position().get() as f64 * moment) as u64);
            let then = self.model(AsOf::Position(position)).await?;
            same(&rebuild(store, Some(position)).await.unwrap(), &then)?;
            same(&then, &self.seen_at(|model| model.position() <= position))?;
            if let Some(time) = then.recorded_at() {
                let then = self.model(AsOf::Time(time)).await?;
                same(&then, &self.seen_at(|model| model.recorded_at() <= Some(time)))?;
            }
        }
        Ok(())
    }

    async fn model(&self, as_of: AsOf) -> Result<Arc<ReadModel>, TestCaseError> {
        let model = self.world.app.model(Some(as_of)).await;
        let model = model.map(|(model, _)| model);
        model.map_err(|error| TestCaseError::fail(error.to_string()))
    }

    /// The last live model of which this is true.
    fn seen_at(&self, is_past: impl Fn(&ReadModel) -> bool) -> Arc<ReadModel> {
        self.seen.iter().rev().find(|model| is_past(model)).cloned().unwrap_or_default()
    }

    /// The names of all events that were recorded.
    pub(crate) fn events(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.names.iter().copied()
    }
}

fn same(one: &ReadModel, other: &ReadModel) -> Result<(), TestCaseError> {
    prop_assert_eq!(one.differences(other), Vec::<&str>::new());
    Ok(())
}
