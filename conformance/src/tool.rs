//! Programs of others: where they are, and what they said.

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::Result;

/// A program is not there.
#[derive(Debug)]
pub(crate) struct Missing(String);

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Missing {}

/// The directory of this crate, with the configurations of the judges.
pub(crate) fn home() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    home().parent().map_or_else(home, Path::to_path_buf)
}

/// The spec.
pub(crate) fn spec() -> PathBuf {
    root().join("openapi.yaml")
}

/// The cargo that runs this.
pub(crate) fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// A judge that runs on Node.
pub(crate) fn on_node(name: &str) -> Result<Command> {
    installed("node", &format!("node_modules/.bin/{name}"))
}

/// A judge that runs on Python.
pub(crate) fn on_python(name: &str) -> Result<Command> {
    installed("python3", &format!(".venv/bin/{name}"))
}

/// A command of a program that `conformance/install` has installed, to be run in this crate's directory.
fn installed(runtime: &str, path: &str) -> Result<Command> {
    let found = Command::new(runtime)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if !found.is_ok_and(|status| status.success()) {
        return Err(Missing(format!("{runtime} is missing")).into());
    }
    let program = home().join(path);
    if !program.exists() {
        let what = "it is not installed; `conformance/install` does that";
        return Err(Missing(what.to_owned()).into());
    }
    let mut command = Command::new(program);
    command
        .current_dir(home())
        .stdin(Stdio::null())
        // What is asked is on this machine.
        .env("NO_PROXY", "127.0.0.1")
        .env("no_proxy", "127.0.0.1");
    Ok(command)
}

/// All that a program wrote.
pub(crate) fn text_of(output: &Output) -> String {
    let text = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    text.concat().trim_end().to_owned()
}
