//! A part of a list, and where the next part begins.

/// Some rows of a list, in the list's order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Page<R, C> {
    /// The rows.
    pub rows: Vec<R>,
    /// Pass it as `after` to get the next page; `None` on the last page. It names a place in the
    /// list's order, so it stays good while rows come and go.
    pub next: Option<C>,
    /// How many rows the whole list has.
    pub total: usize,
}

impl<R, C> Page<R, C> {
    /// A list without rows.
    #[must_use]
    pub const fn empty() -> Self {
        Self { rows: Vec::new(), next: None, total: 0 }
    }

    /// Takes up to `limit` rows (at least one); `cursor` names the place of a row.
    pub(crate) fn take(
        mut rows: impl Iterator<Item = R>,
        limit: usize,
        total: usize,
        cursor: impl FnOnce(&R) -> C,
    ) -> Self {
        let page: Vec<R> = rows.by_ref().take(limit.max(1)).collect();
        let more = rows.next().is_some();
        let next = page.last().filter(|_| more).map(cursor);
        Self { rows: page, next, total }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_ends_the_list_names_no_next_page() {
        let page = Page::take([1, 2, 3].into_iter(), 3, 3, |row| *row);
        assert_eq!(page, Page { rows: vec![1, 2, 3], next: None, total: 3 });
    }

    #[test]
    fn a_page_with_more_behind_it_names_its_last_row() {
        let page = Page::take([1, 2, 3].into_iter(), 2, 3, |row| *row);
        assert_eq!(page, Page { rows: vec![1, 2], next: Some(2), total: 3 });
    }

    #[test]
    fn a_limit_of_zero_is_taken_as_one_so_that_paging_goes_on() {
        let page = Page::take([1, 2].into_iter(), 0, 2, |row| *row);
        assert_eq!(page, Page { rows: vec![1], next: Some(1), total: 2 });
    }
}
