//! What must be true of the read model at every moment.

use std::collections::BTreeSet;

use events::{
    CustomerEvent, CustomerId, CustomerUserEvent, DirectoryRole, Event, LicenseEvent, LicenseFate,
    Role, SkuId, Timestamp,
};
use projections::ReadModel;
use proptest::{prop_assert, prop_assert_eq, test_runner::TestCaseError};

use crate::{plain::Plain, world::World};

/// Users, deleted users and roles are those of the plain model.
pub(crate) fn agrees_with(
    plain: &Plain,
    model: &ReadModel,
    world: &World,
    now: Timestamp,
) -> Result<(), TestCaseError> {
    for customer in world.customers {
        let (active, restorable) = plain.users_of(customer, now);
        let shown: BTreeSet<_> =
            model.customer_users().active(customer).map(|row| row.id).collect();
        prop_assert_eq!(shown, active, "users of {}", customer);
        let deleted = model.deleted_users();
        let shown: BTreeSet<_> = deleted.restorable(customer, now).map(|row| row.user).collect();
        prop_assert_eq!(deleted.restorable_count(customer, now), shown.len());
        prop_assert_eq!(shown, restorable, "deleted users of {}", customer);
    }
    for partner in world.partners {
        let (active, restorable) = plain.employees_of(partner, now);
        let rows = model.partner_users().active(partner);
        let shown = rows.map(|row| (row.id, row.roles.iter().collect::<BTreeSet<_>>())).collect();
        prop_assert_eq!(active, shown, "employees of {}", partner);
        let deleted = model.deleted_users().restorable_partner_users(partner, now);
        let shown: BTreeSet<_> = deleted.map(|row| row.user).collect();
        prop_assert_eq!(shown, restorable, "deleted employees of {}", partner);
    }
    Ok(())
}

/// At most one role of a category, and the last global admins stay.
pub(crate) fn roles_are_sound(model: &ReadModel, world: &World) -> Result<(), TestCaseError> {
    for partner in world.partners.into_iter().filter(|id| model.partners().get(*id).is_some()) {
        for row in model.partner_users().active(partner) {
            let categories: BTreeSet<_> = row.roles.iter().map(Role::category).collect();
            prop_assert_eq!(categories.len(), row.roles.iter().count());
        }
        let admins = model.partner_users().holders(partner, Role::GlobalAdmin).count();
        prop_assert!(admins > 0, "{} has no global admin", partner);
    }
    for customer in world.customers.into_iter().filter(|id| model.customers().get(*id).is_some()) {
        let admins =
            model.customer_users().members(customer, DirectoryRole::GlobalAdmin, None).count();
        prop_assert!(admins > 0, "{} has no global admin", customer);
    }
    Ok(())
}

/// No more seats are assigned than were bought, and the counts are those of the rows.
pub(crate) fn seats_suffice(model: &ReadModel, world: &World) -> Result<(), TestCaseError> {
    for customer in world.customers {
        for (sku, seats) in model.licenses().of(customer) {
            let subscriptions = model.subscriptions().of(customer);
            let own: Vec<_> = subscriptions.filter(|row| row.sku == sku).collect();
            let bought: u64 = own.iter().map(|row| u64::from(row.quantity.get())).sum();
            prop_assert!(seats.consumed <= bought, "{} of {} seats", seats.consumed, bought);
            if own.iter().all(|row| row.state.is_active()) {
                prop_assert_eq!(seats.consumed + seats.available(), bought);
            }
            let users = model.customer_users().active(customer);
            let holders = users.filter(|row| row.licenses.contains(&sku)).count();
            prop_assert_eq!(seats.consumed, holders as u64);
        }
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
