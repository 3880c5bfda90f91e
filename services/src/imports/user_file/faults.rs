//! What can be wrong with a file, and with a row of it.

use commands::Rejection;

use super::{Column, RowLimit};
use crate::imports::SheetFault;

/// How much of an unknown product a message repeats, in characters.
const SHOWN_CHARACTERS_MAX: usize = 64;

/// A file that is refused as a whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileFault {
    /// It is of no use whatever its rows say.
    #[error(transparent)]
    Sheet(#[from] SheetFault<Column>),
    /// It has more rows than are taken at once.
    #[error("the file has {rows} rows, at most {limit} are imported at once: split it")]
    TooManyRows {
        /// How many it has.
        rows: usize,
        /// The most.
        limit: RowLimit,
    },
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RowProblem {
    /// A cell that must be filled is empty.
    #[error("{column} is required")]
    Missing {
        /// The column.
        column: Column,
    },
    /// A cell holds too much.
    #[error("{column} must have at most {limit} characters")]
    TooLong {
        /// The column.
        column: Column,
        /// The most characters.
        limit: usize,
    },
    /// A cell holds something else than it should.
    #[error("{column} {reason}")]
    Invalid {
        /// The column.
        column: Column,
        /// What is wrong.
        reason: String,
    },
    /// A spreadsheet would calculate the cell.
    #[error("{column} must not begin with = + - or @: spreadsheets would run it as a formula")]
    Formula {
        /// The column.
        column: Column,
    },
    /// A cell that must be empty is not.
    #[error("{column} must be left empty")]
    MustBeEmpty {
        /// The column.
        column: Column,
    },
    /// The row has more cells than the first line has names.
    #[error("the row has {found} cells, the first line names {expected} columns")]
    TooManyCells {
        /// How many it has.
        found: usize,
        /// How many it should have at most.
        expected: usize,
    },
    /// An earlier row has the same user name.
    #[error("the same user name stands in line {first_line}")]
    DuplicateInFile {
        /// Where it stands first.
        first_line: usize,
    },
    /// Nothing in the catalogue is called so.
    #[error("Licenses names {product:?}, which is neither a SKU part number nor a SKU id")]
    UnknownProduct {
        /// What the cell says, cut.
        product: String,
    },
    /// Licences are wanted for a user who may be anywhere.
    #[error("Licenses needs a usage location: fill the column Usage location or name one for all")]
    UsageLocationMissing,
    /// The customer did not buy the product.
    #[error("the customer has no active subscription to {product}")]
    NoSubscription {
        /// The product.
        product: String,
    },
    /// From this row on there are not enough seats.
    #[error("no seat of {product} is left from this row on, {missing} are missing in all")]
    NoSeat {
        /// The product.
        product: String,
        /// How many seats are missing for all rows together.
        missing: u32,
    },
    /// The row was skipped when the file was imported; why is not known any more.
    #[error("the row was skipped when the file was imported")]
    SkippedBefore,
    /// The customer cannot have such a user.
    #[error(transparent)]
    Refused(Rejection),
}

/// One thing that is wrong with one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// The line of the file on which the row begins, as text editors count.
    pub line: usize,
    /// What is wrong.
    pub problem: RowProblem,
}

impl RowProblem {
    /// A product that the catalogue does not hold.
    pub(in crate::imports) fn unknown_product(product: &str) -> Self {
        Self::UnknownProduct { product: product.chars().take(SHOWN_CHARACTERS_MAX).collect() }
    }
}
