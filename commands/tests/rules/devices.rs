use commands::{
    AddDevices, ApplyDeviceProfile, CUSTOMER_DEVICES_MAX, ChangeDeviceProfile, CreateDeviceBatch,
    CreateDeviceProfile, Customer, DEVICES_MAX, DeleteDeviceProfile, DeviceCommand, DeviceRefusal,
    Rejection, RemoveDevice, WithdrawDeviceProfile, scenario::Scenario,
};
use events::{
    Device, DeviceBatchCreated, DeviceBatchId, DeviceId, DeviceProfileApplied,
    DeviceProfileChanged, DeviceProfileCreated, DeviceProfileDeleted, DeviceProfileId,
    DeviceProfileWithdrawn, DeviceRemoved, DeviceSetting, DevicesAdded, SerialNumber,
};
use uuid::Uuid;

use crate::samples::{STRANGER, contoso, somebody_of};

const BATCH: DeviceBatchId = DeviceBatchId::from_uuid(Uuid::from_u128(0xd001));
const PROFILE: DeviceProfileId = DeviceProfileId::from_uuid(Uuid::from_u128(0xd101));
const OTHER: DeviceProfileId = DeviceProfileId::from_uuid(Uuid::from_u128(0xd102));

const fn id(number: u128) -> DeviceId {
    DeviceId::from_uuid(Uuid::from_u128(0xe000_0000 + number))
}

fn serial(text: &str) -> SerialNumber {
    text.parse().unwrap()
}

fn device(number: u128) -> Device {
    Device {
        device_id: id(number),
        serial_number: serial(&format!("SN-{number}")),
        product_key: None,
    }
}

fn asks(command: impl Into<DeviceCommand>) -> DeviceCommand {
    command.into()
}

fn batch(numbers: impl IntoIterator<Item = u128>) -> CreateDeviceBatch {
    let devices = numbers.into_iter().map(device).collect();
    CreateDeviceBatch { batch_id: BATCH, name: "Office".parse().unwrap(), devices }
}

fn profile(profile_id: DeviceProfileId, settings: &[DeviceSetting]) -> CreateDeviceProfile {
    let settings = settings.to_vec();
    CreateDeviceProfile { profile_id, name: "Plain".parse().unwrap(), settings }
}

fn apply(profile_id: DeviceProfileId, numbers: &[u128]) -> ApplyDeviceProfile {
    ApplyDeviceProfile { profile_id, device_ids: numbers.iter().map(|n| id(*n)).collect() }
}

fn withdraw(numbers: &[u128]) -> WithdrawDeviceProfile {
    WithdrawDeviceProfile { device_ids: numbers.iter().map(|n| id(*n)).collect() }
}

/// Contoso with devices 1 and 2 and a profile.
fn registered() -> Scenario<Customer> {
    contoso()
        .after(asks(batch([1, 2])))
        .after(asks(profile(PROFILE, &[DeviceSetting::SkipEula])))
        .after(asks(profile(OTHER, &[DeviceSetting::SkipExpressSettings])))
}

fn refused(refusal: DeviceRefusal) -> Rejection {
    refusal.into()
}

#[test]
fn a_list_of_devices_is_registered_and_grows() {
    let CreateDeviceBatch { batch_id, name, devices } = batch([1, 2]);
    contoso()
        .when(asks(batch([1, 2])))
        .then([DeviceBatchCreated { batch_id, name, devices }])
        .when(asks(AddDevices { batch_id: BATCH, devices: vec![device(3)] }))
        .then([DevicesAdded { batch_id: BATCH, devices: vec![device(3)] }]);
}

#[test]
fn a_serial_number_stands_once_among_the_devices_of_a_customer() {
    let taken = |text| refused(DeviceRefusal::SerialNumberTaken { serial_number: serial(text) });
    let more = |devices| asks(AddDevices { batch_id: BATCH, devices });
    let again = Device { device_id: id(9), ..device(2) };
    registered().when(more(vec![again])).then_refused(taken("SN-2"));
    let twin = Device { device_id: id(9), ..device(3) };
    registered().when(more(vec![device(3), twin])).then_refused(taken("SN-3"));
    let back = registered().after(asks(RemoveDevice { device_id: id(2) }));
    let device = Device { device_id: id(9), ..device(2) };
    let added = DevicesAdded { batch_id: BATCH, devices: vec![device.clone()] };
    back.when(more(vec![device])).then([added]);
}

#[test]
fn a_list_names_at_least_one_device_and_not_too_many() {
    contoso().when(asks(batch([]))).then_refused(refused(DeviceRefusal::NoDevices));
    let count = DEVICES_MAX + 1;
    let many = asks(batch(0..count as u128));
    let refusal = DeviceRefusal::TooManyDevices { count, limit: DEVICES_MAX };
    contoso().when(many).then_refused(refused(refusal));
    let full = contoso().after(asks(batch(0..DEVICES_MAX as u128)));
    assert_eq!(full.state().devices().profile_of(id(0)), None);
}

#[test]
fn a_customer_has_a_limited_number_of_devices() {
    let mut scenario = contoso().after(asks(batch(0..DEVICES_MAX as u128)));
    for start in (DEVICES_MAX..CUSTOMER_DEVICES_MAX).step_by(DEVICES_MAX) {
        let devices = (start..start + DEVICES_MAX).map(|number| device(number as u128)).collect();
        scenario = scenario.after(asks(AddDevices { batch_id: BATCH, devices }));
    }
    let one_more = AddDevices { batch_id: BATCH, devices: vec![device(999_999)] };
    let count = CUSTOMER_DEVICES_MAX + 1;
    let refusal = DeviceRefusal::TooManyDevices { count, limit: CUSTOMER_DEVICES_MAX };
    scenario.when(asks(one_more)).then_refused(refused(refusal));
}

#[test]
fn a_device_is_removed_from_its_list_once() {
    let remove = || asks(RemoveDevice { device_id: id(1) });
    let gone = refused(DeviceRefusal::DeviceNotFound { device_id: id(1) });
    registered()
        .when(remove())
        .then([DeviceRemoved { device_id: id(1) }])
        .when(remove())
        .then_refused(gone);
}

#[test]
fn a_profile_sets_each_thing_once_and_something_at_least() {
    use DeviceSetting::{OobeUserNotAdmin, SkipEula};
    let name = || "Plain".parse().unwrap();
    contoso()
        .when(asks(profile(PROFILE, &[SkipEula, OobeUserNotAdmin, SkipEula])))
        .then([DeviceProfileCreated {
            profile_id: PROFILE,
            name: name(),
            settings: vec![OobeUserNotAdmin, SkipEula],
        }])
        .when(asks(ChangeDeviceProfile {
            profile_id: PROFILE,
            name: name(),
            settings: vec![SkipEula],
        }))
        .then([DeviceProfileChanged {
            profile_id: PROFILE,
            name: name(),
            settings: vec![SkipEula],
        }])
        .when(asks(ChangeDeviceProfile { profile_id: PROFILE, name: name(), settings: vec![] }))
        .then_refused(refused(DeviceRefusal::NoSettings));
    contoso().when(asks(profile(PROFILE, &[]))).then_refused(refused(DeviceRefusal::NoSettings));
}

#[test]
fn a_profile_is_applied_to_devices_instead_of_the_one_they_had() {
    let applied = |profile_id, numbers: &[u128]| {
        let ApplyDeviceProfile { device_ids, .. } = apply(profile_id, numbers);
        DeviceProfileApplied { profile_id, device_ids }
    };
    let scenario = registered()
        .when(asks(apply(PROFILE, &[1, 2, 1])))
        .then([applied(PROFILE, &[1, 2])])
        .when(asks(apply(PROFILE, &[2])))
        .then_nothing()
        .when(asks(apply(OTHER, &[2])))
        .then([applied(OTHER, &[2])]);
    assert_eq!(scenario.state().devices().profile_of(id(1)), Some(PROFILE));
    assert_eq!(scenario.state().devices().profile_of(id(2)), Some(OTHER));
}

#[test]
fn a_profile_that_devices_have_is_not_deleted_until_it_is_withdrawn() {
    let delete = || asks(DeleteDeviceProfile { profile_id: PROFILE });
    let device_ids = vec![id(1), id(2)];
    registered()
        .after(asks(apply(PROFILE, &[1, 2])))
        .when(delete())
        .then_refused(refused(DeviceRefusal::ProfileInUse { count: 2 }))
        .when(asks(withdraw(&[1, 2])))
        .then([DeviceProfileWithdrawn { device_ids }])
        .when(asks(withdraw(&[1])))
        .then_nothing()
        .when(delete())
        .then([DeviceProfileDeleted { profile_id: PROFILE }])
        .when(asks(apply(PROFILE, &[1])))
        .then_refused(refused(DeviceRefusal::ProfileNotFound));
}

#[test]
fn what_is_not_there_is_not_found() {
    let nobody = refused(DeviceRefusal::DeviceNotFound { device_id: id(7) });
    registered().when(asks(apply(PROFILE, &[1, 7]))).then_refused(nobody.clone());
    registered().when(asks(withdraw(&[7]))).then_refused(nobody);
    registered().when(asks(withdraw(&[]))).then_refused(refused(DeviceRefusal::NoDevices));
    let more = AddDevices { batch_id: BATCH, devices: vec![device(1)] };
    contoso().when(asks(more)).then_refused(refused(DeviceRefusal::BatchNotFound));
    let missing = || refused(DeviceRefusal::ProfileNotFound);
    contoso().when(asks(DeleteDeviceProfile { profile_id: PROFILE })).then_refused(missing());
    let change = ChangeDeviceProfile {
        profile_id: PROFILE,
        name: "Plain".parse().unwrap(),
        settings: vec![DeviceSetting::SkipEula],
    };
    contoso().when(asks(change)).then_refused(missing());
    let list = Rejection::AlreadyExists { what: "device list" };
    registered().when(asks(batch([5]))).then_refused(list);
    let twice = Rejection::AlreadyExists { what: "device profile" };
    registered().when(asks(profile(PROFILE, &[DeviceSetting::SkipEula]))).then_refused(twice);
}

#[test]
fn a_partner_without_the_customer_registers_nothing() {
    contoso()
        .by(somebody_of(STRANGER))
        .when(asks(batch([1])))
        .then_refused(Rejection::NotYourCustomer);
}
