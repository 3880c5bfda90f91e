//! Requests for partnerships and relationships: their letters go out, and they expire when nobody
//! answers them.

use events::{
    CustomerId, InvitationId, PartnershipEvent, PartnershipId, RecordedEvent,
    RelationshipRequestEvent, Timestamp,
};

use super::{Deadlines, Due};

impl Deadlines {
    pub(super) fn partnership_request(
        &mut self,
        recorded: &RecordedEvent,
        partnership: PartnershipId,
        event: &PartnershipEvent,
    ) {
        let expire = Due::ExpireInvitation { partnership };
        let send = Due::SendInvitation { partnership };
        match event {
            PartnershipEvent::PartnershipRequested(event) => self.open(expire, event.expires_at),
            PartnershipEvent::PartnershipAccepted(_)
            | PartnershipEvent::PartnershipDeclined(_)
            | PartnershipEvent::PartnershipWithdrawn(_)
            | PartnershipEvent::InvitationExpired(_) => {
                self.settle(expire);
                self.settle(send);
            }
            PartnershipEvent::InvitationSendRequested(_) => {
                self.open(send, recorded.metadata.occurred_at);
            }
            PartnershipEvent::InvitationSent(_) => self.settle(send),
            PartnershipEvent::InvitationSendFailed(event) => {
                self.letter_failed(send, event.retry_at);
            }
            PartnershipEvent::InvitationEdited(_) | PartnershipEvent::PartnershipEnded(_) => {}
        }
    }

    pub(super) fn relationship_request(
        &mut self,
        recorded: &RecordedEvent,
        stream: CustomerId,
        event: &RelationshipRequestEvent,
    ) {
        let expire = |invitation| Due::ExpireRelationshipRequest { stream, invitation };
        let send = |invitation| Due::SendRelationshipLetter { stream, invitation };
        match event {
            RelationshipRequestEvent::RelationshipRequested(event) => {
                self.open(expire(event.invitation_id), event.expires_at);
            }
            RelationshipRequestEvent::RelationshipRequestAccepted(event) => {
                self.request_over(stream, event.invitation_id);
            }
            RelationshipRequestEvent::RelationshipRequestDeclined(event) => {
                self.request_over(stream, event.invitation_id);
            }
            RelationshipRequestEvent::RelationshipRequestWithdrawn(event) => {
                self.request_over(stream, event.invitation_id);
            }
            RelationshipRequestEvent::RelationshipRequestExpired(event) => {
                self.request_over(stream, event.invitation_id);
            }
            RelationshipRequestEvent::RelationshipLetterSendRequested(event) => {
                self.open(send(event.invitation_id), recorded.metadata.occurred_at);
            }
            RelationshipRequestEvent::RelationshipLetterSent(event) => {
                self.settle(send(event.invitation_id));
            }
            RelationshipRequestEvent::RelationshipLetterSendFailed(event) => {
                self.letter_failed(send(event.invitation_id), event.retry_at);
            }
            RelationshipRequestEvent::RelationshipDraftEdited(_) => {}
        }
    }

    /// Nobody waits for an answer any more, and nobody is to be asked for one.
    fn request_over(&mut self, stream: CustomerId, invitation: InvitationId) {
        self.settle(Due::ExpireRelationshipRequest { stream, invitation });
        self.settle(Due::SendRelationshipLetter { stream, invitation });
    }

    /// A letter did not go out. An attempt may end after the request was answered: then no other is
    /// made.
    fn letter_failed(&mut self, send: Due, retry_at: Option<Timestamp>) {
        match retry_at {
            Some(at) if self.at.contains_key(&send) => self.open(send, at),
            Some(_) | None => self.settle(send),
        }
    }
}

#[cfg(test)]
mod tests {
    use events::{
        InvitationExpired, InvitationSendFailed, InvitationSendRequested, InvitationSent,
        MailFailure, MailRoute, PartnershipWithdrawn, Process, RelationshipRequestWithdrawn,
    };

    use super::*;
    use crate::testing::{
        History, customer, invitation, partner, partnership, partnership_requested,
        relationship_requested,
    };

    const EXPIRE: Due = Due::ExpireInvitation { partnership: partnership(1) };
    const SEND: Due = Due::SendInvitation { partnership: partnership(1) };

    fn asked_to_send() -> History {
        let mut history = History::new();
        let expires_at = Timestamp::EPOCH.plus_hours(24);
        history.then(partnership(1), partnership_requested(1, 1, expires_at));
        let (provider, invitation_id) = (partner(1), invitation(1));
        history.then(partnership(1), InvitationSendRequested { provider, invitation_id });
        history
    }

    fn failed(attempt: u32, retry_at: Option<Timestamp>) -> InvitationSendFailed {
        let (provider, invitation_id) = (partner(1), invitation(1));
        let reason = MailFailure::Deferred;
        InvitationSendFailed { provider, invitation_id, attempt, reason, retry_at }
    }

    #[test]
    fn a_request_for_a_relationship_expires_unless_it_is_answered_before() {
        let mut history = History::new();
        let expires_at = history.now.plus_hours(48);
        let expire = |number| Due::ExpireRelationshipRequest {
            stream: customer(number),
            invitation: invitation(number),
        };
        for number in [1, 2] {
            history.then(customer(number), relationship_requested(number, 1, None, expires_at));
            assert_eq!(history.model.deadlines().at(expire(number)), Some(expires_at));
        }
        let (invitation_id, partner_id) = (invitation(1), partner(1));
        history.then(customer(1), RelationshipRequestWithdrawn { invitation_id, partner_id });
        assert_eq!(history.model.deadlines().at(expire(1)), None);
        let next = history.model.deadlines().next(Process::Expiry).unwrap();
        assert_eq!((next.at, next.due), (expires_at, expire(2)));
    }

    #[test]
    fn a_letter_is_due_when_it_is_asked_for_and_again_when_it_is_to_be_retried() {
        let mut history = asked_to_send();
        assert_eq!(history.model.deadlines().at(SEND), Some(history.now));
        let later = history.now.plus_hours(1);
        history.then(partnership(1), failed(1, Some(later)));
        assert_eq!(history.model.deadlines().at(SEND), Some(later));
        assert_eq!(history.model.deadlines().waiting(Process::Mail), 1);
        history.then(partnership(1), failed(2, None));
        assert_eq!(history.model.deadlines().at(SEND), None);
    }

    #[test]
    fn a_letter_that_went_out_is_due_no_more_while_its_link_still_expires() {
        let mut history = asked_to_send();
        let (provider, invitation_id) = (partner(1), invitation(1));
        let sent = InvitationSent { provider, invitation_id, attempt: 1, route: MailRoute::File };
        history.then(partnership(1), sent);
        assert_eq!(history.model.deadlines().at(SEND), None);
        let expired_at = Timestamp::EPOCH.plus_hours(24);
        assert_eq!(history.model.deadlines().at(EXPIRE), Some(expired_at));
        history.then(partnership(1), InvitationExpired { provider, invitation_id, expired_at });
        assert_eq!(*history.model.deadlines(), Deadlines::default());
    }

    #[test]
    fn the_letter_of_a_request_that_is_over_is_not_tried_again() {
        let mut history = asked_to_send();
        history.then(partnership(1), PartnershipWithdrawn { provider: partner(1) });
        let later = history.now.plus_hours(1);
        history.then(partnership(1), failed(1, Some(later)));
        assert_eq!(*history.model.deadlines(), Deadlines::default());
    }
}
