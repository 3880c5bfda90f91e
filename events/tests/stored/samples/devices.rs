//! Samples of what happens to the devices and agreements of a customer.

use events::{
    AgreementContact, AgreementId, AgreementKind, CustomerAgreementConfirmed, CustomerEvent,
    Device, DeviceBatchCreated, DeviceBatchId, DeviceId, DeviceProfileApplied,
    DeviceProfileChanged, DeviceProfileCreated, DeviceProfileDeleted, DeviceProfileId,
    DeviceProfileWithdrawn, DeviceRemoved, DeviceSetting, DevicesAdded, PartnerId, Personal,
};

use crate::draw::Draw;

fn device(draw: &mut Draw) -> Device {
    Device {
        device_id: id!(draw, DeviceId),
        serial_number: draw.text("SN-0042"),
        product_key: draw.option(|draw| draw.text("00329-00000-00003")),
    }
}

pub(super) fn devices(draw: &mut Draw) -> Vec<CustomerEvent> {
    let (batch_id, profile_id) = (id!(draw, DeviceBatchId), id!(draw, DeviceProfileId));
    let settings = |draw: &mut Draw| draw.several(|draw| draw.pick(&DeviceSetting::ALL));
    let agreement_id = id!(draw, AgreementId);
    let contact = AgreementContact {
        first_name: draw.text("Cora"),
        last_name: draw.text("Contoso"),
        email: draw.text("cora@contoso.example"),
        phone_number: draw.option(|draw| draw.text("+1 425 555 0101")),
    };
    vec![
        DeviceBatchCreated {
            batch_id,
            name: draw.text("Front desk"),
            devices: draw.several(device),
        }
        .into(),
        DevicesAdded { batch_id, devices: draw.several(device) }.into(),
        DeviceRemoved { device_id: id!(draw, DeviceId) }.into(),
        DeviceProfileCreated { profile_id, name: draw.text("Plain"), settings: settings(draw) }
            .into(),
        DeviceProfileChanged { profile_id, name: draw.text("Plain"), settings: settings(draw) }
            .into(),
        DeviceProfileDeleted { profile_id }.into(),
        DeviceProfileApplied { profile_id, device_ids: draw.several(|draw| id!(draw, DeviceId)) }
            .into(),
        DeviceProfileWithdrawn { device_ids: draw.several(|draw| id!(draw, DeviceId)) }.into(),
        CustomerAgreementConfirmed {
            agreement_id,
            partner_id: id!(draw, PartnerId),
            kind: draw.pick(&AgreementKind::ALL),
            agreed_at: draw.moment(),
            contact: Personal::open(agreement_id.into(), contact),
        }
        .into(),
    ]
}
