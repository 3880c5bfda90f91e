//! How many users may a file bring?

use std::{fmt, str::FromStr};

use commands::BULK_USERS_MAX;

/// The most users of a file unless somebody asks for more, as in Partner Center.
const ROWS_MAX: usize = 100;

/// How many users a file may bring: 100, or as many as one command creates where somebody asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowLimit(usize);

/// A number of rows that no file may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a whole number from 1 to {BULK_USERS_MAX}")]
pub struct InvalidRowLimit;

impl RowLimit {
    /// The number.
    #[must_use]
    pub const fn get(self) -> usize {
        self.0
    }
}

impl Default for RowLimit {
    fn default() -> Self {
        Self(ROWS_MAX)
    }
}

impl fmt::Display for RowLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for RowLimit {
    type Err = InvalidRowLimit;

    fn from_str(text: &str) -> Result<Self, InvalidRowLimit> {
        let rows = text.trim().parse().map_err(|_| InvalidRowLimit)?;
        if (1..=BULK_USERS_MAX).contains(&rows) { Ok(Self(rows)) } else { Err(InvalidRowLimit) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_at_most_100_rows_and_250_where_somebody_asks() {
        assert_eq!(RowLimit::default().get(), 100);
        assert_eq!("250".parse::<RowLimit>().map(RowLimit::get), Ok(250));
        for wrong in ["251", "0", "-1", "many", ""] {
            assert_eq!(wrong.parse::<RowLimit>(), Err(InvalidRowLimit), "{wrong}");
        }
    }
}
