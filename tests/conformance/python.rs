//! Programs in Python, each in a virtual environment that the suite makes by itself.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

/// The repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The folder of the environment `name`, with the packages of `tests/clients/{name}.txt`; nothing
/// where they cannot be had, which is said.
pub(crate) fn environment(name: &str) -> Option<PathBuf> {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let installed = Command::new(root().join(".ci/install-python-packages"))
        .arg(&place)
        .arg(root().join("tests/clients").join(name).with_extension("txt"))
        .output()
        .expect("the script runs");
    if !installed.status.success() {
        let why = String::from_utf8_lossy(&installed.stderr);
        eprintln!("NOT TESTED with {name} from PyPI: {}", why.trim());
        return None;
    }
    Some(place.join("venv/bin"))
}

/// Runs a program of an environment to its end, with this on standard input. What it leaves lying
/// about lies among what the build makes.
pub(crate) fn run(mut program: Command, input: &str) -> Output {
    program.current_dir(env!("CARGO_TARGET_TMPDIR")).env("PYTHONDONTWRITEBYTECODE", "1");
    program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = program.spawn().expect("the program starts");
    let mut pipe = child.stdin.take().expect("standard input is piped");
    pipe.write_all(input.as_bytes()).expect("the program reads its input");
    drop(pipe);
    child.wait_with_output().expect("the program ends")
}
