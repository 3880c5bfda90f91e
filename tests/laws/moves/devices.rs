//! Device lists and profiles.

use commands::{
    AddDevices, ApplyDeviceProfile, ChangeDeviceProfile, CreateDeviceBatch, CreateDeviceProfile,
    DeleteDeviceProfile, DeviceCommand, RemoveDevice, WithdrawDeviceProfile,
};
use events::{
    CustomerId, Device, DeviceBatchId, DeviceId, DeviceProfileId, DeviceSetting, FriendlyName,
    SerialNumber,
};

use crate::{
    scene::{By, Scene},
    task::Task,
};

pub(super) fn any(scene: &mut Scene<'_>) -> Option<(By, Task)> {
    let equipped = scene.plain.customers.iter().filter(|(_, it)| !it.devices.batches.is_empty());
    let equipped: Vec<_> = equipped.map(|(id, _)| *id).collect();
    let any = scene.customer()?;
    let picked = if scene.dice.one_in(3) { None } else { scene.dice.pick(&equipped) };
    let customer = picked.unwrap_or(any);
    let by = By::Employee(scene.partner_of(customer));
    let known = scene.plain.customers.get(&customer).map(|it| it.devices.clone());
    let known = known.unwrap_or_default();
    let batches: Vec<_> = known.batches.iter().copied().collect();
    let profiles: Vec<_> = known.profiles.keys().copied().collect();
    let devices: Vec<_> = known.registered.keys().copied().collect();
    let batch_id = scene.known(&batches, DeviceBatchId::from_uuid);
    let profile_id = scene.known(&profiles, DeviceProfileId::from_uuid);
    let command: DeviceCommand = match scene.dice.below(14) {
        0..=2 => CreateDeviceBatch {
            batch_id: scene.fresh(&batches, DeviceBatchId::from_uuid),
            name: name("Shipment"),
            devices: new(scene),
        }
        .into(),
        3..=4 => AddDevices { batch_id, devices: new(scene) }.into(),
        5 => RemoveDevice { device_id: scene.known(&devices, DeviceId::from_uuid) }.into(),
        6..=7 => CreateDeviceProfile {
            profile_id: scene.fresh(&profiles, DeviceProfileId::from_uuid),
            name: name("Standard"),
            settings: scene.dice.some(&DeviceSetting::ALL, 3),
        }
        .into(),
        8 => ChangeDeviceProfile {
            profile_id,
            name: name("Other"),
            settings: scene.dice.some(&DeviceSetting::ALL, 3),
        }
        .into(),
        9 => DeleteDeviceProfile { profile_id }.into(),
        10..=12 => ApplyDeviceProfile { profile_id, device_ids: some(scene, &devices) }.into(),
        _ => WithdrawDeviceProfile { device_ids: some(scene, &devices) }.into(),
    };
    Some((by, task(customer, command)))
}

fn task(customer: CustomerId, command: DeviceCommand) -> Task {
    Task::Customer(customer, command.into())
}

fn name(text: &str) -> FriendlyName {
    FriendlyName::new(text).unwrap()
}

fn some(scene: &mut Scene<'_>, devices: &[DeviceId]) -> Vec<DeviceId> {
    let count = scene.dice.below(4);
    (0..count).map(|_| scene.known(devices, DeviceId::from_uuid)).collect()
}

fn new(scene: &mut Scene<'_>) -> Vec<Device> {
    let count = scene.dice.below(4);
    (0..count)
        .map(|_| Device {
            device_id: scene.world.id(DeviceId::from_uuid),
            serial_number: SerialNumber::new(&format!("SN{}", scene.dice.below(40))).unwrap(),
            product_key: None,
        })
        .collect()
}
