//! Deleted users of one kind, ordered by the end of their restore window.

use std::{ops::Bound, sync::Arc};

use events::Timestamp;
use imbl::OrdMap;

use crate::keys::Id;

/// Rows by owner, then by end of the restore window and user. An owner without deleted users has no
/// entry.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct RestoreWindows<O: Id, U: Id, R: PartialEq>(
    OrdMap<O, OrdMap<(Timestamp, U), Arc<R>>>,
);

impl<O: Id, U: Id, R: PartialEq> Default for RestoreWindows<O, U, R> {
    fn default() -> Self {
        Self(OrdMap::new())
    }
}

impl<O: Id, U: Id, R: PartialEq> RestoreWindows<O, U, R> {
    /// The row of a user whose window ends at this moment.
    pub(crate) fn get(&self, owner: O, key: (Timestamp, U)) -> Option<&R> {
        self.0.get(&owner)?.get(&key).map(|row| &**row)
    }

    /// The rows of an owner whose windows are open at this moment, latest end first; only those
    /// before a given one.
    pub(crate) fn restorable(
        &self,
        owner: O,
        at: Timestamp,
        before: Option<(Timestamp, U)>,
    ) -> impl Iterator<Item = &R> {
        let end = before.map_or(Bound::Unbounded, Bound::Excluded);
        self.0
            .get(&owner)
            .into_iter()
            .flat_map(move |users| users.range((Bound::Unbounded, end)).rev())
            .take_while(move |((until, _), _)| at < *until)
            .map(|(_, row)| &**row)
    }

    /// How many windows of an owner are open at this moment: all less the closed ones, which the
    /// purge keeps few.
    pub(crate) fn restorable_count(&self, owner: O, at: Timestamp) -> usize {
        self.0.get(&owner).map_or(0, |users| {
            users.len() - users.keys().take_while(|(until, _)| *until <= at).count()
        })
    }

    pub(crate) fn insert(&mut self, owner: O, key: (Timestamp, U), row: R) {
        self.0.entry(owner).or_default().insert(key, Arc::new(row));
    }

    pub(crate) fn remove(&mut self, owner: O, key: (Timestamp, U)) {
        let Some(users) = self.0.get_mut(&owner) else {
            return;
        };
        users.remove(&key);
        if users.is_empty() {
            self.0.remove(&owner);
        }
    }
}
