//! What is known about a customer: who serves it, what it bought, who uses it.

use std::collections::BTreeSet;

use events::{
    BillingCycle, CartId, CartLine, CredentialId, CustomerId, CustomerUserId, DirectoryRole,
    DomainName, MpnId, NameHash, OfferId, OrderId, PartnerId, Quantity, SaleTerms, SkuId,
    SubscriptionId, Timestamp,
};
use imbl::{OrdMap, OrdSet};

use super::{carts::Carts, requests::Requests, support_contacts::SupportContacts};
use crate::sign_in::SignIn;

use super::devices::Devices;

mod evolve;

/// The fold of a customer's events.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CustomerState {
    account: Option<CustomerAccount>,
    relationships: OrdMap<PartnerId, Relationship>,
    requests: Requests,
    /// The partners from which it may buy for itself.
    own_purchases: OrdSet<PartnerId>,
    resellers: OrdSet<(PartnerId, PartnerId)>,
    orders: OrdSet<OrderId>,
    pub(super) carts: Carts,
    subscriptions: OrdMap<SubscriptionId, Subscription>,
    pub(super) support_contacts: SupportContacts,
    users: OrdMap<CustomerUserId, CustomerUser>,
    devices: Devices,
    /// The names of active users.
    names: OrdMap<NameHash, CustomerUserId>,
    /// The seats in use; a product without any has no entry.
    consumed: OrdMap<SkuId, u32>,
}

/// A customer's account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CustomerAccount {
    /// The customer.
    pub customer_id: CustomerId,
    /// Its first domain.
    pub domain: DomainName,
    /// The domains it was given later.
    pub further_domains: OrdSet<DomainName>,
}

impl CustomerAccount {
    /// Whether a domain is the customer's: its user names are in these.
    #[must_use]
    pub fn has_domain(&self, domain: &DomainName) -> bool {
        self.domain == *domain || self.further_domains.contains(domain)
    }
}

/// The bond of a partner with the customer.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Relationship {
    /// The partner may sell to the customer.
    Active {
        /// Whether it may administer on the customer's behalf.
        delegated_admin: bool,
    },
    /// It was ended.
    Ended,
}

/// A bought offer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Subscription {
    /// The order it came from.
    pub order_id: OrderId,
    /// The partner that sold it.
    pub partner_id: PartnerId,
    /// What was bought.
    pub offer_id: OfferId,
    /// The product whose seats it holds.
    pub sku_id: SkuId,
    /// How many licences.
    pub quantity: Quantity,
    /// What the buyer calls it.
    pub friendly_name: events::FriendlyName,
    /// How it is billed.
    pub billing_cycle: BillingCycle,
    /// The MPN id of the indirect reseller on record.
    pub partner_on_record: Option<MpnId>,
    /// The subscription to which it is an add-on.
    pub parent_subscription: Option<SubscriptionId>,
    /// What was agreed; not known of what was sold before it was recorded.
    pub terms: Option<SaleTerms>,
    /// When it ends, where it is not renewed.
    pub ends_at: Option<Timestamp>,
    /// Whether it works.
    pub status: SubscriptionStatus,
}

/// Whether a subscription works.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum SubscriptionStatus {
    /// Its seats are in the pool.
    Active,
    /// Its seats are not available; assignments stay.
    Suspended,
    /// It is over for good; its seats are gone.
    Cancelled,
}

/// A user of a customer. None of it is personal: the name is a keyed hash.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CustomerUser {
    /// The keyed hash of the user name.
    pub user_name: NameHash,
    /// The domain part of the user name.
    pub domain: DomainName,
    /// Whether the usage location is known.
    pub has_usage_location: bool,
    /// Where the hash of the latest password is kept.
    pub credential_id: CredentialId,
    /// The products it has a seat of; none while it is deleted.
    pub licenses: BTreeSet<SkuId>,
    /// The roles it has inside its company; a deleted user: those it had.
    pub directory_roles: BTreeSet<DirectoryRole>,
    /// How it signs in, and its bearer tokens.
    pub sign_in: SignIn,
    /// Whether the user is active.
    pub status: CustomerUserStatus,
}

/// Whether a user of a customer is active.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum CustomerUserStatus {
    /// It signs in.
    Active,
    /// It was deleted.
    Deleted {
        /// Restoring is allowed strictly before this moment.
        restorable_until: Timestamp,
        /// The licences it had.
        licenses: Vec<SkuId>,
    },
    /// It was deleted for good.
    Purged,
}

impl CustomerUser {
    /// Whether it is neither deleted nor purged.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.status == CustomerUserStatus::Active
    }
}

impl CustomerState {
    /// The account; `None` before the customer is created.
    #[must_use]
    pub const fn account(&self) -> Option<&CustomerAccount> {
        self.account.as_ref()
    }

    /// The bond with a partner.
    #[must_use]
    pub fn relationship(&self, partner: PartnerId) -> Option<Relationship> {
        self.relationships.get(&partner).copied()
    }

    /// Whether a partner may sell to the customer now.
    #[must_use]
    pub fn has_active_relationship(&self, partner: PartnerId) -> bool {
        match self.relationship(partner) {
            Some(Relationship::Active { .. }) => true,
            Some(Relationship::Ended) | None => false,
        }
    }

    /// The partners that may sell to the customer now.
    pub fn holders(&self) -> impl Iterator<Item = PartnerId> {
        self.relationships.keys().copied().filter(|partner| self.has_active_relationship(*partner))
    }

    /// Whether a partner may administer on the customer's behalf now.
    #[must_use]
    pub fn has_delegated_admin(&self, partner: PartnerId) -> bool {
        match self.relationship(partner) {
            Some(Relationship::Active { delegated_admin }) => delegated_admin,
            Some(Relationship::Ended) | None => false,
        }
    }

    /// The requests for a relationship in this stream.
    #[must_use]
    pub const fn requests(&self) -> &Requests {
        &self.requests
    }

    /// Whether the customer may buy for itself from a partner.
    #[must_use]
    pub fn may_buy_from(&self, partner: PartnerId) -> bool {
        self.own_purchases.contains(&partner)
    }

    /// Whether a user is active and global admin of the company.
    #[must_use]
    pub fn is_global_admin(&self, user: CustomerUserId) -> bool {
        self.user(user).is_some_and(|user| {
            user.is_active() && user.directory_roles.contains(&DirectoryRole::GlobalAdmin)
        })
    }

    /// Whether a reseller is associated with the customer through a provider. Whether their
    /// partnership is active is a fact from elsewhere.
    #[must_use]
    pub fn is_associated(&self, provider: PartnerId, reseller: PartnerId) -> bool {
        self.resellers.contains(&(provider, reseller))
    }

    /// The associated resellers, each as (provider, reseller).
    pub fn resellers(&self) -> impl Iterator<Item = (PartnerId, PartnerId)> {
        self.resellers.iter().copied()
    }

    /// The devices.
    #[must_use]
    pub const fn devices(&self) -> &Devices {
        &self.devices
    }

    pub(super) const fn devices_mut(&mut self) -> &mut Devices {
        &mut self.devices
    }

    /// A subscription.
    #[must_use]
    pub fn subscription(&self, id: SubscriptionId) -> Option<&Subscription> {
        self.subscriptions.get(&id)
    }

    /// Every subscription.
    pub fn subscriptions(&self) -> impl Iterator<Item = (SubscriptionId, &Subscription)> {
        self.subscriptions.iter().map(|(id, subscription)| (*id, subscription))
    }

    /// What an order became, in the order of its ids; nothing where there is no such order.
    pub fn subscriptions_of(
        &self,
        order: OrderId,
    ) -> impl Iterator<Item = (SubscriptionId, &Subscription)> {
        self.subscriptions().filter(move |(_, held)| held.order_id == order)
    }

    /// The partner that opened a cart, and the MPN ids of the resellers its lines name.
    #[must_use]
    pub fn cart_parties(&self, id: CartId) -> Option<(PartnerId, Vec<MpnId>)> {
        self.carts.parties(id)
    }

    /// The lines of a cart; none of one that is closed or not there.
    #[must_use]
    pub fn cart_lines(&self, id: CartId) -> &[CartLine] {
        self.carts.lines(id)
    }

    /// The add-ons of a subscription, as far as they are not cancelled.
    pub fn add_ons_of(
        &self,
        parent: SubscriptionId,
    ) -> impl Iterator<Item = (SubscriptionId, &Subscription)> {
        self.subscriptions().filter(move |(_, held)| {
            held.parent_subscription == Some(parent) && held.status != SubscriptionStatus::Cancelled
        })
    }

    /// Whoever was designated as the support contact of a subscription; its seller is where nobody
    /// was.
    #[must_use]
    pub fn designated_contact(&self, id: SubscriptionId) -> Option<PartnerId> {
        self.support_contacts.designated(id)
    }

    /// A user, also a deleted one; `None` when it is unknown or purged.
    #[must_use]
    pub fn user(&self, id: CustomerUserId) -> Option<&CustomerUser> {
        self.users.get(&id).filter(|user| user.status != CustomerUserStatus::Purged)
    }

    /// Every user that is not purged, deleted ones included.
    pub fn users(&self) -> impl Iterator<Item = (CustomerUserId, &CustomerUser)> {
        let known = |user: &CustomerUser| user.status != CustomerUserStatus::Purged;
        self.users.iter().map(|(id, user)| (*id, user)).filter(move |(_, user)| known(user))
    }

    /// The active user with this name.
    #[must_use]
    pub fn user_named(&self, name: NameHash) -> Option<CustomerUserId> {
        self.names.get(&name).copied()
    }

    /// The active users that have this role inside the company.
    pub fn holders_of(&self, role: DirectoryRole) -> impl Iterator<Item = CustomerUserId> {
        self.users()
            .filter(move |(_, user)| user.is_active() && user.directory_roles.contains(&role))
            .map(|(id, _)| id)
    }

    /// The seats of a product in its active subscriptions; `None` without an active one.
    #[must_use]
    pub fn pool(&self, sku: SkuId) -> Option<u32> {
        self.subscriptions
            .values()
            .filter(|held| held.sku_id == sku && held.status == SubscriptionStatus::Active)
            .map(|held| held.quantity.get())
            .reduce(u32::saturating_add)
    }

    /// The seats of a product in all its subscriptions that are not cancelled.
    #[must_use]
    pub fn held(&self, sku: SkuId) -> u32 {
        self.subscriptions
            .values()
            .filter(|held| held.sku_id == sku && held.status != SubscriptionStatus::Cancelled)
            .map(|held| held.quantity.get())
            .fold(0, u32::saturating_add)
    }

    /// The seats of a product that users have.
    #[must_use]
    pub fn consumed(&self, sku: SkuId) -> u32 {
        self.consumed.get(&sku).copied().unwrap_or_default()
    }

    /// The seats of a product that can be assigned now.
    #[must_use]
    pub fn available(&self, sku: SkuId) -> u32 {
        self.pool(sku).unwrap_or_default().saturating_sub(self.consumed(sku))
    }

    pub(super) fn knows_user(&self, id: CustomerUserId) -> bool {
        self.users.contains_key(&id)
    }

    pub(super) fn knows_order(&self, id: OrderId) -> bool {
        self.orders.contains(&id)
    }
}
