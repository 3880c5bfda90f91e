//! `/profiles/network`: the partner's competencies and benefits, and what its users can do;
//! `/users/{user}/skills`: what one of them can do.

use axum::{
    Router,
    extract::Path,
    response::Response,
    routing::{get, post},
};
use commands::{ActivateBenefit, DeactivateBenefit, EditSkills, PartnerCommand, Permission};
use events::{
    BenefitId, Opened, PartnerUserId, PartnerUserProfile, Quantity, SkillKind, SkillName,
    Timestamp, UserSkill, UserSkills,
};
use maud::{Markup, html};
use projections::{BenefitRow, CompetencyRow};

use super::{id, partner_user, profiles};
use crate::{
    application::OnPartner,
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

pub(super) const PATH: &str = "/profiles/network";
/// Any of them opens the page.
pub(super) const OPENED_BY: [Permission; 3] =
    [Permission::CompetenciesView, Permission::BenefitsView, Permission::UserSkillsView];

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(PATH, get(show))
        .route("/profiles/network/benefits/{benefit}", post(change_benefit))
        .route("/users/{user}/skills", get(show_skills).post(edit_skills))
}

async fn show(screen: Screen) -> Result<Response, PageError> {
    page(&screen, &Faults::default()).await
}

async fn page(screen: &Screen, faults: &Faults) -> Result<Response, PageError> {
    let opened_by = OPENED_BY.into_iter().find(|it| screen.sees(*it));
    screen.allow(opened_by.unwrap_or(Permission::CompetenciesView)).await?;
    let sees_skills = screen.sees(Permission::UserSkillsView);
    let skills = if sees_skills { Some(skills_of_all(screen).await?) } else { None };
    let body = html! {
        (layout::faults(faults))
        @if screen.sees(Permission::CompetenciesView) { (competencies(screen)) }
        @if screen.sees(Permission::BenefitsView) { h2 { "Benefits" } (benefits(screen)) }
        @if let Some(skills) = skills { h2 { "Users and what they can do" } (skills) }
    };
    Ok(Frame::new(screen, Section::Profiles, "Partner network")
        .under("Profiles", profiles::PATH)
        .readable()
        .faulty(faults)
        .show(&body))
}

fn competencies(screen: &Screen) -> Markup {
    let rows: Vec<&CompetencyRow> =
        screen.model.network().competencies(screen.visitor.partner).collect();
    if rows.is_empty() {
        return widgets::empty("No competency was recorded yet.");
    }
    let shown = html! {
        @for row in rows {
            tr data-competency=(row.id) {
                th scope="row" data-label="Competency" { (row.name) }
                td data-label="Level" { (row.level.title()) }
                td data-label="Attained" { (widgets::time(row.attained_at)) }
                td data-label="Expires" { (expiry(screen, row.expires_at)) }
            }
        }
    };
    let headers = ["Competency", "Level", "Attained", "Expires"];
    widgets::table("competencies", "Competencies", &headers, &shown)
}

fn expiry(screen: &Screen, expires_at: Timestamp) -> Markup {
    html! {
        (widgets::time(expires_at))
        @if screen.at >= expires_at { " " (badge(Tone::Bad, "expired")) }
    }
}

fn benefits(screen: &Screen) -> Markup {
    let rows: Vec<&BenefitRow> = screen.model.network().benefits(screen.visitor.partner).collect();
    if rows.is_empty() {
        return widgets::empty("No benefit was granted yet.");
    }
    let manages = screen.can(Permission::BenefitsManage);
    let shown = html! {
        @for row in rows {
            tr data-benefit=(row.id) {
                th scope="row" data-label="Benefit" { (row.name) }
                td.number data-label="Used" { (row.used) " of " (row.quantity) }
                td.number data-label="Available" { (row.available_at(screen.at)) }
                td data-label="Expires" { (expiry(screen, row.expires_at)) }
                td data-label="Change" { @if manages { (benefit_form(screen, row)) } }
            }
        }
    };
    let headers = ["Benefit", "Used", "Available", "Expires", "Change"];
    widgets::table("benefits", "Benefits", &headers, &shown)
}

fn benefit_form(screen: &Screen, row: &BenefitRow) -> Markup {
    let action = format!("{PATH}/benefits/{}", row.id);
    let name = format!("benefit-{}", row.id);
    widgets::form(
        screen,
        &name,
        &action,
        &html! {
            input type="number" name="quantity" value="1" min="1" max=(row.quantity) aria-label="Units";
            @if row.available_at(screen.at) > 0 {
                button.small type="submit" name="action" value="activate" { "Activate" }
            }
            @if row.used > 0 {
                button.small type="submit" name="action" value="deactivate" { "Deactivate" }
            }
        },
    )
}

async fn change_benefit(
    Path(benefit): Path<String>,
    mut form: Submitted,
) -> Result<Response, PageError> {
    let benefit_id = id::<BenefitId>(&benefit)?;
    PATH.clone_into(&mut form.screen.path);
    let number = form.fields.text("quantity").parse::<u32>().ok();
    let Some(quantity) = number.and_then(|number| Quantity::new(number).ok()) else {
        let mut faults = Faults::default();
        faults.add("quantity", format!("must be 1 to {}", Quantity::MAX));
        return page(&form.screen, &faults).await;
    };
    let command: PartnerCommand = if form.fields.text("action") == "deactivate" {
        DeactivateBenefit { benefit_id, quantity }.into()
    } else {
        ActivateBenefit { benefit_id, quantity }.into()
    };
    let use_case = OnPartner::new(form.screen.visitor.partner, command);
    match form.execute(&form.call(b""), &use_case).await? {
        Ok(_) => Ok(form.done(PATH, layout::done("The benefit was changed."))),
        Err(faults) => page(&form.screen, &faults).await,
    }
}

async fn skills_of_all(screen: &Screen) -> Result<Markup, PageError> {
    let users = screen.model.partner_users().active(screen.visitor.partner);
    let users = names::open_partner_users(&screen.app, users).await?;
    let mut rows = Vec::new();
    for (row, profile) in &users {
        rows.push((row.id, profile, read_skills(screen, row.id).await?));
    }
    let shown = html! {
        @for (user, profile, skills) in &rows {
            tr data-user=(user) {
                th scope="row" data-label="Name" {
                    a href=(screen.link(&format!("/users/{user}/skills"))) {
                        (names::shown(profile, |it| it.full_name.to_string()))
                    }
                }
                td data-label="E-mail address" { (names::shown(profile, |it| it.email.to_string())) }
                td data-label="Can do" { (badges(skills)) }
            }
        }
    };
    let headers = ["Name", "E-mail address", "Can do"];
    Ok(widgets::table("skills", "Users and what they can do", &headers, &shown))
}

fn badges(skills: &Opened<UserSkills>) -> Markup {
    match skills {
        Opened::Readable(skills) => {
            widgets::badges(skills.skills.iter().map(|skill| skill.name.to_string()))
        }
        Opened::Erased(_) | Opened::KeyUnavailable => names::shown(skills, |_| String::new()),
    }
}

async fn read_skills(
    screen: &Screen,
    user: PartnerUserId,
) -> Result<Opened<UserSkills>, PageError> {
    match screen.model.network().skills(screen.visitor.partner, user) {
        Some(row) => Ok(screen.app.vault().open::<UserSkills>(&row.skills).await?),
        None => Ok(Opened::Readable(UserSkills::default())),
    }
}

async fn show_skills(Path(user): Path<String>, screen: Screen) -> Result<Response, PageError> {
    let user = id::<PartnerUserId>(&user)?;
    skills_page(&screen, user, None, &Faults::default()).await
}

/// Everybody sees and edits the own skills.
async fn skills_page(
    screen: &Screen,
    user: PartnerUserId,
    typed: Option<&Fields>,
    faults: &Faults,
) -> Result<Response, PageError> {
    let is_own = Some(user) == screen.visitor.user;
    let needed = if is_own { Permission::OwnProfile } else { Permission::UserSkillsView };
    screen.allow(needed).await?;
    let row = partner_user(screen, user)?;
    let profile = screen.app.vault().open::<PartnerUserProfile>(&row.profile).await?;
    let skills = read_skills(screen, user).await?;
    let edits =
        screen.can(if is_own { Permission::OwnProfile } else { Permission::PartnerUsersManage });
    let filled = filled(&skills);
    let path = format!("/users/{user}/skills");
    let body = html! {
        (layout::faults(faults))
        section.card { h2 { "Skills and certifications" } p { (badges(&skills)) } }
        @if edits {
            (widgets::form(screen, "skills-form", &path, &html! {
                fieldset {
                    legend { "Change" }
                    (Input::text("skills", "Skills").hint("One in a line.")
                        .draw_lines(6, typed.unwrap_or(&filled), faults))
                    (Input::text("certifications", "Certifications").hint("One in a line.")
                        .draw_lines(6, typed.unwrap_or(&filled), faults))
                }
                div.buttons { button.primary type="submit" { "Save" } }
            }))
        }
    };
    let name = names::plain(&profile, |it| it.full_name.to_string());
    let section = if is_own { Section::Account } else { Section::Profiles };
    Ok(Frame::new(screen, section, name).readable().faulty(faults).show(&body))
}

fn filled(skills: &Opened<UserSkills>) -> Fields {
    let Opened::Readable(skills) = skills else { return Fields::default() };
    let lines = |kind| {
        let of_kind = skills.skills.iter().filter(|skill| skill.kind == kind);
        of_kind.map(|skill| skill.name.as_str()).collect::<Vec<_>>().join("\n")
    };
    Fields::default()
        .with("skills", lines(SkillKind::Skill))
        .with("certifications", lines(SkillKind::Certification))
}

fn read(fields: &Fields) -> Result<UserSkills, Faults> {
    let mut faults = Faults::default();
    let mut skills = Vec::new();
    for (name, kind) in [("skills", SkillKind::Skill), ("certifications", SkillKind::Certification)]
    {
        for line in fields.text(name).lines().filter(|line| !line.trim().is_empty()) {
            match SkillName::new(line) {
                Ok(name) => skills.push(UserSkill { kind, name }),
                Err(error) => faults.add(name, error.to_string()),
            }
        }
    }
    faults.unless_any(|| Some(UserSkills { skills }))
}

async fn edit_skills(Path(user): Path<String>, form: Submitted) -> Result<Response, PageError> {
    let user_id = id::<PartnerUserId>(&user)?;
    let skills = match read(&form.fields) {
        Ok(skills) => skills,
        Err(faults) => {
            return skills_page(&form.screen, user_id, Some(&form.fields), &faults).await;
        }
    };
    let use_case = OnPartner::new(form.screen.visitor.partner, EditSkills { user_id, skills });
    match form.execute(&form.call(b""), &use_case).await? {
        Ok(_) => {
            let note = layout::done("The skills were saved.");
            Ok(form.done(&format!("/users/{user_id}/skills"), note))
        }
        Err(faults) => skills_page(&form.screen, user_id, Some(&form.fields), &faults).await,
    }
}
