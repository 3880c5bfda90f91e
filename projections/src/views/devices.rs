//! Which devices has a customer registered, and how are they set up?

use events::{
    CustomerEvent, CustomerId, Device, DeviceBatchId, DeviceEvent, DeviceId, DeviceProfileId,
    DeviceSetting, Event, FriendlyName, ProductKey, RecordedEvent, SerialNumber, Timestamp,
};

use crate::{
    keys::{Owned, customer_of, insert_new, owned_by, owned_mut},
    view::{Contradiction, View},
};

/// A list of devices.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeviceBatchRow {
    /// The list.
    pub id: DeviceBatchId,
    /// What it is called.
    pub name: FriendlyName,
    /// When it was registered.
    pub created_at: Timestamp,
    /// How many devices are on it now.
    pub devices: usize,
}

/// A device on a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeviceRow {
    /// The device.
    pub id: DeviceId,
    /// The list it is on.
    pub batch: DeviceBatchId,
    /// Its serial number.
    pub serial_number: SerialNumber,
    /// The id of the product installed on it.
    pub product_key: Option<ProductKey>,
    /// The profile it has.
    pub profile: Option<DeviceProfileId>,
    /// When it was registered.
    pub added_at: Timestamp,
}

/// A profile for devices.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeviceProfileRow {
    /// The profile.
    pub id: DeviceProfileId,
    /// What it is called.
    pub name: FriendlyName,
    /// What it sets.
    pub settings: Vec<DeviceSetting>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub changed_at: Timestamp,
}

/// All devices of all customers.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Devices {
    batches: Owned<CustomerId, DeviceBatchId, DeviceBatchRow>,
    rows: Owned<CustomerId, DeviceId, DeviceRow>,
    profiles: Owned<CustomerId, DeviceProfileId, DeviceProfileRow>,
}

impl Devices {
    /// The lists of a customer, oldest first.
    pub fn batches(&self, customer: CustomerId) -> impl Iterator<Item = &DeviceBatchRow> {
        owned_by(&self.batches, customer, None)
    }

    /// A list of this customer.
    #[must_use]
    pub fn batch(&self, customer: CustomerId, id: DeviceBatchId) -> Option<&DeviceBatchRow> {
        self.batches.get(&(customer, id)).map(|row| &**row)
    }

    /// The devices of a customer, in the order of registration.
    pub fn of(&self, customer: CustomerId) -> impl Iterator<Item = &DeviceRow> {
        owned_by(&self.rows, customer, None)
    }

    /// A device of this customer.
    #[must_use]
    pub fn get(&self, customer: CustomerId, id: DeviceId) -> Option<&DeviceRow> {
        self.rows.get(&(customer, id)).map(|row| &**row)
    }

    /// The profiles of a customer, oldest first.
    pub fn profiles(&self, customer: CustomerId) -> impl Iterator<Item = &DeviceProfileRow> {
        owned_by(&self.profiles, customer, None)
    }

    /// A profile of this customer.
    #[must_use]
    pub fn profile(&self, customer: CustomerId, id: DeviceProfileId) -> Option<&DeviceProfileRow> {
        self.profiles.get(&(customer, id)).map(|row| &**row)
    }

    /// How many devices of a customer have a profile.
    #[must_use]
    pub fn count_with(&self, customer: CustomerId, profile: DeviceProfileId) -> usize {
        self.of(customer).filter(|device| device.profile == Some(profile)).count()
    }

    fn add(
        &mut self,
        recorded: &RecordedEvent,
        batch: DeviceBatchId,
        devices: &[Device],
    ) -> Result<(), Contradiction> {
        let customer = customer_of(recorded);
        owned_mut(&mut self.batches, customer, batch)?.devices += devices.len();
        for device in devices {
            let row = DeviceRow {
                id: device.device_id,
                batch,
                serial_number: device.serial_number.clone(),
                product_key: device.product_key.clone(),
                profile: None,
                added_at: recorded.metadata.occurred_at,
            };
            insert_new(&mut self.rows, customer, device.device_id, row)?;
        }
        Ok(())
    }

    fn remove(&mut self, customer: CustomerId, id: DeviceId) -> Result<(), Contradiction> {
        let row = self.rows.remove(&(customer, id));
        let row = row.ok_or_else(|| Contradiction::unknown(id))?;
        let batch = owned_mut(&mut self.batches, customer, row.batch)?;
        batch.devices = batch.devices.saturating_sub(1);
        Ok(())
    }

    fn set_profile(
        &mut self,
        customer: CustomerId,
        devices: &[DeviceId],
        profile: Option<DeviceProfileId>,
    ) -> Result<(), Contradiction> {
        for id in devices {
            owned_mut(&mut self.rows, customer, *id)?.profile = profile;
        }
        Ok(())
    }
}

impl Devices {
    fn change(
        &mut self,
        recorded: &RecordedEvent,
        event: &DeviceEvent,
    ) -> Result<(), Contradiction> {
        let (customer, at) = (customer_of(recorded), recorded.metadata.occurred_at);
        match event {
            DeviceEvent::DeviceBatchCreated(event) => {
                let (id, name) = (event.batch_id, event.name.clone());
                let row = DeviceBatchRow { id, name, created_at: at, devices: 0 };
                insert_new(&mut self.batches, customer, id, row)?;
                self.add(recorded, id, &event.devices)
            }
            DeviceEvent::DevicesAdded(event) => self.add(recorded, event.batch_id, &event.devices),
            DeviceEvent::DeviceRemoved(event) => self.remove(customer, event.device_id),
            DeviceEvent::DeviceProfileCreated(event) => {
                let row = DeviceProfileRow {
                    id: event.profile_id,
                    name: event.name.clone(),
                    settings: event.settings.clone(),
                    created_at: at,
                    changed_at: at,
                };
                insert_new(&mut self.profiles, customer, event.profile_id, row)
            }
            DeviceEvent::DeviceProfileChanged(event) => {
                let row = owned_mut(&mut self.profiles, customer, event.profile_id)?;
                row.name = event.name.clone();
                row.settings.clone_from(&event.settings);
                row.changed_at = at;
                Ok(())
            }
            DeviceEvent::DeviceProfileDeleted(event) => {
                let row = self.profiles.remove(&(customer, event.profile_id));
                row.map(|_| ()).ok_or_else(|| Contradiction::unknown(event.profile_id))
            }
            DeviceEvent::DeviceProfileApplied(event) => {
                self.set_profile(customer, &event.device_ids, Some(event.profile_id))
            }
            DeviceEvent::DeviceProfileWithdrawn(event) => {
                self.set_profile(customer, &event.device_ids, None)
            }
        }
    }
}

impl View for Devices {
    const NAME: &'static str = "devices";

    fn apply(&mut self, recorded: &RecordedEvent) -> Result<(), Contradiction> {
        if let Event::Customer(CustomerEvent::Device(event)) = &recorded.event {
            self.change(recorded, event)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use events::{
        DeviceBatchCreated, DeviceProfileApplied, DeviceProfileCreated, DeviceProfileDeleted,
        DeviceProfileWithdrawn, DeviceRemoved, DevicesAdded,
    };

    use super::*;
    use crate::testing::{History, batch, customer, device, device_profile};

    fn new_device(number: u128) -> Device {
        let serial_number = SerialNumber::new(&format!("SN-{number}")).unwrap();
        Device { device_id: device(number), serial_number, product_key: None }
    }

    fn registered() -> History {
        let mut history = History::new();
        let name = FriendlyName::new("Office").unwrap();
        let devices = vec![new_device(1), new_device(2)];
        let created = DeviceBatchCreated { batch_id: batch(1), name: name.clone(), devices };
        let settings = vec![DeviceSetting::SkipEula];
        let profile = DeviceProfileCreated { profile_id: device_profile(1), name, settings };
        history.customer(1, "Contoso", 1).then(customer(1), created).then(customer(1), profile);
        history
    }

    #[test]
    fn devices_stand_on_their_list_until_they_are_removed() {
        let mut history = registered();
        let devices = vec![new_device(3)];
        history.then(customer(1), DevicesAdded { batch_id: batch(1), devices });
        history.then(customer(1), DeviceRemoved { device_id: device(1) });
        let view = history.model.devices();
        assert_eq!(view.batch(customer(1), batch(1)).unwrap().devices, 2);
        let ids: Vec<_> = view.of(customer(1)).map(|row| row.id).collect();
        assert_eq!(ids, [device(2), device(3)]);
        assert!(view.get(customer(2), device(2)).is_none());
        let again = history.refused(customer(1), DeviceRemoved { device_id: device(1) });
        assert!(again.is_err());
    }

    #[test]
    fn a_device_has_the_profile_applied_last_until_it_is_withdrawn() {
        let mut history = registered();
        let (profile_id, device_ids) = (device_profile(1), vec![device(1), device(2)]);
        history.then(customer(1), DeviceProfileApplied { profile_id, device_ids });
        assert_eq!(history.model.devices().count_with(customer(1), profile_id), 2);
        let device_ids = vec![device(2)];
        history.then(customer(1), DeviceProfileWithdrawn { device_ids });
        assert_eq!(history.model.devices().count_with(customer(1), profile_id), 1);
        history.then(customer(1), DeviceProfileDeleted { profile_id });
        assert_eq!(history.model.devices().profiles(customer(1)).count(), 0);
    }
}
