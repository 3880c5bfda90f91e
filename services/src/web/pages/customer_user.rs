//! `/customers/{id}/users/{user}`: one user of a customer: created, edited, given a new password.

use axum::{
    Router,
    extract::Path,
    response::Response,
    routing::{get, post},
};
use commands::{EditCustomerUser, Permission};
use events::{
    CountryCode, CustomerId, CustomerUserId, CustomerUserProfile, DirectoryRole, Opened,
    PersonName, PhoneNumber, SkuId, UserName,
};
use maud::{Markup, html};
use projections::{CustomerRow, CustomerUserRow};
use uuid::Uuid;

use super::{
    credentials::{self, List, Notice},
    id, product,
};
use crate::{
    application::{ChooseDirectoryRoles, OnCustomer, UserToCreate},
    auth::{InSeries, TemporaryPassword},
    http::AppState,
    web::{
        customer_frame,
        error::PageError,
        forms::{Faults, Fields, mendable},
        layout, names,
        screen::Screen,
        submitted::Submitted,
        widgets::{self, Input, tick},
    },
};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/customers/{customer}/users/new", get(show_new))
        .route("/customers/{customer}/users", post(create))
        .route("/customers/{customer}/users/series", post(show_series))
        .route("/customers/{customer}/users/{user}", get(show).post(edit))
        .route("/customers/{customer}/users/{user}/roles", post(change_roles))
        .route("/customers/{customer}/users/{user}/password", post(reset_password))
}

async fn show_new(Path(customer): Path<String>, screen: Screen) -> Result<Response, PageError> {
    let customer = id::<CustomerId>(&customer)?;
    screen.allow_customer(customer, Permission::CustomerUsersManage).await?;
    let customer = screen.customer(customer)?;
    let fields = Fields::default()
        .with("user_name", format!("@{}", customer.domain))
        .with("usage_location", &customer.country);
    Ok(new_page(&screen, customer, &fields, &Faults::default()))
}

async fn create(Path(customer): Path<String>, form: Submitted) -> Result<Response, PageError> {
    let customer = id::<CustomerId>(&customer)?;
    let screen = &form.screen;
    screen.allow_customer(customer, Permission::CustomerUsersManage).await?;
    let customer = screen.customer(customer)?;
    let wanted = match read_new(&form.fields) {
        Ok(wanted) => wanted,
        Err(faults) => return Ok(new_page(screen, customer, &form.fields, &faults)),
    };
    let user_name = wanted.profile.user_name.to_string();
    let display_name = wanted.profile.display_name.to_string();
    let products = wanted.licenses.iter().map(|sku| product(screen, *sku)).collect();
    let created = screen.app.create_customer_user(&form.call(b""), customer.id, wanted).await;
    let created = match mendable(created, form.catalogue())? {
        Ok(created) => created,
        Err(faults) => return Ok(new_page(screen, customer, &form.fields, &faults)),
    };
    let Some(password) = created.password else {
        return Ok(one_added(screen, customer, user_name, &display_name, None));
    };
    let (customer_id, user) = (customer.id, created.id);
    let user =
        InSeries { customer: customer_id, user, user_name, display_name, products, password };
    Ok(added(&form, customer, user))
}

/// What follows a new user: the next of a series, or the credentials of all of it.
fn added(form: &Submitted, customer: &CustomerRow, user: InSeries) -> Response {
    let screen = &form.screen;
    let (session, name) = (&screen.visitor.session, user.display_name.clone());
    let goes_on = form.fields.text("then") == "another" && session.has_room_in_series();
    if !goes_on && session.in_series(customer.id) == 0 {
        let InSeries { user_name, password, .. } = user;
        return one_added(screen, customer, user_name, &name, Some(&password));
    }
    let count = screen.app.sessions().collect(&screen.visitor.key, user);
    if !goes_on {
        return series(screen, customer);
    }
    let text = format!(
        "{name} was added. The credentials of {} are shown at the end of the series.",
        widgets::count(count, "user", "users")
    );
    form.done(&format!("{}/users/new", customer_frame::path(customer)), layout::done(&text))
}

fn one_added(
    screen: &Screen,
    customer: &CustomerRow,
    user_name: String,
    name: &str,
    password: Option<&TemporaryPassword>,
) -> Response {
    let path = customer_frame::path(customer);
    let notice = Notice {
        done: format!("{name} has an account at {} now.", customer.company_name),
        user_name,
        password,
        links: vec![
            (format!("{path}/users/new"), "Add another user".to_owned()),
            (path, "Back to the users".to_owned()),
        ],
    };
    credentials::show(customer_frame::inner_frame(screen, customer, "User added"), &notice)
}

async fn show_series(Path(customer): Path<String>, form: Submitted) -> Result<Response, PageError> {
    let customer = id::<CustomerId>(&customer)?;
    let screen = &form.screen;
    screen.allow_customer(customer, Permission::CustomerUsersManage).await?;
    Ok(series(screen, screen.customer(customer)?))
}

/// The credentials of all users of a series, shown once.
fn series(screen: &Screen, customer: &CustomerRow) -> Response {
    let path = customer_frame::path(customer);
    let users = screen.app.sessions().take_series(&screen.visitor.key, customer.id);
    let list = List {
        done: format!(
            "{} of {} can sign in now.",
            widgets::count(users.len(), "new user", "new users"),
            customer.company_name
        ),
        rows: users.iter().map(|user| credentials::row_in_series(user)).collect(),
        more: html! {},
        links: vec![(path, "Back to the users".to_owned())],
    };
    credentials::show_list(customer_frame::inner_frame(screen, customer, "Users added"), &list)
}

fn read_new(fields: &Fields) -> Result<UserToCreate, Faults> {
    let mut faults = Faults::default();
    let profile = read_profile(fields, &mut faults);
    let licenses = fields.chosen::<SkuId>(&mut faults, "license");
    let roles = read_roles(fields, &mut faults);
    faults.unless_any(|| {
        let (profile, licenses, directory_roles) = (profile?, licenses?, roles?);
        Some(UserToCreate { profile, licenses, directory_roles, password: None })
    })
}

fn read_profile(fields: &Fields, faults: &mut Faults) -> Option<CustomerUserProfile> {
    let user_name = fields.required::<UserName>(faults, "user_name");
    let display_name = fields.required::<PersonName>(faults, "display_name");
    let first_name = fields.optional::<PersonName>(faults, "first_name");
    let last_name = fields.optional::<PersonName>(faults, "last_name");
    let usage_location = fields.optional::<CountryCode>(faults, "usage_location");
    let phone_number = fields.optional::<PhoneNumber>(faults, "phone_number");
    Some(CustomerUserProfile {
        user_name: user_name?,
        first_name: first_name?,
        last_name: last_name?,
        display_name: display_name?,
        usage_location: usage_location?,
        phone_number: phone_number?,
    })
}

fn read_roles(fields: &Fields, faults: &mut Faults) -> Option<Vec<DirectoryRole>> {
    let ids = fields.chosen::<Uuid>(faults, "directory_role")?;
    let roles: Option<Vec<_>> = ids.into_iter().map(DirectoryRole::from_template_id).collect();
    if roles.is_none() {
        faults.add("directory_role", "is not a role");
    }
    roles
}

fn new_page(screen: &Screen, customer: &CustomerRow, fields: &Fields, faults: &Faults) -> Response {
    let path = customer_frame::path(customer);
    let inner = html! {
        (layout::faults(faults))
        (profile_fields(customer, fields, faults))
        (license_ticks(screen, customer, fields, faults))
        fieldset #directory_role {
            legend { "Roles in the company" }
            (role_ticks(|role| fields.has("directory_role", &role.template_id().to_string())))
        }
        div.buttons {
            button.primary type="submit" { "Add user" }
            button type="submit" name="then" value="another" { "Add and go on with another" }
            a.button href=(path) { "Cancel" }
        }
    };
    let body = html! {
        (credentials::waiting(screen, customer))
        (widgets::form(screen, "new-user", &format!("{path}/users"), &inner))
    };
    customer_frame::inner_frame(screen, customer, "Add user").faulty(faults).show(&body)
}

fn profile_fields(customer: &CustomerRow, fields: &Fields, faults: &Faults) -> Markup {
    html! {
        fieldset {
            legend { "Profile" }
            (Input::text("display_name", "Display name").required().draw(fields, faults))
            (Input::text("user_name", "User name").required()
                .hint(format!("Must end in {}.", names::endings(customer))).draw(fields, faults))
            (Input::text("first_name", "First name").draw(fields, faults))
            (Input::text("last_name", "Last name").draw(fields, faults))
            (Input::text("usage_location", "Usage location").short()
                .hint("The country, such as US. Licences need it.").draw(fields, faults))
            (Input::text("phone_number", "Phone number").draw(fields, faults))
        }
    }
}

fn license_ticks(
    screen: &Screen,
    customer: &CustomerRow,
    fields: &Fields,
    faults: &Faults,
) -> Markup {
    let skus: Vec<_> = screen.model.licenses().of(customer.id).collect();
    html! {
        fieldset #sku_id {
            legend { "Licences" }
            @if let Some(fault) = faults.about("sku_id") { p.hint { strong.fault { (fault) } } }
            @if skus.is_empty() { p.hint { "The customer has no subscriptions yet." } }
            @for (sku, seats) in &skus {
                @let text = html! { (product(screen, *sku)) " " span.hint { "(" (seats.available()) " free)" } };
                (tick("license", &sku.to_string(), &text, fields.has("license", &sku.to_string())))
            }
        }
    }
}

fn role_ticks(holds: impl Fn(DirectoryRole) -> bool) -> Markup {
    html! {
        @for role in DirectoryRole::ALL {
            (tick("directory_role", &role.template_id().to_string(), &html! { (role.title()) }, holds(role)))
        }
    }
}

async fn show(
    Path((customer, user)): Path<(String, String)>,
    screen: Screen,
) -> Result<Response, PageError> {
    let (customer, user) = (id::<CustomerId>(&customer)?, id::<CustomerUserId>(&user)?);
    page(&screen, customer, user, None, &Faults::default()).await
}

async fn page(
    screen: &Screen,
    customer: CustomerId,
    user: CustomerUserId,
    typed: Option<&Fields>,
    faults: &Faults,
) -> Result<Response, PageError> {
    screen.allow_customer(customer, Permission::CustomerUsersView).await?;
    let customer = screen.customer(customer)?;
    let row = user_row(screen, customer, user)?;
    let opened = screen.app.vault().open::<CustomerUserProfile>(&row.profile).await?;
    let name = names::plain(&opened, |profile| profile.display_name.to_string());
    let filled = filled(&opened);
    let fields = typed.unwrap_or(&filled);
    let path = format!("{}/users/{user}", customer_frame::path(customer));
    let edits = screen.can(Permission::CustomerUsersManage) && row.state.is_active();
    let body = html! {
        (layout::faults(faults))
        @if edits {
            (widgets::form(screen, "edit-user", &path, &html! {
                (profile_fields(customer, fields, faults))
                div.buttons { button.primary type="submit" { "Save" } }
            }))
        } @else { (facts(&opened)) }
        section.card {
            h2 { "Licences" }
            p { (widgets::badges(row.licenses.iter().map(|sku| product(screen, *sku)))) }
        }
        (roles(screen, row, &path))
        @if edits {
            section.card {
                h2 { "Password" }
                p { "A new temporary password is shown once; the old one stops working." }
                (widgets::button(screen, "reset-password", &format!("{path}/password"), "Reset password"))
            }
        }
    };
    Ok(customer_frame::inner_frame(screen, customer, name).readable().faulty(faults).show(&body))
}

fn user_row<'a>(
    screen: &'a Screen,
    customer: &CustomerRow,
    user: CustomerUserId,
) -> Result<&'a CustomerUserRow, PageError> {
    let gone = || PageError::not_found("the customer has no such user");
    let row = screen.model.customer_users().get(customer.id, user);
    row.filter(|row| row.state.is_there_at(screen.at)).ok_or_else(gone)
}

fn filled(opened: &Opened<CustomerUserProfile>) -> Fields {
    let Opened::Readable(profile) = opened else { return Fields::default() };
    let optional =
        |name: &Option<PersonName>| name.as_ref().map_or("", PersonName::as_str).to_owned();
    let location = profile.usage_location.as_ref().map_or("", CountryCode::as_str);
    let phone = profile.phone_number.as_ref().map_or("", PhoneNumber::as_str);
    Fields::default()
        .with("display_name", &profile.display_name)
        .with("user_name", &profile.user_name)
        .with("first_name", optional(&profile.first_name))
        .with("last_name", optional(&profile.last_name))
        .with("usage_location", location)
        .with("phone_number", phone)
}

fn facts(opened: &Opened<CustomerUserProfile>) -> Markup {
    let fact = |label: &str, text: fn(&CustomerUserProfile) -> String| {
        html! { div { dt { (label) } dd { (names::shown(opened, text)) } } }
    };
    html! {
        section.card {
            h2 { "Profile" }
            dl.pairs {
                (fact("User name", |profile| profile.user_name.to_string()))
                (fact("Display name", |profile| profile.display_name.to_string()))
                (fact("Usage location", |profile| {
                    profile.usage_location.as_ref().map_or_else(|| "–".to_owned(), ToString::to_string)
                }))
                (fact("Phone number", |profile| {
                    profile.phone_number.as_ref().map_or_else(|| "–".to_owned(), ToString::to_string)
                }))
            }
        }
    }
}

fn roles(screen: &Screen, row: &CustomerUserRow, path: &str) -> Markup {
    let edits = screen.can(Permission::DirectoryRolesManage) && row.state.is_active();
    html! {
        section.card {
            h2 { "Roles in the company" }
            @if edits {
                (widgets::form(screen, "edit-roles", &format!("{path}/roles"), &html! {
                    fieldset.plain #role { (role_ticks(|role| row.directory_roles.has(role))) }
                    div.buttons { button type="submit" { "Save roles" } }
                }))
            } @else {
                p { (widgets::badges(row.directory_roles.iter().map(DirectoryRole::title))) }
            }
        }
    }
}

async fn edit(
    Path((customer, user)): Path<(String, String)>,
    form: Submitted,
) -> Result<Response, PageError> {
    let (customer, user) = (id::<CustomerId>(&customer)?, id::<CustomerUserId>(&user)?);
    let screen = &form.screen;
    let mut faults = Faults::default();
    let profile = read_profile(&form.fields, &mut faults);
    let profile = match faults.unless_any(|| profile) {
        Ok(profile) => profile,
        Err(faults) => return page(screen, customer, user, Some(&form.fields), &faults).await,
    };
    let user_name = screen.app.keys().user_name_hash(&profile.user_name);
    let command = EditCustomerUser { user_id: user, user_name, profile };
    match form.execute(&form.call(b""), &OnCustomer::new(customer, command)).await? {
        Ok(_) => {
            let path = format!("/customers/{customer}/users/{user}");
            Ok(form.done(&path, layout::done("The profile was saved.")))
        }
        Err(faults) => page(screen, customer, user, Some(&form.fields), &faults).await,
    }
}

/// Grants what was ticked and revokes what was not.
async fn change_roles(
    Path((customer, user)): Path<(String, String)>,
    form: Submitted,
) -> Result<Response, PageError> {
    let (customer, user_id) = (id::<CustomerId>(&customer)?, id::<CustomerUserId>(&user)?);
    let screen = &form.screen;
    screen.allow_customer(customer, Permission::DirectoryRolesManage).await?;
    let mut faults = Faults::default();
    let Some(roles) = read_roles(&form.fields, &mut faults) else {
        return page(screen, customer, user_id, None, &faults).await;
    };
    let use_case = ChooseDirectoryRoles { customer, user_id, roles };
    match form.execute(&form.call(b""), &use_case).await? {
        Ok(_) => {
            let path = format!("/customers/{customer}/users/{user_id}");
            Ok(form.done(&path, layout::done("The roles were saved.")))
        }
        Err(faults) => page(screen, customer, user_id, None, &faults).await,
    }
}

async fn reset_password(
    Path((customer, user)): Path<(String, String)>,
    form: Submitted,
) -> Result<Response, PageError> {
    let (customer, user) = (id::<CustomerId>(&customer)?, id::<CustomerUserId>(&user)?);
    let screen = &form.screen;
    screen.allow_customer(customer, Permission::CustomerUsersManage).await?;
    let reset =
        screen.app.reset_customer_user_password(&form.call(b""), customer, user, None).await;
    let reset = match mendable(reset, form.catalogue())? {
        Ok(reset) => reset,
        Err(faults) => return page(screen, customer, user, None, &faults).await,
    };
    let customer = screen.customer(customer)?;
    let row = user_row(screen, customer, user)?;
    let opened = screen.app.vault().open::<CustomerUserProfile>(&row.profile).await?;
    let name = names::plain(&opened, |profile| profile.display_name.to_string());
    let path = customer_frame::path(customer);
    let notice = Notice {
        done: format!("{name} has a new temporary password."),
        user_name: names::plain(&opened, |profile| profile.user_name.to_string()),
        password: reset.password.as_ref(),
        links: vec![(path, "Back to the users".to_owned())],
    };
    Ok(credentials::show(customer_frame::inner_frame(screen, customer, "Password reset"), &notice))
}
