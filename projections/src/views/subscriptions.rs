//! What has a customer subscribed to, through whom, and does it work?

use events::{
    BillingCycle, CustomerEvent, CustomerId, Event, FriendlyName, MpnId, OfferId, OrderEvent,
    OrderId, OrderRebilled, PartnerId, Quantity, RecordedEvent, ResellerOfRecordChanged, SaleTerms,
    SkuId, SubscriptionCreated, SubscriptionEvent, SubscriptionId, SubscriptionUpgraded, Timestamp,
};
use imbl::OrdSet;

use crate::{
    keys::{Id, Owned, customer_of, insert_new, owned_by, owned_mut},
    view::{Contradiction, View},
};

/// A bought offer with a licence quantity.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SubscriptionRow {
    /// The subscription.
    pub id: SubscriptionId,
    /// The customer.
    pub customer: CustomerId,
    /// The order it came from.
    pub order: OrderId,
    /// The partner that sold it.
    pub partner: PartnerId,
    /// What was bought.
    pub offer: OfferId,
    /// The product whose seats it holds.
    pub sku: SkuId,
    /// How many licences it has now.
    pub quantity: Quantity,
    /// How it is billed.
    pub billing_cycle: BillingCycle,
    /// What the buyer calls it.
    pub friendly_name: FriendlyName,
    /// The MPN id of the indirect reseller on record.
    pub partner_on_record: Option<MpnId>,
    /// The subscription to which it is an add-on.
    pub parent: Option<SubscriptionId>,
    /// What was agreed; not known of what was sold before it was recorded.
    pub terms: Option<SaleTerms>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When the first of its terms began that are as long as those of now.
    pub terms_since: Timestamp,
    /// When it ends, where it is not renewed.
    pub ends_at: Option<Timestamp>,
    /// Whether it works.
    pub state: SubscriptionState,
    /// How often it was written: 1 when it was created, one more with each change.
    pub version: u64,
}

/// Whether a subscription works.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SubscriptionState {
    /// Its seats can be assigned.
    Active,
    /// Assignments stay, no seat is available.
    Suspended {
        /// Since when.
        since: Timestamp,
    },
    /// It is over for good.
    Cancelled {
        /// Since when.
        since: Timestamp,
    },
}

impl SubscriptionRow {
    /// Whether it is renewed at the end of each term; what is paid once has none.
    #[must_use]
    pub fn is_renewed(&self) -> bool {
        let has_terms = self.billing_cycle != BillingCycle::OneTime;
        has_terms && self.ends_at.is_none() && !self.state.is_cancelled()
    }
}

impl SubscriptionState {
    /// True for a subscription that works.
    #[must_use]
    pub const fn is_active(self) -> bool {
        matches!(self, Self::Active)
    }

    /// True for a subscription that is over for good.
    #[must_use]
    pub const fn is_cancelled(self) -> bool {
        matches!(self, Self::Cancelled { .. })
    }
}

/// All subscriptions of all customers.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Subscriptions {
    rows: Owned<CustomerId, SubscriptionId, SubscriptionRow>,
    by_partner: OrdSet<(PartnerId, CustomerId, SubscriptionId)>,
    on_record: OrdSet<(MpnId, CustomerId, SubscriptionId)>,
}

impl Subscriptions {
    /// A subscription of this customer.
    #[must_use]
    pub fn get(&self, customer: CustomerId, id: SubscriptionId) -> Option<&SubscriptionRow> {
        self.rows.get(&(customer, id)).map(|row| &**row)
    }

    /// The subscriptions of a customer, whoever sold them, in the order of creation.
    pub fn of(&self, customer: CustomerId) -> impl Iterator<Item = &SubscriptionRow> {
        owned_by(&self.rows, customer, None)
    }

    /// The subscriptions of a customer that came from one order.
    pub fn of_order(
        &self,
        customer: CustomerId,
        order: OrderId,
    ) -> impl Iterator<Item = &SubscriptionRow> {
        self.of(customer).filter(move |row| row.order == order)
    }

    /// The subscriptions a partner sold, customer by customer.
    pub fn sold_by(&self, partner: PartnerId) -> impl Iterator<Item = &SubscriptionRow> {
        let first = (partner, CustomerId::MIN, SubscriptionId::MIN);
        self.by_partner
            .range(first..=(partner, CustomerId::MAX, SubscriptionId::MAX))
            .filter_map(|(_, customer, id)| self.get(*customer, *id))
    }

    /// The subscriptions for which the reseller with this MPN id is on record now, whoever sold
    /// them.
    pub fn on_record(&self, mpn_id: &MpnId) -> impl Iterator<Item = &SubscriptionRow> {
        let first = (mpn_id.clone(), CustomerId::MIN, SubscriptionId::MIN);
        let last = (mpn_id.clone(), CustomerId::MAX, SubscriptionId::MAX);
        self.on_record.range(first..=last).filter_map(|(_, customer, id)| self.get(*customer, *id))
    }

    /// The add-ons of a subscription, cancelled ones too.
    pub fn add_ons_of(
        &self,
        customer: CustomerId,
        parent: SubscriptionId,
    ) -> impl Iterator<Item = &SubscriptionRow> {
        self.of(customer).filter(move |row| row.parent == Some(parent))
    }

    fn create(
        &mut self,
        recorded: &RecordedEvent,
        event: &SubscriptionCreated,
    ) -> Result<(), Contradiction> {
        let customer = customer_of(recorded);
        let row = SubscriptionRow {
            id: event.subscription_id,
            customer,
            order: event.order_id,
            partner: event.partner_id,
            offer: event.offer_id,
            sku: event.sku_id,
            quantity: event.quantity,
            billing_cycle: event.billing_cycle,
            friendly_name: event.friendly_name.clone(),
            partner_on_record: event.partner_on_record.clone(),
            parent: event.parent_subscription,
            terms: event.terms.clone(),
            created_at: recorded.metadata.occurred_at,
            terms_since: recorded.metadata.occurred_at,
            ends_at: None,
            state: SubscriptionState::Active,
            version: 1,
        };
        insert_new(&mut self.rows, customer, event.subscription_id, row)?;
        self.by_partner.insert((event.partner_id, customer, event.subscription_id));
        if let Some(mpn_id) = &event.partner_on_record {
            self.on_record.insert((mpn_id.clone(), customer, event.subscription_id));
        }
        Ok(())
    }

    fn rebill(
        &mut self,
        recorded: &RecordedEvent,
        event: &OrderRebilled,
    ) -> Result<(), Contradiction> {
        let customer = customer_of(recorded);
        for rebilled in &event.subscriptions {
            let row = self.written(customer, rebilled.subscription_id)?;
            row.billing_cycle = event.new;
            row.terms_since = recorded.metadata.occurred_at;
            row.terms = Some(rebilled.terms.clone());
        }
        Ok(())
    }

    fn record(
        &mut self,
        customer: CustomerId,
        event: &ResellerOfRecordChanged,
    ) -> Result<(), Contradiction> {
        let id = event.subscription_id;
        let row = self.written(customer, id)?;
        let old = std::mem::replace(&mut row.partner_on_record, event.new.clone());
        if let Some(mpn_id) = old {
            self.on_record.remove(&(mpn_id, customer, id));
        }
        if let Some(mpn_id) = event.new.clone() {
            self.on_record.insert((mpn_id, customer, id));
        }
        Ok(())
    }

    /// A row that is about to be changed.
    fn written(
        &mut self,
        customer: CustomerId,
        id: SubscriptionId,
    ) -> Result<&mut SubscriptionRow, Contradiction> {
        let row = owned_mut(&mut self.rows, customer, id)?;
        row.version += 1;
        Ok(row)
    }
}

fn upgrade(row: &mut SubscriptionRow, event: &SubscriptionUpgraded) {
    row.offer = event.new_offer_id;
    row.sku = event.new_sku_id;
    row.terms = Some(event.terms.clone());
}

fn cancel(row: &mut SubscriptionRow, since: Timestamp) -> Result<(), Contradiction> {
    if row.state.is_cancelled() {
        return Err(Contradiction::wrong_state(row.id, "is cancelled already"));
    }
    row.state = SubscriptionState::Cancelled { since };
    Ok(())
}

fn suspend(row: &mut SubscriptionRow, since: Timestamp) -> Result<(), Contradiction> {
    if !row.state.is_active() {
        return Err(Contradiction::wrong_state(row.id, "is not active"));
    }
    row.state = SubscriptionState::Suspended { since };
    Ok(())
}

fn reactivate(row: &mut SubscriptionRow) -> Result<(), Contradiction> {
    if !matches!(row.state, SubscriptionState::Suspended { .. }) {
        return Err(Contradiction::wrong_state(row.id, "is not suspended"));
    }
    row.state = SubscriptionState::Active;
    Ok(())
}

impl View for Subscriptions {
    const NAME: &'static str = "subscriptions";

    fn apply(&mut self, recorded: &RecordedEvent) -> Result<(), Contradiction> {
        let Event::Customer(event) = &recorded.event else {
            return Ok(());
        };
        let customer = customer_of(recorded);
        match event {
            CustomerEvent::Subscription(event) => match event {
                SubscriptionEvent::SubscriptionCreated(event) => self.create(recorded, event)?,
                SubscriptionEvent::SubscriptionRenamed(event) => {
                    let row = self.written(customer, event.subscription_id)?;
                    row.friendly_name = event.friendly_name.clone();
                }
                SubscriptionEvent::SubscriptionQuantityChanged(event) => {
                    let row = self.written(customer, event.subscription_id)?;
                    row.quantity = event.new;
                }
                SubscriptionEvent::SubscriptionSuspended(event) => {
                    let row = self.written(customer, event.subscription_id)?;
                    suspend(row, recorded.metadata.occurred_at)?;
                }
                SubscriptionEvent::SubscriptionUpgraded(event) => {
                    upgrade(self.written(customer, event.subscription_id)?, event);
                }
                SubscriptionEvent::TrialConverted(event) => {
                    let row = self.written(customer, event.subscription_id)?;
                    row.offer = event.new_offer_id;
                    row.terms = Some(event.terms.clone());
                    row.terms_since = recorded.metadata.occurred_at;
                }
                SubscriptionEvent::SubscriptionRenewalStopped(event) => {
                    self.written(customer, event.subscription_id)?.ends_at = Some(event.ends_at);
                }
                SubscriptionEvent::SubscriptionRenewalResumed(event) => {
                    self.written(customer, event.subscription_id)?.ends_at = None;
                }
                SubscriptionEvent::SubscriptionCancelled(event) => {
                    let row = self.written(customer, event.subscription_id)?;
                    cancel(row, recorded.metadata.occurred_at)?;
                }
                SubscriptionEvent::ResellerOfRecordChanged(event) => {
                    self.record(customer, event)?;
                }
                SubscriptionEvent::SubscriptionReactivated(event) => {
                    reactivate(self.written(customer, event.subscription_id)?)?;
                }
            },
            CustomerEvent::Order(OrderEvent::OrderRebilled(event)) => {
                self.rebill(recorded, event)?;
            }
            CustomerEvent::Account(_)
            | CustomerEvent::Relationship(_)
            | CustomerEvent::Request(_)
            | CustomerEvent::Cart(_)
            | CustomerEvent::Order(OrderEvent::OrderSubmitted(_) | OrderEvent::OrderExtended(_))
            | CustomerEvent::SupportContact(_)
            | CustomerEvent::User(_)
            | CustomerEvent::License(_)
            | CustomerEvent::DirectoryRole(_)
            | CustomerEvent::SignIn(_)
            | CustomerEvent::Device(_)
            | CustomerEvent::Agreement(_) => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use events::{SubscriptionReactivated, SubscriptionRenamed, SubscriptionSuspended};

    use super::*;
    use crate::testing::{History, customer, order, partner, subscription};

    fn two_subscriptions() -> History {
        let mut history = History::new();
        history.customer(1, "Contoso", 1).subscribe(1, 1, 5, 6, 1).subscribe(1, 2, 5, 4, 2);
        history
    }

    fn row(history: &History) -> &SubscriptionRow {
        history.model.subscriptions().get(customer(1), subscription(1)).unwrap()
    }

    #[test]
    fn a_subscription_is_found_under_its_customer_its_order_and_its_seller() {
        let history = two_subscriptions();
        let subscriptions = history.model.subscriptions();
        assert_eq!(subscriptions.of(customer(1)).count(), 2);
        assert!(subscriptions.get(customer(2), subscription(1)).is_none());
        let of_order: Vec<_> = subscriptions.of_order(customer(1), order(2)).collect();
        assert_eq!(of_order[0].id, subscription(2));
        let sold: Vec<_> = subscriptions.sold_by(partner(1)).map(|row| row.id).collect();
        assert_eq!(sold, [subscription(1)]);
    }

    #[test]
    fn a_subscription_is_renamed_suspended_and_reactivated() {
        let mut history = two_subscriptions();
        let subscription_id = subscription(1);
        let friendly_name = FriendlyName::new("Head office").unwrap();
        history.then(customer(1), SubscriptionRenamed { subscription_id, friendly_name });
        history.then(customer(1), SubscriptionSuspended { subscription_id });
        assert_eq!(row(&history).state, SubscriptionState::Suspended { since: history.now });
        assert_eq!(row(&history).friendly_name.as_str(), "Head office");
        history.then(customer(1), SubscriptionReactivated { subscription_id });
        assert!(row(&history).state.is_active());
        let again = history.refused(customer(1), SubscriptionReactivated { subscription_id });
        assert!(again.is_err());
    }
}
