//! The identity is kept twice: whichever copy is damaged or gone is written again.

use super::{HealedPart, Healings};
use crate::log::{disk, disk::DiskError, identity::Identity, layout::Layout};

/// Writes every copy of the identity that is not as it should be.
pub(crate) fn heal_identity(
    layout: &Layout,
    identity: &Identity,
    healings: &Healings,
) -> Result<(), DiskError> {
    let expected = identity.file_bytes();
    for path in [layout.identity(), layout.identity_copy()] {
        let found = disk::read_file(&path)?;
        if found.as_deref() != Some(expected.as_slice()) {
            identity.write(layout, &path)?;
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let state = if found.is_some() { "was damaged" } else { "was missing" };
            let detail = format!("{name} {state}");
            healings.add(HealedPart::Identity, None, detail);
        }
    }
    Ok(())
}
