//! What did a partner sell: by product, and by customer?

use std::collections::{BTreeMap, BTreeSet};

use events::{CustomerId, PartnerId, SkuId};
use projections::{ReadModel, SubscriptionRow, SubscriptionState};

/// What was sold of one product, as far as it has not been cancelled.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct Sold {
    /// To how many customers.
    pub(crate) customers: usize,
    /// How many subscriptions.
    pub(crate) subscriptions: usize,
    /// Licences of active subscriptions.
    pub(crate) active: u64,
    /// Licences of suspended subscriptions.
    pub(crate) suspended: u64,
}

/// What a partner sold of each product to the customers it sees.
pub(crate) fn by_product(model: &ReadModel, partner: PartnerId) -> BTreeMap<SkuId, Sold> {
    let mut customers = BTreeMap::<SkuId, BTreeSet<CustomerId>>::new();
    let mut sold = BTreeMap::<SkuId, Sold>::new();
    for row in standing(model, partner) {
        customers.entry(row.sku).or_default().insert(row.customer);
        sold.entry(row.sku).or_default().add(row);
    }
    for (sku, buyers) in customers {
        sold.entry(sku).or_default().customers = buyers.len();
    }
    sold
}

/// What a partner sold of each product to each customer that it sees.
pub(crate) fn by_customer(
    model: &ReadModel,
    partner: PartnerId,
) -> BTreeMap<(CustomerId, SkuId), Sold> {
    let mut sold = BTreeMap::<(CustomerId, SkuId), Sold>::new();
    for row in standing(model, partner) {
        let entry = sold.entry((row.customer, row.sku)).or_default();
        entry.customers = 1;
        entry.add(row);
    }
    sold
}

/// The name of a product as it was last sold; its id where none is known.
pub(crate) fn product_name(model: &ReadModel, sku: SkuId) -> String {
    let name = model.sold_offers().product(sku);
    name.map_or_else(|| sku.to_string(), |name| name.as_str().to_owned())
}

/// The name of a customer's company.
pub(crate) fn company_name(model: &ReadModel, customer: CustomerId) -> String {
    let row = model.customers().get(customer);
    row.map_or_else(|| customer.to_string(), |row| row.company_name.to_string())
}

/// The subscriptions a partner sold that are not cancelled, to customers that it still sees.
fn standing(model: &ReadModel, partner: PartnerId) -> impl Iterator<Item = &SubscriptionRow> {
    model.subscriptions().sold_by(partner).filter(move |row| {
        !row.state.is_cancelled() && model.customers().seen_by(partner, row.customer).is_some()
    })
}

impl Sold {
    fn add(&mut self, row: &SubscriptionRow) {
        let licenses = u64::from(row.quantity.get());
        match row.state {
            SubscriptionState::Active => self.active += licenses,
            SubscriptionState::Suspended { .. } => self.suspended += licenses,
            SubscriptionState::Cancelled { .. } => return,
        }
        self.subscriptions += 1;
    }
}
