//! In which partner's customer list does a customer stand, and where?
//!
//! Each list is ordered by lower-cased company name, then id, so that a page is read at the cost of
//! a page wherever it begins.

use std::{ops::Bound, sync::Arc};

use events::{CustomerId, PartnerId};
use imbl::{OrdMap, OrdSet};

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
pub(crate) struct CustomerLists(OrdMap<ListKey, OrdSet<Place>>);

impl CustomerLists {
    pub(crate) fn insert(&mut self, lists: &[ListKey], place: &Place) {
        for list in lists {
            self.0.entry(*list).or_default().insert(place.clone());
        }
    }

    pub(crate) fn remove(&mut self, lists: &[ListKey], place: &Place) {
        for list in lists {
            let Some(places) = self.0.get_mut(list) else {
                continue;
            };
            places.remove(place);
            if places.is_empty() {
                self.0.remove(list);
            }
        }
    }

    /// How many customers a list has.
    pub(crate) fn len(&self, list: ListKey) -> usize {
        self.0.get(&list).map_or(0, OrdSet::len)
    }

    /// The places of a list that come after `after` and whose names begin with `prefix`.
    pub(crate) fn places<'a, 'p>(
        &'a self,
        list: ListKey,
        prefix: &'p str,
        after: Option<&Place>,
    ) -> impl Iterator<Item = &'a Place> + use<'a, 'p> {
        let first = Place { name: prefix.into(), customer: CustomerId::MIN };
        let start = match after {
            Some(after) if *after >= first => Bound::Excluded(after.clone()),
            Some(_) | None => Bound::Included(first),
        };
        self.0
            .get(&list)
            .into_iter()
            .flat_map(move |places| places.range((start.clone(), Bound::Unbounded)))
            .take_while(move |place| place.name.starts_with(prefix))
    }
}
