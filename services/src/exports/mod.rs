//! Views of the log for use elsewhere: streamed, in their final columns, each with a manifest that
//! says what it holds.

mod csv_file;
mod download;
mod manifest;
mod people;
mod role_change_rows;
mod role_changes;

pub use self::{
    csv_file::{CsvFile, ERASED, ExportError, KEY_UNAVAILABLE, guarded, shown},
    manifest::{Digest, Manifest},
    people::{People, Person},
    role_changes::{ROLE_CHANGE_COLUMNS, RoleChangeFilter, export_role_changes},
};
pub(crate) use self::{
    download::downloaded,
    role_changes::{RoleChangeCells, next_role_changes},
};
