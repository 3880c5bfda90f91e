//! The file with which partners bring the customers they have already: company, domain, contact.
//!
//! Columns, in any order and case: *Company name*, *Domain*, *First name*, *Last name*, *Email*,
//! *Country*, *Address*, *City* (all required), *Address line 2*, *State*, *Postal code*, *Phone
//! number*, *Culture* and *Language*.

mod columns;
#[cfg(test)]
mod tests;

use std::{collections::HashMap, fmt, str::FromStr};

use events::{ContactDetails, CountryCode, DomainName, Locale, PhoneNumber, PostalAddress};

pub use self::columns::CustomerColumn;
use self::columns::{Columns, REQUIRED};
use super::{
    EncodingFault, TableFault, encoding,
    table::{self, Row, Rows},
};
use crate::application::{CustomerToCreate, first_user};

/// The most customers a file may bring: what is recorded as one.
pub const CUSTOMER_ROWS_MAX: usize = 100;
/// The largest file, in bytes: far more than the most rows need.
const FILE_BYTES_MAX: usize = 1 << 20;
/// What cells that spreadsheets calculate begin with.
const FORMULA_STARTS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
/// The culture of a company whose row does not say.
const CULTURE_DEFAULT: &str = "en-US";
/// The language of a company whose row does not say.
const LANGUAGE_DEFAULT: &str = "en";

/// A file of customers that is refused as a whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CustomerFileFault {
    /// It is larger than any file of so few rows.
    #[error("the file has {bytes} bytes, at most {FILE_BYTES_MAX} are read")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// Its encoding.
    #[error(transparent)]
    Encoding(#[from] EncodingFault),
    /// Its quotes.
    #[error(transparent)]
    Table(#[from] TableFault),
    /// There is no first line with the names of the columns.
    #[error("the file is empty: its first line must name the columns")]
    Empty,
    /// It has columns that mean nothing here.
    #[error("unknown columns {}", .names.join(", "))]
    UnknownColumns {
        /// Their names, quoted.
        names: Vec<String>,
    },
    /// A column is there twice.
    #[error("the column {column} is there twice")]
    DuplicateColumn {
        /// Which.
        column: CustomerColumn,
    },
    /// A column that must be there is not.
    #[error("the column {column} is missing")]
    MissingColumn {
        /// Which.
        column: CustomerColumn,
    },
    /// It has more rows than are taken at once.
    #[error("the file has {rows} rows, at most {CUSTOMER_ROWS_MAX} are imported at once: split it")]
    TooManyRows {
        /// How many it has.
        rows: usize,
    },
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CustomerRowProblem {
    /// A cell that must be filled is empty.
    #[error("{column} is required")]
    Missing {
        /// The column.
        column: CustomerColumn,
    },
    /// A cell holds something else than it should.
    #[error("{column} {reason}")]
    Invalid {
        /// The column.
        column: CustomerColumn,
        /// What is wrong.
        reason: String,
    },
    /// A spreadsheet would calculate the cell.
    #[error("{column} must not begin with = + - or @: spreadsheets would run it as a formula")]
    Formula {
        /// The column.
        column: CustomerColumn,
    },
    /// The row has more cells than the first line has names.
    #[error("the row has {found} cells, the first line names {expected} columns")]
    TooManyCells {
        /// How many it has.
        found: usize,
        /// How many it should have at most.
        expected: usize,
    },
    /// An earlier row has the same domain.
    #[error("the same domain stands in line {first_line}")]
    DuplicateInFile {
        /// Where it stands first.
        first_line: usize,
    },
    /// A company of the installation has the domain.
    #[error("the domain is taken")]
    DomainTaken,
}

/// One thing that is wrong with one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerRowFault {
    /// The line of the file on which the row begins, as text editors count.
    pub line: usize,
    /// What is wrong.
    pub problem: CustomerRowProblem,
}

/// A row without a fault of its own.
#[derive(Debug, Clone)]
pub struct CustomerFileRow {
    /// The line of the file on which it begins.
    pub line: usize,
    /// The customer.
    pub customer: CustomerToCreate,
}

/// A file that was read: good rows, and everything that is wrong with the others.
#[derive(Debug, Clone, Default)]
pub struct CustomerFile {
    /// The good rows, in order.
    pub rows: Vec<CustomerFileRow>,
    /// The faults of the others, in order.
    pub faults: Vec<CustomerRowFault>,
}

impl CustomerFile {
    /// Reads a file. The whole file is read before anything is said.
    ///
    /// # Errors
    /// When the file as a whole is of no use. Faulty rows are no error: they are listed.
    pub fn read(bytes: &[u8]) -> Result<Self, CustomerFileFault> {
        if bytes.len() > FILE_BYTES_MAX {
            return Err(CustomerFileFault::TooLarge { bytes: bytes.len() });
        }
        let text = encoding::text(bytes)?;
        let rows = Rows::new(text, table::separator(text));
        let mut rows = rows.filter(|row| !row.as_ref().is_ok_and(Row::is_blank));
        let columns = Columns::read(&rows.next().ok_or(CustomerFileFault::Empty)??)?;
        let rows = rows.collect::<Result<Vec<_>, _>>()?;
        if rows.len() > CUSTOMER_ROWS_MAX {
            return Err(CustomerFileFault::TooManyRows { rows: rows.len() });
        }
        let mut file = Self::default();
        let mut seen = HashMap::new();
        for row in &rows {
            file.take(&columns, row, &mut seen);
        }
        Ok(file)
    }

    fn take(&mut self, columns: &Columns, row: &Row, seen: &mut HashMap<DomainName, usize>) {
        let mut reader = RowReader { columns, row, problems: Vec::new() };
        let customer = reader.customer();
        let mut problems = reader.problems;
        if let Ok(domain) = columns.cell(row, CustomerColumn::Domain).parse::<DomainName>() {
            let first_line = *seen.entry(domain).or_insert(row.line);
            if first_line != row.line {
                problems.push(CustomerRowProblem::DuplicateInFile { first_line });
            }
        }
        if let (Some(customer), true) = (customer, problems.is_empty()) {
            self.rows.push(CustomerFileRow { line: row.line, customer });
        }
        let line = row.line;
        self.faults.extend(problems.into_iter().map(|problem| CustomerRowFault { line, problem }));
    }
}

/// Reads one row, noting what is wrong.
struct RowReader<'a> {
    columns: &'a Columns,
    row: &'a Row,
    problems: Vec<CustomerRowProblem>,
}

impl RowReader<'_> {
    fn customer(&mut self) -> Option<CustomerToCreate> {
        use CustomerColumn as Column;
        let (found, expected) = (self.row.cells.len(), self.columns.len());
        if self.row.cells.iter().skip(expected).any(|cell| !cell.is_empty()) {
            self.problems.push(CustomerRowProblem::TooManyCells { found, expected });
        }
        let company_name = self.value(Column::CompanyName);
        let domain = self.value::<DomainName>(Column::Domain);
        let country = self.value::<CountryCode>(Column::Country);
        let culture = self.locale(Column::Culture, CULTURE_DEFAULT);
        let language = self.locale(Column::Language, LANGUAGE_DEFAULT);
        let contact = self.contact();
        let (domain, country, contact) = (domain?, country?, contact?);
        let first_user = first_user(&domain, &country, &contact);
        let first_user = first_user.map_err(|error| {
            let column = Column::Domain;
            self.problems.push(CustomerRowProblem::Invalid { column, reason: error.reason });
        });
        Some(CustomerToCreate {
            company_name: company_name?,
            domain,
            country,
            culture: culture?,
            language: language?,
            contact,
            delegated_admin: false,
            reseller: None,
            first_user: first_user.ok()?,
        })
    }

    fn contact(&mut self) -> Option<ContactDetails> {
        use CustomerColumn as Column;
        let email = self.value(Column::Email);
        let first_name = self.value(Column::FirstName);
        let last_name = self.value(Column::LastName);
        let phone_number = self.optional::<PhoneNumber>(Column::PhoneNumber);
        let line1 = self.value(Column::Address);
        let line2 = self.optional(Column::AddressLine2);
        let city = self.value(Column::City);
        let state = self.optional(Column::State);
        let postal_code = self.optional(Column::PostalCode);
        Some(ContactDetails {
            email: email?,
            first_name: first_name?,
            last_name: last_name?,
            phone_number,
            address: PostalAddress { line1: line1?, line2, city: city?, state, postal_code },
        })
    }

    fn locale(&mut self, column: CustomerColumn, default: &str) -> Option<Locale> {
        if self.columns.cell(self.row, column).is_empty() {
            return Locale::new(default).ok();
        }
        self.optional(column)
    }

    /// The value of a cell, which must be filled where the column is required.
    fn value<T: FromStr<Err: fmt::Display>>(&mut self, column: CustomerColumn) -> Option<T> {
        if self.columns.cell(self.row, column).is_empty() && REQUIRED.contains(&column) {
            self.problems.push(CustomerRowProblem::Missing { column });
            return None;
        }
        self.optional(column)
    }

    /// The value of a cell; `None` where it is empty or wrong, which is noted.
    fn optional<T: FromStr<Err: fmt::Display>>(&mut self, column: CustomerColumn) -> Option<T> {
        let text = self.columns.cell(self.row, column);
        if text.is_empty() {
            return None;
        }
        // A phone number may begin with a plus sign.
        if text.starts_with(FORMULA_STARTS) && column != CustomerColumn::PhoneNumber {
            self.problems.push(CustomerRowProblem::Formula { column });
            return None;
        }
        let value = text.parse::<T>();
        let noted = value.map_err(|error| {
            let reason = error.to_string();
            self.problems.push(CustomerRowProblem::Invalid { column, reason });
        });
        noted.ok()
    }
}
