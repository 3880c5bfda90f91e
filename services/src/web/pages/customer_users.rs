//! `/customers/{id}`: the users of a customer, and what can be done to several of them at once.

use axum::{
    Router,
    extract::Path,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use commands::{BULK_USERS_MAX, DeleteCustomerUsers, Permission, UpdateLicenses};
use events::{CustomerId, CustomerUserId, CustomerUserProfile, SkuId};
use maud::{Markup, html};
use projections::CustomerRow;

use super::{
    credentials::{self, List},
    customer_users_found::{Found, User, all, asked, carried, chosen_or_all, find},
    id, product, sees_subscriptions_of,
};
use crate::{
    application::{Issued, OnCustomer},
    http::AppState,
    web::{
        customer_frame::{self, Tab},
        error::PageError,
        forms::{Faults, Fields, mendable},
        layout, names,
        screen::Screen,
        submitted::Submitted,
        widgets,
    },
};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/customers/{customer}", get(show))
        .route("/customers/{customer}/users/delete", post(delete))
        .route("/customers/{customer}/users/licenses", post(change_licenses))
        .route("/customers/{customer}/users/passwords", post(reset_passwords))
}

async fn show(Path(customer): Path<String>, screen: Screen) -> Result<Response, PageError> {
    let customer = id::<CustomerId>(&customer)?;
    if screen.query.text("status") == "deleted" {
        let deleted = screen.link(&format!("/customers/{customer}/deleted"));
        return Ok(Redirect::to(&deleted).into_response());
    }
    page(&screen, customer, &Fields::default(), &Faults::default()).await
}

async fn delete(Path(customer): Path<String>, mut form: Submitted) -> Result<Response, PageError> {
    let customer = id::<CustomerId>(&customer)?;
    let users = match chosen_or_all(&form, customer).await? {
        Ok(users) => users,
        Err(faults) => return again(&mut form, customer, &faults).await,
    };
    let number = users.len();
    let command = DeleteCustomerUsers { user_ids: users };
    let done = form.execute(&form.call(b""), &OnCustomer::new(customer, command)).await?;
    match done {
        Ok(_) => Ok(form.done(
            &format!("/customers/{customer}"),
            layout::done(&format!(
                "{} deleted. Within 30 days they can be restored under Deleted users.",
                widgets::count(number, "user", "users")
            )),
        )),
        Err(faults) => again(&mut form, customer, &faults).await,
    }
}

/// Gives the ticked users new passwords, which are listed once; each has its own outcome.
async fn reset_passwords(
    Path(customer): Path<String>,
    mut form: Submitted,
) -> Result<Response, PageError> {
    let customer = id::<CustomerId>(&customer)?;
    form.screen.allow_customer(customer, Permission::CustomerUsersManage).await?;
    let users = match chosen_or_all(&form, customer).await? {
        Ok(users) => users,
        Err(faults) => return again(&mut form, customer, &faults).await,
    };
    let screen = &form.screen;
    let (mut rows, mut refused) = (Vec::new(), Vec::new());
    for user in users {
        let call = form.call(user.as_uuid().as_bytes());
        let reset = screen.app.reset_customer_user_password(&call, customer, user, None).await;
        match mendable(reset, form.catalogue())? {
            Ok(reset) => rows.push(reset_row(screen, customer, &reset).await?),
            Err(faults) => refused.push(faults),
        }
    }
    let customer = screen.customer(customer)?;
    let list = List {
        done: format!("{} new.", widgets::count(rows.len(), "password is", "passwords are")),
        rows,
        more: html! { @for faults in &refused { (layout::faults(faults)) } },
        links: vec![(customer_frame::path(customer), "Back to the users".to_owned())],
    };
    Ok(credentials::show_list(
        customer_frame::inner_frame(screen, customer, "Passwords reset"),
        &list,
    ))
}

async fn reset_row(
    screen: &Screen,
    customer: CustomerId,
    reset: &Issued<CustomerUserId>,
) -> Result<[String; 5], PageError> {
    let gone = || PageError::not_found("the customer has no such user");
    let row = screen.model.customer_users().get(customer, reset.id).ok_or_else(gone)?;
    let opened = screen.app.vault().open::<CustomerUserProfile>(&row.profile).await?;
    let password = reset.password.as_ref().map(|password| password.reveal().to_owned());
    let products = row.licenses.iter().map(|sku| product(screen, *sku)).collect::<Vec<_>>();
    Ok([
        names::plain(&opened, |profile| profile.user_name.to_string()),
        password.unwrap_or_default(),
        names::plain(&opened, |profile| profile.display_name.to_string()),
        products.join("|"),
        reset.id.to_string(),
    ])
}

async fn change_licenses(
    Path(customer): Path<String>,
    mut form: Submitted,
) -> Result<Response, PageError> {
    let customer = id::<CustomerId>(&customer)?;
    let users = chosen_or_all(&form, customer).await?;
    let (command, done) = match users.and_then(|users| read_change(users, &form.fields)) {
        Ok(change) => change,
        Err(faults) => return again(&mut form, customer, &faults).await,
    };
    match form.execute(&form.call(b""), &OnCustomer::new(customer, command)).await? {
        Ok(outcome) => {
            let note =
                format!("{} {done}.", widgets::count(outcome.events.len(), "licence", "licences"));
            Ok(form.done(&format!("/customers/{customer}"), layout::done(&note)))
        }
        Err(faults) => again(&mut form, customer, &faults).await,
    }
}

fn read_change(
    user_ids: Vec<CustomerUserId>,
    fields: &Fields,
) -> Result<(UpdateLicenses, &'static str), Faults> {
    let mut faults = Faults::default();
    let sku = fields.required::<SkuId>(&mut faults, "sku_id");
    faults.unless_any(|| {
        let skus = vec![sku?];
        Some(if fields.text("action") == "revoke" {
            (UpdateLicenses { user_ids, assign: Vec::new(), remove: skus }, "revoked")
        } else {
            (UpdateLicenses { user_ids, assign: skus, remove: Vec::new() }, "assigned")
        })
    })
}

/// The page again, with what was ticked and why nothing was done.
async fn again(
    form: &mut Submitted,
    customer: CustomerId,
    faults: &Faults,
) -> Result<Response, PageError> {
    form.screen.path = format!("/customers/{customer}");
    form.screen.query = asked(&form.fields);
    page(&form.screen, customer, &form.fields, faults).await
}

async fn page(
    screen: &Screen,
    customer: CustomerId,
    ticked: &Fields,
    faults: &Faults,
) -> Result<Response, PageError> {
    screen.allow_customer(customer, Permission::CustomerUsersView).await?;
    let customer = screen.customer(customer)?;
    let list = find(screen, customer).await?;
    let path = customer_frame::path(customer);
    let ticked_here = acts_on_several(screen, customer).then_some(ticked);
    let rows = html! { @for user in &list.users { (row(screen, &path, user, ticked_here)) } };
    let headers = [
        r#"<span class="hidden">Select</span>"#,
        "Name",
        "User name",
        "Licences",
        "Roles",
        "Created",
    ];
    let table = html! {
        (layout::faults(faults))
        (widgets::table("users", "Users", &headers, &rows))
        (carried(screen, &list))
        (bulk(screen, customer, &path, &list, ticked))
    };
    let body = html! {
        (credentials::waiting(screen, customer))
        (filter(screen, customer, &path))
        @if list.users.is_empty() {
            (layout::faults(faults))
            (widgets::empty("No user matches."))
        } @else {
            @if screen.is_past() { (table) }
            @else { (widgets::form(screen, "users-form", &format!("{path}/users/licenses"), &table)) }
            (widgets::pager(list.users.len(), list.total, list.first, list.next))
        }
    };
    let actions = html! {
        @if screen.can(Permission::CustomerUsersManage) {
            a.button #import-users href={ (path) "/users/import" } { "Import users" } " "
            a.button.primary #add-user href={ (path) "/users/new" } { "Add user" }
        }
    };
    Ok(customer_frame::frame(screen, customer, Tab::Users)
        .actions(actions)
        .faulty(faults)
        .show(&body))
}

fn filter(screen: &Screen, customer: &CustomerRow, path: &str) -> Markup {
    let chosen = screen.query.text("license");
    let skus = screen.model.licenses().of(customer.id).map(|(sku, _)| sku);
    let subscriptions = screen.model.subscriptions().of(customer.id);
    let subscriptions = subscriptions
        .filter(|row| sees_subscriptions_of(screen, customer.id, row.partner))
        .map(|row| (format!("subscription:{}", row.id), row.friendly_name.to_string()));
    html! {
        form.filter #user-filter method="get" action=(path) role="search" {
            @if screen.is_past() {
                input type="hidden" name="as_of" value=(screen.query.text("as_of"));
            }
            label.hidden for="q" { "Name or user name contains" }
            input #q type="search" name="q" value=(screen.query.text("q")) placeholder="Name or user name";
            label.hidden for="license" { "Licences" }
            select #license name="license" {
                option value="" { "All users" }
                option value="any" selected[chosen == "any"] { "With a licence" }
                option value="none" selected[chosen == "none"] { "Without a licence" }
                @for sku in skus {
                    option value=(sku) selected[chosen == sku.to_string()] { "With " (product(screen, sku)) }
                }
                @for (value, name) in subscriptions {
                    option value=(value) selected[chosen == value] { "Of subscription " (name) }
                }
            }
            label.hidden for="status" { "Status" }
            select #status name="status" {
                option value="" { "Active" }
                option value="deleted" { "Deleted" }
            }
            button type="submit" { "Filter" }
        }
    }
}

/// A user; with a box to tick where there is something to do to the ticked ones.
fn row(screen: &Screen, path: &str, (user, profile): &User<'_>, ticked: Option<&Fields>) -> Markup {
    let id = user.id.to_string();
    let name = names::plain(profile, |profile| profile.display_name.to_string());
    html! {
        tr data-user=(id) {
            td.check {
                @if let Some(ticked) = ticked {
                    input type="checkbox" name="user" value=(id) checked[ticked.has("user", &id)]
                        aria-label={ "Select " (name) };
                }
            }
            th scope="row" data-label="Name" {
                a href=(screen.link(&format!("{path}/users/{id}"))) {
                    (names::shown(profile, |profile| profile.display_name.to_string()))
                }
            }
            td data-label="User name" { (names::shown(profile, |profile| profile.user_name.to_string())) }
            td data-label="Licences" {
                (widgets::badges(user.licenses.iter().map(|sku| product(screen, *sku))))
            }
            td data-label="Roles" {
                (widgets::badges(user.directory_roles.iter().map(events::DirectoryRole::title)))
            }
            td data-label="Created" { (widgets::time(user.created_at)) }
        }
    }
}

/// Whether there is anything that the visitor could do to several users at once.
fn acts_on_several(screen: &Screen, customer: &CustomerRow) -> bool {
    let has_products = screen.model.licenses().of(customer.id).next().is_some();
    screen.can(Permission::CustomerUsersManage)
        || (screen.can(Permission::LicensesManage) && has_products)
}

/// What can be done to the ticked users.
fn bulk(
    screen: &Screen,
    customer: &CustomerRow,
    path: &str,
    list: &Found<'_>,
    fields: &Fields,
) -> Markup {
    let licenses = screen.can(Permission::LicensesManage);
    let deletes = screen.can(Permission::CustomerUsersManage);
    let skus: Vec<_> = screen.model.licenses().of(customer.id).collect();
    html! {
        @if acts_on_several(screen, customer) {
            div.bulk role="group" aria-label="With the selected users" {
                span { "With the selected" }
                (all(list, fields))
                @if licenses && !skus.is_empty() {
                    label.hidden for="sku_id" { "Product" }
                    select #sku_id name="sku_id" {
                        @for (sku, seats) in &skus {
                            option value=(sku) selected[fields.text("sku_id") == sku.to_string()] {
                                (product(screen, *sku)) " (" (seats.available()) " free)"
                            }
                        }
                    }
                    button type="submit" name="action" value="assign" { "Assign licence" }
                    button type="submit" name="action" value="revoke" { "Revoke licence" }
                }
                @if deletes {
                    button type="submit" formaction={ (path) "/users/passwords" } { "Reset passwords" }
                    button.danger type="submit" formaction={ (path) "/users/delete" } { "Delete users" }
                }
                span.hint { "At most " (BULK_USERS_MAX) " at once." }
            }
        }
    }
}
