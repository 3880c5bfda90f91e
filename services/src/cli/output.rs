//! Writing to the terminal. Standard output holds what was asked for, standard error the rest.

use std::{
    error::Error,
    fmt::Display,
    io::{self, Write},
    process::ExitCode,
};

use super::CliError;

/// What is gathered before it is written, in bytes.
const STREAM_BUFFER_BYTES: usize = 64 << 10;

/// Writes a line to standard output. A reader that went away is not an error.
pub(super) fn line(text: impl Display) -> Result<(), CliError> {
    match writeln!(io::stdout().lock(), "{text}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(CliError::Output(error)),
        _ => Ok(()),
    }
}

/// Writes a line about what is going on to standard error. Nothing depends on it.
pub(super) fn note(text: impl Display) {
    drop(writeln!(io::stderr().lock(), "{text}"));
}

/// Standard output for what comes in many lines.
pub(super) fn stream() -> io::BufWriter<io::Stdout> {
    io::BufWriter::with_capacity(STREAM_BUFFER_BYTES, io::stdout())
}

/// Writes rows under their titles to standard output, in columns as wide as they need to be.
pub(super) fn table<const N: usize>(
    titles: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> Result<(), CliError> {
    let rows: Vec<_> = std::iter::once(titles.map(str::to_owned)).chain(rows).collect();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let widths: [usize; N] = std::array::from_fn(width);
    for row in &rows {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        line(cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}

/// Says what went wrong, cause by cause, and with which code the process ends.
pub(super) fn failure(error: &CliError) -> ExitCode {
    note(format_args!("partnerlog: {}", explained(error)));
    error.exit_code()
}

/// What went wrong, cause by cause, and what to do about it.
pub(super) fn explained(error: &CliError) -> String {
    let mut text = error.to_string();
    let way_out = error.way_out();
    let mut cause = error.source();
    while let Some(error) = cause {
        let reason = error.to_string();
        if !text.ends_with(&reason) {
            text.push_str(": ");
            text.push_str(&reason);
        }
        cause = error.source();
    }
    if let Some(way_out) = way_out {
        text.push_str("; ");
        text.push_str(way_out);
    }
    text
}
