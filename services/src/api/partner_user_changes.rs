//! A partner's own users, changed: edited, restored, given another password.

use async_trait::async_trait;
use axum::extract::State;
use commands::{
    EditPartnerUser, Partner, PartnerCommand, Permission, Rejection, RenamedPartnerUser,
    RestorePartnerUser,
};
use events::{PartnerId, PartnerUserId, PartnerUserProfile, StreamId};
use projections::PartnerUserRow;
use utoipa::ToSchema;

use super::{
    partner_user_shape::{
        PartnerProfileChange, PartnerUser, PartnerUserChange, RoleWithheld, ShownPartnerUser,
    },
    partner_users::not_found,
    passwords::{PasswordProfile, refuse_chosen, shown_password},
    reading::{open, readable},
    user_shape::{STATES, WantedState},
    wire::Answer,
    writing::Writer,
};
use crate::{
    application::{Application, CommandError, OnPartner, Outcome, Transaction, UseCase},
    auth::{TemporaryPassword, new_temporary_password},
    http::{ApiError, AppState},
};

type UserPath = (PartnerUserId,);

/// Changes any part of a user: its profile, its password, and from deleted back to active (*own*).
///
/// Everybody changes himself.
#[utoipa::path(
    patch,
    path = "/v1/users/{user}",
    tag = "Partner users",
    request_body = PartnerUserChange,
    responses((status = OK, description = "The user from now on.", body = PartnerUser))
)]
pub(super) async fn change(
    State(app): State<AppState>,
    writer: Writer<UserPath>,
) -> Result<Answer, ApiError> {
    let state = STATES.read_member(&writer.body)?;
    if state == Some(WantedState::Inactive) {
        let reason = "can be set to active only: DELETE makes a user inactive";
        return Err(ApiError::invalid(STATES.field, reason));
    }
    carry_out(&app, &writer, state.is_some(), writer.body.has("passwordProfile")).await
}

/// A name under which a user is restored, where another has its own by now.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
pub(super) struct PartnerUserRenamed {
    #[schema(example = "Nora Berg")]
    full_name: Option<String>,
    email: Option<String>,
}

/// Brings a deleted user back, under another name where the body has one (*own*).
#[utoipa::path(
    post,
    path = "/v1/users/{user}/restore",
    tag = "Partner users",
    request_body = Option<PartnerUserRenamed>,
    responses((status = OK, description = "The user, and the roles it did not get back.", body = PartnerUser))
)]
pub(super) async fn restore(
    State(app): State<AppState>,
    writer: Writer<UserPath>,
) -> Result<Answer, ApiError> {
    carry_out(&app, &writer, true, false).await
}

/// Gives a user another temporary password, and shows it once (*own*).
#[utoipa::path(
    patch,
    path = "/v1/users/{user}/resetpassword",
    tag = "Partner users",
    responses((status = OK, description = "The user, with the password.", body = PartnerUser))
)]
pub(super) async fn reset(
    State(app): State<AppState>,
    writer: Writer<UserPath>,
) -> Result<Answer, ApiError> {
    another_password(&app, &writer).await
}

/// Does the same.
#[utoipa::path(
    post,
    path = "/v1/users/{user}/resetpassword",
    tag = "Partner users",
    responses((status = OK, description = "The user, with the password.", body = PartnerUser))
)]
pub(super) async fn reset_by_post(
    State(app): State<AppState>,
    writer: Writer<UserPath>,
) -> Result<Answer, ApiError> {
    another_password(&app, &writer).await
}

async fn another_password(app: &AppState, writer: &Writer<UserPath>) -> Result<Answer, ApiError> {
    refuse_chosen(&writer.body)?;
    let (call, partner) = (writer.call(app)?, writer.partner());
    let reset = app.reset_partner_user_password(&call, partner, writer.ids.0).await?;
    let shown = shown_password(reset.password.as_ref());
    answer(app, writer, &reset.outcome, Some(shown)).await
}

async fn carry_out(
    app: &AppState,
    writer: &Writer<UserPath>,
    restores: bool,
    with_password: bool,
) -> Result<Answer, ApiError> {
    refuse_chosen(&writer.body)?;
    let password = with_password.then(|| new_temporary_password(app.now())).transpose()?;
    let use_case = ChangePartnerUser {
        partner: writer.partner(),
        user: writer.ids.0,
        permission: changing(writer),
        profile: PartnerProfileChange::read(&writer.body)?,
        restores,
        password,
    };
    let outcome = writer.execute(app, &use_case).await?;
    let password = use_case.password.as_ref();
    let shown = password.map(|it| shown_password(Some(it).filter(|_| !outcome.replayed)));
    answer(app, writer, &outcome, shown).await
}

/// What changing a user requires: everybody changes himself.
fn changing(writer: &Writer<UserPath>) -> Permission {
    if writer.caller.is(writer.ids.0) {
        Permission::OwnProfile
    } else {
        Permission::PartnerUsersManage
    }
}

async fn answer(
    app: &AppState,
    writer: &Writer<UserPath>,
    outcome: &Outcome,
    password_profile: Option<PasswordProfile>,
) -> Result<Answer, ApiError> {
    let (user,) = writer.ids;
    let view = writer.view_after(app, outcome, changing(writer)).await?;
    let row = view.model.partner_users().get(view.partner, user);
    let row = row.ok_or_else(|| not_found(user))?;
    let mut shown = ShownPartnerUser::of(app, row).await?.shown();
    shown.password_profile = password_profile;
    shown.roles_withheld = withheld_roles(outcome);
    Ok(Answer::ok(outcome.position, shown))
}

/// The roles that a restored user did not get back, and the rules that speak against them.
fn withheld_roles(outcome: &Outcome) -> Option<Vec<RoleWithheld>> {
    let user = outcome.restored_partner_user();
    user.map(|user| user.withheld.iter().map(RoleWithheld::from).collect())
}

/// What a request changes about a user, all of it or nothing.
struct ChangePartnerUser {
    partner: PartnerId,
    user: PartnerUserId,
    /// Demanded before anything is told; each step demands its own besides.
    permission: Permission,
    profile: PartnerProfileChange,
    restores: bool,
    password: Option<TemporaryPassword>,
}

#[async_trait]
impl UseCase for ChangePartnerUser {
    fn name(&self) -> &'static str {
        "ChangePartnerUser"
    }

    fn primary(&self) -> StreamId {
        self.partner.into()
    }

    async fn decide(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError> {
        transaction.authorise(self.permission).await?;
        for step in self.steps(transaction).await? {
            step.decide(transaction).await?;
        }
        Ok(())
    }
}

impl ChangePartnerUser {
    /// The commands that lead from what is there to what is wanted.
    async fn steps(&self, transaction: &Transaction<'_>) -> Result<Vec<OnPartner>, CommandError> {
        let (app, user_id) = (transaction.application, self.user);
        let model = transaction.model_of::<Partner>(self.partner).await?;
        let row = model.partner_users().get(self.partner, user_id);
        let row = row.ok_or(Rejection::PartnerUserNotFound { user_id })?;
        let change = self.changed_profile(app, row).await?;
        let is_deleted = !row.state.is_active();
        let mut steps = Vec::new();
        if is_deleted && self.restores {
            let renamed = change.map(|profile| RenamedPartnerUser {
                sign_in_name: app.keys().sign_in_name_hash(&profile.email),
                profile,
            });
            steps.push(self.on(RestorePartnerUser { user_id, renamed }));
        } else if let Some(profile) = change {
            let sign_in_name = app.keys().sign_in_name_hash(&profile.email);
            steps.push(self.on(EditPartnerUser { user_id, sign_in_name, profile }));
        } else if is_deleted {
            return Err(Rejection::UserIsDeleted.into());
        }
        if let Some(password) = &self.password {
            steps.push(OnPartner::password_reset(self.partner, user_id, password)?);
        }
        Ok(steps)
    }

    /// The profile that is wanted, if it is another one.
    async fn changed_profile(
        &self,
        app: &Application,
        row: &PartnerUserRow,
    ) -> Result<Option<PartnerUserProfile>, CommandError> {
        if self.profile.is_empty() {
            return Ok(None);
        }
        let known = open::<PartnerUserProfile>(app, &row.profile).await?;
        let known = readable(&known).ok_or_else(super::edits::not_readable)?;
        let wanted = self.profile.clone().onto(known.clone());
        Ok(Some(wanted).filter(|wanted| wanted != known))
    }

    fn on(&self, command: impl Into<PartnerCommand>) -> OnPartner {
        OnPartner::new(self.partner, command)
    }
}
