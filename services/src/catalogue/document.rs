//! Reading values out of a TOML document, remembering every fault with its place.

use std::str::FromStr;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::CatalogueFault;

/// A value with its place in the text.
pub(super) type Value<'a> = Spanned<DeValue<'a>>;

/// A text that is read, and what is wrong with it so far.
pub(super) struct Document<'a> {
    text: &'a str,
    faults: Vec<CatalogueFault>,
}

/// A table of the document: what it is called and where it begins.
#[derive(Clone)]
pub(super) struct Entry<'a> {
    /// Its members.
    pub(super) table: &'a DeTable<'a>,
    /// What it is called, such as `offers[2]`; empty for the whole file.
    pub(super) name: String,
    /// Where it begins, in bytes.
    pub(super) start: usize,
}

impl Entry<'_> {
    fn member(&self, key: &str) -> String {
        if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) }
    }
}

impl<'a> Document<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, faults: Vec::new() }
    }

    /// Everything that is wrong, from top to bottom.
    pub(super) fn into_faults(mut self) -> Vec<CatalogueFault> {
        self.faults.sort();
        self.faults
    }

    /// Remembers a fault at this byte of the text.
    pub(super) fn fault(&mut self, start: usize, place: &str, reason: impl Into<String>) {
        let before = self.text.get(..start).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let in_line = before.rsplit('\n').next().unwrap_or_default();
        let column = in_line.chars().count() + 1;
        let (place, reason) = (place.to_owned(), reason.into());
        self.faults.push(CatalogueFault { line, column, place, reason });
    }

    /// Remembers a fault of a member, at its value where it has one.
    pub(super) fn member_fault(&mut self, entry: &Entry<'_>, key: &str, reason: impl Into<String>) {
        let start = entry.table.get(key).map_or(entry.start, |value| value.span().start);
        self.fault(start, &entry.member(key), reason);
    }

    /// Members nobody knows are more likely misspelt than meant for somebody else.
    pub(super) fn only(&mut self, entry: &Entry<'_>, known: &[&str]) {
        for key in entry.table.keys().filter(|key| !known.contains(&key.get_ref().as_ref())) {
            let reason = format!("is not known here: {} are", known.join(", "));
            self.fault(key.span().start, &entry.member(key.get_ref()), reason);
        }
    }

    /// The member, which must be there.
    fn required(&mut self, entry: &Entry<'a>, key: &str) -> Option<&'a Value<'a>> {
        let value = entry.table.get(key);
        if value.is_none() {
            self.member_fault(entry, key, "is required");
        }
        value
    }

    /// A text that must be there and mean something.
    pub(super) fn parsed<T: FromStr>(
        &mut self,
        entry: &Entry<'a>,
        key: &str,
        reason: impl FnOnce(&T::Err) -> String,
    ) -> Option<T> {
        let value = self.required(entry, key)?;
        let Some(text) = value.get_ref().as_str() else {
            self.member_fault(entry, key, "must be a text in quotes");
            return None;
        };
        match text.parse() {
            Ok(parsed) => Some(parsed),
            Err(error) => {
                self.member_fault(entry, key, reason(&error));
                None
            }
        }
    }

    /// A text that must be there and be neither empty nor longer than this.
    pub(super) fn text(
        &mut self,
        entry: &Entry<'a>,
        key: &str,
        characters_max: usize,
    ) -> Option<String> {
        let text: String = self.parsed(entry, key, |_| String::new())?;
        let text = text.trim();
        if text.is_empty() {
            self.member_fault(entry, key, "must not be empty");
        } else if text.chars().count() > characters_max {
            self.member_fault(entry, key, format!("must have at most {characters_max} characters"));
        } else {
            return Some(text.to_owned());
        }
        None
    }

    /// A whole number of this range that must be there.
    pub(super) fn number(
        &mut self,
        entry: &Entry<'a>,
        key: &str,
        range: std::ops::RangeInclusive<u64>,
    ) -> Option<u64> {
        let value = self.required(entry, key)?;
        let number = value.get_ref().as_integer();
        let number =
            number.and_then(|number| u64::from_str_radix(number.as_str(), number.radix()).ok());
        let number = number.filter(|number| range.contains(number));
        if number.is_none() {
            let reason = format!("must be a whole number, {} to {}", range.start(), range.end());
            self.member_fault(entry, key, reason);
        }
        number
    }

    /// Yes or no; yes where nothing is said.
    pub(super) fn yes_unless_denied(&mut self, entry: &Entry<'a>, key: &str) -> bool {
        let Some(value) = entry.table.get(key) else { return true };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.member_fault(entry, key, "must be true or false");
            true
        })
    }

    /// A table that must be there.
    pub(super) fn table(&mut self, entry: &Entry<'a>, key: &str) -> Option<Entry<'a>> {
        let value = self.required(entry, key)?;
        let Some(table) = value.get_ref().as_table() else {
            self.member_fault(entry, key, "must be a table, as in { minimum = 1, maximum = 300 }");
            return None;
        };
        Some(Entry { table, name: entry.member(key), start: value.span().start })
    }

    /// The values of a list; none where it is not there.
    pub(super) fn list(&mut self, entry: &Entry<'a>, key: &str) -> Vec<&'a Value<'a>> {
        let Some(value) = entry.table.get(key) else { return Vec::new() };
        let Some(list) = value.get_ref().as_array() else {
            self.member_fault(entry, key, "must be a list, as in [ ... ]");
            return Vec::new();
        };
        if list.is_empty() {
            self.member_fault(entry, key, "must not be empty: leave it out instead");
        }
        list.iter().collect()
    }

    /// The tables of a list; none where it is not there.
    pub(super) fn tables(&mut self, entry: &Entry<'a>, key: &str) -> Vec<Entry<'a>> {
        let mut tables = Vec::new();
        for (number, value) in self.list(entry, key).into_iter().enumerate() {
            let (name, start) = (format!("{}[{number}]", entry.member(key)), value.span().start);
            match value.get_ref().as_table() {
                Some(table) => tables.push(Entry { table, name, start }),
                None => self.fault(start, &name, "must be a table"),
            }
        }
        tables
    }
}
