//! By what is a list sorted? `sortField` and `sortDirection`, as each client spells them.

use super::{query::Query, words::Words};
use crate::http::ApiError;

const DIRECTIONS: Words<bool> =
    Words { field: "sortDirection", all: &[("ascending", false), ("descending", true)] };

/// How a list is sorted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Sorting<F> {
    /// By what.
    pub(super) field: F,
    /// Whether the largest comes first.
    pub(super) descending: bool,
}

impl<F: Copy> Sorting<F> {
    /// How the request wants a list sorted that can be sorted by these fields; as it is where the
    /// request does not say.
    ///
    /// # Errors
    /// When it names another field or direction.
    pub(super) fn of(query: &Query, fields: &Words<F>) -> Result<Option<Self>, ApiError> {
        let either =
            |name: &str| query.text(&format!("sortOption.{name}")).or_else(|| query.text(name));
        let direction = either(DIRECTIONS.field).map(|text| DIRECTIONS.read(text));
        let descending = direction.transpose()?.unwrap_or(false);
        let field = either("sortField").map(|text| fields.read(text)).transpose()?;
        Ok(field.map(|field| Self { field, descending }))
    }

    /// Sorts by what `key` says of the field; what is alike keeps its order.
    pub(super) fn sort<T, K: Ord>(self, rows: &mut [T], key: impl Fn(&T, F) -> K) {
        if self.descending {
            rows.sort_by_cached_key(|row| std::cmp::Reverse(key(row, self.field)));
        } else {
            rows.sort_by_cached_key(|row| key(row, self.field));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: Words<bool> =
        Words { field: "sortField", all: &[("display_name", true), ("user_name", false)] };

    fn sorting(query: &str) -> Result<Option<Sorting<bool>>, ApiError> {
        let uri = format!("/v1/users?{query}").parse().unwrap();
        Sorting::of(&Query::of(&uri)?, &FIELDS)
    }

    #[test]
    fn a_field_and_a_direction_are_read_in_both_spellings() {
        let wanted = Some(Sorting { field: true, descending: true });
        for query in [
            "sortField=DisplayName&sortDirection=Descending",
            "sortOption.sortField=display_name&sortOption.sortDirection=1",
        ] {
            assert_eq!(sorting(query).unwrap(), wanted, "{query}");
        }
        assert_eq!(sorting("sortDirection=Ascending").unwrap(), None);
        assert!(sorting("sortField=Age").is_err() && sorting("sortDirection=Up").is_err());
    }

    #[test]
    fn rows_are_sorted_in_the_direction_that_is_wanted() {
        let mut rows = [2, 3, 1];
        Sorting { field: (), descending: true }.sort(&mut rows, |row, ()| *row);
        assert_eq!(rows, [3, 2, 1]);
        Sorting { field: (), descending: false }.sort(&mut rows, |row, ()| *row);
        assert_eq!(rows, [1, 2, 3]);
    }
}
