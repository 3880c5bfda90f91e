//! How is a CSV file handed to a browser or a program that asks for it?

use axum::{
    http::{HeaderName, header},
    response::{IntoResponse, Response},
};

use super::csv_file::{CsvFile, ExportError};
use crate::application::CommandError;

/// A CSV file as an answer: rows are written into memory, so only for lists of a known size.
///
/// # Errors
/// When a row cannot be written.
pub(crate) fn downloaded(
    name: &str,
    columns: &[&str],
    rows: impl FnOnce(&mut CsvFile<&mut Vec<u8>>) -> Result<(), ExportError>,
) -> Result<Response, CommandError> {
    let mut bytes = Vec::new();
    write(&mut bytes, columns, rows)
        .map_err(|error| CommandError::Unavailable(error.to_string()))?;
    let headers: [(HeaderName, String); 3] = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

fn write(
    bytes: &mut Vec<u8>,
    columns: &[&str],
    rows: impl FnOnce(&mut CsvFile<&mut Vec<u8>>) -> Result<(), ExportError>,
) -> Result<(), ExportError> {
    let mut file = CsvFile::begin(bytes, columns)?;
    rows(&mut file)?;
    file.finish().map(|_| ())
}
