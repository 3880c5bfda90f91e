//! Applications of a partner [our own style]: registered with a secret that is shown once, given
//! others, revoked.

use axum::{
    Router,
    extract::State,
    routing::{delete, get, post},
};
use commands::{Permission, SECRET_DAYS_MAX};
use events::{ApplicationId, ApplicationSecretId, Timestamp};
use projections::{ApplicationRow, ApplicationSecretRow};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::{
    reading::Reader,
    wire::{Answer, attributes, collection, extended},
    writing::Writer,
};
use crate::{
    application::{IssuedSecret, OVERLAP_HOURS_MAX, SECRET_DAYS_DEFAULT},
    http::{ApiError, AppState},
};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/v1/applications", get(list).post(register))
        .route("/v1/applications/{application}", get(show).delete(revoke))
        .route("/v1/applications/{application}/secrets", post(add_secret))
        .route("/v1/applications/{application}/secrets/{secret}", delete(remove_secret))
}

async fn list(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::ApplicationsManage).await?;
    let rows = view.model.applications().of(view.partner);
    let items = rows.map(|row| shown(row, view.at));
    let body = collection(items, "/applications".to_owned());
    Ok(Answer::ok(view.position(), body))
}

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

fn shown(row: &ApplicationRow, at: Timestamp) -> Value {
    let secret = |secret: &ApplicationSecretRow| {
        json!({
            "id": secret.id,
            "addedAt": secret.added_at,
            "expiresAt": secret.expires_at,
            "works": at < secret.expires_at,
        })
    };
    json!({
        "id": row.id,
        "name": row.name,
        "registeredAt": row.registered_at,
        "revokedAt": row.revoked_at,
        "secrets": row.secrets.iter().map(secret).collect::<Vec<_>>(),
        "attributes": attributes("Application"),
    })
}

async fn register(State(app): State<AppState>, writer: Writer) -> Result<Answer, ApiError> {
    let name = writer.body.required("name")?;
    let days = days(&writer)?;
    let call = writer.call(&app)?;
    let issued = app.register_application(&call, writer.partner(), name, days).await?;
    Ok(Answer::created(issued.outcome.position, secret_shown(&issued)))
}

/// With `othersStopInHours` the new secret takes the place of those until now.
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

fn secret_shown(issued: &IssuedSecret) -> Value {
    let secret = match &issued.text {
        Some(text) => json!({ "secret": text.expose_secret() }),
        None => json!({ "secretState": "already_shown" }),
    };
    let shown = json!({
        "id": issued.application_id,
        "secretId": issued.secret_id,
        "expiresAt": issued.expires_at,
        "attributes": attributes("ApplicationSecret"),
    });
    extended(shown, secret)
}

async fn remove_secret(
    State(app): State<AppState>,
    writer: Writer<(ApplicationId, ApplicationSecretId)>,
) -> Result<Answer, ApiError> {
    let (application_id, secret_id) = writer.ids;
    let of = (writer.partner(), application_id);
    let outcome = app.remove_secret(&writer.call(&app)?, of, secret_id).await?;
    Ok(Answer::done(outcome.position))
}

async fn revoke(
    State(app): State<AppState>,
    writer: Writer<(ApplicationId,)>,
) -> Result<Answer, ApiError> {
    let of = (writer.partner(), writer.ids.0);
    let outcome = app.revoke_application(&writer.call(&app)?, of).await?;
    Ok(Answer::done(outcome.position))
}
