//! What is still good in a key directory that nothing heals: put in order, so that it can be used.

use std::path::Path;

use super::{
    KeyError, KeyFileError,
    checked_file::{self, copies},
    credentials, credentials_path, data_keys, data_keys_path,
    healings::KeyHealings,
    secrets_path,
};

/// Puts a key directory in order, which is a copy that nobody uses yet: what is good in either copy
/// is then good in both, and what is good in neither is given up. Tells what was, a line each.
///
/// # Errors
/// When files cannot be read or written.
pub(crate) fn salvage_keys(directory: &Path) -> Result<Vec<String>, KeyError> {
    let mut lost = Vec::new();
    let unreported = KeyHealings::default();
    if let Err(error) = checked_file::read(&secrets_path(directory), &unreported) {
        lost.push(error.to_string());
    }
    let path = data_keys_path(directory);
    let [first, second] = copies(&path);
    let files = [data_keys::open_copy(&first)?, data_keys::open_copy(&second)?];
    let mut settle = || {
        let blocks = data_keys::settle(&files, &path, &unreported)?;
        for block in data_keys::heal_all(&files, blocks, &path, &unreported)? {
            data_keys::give_up(&files, block)?;
            lost.push(format!("block {block} of the data keys: what was sealed under it"));
        }
        Ok(())
    };
    settle().map_err(KeyFileError::io(&path))?;
    if credentials::give_up_damaged(&credentials_path(directory))? {
        lost.push("some passwords and tokens: issue them anew".to_owned());
    }
    Ok(lost)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::keys::{KeyDirectory, KeyUse, check_key_directory};

    #[test]
    fn what_is_damaged_in_both_copies_is_given_up_and_named_and_the_rest_can_be_used() {
        let home = tempfile::tempdir().unwrap();
        let keys = KeyDirectory::create(home.path()).unwrap();
        let ids: Vec<_> = (0..300).map(|_| keys.data_keys.allocate().unwrap().0).collect();
        drop(keys);
        for name in ["data-keys.a", "data-keys.b"] {
            let mut bytes = fs::read(home.path().join(name)).unwrap();
            bytes[100] ^= 1;
            fs::write(home.path().join(name), bytes).unwrap();
        }
        assert!(KeyDirectory::open(home.path(), KeyUse::InUse).is_err());
        let lost = salvage_keys(home.path()).unwrap();
        assert_eq!(lost, ["block 0 of the data keys: what was sealed under it"]);
        assert_eq!(check_key_directory(home.path()).unwrap(), []);
        let keys = KeyDirectory::open(home.path(), KeyUse::InUse).unwrap();
        assert!(keys.data_keys.get(ids[0]).is_none());
        assert!(keys.data_keys.get(ids[299]).is_some());
        assert_eq!(salvage_keys(home.path()).unwrap(), Vec::<String>::new());
    }
}
