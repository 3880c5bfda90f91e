//! A CSV file as auditors and spreadsheets take it: RFC 4180, CRLF, UTF-8, no cell that a
//! spreadsheet would run.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use events::Opened;
use sha2::{Digest as _, Sha256};
use store::ReadError;

use super::Digest;

/// What stands for personal data whose key was destroyed.
pub const ERASED: &str = "[erased]";
/// What stands for personal data whose key is missing for a technical reason.
pub const KEY_UNAVAILABLE: &str = "[key unavailable]";

/// What makes a spreadsheet take a cell for a formula, with the full-width forms.
const FORMULA_STARTS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Why an export broke off.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The log could not be read, or a record could not be decoded.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The file could not be written.
    #[error("cannot write the export")]
    Write(#[source] io::Error),
}

/// The text of a cell that no spreadsheet runs: one that would be taken for a formula begins with
/// an apostrophe.
#[must_use]
pub fn guarded(text: &str) -> Cow<'_, str> {
    if text.starts_with(FORMULA_STARTS) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text of opened personal data, the three states told apart.
#[must_use]
pub fn shown<T>(opened: Opened<T>, text: impl FnOnce(T) -> String) -> String {
    match opened {
        Opened::Readable(data) => text(data),
        Opened::Erased(_) => ERASED.to_owned(),
        Opened::KeyUnavailable => KEY_UNAVAILABLE.to_owned(),
    }
}

/// A CSV file that is being written, row by row; nothing of it stays in memory.
pub struct CsvFile<W: Write> {
    rows: csv::Writer<Hashing<W>>,
    written: u64,
}

impl<W: Write> CsvFile<W> {
    /// Begins a file with the names of its columns.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(target: W, columns: &[&str]) -> Result<Self, ExportError> {
        let target = Hashing { target, hash: Sha256::new() };
        let mut rows =
            csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(target);
        rows.write_record(columns).map_err(failed)?;
        Ok(Self { rows, written: 0 })
    }

    /// Goes on with a file that has its columns already.
    pub(crate) fn resume(target: W) -> Self {
        let target = Hashing { target, hash: Sha256::new() };
        let rows = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(target);
        Self { rows, written: 0 }
    }

    /// Writes a row; every cell is guarded.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) -> Result<(), ExportError> {
        for cell in cells {
            self.rows.write_field(guarded(cell).as_bytes()).map_err(failed)?;
        }
        self.rows.write_record(None::<&[u8]>).map_err(failed)?;
        self.written += 1;
        Ok(())
    }

    /// Ends the file: how many rows it has beside the first, and the digest of its bytes.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> Result<(u64, Digest), ExportError> {
        self.rows.flush().map_err(ExportError::Write)?;
        let target =
            self.rows.into_inner().map_err(|error| ExportError::Write(error.into_error()))?;
        Ok((self.written, Digest(target.hash.finalize().into())))
    }
}

/// Keeps what the operating system said: a reader that went away is told from a full disk.
fn failed(error: csv::Error) -> ExportError {
    ExportError::Write(match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    })
}

/// Hashes what goes through.
struct Hashing<W> {
    target: W,
    hash: Sha256,
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.target.write(bytes)?;
        self.hash.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.target.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe() {
        for start in FORMULA_STARTS {
            let text = format!("{start}SUM(A1)");
            assert_eq!(guarded(&text), format!("'{text}"), "{start:?}");
        }
        for harmless in ["", "Ana", "a=b", "'=x", " =x", "2026-11-20T05:29:52Z"] {
            assert_eq!(guarded(harmless), harmless);
        }
    }

    #[test]
    fn a_reader_that_went_away_is_known_as_such() {
        struct Closed;

        impl Write for Closed {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }

            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }

        let mut file = CsvFile::begin(Closed, &["a"]).unwrap();
        let cell = "x".repeat(100_000);
        let Err(ExportError::Write(error)) = file.row([cell.as_str()]) else { panic!("written") };
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    }

    #[test]
    fn a_file_has_crlf_quotes_where_needed_and_the_digest_of_its_bytes() {
        let mut bytes = Vec::new();
        let mut file = CsvFile::begin(&mut bytes, &["a", "b"]).unwrap();
        file.row(["x, \"y\"", "=1"]).unwrap();
        file.row(["two\nlines", ""]).unwrap();
        let (rows, digest) = file.finish().unwrap();
        let text = "a,b\r\n\"x, \"\"y\"\"\",'=1\r\n\"two\nlines\",\r\n";
        assert_eq!(String::from_utf8(bytes).unwrap(), text);
        assert_eq!(rows, 2);
        assert_eq!(digest.0, <[u8; 32]>::from(Sha256::digest(text)));
    }
}
