//! The devices of a customer: lists of them, profiles, and which device has which profile.

use std::collections::BTreeSet;

use events::{
    Actor, CustomerEvent, Device, DeviceBatchCreated, DeviceBatchId, DeviceEvent, DeviceId,
    DeviceProfileApplied, DeviceProfileChanged, DeviceProfileCreated, DeviceProfileDeleted,
    DeviceProfileId, DeviceProfileWithdrawn, DeviceRemoved, DeviceSetting, DevicesAdded,
    FriendlyName, SerialNumber,
};
use imbl::{OrdMap, OrdSet};

use super::{CustomerCommand, reach, state::CustomerState};
use crate::{
    command::{Requires, command_enum},
    context::Context,
    permissions::Permission,
    rejection::{DeviceRefusal, Rejection},
};

/// The most devices a command may name.
pub const DEVICES_MAX: usize = 250;
/// The most devices a customer may have.
pub const CUSTOMER_DEVICES_MAX: usize = 10_000;

/// Register a list of devices.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CreateDeviceBatch {
    /// The new list.
    pub batch_id: DeviceBatchId,
    /// What it is called.
    pub name: FriendlyName,
    /// The devices on it, at most [`DEVICES_MAX`].
    pub devices: Vec<Device>,
}

/// Put more devices on a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AddDevices {
    /// The list.
    pub batch_id: DeviceBatchId,
    /// The devices, at most [`DEVICES_MAX`].
    pub devices: Vec<Device>,
}

/// Take a device off its list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RemoveDevice {
    /// The device.
    pub device_id: DeviceId,
}

/// Create a profile for devices.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CreateDeviceProfile {
    /// The new profile.
    pub profile_id: DeviceProfileId,
    /// What it is called.
    pub name: FriendlyName,
    /// What it sets, each once.
    pub settings: Vec<DeviceSetting>,
}

/// Give a profile another name or other settings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChangeDeviceProfile {
    /// The profile.
    pub profile_id: DeviceProfileId,
    /// What it is called from now on.
    pub name: FriendlyName,
    /// What it sets from now on.
    pub settings: Vec<DeviceSetting>,
}

/// Delete a profile that no device has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DeleteDeviceProfile {
    /// The profile.
    pub profile_id: DeviceProfileId,
}

/// Give devices a profile, instead of the one they have.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ApplyDeviceProfile {
    /// The profile.
    pub profile_id: DeviceProfileId,
    /// The devices, at most [`DEVICES_MAX`].
    pub device_ids: Vec<DeviceId>,
}

/// Take their profile from devices.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WithdrawDeviceProfile {
    /// The devices, at most [`DEVICES_MAX`].
    pub device_ids: Vec<DeviceId>,
}

command_enum! {
    /// What can be asked of a customer's devices.
    DeviceCommand in CustomerCommand {
        /// Register a list of devices.
        CreateBatch(CreateDeviceBatch),
        /// Put more devices on a list.
        AddDevices(AddDevices),
        /// Take a device off its list.
        RemoveDevice(RemoveDevice),
        /// Create a profile.
        CreateProfile(CreateDeviceProfile),
        /// Give a profile another name or other settings.
        ChangeProfile(ChangeDeviceProfile),
        /// Delete a profile.
        DeleteProfile(DeleteDeviceProfile),
        /// Give devices a profile.
        ApplyProfile(ApplyDeviceProfile),
        /// Take their profile from devices.
        WithdrawProfile(WithdrawDeviceProfile),
    }
}

impl Requires for DeviceCommand {
    fn permission(&self, _actor: &Actor) -> Option<Permission> {
        match self {
            Self::CreateBatch(_)
            | Self::AddDevices(_)
            | Self::RemoveDevice(_)
            | Self::CreateProfile(_)
            | Self::ChangeProfile(_)
            | Self::DeleteProfile(_)
            | Self::ApplyProfile(_)
            | Self::WithdrawProfile(_) => Some(Permission::DevicesManage),
        }
    }
}

/// What is known about the devices of a customer.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Devices {
    batches: OrdSet<DeviceBatchId>,
    registered: OrdMap<DeviceId, RegisteredDevice>,
    serial_numbers: OrdSet<SerialNumber>,
    profiles: OrdSet<DeviceProfileId>,
}

/// A device on a list.
#[derive(Clone, PartialEq, Eq, Debug)]
struct RegisteredDevice {
    serial_number: SerialNumber,
    profile: Option<DeviceProfileId>,
}

impl Devices {
    /// The profile that a device has.
    #[must_use]
    pub fn profile_of(&self, device: DeviceId) -> Option<DeviceProfileId> {
        self.registered.get(&device).and_then(|device| device.profile)
    }

    pub(super) fn evolve(&mut self, event: &DeviceEvent) {
        match event {
            DeviceEvent::DeviceBatchCreated(event) => {
                self.batches.insert(event.batch_id);
                self.add(&event.devices);
            }
            DeviceEvent::DevicesAdded(event) => self.add(&event.devices),
            DeviceEvent::DeviceRemoved(event) => self.remove(event.device_id),
            DeviceEvent::DeviceProfileCreated(event) => {
                self.profiles.insert(event.profile_id);
            }
            DeviceEvent::DeviceProfileDeleted(event) => {
                self.profiles.remove(&event.profile_id);
            }
            DeviceEvent::DeviceProfileApplied(event) => {
                self.set_profile(&event.device_ids, Some(event.profile_id));
            }
            DeviceEvent::DeviceProfileWithdrawn(event) => {
                self.set_profile(&event.device_ids, None);
            }
            DeviceEvent::DeviceProfileChanged(_) => {}
        }
    }

    fn add(&mut self, devices: &[Device]) {
        for device in devices {
            let serial_number = device.serial_number.clone();
            self.serial_numbers.insert(serial_number.clone());
            let registered = RegisteredDevice { serial_number, profile: None };
            self.registered.insert(device.device_id, registered);
        }
    }

    fn remove(&mut self, id: DeviceId) {
        if let Some(device) = self.registered.remove(&id) {
            self.serial_numbers.remove(&device.serial_number);
        }
    }

    fn set_profile(&mut self, devices: &[DeviceId], profile: Option<DeviceProfileId>) {
        for id in devices {
            if let Some(device) = self.registered.get_mut(id) {
                device.profile = profile;
            }
        }
    }

    /// Refuses devices that are too many, known already or named twice.
    fn can_take(&self, devices: &[Device]) -> Result<(), DeviceRefusal> {
        named(devices.len())?;
        let count = self.registered.len() + devices.len();
        if count > CUSTOMER_DEVICES_MAX {
            return Err(DeviceRefusal::TooManyDevices { count, limit: CUSTOMER_DEVICES_MAX });
        }
        let mut seen = BTreeSet::new();
        for device in devices {
            let serial_number = &device.serial_number;
            if self.serial_numbers.contains(serial_number) || !seen.insert(serial_number) {
                let serial_number = serial_number.clone();
                return Err(DeviceRefusal::SerialNumberTaken { serial_number });
            }
        }
        Ok(())
    }

    fn knows_profile(&self, id: DeviceProfileId) -> Result<(), DeviceRefusal> {
        if self.profiles.contains(&id) { Ok(()) } else { Err(DeviceRefusal::ProfileNotFound) }
    }

    /// The named devices, each once, for which `wanted` is so.
    fn those(
        &self,
        ids: &[DeviceId],
        wanted: impl Fn(Option<DeviceProfileId>) -> bool,
    ) -> Result<Vec<DeviceId>, DeviceRefusal> {
        named(ids.len())?;
        let mut seen = BTreeSet::new();
        let mut found = Vec::new();
        for id in ids {
            let device = self.registered.get(id);
            let device = device.ok_or(DeviceRefusal::DeviceNotFound { device_id: *id })?;
            if seen.insert(*id) && wanted(device.profile) {
                found.push(*id);
            }
        }
        Ok(found)
    }
}

fn named(count: usize) -> Result<(), DeviceRefusal> {
    match count {
        0 => Err(DeviceRefusal::NoDevices),
        1..=DEVICES_MAX => Ok(()),
        _ => Err(DeviceRefusal::TooManyDevices { count, limit: DEVICES_MAX }),
    }
}

pub(super) fn decide(
    state: &CustomerState,
    command: &DeviceCommand,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    reach::any(state, context)?;
    let devices = state.devices();
    let event = match command {
        DeviceCommand::CreateBatch(command) => Some(create_batch(devices, command)?),
        DeviceCommand::AddDevices(command) => Some(add(devices, command)?),
        DeviceCommand::RemoveDevice(command) => Some(remove(devices, *command)?),
        DeviceCommand::CreateProfile(command) => Some(create_profile(devices, command)?),
        DeviceCommand::ChangeProfile(command) => Some(change_profile(devices, command)?),
        DeviceCommand::DeleteProfile(command) => Some(delete_profile(devices, *command)?),
        DeviceCommand::ApplyProfile(command) => apply(devices, command)?,
        DeviceCommand::WithdrawProfile(command) => withdraw(devices, command)?,
    };
    Ok(event.into_iter().collect())
}

fn create_batch(
    devices: &Devices,
    command: &CreateDeviceBatch,
) -> Result<CustomerEvent, Rejection> {
    if devices.batches.contains(&command.batch_id) {
        return Err(Rejection::AlreadyExists { what: "device list" });
    }
    devices.can_take(&command.devices)?;
    let CreateDeviceBatch { batch_id, name, devices } = command.clone();
    Ok(DeviceBatchCreated { batch_id, name, devices }.into())
}

fn add(devices: &Devices, command: &AddDevices) -> Result<CustomerEvent, DeviceRefusal> {
    if !devices.batches.contains(&command.batch_id) {
        return Err(DeviceRefusal::BatchNotFound);
    }
    devices.can_take(&command.devices)?;
    let AddDevices { batch_id, devices } = command.clone();
    Ok(DevicesAdded { batch_id, devices }.into())
}

fn remove(devices: &Devices, command: RemoveDevice) -> Result<CustomerEvent, DeviceRefusal> {
    let device_id = command.device_id;
    devices.those(&[device_id], |_| true)?;
    Ok(DeviceRemoved { device_id }.into())
}

fn create_profile(
    devices: &Devices,
    command: &CreateDeviceProfile,
) -> Result<CustomerEvent, Rejection> {
    if devices.profiles.contains(&command.profile_id) {
        return Err(Rejection::AlreadyExists { what: "device profile" });
    }
    let settings = settled(&command.settings)?;
    let CreateDeviceProfile { profile_id, name, .. } = command.clone();
    Ok(DeviceProfileCreated { profile_id, name, settings }.into())
}

fn change_profile(
    devices: &Devices,
    command: &ChangeDeviceProfile,
) -> Result<CustomerEvent, DeviceRefusal> {
    devices.knows_profile(command.profile_id)?;
    let settings = settled(&command.settings)?;
    let ChangeDeviceProfile { profile_id, name, .. } = command.clone();
    Ok(DeviceProfileChanged { profile_id, name, settings }.into())
}

/// The settings in their order, each once; at least one.
fn settled(settings: &[DeviceSetting]) -> Result<Vec<DeviceSetting>, DeviceRefusal> {
    let settings: BTreeSet<DeviceSetting> = settings.iter().copied().collect();
    if settings.is_empty() {
        return Err(DeviceRefusal::NoSettings);
    }
    Ok(settings.into_iter().collect())
}

fn delete_profile(
    devices: &Devices,
    command: DeleteDeviceProfile,
) -> Result<CustomerEvent, DeviceRefusal> {
    let profile_id = command.profile_id;
    devices.knows_profile(profile_id)?;
    let holders = devices.registered.values().filter(|device| device.profile == Some(profile_id));
    let count = holders.count();
    if count > 0 {
        return Err(DeviceRefusal::ProfileInUse { count });
    }
    Ok(DeviceProfileDeleted { profile_id }.into())
}

fn apply(
    devices: &Devices,
    command: &ApplyDeviceProfile,
) -> Result<Option<CustomerEvent>, DeviceRefusal> {
    let profile_id = command.profile_id;
    devices.knows_profile(profile_id)?;
    let device_ids = devices.those(&command.device_ids, |held| held != Some(profile_id))?;
    let applied = || DeviceProfileApplied { profile_id, device_ids: device_ids.clone() }.into();
    Ok((!device_ids.is_empty()).then(applied))
}

fn withdraw(
    devices: &Devices,
    command: &WithdrawDeviceProfile,
) -> Result<Option<CustomerEvent>, DeviceRefusal> {
    let device_ids = devices.those(&command.device_ids, |held| held.is_some())?;
    let withdrawn = || DeviceProfileWithdrawn { device_ids: device_ids.clone() }.into();
    Ok((!device_ids.is_empty()).then(withdrawn))
}
