//! What happens by itself, and when?
//!
//! Everything that a process of partnerlog will do without being asked stands here from the event on
//! that makes it due until the event that settles it. The list is a fold like every view: what is
//! still to be done follows from the log alone, so that nothing is forgotten and nothing is done
//! again, whatever is restarted or built anew. Who acts on it are the process managers of `services`.
//!
//! A new kind of thing gets a variant of [`Due`], its [`Due::process`], and the events that open and
//! settle it in [`Deadlines::apply`].

use std::{collections::BTreeSet, ops::Bound};

use events::{
    CartEvent, CartId, CustomerEvent, CustomerId, CustomerUserEvent, CustomerUserId, Event,
    InvitationId, PartnerEvent, PartnerId, PartnerUserEvent, PartnerUserId, PartnershipEvent,
    PartnershipId, Process, RecordedEvent, RelationshipEvent, RelationshipRequestEvent,
    SupportContactEvent, Timestamp,
};
use imbl::{OrdMap, OrdSet};

use crate::{
    keys::{Id, customer_of, partner_of, partnership_of},
    view::{Contradiction, View},
    views::support_contacts::SupportContacts,
};

/// Something that a process does at a moment.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Due {
    /// Erase a deleted user of a customer.
    PurgeCustomerUser {
        /// The customer.
        customer: CustomerId,
        /// The user.
        user: CustomerUserId,
    },
    /// Erase a deleted user of a partner.
    PurgePartnerUser {
        /// The partner.
        partner: PartnerId,
        /// The user.
        user: PartnerUserId,
    },
    /// Record that nobody answered a request for a partnership in time.
    ExpireInvitation {
        /// The partnership that was asked for.
        partnership: PartnershipId,
    },
    /// Record that nobody answered a request for a relationship in time.
    ExpireRelationshipRequest {
        /// The stream it stands in.
        stream: CustomerId,
        /// The request.
        invitation: InvitationId,
    },
    /// Close a cart that was forgotten.
    ExpireCart {
        /// The customer.
        customer: CustomerId,
        /// The cart.
        cart: CartId,
    },
    /// Put the support contacts back that a reseller was whose partnership has ended, and end its
    /// association with the customer.
    FallBackSupportContacts {
        /// The customer.
        customer: CustomerId,
        /// The seller.
        provider: PartnerId,
        /// The reseller.
        reseller: PartnerId,
    },
    /// Send the e-mail of a request for a relationship.
    SendRelationshipLetter {
        /// The stream the request stands in.
        stream: CustomerId,
        /// The request.
        invitation: InvitationId,
    },
    /// Send the e-mail of a request for a partnership.
    SendInvitation {
        /// The partnership that is asked for.
        partnership: PartnershipId,
    },
}

impl Due {
    /// Whose work it is.
    #[must_use]
    pub const fn process(self) -> Process {
        match self {
            Self::PurgeCustomerUser { .. } | Self::PurgePartnerUser { .. } => Process::Purge,
            Self::ExpireInvitation { .. }
            | Self::ExpireRelationshipRequest { .. }
            | Self::ExpireCart { .. } => Process::Expiry,
            Self::FallBackSupportContacts { .. } => Process::SupportContacts,
            Self::SendInvitation { .. } | Self::SendRelationshipLetter { .. } => Process::Mail,
        }
    }
}

/// Something that a process does, and from when on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Deadline {
    /// From when on.
    pub at: Timestamp,
    /// What.
    pub due: Due,
}

/// Everything that processes have still to do, each process in the order of time.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Deadlines {
    at: OrdMap<Due, Timestamp>,
    /// A process with nothing to do has no entry.
    queues: OrdMap<Process, OrdSet<Deadline>>,
    /// Whose support contacts fall back when a partnership ends.
    contacts: SupportContacts,
    /// Which associations end with a partnership: provider, reseller, customer.
    associated: OrdSet<(PartnerId, PartnerId, CustomerId)>,
}

impl Deadlines {
    /// Up to `limit` things that the process has to do by now, longest due first; only those after a
    /// given one.
    #[must_use]
    pub fn due(
        &self,
        process: Process,
        now: Timestamp,
        after: Option<Deadline>,
        limit: usize,
    ) -> Vec<Deadline> {
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        let queue = self.queues.get(&process).into_iter();
        let rest = queue.flat_map(move |queue| queue.range((start, Bound::Unbounded)));
        rest.take_while(|deadline| deadline.at <= now).take(limit).copied().collect()
    }

    /// The next thing that the process has to do, now or later.
    #[must_use]
    pub fn next(&self, process: Process) -> Option<Deadline> {
        self.queues.get(&process)?.get_min().copied()
    }

    /// How many things wait for the process, now or later.
    #[must_use]
    pub fn waiting(&self, process: Process) -> usize {
        self.queues.get(&process).map_or(0, OrdSet::len)
    }

    /// From when on something is due, if it still is.
    #[must_use]
    pub fn at(&self, due: Due) -> Option<Timestamp> {
        self.at.get(&due).copied()
    }

    /// Something becomes due, or due at another moment.
    fn open(&mut self, due: Due, at: Timestamp) {
        if let Some(earlier) = self.at.insert(due, at) {
            self.leave(Deadline { at: earlier, due });
        }
        self.queues.entry(due.process()).or_default().insert(Deadline { at, due });
    }

    /// Something is done, or need not be done any more.
    fn settle(&mut self, due: Due) {
        if let Some(at) = self.at.remove(&due) {
            self.leave(Deadline { at, due });
        }
    }

    fn leave(&mut self, deadline: Deadline) {
        let process = deadline.due.process();
        let Some(queue) = self.queues.get_mut(&process) else { return };
        queue.remove(&deadline);
        if queue.is_empty() {
            self.queues.remove(&process);
        }
    }

    fn partner(&mut self, recorded: &RecordedEvent, event: &PartnerEvent) {
        let partner = partner_of(recorded);
        let purge = |user| Due::PurgePartnerUser { partner, user };
        match event {
            PartnerEvent::User(event) => match event {
                PartnerUserEvent::PartnerUserDeleted(event) => {
                    self.open(purge(event.user_id), event.restorable_until);
                }
                PartnerUserEvent::PartnerUserRestored(event) => self.settle(purge(event.user_id)),
                PartnerUserEvent::PartnerUserPurged(event) => self.settle(purge(event.user_id)),
                PartnerUserEvent::PartnerUserAdded(_)
                | PartnerUserEvent::PartnerUserEdited(_)
                | PartnerUserEvent::PartnerUserPasswordReset(_) => {}
            },
            PartnerEvent::Account(_)
            | PartnerEvent::Role(_)
            | PartnerEvent::SignIn(_)
            | PartnerEvent::Elevation(_)
            | PartnerEvent::Profile(_)
            | PartnerEvent::PublicProfile(_)
            | PartnerEvent::Application(_)
            | PartnerEvent::Network(_)
            | PartnerEvent::Webhook(_) => {}
        }
    }

    fn partnership(&mut self, recorded: &RecordedEvent, event: &PartnershipEvent) {
        let partnership = partnership_of(recorded);
        let expire = Due::ExpireInvitation { partnership };
        let send = Due::SendInvitation { partnership };
        match event {
            PartnershipEvent::PartnershipRequested(event) => self.open(expire, event.expires_at),
            // What ended with an earlier partnership of the two ends all the same.
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
            PartnershipEvent::PartnershipEnded(event) => {
                let at = recorded.metadata.occurred_at;
                self.fall_back(event.provider, event.reseller, at);
            }
            PartnershipEvent::InvitationEdited(_) => {}
        }
    }

    /// Every customer with such a contact or association is due for its end.
    fn fall_back(&mut self, provider: PartnerId, reseller: PartnerId, at: Timestamp) {
        for customer in self.customers_bound_to(provider, reseller) {
            self.open(Due::FallBackSupportContacts { customer, provider, reseller }, at);
        }
    }

    /// The customers of which the reseller is a contact, or with which it is associated.
    fn customers_bound_to(&self, provider: PartnerId, reseller: PartnerId) -> BTreeSet<CustomerId> {
        let contacts = self.contacts.of_contact(provider, reseller);
        let first = (provider, reseller, CustomerId::MIN);
        let associated = self.associated.range(first..=(provider, reseller, CustomerId::MAX));
        let associated = associated.map(|(_, _, customer)| *customer);
        contacts.map(|(customer, _)| customer).chain(associated).collect()
    }

    /// A reseller is a contact no more, or not associated any more; when nothing else binds it to the
    /// customer, nothing is left to do there.
    fn reseller_left(&mut self, customer: CustomerId, provider: PartnerId, reseller: PartnerId) {
        if !self.customers_bound_to(provider, reseller).contains(&customer) {
            self.settle(Due::FallBackSupportContacts { customer, provider, reseller });
        }
    }

    fn customer(&mut self, recorded: &RecordedEvent, event: &CustomerEvent) {
        let customer = customer_of(recorded);
        let purge = |user| Due::PurgeCustomerUser { customer, user };
        let expire_cart = |cart| Due::ExpireCart { customer, cart };
        match event {
            CustomerEvent::Request(event) => self.request(recorded, customer, event),
            CustomerEvent::Cart(event) => match event {
                CartEvent::CartOpened(event) => {
                    self.open(expire_cart(event.cart_id), event.expires_at);
                }
                CartEvent::CartChanged(event) => {
                    self.open(expire_cart(event.cart_id), event.expires_at);
                }
                CartEvent::CartCheckedOut(event) => self.settle(expire_cart(event.cart_id)),
                CartEvent::CartCancelled(event) => self.settle(expire_cart(event.cart_id)),
                CartEvent::CartExpired(event) => self.settle(expire_cart(event.cart_id)),
                CartEvent::CartReviewed(_) => {}
            },
            CustomerEvent::SupportContact(event) => match event {
                SupportContactEvent::SupportContactChanged(event) => {
                    self.reseller_left(customer, event.seller, event.old);
                }
                SupportContactEvent::SupportContactFellBack(event) => {
                    self.reseller_left(customer, event.new, event.old);
                }
            },
            CustomerEvent::User(event) => match event {
                CustomerUserEvent::CustomerUserDeleted(event) => {
                    self.open(purge(event.user_id), event.restorable_until);
                }
                CustomerUserEvent::CustomerUserRestored(event) => self.settle(purge(event.user_id)),
                CustomerUserEvent::CustomerUserPurged(event) => self.settle(purge(event.user_id)),
                CustomerUserEvent::CustomerUserCreated(_)
                | CustomerUserEvent::CustomerUserEdited(_)
                | CustomerUserEvent::CustomerUserPasswordReset(_) => {}
            },
            CustomerEvent::Relationship(event) => self.relationship(customer, event),
            CustomerEvent::Account(_)
            | CustomerEvent::Order(_)
            | CustomerEvent::Subscription(_)
            | CustomerEvent::License(_)
            | CustomerEvent::DirectoryRole(_)
            | CustomerEvent::SignIn(_)
            | CustomerEvent::Device(_)
            | CustomerEvent::Agreement(_) => {}
        }
    }
}

/// Requests for relationships.
impl Deadlines {
    fn request(
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

/// Associations of resellers.
impl Deadlines {
    fn relationship(&mut self, customer: CustomerId, event: &RelationshipEvent) {
        match event {
            RelationshipEvent::ResellerAssociated(event) => {
                self.associated.insert((event.provider, event.reseller, customer));
            }
            RelationshipEvent::ResellerRemoved(event) => {
                self.associated.remove(&(event.provider, event.reseller, customer));
                self.reseller_left(customer, event.provider, event.reseller);
            }
            RelationshipEvent::RelationshipEstablished(_)
            | RelationshipEvent::RelationshipEnded(_)
            | RelationshipEvent::DelegatedAdminGranted(_)
            | RelationshipEvent::DelegatedAdminEnded(_)
            | RelationshipEvent::OwnPurchasesPermitted(_)
            | RelationshipEvent::OwnPurchasesForbidden(_) => {}
        }
    }
}

impl View for Deadlines {
    const NAME: &'static str = "deadlines";

    fn apply(&mut self, recorded: &RecordedEvent) -> Result<(), Contradiction> {
        self.contacts.apply(recorded)?;
        match &recorded.event {
            Event::Partner(event) => self.partner(recorded, event),
            Event::Partnership(event) => self.partnership(recorded, event),
            Event::Customer(event) => self.customer(recorded, event),
            Event::NameClaim(_)
            | Event::Installation(_)
            | Event::Lead(_)
            | Event::ServiceRequest(_) => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use events::{
        CartCancelled, CustomerUserPurged, FallbackCause, InvitationExpired, InvitationSendFailed,
        InvitationSendRequested, InvitationSent, LicenseFate, MailFailure, MailRoute,
        PartnershipWithdrawn, RelationshipRequestWithdrawn, ResellerAssociated, ResellerRemoved,
        SupportContactChanged, SupportContactFellBack,
    };

    use super::*;
    use crate::testing::{
        History, RESTORE_WINDOW_HOURS, cart, cart_opened, customer, invitation, partner,
        partnership, partnership_requested, relationship_requested, subscription, user,
    };

    const EXPIRE: Due = Due::ExpireInvitation { partnership: partnership(1) };
    const SEND: Due = Due::SendInvitation { partnership: partnership(1) };

    fn purge(number: u128) -> Due {
        Due::PurgeCustomerUser { customer: customer(1), user: user(number) }
    }

    fn two_deleted_users() -> History {
        let mut history = History::new();
        history.customer(1, "Contoso", 9).user(1, 1).user(1, 2).delete(1, 1, &[]).delete(1, 2, &[]);
        history
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
    fn a_deleted_user_is_due_from_the_end_of_its_window_on_longest_due_first() {
        let history = two_deleted_users();
        let deadlines = history.model.deadlines();
        let end = history.now.plus_hours(RESTORE_WINDOW_HOURS);
        let due = |at, after, limit| -> Vec<Due> {
            let due = deadlines.due(Process::Purge, at, after, limit);
            due.into_iter().map(|deadline| deadline.due).collect()
        };
        assert_eq!(due(end.plus_seconds(-1), None, 10), [purge(1)]);
        assert_eq!(due(end, None, 10), [purge(1), purge(2)]);
        assert_eq!(due(end, None, 1), [purge(1)]);
        let first = deadlines.next(Process::Purge).unwrap();
        assert_eq!((first.at, first.due), (end.plus_seconds(-60), purge(1)));
        assert_eq!(due(end, Some(first), 10), [purge(2)]);
        assert_eq!(deadlines.waiting(Process::Purge), 2);
        assert_eq!(deadlines.next(Process::Mail), None, "one process has no say in another's work");
    }

    #[test]
    fn restored_and_purged_users_are_due_no_more() {
        let mut history = two_deleted_users();
        history.restore(1, 1, &[(5, LicenseFate::NoSeat)]);
        assert_eq!(history.model.deadlines().at(purge(1)), None);
        history.then(customer(1), CustomerUserPurged { user_id: user(2) });
        assert_eq!(*history.model.deadlines(), Deadlines::default());
    }

    #[test]
    fn a_forgotten_cart_is_due_from_its_end_on_and_an_ordered_one_is_not() {
        let mut history = History::new();
        let end = Timestamp::EPOCH.plus_hours(1);
        let expire = Due::ExpireCart { customer: customer(1), cart: cart(1) };
        history.customer(1, "Contoso", 9).then(customer(1), cart_opened(1, 9, end));
        assert_eq!(history.model.deadlines().at(expire), Some(end));
        history.then(customer(1), CartCancelled { cart_id: cart(1) });
        assert_eq!(history.model.deadlines().at(expire), None);
    }

    #[test]
    fn support_contacts_are_due_when_the_partnership_ends_until_they_fell_back() {
        let fall_back = Due::FallBackSupportContacts {
            customer: customer(1),
            provider: partner(9),
            reseller: partner(2),
        };
        let mut history = History::new();
        history.customer(1, "Contoso", 9).subscribe(1, 1, 5, 3, 9).partnership(1, 9, 2);
        let (subscription_id, old, new) = (subscription(1), partner(9), partner(2));
        let changed = SupportContactChanged { subscription_id, seller: old, old, new };
        history.then(customer(1), changed);
        assert_eq!(history.model.deadlines().at(fall_back), None);
        history.end_partnership(1, 9, 2);
        assert_eq!(history.model.deadlines().at(fall_back), Some(history.now));
        let cause = FallbackCause::PartnershipEnded;
        let back = SupportContactFellBack { subscription_id, old: new, new: old, cause };
        history.then(customer(1), back);
        assert_eq!(history.model.deadlines().at(fall_back), None);
    }

    #[test]
    fn an_association_is_due_when_the_partnership_ends_also_when_the_two_are_partners_again() {
        let fall_back = Due::FallBackSupportContacts {
            customer: customer(1),
            provider: partner(9),
            reseller: partner(2),
        };
        let mut history = History::new();
        history.customer(1, "Contoso", 9).partnership(1, 9, 2);
        let (provider, reseller) = (partner(9), partner(2));
        history.then(customer(1), ResellerAssociated { provider, reseller });
        assert_eq!(history.model.deadlines().at(fall_back), None);
        history.end_partnership(1, 9, 2);
        let ended_at = history.now;
        history.partnership(2, 9, 2);
        assert_eq!(history.model.deadlines().at(fall_back), Some(ended_at));
        history.then(customer(1), ResellerRemoved { provider, reseller });
        assert_eq!(history.model.deadlines().at(fall_back), None);
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
