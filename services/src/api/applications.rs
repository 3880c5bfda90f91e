//! Applications of a partner [our own style]: registered with a secret that is shown once, given
//! others, revoked.

use axum::extract::State;
use commands::{Permission, SECRET_DAYS_MAX};
use events::{ApplicationId, ApplicationName, ApplicationSecretId, Timestamp};
use projections::{ApplicationRow, ApplicationSecretRow};
use secrecy::ExposeSecret;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    reading::Reader,
    shapes::{Attributes, Collection},
    wire::Answer,
    writing::Writer,
};
use crate::{
    application::{IssuedSecret, OVERLAP_HOURS_MAX, SECRET_DAYS_DEFAULT},
    http::{ApiError, AppState},
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, register))
        .routes(routes!(show, revoke))
        .routes(routes!(add_secret))
        .routes(routes!(remove_secret))
}

/// A program that acts for the partner.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Application {
    #[schema(value_type = Uuid)]
    id: ApplicationId,
    #[schema(value_type = String, example = "Billing export")]
    name: ApplicationName,
    #[schema(value_type = String, format = DateTime)]
    registered_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    revoked_at: Option<Timestamp>,
    /// Its secrets, which are not shown again.
    secrets: Vec<ApplicationSecretKnown>,
    attributes: Attributes,
}

/// That an application has a secret.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ApplicationSecretKnown {
    #[schema(value_type = Uuid)]
    id: ApplicationSecretId,
    #[schema(value_type = String, format = DateTime)]
    added_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// Whether it works.
    works: bool,
}

/// A secret of an application, shown once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ApplicationSecret {
    /// The application.
    #[schema(value_type = Uuid)]
    id: ApplicationId,
    #[schema(value_type = Uuid)]
    secret_id: ApplicationSecretId,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// The secret itself; absent from the answer to a repeat.
    #[schema(example = "pls_W2v0iZ7x8nKQ")]
    secret: Option<String>,
    /// Of a repeat: that it was shown before.
    #[schema(value_type = Option<String>, example = "already_shown")]
    secret_state: Option<&'static str>,
    attributes: Attributes,
}

/// Lists the programs that act for the partner (*own*).
#[utoipa::path(
    get,
    path = "/v1/applications",
    tag = "Applications",
    responses((status = OK, description = "The applications.", body = Collection<Application>))
)]
async fn list(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::ApplicationsManage).await?;
    let rows = view.model.applications().of(view.partner);
    let items = rows.map(|row| shown(row, view.at));
    let body = Collection::of(items, "/applications");
    Ok(Answer::ok(view.position(), body))
}

/// Shows a program that acts for the partner (*own*).
#[utoipa::path(
    get,
    path = "/v1/applications/{application}",
    tag = "Applications",
    responses((status = OK, description = "The application.", body = Application))
)]
async fn show(
    State(app): State<AppState>,
    reader: Reader<(ApplicationId,)>,
) -> Result<Answer, ApiError> {
    let (id,) = reader.ids;
    let view = reader.view(&app, Permission::ApplicationsManage).await?;
    let row = view.model.applications().get(view.partner, id);
    let row = row.ok_or_else(|| ApiError::not_found("the application is not known"))?;
    Ok(Answer::ok(view.position(), shown(row, view.at)))
}

fn shown(row: &ApplicationRow, at: Timestamp) -> Application {
    let secret = |secret: &ApplicationSecretRow| ApplicationSecretKnown {
        id: secret.id,
        added_at: secret.added_at,
        expires_at: secret.expires_at,
        works: at < secret.expires_at,
    };
    Application {
        id: row.id,
        name: row.name.clone(),
        registered_at: row.registered_at,
        revoked_at: row.revoked_at,
        secrets: row.secrets.iter().map(secret).collect(),
        attributes: Attributes::of("Application"),
    }
}

/// A program to be registered.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct NewApplication {
    #[schema(example = "Billing export")]
    name: String,
    /// How long its secret works.
    #[schema(example = 90)]
    days: Option<i64>,
}

/// Registers a program, and shows its secret once (*own*).
#[utoipa::path(
    post,
    path = "/v1/applications",
    tag = "Applications",
    request_body = NewApplication,
    responses((status = CREATED, description = "Its secret.", body = ApplicationSecret))
)]
async fn register(State(app): State<AppState>, writer: Writer) -> Result<Answer, ApiError> {
    let name = writer.body.required("name")?;
    let days = days(&writer)?;
    let call = writer.call(&app)?;
    let issued = app.register_application(&call, writer.partner(), name, days).await?;
    Ok(Answer::created(issued.outcome.position, secret_shown(&issued)))
}

/// How long a secret works, and those until now.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct NewApplicationSecret {
    #[schema(example = 90)]
    days: Option<i64>,
    /// Takes the place of those until now, which stop after so many hours.
    #[schema(example = 24)]
    others_stop_in_hours: Option<i64>,
}

/// Adds a secret, and shows it once (*own*).
///
/// With `othersStopInHours` the new secret takes the place of those until now.
#[utoipa::path(
    post,
    path = "/v1/applications/{application}/secrets",
    tag = "Applications",
    request_body = Option<NewApplicationSecret>,
    responses((status = CREATED, description = "The secret.", body = ApplicationSecret))
)]
async fn add_secret(
    State(app): State<AppState>,
    writer: Writer<(ApplicationId,)>,
) -> Result<Answer, ApiError> {
    let of = (writer.partner(), writer.ids.0);
    let days = days(&writer)?;
    let hours = writer.body.plain("othersStopInHours")?;
    let call = writer.call(&app)?;
    let issued = match hours {
        None => app.add_secret(&call, of, days).await?,
        Some(hours) if (0..=OVERLAP_HOURS_MAX).contains(&hours) => {
            app.roll_secret(&call, of, days, hours).await?
        }
        Some(_) => {
            let reason = format!("must be 0 to {OVERLAP_HOURS_MAX}");
            return Err(ApiError::invalid("othersStopInHours", reason));
        }
    };
    Ok(Answer::created(issued.outcome.position, secret_shown(&issued)))
}

fn days<I>(writer: &Writer<I>) -> Result<i64, ApiError> {
    let days: i64 = writer.body.plain("days")?.unwrap_or(SECRET_DAYS_DEFAULT);
    if (1..=SECRET_DAYS_MAX).contains(&days) {
        Ok(days)
    } else {
        Err(ApiError::invalid("days", format!("must be 1 to {SECRET_DAYS_MAX}")))
    }
}

fn secret_shown(issued: &IssuedSecret) -> ApplicationSecret {
    let secret = issued.text.as_ref().map(|text| text.expose_secret().to_owned());
    ApplicationSecret {
        id: issued.application_id,
        secret_id: issued.secret_id,
        expires_at: issued.expires_at,
        secret_state: secret.is_none().then_some("already_shown"),
        secret,
        attributes: Attributes::of("ApplicationSecret"),
    }
}

/// Takes a secret away, at once (*own*).
#[utoipa::path(
    delete,
    path = "/v1/applications/{application}/secrets/{secret}",
    tag = "Applications",
    responses((status = NO_CONTENT, description = "It works no more."))
)]
async fn remove_secret(
    State(app): State<AppState>,
    writer: Writer<(ApplicationId, ApplicationSecretId)>,
) -> Result<Answer, ApiError> {
    let (application_id, secret_id) = writer.ids;
    let of = (writer.partner(), application_id);
    let outcome = app.remove_secret(&writer.call(&app)?, of, secret_id).await?;
    Ok(Answer::done(outcome.position))
}

/// Revokes a program, at once and for good (*own*).
#[utoipa::path(
    delete,
    path = "/v1/applications/{application}",
    tag = "Applications",
    responses((status = NO_CONTENT, description = "It acts for nobody any more."))
)]
async fn revoke(
    State(app): State<AppState>,
    writer: Writer<(ApplicationId,)>,
) -> Result<Answer, ApiError> {
    let of = (writer.partner(), writer.ids.0);
    let outcome = app.revoke_application(&writer.call(&app)?, of).await?;
    Ok(Answer::done(outcome.position))
}
