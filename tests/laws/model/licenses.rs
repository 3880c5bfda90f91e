//! Licences: seats of products, never more than the active subscriptions have.

use commands::UpdateLicenses;
use events::{CustomerId, SkuId};
use services::application::Principal;

use super::{Plain, Reasons, reach::Way, who_may::Deed};

impl Plain {
    /// Refuses so many more seats of a product than there are.
    pub(super) fn seats(&self, no: &mut Reasons, customer: CustomerId, sku: SkuId, count: usize) {
        let Some(state) = self.customers.get(&customer).filter(|_| count > 0) else { return };
        let pool = state.pool(sku);
        no.no_if(pool == 0, "no_active_subscription");
        let free = pool.saturating_sub(state.consumed(sku)) as usize;
        no.no_if(pool > 0 && count > free, "seats_missing");
    }

    pub(super) fn update_licenses(
        &self,
        no: &mut Reasons,
        by: Principal,
        (customer, command): (CustomerId, &UpdateLicenses),
    ) {
        self.on_customer(no, by, customer, (Deed::Licenses, Way::Administrator));
        self.named(no, customer, &command.user_ids);
        let both = command.assign.iter().any(|sku| command.remove.contains(sku));
        no.no_if(both, "license_assigned_and_removed");
        let mut users = command.user_ids.clone();
        users.sort_unstable();
        users.dedup();
        for sku in &command.assign {
            let users = users.iter().filter_map(|id| self.user(customer, *id));
            let new: Vec<_> = users.filter(|user| !user.licenses.contains(sku)).collect();
            no.no_if(new.iter().any(|user| !user.is_located), "usage_location_missing");
            self.seats(no, customer, *sku, new.len());
        }
    }

    pub(super) fn licenses_updated(&mut self, customer: CustomerId, command: &UpdateLicenses) {
        for id in &command.user_ids {
            let licenses = &mut self.user_mut(customer, *id).licenses;
            licenses.retain(|sku| !command.remove.contains(sku));
            licenses.extend(&command.assign);
        }
    }
}
