//! Many users of a customer from a CSV file [our own]: the whole file is checked, then all or none.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::post,
};
use commands::Permission;
use events::CustomerId;
use serde_json::{Value, json};

use super::{
    passwords::shown_password,
    path_ids::Ids,
    query::Query,
    wire::{Answer, POSITION, attributes},
};
use crate::{
    application::Call,
    http::{ApiError, AppState, Caller, RawBody},
    imports::{
        FileFault, ImportError, ImportOptions, ImportedUser, RowFault, SeatsNeeded, UserFile,
        UsersImported, import_users, write_credentials,
    },
};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/v1/customers/{customer}/users/import", post(import))
}

const CSV: &str = "text/csv";

/// Creates the users of a file; the answer lists their credentials, this once.
async fn import(
    State(app): State<AppState>,
    caller: Caller,
    Ids((customer,)): Ids<(CustomerId,)>,
    uri: Uri,
    headers: HeaderMap,
    RawBody(bytes): RawBody,
) -> Result<Response, ApiError> {
    app.allow_customer(caller.principal(), customer, Permission::CustomerUsersManage).await?;
    let query = Query::of(&uri)?;
    let options = ImportOptions {
        skip_faulty: query.optional("skipFaulty")?.unwrap_or(false),
        usage_location: query.optional("usageLocation")?,
    };
    let file = UserFile::read(&bytes, query.optional("rowsMax")?.unwrap_or_default())?;
    let asked = [uri.query().unwrap_or_default().as_bytes(), b"\n", &bytes].concat();
    let call = Call {
        reason: query.optional("reason")?,
        ticket: query.optional("ticket")?,
        approved_by: query.optional("approvedBy")?,
        ..caller.call(&app, &asked)
    };
    let imported = import_users(&app, &call, customer, file, &options).await?;
    if wants_csv(&headers) { as_csv(&imported) } else { Ok(as_json(&imported)) }
}

fn wants_csv(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.to_ascii_lowercase().contains(CSV))
}

fn as_csv(imported: &UsersImported) -> Result<Response, ApiError> {
    let mut file = Vec::new();
    let rows = imported.users.iter().map(ImportedUser::credential_cells);
    write_credentials(&mut file, rows).map_err(|_| ApiError::internal())?;
    let mut response = (StatusCode::CREATED, file).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(POSITION, HeaderValue::from(imported.position.get()));
    Ok(response)
}

fn as_json(imported: &UsersImported) -> Response {
    let body = json!({
        "totalCount": imported.users.len(),
        "items": imported.users.iter().map(shown).collect::<Vec<_>>(),
        "skipped": imported.skipped.iter().map(shown_fault).collect::<Vec<_>>(),
        "seats": imported.seats.iter().map(shown_seats).collect::<Vec<_>>(),
        "attributes": attributes("Collection"),
    });
    Answer::created(imported.position, body).into_response()
}

fn shown(user: &ImportedUser) -> Value {
    json!({
        "line": user.line,
        "id": user.id,
        "userPrincipalName": user.profile.user_name,
        "displayName": user.profile.display_name,
        "licenses": user.products,
        "passwordProfile": shown_password(user.password.as_ref()),
    })
}

fn shown_fault(RowFault { line, problem }: &RowFault) -> Value {
    json!({ "line": line, "reason": problem.to_string() })
}

fn shown_seats(SeatsNeeded { product, needed, free }: &SeatsNeeded) -> Value {
    json!({ "product": product, "needed": needed, "free": free })
}

impl From<FileFault> for ApiError {
    fn from(fault: FileFault) -> Self {
        Self::malformed(fault.to_string())
            .with_data(["unusable_file".to_owned(), "file".to_owned()])
    }
}

impl From<ImportError> for ApiError {
    /// After name and field, `data` holds every fault with its line.
    fn from(error: ImportError) -> Self {
        let description = error.to_string();
        let (name, faults) = match error {
            ImportError::Faulty { faults, .. } => ("faulty_rows", faults),
            ImportError::NoRows { faults } => ("no_rows", faults),
            ImportError::Command(error) => return error.into(),
        };
        let lines =
            faults.iter().map(|RowFault { line, problem }| format!("line {line}: {problem}"));
        Self::malformed(description)
            .with_data([name.to_owned(), "file".to_owned()].into_iter().chain(lines))
    }
}
