//! A directory of letters that somebody else sends: one `.eml` file each.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use events::MailFailure;
use uuid::Uuid;

/// Letters hold addresses and links: only the owner reads them.
const DIRECTORY_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;

/// Where the files lie.
pub(super) struct EmlDirectory(pub(super) PathBuf);

impl EmlDirectory {
    /// Writes a letter: aside first, then under its name, so that a file is whole or not there. A
    /// repeat replaces the file.
    pub(super) async fn put(&self, id: Uuid, content: Vec<u8>) -> Result<(), MailFailure> {
        let directory = self.0.clone();
        let written = tokio::task::spawn_blocking(move || write(&directory, id, &content)).await;
        match written {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => {
                tracing::error!(%error, directory = %self.0.display(), "letter not written");
                Err(MailFailure::NotWritten)
            }
            Err(_) => Err(MailFailure::NotWritten),
        }
    }
}

fn write(directory: &Path, id: Uuid, content: &[u8]) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(DIRECTORY_MODE).create(directory)?;
    let aside = directory.join(format!("{id}.new"));
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(FILE_MODE).open(&aside)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&aside, directory.join(format!("{id}.eml")))?;
    File::open(directory)?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[tokio::test]
    async fn a_repeat_replaces_the_file_which_only_its_owner_reads() {
        let place = tempfile::tempdir().unwrap();
        let directory = EmlDirectory(place.path().join("letters/out"));
        let id = Uuid::from_u128(7);
        directory.put(id, b"first".to_vec()).await.unwrap();
        directory.put(id, b"second".to_vec()).await.unwrap();
        let files: Vec<_> = fs::read_dir(&directory.0).unwrap().map(Result::unwrap).collect();
        assert_eq!(files.len(), 1);
        assert_eq!(fs::read(files[0].path()).unwrap(), b"second");
        assert_eq!(files[0].metadata().unwrap().permissions().mode() & 0o777, FILE_MODE);
        assert_eq!(fs::metadata(&directory.0).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[tokio::test]
    async fn a_place_that_cannot_be_written_is_said_to_be_one() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("file");
        fs::write(&file, b"").unwrap();
        let directory = EmlDirectory(file.join("out"));
        let put = directory.put(Uuid::from_u128(7), Vec::new()).await;
        assert_eq!(put, Err(MailFailure::NotWritten));
    }
}
