//! What becomes of orders and trials that were sold.

use commands::{ChangeOrder, ChangeRenewal, ConvertTrial, SubscriptionStatus};
use events::{BillingCycle, CustomerId, OfferId, Process, SubscriptionId, Timestamp};
use services::application::Principal;

use super::{
    Plain, Reasons,
    reach::{self, Way},
    sales::Line,
    who_may::Deed,
};

/// What speaks against commands.
impl Plain {
    pub(super) fn change_order(
        &self,
        no: &mut Reasons,
        by: Principal,
        (customer, command): (CustomerId, &ChangeOrder),
    ) {
        self.on_customer(no, by, customer, (Deed::Sell, Way::Any));
        let state = self.customers.get(&customer);
        let held: Vec<_> = state.map(|it| it.of_order(command.order_id)).unwrap_or_default();
        let Some((_, first)) = held.first() else { return no.no("order_not_found") };
        let (seller, old) = (first.seller, first.cycle);
        let is_own = by.partner().is_none_or(|own| own == seller);
        if !is_own || !self.holds(customer, seller) {
            return no.bar(&["order_not_found"]);
        }
        let cycle = command.billing_cycle.unwrap_or(old);
        if cycle != old {
            let once = [old, cycle].contains(&BillingCycle::OneTime);
            no.no_if(once, "paid_once");
            no.no_if(!held.iter().all(|(_, it)| it.is_active()), "order_not_active");
            let is_billed = |offer: OfferId| {
                let prices = self.offer(offer).map_or(&[][..], |offer| &offer.prices);
                prices.iter().any(|price| price.billing_cycle == cycle)
            };
            let all = held.iter().all(|(_, it)| is_billed(it.offer));
            no.no_if(!all, "billing_cycle_not_offered");
        }
        if command.lines.is_empty() {
            return;
        }
        for line in &command.lines {
            let parent = line.parent_subscription;
            let is_own = parent.is_some_and(|parent| held.iter().any(|(id, _)| *id == parent));
            no.no_if(!is_own, "add_on_unrelated");
        }
        let lines: Vec<_> = command.lines.iter().map(|line| Line { line, cycle }).collect();
        self.sellable(no, customer, seller, &lines);
    }

    pub(super) fn convert_trial(
        &self,
        no: &mut Reasons,
        by: Principal,
        (customer, command): (CustomerId, ConvertTrial),
    ) {
        let ConvertTrial { subscription_id: id, offer_id, quantity } = command;
        self.managing(no, by, (customer, id));
        let Some(held) = self.subscription(customer, id) else { return };
        no.no_if(held.status == SubscriptionStatus::Suspended, "subscription_is_suspended");
        no.no_if(held.is_over(), "subscription_is_cancelled");
        let trial = self.offer(held.offer);
        let is_meant = trial.is_some_and(|trial| trial.conversions.contains(&offer_id));
        let (true, Some(target)) = (is_meant, self.offer(offer_id)) else {
            return no.no("not_convertible");
        };
        let quantity = quantity.map_or(held.quantity, events::Quantity::get);
        let range = target.minimum_quantity..=target.maximum_quantity;
        no.no_if(!range.contains(&quantity), "quantity_outside_offer");
        let is_billed = target.prices.iter().any(|price| price.billing_cycle == held.cycle);
        no.no_if(!is_billed, "billing_cycle_not_offered");
        let needed = self.customers[&customer].needed(id);
        no.no_if(quantity < held.quantity && quantity < needed, "quantity_below_assigned");
    }
}

/// Terms.
impl Plain {
    pub(super) fn change_renewal(
        &self,
        no: &mut Reasons,
        by: Principal,
        (customer, command): (CustomerId, ChangeRenewal),
    ) {
        let id = command.subscription_id;
        self.managing(no, by, (customer, id));
        let Some(held) = self.subscription(customer, id) else { return };
        if held.is_over() {
            return no.no_if(command.renews, "subscription_is_cancelled");
        }
        let is_trial = self.offer(held.offer).is_some_and(|it| !it.conversions.is_empty());
        let is_once = held.cycle == BillingCycle::OneTime;
        let has_none = if held.ends_at.is_some() { is_trial } else { is_once };
        no.no_if(command.renews && has_none, "no_renewal");
    }

    pub(super) fn end_subscription(
        &self,
        no: &mut Reasons,
        by: Principal,
        (customer, id): (CustomerId, SubscriptionId),
    ) {
        reach::process(no, by, Process::Terms);
        no.no_if(self.subscription(customer, id).is_none(), "subscription_not_found");
    }

    pub(super) fn renewal_changed(
        &mut self,
        customer: CustomerId,
        command: ChangeRenewal,
        now: Timestamp,
    ) {
        let held = self.customer_mut(customer).subscriptions.get_mut(&command.subscription_id);
        let held = held.unwrap();
        if held.is_over() {
            return;
        }
        held.ends_at = match (command.renews, held.ends_at) {
            (true, _) => None,
            (false, Some(end)) => Some(end),
            (false, None) if held.cycle == BillingCycle::OneTime => None,
            (false, None) => {
                let months = if held.cycle == BillingCycle::Annual { 12 } else { 1 };
                let mut terms = 1;
                while command.terms_since.plus_months(terms * months) <= now {
                    terms += 1;
                }
                Some(command.terms_since.plus_months(terms * months))
            }
        };
    }

    pub(super) fn subscription_ended(
        &mut self,
        (customer, id): (CustomerId, SubscriptionId),
        now: Timestamp,
    ) {
        let state = self.customer_mut(customer);
        let held = &state.subscriptions[&id];
        if !held.is_over() && held.ends_at.is_some_and(|end| end <= now) {
            state.end(id);
        }
    }
}

/// What accepted commands lead to.
impl Plain {
    pub(super) fn order_changed(
        &mut self,
        customer: CustomerId,
        command: &ChangeOrder,
        now: Timestamp,
    ) {
        let order = command.order_id;
        let state = self.customer_mut(customer);
        let held: Vec<_> = state.of_order(order).into_iter().map(|(id, _)| id).collect();
        let seller = state.subscriptions[&held[0]].seller;
        let cycle = command.billing_cycle.unwrap_or_else(|| state.subscriptions[&held[0]].cycle);
        for id in held {
            let held = state.subscriptions.get_mut(&id).unwrap();
            if held.cycle != cycle {
                (held.cycle, held.terms_since) = (cycle, now);
            }
        }
        for line in &command.lines {
            let offer = self.offer(line.offer_id).cloned().expect("what is sold is offered");
            let line = Line { line, cycle };
            self.customer_mut(customer).sold(&offer, (seller, order), &line, now);
        }
    }

    pub(super) fn trial_converted(
        &mut self,
        customer: CustomerId,
        command: ConvertTrial,
        now: Timestamp,
    ) {
        let target = self.offer(command.offer_id).cloned().unwrap();
        let id = command.subscription_id;
        let old = self.offer(self.customers[&customer].subscriptions[&id].offer);
        let old_name = old.map(|offer| offer.name.clone());
        let held = self.customer_mut(customer).subscriptions.get_mut(&id).unwrap();
        held.offer = target.id;
        (held.terms_since, held.ends_at) = (now, None);
        if let Some(quantity) = command.quantity {
            held.quantity = quantity.get();
        }
        if Some(&held.name) == old_name.as_ref() {
            held.name = target.name;
        }
    }
}
