//! From text to rows of cells: comma or semicolon, quoted cells, any line ends, and the line of a
//! text editor on which each row begins.
//!
//! Stricter than usual readers: an open or misplaced quote is reported instead of guessed at,
//! because a guess would create wrong accounts.

/// A file that is no table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableFault {
    /// A quoted cell does not end.
    #[error("line {line}: a quoted cell begins here and has no closing quote")]
    OpenQuote {
        /// Where the cell begins, from 1.
        line: usize,
    },
    /// A quote stands where none may be.
    #[error("line {line}: a quote inside a cell must be doubled, and the whole cell quoted")]
    StrayQuote {
        /// Where it stands, from 1.
        line: usize,
    },
}

/// One row of a table.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// The line on which it begins, from 1.
    pub(super) line: usize,
    /// Its cells, without surrounding blanks; quotes are resolved.
    pub(super) cells: Vec<String>,
}

impl Row {
    /// True for an empty line, and for the rows of nothing but separators that spreadsheets leave
    /// behind.
    pub(super) fn is_blank(&self) -> bool {
        self.cells.iter().all(String::is_empty)
    }
}

/// The separator of a file, by the first line that is not empty: the more frequent of comma and
/// semicolon.
pub(super) fn separator(text: &str) -> char {
    let mut quoted = false;
    let (mut commas, mut semicolons) = (0, 0);
    for character in text.trim_start().chars() {
        match character {
            '"' => quoted = !quoted,
            '\r' | '\n' if !quoted => break,
            ',' if !quoted => commas += 1,
            ';' if !quoted => semicolons += 1,
            _ => {}
        }
    }
    if semicolons > commas { ';' } else { ',' }
}

/// The rows of a text, one by one; after a fault there are no more.
pub(super) struct Rows<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    separator: char,
    line: usize,
    failed: bool,
}

/// What came after a cell.
enum After {
    Cell,
    Row,
}

impl<'a> Rows<'a> {
    pub(super) fn new(text: &'a str, separator: char) -> Self {
        Self { rest: text.chars().peekable(), separator, line: 1, failed: false }
    }

    fn row(&mut self) -> Result<Row, TableFault> {
        let line = self.line;
        let mut cells = Vec::new();
        loop {
            let (cell, after) = self.cell()?;
            cells.push(cell);
            if matches!(after, After::Row) {
                return Ok(Row { line, cells });
            }
        }
    }

    fn cell(&mut self) -> Result<(String, After), TableFault> {
        while self.rest.next_if(|&next| next == ' ' || (next == '\t')).is_some() {}
        if self.rest.next_if_eq(&'"').is_some() { self.quoted() } else { self.plain() }
    }

    fn plain(&mut self) -> Result<(String, After), TableFault> {
        let mut cell = String::new();
        loop {
            match self.rest.next() {
                Some('"') => return Err(TableFault::StrayQuote { line: self.line }),
                Some(next) if next == self.separator => return Ok((trimmed(cell), After::Cell)),
                Some(next @ ('\r' | '\n')) => {
                    self.end_line(next);
                    return Ok((trimmed(cell), After::Row));
                }
                Some(next) => cell.push(next),
                None => return Ok((trimmed(cell), After::Row)),
            }
        }
    }

    /// The rest of a cell whose opening quote has been read.
    fn quoted(&mut self) -> Result<(String, After), TableFault> {
        let opened = self.line;
        let mut cell = String::new();
        loop {
            match self.rest.next() {
                Some('"') if self.rest.next_if_eq(&'"').is_some() => cell.push('"'),
                Some('"') => break,
                Some(next @ ('\r' | '\n')) => {
                    self.end_line(next);
                    cell.push('\n');
                }
                Some(next) => cell.push(next),
                None => return Err(TableFault::OpenQuote { line: opened }),
            }
        }
        // Nothing but blanks may follow before the separator.
        match self.plain()? {
            (rest, after) if rest.is_empty() => Ok((trimmed(cell), after)),
            _ => Err(TableFault::StrayQuote { line: opened }),
        }
    }

    fn end_line(&mut self, character: char) {
        if character == '\r' {
            self.rest.next_if_eq(&'\n');
        }
        self.line += 1;
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<Row, TableFault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed || self.rest.peek().is_none() {
            return None;
        }
        let row = self.row();
        self.failed = row.is_err();
        Some(row)
    }
}

fn trimmed(cell: String) -> String {
    let trimmed = cell.trim();
    if trimmed.len() == cell.len() { cell } else { trimmed.to_owned() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rows(text: &str, separator: char) -> Result<Vec<(usize, Vec<String>)>, TableFault> {
        Rows::new(text, separator).map(|row| row.map(|row| (row.line, row.cells))).collect()
    }

    fn cells(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn the_separator_is_the_more_frequent_one_of_the_first_line_outside_quotes() {
        assert_eq!(separator("a,b\n;;;"), ',');
        assert_eq!(separator("\r\n a;b;c"), ';');
        assert_eq!(separator("\"a;;;\",b"), ',');
        assert_eq!(separator("a"), ',');
    }

    #[test]
    fn cells_are_read_whatever_ends_the_lines() {
        for end in ["\n", "\r\n", "\r"] {
            let text = format!("a, b{end}{end}\"c\"\"d\" ,\"\"{end}");
            let expected =
                vec![(1, cells(&["a", "b"])), (2, cells(&[""])), (3, cells(&["c\"d", ""]))];
            assert_eq!(rows(&text, ','), Ok(expected));
        }
    }

    #[test]
    fn a_row_after_a_cell_of_several_lines_has_the_line_an_editor_shows() {
        for end in ["\n", "\r\n"] {
            let text = format!("h{end}\"one{end}two{end}three\",x{end}last,y");
            let lines: Vec<_> =
                rows(&text, ',').unwrap().into_iter().map(|(line, _)| line).collect();
            assert_eq!(lines, [1, 2, 5]);
        }
    }

    #[test]
    fn a_quote_that_does_not_close_is_reported_where_it_opens() {
        assert_eq!(rows("a\nb,\"c\nd\n", ','), Err(TableFault::OpenQuote { line: 2 }));
    }

    #[test]
    fn a_quote_in_the_middle_of_a_cell_is_reported() {
        assert_eq!(rows("a\nb\"c\n", ','), Err(TableFault::StrayQuote { line: 2 }));
        assert_eq!(rows("a\n\"b\"c\n", ','), Err(TableFault::StrayQuote { line: 2 }));
    }

    #[test]
    fn rows_of_separators_only_are_blank() {
        let rows: Vec<_> = Rows::new(";;;\n\n;x\n", ';').map(Result::unwrap).collect();
        assert_eq!(rows.iter().map(Row::is_blank).collect::<Vec<_>>(), [true, true, false]);
    }

    proptest! {
        #[test]
        fn what_a_careful_writer_writes_is_read_back(
            table in prop::collection::vec(
                prop::collection::vec("[a-z\",;\n]{0,6}", 1..4), 1..6),
        ) {
            let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
            let text: Vec<_> = table
                .iter()
                .map(|row| row.iter().map(quoted).collect::<Vec<_>>().join(","))
                .collect();
            let read: Vec<_> =
                Rows::new(&text.join("\r\n"), ',').map(|row| row.unwrap().cells).collect();
            let expected: Vec<Vec<_>> = table
                .iter()
                .map(|row| row.iter().map(|cell| cell.trim().to_owned()).collect())
                .collect();
            prop_assert_eq!(read, expected);
        }
    }
}
