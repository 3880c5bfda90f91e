//! `/customers/{id}/deleted`: the users that can still be restored, and restoring them.

use axum::{
    Router,
    extract::Path,
    response::Response,
    routing::{get, post},
};
use commands::{Permission, RenamedCustomerUser, RestoreCustomerUser};
use events::{CustomerId, CustomerUserId, CustomerUserProfile, LicenseFate, Opened, UserName};
use maud::{Markup, html};
use projections::{DeletedCustomerUser, DeletedUserCursor};

use super::{
    PAGE_ROWS, chosen, id, product,
    restored::{refused, report},
};
use crate::{
    application::{CommandError, OnCustomer, Outcome},
    http::AppState,
    web::{
        customer_frame::{self, Tab},
        error::PageError,
        forms::{Faults, Fields},
        layout, names,
        screen::Screen,
        submitted::Submitted,
        widgets::{self, Input, Tone, badge},
    },
};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/customers/{customer}/deleted", get(show))
        .route("/customers/{customer}/deleted/restore", post(restore))
        .route("/customers/{customer}/deleted/{user}", get(show_rename).post(restore_renamed))
}

async fn show(Path(customer): Path<String>, screen: Screen) -> Result<Response, PageError> {
    let customer = id::<CustomerId>(&customer)?;
    screen.allow_customer(customer, Permission::CustomerUsersView).await?;
    let customer = screen.customer(customer)?;
    let path = format!("{}/deleted", customer_frame::path(customer));
    let after = after(screen.query.text("after"));
    let deleted = screen.model.deleted_users();
    let page = deleted.restorable_page(customer.id, screen.at, after, PAGE_ROWS);
    let next = page.next.map(|next| {
        let cursor = format!("{}.{}", next.restorable_until.as_microseconds(), next.user);
        screen.link_with(&path, &[("after", &cursor)])
    });
    let first = after.map(|_| screen.link(&path));
    let mut rows = Vec::new();
    for row in &page.rows {
        rows.push((*row, profile(&screen, row).await?));
    }
    let shown =
        html! { @for (row, profile) in &rows { (table_row(&screen, &path, row, profile)) } };
    let headers = [
        r#"<span class="hidden">Select</span>"#,
        "Name",
        "User name",
        "Deleted",
        "Restorable until",
        "Licences before",
        r#"<span class="hidden">More</span>"#,
    ];
    let table = html! {
        (widgets::table("deleted-users", "Deleted users", &headers, &shown))
        @if screen.can(Permission::CustomerUsersManage) {
            div.bulk role="group" aria-label="With the selected users" {
                span { "With the selected" }
                button.primary type="submit" { "Restore" }
                span.hint { "Licences come back as far as seats are free." }
            }
        }
    };
    let body = html! {
        @if rows.is_empty() {
            (widgets::empty("Nobody can be restored: no user was deleted within the last 30 days."))
        } @else {
            @if screen.can(Permission::CustomerUsersManage) {
                (widgets::form(&screen, "deleted-form", &format!("{path}/restore"), &table))
            } @else { (table) }
            (widgets::pager(rows.len(), Some(page.total), first, next))
        }
    };
    Ok(customer_frame::frame(&screen, customer, Tab::Deleted).show(&body))
}

/// Reads a place in the list: the end of a restore window and a user.
fn after(text: &str) -> Option<DeletedUserCursor> {
    let (until, user) = text.split_once('.')?;
    let restorable_until = events::Timestamp::from_microseconds(until.parse().ok()?)?;
    Some(DeletedUserCursor { restorable_until, user: user.parse().ok()? })
}

async fn profile(
    screen: &Screen,
    deleted: &DeletedCustomerUser,
) -> Result<Opened<CustomerUserProfile>, PageError> {
    match screen.model.customer_users().get(deleted.customer, deleted.user) {
        Some(row) => Ok(screen.app.vault().open(&row.profile).await?),
        None => Ok(Opened::KeyUnavailable),
    }
}

fn table_row(
    screen: &Screen,
    path: &str,
    row: &DeletedCustomerUser,
    profile: &Opened<CustomerUserProfile>,
) -> Markup {
    let name = names::plain(profile, |profile| profile.display_name.to_string());
    html! {
        tr data-user=(row.user) {
            td.check {
                @if screen.can(Permission::CustomerUsersManage) {
                    input type="checkbox" name="user" value=(row.user) aria-label={ "Select " (name) };
                }
            }
            th scope="row" data-label="Name" {
                (names::shown(profile, |profile| profile.display_name.to_string()))
            }
            td data-label="User name" {
                (names::shown(profile, |profile| profile.user_name.to_string()))
            }
            td data-label="Deleted" { (widgets::time(row.deleted_at)) }
            td data-label="Restorable until" {
                (widgets::time(row.restorable_until)) " "
                (badge(Tone::Warning, &widgets::left(screen.at, row.restorable_until)))
            }
            td data-label="Licences before" {
                (widgets::badges(row.licenses_before.iter().map(|sku| product(screen, *sku))))
            }
            td {
                @if screen.can(Permission::CustomerUsersManage) {
                    a.small href={ (path) "/" (row.user) } { "Restore under another name" }
                }
            }
        }
    }
}

/// Restores the ticked users in the order of the list, each with its own outcome.
async fn restore(Path(customer): Path<String>, form: Submitted) -> Result<Response, PageError> {
    let customer = id::<CustomerId>(&customer)?;
    form.screen.allow_customer(customer, Permission::CustomerUsersManage).await?;
    let path = format!("/customers/{customer}/deleted");
    let users = match chosen(&form.fields) {
        Ok(users) => users,
        Err(faults) => return Ok(form.refused(&path, &faults)),
    };
    let mut results = Vec::new();
    for user_id in users {
        let name = name(&form.screen, customer, user_id).await?;
        let command = RestoreCustomerUser { user_id, renamed: None };
        let call = form.call(user_id.as_uuid().as_bytes());
        let restored = form.screen.app.execute(&call, &OnCustomer::new(customer, command)).await;
        results.push(result(&form.screen, &path, user_id, &name, restored)?);
    }
    Ok(form.done(&path, report(&results)))
}

async fn name(
    screen: &Screen,
    customer: CustomerId,
    user: CustomerUserId,
) -> Result<String, PageError> {
    let mut names = names::Names::default();
    names.learn_customer_user(&screen.app, &screen.model, customer, user).await?;
    Ok(names.customer_user(user).to_owned())
}

/// What became of one user: back with which licences, or why not.
fn result(
    screen: &Screen,
    path: &str,
    user: CustomerUserId,
    name: &str,
    restored: Result<Outcome, CommandError>,
) -> Result<Markup, PageError> {
    match restored {
        Ok(outcome) => Ok(back(screen, name, &outcome)),
        Err(CommandError::Rejected(rejection)) => {
            let rename = format!("{path}/{user}");
            Ok(refused(screen, name, &rejection, (&rename, "Restore under another name")))
        }
        Err(error) => Err(error.into()),
    }
}

fn back(screen: &Screen, name: &str, outcome: &Outcome) -> Markup {
    let licenses = outcome.restored_licenses().unwrap_or_default();
    html! {
        li.good {
            strong { (name) } " is back"
            @if licenses.is_empty() { ", as before without licences." }
            @for (index, license) in licenses.iter().enumerate() {
                @let (tone, fate) = fate(license.fate);
                (if index == 0 { ": " } else { ", " })
                (product(screen, license.sku_id)) " " (badge(tone, fate))
            }
        }
    }
}

/// The fate of a licence in words.
pub(in crate::web) const fn fate(fate: LicenseFate) -> (Tone, &'static str) {
    match fate {
        LicenseFate::Restored => (Tone::Good, "restored"),
        LicenseFate::NoSeat => (Tone::Warning, "no seat free"),
        LicenseFate::SubscriptionGone => (Tone::Warning, "subscription gone"),
    }
}

async fn show_rename(
    Path((customer, user)): Path<(String, String)>,
    screen: Screen,
) -> Result<Response, PageError> {
    let (customer, user) = (id::<CustomerId>(&customer)?, id::<CustomerUserId>(&user)?);
    screen.allow_customer(customer, Permission::CustomerUsersManage).await?;
    rename_page(&screen, customer, user, None, &Faults::default()).await
}

async fn rename_page(
    screen: &Screen,
    customer: CustomerId,
    user: CustomerUserId,
    typed: Option<&Fields>,
    faults: &Faults,
) -> Result<Response, PageError> {
    let customer = screen.customer(customer)?;
    let gone = || PageError::not_found("there is no such deleted user");
    let deleted = screen.model.deleted_users().get(customer.id, user);
    let deleted = deleted.filter(|row| screen.at < row.restorable_until).ok_or_else(gone)?;
    let profile = profile(screen, deleted).await?;
    let filled = Fields::default()
        .with("user_name", names::plain(&profile, |profile| profile.user_name.to_string()));
    let name = names::plain(&profile, |profile| profile.display_name.to_string());
    let tab = format!("{}/deleted", customer_frame::path(customer));
    let inner = html! {
        (layout::faults(faults))
        (Input::email("user_name", "User name").required()
            .hint(format!("Must end in {}.", names::endings(customer)))
            .draw(typed.unwrap_or(&filled), faults))
        div.buttons {
            button.primary type="submit" { "Restore" }
            a.button href=(tab) { "Cancel" }
        }
    };
    Ok(customer_frame::inner_frame(screen, customer, format!("Restore {name} under another name"))
        .under("Deleted users", tab.as_str())
        .faulty(faults)
        .show(&widgets::form(screen, "restore-renamed", &format!("{tab}/{user}"), &inner)))
}

async fn restore_renamed(
    Path((customer, user)): Path<(String, String)>,
    form: Submitted,
) -> Result<Response, PageError> {
    let (customer, user) = (id::<CustomerId>(&customer)?, id::<CustomerUserId>(&user)?);
    form.screen.allow_customer(customer, Permission::CustomerUsersManage).await?;
    let path = format!("/customers/{customer}/deleted");
    let screen = &form.screen;
    let mut faults = Faults::default();
    let user_name = form.fields.required::<UserName>(&mut faults, "user_name");
    let Some(user_name) = user_name else {
        return rename_page(screen, customer, user, Some(&form.fields), &faults).await;
    };
    let gone = || PageError::not_found("there is no such deleted user");
    let deleted = screen.model.deleted_users().get(customer, user).ok_or_else(gone)?;
    let Opened::Readable(profile) = profile(screen, deleted).await? else {
        let faults = Faults::general("the user's profile cannot be read, so it cannot be changed");
        return rename_page(screen, customer, user, Some(&form.fields), &faults).await;
    };
    let name = profile.display_name.to_string();
    let hash = screen.app.keys().user_name_hash(&user_name);
    let renamed = RenamedCustomerUser {
        user_name: hash,
        profile: CustomerUserProfile { user_name, ..profile },
    };
    let command = RestoreCustomerUser { user_id: user, renamed: Some(renamed) };
    match form.execute(&form.call(b""), &OnCustomer::new(customer, command)).await? {
        Ok(outcome) => Ok(form.done(&path, report(&[back(screen, &name, &outcome)]))),
        Err(faults) => rename_page(screen, customer, user, Some(&form.fields), &faults).await,
    }
}
