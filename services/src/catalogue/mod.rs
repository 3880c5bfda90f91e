//! The catalogue file: what an installation sells, and every fault of the file with its place.
//!
//! Reading is pure; the format is shown by the sample (`services/src/sample/catalogue.toml`). A file
//! with a fault is refused whole: selling by half a catalogue is worse than not starting.

mod document;
mod offers;
mod relations;

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use commands::Catalogue;

use self::document::Document;

/// The longest catalogue file, in bytes.
pub const CATALOGUE_BYTES_MAX: usize = 8 * 1024 * 1024;
/// The most offers of a catalogue.
pub const OFFERS_MAX: usize = 10_000;

/// Why there is no catalogue.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// The file cannot be read.
    #[error("cannot read {}", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The file says what a catalogue cannot say.
    #[error("{} is not a catalogue:{}", .path.display(), listed(.faults))]
    Faulty {
        /// The file.
        path: PathBuf,
        /// Everything that is wrong with it, from top to bottom.
        faults: Vec<CatalogueFault>,
    },
}

fn listed(faults: &[CatalogueFault]) -> String {
    let lines = faults.iter().map(ToString::to_string);
    lines.fold(String::new(), |text, line| text + "\n  " + &line)
}

/// Something wrong with a catalogue file.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct CatalogueFault {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// What it is about, such as `offers[2].licenses.maximum`; empty for the file as a whole.
    pub place: String,
    /// What is wrong with it.
    pub reason: String,
}

impl fmt::Display for CatalogueFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: ", self.line, self.column)?;
        if self.place.is_empty() {
            f.write_str(&self.reason)
        } else {
            write!(f, "{} {}", self.place, self.reason)
        }
    }
}

/// Reads a catalogue.
///
/// # Errors
/// Every fault of the text, from top to bottom.
pub fn read_catalogue(text: &str) -> Result<Catalogue, Vec<CatalogueFault>> {
    let mut document = Document::new(text);
    if text.len() > CATALOGUE_BYTES_MAX {
        document.fault(0, "", format!("must have at most {CATALOGUE_BYTES_MAX} bytes"));
        return Err(document.into_faults());
    }
    let (table, errors) = toml::de::DeTable::parse_recoverable(text);
    for error in &errors {
        let place = error.span().map_or(0, |span| span.start);
        document.fault(place, "", error.message().to_owned());
    }
    // What follows a syntax error is guesswork: its faults would be followed up in vain.
    let catalogue = if errors.is_empty() {
        offers::read(&mut document, table.get_ref())
    } else {
        Catalogue::default()
    };
    let faults = document.into_faults();
    if faults.is_empty() { Ok(catalogue) } else { Err(faults) }
}

/// Reads a catalogue file.
///
/// # Errors
/// When it cannot be read or has a fault.
pub fn load_catalogue(path: &Path) -> Result<Catalogue, CatalogueError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| CatalogueError::Read { path: path.to_owned(), source })?;
    read_catalogue(&text).map_err(|faults| CatalogueError::Faulty { path: path.to_owned(), faults })
}

#[cfg(test)]
mod tests;
