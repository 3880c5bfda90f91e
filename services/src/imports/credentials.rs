//! The credentials of new users as a table: for reading, for mail merge, for password managers.

use std::io::Write;

use super::ImportedUser;
use crate::exports::{CsvFile, ExportError};

/// The columns of the table.
pub const CREDENTIAL_COLUMNS: [&str; 5] =
    ["User name", "Temporary password", "Display name", "Licenses", "User id"];

impl ImportedUser {
    /// The user's row in the table; without a password where it was shown before.
    #[must_use]
    pub fn credential_cells(&self) -> [String; 5] {
        let password = self.password.as_ref().map(|password| password.reveal().to_owned());
        [
            self.profile.user_name.to_string(),
            password.unwrap_or_default(),
            self.profile.display_name.to_string(),
            self.products.join("|"),
            self.id.to_string(),
        ]
    }
}

/// Writes the table as a CSV file, in which no cell is a formula.
///
/// # Errors
/// When it cannot be written.
pub fn write_credentials<W: Write>(
    target: W,
    rows: impl IntoIterator<Item = [String; 5]>,
) -> Result<(), ExportError> {
    let mut file = CsvFile::begin(target, &CREDENTIAL_COLUMNS)?;
    for row in rows {
        file.row(row.iter().map(String::as_str))?;
    }
    file.finish()?;
    Ok(())
}
