//! What happens by itself, and when?
//!
//! Everything that a process of partnerlog will do without being asked stands here from the event on
//! that makes it due until the event that settles it. The list is a fold like every view: what is
//! still to be done follows from the log alone, so that nothing is forgotten and nothing is done
//! again, whatever is restarted or built anew. Who acts on it are the process managers of `services`.
//!
//! A new kind of thing gets a variant of [`Due`], its [`Due::process`], and the events that open and
//! settle it in the module of its concept.

mod carts;
mod requests;
mod resellers;
mod subscriptions;
mod users;

use std::ops::Bound;

use events::{
    CartId, CustomerEvent, CustomerId, CustomerUserId, Event, InvitationId, PartnerEvent,
    PartnerId, PartnerUserId, PartnershipId, Process, RecordedEvent, SubscriptionId, Timestamp,
};
use imbl::{OrdMap, OrdSet};

use crate::{
    keys::{customer_of, partner_of, partnership_of},
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
    /// End a subscription that is not renewed.
    EndSubscription {
        /// The customer.
        customer: CustomerId,
        /// The subscription.
        subscription: SubscriptionId,
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
            Self::EndSubscription { .. } => Process::Terms,
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
}

impl Deadlines {
    fn customer(&mut self, recorded: &RecordedEvent, event: &CustomerEvent) {
        let customer = customer_of(recorded);
        match event {
            CustomerEvent::User(event) => self.customer_user(customer, event),
            CustomerEvent::Cart(event) => self.cart(customer, event),
            CustomerEvent::Subscription(event) => self.subscription(customer, event),
            CustomerEvent::Request(event) => self.relationship_request(recorded, customer, event),
            CustomerEvent::Relationship(event) => self.association(customer, event),
            CustomerEvent::SupportContact(event) => self.support_contact(customer, event),
            CustomerEvent::Account(_)
            | CustomerEvent::Order(_)
            | CustomerEvent::License(_)
            | CustomerEvent::DirectoryRole(_)
            | CustomerEvent::SignIn(_)
            | CustomerEvent::Device(_)
            | CustomerEvent::Agreement(_) => {}
        }
    }
}

impl View for Deadlines {
    const NAME: &'static str = "deadlines";

    fn apply(&mut self, recorded: &RecordedEvent) -> Result<(), Contradiction> {
        self.contacts.apply(recorded)?;
        match &recorded.event {
            Event::Partner(PartnerEvent::User(event)) => {
                self.partner_user(partner_of(recorded), event);
            }
            Event::Partnership(event) => {
                self.partnership_request(recorded, partnership_of(recorded), event);
                self.partnership(recorded, event);
            }
            Event::Customer(event) => self.customer(recorded, event),
            Event::Partner(_)
            | Event::NameClaim(_)
            | Event::Installation(_)
            | Event::Lead(_)
            | Event::ServiceRequest(_) => {}
        }
        Ok(())
    }
}
