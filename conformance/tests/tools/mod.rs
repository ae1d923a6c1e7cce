//! Where the tools are, and what they printed.

use std::path::{Path, PathBuf};
use std::process::Output;

/// The folder of this crate, with the tools and their configurations.
pub(crate) fn home() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    home().parent().map_or_else(home, Path::to_path_buf)
}

/// All that a program printed.
pub(crate) fn text_of(output: &Output) -> String {
    let text = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    text.concat().trim_end().to_owned()
}
