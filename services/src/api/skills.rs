//! What users of the caller's partner can do [our own style], as each says of itself.

use axum::extract::State;
use commands::{EditSkills, Permission};
use events::{Opened, PartnerUserId, SkillKind, SkillName, Timestamp, UserSkill, UserSkills};
use projections::SkillsRow;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    partner_user_shape::{PartnerUser, ShownPartnerUser},
    partner_users::row_of,
    reading::{Reader, View, open, personal_state},
    shapes::{Attributes, Collection},
    wire::Answer,
    words::Words,
    writing::Writer,
};
use crate::{
    application::OnPartner,
    http::{ApiError, AppState},
};

const KINDS: Words<SkillKind> = Words {
    field: "kind",
    all: &[("skill", SkillKind::Skill), ("certification", SkillKind::Certification)],
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(all_skills)).routes(routes!(skills, edit_skills))
}

/// What a user can do.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SkillsOfUser {
    #[schema(value_type = Uuid)]
    user_id: PartnerUserId,
    /// Who it is; in lists.
    user: Option<PartnerUser>,
    skills: Vec<Skill>,
    /// `erased` or `unavailable`, where the skills cannot be shown.
    #[schema(example = json!(null))]
    personal_data: Option<&'static str>,
    #[schema(value_type = Option<String>, format = DateTime)]
    last_modified_date: Option<Timestamp>,
    attributes: Attributes,
}

/// One thing a user can do.
#[derive(Serialize, ToSchema)]
struct Skill {
    /// `skill`, or `certification` for what it was examined in.
    #[schema(value_type = String, example = "certification")]
    kind: SkillKind,
    #[schema(value_type = String, example = "Exchange administration")]
    name: SkillName,
}

/// Everything that a user can do from now on.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct SkillsToEnter {
    skills: Vec<Skill>,
}

/// Lists every user of the partner with what it can do (*own*).
#[utoipa::path(
    get,
    path = "/v1/skills",
    tag = "Network",
    responses((status = OK, description = "The users.", body = Collection<SkillsOfUser>))
)]
async fn all_skills(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::UserSkillsView).await?;
    let mut items = Vec::new();
    for row in view.model.partner_users().active(view.partner) {
        let user = ShownPartnerUser::of(&app, row).await?.shown();
        let said = view.model.network().skills(view.partner, row.id);
        let shown = shown_skills(&app, row.id, said).await?;
        items.push(SkillsOfUser { user: Some(user), ..shown });
    }
    Ok(Answer::ok(view.position(), Collection::of(items, "/skills")))
}

/// Shows what a user can do (*own*).
///
/// Everybody sees the own skills.
#[utoipa::path(
    get,
    path = "/v1/users/{user}/skills",
    tag = "Network",
    responses((status = OK, description = "The skills.", body = SkillsOfUser))
)]
async fn skills(
    State(app): State<AppState>,
    reader: Reader<(PartnerUserId,)>,
) -> Result<Answer, ApiError> {
    let (user,) = reader.ids;
    let is_own = reader.caller.is(user);
    let needed = if is_own { Permission::OwnProfile } else { Permission::UserSkillsView };
    let view = reader.view(&app, needed).await?;
    Ok(Answer::ok(view.position(), skills_of(&app, &view, user).await?))
}

async fn skills_of(
    app: &AppState,
    view: &View,
    user: PartnerUserId,
) -> Result<SkillsOfUser, ApiError> {
    row_of(view, user)?;
    shown_skills(app, user, view.model.network().skills(view.partner, user)).await
}

async fn shown_skills(
    app: &AppState,
    user: PartnerUserId,
    row: Option<&SkillsRow>,
) -> Result<SkillsOfUser, ApiError> {
    let opened = match row {
        Some(row) => open::<UserSkills>(app, &row.skills).await?,
        None => Opened::Readable(UserSkills::default()),
    };
    let skills = match &opened {
        Opened::Readable(skills) => skills.skills.as_slice(),
        Opened::Erased(_) | Opened::KeyUnavailable => &[],
    };
    let skills = skills.iter().map(|it| Skill { kind: it.kind, name: it.name.clone() });
    Ok(SkillsOfUser {
        user_id: user,
        user: None,
        skills: skills.collect(),
        personal_data: personal_state(&opened),
        last_modified_date: row.map(|row| row.changed_at),
        attributes: Attributes::of("UserSkills"),
    })
}

/// Enters what a user can do, instead of what it said before (*own*).
#[utoipa::path(
    put,
    path = "/v1/users/{user}/skills",
    tag = "Network",
    request_body = SkillsToEnter,
    responses((status = OK, description = "The skills.", body = SkillsOfUser))
)]
async fn edit_skills(
    State(app): State<AppState>,
    writer: Writer<(PartnerUserId,)>,
) -> Result<Answer, ApiError> {
    let (user_id,) = writer.ids;
    if !writer.body.has("skills") {
        return Err(writer.body.missing("skills"));
    }
    let mut skills = Vec::new();
    for skill in writer.body.objects("skills")? {
        let kind = KINDS.read_member(&skill)?.ok_or_else(|| skill.missing("kind"))?;
        skills.push(UserSkill { kind, name: skill.required("name")? });
    }
    let command = EditSkills { user_id, skills: UserSkills { skills } };
    let outcome = writer.execute(&app, &OnPartner::new(writer.partner(), command)).await?;
    let needed = if writer.caller.is(user_id) {
        Permission::OwnProfile
    } else {
        Permission::PartnerUsersManage
    };
    let view = writer.view_after(&app, &outcome, needed).await?;
    Ok(Answer::ok(outcome.position, skills_of(&app, &view, user_id).await?))
}
