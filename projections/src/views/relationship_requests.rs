//! Which companies were asked for a relationship, and what became of each request?

use std::sync::Arc;

use events::{
    CustomerEvent, CustomerId, Event, InvitationId, PartnerId, RecordedEvent,
    RelationshipRequestEvent, RelationshipRequested, Timestamp,
};
use imbl::{OrdMap, OrdSet};

use crate::{
    keys::{Id, customer_of},
    personal_handle::{PersonalField, PersonalHandle},
    view::{Contradiction, View},
    views::letter_state::LetterState,
};

/// A partner's request for a relationship with a company.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RelationshipRequestRow {
    /// The invitation whose link answers it.
    pub invitation: InvitationId,
    /// The stream it stands in: that of the customer it addresses, else one of its own.
    pub stream: CustomerId,
    /// The partner who asked.
    pub partner: PartnerId,
    /// The customer it addresses; `None` lets any company answer.
    pub addressed_to: Option<CustomerId>,
    /// Whether the partner asks to administer on the company's behalf.
    pub delegated_admin: bool,
    /// It can be answered strictly before this moment.
    pub expires_at: Timestamp,
    /// The e-mail.
    pub draft: PersonalHandle,
    /// When the partner asked.
    pub requested_at: Timestamp,
    /// What became of it.
    pub state: RelationshipRequestState,
    /// How far the sending of its e-mail has come.
    pub letter: LetterState,
}

/// What became of a request for a relationship.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RelationshipRequestState {
    /// Nobody has answered.
    Requested,
    /// A company accepted.
    Accepted {
        /// Which.
        customer: CustomerId,
        /// When.
        at: Timestamp,
    },
    /// A company said no.
    Declined {
        /// Which.
        customer: CustomerId,
        /// When.
        at: Timestamp,
    },
    /// The partner took it back.
    Withdrawn {
        /// When.
        at: Timestamp,
    },
    /// Nobody answered in time, and that was noted.
    Expired {
        /// When it was noted.
        at: Timestamp,
    },
}

impl RelationshipRequestRow {
    /// Whether it can be answered at this moment, whether or not its expiry was noted.
    #[must_use]
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.state == RelationshipRequestState::Requested && at < self.expires_at
    }

    /// What became of it by this moment, in a word: an open request whose time is over is expired.
    #[must_use]
    pub fn status(&self, at: Timestamp) -> &'static str {
        match self.state {
            RelationshipRequestState::Requested if at < self.expires_at => "requested",
            RelationshipRequestState::Requested | RelationshipRequestState::Expired { .. } => {
                "expired"
            }
            RelationshipRequestState::Accepted { .. } => "accepted",
            RelationshipRequestState::Declined { .. } => "declined",
            RelationshipRequestState::Withdrawn { .. } => "withdrawn",
        }
    }

    /// Since when it is as it is at this moment.
    #[must_use]
    pub fn since(&self, at: Timestamp) -> Timestamp {
        match self.state {
            RelationshipRequestState::Requested if at < self.expires_at => self.requested_at,
            RelationshipRequestState::Requested | RelationshipRequestState::Expired { .. } => {
                self.expires_at
            }
            RelationshipRequestState::Accepted { at, .. }
            | RelationshipRequestState::Declined { at, .. }
            | RelationshipRequestState::Withdrawn { at } => at,
        }
    }
}

/// All requests for a relationship.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct RelationshipRequests {
    rows: OrdMap<InvitationId, Arc<RelationshipRequestRow>>,
    by_partner: OrdSet<(PartnerId, InvitationId)>,
    by_customer: OrdSet<(CustomerId, InvitationId)>,
}

impl RelationshipRequests {
    /// The request with this invitation.
    #[must_use]
    pub fn get(&self, id: InvitationId) -> Option<&RelationshipRequestRow> {
        self.rows.get(&id).map(|row| &**row)
    }

    /// Every request a partner ever made, newest first.
    pub fn of_partner(&self, partner: PartnerId) -> impl Iterator<Item = &RelationshipRequestRow> {
        self.by_partner
            .range((partner, InvitationId::MIN)..=(partner, InvitationId::MAX))
            .rev()
            .filter_map(|(_, id)| self.get(*id))
    }

    /// Every request that addresses a customer, newest first.
    pub fn addressed_to(
        &self,
        customer: CustomerId,
    ) -> impl Iterator<Item = &RelationshipRequestRow> {
        self.by_customer
            .range((customer, InvitationId::MIN)..=(customer, InvitationId::MAX))
            .rev()
            .filter_map(|(_, id)| self.get(*id))
    }

    fn request(
        &mut self,
        recorded: &RecordedEvent,
        event: &RelationshipRequested,
    ) -> Result<(), Contradiction> {
        let id = event.invitation_id;
        let row = RelationshipRequestRow {
            invitation: id,
            stream: customer_of(recorded),
            partner: event.partner_id,
            addressed_to: event.addressed_to,
            delegated_admin: event.delegated_admin,
            expires_at: event.expires_at,
            draft: PersonalHandle::new(recorded, PersonalField::RelationshipDraft, &event.draft),
            requested_at: recorded.metadata.occurred_at,
            state: RelationshipRequestState::Requested,
            letter: LetterState::Draft,
        };
        if self.rows.insert(id, Arc::new(row)).is_some() {
            return Err(Contradiction::duplicate(id));
        }
        self.by_partner.insert((event.partner_id, id));
        if let Some(customer) = event.addressed_to {
            self.by_customer.insert((customer, id));
        }
        Ok(())
    }

    /// Changes a request that nobody has answered.
    fn change(
        &mut self,
        id: InvitationId,
        change: impl FnOnce(&mut RelationshipRequestRow),
    ) -> Result<(), Contradiction> {
        let row = self.rows.get_mut(&id).ok_or_else(|| Contradiction::unknown(id))?;
        if row.state != RelationshipRequestState::Requested {
            return Err(Contradiction::wrong_state(id, "is not an open request"));
        }
        change(Arc::make_mut(row));
        Ok(())
    }

    fn answer(
        &mut self,
        id: InvitationId,
        state: RelationshipRequestState,
    ) -> Result<(), Contradiction> {
        self.change(id, |row| row.state = state)
    }

    /// A letter may go out after its request was answered.
    fn letter(&mut self, id: InvitationId, letter: LetterState) -> Result<(), Contradiction> {
        let row = self.rows.get_mut(&id).ok_or_else(|| Contradiction::unknown(id))?;
        Arc::make_mut(row).letter = letter;
        Ok(())
    }
}

impl View for RelationshipRequests {
    const NAME: &'static str = "relationship_requests";

    fn apply(&mut self, recorded: &RecordedEvent) -> Result<(), Contradiction> {
        let Event::Customer(CustomerEvent::Request(event)) = &recorded.event else {
            return Ok(());
        };
        let at = recorded.metadata.occurred_at;
        match event {
            RelationshipRequestEvent::RelationshipRequested(event) => self.request(recorded, event),
            RelationshipRequestEvent::RelationshipDraftEdited(event) => {
                let field = PersonalField::RelationshipDraft;
                let draft = PersonalHandle::new(recorded, field, &event.draft);
                self.change(event.invitation_id, |row| row.draft = draft)
            }
            RelationshipRequestEvent::RelationshipRequestAccepted(event) => {
                let customer = event.customer_id;
                let accepted = RelationshipRequestState::Accepted { customer, at };
                self.answer(event.invitation_id, accepted)
            }
            RelationshipRequestEvent::RelationshipRequestDeclined(event) => {
                let customer = event.customer_id;
                let declined = RelationshipRequestState::Declined { customer, at };
                self.answer(event.invitation_id, declined)
            }
            RelationshipRequestEvent::RelationshipRequestWithdrawn(event) => {
                self.answer(event.invitation_id, RelationshipRequestState::Withdrawn { at })
            }
            RelationshipRequestEvent::RelationshipRequestExpired(event) => {
                self.answer(event.invitation_id, RelationshipRequestState::Expired { at })
            }
            RelationshipRequestEvent::RelationshipLetterSendRequested(event) => {
                let asked = LetterState::UnderWay { next_at: at, failed: None };
                self.letter(event.invitation_id, asked)
            }
            RelationshipRequestEvent::RelationshipLetterSent(event) => {
                self.letter(event.invitation_id, LetterState::Sent { at, route: event.route })
            }
            RelationshipRequestEvent::RelationshipLetterSendFailed(event) => {
                let (attempt, reason) = (event.attempt, event.reason);
                let failed = LetterState::failed(attempt, reason, at, event.retry_at);
                self.letter(event.invitation_id, failed)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use events::{
        MailRoute, RelationshipLetterSendRequested, RelationshipLetterSent,
        RelationshipRequestAccepted, RelationshipRequestDeclined, RelationshipRequestExpired,
        RelationshipRequestWithdrawn,
    };

    use super::*;
    use crate::testing::{History, customer, invitation, partner, relationship_requested};

    const ASKING: u128 = 1;

    /// Invitation 1 addresses customer 1, invitation 2 any company.
    fn asked() -> History {
        let mut history = History::new();
        history.customer(1, "Contoso", 9);
        let expires_at = history.now.plus_hours(48);
        history
            .then(customer(1), relationship_requested(1, ASKING, Some(1), expires_at))
            .then(customer(7), relationship_requested(2, ASKING, None, expires_at));
        history
    }

    fn statuses(history: &History, at: Timestamp) -> Vec<&'static str> {
        let requests = history.model.relationship_requests();
        requests.of_partner(partner(ASKING)).map(|row| row.status(at)).collect()
    }

    #[test]
    fn requests_are_listed_for_who_asked_and_for_who_is_addressed() {
        let history = asked();
        let requests = history.model.relationship_requests();
        let ids = |rows: Vec<&RelationshipRequestRow>| {
            rows.iter().map(|row| row.invitation).collect::<Vec<_>>()
        };
        let own = requests.of_partner(partner(ASKING)).collect();
        assert_eq!(ids(own), [invitation(2), invitation(1)]);
        assert_eq!(ids(requests.addressed_to(customer(1)).collect()), [invitation(1)]);
        assert_eq!(ids(requests.of_partner(partner(9)).collect()), []);
        assert_eq!(requests.get(invitation(2)).unwrap().stream, customer(7));
    }

    #[test]
    fn a_request_is_open_until_its_moment_whether_or_not_the_expiry_was_noted() {
        let mut history = asked();
        let expires_at =
            history.model.relationship_requests().get(invitation(1)).unwrap().expires_at;
        assert_eq!(statuses(&history, history.now), ["requested", "requested"]);
        assert_eq!(statuses(&history, expires_at), ["expired", "expired"]);
        let expired = RelationshipRequestExpired {
            invitation_id: invitation(1),
            partner_id: partner(ASKING),
        };
        history.then(customer(1), expired);
        let row = history.model.relationship_requests().get(invitation(1)).unwrap();
        assert!(!row.is_open(history.now));
        assert_eq!((row.status(expires_at), row.since(expires_at)), ("expired", expires_at));
    }

    #[test]
    fn an_answer_stands_and_is_not_given_twice() {
        let mut history = asked();
        let (invitation_id, partner_id) = (invitation(1), partner(ASKING));
        let customer_id = customer(1);
        history.then(
            customer(1),
            RelationshipRequestAccepted { invitation_id, partner_id, customer_id },
        );
        history.then(
            customer(7),
            RelationshipRequestWithdrawn { invitation_id: invitation(2), partner_id },
        );
        assert_eq!(statuses(&history, history.now), ["withdrawn", "accepted"]);
        let declined = RelationshipRequestDeclined { invitation_id, partner_id, customer_id };
        assert!(history.refused(customer(1), declined).is_err());
    }

    #[test]
    fn a_letter_is_followed_also_after_its_request_was_answered() {
        let mut history = asked();
        let (invitation_id, partner_id) = (invitation(1), partner(ASKING));
        let letter = |history: &History| {
            history.model.relationship_requests().get(invitation(1)).unwrap().letter
        };
        assert_eq!(letter(&history), LetterState::Draft);
        let asked = RelationshipLetterSendRequested { invitation_id, partner_id };
        history.then(customer(1), asked);
        let next_at = history.now;
        assert_eq!(letter(&history), LetterState::UnderWay { next_at, failed: None });
        let customer_id = customer(1);
        history.then(
            customer(1),
            RelationshipRequestAccepted { invitation_id, partner_id, customer_id },
        );
        let (attempt, route) = (1, MailRoute::File);
        let sent = RelationshipLetterSent { invitation_id, partner_id, attempt, route };
        history.then(customer(1), sent);
        assert_eq!(letter(&history), LetterState::Sent { at: history.now, route });
    }
}
