//! Device lists and profiles of a customer.

use std::collections::{BTreeMap, BTreeSet};

use commands::DeviceCommand;
use events::{
    CustomerId, Device, DeviceBatchId, DeviceId, DeviceProfileId, DeviceSetting, SerialNumber,
};
use projections::ReadModel;
use proptest::{prop_assert_eq, test_runner::TestCaseError};
use services::application::Principal;

use super::{Plain, Reasons, reach::Way, who_may::Deed};

/// The devices of a customer.
#[derive(Clone, Default, Debug)]
pub(crate) struct Devices {
    pub(crate) batches: BTreeSet<DeviceBatchId>,
    pub(crate) registered: BTreeMap<DeviceId, (SerialNumber, Option<DeviceProfileId>)>,
    pub(crate) profiles: BTreeMap<DeviceProfileId, BTreeSet<DeviceSetting>>,
}

impl Devices {
    fn can_take(&self, no: &mut Reasons, devices: &[Device]) {
        no.no_if(devices.is_empty(), "no_devices");
        no.no_if(devices.len() > 250, "too_many_devices");
        for device in devices {
            let same = |it: &&Device| it.serial_number == device.serial_number;
            let twice = devices.iter().filter(same).count() > 1;
            let mut known = self.registered.values().map(|(serial, _)| serial);
            let is_known = known.any(|serial| *serial == device.serial_number);
            no.no_if(twice || is_known, "serial_number_taken");
        }
    }

    fn knows(&self, no: &mut Reasons, devices: &[DeviceId]) {
        no.no_if(devices.is_empty(), "no_devices");
        let is_known = |id: &DeviceId| self.registered.contains_key(id);
        no.no_if(!devices.iter().all(is_known), "device_not_found");
    }

    fn knows_profile(&self, no: &mut Reasons, id: DeviceProfileId) {
        no.no_if(!self.profiles.contains_key(&id), "device_profile_not_found");
    }

    fn verdict(&self, no: &mut Reasons, command: &DeviceCommand) {
        match command {
            DeviceCommand::CreateBatch(command) => {
                no.no_if(self.batches.contains(&command.batch_id), "already_exists");
                self.can_take(no, &command.devices);
            }
            DeviceCommand::AddDevices(command) => {
                no.no_if(!self.batches.contains(&command.batch_id), "device_batch_not_found");
                self.can_take(no, &command.devices);
            }
            DeviceCommand::RemoveDevice(command) => self.knows(no, &[command.device_id]),
            DeviceCommand::CreateProfile(command) => {
                let is_known = self.profiles.contains_key(&command.profile_id);
                no.no_if(is_known, "already_exists");
                no.no_if(command.settings.is_empty(), "no_settings");
            }
            DeviceCommand::ChangeProfile(command) => {
                self.knows_profile(no, command.profile_id);
                no.no_if(command.settings.is_empty(), "no_settings");
            }
            DeviceCommand::DeleteProfile(command) => {
                self.knows_profile(no, command.profile_id);
                let mut held = self.registered.values().map(|(_, profile)| *profile);
                let is_held = held.any(|profile| profile == Some(command.profile_id));
                no.no_if(is_held, "device_profile_in_use");
            }
            DeviceCommand::ApplyProfile(command) => {
                self.knows_profile(no, command.profile_id);
                self.knows(no, &command.device_ids);
            }
            DeviceCommand::WithdrawProfile(command) => self.knows(no, &command.device_ids),
        }
    }

    fn did(&mut self, command: &DeviceCommand) {
        match command {
            DeviceCommand::CreateBatch(command) => {
                self.batches.insert(command.batch_id);
                self.add(&command.devices);
            }
            DeviceCommand::AddDevices(command) => self.add(&command.devices),
            DeviceCommand::RemoveDevice(command) => {
                self.registered.remove(&command.device_id);
            }
            DeviceCommand::CreateProfile(command) => {
                let settings = command.settings.iter().copied().collect();
                self.profiles.insert(command.profile_id, settings);
            }
            DeviceCommand::ChangeProfile(command) => {
                let settings = command.settings.iter().copied().collect();
                self.profiles.insert(command.profile_id, settings);
            }
            DeviceCommand::DeleteProfile(command) => {
                self.profiles.remove(&command.profile_id);
            }
            DeviceCommand::ApplyProfile(command) => {
                self.set(&command.device_ids, Some(command.profile_id));
            }
            DeviceCommand::WithdrawProfile(command) => self.set(&command.device_ids, None),
        }
    }

    fn add(&mut self, devices: &[Device]) {
        for device in devices {
            self.registered.insert(device.device_id, (device.serial_number.clone(), None));
        }
    }

    fn set(&mut self, devices: &[DeviceId], profile: Option<DeviceProfileId>) {
        for id in devices {
            self.registered.get_mut(id).expect("it is known").1 = profile;
        }
    }
}

impl Plain {
    pub(super) fn on_devices(
        &self,
        no: &mut Reasons,
        by: Principal,
        (customer, command): (CustomerId, &DeviceCommand),
    ) {
        self.on_customer(no, by, customer, (Deed::Devices, Way::Any));
        if let Some(state) = self.customers.get(&customer) {
            state.devices.verdict(no, command);
        }
    }

    pub(super) fn devices_did(&mut self, customer: CustomerId, command: &DeviceCommand) {
        self.customer_mut(customer).devices.did(command);
    }

    pub(super) fn devices_agree(&self, model: &ReadModel) -> Result<(), TestCaseError> {
        for (customer, state) in &self.customers {
            let devices = &state.devices;
            let shown = model.devices().of(*customer);
            let shown = shown.map(|row| (row.id, (row.serial_number.clone(), row.profile)));
            prop_assert_eq!(shown.collect::<BTreeMap<_, _>>(), devices.registered.clone());
            let shown = model.devices().profiles(*customer);
            let shown = shown.map(|row| (row.id, row.settings.iter().copied().collect()));
            prop_assert_eq!(shown.collect::<BTreeMap<_, _>>(), devices.profiles.clone());
            let shown = model.devices().batches(*customer).map(|row| row.id);
            prop_assert_eq!(shown.collect::<BTreeSet<_>>(), devices.batches.clone());
        }
        Ok(())
    }
}
