//! What the caller's partner has in the partner network [our own style]: competencies, benefits and
//! what its users can do.

use axum::{
    Router,
    extract::State,
    routing::{get, post},
};
use commands::{ActivateBenefit, DeactivateBenefit, EditSkills, PartnerCommand, Permission};
use events::{
    BenefitId, CompetencyId, Opened, PartnerUserId, Quantity, SkillKind, UserSkill, UserSkills,
};
use projections::{BenefitRow, CompetencyRow, SkillsRow};
use serde_json::{Value, json};

use super::{
    partner_user_shape::ShownPartnerUser,
    partner_users::row_of,
    reading::{Reader, View, open, personal_state},
    wire::{Answer, attributes, collection, extended, self_link},
    words::Words,
    writing::Writer,
};
use crate::{
    application::OnPartner,
    http::{ApiError, AppState, JsonBody},
};

const KINDS: Words<SkillKind> = Words {
    field: "kind",
    all: &[("skill", SkillKind::Skill), ("certification", SkillKind::Certification)],
};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/v1/competencies", get(competencies))
        .route("/v1/competencies/{competency}", get(competency))
        .route("/v1/benefits", get(benefits))
        .route("/v1/benefits/{benefit}", get(benefit))
        .route("/v1/benefits/{benefit}/activate", post(activate))
        .route("/v1/benefits/{benefit}/deactivate", post(deactivate))
        .route("/v1/skills", get(all_skills))
        .route("/v1/users/{user}/skills", get(skills).put(edit_skills))
}

async fn competencies(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::CompetenciesView).await?;
    let rows = view.model.network().competencies(view.partner);
    let items = rows.map(|row| shown_competency(row, &view));
    Ok(Answer::ok(view.position(), collection(items, "/competencies")))
}

async fn competency(
    State(app): State<AppState>,
    reader: Reader<(CompetencyId,)>,
) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::CompetenciesView).await?;
    let row = view.model.network().competency(view.partner, reader.ids.0);
    let row = row.ok_or_else(|| ApiError::not_found("there is no such competency"))?;
    Ok(Answer::ok(view.position(), shown_competency(row, &view)))
}

fn shown_competency(row: &CompetencyRow, view: &View) -> Value {
    extended(
        competency_body(row),
        json!({ "state": if view.at < row.expires_at { "active" } else { "expired" } }),
    )
}

/// A competency, without whether it counts at some moment.
pub(super) fn competency_body(row: &CompetencyRow) -> Value {
    json!({
        "id": row.id,
        "name": row.name,
        "level": row.level.name(),
        "attainedAt": row.attained_at,
        "expiresAt": row.expires_at,
        "lastModifiedDate": row.changed_at,
        "links": self_link(format!("/competencies/{}", row.id)),
        "attributes": attributes("Competency"),
    })
}

async fn benefits(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::BenefitsView).await?;
    let items = view.model.network().benefits(view.partner).map(|row| shown_benefit(row, &view));
    Ok(Answer::ok(view.position(), collection(items, "/benefits")))
}

async fn benefit(
    State(app): State<AppState>,
    reader: Reader<(BenefitId,)>,
) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::BenefitsView).await?;
    let body = shown_benefit(benefit_row(&view, reader.ids.0)?, &view);
    Ok(Answer::ok(view.position(), body))
}

fn benefit_row(view: &View, id: BenefitId) -> Result<&BenefitRow, ApiError> {
    let row = view.model.network().benefit(view.partner, id);
    row.ok_or_else(|| ApiError::not_found("there is no such benefit"))
}

fn shown_benefit(row: &BenefitRow, view: &View) -> Value {
    let state = if view.at < row.expires_at { "active" } else { "expired" };
    let more = json!({ "state": state, "available": row.available_at(view.at) });
    extended(benefit_body(row), more)
}

/// A benefit, without what is available at some moment.
pub(super) fn benefit_body(row: &BenefitRow) -> Value {
    json!({
        "id": row.id,
        "name": row.name,
        "quantity": row.quantity,
        "used": row.used,
        "expiresAt": row.expires_at,
        "grantedAt": row.granted_at,
        "links": self_link(format!("/benefits/{}", row.id)),
        "attributes": attributes("Benefit"),
    })
}

async fn activate(
    State(app): State<AppState>,
    writer: Writer<(BenefitId,)>,
) -> Result<Answer, ApiError> {
    let (benefit_id,) = writer.ids;
    let quantity = read_quantity(&writer.body)?;
    change(&app, &writer, ActivateBenefit { benefit_id, quantity }).await
}

async fn deactivate(
    State(app): State<AppState>,
    writer: Writer<(BenefitId,)>,
) -> Result<Answer, ApiError> {
    let (benefit_id,) = writer.ids;
    let quantity = read_quantity(&writer.body)?;
    change(&app, &writer, DeactivateBenefit { benefit_id, quantity }).await
}

/// A number of units that a body names.
pub(super) fn read_quantity(body: &JsonBody) -> Result<Quantity, ApiError> {
    let number: u32 = body.plain("quantity")?.ok_or_else(|| body.missing("quantity"))?;
    let reason = || format!("must be 1 to {}", Quantity::MAX);
    Quantity::new(number).map_err(|_| body.wrong("quantity", reason()))
}

async fn change(
    app: &AppState,
    writer: &Writer<(BenefitId,)>,
    command: impl Into<PartnerCommand>,
) -> Result<Answer, ApiError> {
    let outcome = writer.execute(app, &OnPartner::new(writer.partner(), command)).await?;
    let view = writer.view_after(app, &outcome, Permission::BenefitsManage).await?;
    let body = shown_benefit(benefit_row(&view, writer.ids.0)?, &view);
    Ok(Answer::ok(outcome.position, body))
}

/// Every user with what it can do.
async fn all_skills(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::UserSkillsView).await?;
    let mut items = Vec::new();
    for row in view.model.partner_users().active(view.partner) {
        let user = ShownPartnerUser::of(&app, row).await?.shown();
        let said = view.model.network().skills(view.partner, row.id);
        items.push(extended(shown_skills(&app, row.id, said).await?, json!({ "user": user })));
    }
    Ok(Answer::ok(view.position(), collection(items, "/skills")))
}

/// Everybody sees the own skills.
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

async fn skills_of(app: &AppState, view: &View, user: PartnerUserId) -> Result<Value, ApiError> {
    row_of(view, user)?;
    shown_skills(app, user, view.model.network().skills(view.partner, user)).await
}

async fn shown_skills(
    app: &AppState,
    user: PartnerUserId,
    row: Option<&SkillsRow>,
) -> Result<Value, ApiError> {
    let opened = match row {
        Some(row) => open::<UserSkills>(app, &row.skills).await?,
        None => Opened::Readable(UserSkills::default()),
    };
    let skills = match &opened {
        Opened::Readable(skills) => skills.skills.as_slice(),
        Opened::Erased(_) | Opened::KeyUnavailable => &[],
    };
    Ok(json!({
        "userId": user,
        "skills": skills,
        "personalData": personal_state(&opened),
        "lastModifiedDate": row.map(|row| row.changed_at),
        "attributes": attributes("UserSkills"),
    }))
}

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
