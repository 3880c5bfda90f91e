//! Which column of a file means what?

use std::fmt;

use super::FileFault;
use crate::imports::table::Row;

/// What a column of the file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// The first name.
    FirstName,
    /// The last name.
    LastName,
    /// The display name.
    DisplayName,
    /// The e-mail address, which becomes the user name.
    Email,
    /// The wanted products.
    Licenses,
    /// Where the user uses services.
    UsageLocation,
    /// Where Partner Center writes what became of the row.
    StatusUpdate,
}

impl Column {
    /// The column that a name stands for; case, blanks and underscores do not matter.
    fn named(name: &str) -> Option<Self> {
        let letters = name.chars().filter(|c| !c.is_whitespace() && !"_-".contains(*c));
        match letters.collect::<String>().to_lowercase().as_str() {
            "firstname" => Some(Self::FirstName),
            "lastname" => Some(Self::LastName),
            "displayname" => Some(Self::DisplayName),
            "email" | "emailaddress" | "username" | "userprincipalname" => Some(Self::Email),
            "licenses" | "licences" => Some(Self::Licenses),
            "usagelocation" => Some(Self::UsageLocation),
            "statusupdate" => Some(Self::StatusUpdate),
            _ => None,
        }
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::FirstName => "First name",
            Self::LastName => "Last name",
            Self::DisplayName => "Display name",
            Self::Email => "Email",
            Self::Licenses => "Licenses",
            Self::UsageLocation => "Usage location",
            Self::StatusUpdate => "Status update",
        })
    }
}

/// The first line of a file.
pub(super) struct Header {
    columns: Vec<Column>,
}

impl Header {
    pub(super) fn read(row: &Row) -> Result<Self, FileFault> {
        // Spreadsheets leave separators behind the last column.
        let used = row.cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
        let cells = row.cells.get(..used).unwrap_or_default();
        let columns: Vec<_> = cells.iter().filter_map(|cell| Column::named(cell)).collect();
        if columns.len() < cells.len() {
            let unknown = cells.iter().filter(|cell| Column::named(cell).is_none());
            return Err(FileFault::UnknownColumns {
                names: unknown.map(|cell| format!("{cell:?}")).collect(),
            });
        }
        let header = Self { columns };
        header.check()?;
        Ok(header)
    }

    fn check(&self) -> Result<(), FileFault> {
        for (index, column) in self.columns.iter().enumerate() {
            if self.index(*column) != Some(index) {
                return Err(FileFault::DuplicateColumn { column: *column });
            }
        }
        for column in [Column::DisplayName, Column::Email] {
            self.index(column).ok_or(FileFault::MissingColumn { column })?;
        }
        Ok(())
    }

    /// How many columns are named.
    pub(super) const fn len(&self) -> usize {
        self.columns.len()
    }

    /// Where a column stands, if the file has it.
    pub(super) fn index(&self, column: Column) -> Option<usize> {
        self.columns.iter().position(|found| *found == column)
    }
}
