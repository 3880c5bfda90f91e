//! The shape of every decision: what is known, what is asked, what happened or why it is refused.

use crate::{context::Context, rejection::Rejection};

/// The one home of an aggregate's rules.
///
/// Both functions are pure: time, identity and facts from elsewhere arrive in the context, and a
/// state is nothing but the fold of the aggregate's events.
pub trait Decider {
    /// What the rules need to know about the past. Cloning is cheap, and no value in it is personal.
    type State: Default + Clone + Send + Sync;
    /// What can be asked.
    type Command;
    /// What can have happened.
    type Event: Clone + Into<events::Event>;

    /// Decides what happens: no event means that everything asked for is so already.
    ///
    /// # Errors
    /// When a rule forbids it; nothing happens then.
    fn decide(
        state: &Self::State,
        command: &Self::Command,
        context: &Context<'_>,
    ) -> Result<Vec<Self::Event>, Rejection>;

    /// Takes what happened into the state. Never fails: what is recorded is true.
    fn evolve(state: Self::State, event: &Self::Event) -> Self::State;

    /// The event as one of this aggregate's, `None` when it belongs to another.
    fn own(event: &events::Event) -> Option<&Self::Event>;

    /// Takes several events into the state, in order.
    fn fold<'a>(
        state: Self::State,
        events: impl IntoIterator<Item = &'a Self::Event>,
    ) -> Self::State
    where
        Self::Event: 'a,
    {
        events.into_iter().fold(state, Self::evolve)
    }
}
