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
use super::{
    SheetFault,
    sheet::{self, FORMULA_STARTS, Header, SheetColumn as _},
    table::Row,
};
use crate::application::{CustomerToCreate, first_user};

/// The most customers a file may bring: what is recorded as one.
pub const CUSTOMER_ROWS_MAX: usize = 100;
/// The culture of a company whose row does not say.
const CULTURE_DEFAULT: &str = "en-US";
/// The language of a company whose row does not say.
const LANGUAGE_DEFAULT: &str = "en";

/// A file of customers that is refused as a whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CustomerFileFault {
    /// It is of no use whatever its rows say.
    #[error(transparent)]
    Sheet(#[from] SheetFault<CustomerColumn>),
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
        let (header, rows) = sheet::open(bytes)?;
        let rows = rows.collect::<Result<Vec<_>, _>>()?;
        if rows.len() > CUSTOMER_ROWS_MAX {
            return Err(CustomerFileFault::TooManyRows { rows: rows.len() });
        }
        let mut file = Self::default();
        let mut seen = HashMap::new();
        for row in &rows {
            file.take(&header, row, &mut seen);
        }
        Ok(file)
    }

    fn take(
        &mut self,
        header: &Header<CustomerColumn>,
        row: &Row,
        seen: &mut HashMap<DomainName, usize>,
    ) {
        let mut reader = RowReader { header, row, problems: Vec::new() };
        let customer = reader.customer();
        let mut problems = reader.problems;
        if let Ok(domain) = header.cell(row, CustomerColumn::Domain).parse::<DomainName>() {
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
    header: &'a Header<CustomerColumn>,
    row: &'a Row,
    problems: Vec<CustomerRowProblem>,
}

impl RowReader<'_> {
    fn customer(&mut self) -> Option<CustomerToCreate> {
        use CustomerColumn as Column;
        let (found, expected) = (self.row.cells.len(), self.header.len());
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
        if self.header.cell(self.row, column).is_empty() {
            return Locale::new(default).ok();
        }
        self.optional(column)
    }

    /// The value of a cell, which must be filled where the column is required.
    fn value<T: FromStr<Err: fmt::Display>>(&mut self, column: CustomerColumn) -> Option<T> {
        if self.header.cell(self.row, column).is_empty()
            && CustomerColumn::REQUIRED.contains(&column)
        {
            self.problems.push(CustomerRowProblem::Missing { column });
            return None;
        }
        self.optional(column)
    }

    /// The value of a cell; `None` where it is empty or wrong, which is noted.
    fn optional<T: FromStr<Err: fmt::Display>>(&mut self, column: CustomerColumn) -> Option<T> {
        let text = self.header.cell(self.row, column);
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
