//! What of the key directory was damaged in one copy and made good from the other.

use std::{
    path::Path,
    sync::{Mutex, PoisonError},
};

use events::DamagedPart;

/// One damage in the key directory that was found and made good.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyHealing {
    /// What was damaged.
    pub part: DamagedPart,
    /// What was found; names files, never what is in them.
    pub finding: String,
}

/// What was healed and not yet told to whoever records it.
#[derive(Debug, Default)]
pub(crate) struct KeyHealings(Mutex<Vec<KeyHealing>>);

impl KeyHealings {
    /// Reports a healing: log, metric, and the list.
    pub(super) fn add(&self, part: DamagedPart, file: &Path, found: &str) {
        let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy();
        let finding = format!("{name}: {found}");
        tracing::warn!(file = %file.display(), found, "damage in one copy of the keys was healed");
        metrics::counter!("partnerlog_key_files_healed_total").increment(1);
        let mut list = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        list.push(KeyHealing { part, finding });
    }

    /// Takes the reports, oldest first.
    pub(super) fn take(&self) -> Vec<KeyHealing> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
