//! Copying a key directory as a whole, also while a server uses it.
//!
//! What the log needs was durable in both copies before the log said so: a copy made after the log's
//! has every key of it. A file caught in the middle of a write shows in the check and is copied again.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use super::{
    KeyError, KeyFileError, check_key_directory,
    checked_file::{PRIVATE_FILE_MODE, sync_directory},
};

/// How often a copy is made before what is wrong with it counts.
const ATTEMPTS_MAX: usize = 5;

/// Replaces `to` by a copy of the key directory `from`. Only the owner may read it.
///
/// # Errors
/// When there are no keys in `from`, they are damaged, or files cannot be written. What was in `to`
/// is then still there.
pub fn copy_key_directory(from: &Path, to: &Path) -> Result<(), KeyError> {
    let draft = to.with_extension("draft");
    let mut attempt = 1;
    loop {
        remove(&draft)?;
        copy_files(from, &draft)?;
        match check_key_directory(&draft)?.into_iter().next() {
            None => break,
            Some(problem) if attempt == ATTEMPTS_MAX => {
                remove(&draft)?;
                return Err(KeyError::NotWhole(problem));
            }
            Some(_) => attempt += 1,
        }
    }
    let replaced = to.with_extension("replaced");
    remove(&replaced)?;
    if to.exists() {
        fs::rename(to, &replaced).map_err(KeyFileError::io(to))?;
    }
    fs::rename(&draft, to).map_err(KeyFileError::io(to))?;
    sync_directory(to).map_err(KeyFileError::io(to))?;
    remove(&replaced)
}

fn remove(directory: &Path) -> Result<(), KeyError> {
    match fs::remove_dir_all(directory) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(KeyFileError::io(directory)(error).into())
        }
        _ => Ok(()),
    }
}

fn copy_files(from: &Path, to: &Path) -> Result<(), KeyError> {
    let mut files = plain_files(from).map_err(KeyFileError::io(from))?;
    // Each first copy is written before its second: copied in the opposite order, it lacks nothing.
    files.sort();
    files.reverse();
    DirBuilder::new().recursive(true).mode(0o700).create(to).map_err(KeyFileError::io(to))?;
    for file in files {
        let Some(name) = file.file_name() else { continue };
        copy_file(&file, &to.join(name)).map_err(KeyFileError::io(&file))?;
    }
    File::open(to).and_then(|directory| directory.sync_all()).map_err(KeyFileError::io(to))?;
    Ok(())
}

fn plain_files(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(directory)?.map(|entry| entry.map(|entry| entry.path()));
    let paths: Vec<PathBuf> = entries.collect::<io::Result<_>>()?;
    let is_copy = |path: &PathBuf| {
        path.is_file() && path.extension().is_some_and(|copy| copy == "a" || copy == "b")
    };
    Ok(paths.into_iter().filter(is_copy).collect())
}

fn copy_file(from: &Path, to: &Path) -> io::Result<()> {
    let mut source = File::open(from)?;
    let mut target =
        OpenOptions::new().write(true).create_new(true).mode(PRIVATE_FILE_MODE).open(to)?;
    io::copy(&mut source, &mut target)?;
    target.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::{auth::new_temporary_password, keys::KeyDirectory};

    #[tokio::test]
    async fn a_copy_made_while_keys_are_made_has_all_keys_of_before() {
        let home = tempfile::tempdir().unwrap();
        let (from, to) = (home.path().join("keys"), home.path().join("copy"));
        let keys = KeyDirectory::create(&from).unwrap();
        let mut made = Vec::new();
        for round in 0..3 {
            for _ in 0..300 {
                made.push(keys.data_keys.allocate().unwrap());
            }
            let password = new_temporary_password(events::Timestamp::EPOCH).unwrap();
            keys.credentials.put(vec![password.credential().unwrap()]).await.unwrap();
            copy_key_directory(&from, &to).unwrap();
            let copied = KeyDirectory::open_to_read(&to).unwrap();
            assert!(made.iter().all(|(id, key)| copied.data_keys.get(*id).as_ref() == Some(key)));
            let names = fs::read_dir(home.path()).unwrap().count();
            assert_eq!(names, 2, "round {round} leaves nothing else");
        }
        let rights = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((rights(&to), rights(&to.join("secrets.a"))), (0o700, 0o600));
    }

    #[test]
    fn damaged_or_missing_keys_are_not_copied_over_good_ones() {
        let home = tempfile::tempdir().unwrap();
        let (from, to) = (home.path().join("keys"), home.path().join("copy"));
        drop(KeyDirectory::create(&from).unwrap());
        copy_key_directory(&from, &to).unwrap();
        fs::write(from.join("secrets.b"), "nothing").unwrap();
        assert!(matches!(copy_key_directory(&from, &to), Err(KeyError::NotWhole(_))));
        fs::remove_dir_all(&from).unwrap();
        assert!(copy_key_directory(&from, &to).is_err());
        assert_eq!(check_key_directory(&to).unwrap(), []);
    }
}
