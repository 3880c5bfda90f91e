//! Given–when–then: what happened, what is asked, what follows. The kit in which rules are tested.
//!
//! ```
//! use commands::{NameClaim, NameClaimCommand, Rejection, scenario::Scenario};
//! use events::{ClaimKind, Holder, NameClaimed};
//! use uuid::Uuid;
//!
//! let (ana, bea) = (Holder(Uuid::from_u128(1)), Holder(Uuid::from_u128(2)));
//! let kind = ClaimKind::PartnershipPair;
//! Scenario::<NameClaim>::given([NameClaimed { kind, holder: ana }])
//!     .when(NameClaimCommand::Claim { kind, holder: bea })
//!     .then_refused(Rejection::AlreadyPartners);
//! ```
//!
//! The steps cannot be taken out of order, and a failure reads as a story and points at the test.

use std::fmt::{Debug, Write as _};

use events::{Actor, CustomerId, Timestamp};

use crate::{
    catalogue::Catalogue,
    context::{ActivePartnership, Context, Facts, LeadFacts, PartnerFacts},
    decider::Decider,
    rejection::Rejection,
    service_request::Request,
};

/// A story so far: what happened, and in which circumstances the next command comes.
#[derive(Clone)]
pub struct Scenario<D: Decider> {
    history: Vec<D::Event>,
    state: D::State,
    now: Timestamp,
    actor: Actor,
    partners: Vec<PartnerFacts>,
    active_partnerships: Vec<ActivePartnership>,
    answering: Option<CustomerId>,
    lead: Option<LeadFacts>,
    service_requests: Vec<Request>,
    catalogue: Catalogue,
}

/// What came of a command.
pub struct Outcome<D: Decider> {
    scenario: Scenario<D>,
    command: String,
    result: Result<Vec<D::Event>, Rejection>,
}

impl<D> Scenario<D>
where
    D: Decider,
    D::Event: Debug + PartialEq,
    D::Command: Debug,
{
    /// A story in which nothing happened yet; the operator acts, at the beginning of 1970.
    #[must_use]
    pub fn new() -> Self {
        Self {
            history: Vec::new(),
            state: D::State::default(),
            now: Timestamp::EPOCH,
            actor: Actor::Operator,
            partners: Vec::new(),
            active_partnerships: Vec::new(),
            answering: None,
            lead: None,
            service_requests: Vec::new(),
            catalogue: Catalogue::default(),
        }
    }

    /// A story in which this happened.
    pub fn given<E: Into<D::Event>>(events: impl IntoIterator<Item = E>) -> Self {
        Self::new().and(events)
    }

    /// This happened as well.
    #[must_use]
    pub fn and<E: Into<D::Event>>(mut self, events: impl IntoIterator<Item = E>) -> Self {
        for event in events {
            self.happened(event.into());
        }
        self
    }

    /// A command was given and carried out, in the circumstances so far.
    ///
    /// # Panics
    /// When the command is refused.
    #[must_use]
    #[track_caller]
    pub fn after(self, command: impl Into<D::Command>) -> Self {
        let outcome = self.when(command);
        match outcome.result {
            Ok(events) => outcome.scenario.and(events),
            Err(ref rejection) => outcome.fail(&format!("events, not the refusal {rejection:?}")),
        }
    }

    /// This is the time from now on.
    #[must_use]
    pub fn at(mut self, now: Timestamp) -> Self {
        self.now = now;
        self
    }

    /// This is who acts from now on.
    #[must_use]
    pub fn by(mut self, actor: Actor) -> Self {
        self.actor = actor;
        self
    }

    /// This partner is known from elsewhere.
    #[must_use]
    pub fn with_partner(mut self, partner: PartnerFacts) -> Self {
        self.partners.push(partner);
        self
    }

    /// The actor is global admin of this customer from now on.
    #[must_use]
    pub fn answering_for(mut self, customer: CustomerId) -> Self {
        self.answering = Some(customer);
        self
    }

    /// This partnership is active.
    #[must_use]
    pub fn with_partnership(mut self, partnership: ActivePartnership) -> Self {
        self.active_partnerships.push(partnership);
        self
    }

    /// No partnership is active any more.
    #[must_use]
    pub fn without_partnerships(mut self) -> Self {
        self.active_partnerships.clear();
        self
    }

    /// This accepted lead is turned into a customer.
    #[must_use]
    pub fn with_lead(mut self, lead: LeadFacts) -> Self {
        self.lead = Some(lead);
        self
    }

    /// This service request is known, in place of what was known of it.
    #[must_use]
    pub fn with_service_request(mut self, request: Request) -> Self {
        self.service_requests.retain(|known| known.id != request.id);
        self.service_requests.push(request);
        self
    }

    /// This can be bought.
    #[must_use]
    pub fn with_catalogue(mut self, catalogue: Catalogue) -> Self {
        self.catalogue = catalogue;
        self
    }

    /// The state after all that happened.
    #[must_use]
    pub fn state(&self) -> &D::State {
        &self.state
    }

    /// A command is given.
    #[must_use]
    pub fn when(self, command: impl Into<D::Command>) -> Outcome<D> {
        let command = command.into();
        let facts = Facts {
            partners: self.partners.clone(),
            active_partnerships: self.active_partnerships.clone(),
            answering: self.answering,
            lead: self.lead,
            service_requests: self.service_requests.clone(),
            catalogue: &self.catalogue,
        };
        let context = Context { now: self.now, actor: self.actor, facts };
        let result = D::decide(&self.state, &command, &context);
        Outcome { command: format!("{command:?}"), result, scenario: self }
    }

    fn happened(&mut self, event: D::Event) {
        self.state = D::evolve(std::mem::take(&mut self.state), &event);
        self.history.push(event);
    }
}

impl<D> Default for Scenario<D>
where
    D: Decider,
    D::Event: Debug + PartialEq,
    D::Command: Debug,
{
    fn default() -> Self {
        Self::new()
    }
}

impl<D> Outcome<D>
where
    D: Decider,
    D::Event: Debug + PartialEq,
    D::Command: Debug,
{
    /// Exactly this happens; the story goes on after it.
    ///
    /// # Panics
    /// When something else happens, or the command is refused.
    #[track_caller]
    pub fn then<E: Into<D::Event>>(self, events: impl IntoIterator<Item = E>) -> Scenario<D> {
        let expected: Vec<D::Event> = events.into_iter().map(Into::into).collect();
        if self.result.as_ref() == Ok(&expected) {
            self.scenario.and(expected)
        } else {
            self.fail(&list(&expected))
        }
    }

    /// Nothing happens, because everything asked for is so already.
    ///
    /// # Panics
    /// When something happens, or the command is refused.
    #[track_caller]
    pub fn then_nothing(self) -> Scenario<D> {
        self.then(Vec::<D::Event>::new())
    }

    /// The command is refused for this reason.
    ///
    /// # Panics
    /// When something happens, or the reason is another.
    #[track_caller]
    #[expect(clippy::needless_pass_by_value, reason = "a refusal is written in place")]
    pub fn then_refused(self, rejection: Rejection) -> Scenario<D> {
        if self.result.as_ref() == Err(&rejection) {
            self.scenario
        } else {
            self.fail(&format!("  refused: {rejection:?}"))
        }
    }

    /// The command is refused for this reason of one concept.
    ///
    /// # Panics
    /// When something happens, or the reason is another.
    #[track_caller]
    pub fn then_refused_as(self, rejection: impl Into<Rejection>) -> Scenario<D> {
        self.then_refused(rejection.into())
    }

    #[track_caller]
    fn fail(&self, expected: &str) -> ! {
        let found = match &self.result {
            Ok(events) => list(events),
            Err(rejection) => format!("  refused: {rejection:?} ({rejection})"),
        };
        let Scenario { history, actor, now, .. } = &self.scenario;
        panic!(
            "given\n{}\nwhen {actor:?} at {now} asks\n  {}\nthen expected\n{expected}\nbut found\n\
             {found}\n(personal fields compare by content, which is not shown)",
            list(history),
            self.command,
        )
    }
}

fn list<E: Debug>(events: &[E]) -> String {
    if events.is_empty() {
        return "  nothing".to_owned();
    }
    let mut text = String::new();
    for event in events {
        let separator = if text.is_empty() { "" } else { "\n" };
        // Writing to a string cannot fail.
        let _ = write!(text, "{separator}  {event:?}");
    }
    text
}
