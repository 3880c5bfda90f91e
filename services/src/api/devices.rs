//! Devices of a customer: lists of them, and the profiles (policies) they are set up with.

use axum::extract::State;
use commands::{
    AddDevices, ApplyDeviceProfile, ChangeDeviceProfile, CreateDeviceBatch, CreateDeviceProfile,
    DeleteDeviceProfile, DeviceCommand, DeviceRefusal, Permission, Rejection, RemoveDevice,
    WithdrawDeviceProfile,
};
use events::{
    CustomerEvent, CustomerId, DeviceBatchId, DeviceEvent, DeviceId, DeviceProfileId,
    DeviceSetting, Event, FriendlyName,
};
use projections::DeviceProfileRow;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    device_shape::{
        ConfigurationPolicy, Device, DeviceBatch, MoreDevices, NewDeviceBatch, PolicyContent,
        PolicyDevices,
    },
    path_ids::PathIds,
    reading::{Reader, View},
    shapes::Collection,
    wire::Answer,
    words::Words,
    writing::Writer,
};
use crate::{
    application::{OnCustomer, Outcome},
    http::{ApiError, AppState, JsonBody},
    ids,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(batches, create_batch))
        .routes(routes!(devices, add))
        .routes(routes!(remove))
        .routes(routes!(profiles, create_profile))
        .routes(routes!(profile, change_profile, delete_profile))
        .routes(routes!(apply))
        .routes(routes!(withdraw))
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

/// Lists a customer's lists of devices.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/devicebatches",
    tag = "Devices",
    responses((status = OK, description = "The lists.", body = Collection<DeviceBatch>))
)]
async fn batches(
    State(app): State<AppState>,
    reader: Reader<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = reader.ids;
    let view = reader.customer_view(&app, customer, Permission::DevicesView).await?.view;
    let rows = view.model.devices().batches(customer).map(|row| DeviceBatch::of(customer, row));
    let uri = format!("/customers/{customer}/deviceBatches");
    Ok(Answer::ok(view.position(), Collection::of(rows, uri)))
}

/// Lists the devices of a list.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/devicebatches/{batch}/devices",
    tag = "Devices",
    responses((status = OK, description = "The devices.", body = Collection<Device>))
)]
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
    Ok(Answer::ok(view.position(), Collection::of(rows.map(Device::of), uri)))
}

fn missing(refusal: DeviceRefusal) -> ApiError {
    (&Rejection::from(refusal)).into()
}

/// Makes a list of devices.
#[utoipa::path(
    post,
    path = "/v1/customers/{customer}/devicebatches",
    tag = "Devices",
    request_body = NewDeviceBatch,
    responses((status = CREATED, description = "The list.", body = DeviceBatch))
)]
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
    Ok(Answer::created(outcome.position, DeviceBatch::of(customer, row)))
}

fn read_devices(app: &AppState, body: &JsonBody) -> Result<Vec<events::Device>, ApiError> {
    let devices = body.objects("devices")?;
    let read = |device: JsonBody| {
        Ok(events::Device {
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

/// Adds devices to a list.
#[utoipa::path(
    post,
    path = "/v1/customers/{customer}/devicebatches/{batch}/devices",
    tag = "Devices",
    request_body = MoreDevices,
    responses((status = CREATED, description = "The list.", body = DeviceBatch))
)]
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
    Ok(Answer::created(outcome.position, DeviceBatch::of(customer, row)))
}

/// Removes a device.
#[utoipa::path(
    delete,
    path = "/v1/customers/{customer}/devicebatches/{batch}/devices/{device}",
    tag = "Devices",
    responses((status = NO_CONTENT, description = "It is removed."))
)]
async fn remove(
    State(app): State<AppState>,
    writer: Writer<(CustomerId, DeviceBatchId, DeviceId)>,
) -> Result<Answer, ApiError> {
    let (customer, _, device_id) = writer.ids;
    let outcome = carry_out(&app, &writer, customer, RemoveDevice { device_id }).await?;
    Ok(Answer::done(outcome.position))
}

/// Lists a customer's device policies.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/policies",
    tag = "Devices",
    responses((status = OK, description = "The policies.", body = Collection<ConfigurationPolicy>))
)]
async fn profiles(
    State(app): State<AppState>,
    reader: Reader<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = reader.ids;
    let view = reader.customer_view(&app, customer, Permission::DevicesView).await?.view;
    let rows = view.model.devices().profiles(customer);
    let rows = rows.map(|row| shown_profile(&view, customer, row));
    let uri = format!("/customers/{customer}/policies");
    Ok(Answer::ok(view.position(), Collection::of(rows, uri)))
}

/// Tells about a device policy.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/policies/{policy}",
    tag = "Devices",
    responses((status = OK, description = "The policy.", body = ConfigurationPolicy))
)]
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

fn shown_profile(view: &View, customer: CustomerId, row: &DeviceProfileRow) -> ConfigurationPolicy {
    let devices = view.model.devices().count_with(customer, row.id);
    ConfigurationPolicy::of(customer, row, devices)
}

fn read_profile(body: &JsonBody) -> Result<(FriendlyName, Vec<DeviceSetting>), ApiError> {
    let name = body.required("name")?;
    let words = body.plain::<Vec<String>>(SETTINGS.field)?;
    let words = words.ok_or_else(|| body.missing(SETTINGS.field))?;
    let settings = words.iter().map(|word| SETTINGS.read(word)).collect::<Result<_, _>>()?;
    Ok((name, settings))
}

/// Makes a device policy.
#[utoipa::path(
    post,
    path = "/v1/customers/{customer}/policies",
    tag = "Devices",
    request_body = PolicyContent,
    responses((status = CREATED, description = "The policy.", body = ConfigurationPolicy))
)]
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
) -> Result<ConfigurationPolicy, ApiError> {
    let view = after(app, writer, customer, outcome).await?;
    Ok(shown_profile(&view, customer, profile_row(&view, customer, id)?))
}

/// Changes a device policy.
#[utoipa::path(
    put,
    path = "/v1/customers/{customer}/policies/{policy}",
    tag = "Devices",
    request_body = PolicyContent,
    responses((status = OK, description = "The policy from now on.", body = ConfigurationPolicy))
)]
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

/// Deletes a device policy.
#[utoipa::path(
    delete,
    path = "/v1/customers/{customer}/policies/{policy}",
    tag = "Devices",
    responses((status = NO_CONTENT, description = "It is deleted."))
)]
async fn delete_profile(
    State(app): State<AppState>,
    writer: Writer<(CustomerId, DeviceProfileId)>,
) -> Result<Answer, ApiError> {
    let (customer, profile_id) = writer.ids;
    let outcome = carry_out(&app, &writer, customer, DeleteDeviceProfile { profile_id }).await?;
    Ok(Answer::done(outcome.position))
}

/// Has devices set up with a policy (*own*).
#[utoipa::path(
    post,
    path = "/v1/customers/{customer}/policies/{policy}/devices",
    tag = "Devices",
    request_body = PolicyDevices,
    responses((status = OK, description = "The policy.", body = ConfigurationPolicy))
)]
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

/// Takes the policy of a device away (*own*).
#[utoipa::path(
    delete,
    path = "/v1/customers/{customer}/devices/{device}/policy",
    tag = "Devices",
    responses((status = NO_CONTENT, description = "It is taken away."))
)]
async fn withdraw(
    State(app): State<AppState>,
    writer: Writer<(CustomerId, DeviceId)>,
) -> Result<Answer, ApiError> {
    let (customer, device) = writer.ids;
    let command = WithdrawDeviceProfile { device_ids: vec![device] };
    let outcome = carry_out(&app, &writer, customer, command).await?;
    Ok(Answer::done(outcome.position))
}
