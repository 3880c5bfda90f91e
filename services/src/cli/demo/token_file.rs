//! The file of tokens: one for each role and each kind of person, so that everything can be tried out.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use serde_json::{Map, Value};

use super::{
    CliError,
    sample_data::{Begun, file_error},
};
use crate::{
    application::{Application, TOKEN_DAYS_MAX},
    cli::{caller::operator_call, token::revealed},
};

const FILE_NAME: &str = "sample-tokens.json";
/// Only its owner reads it.
const FILE_MODE: u32 = 0o600;

pub(super) fn path(data: &Path) -> PathBuf {
    data.join(FILE_NAME)
}

/// Whether the sample data is complete: the file is the last thing that is made.
pub(super) fn exists(data: &Path) -> bool {
    path(data).exists()
}

/// Makes a token for each kind of person and writes them down, all or nothing.
pub(super) async fn write(
    data: &Path,
    app: &Arc<Application>,
    begun: Begun,
) -> Result<(), CliError> {
    let plan = begun.plan(app)?;
    let call = operator_call(app);
    let mut tokens = Map::new();
    for (name, account) in plan.people() {
        let issued = app.issue_token(&call, account, TOKEN_DAYS_MAX).await?;
        tokens.insert(name.to_owned(), Value::from(revealed(&issued)));
    }
    let path = path(data);
    let text = format!("{:#}\n", Value::Object(tokens));
    put(&path, text.as_bytes()).map_err(file_error(&path))
}

/// Writes a file for its owner alone, so that it is there whole or not at all.
fn put(path: &Path, text: &[u8]) -> io::Result<()> {
    let unfinished = path.with_extension("json.new");
    match fs::remove_file(&unfinished) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let mut file =
        OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(&unfinished)?;
    file.write_all(text)?;
    file.sync_all()?;
    fs::rename(&unfinished, path)
}
