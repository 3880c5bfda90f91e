//! `/customers/{id}/devices`: the devices of a customer, their lists and profiles.

use axum::{
    Router,
    extract::Path,
    response::Response,
    routing::{get, post},
};
use commands::{
    ApplyDeviceProfile, CreateDeviceBatch, CreateDeviceProfile, DeviceCommand, Permission,
    RemoveDevice, WithdrawDeviceProfile,
};
use events::{
    CustomerId, Device, DeviceBatchId, DeviceId, DeviceProfileId, DeviceSetting, FriendlyName,
    ProductKey, SerialNumber,
};
use maud::{Markup, html};
use projections::{CustomerRow, DeviceRow};

use super::id;
use crate::{
    application::OnCustomer,
    http::AppState,
    ids,
    web::{
        customer_frame::{self, Tab},
        error::PageError,
        forms::{Faults, Fields},
        layout,
        screen::Screen,
        submitted::Submitted,
        widgets::{self, Input},
    },
};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/customers/{customer}/devices", get(show))
        .route("/customers/{customer}/devices/lists", post(create_list))
        .route("/customers/{customer}/devices/profiles", post(create_profile))
        .route("/customers/{customer}/devices/apply", post(apply))
        .route("/customers/{customer}/devices/withdraw", post(withdraw))
        .route("/customers/{customer}/devices/{device}/remove", post(remove))
}

async fn show(Path(customer): Path<String>, screen: Screen) -> Result<Response, PageError> {
    let customer = id::<CustomerId>(&customer)?;
    screen.allow_customer(customer, Permission::DevicesView).await?;
    let customer = screen.customer(customer)?;
    Ok(page(&screen, customer, &Fields::default(), &Faults::default()))
}

fn page(screen: &Screen, customer: &CustomerRow, fields: &Fields, faults: &Faults) -> Response {
    let base = format!("{}/devices", customer_frame::path(customer));
    let manages = screen.can(Permission::DevicesManage);
    let devices: Vec<_> = screen.model.devices().of(customer.id).collect();
    let body = html! {
        (layout::faults(faults))
        @if devices.is_empty() { (widgets::empty("No device is registered.")) }
        @else if manages { (chosen(screen, customer, &base, &devices)) }
        @else { (list(screen, customer, &base, &devices)) }
        (profiles(screen, customer))
        @if manages { (list_form(screen, &base, fields, faults)) (profile_form(screen, &base, fields, faults)) }
    };
    customer_frame::frame(screen, customer, Tab::Devices).faulty(faults).show(&body)
}

/// The devices with a box each, and what is done to those that are ticked.
fn chosen(screen: &Screen, customer: &CustomerRow, base: &str, devices: &[&DeviceRow]) -> Markup {
    let profiles: Vec<_> = screen.model.devices().profiles(customer.id).collect();
    let inner = html! {
        (list(screen, customer, base, devices))
        div.buttons {
            @if !profiles.is_empty() {
                label.hidden for="profile" { "Profile" }
                select #profile name="profile" {
                    @for profile in &profiles { option value=(profile.id) { (profile.name) } }
                }
                button type="submit" { "Apply to the ticked" }
                button type="submit" formaction={ (base) "/withdraw" } { "Take the profile away" }
            }
        }
    };
    widgets::form(screen, "devices-form", &format!("{base}/apply"), &inner)
}

fn list(screen: &Screen, customer: &CustomerRow, base: &str, devices: &[&DeviceRow]) -> Markup {
    let headers =
        ["Serial number", "Product", "List", "Profile", r#"<span class="hidden">More</span>"#];
    let rows = html! { @for device in devices { (row(screen, customer, base, device)) } };
    widgets::table("devices", "Devices", &headers, &rows)
}

fn row(screen: &Screen, customer: &CustomerRow, base: &str, device: &DeviceRow) -> Markup {
    let all = screen.model.devices();
    let list = all.batch(customer.id, device.batch).map(|batch| batch.name.to_string());
    let profile = device.profile.and_then(|id| all.profile(customer.id, id));
    let manages = screen.can(Permission::DevicesManage);
    let serial_number = html! { (device.serial_number) };
    html! {
        tr data-device=(device.id) {
            th scope="row" data-label="Serial number" {
                @if manages { (widgets::tick("device", &device.id.to_string(), &serial_number, false)) }
                @else { (serial_number) }
            }
            td data-label="Product" {
                @match &device.product_key { Some(key) => (key), None => (widgets::dash()) }
            }
            td data-label="List" { @match list { Some(name) => (name), None => (widgets::dash()) } }
            td data-label="Profile" {
                @match profile { Some(profile) => (profile.name), None => (widgets::dash()) }
            }
            td {
                @if manages {
                    button.small type="submit" formaction={ (base) "/" (device.id) "/remove" } { "Remove" }
                }
            }
        }
    }
}

fn profiles(screen: &Screen, customer: &CustomerRow) -> Markup {
    let all = screen.model.devices();
    let rows = html! {
        @for profile in all.profiles(customer.id) {
            tr data-profile=(profile.id) {
                th scope="row" data-label="Profile" { (profile.name) }
                td data-label="Sets" { (widgets::badges(profile.settings.iter().map(|it| it.title()))) }
                td.number data-label="Devices" { (all.count_with(customer.id, profile.id)) }
            }
        }
    };
    html! {
        h2 { "Profiles" }
        @if all.profiles(customer.id).next().is_none() { (widgets::empty("There is no profile yet.")) }
        @else { (widgets::table("profiles", "Device profiles", &["Profile", "Sets", "Devices"], &rows)) }
    }
}

fn list_form(screen: &Screen, base: &str, fields: &Fields, faults: &Faults) -> Markup {
    let inner = html! {
        fieldset {
            legend { "Register devices" }
            (Input::text("name", "Name of the list").required().draw(fields, faults))
            (Input::text("devices", "Devices").required()
                .hint("One a line: serial number, comma, product id where it is known.")
                .draw_lines(5, fields, faults))
        }
        div.buttons { button type="submit" { "Register" } }
    };
    widgets::form(screen, "new-devices", &format!("{base}/lists"), &inner)
}

fn profile_form(screen: &Screen, base: &str, fields: &Fields, faults: &Faults) -> Markup {
    let inner = html! {
        fieldset {
            legend { "Create a profile" }
            (Input::text("profile_name", "Name").required().draw(fields, faults))
            div.field {
                @for setting in DeviceSetting::ALL {
                    @let text = html! { (setting.title()) };
                    (widgets::tick("setting", setting.name(), &text, fields.has("setting", setting.name())))
                }
            }
        }
        div.buttons { button type="submit" { "Create profile" } }
    };
    widgets::form(screen, "new-profile", &format!("{base}/profiles"), &inner)
}

async fn create_list(Path(customer): Path<String>, form: Submitted) -> Result<Response, PageError> {
    let command = read_list(&form);
    carry_out(&customer, form, command, "The devices are registered.").await
}

fn read_list(form: &Submitted) -> Result<CreateDeviceBatch, Faults> {
    let mut faults = Faults::default();
    let now = form.screen.app.now();
    let name = form.fields.required::<FriendlyName>(&mut faults, "name");
    let mut devices = Vec::new();
    for (index, line) in form.fields.text("devices").lines().enumerate() {
        let (serial, key) = line.split_once(',').unwrap_or((line, ""));
        let key = Some(key.trim()).filter(|key| !key.is_empty()).map(ProductKey::new);
        match (SerialNumber::new(serial), key.transpose()) {
            (Ok(serial_number), Ok(product_key)) => {
                let device_id = ids::fresh(now, DeviceId::from_uuid);
                devices.push(Device { device_id, serial_number, product_key });
            }
            (Err(error), _) | (_, Err(error)) => {
                faults.add("devices", format!("line {}: {error}", index + 1));
            }
        }
    }
    let batch_id = ids::fresh(now, DeviceBatchId::from_uuid);
    faults.unless_any(|| Some(CreateDeviceBatch { batch_id, name: name?, devices }))
}

async fn create_profile(
    Path(customer): Path<String>,
    form: Submitted,
) -> Result<Response, PageError> {
    let mut faults = Faults::default();
    let name = form.fields.required::<FriendlyName>(&mut faults, "profile_name");
    let settings = DeviceSetting::ALL.into_iter();
    let settings = settings.filter(|setting| form.fields.has("setting", setting.name())).collect();
    let profile_id = ids::fresh(form.screen.app.now(), DeviceProfileId::from_uuid);
    let command =
        faults.unless_any(|| Some(CreateDeviceProfile { profile_id, name: name?, settings }));
    carry_out(&customer, form, command, "The profile is created.").await
}

async fn apply(Path(customer): Path<String>, form: Submitted) -> Result<Response, PageError> {
    let mut faults = Faults::default();
    let profile_id = form.fields.required::<DeviceProfileId>(&mut faults, "profile");
    let device_ids = form.fields.chosen::<DeviceId>(&mut faults, "device");
    let command = faults.unless_any(|| {
        Some(ApplyDeviceProfile { profile_id: profile_id?, device_ids: device_ids? })
    });
    carry_out(&customer, form, command, "The profile is applied.").await
}

async fn withdraw(Path(customer): Path<String>, form: Submitted) -> Result<Response, PageError> {
    let mut faults = Faults::default();
    let device_ids = form.fields.chosen::<DeviceId>(&mut faults, "device");
    let command = faults.unless_any(|| Some(WithdrawDeviceProfile { device_ids: device_ids? }));
    carry_out(&customer, form, command, "The devices have no profile any more.").await
}

async fn remove(
    Path((customer, device)): Path<(String, String)>,
    form: Submitted,
) -> Result<Response, PageError> {
    let command = Ok(RemoveDevice { device_id: id::<DeviceId>(&device)? });
    carry_out(&customer, form, command, "The device is removed.").await
}

async fn carry_out<C: Into<DeviceCommand>>(
    customer: &str,
    mut form: Submitted,
    command: Result<C, Faults>,
    done: &str,
) -> Result<Response, PageError> {
    let customer = id::<CustomerId>(customer)?;
    form.screen.allow_customer(customer, Permission::DevicesManage).await?;
    let path = format!("/customers/{customer}/devices");
    let faults = match command {
        Ok(command) => {
            let command: DeviceCommand = command.into();
            let use_case = OnCustomer::new(customer, command);
            match form.execute(&form.call(b""), &use_case).await? {
                Ok(_) => return Ok(form.done(&path, layout::done(done))),
                Err(faults) => faults,
            }
        }
        Err(faults) => faults,
    };
    form.screen.path = path;
    let customer = form.screen.customer(customer)?;
    Ok(page(&form.screen, customer, &form.fields, &faults))
}
