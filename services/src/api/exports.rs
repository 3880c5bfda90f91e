//! Exports for auditors [our own style]: the role changes of a partner, as the command line writes them,
//! handed out part by part.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use commands::Permission;
use events::{Position, Timestamp};
use futures::{Stream, StreamExt, stream};
use serde_json::{Map, Value};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    dates::day_or_moment, query::Query, reading::Reader, wire::POSITION, words::same_word,
};
use crate::{
    exports::{
        CsvFile, ExportError, ROLE_CHANGE_COLUMNS, RoleChangeCells, RoleChangeFilter,
        next_role_changes,
    },
    http::{ApiError, AppState},
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(role_changes))
}

/// How the rows are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Csv,
    Json,
}

/// Exports how the roles of the partner's users changed, as a CSV file or as JSON (*own*).
///
/// Users and roles are seen by who views both, auditors among them; an auditor of the installation
/// names the partner.
#[utoipa::path(
    get,
    path = "/v1/exports/role-changes",
    tag = "Audit",
    params(
        ("format" = Option<String>, Query, description = "`csv`, unless it is `json`.", example = json!("csv")),
        ("since" = Option<String>, Query, description = "Changes from this day or moment on.", example = json!("2026-01-01")),
        ("until" = Option<String>, Query, description = "Changes before this day or moment.", example = json!("2026-12-31")),
    ),
    responses((
        status = OK,
        description = "The changes, one a row, oldest first.",
        content(
            (String = "text/csv"),
            (Vec<std::collections::BTreeMap<String, String>> = "application/json")
        )
    ))
)]
async fn role_changes(State(app): State<AppState>, reader: Reader) -> Result<Response, ApiError> {
    let format = read_format(reader.query())?;
    let [since, until] = ["since", "until"].map(|name| read_moment(reader.query(), name));
    let (since, until) = (since?, until?);
    app.allow(reader.caller.principal(), Permission::PartnerUsersView).await?;
    let view = reader.view(&app, Permission::RolesView).await?;
    let head = view.position();
    let filter = RoleChangeFilter { partner: Some(view.partner), since, until, as_of: Some(head) };
    let content_type = match format {
        Format::Csv => "text/csv; charset=utf-8",
        Format::Json => "application/json; charset=utf-8",
    };
    let name = match format {
        Format::Csv => "attachment; filename=\"role-changes.csv\"",
        Format::Json => "attachment; filename=\"role-changes.json\"",
    };
    // Compression asks once more after the end.
    let mut response = Body::from_stream(parts(app, filter, head, format).fuse()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(name));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(POSITION, HeaderValue::from(head.get()));
    Ok(response)
}

fn read_format(query: &Query) -> Result<Format, ApiError> {
    match query.text("format") {
        None => Ok(Format::Csv),
        Some(word) if same_word(word, "csv") => Ok(Format::Csv),
        Some(word) if same_word(word, "json") => Ok(Format::Json),
        Some(_) => Err(ApiError::invalid("format", "must be csv or json")),
    }
}

fn read_moment(query: &Query, name: &str) -> Result<Option<Timestamp>, ApiError> {
    let Some(text) = query.text(name) else { return Ok(None) };
    let wrong = || ApiError::invalid(name, "must be a date or moment such as 2026-11-20");
    day_or_moment(text).map(Some).ok_or_else(wrong)
}

/// How far an export has come.
#[derive(Clone, Copy)]
struct Progress {
    position: Position,
    rows: u64,
    is_over: bool,
}

/// The parts of the file: each is read and written when the one before it was taken.
fn parts(
    app: AppState,
    filter: RoleChangeFilter,
    head: Position,
    format: Format,
) -> impl Stream<Item = Result<Bytes, ExportError>> {
    let begin = Progress { position: Position::START, rows: 0, is_over: false };
    stream::unfold((app, begin), move |(app, progress)| async move {
        if progress.is_over {
            return None;
        }
        let (store, vault) = (&**app.store(), app.vault());
        let from = progress.position;
        let read = next_role_changes(store, vault, filter, from, head).await;
        let (part, progress) = match read {
            Ok((rows, position)) => {
                let is_over = position >= head;
                let part = written(&rows, progress, is_over, format);
                let rows = progress.rows + u64::try_from(rows.len()).unwrap_or(u64::MAX);
                (part, Progress { position, rows, is_over })
            }
            // What is missing is not passed over: the answer breaks off.
            Err(error) => (Err(error), Progress { is_over: true, ..progress }),
        };
        Some((part, (app, progress)))
    })
}

fn written(
    rows: &[RoleChangeCells],
    progress: Progress,
    is_last: bool,
    format: Format,
) -> Result<Bytes, ExportError> {
    let is_first = progress.position == Position::START;
    match format {
        Format::Csv => as_csv(rows, is_first),
        Format::Json => Ok(as_json(rows, progress.rows > 0, is_first, is_last)),
    }
}

fn as_csv(rows: &[RoleChangeCells], is_first: bool) -> Result<Bytes, ExportError> {
    let mut bytes = Vec::new();
    let mut file = if is_first {
        CsvFile::begin(&mut bytes, &ROLE_CHANGE_COLUMNS)?
    } else {
        CsvFile::resume(&mut bytes)
    };
    for cells in rows {
        file.row(cells.iter().map(String::as_str))?;
    }
    file.finish()?;
    Ok(bytes.into())
}

fn as_json(rows: &[RoleChangeCells], goes_on: bool, is_first: bool, is_last: bool) -> Bytes {
    let mut text = String::new();
    if is_first {
        text.push('[');
    }
    for (index, cells) in rows.iter().enumerate() {
        if goes_on || index > 0 {
            text.push_str(",\n");
        }
        let named = ROLE_CHANGE_COLUMNS.iter().zip(cells);
        let members = named.map(|(name, cell)| ((*name).to_owned(), Value::from(cell.as_str())));
        text.push_str(&Value::Object(members.collect::<Map<_, _>>()).to_string());
    }
    if is_last {
        text.push_str("]\n");
    }
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str) -> RoleChangeCells {
        let mut cells = RoleChangeCells::default();
        name.clone_into(&mut cells[7]);
        cells
    }

    #[test]
    fn parts_in_json_make_one_list() {
        let parts = [
            as_json(&[row("a"), row("b")], false, true, false),
            as_json(&[], true, false, false),
            as_json(&[row("=c")], true, false, true),
        ];
        let whole: Vec<Value> = serde_json::from_slice(&parts.concat()).unwrap();
        let names: Vec<_> = whole.iter().map(|row| row["target_name"].clone()).collect();
        assert_eq!(names, ["a", "b", "=c"]);
        let empty = as_json(&[], false, true, true);
        assert_eq!(serde_json::from_slice::<Vec<Value>>(&empty).unwrap(), Vec::<Value>::new());
    }

    #[test]
    fn parts_in_csv_have_one_head_and_no_formula() {
        let parts = [as_csv(&[row("a")], true).unwrap(), as_csv(&[row("=c")], false).unwrap()];
        let whole = String::from_utf8(parts.concat()).unwrap();
        assert_eq!(whole.lines().count(), 3);
        assert!(whole.starts_with("leaf_index,") && whole.contains(",'=c,"), "{whole}");
    }
}
