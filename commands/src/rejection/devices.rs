//! Why a command on a customer's devices is refused.

use events::{DeviceId, SerialNumber};

use super::RejectionKind;

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
    /// The stable name of the refusal.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::BatchNotFound => "device_batch_not_found",
            Self::DeviceNotFound { .. } => "device_not_found",
            Self::ProfileNotFound => "device_profile_not_found",
            Self::SerialNumberTaken { .. } => "serial_number_taken",
            Self::NoDevices => "no_devices",
            Self::TooManyDevices { .. } => "too_many_devices",
            Self::ProfileInUse { .. } => "device_profile_in_use",
            Self::NoSettings => "no_settings",
        }
    }

    /// The field of the command that is to blame.
    #[must_use]
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::BatchNotFound => Some("batch_id"),
            Self::DeviceNotFound { .. } => Some("device_id"),
            Self::ProfileNotFound => Some("profile_id"),
            Self::SerialNumberTaken { .. } => Some("serial_number"),
            Self::NoDevices | Self::TooManyDevices { .. } => Some("devices"),
            Self::NoSettings => Some("settings"),
            Self::ProfileInUse { .. } => None,
        }
    }

    /// The sort of refusal.
    #[must_use]
    pub const fn kind(&self) -> RejectionKind {
        match self {
            Self::BatchNotFound | Self::DeviceNotFound { .. } | Self::ProfileNotFound => {
                RejectionKind::NotFound
            }
            Self::SerialNumberTaken { .. } => RejectionKind::Conflict,
            Self::NoDevices
            | Self::TooManyDevices { .. }
            | Self::ProfileInUse { .. }
            | Self::NoSettings => RejectionKind::Rule,
        }
    }
}
