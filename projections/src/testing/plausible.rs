//! Random histories that could have happened: a few companies and people to whom much happens.

mod bonds;
mod network;
mod people;
mod sales;

use events::{
    CustomerDomainAdded, CustomerQualified, CustomerUserPurged, Device, DeviceBatchCreated,
    DeviceProfileApplied, DeviceProfileCreated, DeviceProfileWithdrawn, DeviceRemoved,
    DeviceSetting, DomainName, FriendlyName, LeadAccepted, LeadConverted, LeadDeclined,
    LeadWithdrawn, LicenseFate, LicenseRevoked, Qualification, RelationshipEstablished,
    RequestStatus, SerialNumber, ServiceRequestKind, ServiceRequestStatusChanged, StreamId,
    SubscriptionQuantityChanged, SubscriptionReactivated, SubscriptionSuspended,
};
use proptest::prelude::*;

use self::{
    bonds::{
        change_partnership, change_privileges, change_relationship, change_relationship_request,
    },
    people::{
        change_application, change_directory_role, change_employee, change_token, change_webhook,
        sign_in_employee, sign_in_user,
    },
};
use super::{
    History, access_refused, agreement_confirmed, batch, customer, customer_created,
    customer_edited, damage_healed, device, device_profile, lead, lead_referred, order_submitted,
    partner, partner_user, quantity,
    requests::{declined, logged, noted, profile_changed, request, support_profile},
    sku, subscription, user, user_edited,
};
use crate::views::leads::LeadProgress;

/// What may happen next: what, and three numbers that say to whom.
pub(crate) type Step = (u8, u8, u8, u8);

/// Any sequence of steps.
pub(crate) fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(any::<Step>(), 0..250)
}

/// The history that steps make; a step that cannot happen where it stands is left out.
pub(crate) fn history(steps: &[Step]) -> History {
    let mut history = History::new();
    for (number, step) in steps.iter().enumerate() {
        take(&mut history, number as u128, *step);
    }
    history
}

/// Users and subscriptions get numbers of their own at each customer.
fn at(customer: u128, number: u8) -> u128 {
    customer * 10 + u128::from(number % 3)
}

fn take(history: &mut History, number: u128, (what, a, b, c): Step) {
    let company = u128::from(a % 3);
    let user = at(company, b);
    let provider = u128::from(a % 2);
    match what % 28 {
        0 => create_or_edit_customer(history, company, b),
        1 => create_or_edit_user(history, company, user),
        2 => delete_user(history, company, user, c),
        3 | 4 => restore_or_purge_user(history, company, user, c),
        5..=7 => move_license(history, company, user, u128::from(c % 2)),
        8 => change_subscription(history, company, user, c),
        9 => change_relationship(history, company, u128::from(b % 2)),
        10 => change_partnership(history, number, provider, 2 + u128::from(b % 2), company),
        11..=13 => change_employee(history, provider, u128::from(b % 2), c),
        16 => change_relationship_request(history, number, company, (b, c)),
        17 => change_privileges(history, company, u128::from(b % 2), c),
        19 => change_service_request(history, u64::from(b % 4), u128::from(a % 2), c),
        14 if c.is_multiple_of(2) => change_token(history, number, provider, u128::from(b % 2)),
        14 if c % 4 == 1 => sign_in_employee(history, number, provider, u128::from(b % 2)),
        14 => sign_in_user(history, number, company, user),
        15 => change_directory_role(history, company, user, c),
        18 => change_lead(history, provider, 2 + u128::from(b % 2), c),
        20 => change_devices(history, number, company, c),
        22 if b.is_multiple_of(2) => change_application(history, number, provider, c),
        23 | 24 => sales::change(history, company, user, c),
        25 => sales::draft(history, company, user, c),
        26 => network::change(history, number, provider, c),
        27 => change_webhook(history, number, provider, c),
        _ => notice(history, number, provider, c),
    }
}

fn notice(history: &mut History, number: u128, provider: u128, choice: u8) {
    if choice.is_multiple_of(2) {
        history.then(StreamId::INSTALLATION, damage_healed(number));
    } else {
        history.then(StreamId::INSTALLATION, access_refused(provider, u128::from(choice % 3)));
    }
}

fn create_or_edit_customer(history: &mut History, number: u128, choice: u8) {
    let (stream, seller) = (customer(number), u128::from(choice % 2));
    if history.model.customers().get(stream).is_none() {
        let bond = RelationshipEstablished { partner_id: partner(seller), delegated_admin: true };
        history.then(stream, customer_created(number, "Contoso", seller)).then(stream, bond);
    } else {
        history.then(stream, customer_edited(number, &format!("Company {choice}")));
    }
}

fn create_or_edit_user(history: &mut History, company: u128, number: u128) {
    if history.model.customer_users().get(customer(company), user(number)).is_none() {
        history.user(company, number);
    } else {
        history.then(customer(company), user_edited(number));
    }
}

fn delete_user(history: &mut History, company: u128, number: u128, choice: u8) {
    let row = history.model.customer_users().get(customer(company), user(number));
    let Some(row) = row.filter(|row| row.state.is_active() && choice.is_multiple_of(2)) else {
        return;
    };
    let licenses: Vec<u128> = row.licenses.iter().map(|sku| sku.as_uuid().as_u128()).collect();
    history.delete(company, number, &licenses);
}

fn restore_or_purge_user(history: &mut History, company: u128, number: u128, choice: u8) {
    let Some(row) = history.model.deleted_users().get(customer(company), user(number)) else {
        return;
    };
    if choice.is_multiple_of(4) {
        history.then(customer(company), CustomerUserPurged { user_id: user(number) });
        return;
    }
    let fate = if choice.is_multiple_of(2) { LicenseFate::Restored } else { LicenseFate::NoSeat };
    let licenses: Vec<_> =
        row.licenses_before.iter().map(|sku| (sku.as_uuid().as_u128(), fate)).collect();
    history.restore(company, number, &licenses);
}

fn move_license(history: &mut History, company: u128, number: u128, product: u128) {
    let Some(row) = history.model.customer_users().get(customer(company), user(number)) else {
        return;
    };
    if !row.state.is_active() {
        return;
    }
    if row.licenses.contains(&sku(product)) {
        let revoked = LicenseRevoked { user_id: user(number), sku_id: sku(product) };
        history.then(customer(company), revoked);
    } else if history.model.licenses().get(customer(company), sku(product)).is_some() {
        history.assign(company, number, product);
    }
}

fn change_subscription(history: &mut History, company: u128, number: u128, choice: u8) {
    let stream = customer(company);
    let subscription_id = subscription(number);
    let Some(row) = history.model.subscriptions().get(stream, subscription_id) else {
        let product = u128::from(choice % 2);
        history.then(stream, order_submitted(number, product, 0));
        history.subscribe(company, number, product, u32::from(choice) + 1, 0);
        return;
    };
    if row.state.is_cancelled() {
        return;
    }
    let (old, active) = (row.quantity, row.state.is_active());
    if choice.is_multiple_of(2) {
        let new = quantity(u32::from(choice) + 1);
        history.then(stream, SubscriptionQuantityChanged { subscription_id, old, new });
    } else if active {
        history.then(stream, SubscriptionSuspended { subscription_id });
    } else {
        history.then(stream, SubscriptionReactivated { subscription_id });
    }
}

/// Devices in lists of two, a profile for them, and agreements of the company.
fn change_devices(history: &mut History, number: u128, company: u128, choice: u8) {
    let (stream, profile_id) = (customer(company), device_profile(company * 10 + 1));
    if history.model.customers().get(stream).is_none() {
        return;
    }
    let name = FriendlyName::new("Front desk").unwrap();
    let ids: Vec<_> = history.model.devices().of(stream).map(|row| row.id).collect();
    let has_profile = history.model.devices().profile(stream, profile_id).is_some();
    match (choice % 8, ids.first()) {
        (0, _) => {
            let devices = [1, 2].map(|which| Device {
                device_id: device(number * 10 + which),
                serial_number: SerialNumber::new(&format!("SN-{number}-{which}")).unwrap(),
                product_key: None,
            });
            let devices = devices.to_vec();
            history.then(stream, DeviceBatchCreated { batch_id: batch(number), name, devices });
        }
        (1, _) if !has_profile => {
            let settings = vec![DeviceSetting::SkipEula];
            history.then(stream, DeviceProfileCreated { profile_id, name, settings });
        }
        (2, Some(_)) if has_profile => {
            history.then(stream, DeviceProfileApplied { profile_id, device_ids: ids });
        }
        (3, Some(_)) => {
            history.then(stream, DeviceProfileWithdrawn { device_ids: ids });
        }
        (4, Some(id)) => {
            history.then(stream, DeviceRemoved { device_id: *id });
        }
        (5, _) => {
            history.then(stream, agreement_confirmed(number, u128::from(choice % 2)));
        }
        (6, _) => {
            let domain = DomainName::new(&format!("further-{number}.example")).unwrap();
            history.then(stream, CustomerDomainAdded { domain });
        }
        (7, _) => {
            let qualification = Qualification::ALL[usize::from(choice / 8 % 2)];
            history.then(stream, CustomerQualified { qualification });
        }
        (_, _) => {}
    }
}

/// A few leads between each two companies.
fn change_lead(history: &mut History, provider: u128, reseller: u128, choice: u8) {
    let number = provider * 1_000 + reseller * 100 + u128::from(choice % 3);
    let (from, to, stream) = (partner(provider), partner(reseller), lead(number));
    let Some(row) = history.model.leads().of_partner(from, stream) else {
        history.then(stream, lead_referred(number, provider, reseller));
        return;
    };
    match (row.progress, choice / 3 % 2) {
        (LeadProgress::Referred, 0) => {
            history.then(stream, LeadAccepted { provider: from, reseller: to });
        }
        (LeadProgress::Referred, _) => {
            history.then(stream, LeadWithdrawn { provider: from, reseller: to });
        }
        (LeadProgress::Accepted { .. }, 0) => {
            let customer_id = customer(u128::from(choice));
            history.then(stream, LeadConverted { provider: from, reseller: to, customer_id });
        }
        (LeadProgress::Accepted { .. }, _) => {
            history.then(stream, LeadDeclined { provider: from, reseller: to });
        }
        (
            LeadProgress::Declined { .. }
            | LeadProgress::Withdrawn { .. }
            | LeadProgress::Converted { .. },
            _,
        ) => {}
    }
}

fn change_service_request(history: &mut History, number: u64, company: u128, choice: u8) {
    let stream = request(number);
    let Some(row) = history.model.service_requests().get(stream) else {
        let kind = ServiceRequestKind::Elevation { user_id: partner_user(company * 10) };
        history.then(stream, logged(number, company, kind));
        return;
    };
    let (company, old, partner_id) = (row.partner.as_uuid().as_u128(), row.status, row.partner);
    match choice % 4 {
        0 => history.then(stream, noted(number, company)),
        1 => history.then(stream, declined(number, company)),
        2 if old.is_open() => history.then(partner_id, support_profile(company, "Helped")),
        2 => history.then(partner_id, profile_changed(number, "Shown")),
        _ => {
            let new = RequestStatus::ALL[usize::from(choice / 4) % RequestStatus::ALL.len()];
            history.then(stream, ServiceRequestStatusChanged { partner_id, old, new })
        }
    };
}
