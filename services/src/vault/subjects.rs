//! Which data key belongs to whom.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use events::{KeyId, SubjectId};

use crate::keys::{DataKeys, Key, KeyError};

/// Above this many, keys that the recorded facts already tell are forgotten here.
const HELD_MAX: usize = 65_536;

/// The keys given to subjects since the program started: what is recorded tells the rest.
#[derive(Default)]
pub(crate) struct SubjectKeys(Mutex<HashMap<SubjectId, KeyId>>);

impl SubjectKeys {
    /// The key of a subject: the one it has, else a new one.
    pub(super) fn key_for(
        &self,
        subject: SubjectId,
        keys: &DataKeys,
        known: &(dyn Fn(SubjectId) -> Option<KeyId> + Sync),
    ) -> Result<(KeyId, Key), KeyError> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let id = held.get(&subject).copied().or_else(|| known(subject));
        if let Some((id, key)) = id.and_then(|id| keys.get(id).map(|key| (id, key))) {
            return Ok((id, key));
        }
        if held.len() >= HELD_MAX {
            held.retain(|subject, id| known(*subject) != Some(*id));
        }
        let (id, key) = keys.allocate()?;
        held.insert(subject, id);
        Ok((id, key))
    }
}
