//! The file with which resellers bring users: Partner Center's template, as spreadsheets save it.
//!
//! Columns, in any order and case: *First name*, *Last name*, *Display name* (required), *Email* or
//! *Username* (required), *Status update* (must be empty), and, of our own, *Licenses* (SKU part
//! numbers or ids, separated by `|` or `;`) and *Usage location* (two letters).

mod columns;
mod faults;
mod row_limit;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use events::{CountryCode, InvalidValue, PersonName, UserName};

pub use self::{
    columns::Column,
    faults::{FileFault, RowFault, RowProblem},
    row_limit::{InvalidRowLimit, RowLimit},
};
use super::{
    sheet::{self, FORMULA_STARTS, Header},
    table::Row,
};

/// The longest first, last and display name in a file, in characters, as in Partner Center.
pub const CELL_CHARACTERS_MAX: usize = 50;

/// A row without a fault of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserRow {
    /// The line of the file on which it begins.
    pub line: usize,
    /// The user name.
    pub user_name: UserName,
    /// The first name.
    pub first_name: Option<PersonName>,
    /// The last name.
    pub last_name: Option<PersonName>,
    /// The display name.
    pub display_name: PersonName,
    /// The wanted products, as the file spells them.
    pub products: Vec<String>,
    /// Where the user uses services.
    pub usage_location: Option<CountryCode>,
}

/// A file that was read: good rows, and everything that is wrong with the others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserFile {
    /// The good rows, in order.
    pub rows: Vec<UserRow>,
    /// The faults of the others, in order.
    pub faults: Vec<RowFault>,
}

impl UserFile {
    /// Reads a file of at most `limit` users. The whole file is read before anything is said; the
    /// rows beyond the limit are only counted.
    ///
    /// # Errors
    /// When the file as a whole is of no use. Faulty rows are no error: they are listed.
    pub fn read(bytes: &[u8], limit: RowLimit) -> Result<Self, FileFault> {
        let (header, mut rows) = sheet::open(bytes)?;
        let kept = rows.by_ref().take(limit.get()).collect::<Result<Vec<_>, _>>()?;
        let beyond = rows.try_fold(0, |beyond, row| row.map(|_| beyond + 1))?;
        if beyond > 0 {
            return Err(FileFault::TooManyRows { rows: kept.len() + beyond, limit });
        }
        let mut file = Self::default();
        let mut seen = HashMap::new();
        for row in &kept {
            file.take(RowReader::read(&header, row), &mut seen);
        }
        Ok(file)
    }

    fn take(&mut self, read: RowReader<'_>, seen: &mut HashMap<UserName, usize>) {
        let line = read.row.line;
        let mut problems = read.problems;
        let names = (read.user_name, read.display_name);
        if let Some(user_name) = &names.0 {
            let first_line = *seen.entry(user_name.clone()).or_insert(line);
            if first_line != line {
                problems.push(RowProblem::DuplicateInFile { first_line });
            }
        }
        if let ((Some(user_name), Some(display_name)), true) = (names, problems.is_empty()) {
            self.rows.push(UserRow {
                line,
                user_name,
                first_name: read.first_name,
                last_name: read.last_name,
                display_name,
                products: read.products,
                usage_location: read.usage_location,
            });
        }
        self.faults.extend(problems.into_iter().map(|problem| RowFault { line, problem }));
    }
}

/// Reads one row, noting what is wrong.
struct RowReader<'a> {
    header: &'a Header<Column>,
    row: &'a Row,
    problems: Vec<RowProblem>,
    user_name: Option<UserName>,
    first_name: Option<PersonName>,
    last_name: Option<PersonName>,
    display_name: Option<PersonName>,
    products: Vec<String>,
    usage_location: Option<CountryCode>,
}

impl<'a> RowReader<'a> {
    fn read(header: &'a Header<Column>, row: &'a Row) -> Self {
        let mut reader = Self {
            header,
            row,
            problems: Vec::new(),
            user_name: None,
            first_name: None,
            last_name: None,
            display_name: None,
            products: Vec::new(),
            usage_location: None,
        };
        reader.read_cells();
        reader
    }

    fn read_cells(&mut self) {
        let (found, expected) = (self.row.cells.len(), self.header.len());
        if self.row.cells.iter().skip(expected).any(|cell| !cell.is_empty()) {
            self.problems.push(RowProblem::TooManyCells { found, expected });
        }
        self.first_name = self.name(Column::FirstName);
        self.last_name = self.name(Column::LastName);
        self.display_name = self.required(Column::DisplayName, Self::name);
        self.user_name = self.required(Column::Email, |row, column| {
            let text = row.guarded(column)?;
            row.value(column, UserName::new(text))
        });
        self.products = products(self.cell(Column::Licenses));
        let location = self.cell(Column::UsageLocation);
        self.usage_location = (!location.is_empty())
            .then(|| self.value(Column::UsageLocation, CountryCode::new(location)))
            .flatten();
        if !self.cell(Column::StatusUpdate).is_empty() {
            self.problems.push(RowProblem::MustBeEmpty { column: Column::StatusUpdate });
        }
    }

    fn cell(&self, column: Column) -> &'a str {
        self.header.cell(self.row, column)
    }

    fn required<T>(
        &mut self,
        column: Column,
        read: impl FnOnce(&mut Self, Column) -> Option<T>,
    ) -> Option<T> {
        if self.cell(column).is_empty() {
            self.problems.push(RowProblem::Missing { column });
            return None;
        }
        read(self, column)
    }

    /// The cell, unless it is empty or a formula.
    fn guarded(&mut self, column: Column) -> Option<&'a str> {
        let text = self.cell(column);
        if text.starts_with(FORMULA_STARTS) {
            self.problems.push(RowProblem::Formula { column });
            return None;
        }
        (!text.is_empty()).then_some(text)
    }

    fn name(&mut self, column: Column) -> Option<PersonName> {
        let text = self.guarded(column)?;
        if text.chars().count() > CELL_CHARACTERS_MAX {
            self.problems.push(RowProblem::TooLong { column, limit: CELL_CHARACTERS_MAX });
            return None;
        }
        self.value(column, PersonName::new(text))
    }

    fn value<T>(&mut self, column: Column, value: Result<T, InvalidValue>) -> Option<T> {
        let noted = value.map_err(|InvalidValue { reason, .. }| {
            self.problems.push(RowProblem::Invalid { column, reason });
        });
        noted.ok()
    }
}

fn products(cell: &str) -> Vec<String> {
    let products = cell.split(['|', ';']).map(str::trim).filter(|product| !product.is_empty());
    products.map(str::to_owned).collect()
}
