//! Is everything in the key directory there, twice and whole? Changes nothing: opening would heal a
//! damaged copy before anybody could report it.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};

use super::{
    checked_file::{self, CopyState, KeyFileError, copies},
    credentials, credentials_path, data_keys, data_keys_path, secrets_path, signing_keys_path,
};

/// A copy of a key file that is not as it should be.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{}: {reason}", file.display())]
pub struct KeyProblem {
    /// The file.
    pub file: PathBuf,
    /// What was found.
    pub reason: String,
}

/// Checks both copies of everything in a key directory. What a crash left unfinished at the end of
/// a file is no problem: it was never used.
///
/// # Errors
/// When a file cannot be read.
pub fn check_key_directory(directory: &Path) -> Result<Vec<KeyProblem>, KeyFileError> {
    let mut problems = Vec::new();
    check_whole(&secrets_path(directory), &mut problems)?;
    check_data_keys(&data_keys_path(directory), &mut problems)?;
    check_credentials(&credentials_path(directory), &mut problems)?;
    // There are none before the first token was signed.
    let signing = signing_keys_path(directory);
    if copies(&signing).iter().any(|copy| copy.exists()) {
        check_whole(&signing, &mut problems)?;
    }
    Ok(problems)
}

fn check_whole(path: &Path, problems: &mut Vec<KeyProblem>) -> Result<(), KeyFileError> {
    for file in copies(path) {
        let reason = match checked_file::read_copy(&file)? {
            CopyState::Good(_) => continue,
            CopyState::Damaged => "it is damaged".to_owned(),
            CopyState::Missing => "it is missing".to_owned(),
        };
        problems.push(KeyProblem { file, reason });
    }
    Ok(())
}

fn check_data_keys(path: &Path, problems: &mut Vec<KeyProblem>) -> Result<(), KeyFileError> {
    let both @ [first, second] = &copies(path);
    let ahead = Blocks::read(first).map_err(KeyFileError::io(first))?;
    let behind = Blocks::read(second).map_err(KeyFileError::io(second))?;
    let count = ahead.whole.len().max(behind.whole.len());
    let newest = count.saturating_sub(1);
    // The first copy is durable before the second begins: a crash may leave the newest block
    // unfinished in the second, and in the first as long as the second has nothing of it.
    let excused = [behind.whole.len() == newest, behind.is_unfinished(newest)];
    for ((file, copy), excused) in both.iter().zip([&ahead, &behind]).zip(excused) {
        let bad = (0..count).filter(|block| copy.whole.get(*block) != Some(&true));
        let bad: Vec<usize> = bad.filter(|block| !(excused && *block == newest)).collect();
        if let Some(first) = bad.first() {
            let reason = match bad.len() {
                1 => format!("block {first} is damaged"),
                count => format!("{count} blocks are damaged, the first is block {first}"),
            };
            problems.push(KeyProblem { file: file.clone(), reason });
        }
    }
    Ok(())
}

/// The blocks of data keys that a copy has begun.
struct Blocks {
    /// Whether each is whole.
    whole: Vec<bool>,
    bytes: u64,
}

impl Blocks {
    fn read(path: &Path) -> io::Result<Self> {
        let file = match File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Self { whole: Vec::new(), bytes: 0 });
            }
            opened => opened?,
        };
        let bytes = file.metadata()?.len();
        let blocks = 0..data_keys::blocks_in(bytes);
        let whole = blocks.map(|block| data_keys::read_copy(&file, block).is_some()).collect();
        Ok(Self { whole, bytes })
    }

    /// True when the copy ends within this block or before it.
    const fn is_unfinished(&self, block: usize) -> bool {
        self.bytes < data_keys::end_of(block as u64 + 1)
    }
}

fn check_credentials(path: &Path, problems: &mut Vec<KeyProblem>) -> Result<(), KeyFileError> {
    let both @ [first, second] = &copies(path);
    let contents = [credentials::read_copy(first)?, credentials::read_copy(second)?];
    // The first copy is written and synced before the second.
    let [ahead, behind] = &contents;
    let lacking = behind.entries.keys().filter(|key| !ahead.entries.contains_key(key)).count();
    for (file, content) in both.iter().zip(&contents) {
        if content.damaged_inside || (file == first && lacking > 0) {
            let reason = "entries of it are damaged or missing".to_owned();
            problems.push(KeyProblem { file: file.clone(), reason });
        } else if !(file.exists() || ahead.entries.is_empty()) {
            problems.push(KeyProblem { file: file.clone(), reason: "it is missing".to_owned() });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::{
        auth::new_temporary_password,
        keys::{KeyDirectory, KeyError},
    };

    async fn directory() -> Result<tempfile::TempDir, KeyError> {
        let directory = tempfile::tempdir().unwrap();
        let keys = KeyDirectory::create(directory.path())?;
        keys.data_keys.allocate()?;
        for _ in 0..3 {
            let password = new_temporary_password(events::Timestamp::EPOCH)?;
            keys.credentials.put(vec![password.credential()?]).await?;
        }
        Ok(directory)
    }

    fn damage(path: &Path, offset: usize) {
        let mut bytes = fs::read(path).unwrap();
        bytes[offset] ^= 1;
        fs::write(path, bytes).unwrap();
    }

    #[tokio::test]
    async fn a_whole_directory_has_no_problem() {
        let directory = directory().await.unwrap();
        assert_eq!(check_key_directory(directory.path()).unwrap(), []);
    }

    #[tokio::test]
    async fn damage_in_one_copy_is_told_and_left_as_it_is() {
        for name in ["secrets.a", "secrets.b", "data-keys.b", "credentials.a", "credentials.b"] {
            let directory = directory().await.unwrap();
            let file = directory.path().join(name);
            damage(&file, 20);
            let damaged = fs::read(&file).unwrap();
            let problems = check_key_directory(directory.path()).unwrap();
            assert_eq!(problems.iter().map(|problem| &problem.file).collect::<Vec<_>>(), [&file]);
            assert_eq!(fs::read(&file).unwrap(), damaged);
        }
    }

    #[tokio::test]
    async fn an_unfinished_end_is_the_trace_of_a_crash_and_no_problem() {
        let directory = directory().await.unwrap();
        let file = directory.path().join("credentials.b");
        let bytes = fs::read(&file).unwrap();
        fs::write(&file, &bytes[..bytes.len() - 3]).unwrap();
        assert_eq!(check_key_directory(directory.path()).unwrap(), []);
    }

    #[tokio::test]
    async fn a_block_of_keys_that_a_crash_kept_from_the_second_copy_is_no_problem() {
        let directory = directory().await.unwrap();
        let [first, second] =
            ["data-keys.a", "data-keys.b"].map(|name| directory.path().join(name));
        let whole = fs::read(&first).unwrap();
        for torn in [0, 1, whole.len() - 1] {
            fs::write(&second, &whole[..torn]).unwrap();
            assert_eq!(check_key_directory(directory.path()).unwrap(), [], "{torn} bytes");
        }
        fs::write(&second, []).unwrap();
        fs::write(&first, &whole[..whole.len() / 2]).unwrap();
        assert_eq!(check_key_directory(directory.path()).unwrap(), [], "half of the first copy");
    }

    #[tokio::test]
    async fn the_newest_block_of_keys_damaged_in_both_copies_is_told() {
        let directory = directory().await.unwrap();
        for name in ["data-keys.a", "data-keys.b"] {
            damage(&directory.path().join(name), 20);
        }
        let problems = check_key_directory(directory.path()).unwrap();
        let reasons: Vec<_> = problems.iter().map(|problem| problem.reason.as_str()).collect();
        assert_eq!(reasons, ["block 0 is damaged", "block 0 is damaged"]);
    }

    #[tokio::test]
    async fn missing_secrets_are_told() {
        let directory = directory().await.unwrap();
        fs::remove_file(directory.path().join("secrets.b")).unwrap();
        let problems = check_key_directory(directory.path()).unwrap();
        assert_eq!(problems[0].reason, "it is missing");
    }
}
