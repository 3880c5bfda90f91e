//! The devices of a customer, and the profiles they are set up with.

use serde::{Deserialize, Serialize};

use super::CustomerEvent;
use crate::{
    ids::{DeviceBatchId, DeviceId, DeviceProfileId},
    personal::Clear,
    values::{FriendlyName, ProductKey, SerialNumber},
};

/// A device as it is registered: never by a person's name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct Device {
    /// The device.
    pub device_id: DeviceId,
    /// Its serial number, unique among the devices of the customer.
    pub serial_number: SerialNumber,
    /// The id of the product installed on it, where that is known.
    pub product_key: Option<ProductKey>,
}

impl Clear for Device {}

/// What a profile sets. Stored by order: new settings go to the end.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceSetting {
    /// Who sets the device up is no administrator of it.
    OobeUserNotAdmin,
    /// The express settings are skipped.
    SkipExpressSettings,
    /// The registration with the manufacturer is skipped.
    SkipOemRegistration,
    /// The licence terms are accepted beforehand.
    SkipEula,
    /// What the manufacturer installed is removed.
    RemoveOemPreinstalls,
}

impl DeviceSetting {
    /// Every setting, in their order.
    pub const ALL: [Self; 5] = [
        Self::OobeUserNotAdmin,
        Self::SkipExpressSettings,
        Self::SkipOemRegistration,
        Self::SkipEula,
        Self::RemoveOemPreinstalls,
    ];

    /// The setting as answers spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OobeUserNotAdmin => "oobe_user_not_admin",
            Self::SkipExpressSettings => "skip_express_settings",
            Self::SkipOemRegistration => "skip_oem_registration",
            Self::SkipEula => "skip_eula",
            Self::RemoveOemPreinstalls => "remove_oem_preinstalls",
        }
    }

    /// The setting as people read it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::OobeUserNotAdmin => "Who sets it up is no administrator",
            Self::SkipExpressSettings => "Skip express settings",
            Self::SkipOemRegistration => "Skip the manufacturer's registration",
            Self::SkipEula => "Accept licence terms beforehand",
            Self::RemoveOemPreinstalls => "Remove what the manufacturer installed",
        }
    }
}

impl Clear for DeviceSetting {}

events! {
    /// A list of devices was registered.
    DeviceBatchCreated = 0x0370 v 1 {
        /// The list.
        clear batch_id: DeviceBatchId,
        /// What it is called.
        clear name: FriendlyName,
        /// The devices on it.
        clear devices: Vec<Device>,
    }
    /// More devices were put on a list.
    DevicesAdded = 0x0371 v 1 {
        /// The list.
        clear batch_id: DeviceBatchId,
        /// The devices.
        clear devices: Vec<Device>,
    }
    /// A device was taken off its list.
    DeviceRemoved = 0x0372 v 1 {
        /// The device.
        clear device_id: DeviceId,
    }
    /// A profile for devices was created.
    DeviceProfileCreated = 0x0373 v 1 {
        /// The profile.
        clear profile_id: DeviceProfileId,
        /// What it is called.
        clear name: FriendlyName,
        /// What it sets.
        clear settings: Vec<DeviceSetting>,
    }
    /// A profile has another name or sets other things.
    DeviceProfileChanged = 0x0374 v 1 {
        /// The profile.
        clear profile_id: DeviceProfileId,
        /// What it is called from now on.
        clear name: FriendlyName,
        /// What it sets from now on.
        clear settings: Vec<DeviceSetting>,
    }
    /// A profile that no device has was deleted.
    DeviceProfileDeleted = 0x0375 v 1 {
        /// The profile.
        clear profile_id: DeviceProfileId,
    }
    /// Devices have this profile from now on, instead of the one they had.
    DeviceProfileApplied = 0x0376 v 1 {
        /// The profile.
        clear profile_id: DeviceProfileId,
        /// The devices.
        clear device_ids: Vec<DeviceId>,
    }
    /// Devices have no profile any more.
    DeviceProfileWithdrawn = 0x0377 v 1 {
        /// The devices.
        clear device_ids: Vec<DeviceId>,
    }
}

aggregate_events! {
    /// What happens to the devices of a customer and their profiles.
    DeviceEvent in CustomerEvent {
        DeviceBatchCreated,
        DevicesAdded,
        DeviceRemoved,
        DeviceProfileCreated,
        DeviceProfileChanged,
        DeviceProfileDeleted,
        DeviceProfileApplied,
        DeviceProfileWithdrawn,
    }
}
