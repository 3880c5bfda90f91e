//! `/roles/users/{user}`: assigns, replaces and revokes the roles of one user, with the reason.

use axum::{Router, extract::Path, response::Response, routing::get};
use commands::{AssignRole, PartnerCommand, Permission, RevokeRole};
use events::{
    Event, PartnerEvent, PartnerUserId, PartnerUserProfile, Role, RoleCategory, RoleEvent,
};
use maud::{Markup, html};

use super::{id, partner_user, role_history};
use crate::{
    application::{OnPartner, Outcome},
    http::AppState,
    web::{
        error::PageError,
        forms::{Faults, Fields},
        layout::{self, Frame, Section},
        names,
        screen::Screen,
        submitted::Submitted,
        widgets::{self, Input},
    },
};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/roles/users/{user}", get(show).post(change))
}

async fn show(Path(user): Path<String>, screen: Screen) -> Result<Response, PageError> {
    let user = id::<PartnerUserId>(&user)?;
    page(&screen, user, &Fields::default(), &Faults::default()).await
}

async fn page(
    screen: &Screen,
    user: PartnerUserId,
    fields: &Fields,
    faults: &Faults,
) -> Result<Response, PageError> {
    screen.allow(Permission::RolesView).await?;
    let row = partner_user(screen, user)?;
    let opened = screen.app.vault().open::<PartnerUserProfile>(&row.profile).await?;
    let name = names::plain(&opened, |profile| profile.full_name.to_string());
    let history = screen.model.role_history().user_page(user, None, super::PAGE_ROWS);
    let body = html! {
        section.card {
            h2 { "Holds now" }
            dl.pairs {
                @for category in RoleCategory::ALL {
                    div {
                        dt { (category.title()) }
                        dd { @match row.roles.in_category(category) {
                            Some(role) => (role.title()),
                            None => (widgets::dash()),
                        } }
                    }
                }
            }
        }
        @if screen.can(Permission::RolesAssign) && row.state.is_active() {
            @if Some(user) == screen.visitor.user {
                p.hint { "Nobody changes roles for himself by granting; ask a colleague." }
            }
            (change_form(screen, user, fields, faults).await?)
        }
        h2 { "History" }
        (role_history::table(screen, &history.rows).await?)
    };
    Ok(Frame::new(screen, Section::Roles, name)
        .under("Roles", "/roles")
        .readable()
        .faulty(faults)
        .show(&body))
}

async fn change_form(
    screen: &Screen,
    user: PartnerUserId,
    fields: &Fields,
    faults: &Faults,
) -> Result<Markup, PageError> {
    let colleagues = screen.model.partner_users().active(screen.visitor.partner);
    let colleagues = names::open_partner_users(&screen.app, colleagues).await?;
    let named = colleagues.iter().map(|(row, profile)| {
        (row.id.to_string(), names::plain(profile, |it| it.full_name.to_string()))
    });
    let approvers: Vec<_> =
        [(String::new(), "Nobody named".to_owned())].into_iter().chain(named).collect();
    let roles = Role::ALL.into_iter().filter(|role| *role != Role::DefaultAccess).map(|role| {
        (role.name().to_owned(), format!("{} ({})", role.title(), role.category().title()))
    });
    let choice = (String::new(), "Choose a role".to_owned());
    let roles: Vec<_> = [choice].into_iter().chain(roles).collect();
    let inner = html! {
        (layout::faults(faults))
        fieldset {
            legend { "Change a role" }
            (Input::text("role", "Role").required()
                .hint("Another role of the same category gives way.")
                .draw_choice(&roles, fields, faults))
            (Input::text("reason", "Reason").draw(fields, faults))
            (Input::text("ticket", "Ticket").short().hint("Letters, digits, # / _ . -").draw(fields, faults))
            (Input::text("approved_by", "Approved by").draw_choice(&approvers, fields, faults))
        }
        div.buttons {
            button.primary type="submit" name="action" value="assign" { "Assign role" }
            button.danger type="submit" name="action" value="revoke" { "Revoke role" }
        }
    };
    Ok(widgets::form(screen, "role-form", &format!("/roles/users/{user}"), &inner))
}

async fn change(Path(user): Path<String>, form: Submitted) -> Result<Response, PageError> {
    let user_id = id::<PartnerUserId>(&user)?;
    let mut faults = Faults::default();
    let role = Role::from_name(form.fields.text("role"));
    if role.is_none() {
        faults.add("role", "is not a role");
    }
    let mut call = form.call(b"");
    form.justify(&mut call, &mut faults);
    let role = match faults.unless_any(|| role) {
        Ok(role) => role,
        Err(faults) => return page(&form.screen, user_id, &form.fields, &faults).await,
    };
    let command: PartnerCommand = if form.fields.text("action") == "revoke" {
        RevokeRole { user_id, role }.into()
    } else {
        AssignRole { user_id, role }.into()
    };
    let use_case = OnPartner::new(form.screen.visitor.partner, command);
    match form.execute(&call, &use_case).await? {
        Ok(outcome) => {
            let note = layout::done(&happened(&outcome));
            Ok(form.done(&format!("/roles/users/{user_id}"), note))
        }
        Err(faults) => page(&form.screen, user_id, &form.fields, &faults).await,
    }
}

fn happened(outcome: &Outcome) -> String {
    let told = outcome.find(|event| match event {
        Event::Partner(PartnerEvent::Role(RoleEvent::RoleAssigned(event))) => {
            Some(format!("{} was assigned.", event.role))
        }
        Event::Partner(PartnerEvent::Role(RoleEvent::RoleReplaced(event))) => {
            Some(format!("{} was replaced by {}.", event.old, event.new))
        }
        Event::Partner(PartnerEvent::Role(RoleEvent::RoleRevoked(event))) => {
            Some(format!("{} was revoked.", event.role))
        }
        _ => None,
    });
    told.unwrap_or_else(|| "Nothing had to change: the user holds that role already.".to_owned())
}
