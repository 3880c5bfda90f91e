//! Devices of a customer: lists of them, and the profiles (policies) they are set up with.

use axum::{
    Router,
    extract::State,
    routing::{delete, get, post},
};
use commands::{
    AddDevices, ApplyDeviceProfile, ChangeDeviceProfile, CreateDeviceBatch, CreateDeviceProfile,
    DeleteDeviceProfile, DeviceCommand, DeviceRefusal, Permission, Rejection, RemoveDevice,
    WithdrawDeviceProfile,
};
use events::{
    CustomerEvent, CustomerId, Device, DeviceBatchId, DeviceEvent, DeviceId, DeviceProfileId,
    DeviceSetting, Event, FriendlyName,
};
use projections::{DeviceBatchRow, DeviceProfileRow, DeviceRow};
use serde_json::{Value, json};

use super::{
    path_ids::PathIds,
    reading::{Reader, View},
    wire::{Answer, attributes, collection, link, self_link},
    words::Words,
    writing::Writer,
};
use crate::{
    application::{OnCustomer, Outcome},
    http::{ApiError, AppState, JsonBody},
    ids,
};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/v1/customers/{customer}/devicebatches", get(batches).post(create_batch))
        .route("/v1/customers/{customer}/devicebatches/{batch}/devices", get(devices).post(add))
        .route("/v1/customers/{customer}/devicebatches/{batch}/devices/{device}", delete(remove))
        .route("/v1/customers/{customer}/policies", get(profiles).post(create_profile))
        .route(
            "/v1/customers/{customer}/policies/{policy}",
            get(profile).put(change_profile).delete(delete_profile),
        )
        .route("/v1/customers/{customer}/policies/{policy}/devices", post(apply))
        .route("/v1/customers/{customer}/devices/{device}/policy", delete(withdraw))
}

/// What a policy sets, in the contract's words.
const SETTINGS: Words<DeviceSetting> = Words {
    field: "policySettings",
    all: &[
        ("oobe_user_not_admin", DeviceSetting::OobeUserNotAdmin),
        ("skip_express_settings", DeviceSetting::SkipExpressSettings),
        ("skip_oem_registration", DeviceSetting::SkipOemRegistration),
        ("skip_eula", DeviceSetting::SkipEula),
        ("remove_oem_preinstalls", DeviceSetting::RemoveOemPreinstalls),
    ],
};

async fn batches(
    State(app): State<AppState>,
    reader: Reader<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = reader.ids;
    let view = reader.customer_view(&app, customer, Permission::DevicesView).await?.view;
    let rows = view.model.devices().batches(customer).map(|row| shown_batch(customer, row));
    let uri = format!("/customers/{customer}/deviceBatches");
    Ok(Answer::ok(view.position(), collection(rows, uri)))
}

fn shown_batch(customer: CustomerId, row: &DeviceBatchRow) -> Value {
    let devices = format!("/customers/{customer}/deviceBatches/{}/devices", row.id);
    json!({
        "id": row.id,
        "name": row.name,
        "creationDate": row.created_at,
        "deviceCount": row.devices,
        "devicesLink": link(devices),
        "attributes": attributes("DeviceBatch"),
    })
}

async fn devices(
    State(app): State<AppState>,
    reader: Reader<(CustomerId, DeviceBatchId)>,
) -> Result<Answer, ApiError> {
    let (customer, batch) = reader.ids;
    let view = reader.customer_view(&app, customer, Permission::DevicesView).await?.view;
    let all = view.model.devices();
    all.batch(customer, batch).ok_or_else(|| missing(DeviceRefusal::BatchNotFound))?;
    let rows = all.of(customer).filter(|row| row.batch == batch);
    let uri = format!("/customers/{customer}/deviceBatches/{batch}/devices");
    Ok(Answer::ok(view.position(), collection(rows.map(shown_device), uri)))
}

fn missing(refusal: DeviceRefusal) -> ApiError {
    (&Rejection::from(refusal)).into()
}

fn shown_device(row: &DeviceRow) -> Value {
    let policies: Vec<Value> =
        row.profile.iter().map(|id| json!({ "key": "o_o_b_e", "value": id })).collect();
    json!({
        "id": row.id,
        "serialNumber": row.serial_number,
        "productKey": row.product_key,
        "policies": policies,
        "uploadedDate": row.added_at,
        "attributes": attributes("Device"),
    })
}

async fn create_batch(
    State(app): State<AppState>,
    writer: Writer<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = writer.ids;
    let batch_id = ids::fresh(app.now(), DeviceBatchId::from_uuid);
    let name = writer.body.required("name")?;
    let devices = read_devices(&app, &writer.body)?;
    let command = CreateDeviceBatch { batch_id, name, devices };
    let outcome = carry_out(&app, &writer, customer, command).await?;
    let recorded = outcome.find(|event| match event {
        Event::Customer(CustomerEvent::Device(DeviceEvent::DeviceBatchCreated(event))) => {
            Some(event.batch_id)
        }
        _ => None,
    });
    let view = after(&app, &writer, customer, &outcome).await?;
    let row = view.model.devices().batch(customer, recorded.unwrap_or(batch_id));
    let row = row.ok_or_else(|| missing(DeviceRefusal::BatchNotFound))?;
    Ok(Answer::created(outcome.position, shown_batch(customer, row)))
}

fn read_devices(app: &AppState, body: &JsonBody) -> Result<Vec<Device>, ApiError> {
    let devices = body.objects("devices")?;
    let read = |device: JsonBody| {
        Ok(Device {
            device_id: ids::fresh(app.now(), DeviceId::from_uuid),
            serial_number: device.required("serialNumber")?,
            product_key: device.optional("productKey")?,
        })
    };
    devices.into_iter().map(read).collect()
}

async fn carry_out<I: PathIds>(
    app: &AppState,
    writer: &Writer<I>,
    customer: CustomerId,
    command: impl Into<DeviceCommand>,
) -> Result<Outcome, ApiError> {
    let command: DeviceCommand = command.into();
    writer.execute(app, &OnCustomer::new(customer, command)).await
}

async fn after<I: PathIds>(
    app: &AppState,
    writer: &Writer<I>,
    customer: CustomerId,
    outcome: &Outcome,
) -> Result<View, ApiError> {
    writer.customer_view_after(app, customer, outcome, Permission::DevicesView).await
}

async fn add(
    State(app): State<AppState>,
    writer: Writer<(CustomerId, DeviceBatchId)>,
) -> Result<Answer, ApiError> {
    let (customer, batch_id) = writer.ids;
    let command = AddDevices { batch_id, devices: read_devices(&app, &writer.body)? };
    let outcome = carry_out(&app, &writer, customer, command).await?;
    let view = after(&app, &writer, customer, &outcome).await?;
    let row = view.model.devices().batch(customer, batch_id);
    let row = row.ok_or_else(|| missing(DeviceRefusal::BatchNotFound))?;
    Ok(Answer::created(outcome.position, shown_batch(customer, row)))
}

async fn remove(
    State(app): State<AppState>,
    writer: Writer<(CustomerId, DeviceBatchId, DeviceId)>,
) -> Result<Answer, ApiError> {
    let (customer, _, device_id) = writer.ids;
    let outcome = carry_out(&app, &writer, customer, RemoveDevice { device_id }).await?;
    Ok(Answer::done(outcome.position))
}

async fn profiles(
    State(app): State<AppState>,
    reader: Reader<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = reader.ids;
    let view = reader.customer_view(&app, customer, Permission::DevicesView).await?.view;
    let rows = view.model.devices().profiles(customer);
    let rows = rows.map(|row| shown_profile(&view, customer, row));
    let uri = format!("/customers/{customer}/policies");
    Ok(Answer::ok(view.position(), collection(rows, uri)))
}

async fn profile(
    State(app): State<AppState>,
    reader: Reader<(CustomerId, DeviceProfileId)>,
) -> Result<Answer, ApiError> {
    let (customer, id) = reader.ids;
    let view = reader.customer_view(&app, customer, Permission::DevicesView).await?.view;
    let row = profile_row(&view, customer, id)?;
    Ok(Answer::ok(view.position(), shown_profile(&view, customer, row)))
}

fn profile_row(
    view: &View,
    customer: CustomerId,
    id: DeviceProfileId,
) -> Result<&DeviceProfileRow, ApiError> {
    let row = view.model.devices().profile(customer, id);
    row.ok_or_else(|| missing(DeviceRefusal::ProfileNotFound))
}

fn shown_profile(view: &View, customer: CustomerId, row: &DeviceProfileRow) -> Value {
    let settings: Vec<&str> = row.settings.iter().map(|setting| setting.name()).collect();
    json!({
        "id": row.id,
        "name": row.name,
        "category": "o_o_b_e",
        "devicesAssignedCount": view.model.devices().count_with(customer, row.id),
        "policySettings": settings,
        "createdDate": row.created_at,
        "lastModifiedDate": row.changed_at,
        "links": self_link(format!("/customers/{customer}/policies/{}", row.id)),
        "attributes": attributes("ConfigurationPolicy"),
    })
}

fn read_profile(body: &JsonBody) -> Result<(FriendlyName, Vec<DeviceSetting>), ApiError> {
    let name = body.required("name")?;
    let words = body.plain::<Vec<String>>(SETTINGS.field)?;
    let words = words.ok_or_else(|| body.missing(SETTINGS.field))?;
    let settings = words.iter().map(|word| SETTINGS.read(word)).collect::<Result<_, _>>()?;
    Ok((name, settings))
}

async fn create_profile(
    State(app): State<AppState>,
    writer: Writer<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = writer.ids;
    let profile_id = ids::fresh(app.now(), DeviceProfileId::from_uuid);
    let (name, settings) = read_profile(&writer.body)?;
    let command = CreateDeviceProfile { profile_id, name, settings };
    let outcome = carry_out(&app, &writer, customer, command).await?;
    let recorded = outcome.find(|event| match event {
        Event::Customer(CustomerEvent::Device(DeviceEvent::DeviceProfileCreated(event))) => {
            Some(event.profile_id)
        }
        _ => None,
    });
    let id = recorded.unwrap_or(profile_id);
    let body = answered(&app, &writer, customer, id, &outcome).await?;
    Ok(Answer::created(outcome.position, body))
}

/// A profile as it is once a command on it is visible.
async fn answered<I: PathIds>(
    app: &AppState,
    writer: &Writer<I>,
    customer: CustomerId,
    id: DeviceProfileId,
    outcome: &Outcome,
) -> Result<Value, ApiError> {
    let view = after(app, writer, customer, outcome).await?;
    Ok(shown_profile(&view, customer, profile_row(&view, customer, id)?))
}

async fn change_profile(
    State(app): State<AppState>,
    writer: Writer<(CustomerId, DeviceProfileId)>,
) -> Result<Answer, ApiError> {
    let (customer, profile_id) = writer.ids;
    let (name, settings) = read_profile(&writer.body)?;
    let command = ChangeDeviceProfile { profile_id, name, settings };
    let outcome = carry_out(&app, &writer, customer, command).await?;
    let body = answered(&app, &writer, customer, profile_id, &outcome).await?;
    Ok(Answer::ok(outcome.position, body))
}

async fn delete_profile(
    State(app): State<AppState>,
    writer: Writer<(CustomerId, DeviceProfileId)>,
) -> Result<Answer, ApiError> {
    let (customer, profile_id) = writer.ids;
    let outcome = carry_out(&app, &writer, customer, DeleteDeviceProfile { profile_id }).await?;
    Ok(Answer::done(outcome.position))
}

async fn apply(
    State(app): State<AppState>,
    writer: Writer<(CustomerId, DeviceProfileId)>,
) -> Result<Answer, ApiError> {
    let (customer, profile_id) = writer.ids;
    let device_ids = writer.body.texts("deviceIds")?;
    let command = ApplyDeviceProfile { profile_id, device_ids };
    let outcome = carry_out(&app, &writer, customer, command).await?;
    let body = answered(&app, &writer, customer, profile_id, &outcome).await?;
    Ok(Answer::ok(outcome.position, body))
}

async fn withdraw(
    State(app): State<AppState>,
    writer: Writer<(CustomerId, DeviceId)>,
) -> Result<Answer, ApiError> {
    let (customer, device) = writer.ids;
    let command = WithdrawDeviceProfile { device_ids: vec![device] };
    let outcome = carry_out(&app, &writer, customer, command).await?;
    Ok(Answer::done(outcome.position))
}
