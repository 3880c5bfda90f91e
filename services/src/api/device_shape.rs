//! How devices, their lists and their profiles look, and what bodies about them say.

use events::{CustomerId, DeviceBatchId, DeviceId, DeviceProfileId, Timestamp};
use projections::{DeviceBatchRow, DeviceProfileRow, DeviceRow};
use serde::Serialize;
use utoipa::ToSchema;

use super::shapes::{Attributes, Link, SelfLinks};

/// The one sort of policy there is: how a device is set up when it is first switched on.
const CATEGORY: &str = "o_o_b_e";

/// A list of devices.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DeviceBatch {
    #[schema(value_type = Uuid)]
    id: DeviceBatchId,
    #[schema(example = "Laptops of the branch office")]
    name: String,
    #[schema(value_type = String, format = DateTime)]
    creation_date: Timestamp,
    device_count: usize,
    devices_link: Link,
    attributes: Attributes,
}

/// A device.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Device {
    #[schema(value_type = Uuid)]
    id: DeviceId,
    #[schema(example = "SN-1000")]
    serial_number: String,
    #[schema(example = "00329-00000-0003-AA606")]
    product_key: Option<String>,
    /// What it is set up with.
    policies: Vec<AppliedPolicy>,
    #[schema(value_type = String, format = DateTime)]
    uploaded_date: Timestamp,
    attributes: Attributes,
}

/// A policy that is applied to a device, by its category.
#[derive(Serialize, ToSchema)]
struct AppliedPolicy {
    #[schema(example = "o_o_b_e")]
    key: &'static str,
    #[schema(value_type = Uuid)]
    value: DeviceProfileId,
}

/// What devices are set up with.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ConfigurationPolicy {
    #[schema(value_type = Uuid)]
    id: DeviceProfileId,
    #[schema(example = "Branch office")]
    name: String,
    #[schema(example = "o_o_b_e")]
    category: &'static str,
    devices_assigned_count: usize,
    #[schema(example = json!(["skip_eula"]))]
    policy_settings: Vec<&'static str>,
    #[schema(value_type = String, format = DateTime)]
    created_date: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    last_modified_date: Timestamp,
    links: SelfLinks,
    attributes: Attributes,
}

/// A list of devices to be.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
pub(super) struct NewDeviceBatch {
    #[schema(example = "Laptops of the branch office")]
    name: String,
    devices: Vec<NewDevice>,
}

/// Devices that are to be in a list.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
pub(super) struct MoreDevices {
    devices: Vec<NewDevice>,
}

/// A device to be.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct NewDevice {
    #[schema(example = "SN-1000")]
    serial_number: String,
    #[schema(example = json!(null))]
    product_key: Option<String>,
}

/// What devices are to be set up with.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
pub(super) struct PolicyContent {
    #[schema(example = "Branch office")]
    name: String,
    /// Of `oobe_user_not_admin`, `skip_express_settings`, `skip_oem_registration`, `skip_eula`,
    /// `remove_oem_preinstalls`.
    #[schema(example = json!(["skip_eula"]))]
    policy_settings: Vec<String>,
}

/// Devices that are to be set up with a policy.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
pub(super) struct PolicyDevices {
    #[schema(value_type = Vec<Uuid>)]
    device_ids: Vec<DeviceId>,
}

impl DeviceBatch {
    /// A list of the customer's devices.
    pub(super) fn of(customer: CustomerId, row: &DeviceBatchRow) -> Self {
        let devices = format!("/customers/{customer}/deviceBatches/{}/devices", row.id);
        Self {
            id: row.id,
            name: row.name.to_string(),
            creation_date: row.created_at,
            device_count: row.devices,
            devices_link: Link::to(devices),
            attributes: Attributes::of("DeviceBatch"),
        }
    }
}

impl Device {
    /// A device with what it is set up with.
    pub(super) fn of(row: &DeviceRow) -> Self {
        let policies = row.profile.iter().map(|id| AppliedPolicy { key: CATEGORY, value: *id });
        Self {
            id: row.id,
            serial_number: row.serial_number.to_string(),
            product_key: row.product_key.as_ref().map(ToString::to_string),
            policies: policies.collect(),
            uploaded_date: row.added_at,
            attributes: Attributes::of("Device"),
        }
    }
}

impl ConfigurationPolicy {
    /// A profile, which so many devices are set up with.
    pub(super) fn of(customer: CustomerId, row: &DeviceProfileRow, devices: usize) -> Self {
        Self {
            id: row.id,
            name: row.name.to_string(),
            category: CATEGORY,
            devices_assigned_count: devices,
            policy_settings: row.settings.iter().map(|setting| setting.name()).collect(),
            created_date: row.created_at,
            last_modified_date: row.changed_at,
            links: SelfLinks::to(format!("/customers/{customer}/policies/{}", row.id)),
            attributes: Attributes::of("ConfigurationPolicy"),
        }
    }
}
