//! Many users of a customer from a CSV file [our own]: the whole file is checked, then all or none.

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use commands::Permission;
use events::{CustomerId, CustomerUserId};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    passwords::{PasswordProfile, shown_password},
    path_ids::Ids,
    query::Query,
    shapes::Attributes,
    wire::{Answer, POSITION},
};
use crate::{
    application::Call,
    http::{ApiError, AppState, Caller, RawBody},
    imports::{
        FileFault, ImportError, ImportOptions, ImportedUser, RowFault, SeatsNeeded, UserFile,
        UsersImported, import_users, write_credentials,
    },
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(import))
}

/// What a file of users led to.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct UserImport {
    total_count: usize,
    /// The new users, in the order of their rows.
    items: Vec<UserOfFile>,
    /// The rows that were left out.
    skipped: Vec<RowRefused>,
    /// The seats that the file takes.
    seats: Vec<SeatsOfFile>,
    attributes: Attributes,
}

/// A user that a file led to.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct UserOfFile {
    /// The line on which its row begins.
    line: usize,
    #[schema(value_type = Uuid)]
    id: CustomerUserId,
    user_principal_name: String,
    display_name: String,
    /// The short names of its products.
    #[schema(example = json!(["ENTERPRISEPACK"]))]
    licenses: Vec<String>,
    password_profile: PasswordProfile,
}

/// A row of a file that is of no use.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RowRefused {
    /// The line on which it begins.
    pub(super) line: usize,
    #[schema(example = "the e-mail address is missing")]
    pub(super) reason: String,
}

/// The seats of a product that a file takes.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SeatsOfFile {
    #[schema(example = "ENTERPRISEPACK")]
    product: String,
    needed: u32,
    free: u32,
}

const CSV: &str = "text/csv";

/// Creates the users of a CSV file, all or none; the answer lists their credentials this once (*own*).
///
/// With `Accept: text/csv` it is a table.
#[utoipa::path(
    post,
    path = "/v1/customers/{customer}/users/import",
    tag = "Users",
    params(
        ("skipFaulty" = Option<bool>, Query, description = "Leaves faulty rows out."),
        ("usageLocation" = Option<String>, Query, description = "Where the users are.", example = "US"),
        ("rowsMax" = Option<u32>, Query, description = "How many rows there may be: 100, at most 250.", example = 100)
    ),
    request_body(content = String, content_type = "text/csv", description = "The file."),
    responses((status = CREATED, description = "The users.", body = UserImport))
)]
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
    let body = UserImport {
        total_count: imported.users.len(),
        items: imported.users.iter().map(shown).collect(),
        skipped: imported.skipped.iter().map(shown_fault).collect(),
        seats: imported.seats.iter().map(shown_seats).collect(),
        attributes: Attributes::of("Collection"),
    };
    Answer::created(imported.position, body).into_response()
}

fn shown(user: &ImportedUser) -> UserOfFile {
    UserOfFile {
        line: user.line,
        id: user.id,
        user_principal_name: user.profile.user_name.to_string(),
        display_name: user.profile.display_name.to_string(),
        licenses: user.products.clone(),
        password_profile: shown_password(user.password.as_ref()),
    }
}

fn shown_fault(RowFault { line, problem }: &RowFault) -> RowRefused {
    RowRefused { line: *line, reason: problem.to_string() }
}

fn shown_seats(SeatsNeeded { product, needed, free }: &SeatsNeeded) -> SeatsOfFile {
    SeatsOfFile { product: product.clone(), needed: *needed, free: *free }
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
