//! In which partner's customer list does a customer stand, and where?
//!
//! Each list is ordered by lower-cased company name, then id, so that a page is read at the cost of
//! a page wherever it begins. Lists hold the customers themselves: a page looks none up.

use std::{ops::Bound, sync::Arc};

use events::{CustomerId, PartnerId};
use imbl::OrdMap;

use super::row::CustomerRow;
use crate::keys::Id;

/// One list: the customers a partner sees, all of them or those it sees together with another
/// partner (a provider with a reseller, a reseller through a provider).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct ListKey {
    /// Who sees the list.
    pub(crate) viewer: PartnerId,
    /// The other party of an indirect sale, where the list is narrowed to it.
    pub(crate) with: Option<PartnerId>,
}

/// A customer's place in every list it stands in.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Place {
    /// The company name in lower case.
    pub(crate) name: Arc<str>,
    /// The customer.
    pub(crate) customer: CustomerId,
}

/// All lists.
#[derive(Clone, Default, PartialEq, Debug)]
pub(crate) struct CustomerLists(OrdMap<ListKey, OrdMap<Place, Arc<CustomerRow>>>);

impl CustomerLists {
    /// Puts a customer into the lists it belongs in.
    pub(crate) fn insert(&mut self, row: &Arc<CustomerRow>) {
        for list in &row.lists {
            self.0.entry(*list).or_default().insert(row.place.clone(), Arc::clone(row));
        }
    }

    /// Takes a customer out of the lists it stands in.
    pub(crate) fn remove(&mut self, row: &CustomerRow) {
        for list in &row.lists {
            let Some(rows) = self.0.get_mut(list) else {
                continue;
            };
            rows.remove(&row.place);
            if rows.is_empty() {
                self.0.remove(list);
            }
        }
    }

    /// How many customers a list has.
    pub(crate) fn len(&self, list: ListKey) -> usize {
        self.0.get(&list).map_or(0, OrdMap::len)
    }

    /// The customers of a list between two places whose names begin with `prefix`, from both ends.
    pub(crate) fn rows<'a>(
        &'a self,
        list: ListKey,
        prefix: &str,
        after: Option<&Place>,
        before: Option<&Place>,
    ) -> impl DoubleEndedIterator<Item = &'a CustomerRow> + use<'a> {
        let first = Place { name: prefix.into(), customer: CustomerId::MIN };
        let behind = first_behind(prefix);
        let behind = behind.map(|name| Place { name: name.into(), customer: CustomerId::MIN });
        let end = match (behind, before) {
            (Some(behind), Some(before)) => Some(behind.min(before.clone())),
            (behind, before) => behind.or_else(|| before.cloned()),
        };
        let start = after.filter(|after| **after >= first).cloned();
        let is_empty = end.as_ref().is_some_and(|end| start.as_ref().unwrap_or(&first) >= end);
        let start = start.map_or(Bound::Included(first), Bound::Excluded);
        let end = end.map_or(Bound::Unbounded, Bound::Excluded);
        let rows = self.0.get(&list).filter(|_| !is_empty);
        let rows = rows.into_iter().flat_map(move |rows| rows.range((start.clone(), end.clone())));
        rows.map(|(_, row)| &**row)
    }
}

/// The first text behind all that begin with `prefix`; none where everything behind it does.
fn first_behind(prefix: &str) -> Option<String> {
    let mut text = prefix.to_owned();
    while let Some(last) = text.pop() {
        if let Some(next) = (last..=char::MAX).nth(1) {
            text.push(next);
            return Some(text);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn behind_all_that_begin_alike_comes_the_next_character() {
        assert_eq!(first_behind("ab").as_deref(), Some("ac"));
        assert_eq!(first_behind("a\u{10ffff}").as_deref(), Some("b"));
        assert_eq!(first_behind("\u{d7ff}").as_deref(), Some("\u{e000}"));
        assert_eq!(first_behind("\u{10ffff}"), None);
        assert_eq!(first_behind(""), None);
    }
}
