//! Why a command on a customer's devices is refused.

use events::{DeviceId, SerialNumber};

use super::Row;

/// Why a command on a customer's devices is refused.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum DeviceRefusal {
    /// The customer has no such list.
    #[error("the device list is not known")]
    BatchNotFound,
    /// The customer has no such device.
    #[error("device {device_id} is not known")]
    DeviceNotFound {
        /// The device.
        device_id: DeviceId,
    },
    /// The customer has no such profile.
    #[error("the device profile is not known")]
    ProfileNotFound,
    /// Another device of the customer has the serial number.
    #[error("a device with serial number {serial_number} is registered already")]
    SerialNumberTaken {
        /// The serial number.
        serial_number: SerialNumber,
    },
    /// No device is named.
    #[error("at least one device must be named")]
    NoDevices,
    /// More devices than there may be.
    #[error("these are {count} devices, at most {limit} are possible")]
    TooManyDevices {
        /// How many there would be.
        count: usize,
        /// How many are possible.
        limit: usize,
    },
    /// Devices have the profile that was to be deleted.
    #[error("{count} devices have the profile")]
    ProfileInUse {
        /// How many.
        count: usize,
    },
    /// The profile sets nothing.
    #[error("a device profile must set something")]
    NoSettings,
}

impl DeviceRefusal {
    /// Its line in the table of refusals.
    pub(crate) const fn row(&self) -> Row {
        match self {
            Self::BatchNotFound => Row::not_found("device_batch_not_found").about("batch_id"),
            Self::DeviceNotFound { .. } => Row::not_found("device_not_found").about("device_id"),
            Self::ProfileNotFound => Row::not_found("device_profile_not_found").about("profile_id"),
            Self::SerialNumberTaken { .. } => {
                Row::conflict("serial_number_taken").about("serial_number")
            }
            Self::NoDevices => Row::rule("no_devices").about("devices"),
            Self::TooManyDevices { .. } => Row::rule("too_many_devices").about("devices"),
            Self::ProfileInUse { .. } => Row::rule("device_profile_in_use"),
            Self::NoSettings => Row::rule("no_settings").about("settings"),
        }
    }
}
