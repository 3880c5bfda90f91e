//! What must be true of the read model at every moment.

use std::collections::BTreeSet;

use events::{
    CustomerEvent, CustomerId, CustomerUserEvent, DirectoryRole, Event, LicenseEvent, LicenseFate,
    Role, SkuId,
};
use projections::ReadModel;
use proptest::{prop_assert, prop_assert_eq, test_runner::TestCaseError};

use crate::model::Plain;

/// Roles are sound, last admins stay, seats suffice.
pub(crate) fn hold(model: &ReadModel, plain: &Plain) -> Result<(), TestCaseError> {
    for partner in plain.partners.keys() {
        for row in model.partner_users().active(*partner) {
            let categories: BTreeSet<_> = row.roles.iter().map(Role::category).collect();
            prop_assert_eq!(categories.len(), row.roles.iter().count());
        }
        let admins = model.partner_users().holders(*partner, Role::GlobalAdmin).count();
        prop_assert!(admins > 0, "{} has no global admin", partner);
    }
    for row in model.customers().iter() {
        let admins =
            model.customer_users().members(row.id, DirectoryRole::GlobalAdmin, None).count();
        prop_assert!(admins > 0, "{} has no global admin", row.id);
        seats_suffice(model, row.id)?;
    }
    Ok(())
}

/// No more seats are assigned than were bought, and the counts are those of the rows.
fn seats_suffice(model: &ReadModel, customer: CustomerId) -> Result<(), TestCaseError> {
    for (sku, seats) in model.licenses().of(customer) {
        let subscriptions = model.subscriptions().of(customer);
        let own: Vec<_> =
            subscriptions.filter(|row| row.sku == sku && !row.state.is_cancelled()).collect();
        let bought: u64 = own.iter().map(|row| u64::from(row.quantity.get())).sum();
        prop_assert!(seats.consumed <= bought, "{} of {} seats", seats.consumed, bought);
        if own.iter().all(|row| row.state.is_active()) {
            prop_assert_eq!(seats.consumed + seats.available(), bought);
        }
        let users = model.customer_users().active(customer);
        let holders = users.filter(|row| row.licenses.contains(&sku)).count();
        prop_assert_eq!(seats.consumed, holders as u64);
    }
    Ok(())
}

/// Whoever just got a seat, or got one back, got one of an active subscription.
pub(crate) fn new_seats_are_active(
    events: &[Event],
    model: &ReadModel,
    customer: CustomerId,
) -> Result<(), TestCaseError> {
    for sku in events.iter().flat_map(seats_given) {
        let seats = model.licenses().get(customer, sku).unwrap_or_default();
        prop_assert!(seats.consumed <= seats.active, "{:?} after {:?}", seats, events);
    }
    Ok(())
}

fn seats_given(event: &Event) -> Vec<SkuId> {
    match event {
        Event::Customer(CustomerEvent::License(LicenseEvent::LicenseAssigned(assigned))) => {
            vec![assigned.sku_id]
        }
        Event::Customer(CustomerEvent::User(CustomerUserEvent::CustomerUserRestored(restored))) => {
            restored
                .licenses
                .iter()
                .filter(|license| license.fate == LicenseFate::Restored)
                .map(|license| license.sku_id)
                .collect()
        }
        _ => Vec::new(),
    }
}
