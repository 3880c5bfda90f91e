//! The devices of a customer with their profiles, what it agreed to, and what kind of company it is.

use commands::{
    AddCustomerDomain, AddDevices, ApplyDeviceProfile, ChangeDeviceProfile, ConfirmAgreement,
    CreateDeviceBatch, CreateDeviceProfile, DeleteDeviceProfile, DeviceCommand, Permission,
    QualifyCustomer, RemoveDevice, WithdrawDeviceProfile,
};
use events::{
    AgreementContact, AgreementId, AgreementKind, Device, DeviceBatchId, DeviceId, DeviceProfileId,
    DeviceSetting, DomainName, FriendlyName, InvalidValue, Qualification, SerialNumber,
};

use super::{super::step::Step, Clients, script::Script};

pub(super) fn scene(mut script: Script<'_>, clients: &Clients) -> Result<Vec<Step>, InvalidValue> {
    agreement(&mut script, clients)?;
    standing(&mut script, clients)?;
    script.at(200);
    let batch_id = script.id(DeviceBatchId::from_uuid);
    let name = FriendlyName::new("Front desk")?;
    let devices = numbered(1..=6, &mut script)?;
    let ids: Vec<DeviceId> = devices.iter().map(|device| device.device_id).collect();
    on_devices(CreateDeviceBatch { batch_id, name, devices }, &mut script, clients);
    let profile_id = script.id(DeviceProfileId::from_uuid);
    let (name, settings) = (FriendlyName::new("Ready to use")?, vec![DeviceSetting::SkipEula]);
    on_devices(CreateDeviceProfile { profile_id, name, settings }, &mut script, clients);
    let device_ids = ids.clone();
    on_devices(ApplyDeviceProfile { profile_id, device_ids }, &mut script, clients);
    script.after_days(10);
    let devices = numbered(7..=8, &mut script)?;
    on_devices(AddDevices { batch_id, devices }, &mut script, clients);
    let settings = vec![DeviceSetting::SkipEula, DeviceSetting::OobeUserNotAdmin];
    let name = FriendlyName::new("Ready to use, without rights")?;
    on_devices(ChangeDeviceProfile { profile_id, name, settings }, &mut script, clients);
    let device_ids = ids.last().copied().into_iter().collect();
    on_devices(WithdrawDeviceProfile { device_ids }, &mut script, clients);
    if let Some(device_id) = ids.last().copied() {
        on_devices(RemoveDevice { device_id }, &mut script, clients);
    }
    let profile_id = script.id(DeviceProfileId::from_uuid);
    let settings = vec![DeviceSetting::SkipExpressSettings];
    let name = FriendlyName::new("Never used")?;
    on_devices(CreateDeviceProfile { profile_id, name, settings }, &mut script, clients);
    on_devices(DeleteDeviceProfile { profile_id }, &mut script, clients);
    Ok(script.steps())
}

fn agreement(script: &mut Script<'_>, clients: &Clients) -> Result<(), InvalidValue> {
    script.at(70);
    let contact = clients.buyer.contact(&mut script.dice)?;
    let command = ConfirmAgreement {
        agreement_id: script.id(AgreementId::from_uuid),
        partner_id: script.world.provider.id,
        kind: AgreementKind::MicrosoftCustomerAgreement,
        agreed_at: script.now(),
        contact: AgreementContact {
            first_name: contact.first_name,
            last_name: contact.last_name,
            email: contact.email,
            phone_number: contact.phone_number,
        },
    };
    let by = script.provider(Permission::CustomersCreate);
    script.on_customer(by, clients.buyer.id, command);
    Ok(())
}

/// A school that teaches under a name of its own.
fn standing(script: &mut Script<'_>, clients: &Clients) -> Result<(), InvalidValue> {
    script.after_days(1);
    let by = script.provider(Permission::CustomersEdit);
    let command = QualifyCustomer { qualification: Qualification::Education };
    script.on_customer(by, clients.buyer.id, command);
    let by = script.provider(Permission::CustomersEdit);
    let domain = DomainName::new("school-of-the-buyer.example")?;
    script.on_customer(by, clients.buyer.id, AddCustomerDomain { domain });
    Ok(())
}

fn on_devices(command: impl Into<DeviceCommand>, script: &mut Script<'_>, clients: &Clients) {
    let by = script.provider(Permission::DevicesManage);
    let command: DeviceCommand = command.into();
    script.on_customer(by, clients.buyer.id, command);
}

fn numbered(
    numbers: std::ops::RangeInclusive<u32>,
    script: &mut Script<'_>,
) -> Result<Vec<Device>, InvalidValue> {
    numbers
        .map(|number| {
            Ok(Device {
                device_id: script.id(DeviceId::from_uuid),
                serial_number: SerialNumber::new(&format!("SN-{number:04}"))?,
                product_key: None,
            })
        })
        .collect()
}
