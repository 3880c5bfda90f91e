//! Orders and subscriptions: what is sold, and what becomes of it.

use std::collections::BTreeSet;

use commands::{
    ChangeResellerOfRecord, ChangeSubscription, Offer, SubmitOrder, SubscriptionStatus,
    TRIAL_MONTHS, UpgradeAssignments, UpgradeSubscription,
};
use events::{
    BillingCycle, CustomerId, CustomerUserId, FriendlyName, MpnId, OfferId, OrderId, OrderLine,
    PartnerId, SkuId, SubscriptionId, Timestamp,
};
use projections::{ReadModel, SubscriptionState};
use proptest::{prop_assert_eq, test_runner::TestCaseError};
use services::application::Principal;

use super::{Plain, Reasons, customers::Customer, reach::Way, who_may::Deed};

/// A bought offer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Subscription {
    pub(crate) order: OrderId,
    pub(crate) seller: PartnerId,
    pub(crate) offer: OfferId,
    pub(crate) sku: SkuId,
    pub(crate) quantity: u32,
    pub(super) name: FriendlyName,
    pub(super) cycle: BillingCycle,
    pub(super) on_record: Option<MpnId>,
    pub(super) parent: Option<SubscriptionId>,
    pub(crate) terms_since: Timestamp,
    pub(crate) ends_at: Option<Timestamp>,
    pub(crate) status: SubscriptionStatus,
}

impl Subscription {
    pub(super) fn is_active(&self) -> bool {
        self.status == SubscriptionStatus::Active
    }

    pub(super) fn is_over(&self) -> bool {
        self.status == SubscriptionStatus::Cancelled
    }
}

/// One line that is to be sold.
pub(super) struct Line<'a> {
    pub(super) line: &'a OrderLine,
    pub(super) cycle: BillingCycle,
}

/// What speaks against commands.
impl Plain {
    pub(super) fn offer(&self, id: OfferId) -> Option<&Offer> {
        self.catalogue.offers().iter().find(|offer| offer.id == id)
    }

    pub(super) fn order(
        &self,
        no: &mut Reasons,
        by: Principal,
        (customer, command): (CustomerId, &SubmitOrder),
    ) {
        let seller = command.partner_id;
        if let Principal::CustomerUser { .. } = by {
            self.company_admin(no, by, customer);
            let state = self.customers.get(&customer);
            let permits = state.is_some_and(|it| it.own_purchases.contains(&seller));
            no.bar_if(!permits, "own_purchases_not_permitted");
        } else {
            self.on_customer(no, by, customer, (Deed::Sell, Way::Holder(seller)));
        }
        let orders = self.customers.get(&customer).map(|it| &it.orders);
        let is_known = orders.is_some_and(|orders| orders.contains(&command.order_id));
        no.no_if(is_known, "already_exists");
        let lines: Vec<_> =
            command.lines.iter().map(|line| Line { line, cycle: command.billing_cycle }).collect();
        self.sellable(no, customer, seller, &lines);
    }

    /// What speaks against lines that this partner is to sell to the customer.
    pub(super) fn sellable(
        &self,
        no: &mut Reasons,
        customer: CustomerId,
        seller: PartnerId,
        lines: &[Line<'_>],
    ) {
        no.no_if(lines.is_empty(), "no_lines");
        let numbers: BTreeSet<_> =
            lines.iter().map(|it| usize::try_from(it.line.line_number).unwrap()).collect();
        let is_counted = numbers == (0..lines.len()).collect();
        no.no_if(!lines.is_empty() && !is_counted, "line_numbers");
        for Line { line, cycle } in lines {
            let id = line.subscription_id;
            let twice = lines.iter().filter(|other| other.line.subscription_id == id).count() > 1;
            let is_known = self.subscription(customer, id).is_some();
            no.no_if(twice || is_known, "already_exists");
            let Some(offer) = self.offer(line.offer_id) else {
                no.no("offer_not_found");
                continue;
            };
            let range = offer.minimum_quantity..=offer.maximum_quantity;
            no.no_if(!range.contains(&line.quantity.get()), "quantity_outside_offer");
            let is_billed = offer.prices.iter().any(|price| price.billing_cycle == *cycle);
            no.no_if(!is_billed, "billing_cycle_not_offered");
            self.may_be_on_record(no, seller, line.partner_on_record.as_ref());
            self.fits_parent(no, customer, seller, (line, offer), lines);
        }
    }

    /// On record is a reseller with an accepted partnership, or nobody.
    fn may_be_on_record(&self, no: &mut Reasons, seller: PartnerId, mpn_id: Option<&MpnId>) {
        let Some(mpn_id) = mpn_id else { return };
        let mut named = self.partners.iter().filter(|(_, partner)| partner.mpn_id == *mpn_id);
        let is_partner = named.any(|(id, _)| self.work_together(seller, *id));
        no.no_if(!is_partner, "partner_on_record");
    }

    /// An add-on comes with a subscription of this seller to one of its parents that works.
    fn fits_parent(
        &self,
        no: &mut Reasons,
        customer: CustomerId,
        seller: PartnerId,
        (line, offer): (&OrderLine, &Offer),
        lines: &[Line<'_>],
    ) {
        let is_add_on = !offer.parents.is_empty();
        let Some(parent) = line.parent_subscription else {
            return no.no_if(is_add_on, "add_on_unrelated");
        };
        if !is_add_on {
            return no.no("not_an_add_on");
        }
        let bought = lines.iter().find(|other| other.line.subscription_id == parent);
        let held = self.subscription(customer, parent).filter(|held| held.seller == seller);
        let (parent_offer, works) = match (bought, held) {
            (Some(other), _) => (other.line.offer_id, true),
            (None, Some(held)) => (held.offer, held.is_active()),
            (None, None) => return no.no("add_on_unrelated"),
        };
        no.no_if(!offer.parents.contains(&parent_offer), "add_on_unrelated");
        no.no_if(!works, "parent_not_active");
    }

    /// Bars whoever does not manage a subscription: its seller, the reseller associated through it,
    /// the reseller on record for it.
    pub(super) fn managing(
        &self,
        no: &mut Reasons,
        by: Principal,
        (customer, id): (CustomerId, SubscriptionId),
    ) {
        self.employee(no, by, Deed::Sell);
        let held = self.subscription(customer, id);
        let account = self.customers.get(&customer).and_then(|it| it.account.as_ref());
        let Some(partner) = by.partner() else {
            no.no_if(account.is_none(), "customer_not_found");
            let served = held.is_some_and(|held| self.holds(customer, held.seller));
            return no.no_if(!served, "subscription_not_found");
        };
        if !held.is_some_and(|held| self.manages(partner, customer, held)) {
            let reaches =
                self.holds(customer, partner) || !self.providers(customer, partner).is_empty();
            no.bar(&[if reaches { "subscription_not_found" } else { "not_your_customer" }]);
        }
    }

    fn manages(&self, partner: PartnerId, customer: CustomerId, held: &Subscription) -> bool {
        let own = self.partners.get(&partner).map(|it| &it.mpn_id);
        self.holds(customer, held.seller)
            && (partner == held.seller
                || self.providers(customer, partner).contains(&held.seller)
                || (own == held.on_record.as_ref() && self.work_together(held.seller, partner)))
    }

    pub(super) fn change_subscription(
        &self,
        no: &mut Reasons,
        by: Principal,
        (customer, command): (CustomerId, &ChangeSubscription),
    ) {
        let id = command.subscription_id;
        self.managing(no, by, (customer, id));
        let Some(held) = self.subscription(customer, id) else { return };
        let wanted = command.status.unwrap_or(held.status);
        let quantity = command.quantity.map(events::Quantity::get);
        let quantity = quantity.filter(|quantity| *quantity != held.quantity);
        let named = command.friendly_name.as_ref().is_some_and(|name| *name != held.name);
        if held.is_over() {
            let changes = wanted != held.status || quantity.is_some() || named;
            return no.no_if(changes, "subscription_is_cancelled");
        }
        let is_suspended = held.status == SubscriptionStatus::Suspended;
        let reactivates = is_suspended && wanted == SubscriptionStatus::Active;
        if reactivates && let Some(parent) = held.parent {
            let works = self.subscription(customer, parent).is_some_and(Subscription::is_active);
            no.no_if(!works, "parent_not_active");
        }
        let Some(quantity) = quantity else { return };
        no.no_if(is_suspended && !reactivates, "subscription_is_suspended");
        if let Some(offer) = self.offer(held.offer) {
            let range = offer.minimum_quantity..=offer.maximum_quantity;
            no.no_if(!range.contains(&quantity), "quantity_outside_offer");
        }
        let needed = self.customers[&customer].needed(id);
        no.no_if(quantity < held.quantity && quantity < needed, "quantity_below_assigned");
    }

    pub(super) fn upgrade(
        &self,
        no: &mut Reasons,
        by: Principal,
        (customer, command): (CustomerId, UpgradeSubscription),
    ) {
        let UpgradeSubscription { subscription_id: id, offer_id } = command;
        self.managing(no, by, (customer, id));
        let Some(held) = self.subscription(customer, id) else { return };
        no.no_if(held.status == SubscriptionStatus::Suspended, "subscription_is_suspended");
        no.no_if(held.is_over(), "subscription_is_cancelled");
        let paths = self.offer(held.offer).map_or(&[][..], |offer| &offer.upgrades);
        let path = paths.iter().find(|path| path.to == offer_id);
        let (Some(path), Some(target)) = (path, self.offer(offer_id)) else {
            return no.no("no_upgrade_path");
        };
        let range = target.minimum_quantity..=target.maximum_quantity;
        no.no_if(!range.contains(&held.quantity), "quantity_outside_offer");
        let is_billed = target.prices.iter().any(|price| price.billing_cycle == held.cycle);
        no.no_if(!is_billed, "billing_cycle_not_offered");
        let state = &self.customers[&customer];
        let parent = held.parent.and_then(|parent| state.subscriptions.get(&parent));
        let parts = parent.is_some_and(|parent| !target.parents.contains(&parent.offer));
        no.no_if(parts, "add_on_unrelated");
        let mut add_ons = state.add_ons(id).into_iter();
        let suits = |add_on: SubscriptionId| {
            let offer = self.offer(state.subscriptions[&add_on].offer);
            offer.is_some_and(|offer| offer.parents.contains(&target.id))
        };
        no.no_if(add_ons.any(|add_on| !suits(add_on)), "add_ons_in_the_way");
        if held.sku == target.sku_id || state.needed(id) == 0 {
            return;
        }
        no.no_if(path.assignments == UpgradeAssignments::Stay, "seats_still_assigned");
        let (moved, _) = state.going(id, target.sku_id);
        let free = (state.pool(target.sku_id) + held.quantity)
            .saturating_sub(state.consumed(target.sku_id));
        no.no_if(moved.len() > free as usize, "seats_missing");
    }

    /// Bars whoever does not hold the relationship through which a subscription was sold.
    pub(super) fn on_sold(
        &self,
        no: &mut Reasons,
        by: Principal,
        (customer, id): (CustomerId, SubscriptionId),
        deed: Deed,
    ) {
        self.on_customer(no, by, customer, (deed, Way::Any));
        let Some(held) = self.subscription(customer, id) else {
            return no.no("subscription_not_found");
        };
        let partner = by.partner();
        let manages = match partner {
            None => self.holds(customer, held.seller),
            Some(partner) => self.manages(partner, customer, held),
        };
        no.no_if(!manages, "subscription_not_found");
        if let Some(partner) = partner.filter(|partner| *partner != held.seller || !manages) {
            // Whose it is instead, only those learn who have something to do with it.
            no.bar(&["subscription_not_found", "not_your_partner"]);
            no.bar_if(!self.holds(customer, partner), "relationship_holder_only");
        }
        no.no_if(held.is_over(), "subscription_is_cancelled");
    }

    pub(super) fn change_record(
        &self,
        no: &mut Reasons,
        by: Principal,
        (customer, command): (CustomerId, &ChangeResellerOfRecord),
    ) {
        self.on_sold(no, by, (customer, command.subscription_id), Deed::ResellersOfRecord);
        let Some(held) = self.subscription(customer, command.subscription_id) else { return };
        if command.mpn_id != held.on_record {
            self.may_be_on_record(no, held.seller, command.mpn_id.as_ref());
        }
    }
}

/// Seats.
impl Customer {
    /// What an order became.
    pub(crate) fn of_order(&self, order: OrderId) -> Vec<(SubscriptionId, &Subscription)> {
        let held = self.subscriptions.iter().filter(|(_, it)| it.order == order);
        held.map(|(id, it)| (*id, it)).collect()
    }

    /// The subscriptions to a product that are not cancelled.
    fn of_sku(&self, sku: SkuId) -> impl Iterator<Item = &Subscription> {
        self.subscriptions.values().filter(move |it| it.sku == sku && !it.is_over())
    }

    /// The seats of a product that its active subscriptions have.
    pub(super) fn pool(&self, sku: SkuId) -> u32 {
        self.of_sku(sku).filter(|it| it.is_active()).map(|it| it.quantity).sum()
    }

    /// The users who have a seat of a product, in the order of their ids.
    fn holders(&self, sku: SkuId) -> Vec<CustomerUserId> {
        let users = self.users.iter().filter(|(_, user)| user.licenses.contains(&sku));
        users.map(|(id, _)| *id).collect()
    }

    /// The seats of a product that users have.
    pub(super) fn consumed(&self, sku: SkuId) -> u32 {
        u32::try_from(self.holders(sku).len()).unwrap()
    }

    /// How many of a subscription's seats are in use: those the other active ones do not have.
    pub(crate) fn needed(&self, id: SubscriptionId) -> u32 {
        let held = &self.subscriptions[&id];
        let own = if held.is_active() { held.quantity } else { 0 };
        self.consumed(held.sku).saturating_sub(self.pool(held.sku) - own)
    }

    /// Who loses its seat when a subscription goes over to another product: who gets one of the
    /// new, and who has one already. Those who came last go first.
    fn going(&self, id: SubscriptionId, to: SkuId) -> (Vec<CustomerUserId>, Vec<CustomerUserId>) {
        let held = &self.subscriptions[&id];
        let count = self.needed(id).min(held.quantity) as usize;
        let holders = self.holders(held.sku);
        let going = holders.into_iter().rev().take(count);
        going.partition(|user| !self.users[user].licenses.contains(&to))
    }

    /// The add-ons of a subscription that are not cancelled.
    fn add_ons(&self, parent: SubscriptionId) -> Vec<SubscriptionId> {
        let held = self.subscriptions.iter();
        let own = held.filter(|(_, it)| it.parent == Some(parent) && !it.is_over());
        own.map(|(id, _)| *id).collect()
    }

    /// A subscription and its add-ons are over.
    pub(super) fn end(&mut self, id: SubscriptionId) {
        for id in self.add_ons(id).into_iter().chain([id]) {
            self.cancel(id);
        }
    }

    /// The subscription is over: seats that nobody has bought any more go from who came last.
    fn cancel(&mut self, id: SubscriptionId) {
        let sku = self.subscriptions[&id].sku;
        self.status(id, SubscriptionStatus::Cancelled);
        let bought: u32 = self.of_sku(sku).map(|it| it.quantity).sum();
        let excess = self.consumed(sku).saturating_sub(bought) as usize;
        for user in self.holders(sku).into_iter().rev().take(excess) {
            self.users.get_mut(&user).unwrap().licenses.remove(&sku);
        }
    }

    fn status(&mut self, id: SubscriptionId, status: SubscriptionStatus) {
        self.subscriptions.get_mut(&id).unwrap().status = status;
    }

    pub(super) fn sold(
        &mut self,
        offer: &Offer,
        (seller, order): (PartnerId, OrderId),
        bought: &Line<'_>,
        now: Timestamp,
    ) {
        let Line { line, cycle } = bought;
        let is_trial = !offer.conversions.is_empty();
        let subscription = Subscription {
            order,
            seller,
            offer: offer.id,
            sku: offer.sku_id,
            quantity: line.quantity.get(),
            name: line.friendly_name.clone().unwrap_or_else(|| offer.name.clone()),
            cycle: *cycle,
            on_record: line.partner_on_record.clone(),
            parent: line.parent_subscription,
            terms_since: now,
            ends_at: is_trial.then(|| now.plus_months(TRIAL_MONTHS)),
            status: SubscriptionStatus::Active,
        };
        self.subscriptions.insert(line.subscription_id, subscription);
    }
}

/// What accepted commands lead to.
impl Plain {
    pub(super) fn ordered(&mut self, customer: CustomerId, command: &SubmitOrder, now: Timestamp) {
        for line in &command.lines {
            let offer = self.offer(line.offer_id).cloned().expect("what is sold is offered");
            let line = Line { line, cycle: command.billing_cycle };
            let sale = (command.partner_id, command.order_id);
            self.customer_mut(customer).sold(&offer, sale, &line, now);
        }
        self.customer_mut(customer).orders.insert(command.order_id);
    }

    pub(super) fn subscription_changed(
        &mut self,
        customer: CustomerId,
        command: &ChangeSubscription,
    ) {
        let id = command.subscription_id;
        let state = self.customer_mut(customer);
        let held = state.subscriptions.get_mut(&id).unwrap();
        if held.is_over() {
            return;
        }
        if let Some(name) = &command.friendly_name {
            held.name = name.clone();
        }
        if let Some(quantity) = command.quantity {
            held.quantity = quantity.get();
        }
        match command.status.unwrap_or(held.status) {
            SubscriptionStatus::Active => state.status(id, SubscriptionStatus::Active),
            SubscriptionStatus::Suspended => {
                for id in state.add_ons(id).into_iter().chain([id]) {
                    state.status(id, SubscriptionStatus::Suspended);
                }
            }
            SubscriptionStatus::Cancelled => state.end(id),
        }
    }

    pub(super) fn upgraded(&mut self, customer: CustomerId, command: UpgradeSubscription) {
        let UpgradeSubscription { subscription_id: id, offer_id } = command;
        let target = self.offer(offer_id).cloned().unwrap();
        let old = self.offer(self.customers[&customer].subscriptions[&id].offer);
        let old_name = old.map(|offer| offer.name.clone());
        let was_trial = old.is_some_and(|offer| !offer.conversions.is_empty());
        let state = self.customer_mut(customer);
        let old_sku = state.subscriptions[&id].sku;
        let (moved, released) = if old_sku == target.sku_id {
            Default::default()
        } else {
            state.going(id, target.sku_id)
        };
        for user in moved.iter().chain(&released) {
            let licenses = &mut state.users.get_mut(user).unwrap().licenses;
            licenses.remove(&old_sku);
            licenses.insert(target.sku_id);
        }
        let held = state.subscriptions.get_mut(&id).unwrap();
        (held.offer, held.sku) = (target.id, target.sku_id);
        if was_trial && target.conversions.is_empty() {
            held.ends_at = None;
        }
        if Some(&held.name) == old_name.as_ref() {
            held.name = target.name;
        }
    }

    pub(super) fn sales_agree(&self, model: &ReadModel) -> Result<(), TestCaseError> {
        for (customer, state) in &self.customers {
            prop_assert_eq!(model.subscriptions().of(*customer).count(), state.subscriptions.len());
            let orders: BTreeSet<_> = model.orders().of(*customer).map(|row| row.id).collect();
            prop_assert_eq!(&orders, &state.orders);
            for row in model.subscriptions().of(*customer) {
                let status = match row.state {
                    SubscriptionState::Active => SubscriptionStatus::Active,
                    SubscriptionState::Suspended { .. } => SubscriptionStatus::Suspended,
                    SubscriptionState::Cancelled { .. } => SubscriptionStatus::Cancelled,
                };
                let shown = Subscription {
                    order: row.order,
                    seller: row.partner,
                    offer: row.offer,
                    sku: row.sku,
                    quantity: row.quantity.get(),
                    name: row.friendly_name.clone(),
                    cycle: row.billing_cycle,
                    on_record: row.partner_on_record.clone(),
                    parent: row.parent,
                    terms_since: row.terms_since,
                    ends_at: row.ends_at,
                    status,
                };
                prop_assert_eq!(Some(&shown), state.subscriptions.get(&row.id));
            }
            for (sku, seats) in model.licenses().of(*customer) {
                let (pool, consumed) = (state.pool(sku), state.consumed(sku));
                let expected = (u64::from(pool), u64::from(consumed));
                prop_assert_eq!((seats.active, seats.consumed), expected, "seats of {}", sku);
            }
        }
        Ok(())
    }
}
