//! A file of rows under named columns: which column is which, and when is the file of no use?

use std::fmt;

use super::{
    EncodingFault, TableFault, encoding,
    table::{self, Row, Rows},
};

/// The largest file, in bytes: far more than the most rows need.
pub(super) const FILE_BYTES_MAX: usize = 1 << 20;
/// What cells that spreadsheets calculate begin with.
pub(super) const FORMULA_STARTS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// What the columns of a kind of file hold.
pub(super) trait SheetColumn: Copy + Eq + fmt::Display + 'static {
    /// Every column that means something.
    const ALL: &'static [Self];
    /// Those that every file must have.
    const REQUIRED: &'static [Self];

    /// The column that a name stands for, in small letters and nothing between them.
    fn spelled(letters: &str) -> Option<Self>;

    /// The column that a name stands for; case, blanks and underscores do not matter.
    fn named(name: &str) -> Option<Self> {
        let letters = name.chars().filter(|c| !c.is_whitespace() && !"_-".contains(*c));
        Self::spelled(&letters.collect::<String>().to_lowercase())
    }
}

/// Declares the columns of a kind of file: their titles, and how their names may be spelled.
macro_rules! sheet_columns {
    (
        $(#[$enum_doc:meta])* $columns:ident
        { $($(#[$doc:meta])* $name:ident = $title:literal: $($spelling:literal)|+;)+ }
        required { $($required:ident),+ $(,)? }
    ) => {
        $(#[$enum_doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $columns {
            $($(#[$doc])* $name,)+
        }

        impl $crate::imports::sheet::SheetColumn for $columns {
            const ALL: &'static [Self] = &[$(Self::$name),+];
            const REQUIRED: &'static [Self] = &[$(Self::$required),+];

            fn spelled(letters: &str) -> Option<Self> {
                match letters {
                    $($($spelling)|+ => Some(Self::$name),)+
                    _ => None,
                }
            }
        }

        impl std::fmt::Display for $columns {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(match self { $(Self::$name => $title,)+ })
            }
        }
    };
}
pub(super) use sheet_columns;

/// Why a file is refused as a whole, whatever its rows say.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SheetFault<C> {
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
    #[error(
        "unknown column{} {}; known are {known}", if .names.len() == 1 { "" } else { "s" },
        .names.join(", ")
    )]
    UnknownColumns {
        /// Their names, quoted.
        names: Vec<String>,
        /// The columns that mean something.
        known: String,
    },
    /// A column is there twice.
    #[error("the column {column} is there twice")]
    DuplicateColumn {
        /// Which.
        column: C,
    },
    /// A column that must be there is not.
    #[error("the column {column} is missing")]
    MissingColumn {
        /// Which.
        column: C,
    },
}

/// A row, unless the file is of no use from there on.
type ReadRow<C> = Result<Row, SheetFault<C>>;

/// Reads the first line of a file, and then, one by one, the rows below it that are not blank.
///
/// # Errors
/// When the file is of no use whatever its rows say.
pub(super) fn open<C: SheetColumn>(
    bytes: &[u8],
) -> Result<(Header<C>, impl Iterator<Item = ReadRow<C>>), SheetFault<C>> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(SheetFault::TooLarge { bytes: bytes.len() });
    }
    let text = encoding::text(bytes)?;
    let rows = Rows::new(text, table::separator(text));
    let mut rows = rows.filter(is_no_blank);
    let header = Header::read(&rows.next().ok_or(SheetFault::Empty)??)?;
    Ok((header, rows.map(|row| Ok(row?))))
}

fn is_no_blank(row: &Result<Row, TableFault>) -> bool {
    !row.as_ref().is_ok_and(Row::is_blank)
}

/// Which column stands where.
pub(super) struct Header<C>(Vec<C>);

impl<C: SheetColumn> Header<C> {
    fn read(row: &Row) -> Result<Self, SheetFault<C>> {
        // Spreadsheets leave separators behind the last column.
        let used = row.cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
        let cells = row.cells.get(..used).unwrap_or_default();
        let columns: Vec<C> = cells.iter().filter_map(|cell| C::named(cell)).collect();
        if columns.len() < cells.len() {
            let unknown = cells.iter().filter(|cell| C::named(cell).is_none());
            let known: Vec<_> = C::ALL.iter().map(ToString::to_string).collect();
            return Err(SheetFault::UnknownColumns {
                names: unknown.map(|cell| format!("{cell:?}")).collect(),
                known: known.join(", "),
            });
        }
        let header = Self(columns);
        header.check()?;
        Ok(header)
    }

    fn check(&self) -> Result<(), SheetFault<C>> {
        for (index, column) in self.0.iter().enumerate() {
            if self.index(*column) != Some(index) {
                return Err(SheetFault::DuplicateColumn { column: *column });
            }
        }
        for &column in C::REQUIRED {
            self.index(column).ok_or(SheetFault::MissingColumn { column })?;
        }
        Ok(())
    }

    /// How many columns are named.
    pub(super) const fn len(&self) -> usize {
        self.0.len()
    }

    /// The cell of a column; empty where the file has no such column.
    pub(super) fn cell<'a>(&self, row: &'a Row, column: C) -> &'a str {
        let cell = self.index(column).and_then(|index| row.cells.get(index));
        cell.map_or("", String::as_str)
    }

    fn index(&self, column: C) -> Option<usize> {
        self.0.iter().position(|found| *found == column)
    }
}
