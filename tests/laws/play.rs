//! One history: every move is made, its outcome held against what the plain model expects, and after
//! each the laws are checked.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use events::{Event, Position, RequestDigest, Timestamp};
use projections::{ReadModel, rebuild};
use proptest::{prop_assert, prop_assert_eq, test_runner::TestCaseError};
use services::application::{AsOf, Call, CommandError, Outcome, Principal};

use crate::{
    invariants,
    model::Plain,
    moves::{Made, Move, made},
    scene::Scene,
    task::Task,
    world::World,
};

/// Longer than any test waits.
const CATCH_UP: Duration = Duration::from_secs(20);

/// What happened how often: events and accepted commands by name, refusals by code.
#[derive(Clone, Default, Debug)]
pub(crate) struct Tally {
    pub(crate) events: BTreeMap<String, usize>,
    pub(crate) accepted: BTreeMap<&'static str, usize>,
    pub(crate) refused: BTreeMap<&'static str, usize>,
}

impl Tally {
    fn count<K: Ord>(of: &mut BTreeMap<K, usize>, what: K) {
        *of.entry(what).or_default() += 1;
    }

    /// Adds what happened elsewhere.
    pub(crate) fn add(&mut self, other: &Self) {
        for (name, count) in &other.events {
            *self.events.entry(name.clone()).or_default() += count;
        }
        for (name, count) in &other.accepted {
            *self.accepted.entry(name).or_default() += count;
        }
        for (code, count) in &other.refused {
            *self.refused.entry(code).or_default() += count;
        }
    }
}

/// A history that is being made.
pub(crate) struct Play {
    pub(crate) world: World,
    pub(crate) plain: Plain,
    /// The models that were live, after each commit.
    seen: Vec<Arc<ReadModel>>,
    pub(crate) tally: Tally,
}

impl Play {
    /// An empty installation.
    pub(crate) fn new(world: World) -> Self {
        let plain = Plain::new(world.app.catalogue().clone());
        Self { world, plain, seen: Vec::new(), tally: Tally::default() }
    }

    fn now(&self) -> Timestamp {
        self.world.app.now()
    }

    /// Makes a move and checks what must hold after it.
    pub(crate) async fn make(&mut self, a_move: &Move) -> Result<(), TestCaseError> {
        let now = self.now();
        let (world, plain) = (&self.world, &self.plain);
        let mut scene = Scene { world, plain, dice: a_move.dice(), now };
        match made(&mut scene, &self.tally) {
            Made::Wait(seconds) => self.world.clock.advance_seconds(seconds),
            Made::WaitForEdge(seconds) => {
                let ahead = self.plain.edges().into_iter().filter(|edge| *edge > now);
                if let Some(edge) = ahead.min() {
                    self.world.clock.set(edge.plus_seconds(seconds));
                }
            }
            Made::Ask(by, task) => {
                let told = format!("{by:?} asked for {task:?}");
                self.ask(by, *task, a_move.twice).await?;
                let holds = self.hold();
                return holds
                    .map_err(|error| TestCaseError::fail(format!("{error}: after {told}")));
            }
            Made::Nothing => return Ok(()),
        }
        self.hold()
    }

    /// Checks what must hold at any moment.
    fn hold(&self) -> Result<(), TestCaseError> {
        let (model, now) = (self.world.app.models().current(), self.now());
        self.plain.agrees_with(&model, now)?;
        invariants::hold(&model, &self.plain)
    }

    /// Somebody asks for something; the model says beforehand what must come of it.
    async fn ask(&mut self, by: Principal, task: Task, twice: bool) -> Result<(), TestCaseError> {
        let reasons = self.plain.verdict(by, &task, self.now());
        let expected = reasons.expected();
        let call = self.world.call(by);
        let before = self.world.store.head();
        let outcome = task.clone().carry_out(&self.world.app, &call).await;
        let told = format!("{by:?} asked for {task:?}");
        match outcome {
            Ok(outcome) => {
                prop_assert!(expected.is_empty(), "accepted in spite of {reasons:?}: {told}");
                self.accepted(by, &task, &outcome).await?;
                if twice {
                    self.again(&task, &call, &outcome).await?;
                }
            }
            Err(CommandError::Rejected(rejection)) => {
                let code = rejection.code();
                let reason = format!("refused with {code}, expected {reasons:?}: {told}");
                prop_assert!(expected.contains(code), "{}", reason);
                prop_assert_eq!(self.world.store.head(), before, "a refusal recorded something");
                Tally::count(&mut self.tally.refused, code);
            }
            Err(error) => return Err(TestCaseError::fail(format!("{error}: {told}"))),
        }
        Ok(())
    }

    /// Carries out what begins a history.
    pub(crate) async fn set_up(&mut self, by: Principal, task: Task) -> Result<(), TestCaseError> {
        self.ask(by, task, false).await
    }

    async fn accepted(
        &mut self,
        by: Principal,
        task: &Task,
        outcome: &Outcome,
    ) -> Result<(), TestCaseError> {
        prop_assert!(!outcome.replayed);
        prop_assert_eq!(outcome.position, self.world.store.head());
        let model = self.world.app.models().wait_for(outcome.position, CATCH_UP).await;
        let Ok(model) = model else {
            // A rebuild meets the same event and says what it contradicts.
            let rebuilt =
                rebuild(&*self.world.store, None).await.err().map(|error| error_chain(&error));
            let why =
                format!("the read model does not follow: {rebuilt:?}: {by:?} asked for {task:?}");
            return Err(TestCaseError::fail(why));
        };
        if let Task::Customer(customer, _) = task {
            invariants::new_seats_are_active(&outcome.events, &model, *customer)?;
        }
        self.seen.push(model);
        for event in &outcome.events {
            Tally::count(&mut self.tally.events, event.name().to_owned());
        }
        if !outcome.events.is_empty() {
            for command in task.commands() {
                Tally::count(&mut self.tally.accepted, command);
            }
        }
        let now = self.now();
        self.plain.did(by, task, now);
        Ok(())
    }

    /// The same request once more, and another one under its id: neither changes anything.
    async fn again(&self, task: &Task, call: &Call, first: &Outcome) -> Result<(), TestCaseError> {
        let head = self.world.store.head();
        if first.events.is_empty() {
            return Ok(());
        }
        let app = &self.world.app;
        let second = task.clone().carry_out(app, call).await;
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
        let refused = task.clone().carry_out(app, &other).await;
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
}

/// An error with everything that caused it.
fn error_chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

fn same(one: &ReadModel, other: &ReadModel) -> Result<(), TestCaseError> {
    prop_assert_eq!(one.differences(other), Vec::<&str>::new());
    Ok(())
}
