//! How events change what is known about a customer.

use std::collections::BTreeSet;

use events::{
    CustomerCreated, CustomerDomainAdded, CustomerUserCreated, CustomerUserDeleted,
    CustomerUserEdited, CustomerUserId, CustomerUserPasswordChanged, CustomerUserPasswordReset,
    CustomerUserRestored, CustomerUserSignInFailed, CustomerUserSignedIn, CustomerUserSignedOut,
    CustomerUserTokenIssued, CustomerUserTokenRevoked, DirectoryRole, LicenseFate, OrderId,
    OrderRebilled, PartnerId, RelationshipEstablished, ResellerAssociated, ResellerOfRecordChanged,
    ResellerRemoved, SkuId, SubscriptionCancelled, SubscriptionCreated, SubscriptionId,
    SubscriptionQuantityChanged, SubscriptionRenamed, SubscriptionUpgraded, Timestamp,
    TrialConverted,
};
use imbl::OrdSet;

use super::{
    super::requests::Requests, CustomerAccount, CustomerState, CustomerUser, CustomerUserStatus,
    Relationship, Subscription, SubscriptionStatus,
};
use crate::sign_in::SignIn;

/// Account, relationships, subscriptions.
impl CustomerState {
    pub(in crate::customer) fn created(&mut self, event: &CustomerCreated) {
        self.account = Some(CustomerAccount {
            customer_id: event.customer_id,
            domain: event.domain.clone(),
            further_domains: OrdSet::new(),
        });
    }

    pub(in crate::customer) fn domain_added(&mut self, event: &CustomerDomainAdded) {
        if let Some(account) = &mut self.account {
            account.further_domains.insert(event.domain.clone());
        }
    }

    pub(in crate::customer) fn relationship_established(
        &mut self,
        event: &RelationshipEstablished,
    ) {
        let relationship = Relationship::Active { delegated_admin: event.delegated_admin };
        self.relationships.insert(event.partner_id, relationship);
    }

    pub(in crate::customer) fn relationship_ended(&mut self, partner: PartnerId) {
        self.relationships.insert(partner, Relationship::Ended);
        self.own_purchases.remove(&partner);
    }

    pub(in crate::customer) const fn requests_mut(&mut self) -> &mut Requests {
        &mut self.requests
    }

    pub(in crate::customer) fn delegated_admin_set(&mut self, partner: PartnerId, held: bool) {
        if let Some(Relationship::Active { delegated_admin }) = self.relationships.get_mut(&partner)
        {
            *delegated_admin = held;
        }
    }

    pub(in crate::customer) fn own_purchases_set(&mut self, partner: PartnerId, may: bool) {
        if may {
            self.own_purchases.insert(partner);
        } else {
            self.own_purchases.remove(&partner);
        }
    }

    pub(in crate::customer) fn reseller_associated(&mut self, event: &ResellerAssociated) {
        self.resellers.insert((event.provider, event.reseller));
    }

    pub(in crate::customer) fn reseller_removed(&mut self, event: &ResellerRemoved) {
        self.resellers.remove(&(event.provider, event.reseller));
    }

    pub(in crate::customer) fn order_submitted(&mut self, id: OrderId) {
        self.orders.insert(id);
    }

    pub(in crate::customer) fn subscription_created(&mut self, event: &SubscriptionCreated) {
        let subscription = Subscription {
            order_id: event.order_id,
            partner_id: event.partner_id,
            offer_id: event.offer_id,
            sku_id: event.sku_id,
            quantity: event.quantity,
            friendly_name: event.friendly_name.clone(),
            billing_cycle: event.billing_cycle,
            partner_on_record: event.partner_on_record.clone(),
            parent_subscription: event.parent_subscription,
            terms: event.terms.clone(),
            ends_at: None,
            status: SubscriptionStatus::Active,
        };
        self.subscriptions.insert(event.subscription_id, subscription);
    }

    pub(in crate::customer) fn order_rebilled(&mut self, event: &OrderRebilled) {
        for rebilled in &event.subscriptions {
            self.change_subscription(rebilled.subscription_id, |held| {
                held.billing_cycle = event.new;
                held.terms = Some(rebilled.terms.clone());
            });
        }
    }

    pub(in crate::customer) fn subscription_renamed(&mut self, event: &SubscriptionRenamed) {
        self.change_subscription(event.subscription_id, |held| {
            held.friendly_name = event.friendly_name.clone();
        });
    }

    pub(in crate::customer) fn quantity_changed(&mut self, event: &SubscriptionQuantityChanged) {
        self.change_subscription(event.subscription_id, |held| held.quantity = event.new);
    }

    pub(in crate::customer) fn subscription_status(
        &mut self,
        id: SubscriptionId,
        status: SubscriptionStatus,
    ) {
        self.change_subscription(id, |held| held.status = status);
    }

    pub(in crate::customer) fn renewal(&mut self, id: SubscriptionId, ends_at: Option<Timestamp>) {
        self.change_subscription(id, |held| held.ends_at = ends_at);
    }

    pub(in crate::customer) fn subscription_upgraded(&mut self, event: &SubscriptionUpgraded) {
        self.change_subscription(event.subscription_id, |held| {
            held.offer_id = event.new_offer_id;
            held.sku_id = event.new_sku_id;
            held.terms = Some(event.terms.clone());
        });
        for user in &event.moved {
            self.license_lost(*user, event.old_sku_id);
            self.license_gained(*user, event.new_sku_id);
        }
        for user in &event.released {
            self.license_lost(*user, event.old_sku_id);
        }
    }

    pub(in crate::customer) fn trial_converted(&mut self, event: &TrialConverted) {
        self.change_subscription(event.subscription_id, |held| {
            held.offer_id = event.new_offer_id;
            held.terms = Some(event.terms.clone());
        });
    }

    pub(in crate::customer) fn subscription_cancelled(&mut self, event: &SubscriptionCancelled) {
        self.subscription_status(event.subscription_id, SubscriptionStatus::Cancelled);
        for user in &event.released {
            self.license_lost(*user, event.sku_id);
        }
    }

    pub(in crate::customer) fn on_record_changed(&mut self, event: &ResellerOfRecordChanged) {
        self.change_subscription(event.subscription_id, |held| {
            held.partner_on_record.clone_from(&event.new);
        });
    }

    fn change_subscription(&mut self, id: SubscriptionId, change: impl FnOnce(&mut Subscription)) {
        if let Some(subscription) = self.subscriptions.get_mut(&id) {
            change(subscription);
        }
    }
}

/// Users, their roles and licences.
impl CustomerState {
    pub(in crate::customer) fn user_created(&mut self, event: &CustomerUserCreated) {
        let user = CustomerUser {
            user_name: event.user_name,
            domain: event.domain.clone(),
            has_usage_location: event.has_usage_location,
            credential_id: event.credential_id,
            licenses: BTreeSet::new(),
            directory_roles: BTreeSet::new(),
            sign_in: SignIn::default(),
            status: CustomerUserStatus::Active,
        };
        self.users.insert(event.user_id, user);
        self.names.insert(event.user_name, event.user_id);
    }

    pub(in crate::customer) fn user_edited(&mut self, event: &CustomerUserEdited) {
        let Some(user) = self.users.get_mut(&event.user_id) else { return };
        let old_name = user.user_name;
        user.user_name = event.user_name;
        user.domain = event.domain.clone();
        user.has_usage_location = event.has_usage_location;
        if user.is_active() {
            self.names.remove(&old_name);
            self.names.insert(event.user_name, event.user_id);
        }
    }

    pub(in crate::customer) fn password_reset(&mut self, event: &CustomerUserPasswordReset) {
        if let Some(user) = self.users.get_mut(&event.user_id) {
            user.credential_id = event.credential_id;
            user.sign_in.password_reset();
        }
    }

    pub(in crate::customer) fn signed_in(&mut self, event: &CustomerUserSignedIn) {
        if let Some(user) = self.users.get_mut(&event.user_id) {
            user.sign_in.signed_in(event.session_id, event.expires_at);
        }
    }

    pub(in crate::customer) fn signed_out(&mut self, event: &CustomerUserSignedOut) {
        if let Some(user) = self.users.get_mut(&event.user_id) {
            user.sign_in.signed_out(event.session_id);
        }
    }

    pub(in crate::customer) fn sign_in_failed(&mut self, event: &CustomerUserSignInFailed) {
        if let Some(user) = self.users.get_mut(&event.user_id) {
            user.sign_in.failed(event.failures, event.counted_until, event.locked_until);
        }
    }

    pub(in crate::customer) fn password_changed(&mut self, event: &CustomerUserPasswordChanged) {
        if let Some(user) = self.users.get_mut(&event.user_id) {
            user.credential_id = event.credential_id;
            user.sign_in.password_changed(event.session_id);
        }
    }

    pub(in crate::customer) fn token_issued(&mut self, event: &CustomerUserTokenIssued) {
        if let Some(user) = self.users.get_mut(&event.user_id) {
            user.sign_in.token_issued(event.token_id, event.expires_at);
        }
    }

    pub(in crate::customer) fn token_revoked(&mut self, event: &CustomerUserTokenRevoked) {
        if let Some(user) = self.users.get_mut(&event.user_id) {
            user.sign_in.token_revoked(event.token_id);
        }
    }

    pub(in crate::customer) fn user_deleted(&mut self, event: &CustomerUserDeleted) {
        let Some(user) = self.users.get_mut(&event.user_id) else { return };
        user.status = CustomerUserStatus::Deleted {
            restorable_until: event.restorable_until,
            licenses: event.licenses_returned.clone(),
        };
        user.sign_in.account_deleted();
        let name = user.user_name;
        for sku in std::mem::take(&mut user.licenses) {
            self.return_seat(sku);
        }
        self.names.remove(&name);
    }

    pub(in crate::customer) fn user_restored(&mut self, event: &CustomerUserRestored) {
        let Some(user) = self.users.get_mut(&event.user_id) else { return };
        user.status = CustomerUserStatus::Active;
        self.names.insert(user.user_name, event.user_id);
        for outcome in event.licenses.iter().filter(|outcome| outcome.fate == LicenseFate::Restored)
        {
            self.license_gained(event.user_id, outcome.sku_id);
        }
    }

    pub(in crate::customer) fn user_purged(&mut self, id: CustomerUserId) {
        if let Some(user) = self.users.get_mut(&id) {
            user.status = CustomerUserStatus::Purged;
            user.directory_roles.clear();
        }
    }

    pub(in crate::customer) fn license_gained(&mut self, id: CustomerUserId, sku: SkuId) {
        let Some(user) = self.users.get_mut(&id) else { return };
        if user.licenses.insert(sku) {
            let seats = self.consumed.entry(sku).or_default();
            *seats = seats.saturating_add(1);
        }
    }

    pub(in crate::customer) fn license_lost(&mut self, id: CustomerUserId, sku: SkuId) {
        let Some(user) = self.users.get_mut(&id) else { return };
        if user.licenses.remove(&sku) {
            self.return_seat(sku);
        }
    }

    pub(in crate::customer) fn role_gained(&mut self, id: CustomerUserId, role: DirectoryRole) {
        if let Some(user) = self.users.get_mut(&id) {
            user.directory_roles.insert(role);
        }
    }

    pub(in crate::customer) fn role_lost(&mut self, id: CustomerUserId, role: DirectoryRole) {
        if let Some(user) = self.users.get_mut(&id) {
            user.directory_roles.remove(&role);
        }
    }

    fn return_seat(&mut self, sku: SkuId) {
        match self.consumed(sku).saturating_sub(1) {
            0 => self.consumed.remove(&sku),
            left => self.consumed.insert(sku, left),
        };
    }
}
