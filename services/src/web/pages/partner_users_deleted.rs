//! `/users/deleted`: the partner's users that can still be restored.

use axum::{
    Router,
    extract::Path,
    response::Response,
    routing::{get, post},
};
use commands::{Permission, RenamedPartnerUser, RestorePartnerUser};
use events::{EmailAddress, Opened, PartnerUserId, PartnerUserProfile, Role};
use maud::{Markup, html};
use projections::DeletedPartnerUser;

use super::{
    chosen, id, partner_user,
    partner_users::tabs,
    restored::{refused, report},
};
use crate::{
    application::{CommandError, OnPartner, Outcome},
    http::AppState,
    web::{
        error::PageError,
        forms::{Faults, Fields},
        layout::{self, Frame, Section},
        names,
        screen::Screen,
        submitted::Submitted,
        widgets::{self, Input, Tone, badge},
    },
};

const PATH: &str = "/users/deleted";

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(PATH, get(show))
        .route("/users/deleted/restore", post(restore))
        .route("/users/deleted/{user}", get(show_rename).post(restore_renamed))
}

async fn show(screen: Screen) -> Result<Response, PageError> {
    screen.allow(Permission::PartnerUsersView).await?;
    let own = screen.visitor.partner;
    let mut rows = Vec::new();
    for row in screen.model.deleted_users().restorable_partner_users(own, screen.at) {
        rows.push((row, profile(&screen, row.user).await?));
    }
    let shown = html! { @for (row, profile) in &rows { (table_row(&screen, row, profile)) } };
    let headers = [
        r#"<span class="hidden">Select</span>"#,
        "Name",
        "E-mail address",
        "Deleted",
        "Restorable until",
        "Roles before",
        r#"<span class="hidden">More</span>"#,
    ];
    let manages = screen.can(Permission::PartnerUsersManage);
    let table = html! {
        (widgets::table("deleted-partner-users", "Deleted users", &headers, &shown))
        @if manages {
            div.bulk role="group" aria-label="With the selected users" {
                span { "With the selected" }
                button.primary type="submit" { "Restore" }
                span.hint { "Roles come back unless they now break a rule." }
            }
        }
    };
    let body = html! {
        @if rows.is_empty() {
            (widgets::empty("Nobody can be restored: no user was deleted within the last 30 days."))
        } @else if manages {
            (widgets::form(&screen, "deleted-form", "/users/deleted/restore", &table))
        } @else { (table) }
    };
    Ok(Frame::new(&screen, Section::Users, "Users")
        .readable()
        .tabs(tabs(&screen, true))
        .show(&body))
}

async fn profile(
    screen: &Screen,
    user: PartnerUserId,
) -> Result<Opened<PartnerUserProfile>, PageError> {
    Ok(screen.app.vault().open(&partner_user(screen, user)?.profile).await?)
}

fn table_row(
    screen: &Screen,
    row: &DeletedPartnerUser,
    profile: &Opened<PartnerUserProfile>,
) -> Markup {
    let name = names::plain(profile, |profile| profile.full_name.to_string());
    let manages = screen.can(Permission::PartnerUsersManage);
    html! {
        tr data-user=(row.user) {
            td.check {
                @if manages {
                    input type="checkbox" name="user" value=(row.user) aria-label={ "Select " (name) };
                }
            }
            th scope="row" data-label="Name" {
                (names::shown(profile, |profile| profile.full_name.to_string()))
            }
            td data-label="E-mail address" { (names::shown(profile, |profile| profile.email.to_string())) }
            td data-label="Deleted" { (widgets::time(row.deleted_at)) }
            td data-label="Restorable until" {
                (widgets::time(row.restorable_until)) " "
                (badge(Tone::Warning, &widgets::left(screen.at, row.restorable_until)))
            }
            td data-label="Roles before" {
                (widgets::badges(row.roles_before.iter().map(|role| role.title())))
            }
            td {
                @if manages { a.small href={ (PATH) "/" (row.user) } { "Restore under another address" } }
            }
        }
    }
}

async fn restore(form: Submitted) -> Result<Response, PageError> {
    let screen = &form.screen;
    screen.allow(Permission::PartnerUsersManage).await?;
    let users = match chosen::<PartnerUserId>(&form.fields) {
        Ok(users) => users,
        Err(faults) => return Ok(form.refused(PATH, &faults)),
    };
    let mut results = Vec::new();
    for user_id in users {
        let mut names = names::Names::default();
        let partner = screen.visitor.partner;
        names.learn_partner_user(&screen.app, &screen.model, partner, user_id).await?;
        let command = RestorePartnerUser { user_id, renamed: None };
        let call = form.call(user_id.as_uuid().as_bytes());
        let restored = screen.app.execute(&call, &OnPartner::new(partner, command)).await;
        results.push(result(screen, user_id, names.partner_user(user_id), restored)?);
    }
    Ok(form.done(PATH, report(&results)))
}

fn result(
    screen: &Screen,
    user: PartnerUserId,
    name: &str,
    restored: Result<Outcome, CommandError>,
) -> Result<Markup, PageError> {
    match restored {
        Ok(outcome) => Ok(back(name, &outcome)),
        Err(CommandError::Rejected(rejection)) => {
            let rename = format!("{PATH}/{user}");
            Ok(refused(screen, name, &rejection, (&rename, "Restore under another address")))
        }
        Err(error) => Err(error.into()),
    }
}

fn back(name: &str, outcome: &Outcome) -> Markup {
    let restored = outcome.restored_partner_user();
    let (roles, withheld) = restored
        .map_or((&[][..], &[][..]), |event| (event.roles.as_slice(), event.withheld.as_slice()));
    html! {
        li.good {
            strong { (name) } " is back: "
            (widgets::badges(roles.iter().copied().map(Role::title)))
            @for withheld in withheld {
                (badge(Tone::Warning, &format!("{} not back", withheld.role))) " "
            }
        }
    }
}

async fn show_rename(Path(user): Path<String>, screen: Screen) -> Result<Response, PageError> {
    let user = id::<PartnerUserId>(&user)?;
    screen.allow(Permission::PartnerUsersManage).await?;
    rename_page(&screen, user, None, &Faults::default()).await
}

async fn rename_page(
    screen: &Screen,
    user: PartnerUserId,
    typed: Option<&Fields>,
    faults: &Faults,
) -> Result<Response, PageError> {
    let profile = profile(screen, user).await?;
    let name = names::plain(&profile, |profile| profile.full_name.to_string());
    let email = names::plain(&profile, |profile| profile.email.to_string());
    let filled = Fields::default().with("email", email);
    let inner = html! {
        (layout::faults(faults))
        (Input::email("email", "E-mail address").required().draw(typed.unwrap_or(&filled), faults))
        div.buttons {
            button.primary type="submit" { "Restore" }
            a.button href=(PATH) { "Cancel" }
        }
    };
    Ok(Frame::new(screen, Section::Users, format!("Restore {name} under another address"))
        .under("Users", "/users")
        .under("Deleted users", PATH)
        .faulty(faults)
        .show(&widgets::form(screen, "restore-renamed", &format!("{PATH}/{user}"), &inner)))
}

async fn restore_renamed(Path(user): Path<String>, form: Submitted) -> Result<Response, PageError> {
    let user = id::<PartnerUserId>(&user)?;
    let screen = &form.screen;
    screen.allow(Permission::PartnerUsersManage).await?;
    let mut faults = Faults::default();
    let Some(email) = form.fields.required::<EmailAddress>(&mut faults, "email") else {
        return rename_page(screen, user, Some(&form.fields), &faults).await;
    };
    let Opened::Readable(profile) = profile(screen, user).await? else {
        let faults = Faults::general("the user's profile cannot be read, so it cannot be changed");
        return rename_page(screen, user, Some(&form.fields), &faults).await;
    };
    let name = profile.full_name.to_string();
    let sign_in_name = screen.app.keys().sign_in_name_hash(&email);
    let profile = PartnerUserProfile { email, ..profile };
    let renamed = Some(RenamedPartnerUser { sign_in_name, profile });
    let command = RestorePartnerUser { user_id: user, renamed };
    let use_case = OnPartner::new(screen.visitor.partner, command);
    match form.execute(&form.call(b""), &use_case).await? {
        Ok(outcome) => Ok(form.done(PATH, report(&[back(&name, &outcome)]))),
        Err(faults) => rename_page(screen, user, Some(&form.fields), &faults).await,
    }
}
