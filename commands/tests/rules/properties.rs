//! What holds after any sequence of commands, whoever gives them.

mod customer;
mod partner;

use std::fmt::Debug;

use commands::{ActivePartnership, Catalogue, Context, Decider, Facts, Rejection};
use events::{Actor, Event, KeyId, Sealed, SealedAlgorithm, Sealer, SubjectId, Timestamp};

use crate::samples::catalogue;

/// A command with its circumstances.
#[derive(Clone, Debug)]
struct Step<C> {
    /// How many hours pass before it.
    hours: i64,
    actor: Actor,
    command: C,
}

/// A run of commands: what happened so far and the state that follows.
struct Run<D: Decider> {
    history: Vec<D::Event>,
    state: D::State,
    now: Timestamp,
    catalogue: Catalogue,
    partnerships: Vec<ActivePartnership>,
}

impl<D> Run<D>
where
    D: Decider,
    D::State: PartialEq + Debug,
    D::Event: Debug + PartialEq,
{
    fn new(partnerships: Vec<ActivePartnership>) -> Self {
        Self {
            history: Vec::new(),
            state: D::State::default(),
            now: Timestamp::EPOCH,
            catalogue: catalogue(),
            partnerships,
        }
    }

    /// Takes a step; deciding is repeatable and leaves the state alone.
    fn step(&mut self, step: &Step<D::Command>) -> Result<Vec<D::Event>, Rejection> {
        self.now = self.now.plus_hours(step.hours);
        let facts =
            Facts { active_partnerships: self.partnerships.clone(), ..Facts::new(&self.catalogue) };
        let context = Context { now: self.now, actor: step.actor, facts };
        let before = self.state.clone();
        let decided = D::decide(&self.state, &step.command, &context);
        assert_eq!(decided, D::decide(&before, &step.command, &context));
        let events = decided?;
        self.state = D::fold(before, &events);
        self.history.extend(events.iter().cloned());
        Ok(events)
    }

    /// The state is nothing but the fold of the events, as they were decided and as they are stored.
    fn assert_state_is_the_fold(&self) {
        assert_eq!(D::fold(D::State::default(), &self.history), self.state);
        let mut stored = D::State::default();
        for event in &self.history {
            let mut event: Event = event.clone().into();
            event.seal(&mut BlankSealer).unwrap();
            let event = Event::decode(
                event.type_id(),
                event.schema_version(),
                &event.encode_body().unwrap(),
            )
            .unwrap();
            stored = D::evolve(stored, D::own(&event).unwrap());
        }
        assert_eq!(stored, self.state);
    }
}

/// Seals by forgetting: whatever a fold does with a sealed field, it cannot read it.
struct BlankSealer;

impl Sealer for BlankSealer {
    type Error = events::EncodeError;

    fn seal(&mut self, _subject: SubjectId, _plaintext: &[u8]) -> Result<Sealed, Self::Error> {
        Ok(Sealed {
            algorithm: SealedAlgorithm::XChaCha20Poly1305Committed,
            key_id: KeyId(1),
            nonce: [0; 24],
            commitment: [0; 32],
            ciphertext: Vec::new(),
        })
    }
}
