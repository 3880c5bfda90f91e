//! `/users`: the partner's own users: added, edited, deleted, restored, given a new password.

use axum::{
    Router,
    extract::Path,
    response::Response,
    routing::{get, post},
};
use commands::{DeletePartnerUser, EditPartnerUser, Permission};
use events::{
    EmailAddress, Opened, PartnerUserId, PartnerUserProfile, PersonName, Role, RoleCategory,
};
use maud::{Markup, html};
use projections::PartnerUserRow;

use super::{
    PAGE_ROWS,
    credentials::{self, Notice},
    id, partner_user,
};
use crate::{
    application::OnPartner,
    http::AppState,
    web::{
        error::PageError,
        forms::{Faults, Fields, mendable},
        layout::{self, Frame, Section},
        names,
        screen::Screen,
        submitted::Submitted,
        widgets::{self, Input},
    },
};

const PATH: &str = "/users";

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(PATH, get(show).post(add))
        .route("/users/new", get(show_new))
        .route("/users/{user}", get(show_user).post(edit))
        .route("/users/{user}/delete", post(delete))
        .route("/users/{user}/password", post(reset_password))
}

/// The tabs of the partner's users.
pub(super) fn tabs(screen: &Screen, deleted_is_current: bool) -> Markup {
    let own = screen.visitor.partner;
    let active = screen.model.partner_users().counts(own).active;
    let deleted = screen.model.deleted_users().restorable_partner_user_count(own, screen.at);
    layout::tabs(
        "Users",
        &[
            ("Users", Some(active), screen.link(PATH), !deleted_is_current),
            ("Deleted users", Some(deleted), screen.link("/users/deleted"), deleted_is_current),
        ],
    )
}

async fn show(screen: Screen) -> Result<Response, PageError> {
    screen.allow(Permission::PartnerUsersView).await?;
    let own = screen.visitor.partner;
    let after = screen.query.text("after").parse::<PartnerUserId>().ok();
    let page = screen.model.partner_users().active_page(own, after, PAGE_ROWS);
    let users = names::open_partner_users(&screen.app, page.rows).await?;
    let next = page.next.map(|next| screen.link_with(PATH, &[("after", &next.to_string())]));
    let first = after.map(|_| screen.link(PATH));
    let rows = html! { @for user in &users { (row(&screen, user)) } };
    let headers = ["Name", "E-mail address", "Roles", "Created"];
    let body = html! {
        (widgets::table("partner-users", "Users", &headers, &rows))
        (widgets::pager(users.len(), Some(page.total), first, next))
    };
    let actions = html! {
        @if screen.can(Permission::PartnerUsersManage) {
            a.button.primary #add-user href="/users/new" { "Add user" }
        }
    };
    Ok(Frame::new(&screen, Section::Users, "Users")
        .readable()
        .actions(actions)
        .tabs(tabs(&screen, false))
        .show(&body))
}

fn row(screen: &Screen, (user, profile): &(&PartnerUserRow, Opened<PartnerUserProfile>)) -> Markup {
    let href = screen.link(&format!("{PATH}/{}", user.id));
    html! {
        tr data-user=(user.id) {
            th scope="row" data-label="Name" {
                a href=(href) { (names::shown(profile, |profile| profile.full_name.to_string())) }
            }
            td data-label="E-mail address" { (names::shown(profile, |profile| profile.email.to_string())) }
            td data-label="Roles" { (widgets::badges(user.roles.iter().map(Role::title))) }
            td data-label="Created" { (widgets::time(user.created_at)) }
        }
    }
}

async fn show_new(screen: Screen) -> Result<Response, PageError> {
    screen.allow(Permission::PartnerUsersManage).await?;
    let fields = Fields::default().with("default_access", "on");
    Ok(new_page(&screen, &fields, &Faults::default()))
}

/// The categories whose roles can be chosen, each with the name of its field.
const CHOSEN_CATEGORIES: [(RoleCategory, &str); 5] = [
    (RoleCategory::Admin, "role_admin"),
    (RoleCategory::Agent, "role_agent"),
    (RoleCategory::Incentives, "role_incentives"),
    (RoleCategory::ReferralAndMarketing, "role_referral_and_marketing"),
    (RoleCategory::Insights, "role_insights"),
];

fn new_page(screen: &Screen, fields: &Fields, faults: &Faults) -> Response {
    let ticked = fields.has("default_access", "on");
    let inner = html! {
        (layout::faults(faults))
        (profile_fields(fields, faults))
        fieldset #roles {
            legend { "Roles, at most one of a category" }
            @for (category, name) in CHOSEN_CATEGORIES {
                (Input::text(name, category.title()).draw_choice(&roles_of(category), fields, faults))
            }
            (widgets::tick("default_access", "on", &html! { "Default access: the own profile" }, ticked))
        }
        div.buttons {
            button.primary type="submit" { "Add user" }
            a.button href=(PATH) { "Cancel" }
        }
    };
    Frame::new(screen, Section::Users, "Add user")
        .under("Users", PATH)
        .faulty(faults)
        .show(&widgets::form(screen, "new-user", PATH, &inner))
}

fn roles_of(category: RoleCategory) -> Vec<(String, String)> {
    let roles = Role::ALL.into_iter().filter(|role| role.category() == category);
    let choices = roles.map(|role| (role.name().to_owned(), role.title().to_owned()));
    [(String::new(), "None".to_owned())].into_iter().chain(choices).collect()
}

fn profile_fields(fields: &Fields, faults: &Faults) -> Markup {
    html! {
        fieldset {
            legend { "Profile" }
            (Input::text("full_name", "Full name").required().draw(fields, faults))
            (Input::email("email", "E-mail address").required()
                .hint("The user signs in with it.").draw(fields, faults))
        }
    }
}

fn read_profile(fields: &Fields, faults: &mut Faults) -> Option<PartnerUserProfile> {
    let full_name = fields.required::<PersonName>(faults, "full_name");
    let email = fields.required::<EmailAddress>(faults, "email");
    Some(PartnerUserProfile { full_name: full_name?, email: email? })
}

async fn add(form: Submitted) -> Result<Response, PageError> {
    let screen = &form.screen;
    screen.allow(Permission::PartnerUsersManage).await?;
    let (profile, roles) = match read_new(&form.fields) {
        Ok(wanted) => wanted,
        Err(faults) => return Ok(new_page(screen, &form.fields, &faults)),
    };
    let withheld = !form.fields.has("default_access", "on");
    let (name, email) = (profile.full_name.to_string(), profile.email.to_string());
    let partner = screen.visitor.partner;
    let added =
        screen.app.add_partner_user(&form.call(b""), partner, profile, roles, withheld).await;
    let added = match mendable(added, form.catalogue())? {
        Ok(added) => added,
        Err(faults) => return Ok(new_page(screen, &form.fields, &faults)),
    };
    let notice = Notice {
        done: format!("{name} has an account now."),
        user_name: email,
        password: added.password.as_ref(),
        links: vec![
            ("/users/new".to_owned(), "Add another user".to_owned()),
            (PATH.to_owned(), "Back to the users".to_owned()),
        ],
    };
    let frame = Frame::new(screen, Section::Users, "User added").under("Users", PATH);
    Ok(credentials::show(frame, &notice))
}

fn read_new(fields: &Fields) -> Result<(PartnerUserProfile, Vec<Role>), Faults> {
    let mut faults = Faults::default();
    let profile = read_profile(fields, &mut faults);
    let mut roles = Vec::new();
    for (_, name) in CHOSEN_CATEGORIES {
        match (fields.text(name), Role::from_name(fields.text(name))) {
            ("", _) => {}
            (_, Some(role)) => roles.push(role),
            (_, None) => faults.add(name, "is not a role"),
        }
    }
    faults.unless_any(|| Some((profile?, roles)))
}

async fn show_user(Path(user): Path<String>, screen: Screen) -> Result<Response, PageError> {
    let user = id::<PartnerUserId>(&user)?;
    page(&screen, user, None, &Faults::default()).await
}

/// Everybody may see and edit the own profile.
async fn page(
    screen: &Screen,
    user: PartnerUserId,
    typed: Option<&Fields>,
    faults: &Faults,
) -> Result<Response, PageError> {
    let is_own = Some(user) == screen.visitor.user;
    let needed = if is_own { Permission::OwnProfile } else { Permission::PartnerUsersView };
    screen.allow(needed).await?;
    let row = partner_user(screen, user)?;
    let opened = screen.app.vault().open::<PartnerUserProfile>(&row.profile).await?;
    let name = names::plain(&opened, |profile| profile.full_name.to_string());
    let manages = screen.can(Permission::PartnerUsersManage) && row.state.is_active();
    let edits = manages || (is_own && screen.can(Permission::OwnProfile));
    let filled = filled(&opened);
    let path = format!("{PATH}/{user}");
    let body = html! {
        (layout::faults(faults))
        @if edits {
            (widgets::form(screen, "edit-user", &path, &html! {
                (profile_fields(typed.unwrap_or(&filled), faults))
                div.buttons { button.primary type="submit" { "Save" } }
            }))
        } @else { (facts(&opened)) }
        section.card {
            h2 { "Roles" }
            p { (widgets::badges(row.roles.iter().map(Role::title))) }
            @if screen.can(Permission::RolesAssign) {
                p { a.button #change-roles href={ "/roles/users/" (user) } { "Change roles" } }
            }
        }
        @if manages { (password_and_end(screen, &path)) }
    };
    let frame = Frame::new(screen, if is_own { Section::Account } else { Section::Users }, name);
    let frame =
        if screen.sees(Permission::PartnerUsersView) { frame.under("Users", PATH) } else { frame };
    Ok(frame.readable().faulty(faults).show(&body))
}

fn filled(opened: &Opened<PartnerUserProfile>) -> Fields {
    let Opened::Readable(profile) = opened else { return Fields::default() };
    Fields::default().with("full_name", &profile.full_name).with("email", &profile.email)
}

fn facts(opened: &Opened<PartnerUserProfile>) -> Markup {
    html! {
        section.card {
            h2 { "Profile" }
            dl.pairs {
                div { dt { "Full name" } dd { (names::shown(opened, |it| it.full_name.to_string())) } }
                div { dt { "E-mail address" } dd { (names::shown(opened, |it| it.email.to_string())) } }
            }
        }
    }
}

fn password_and_end(screen: &Screen, path: &str) -> Markup {
    html! {
        div.columns {
            section.card {
                h2 { "Password" }
                p { "A new temporary password is shown once; the old one stops working." }
                (widgets::button(screen, "reset-password", &format!("{path}/password"), "Reset password"))
            }
            section.card {
                h2 { "Delete" }
                p { "The user cannot sign in any more and can be restored for 30 days." }
                (widgets::form(screen, "delete-user", &format!("{path}/delete"), &html! {
                    button.danger.small type="submit" { "Delete user" }
                }))
            }
        }
    }
}

async fn edit(Path(user): Path<String>, form: Submitted) -> Result<Response, PageError> {
    let user = id::<PartnerUserId>(&user)?;
    let screen = &form.screen;
    let mut faults = Faults::default();
    let profile = read_profile(&form.fields, &mut faults);
    let profile = match faults.unless_any(|| profile) {
        Ok(profile) => profile,
        Err(faults) => return page(screen, user, Some(&form.fields), &faults).await,
    };
    let sign_in_name = screen.app.keys().sign_in_name_hash(&profile.email);
    let command = EditPartnerUser { user_id: user, sign_in_name, profile };
    let use_case = OnPartner::new(screen.visitor.partner, command);
    match form.execute(&form.call(b""), &use_case).await? {
        Ok(_) => Ok(form.done(&format!("{PATH}/{user}"), layout::done("The profile was saved."))),
        Err(faults) => page(screen, user, Some(&form.fields), &faults).await,
    }
}

async fn delete(Path(user): Path<String>, mut form: Submitted) -> Result<Response, PageError> {
    let user = id::<PartnerUserId>(&user)?;
    form.screen.path = format!("{PATH}/{user}");
    let use_case = OnPartner::new(form.screen.visitor.partner, DeletePartnerUser { user_id: user });
    match form.execute(&form.call(b""), &use_case).await? {
        Ok(_) => {
            let note = "1 user deleted. Within 30 days it can be restored under Deleted users.";
            Ok(form.done(PATH, layout::done(note)))
        }
        Err(faults) => page(&form.screen, user, None, &faults).await,
    }
}

async fn reset_password(
    Path(user): Path<String>,
    mut form: Submitted,
) -> Result<Response, PageError> {
    let user = id::<PartnerUserId>(&user)?;
    form.screen.path = format!("{PATH}/{user}");
    let screen = &form.screen;
    screen.allow(Permission::PartnerUsersManage).await?;
    let partner = screen.visitor.partner;
    let reset = screen.app.reset_partner_user_password(&form.call(b""), partner, user).await;
    let reset = match mendable(reset, form.catalogue())? {
        Ok(reset) => reset,
        Err(faults) => return page(screen, user, None, &faults).await,
    };
    let row = partner_user(screen, user)?;
    let opened = screen.app.vault().open::<PartnerUserProfile>(&row.profile).await?;
    let name = names::plain(&opened, |profile| profile.full_name.to_string());
    let notice = Notice {
        done: format!("{name} has a new temporary password."),
        user_name: names::plain(&opened, |profile| profile.email.to_string()),
        password: reset.password.as_ref(),
        links: vec![(PATH.to_owned(), "Back to the users".to_owned())],
    };
    let frame = Frame::new(screen, Section::Users, "Password reset").under("Users", PATH);
    Ok(credentials::show(frame, &notice))
}
