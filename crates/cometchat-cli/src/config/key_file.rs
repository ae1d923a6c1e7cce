//! The file of `--api-key-file`.
//!
//! No message contains the path: it can be the key itself, given by mistake.

use std::fs::{File, Metadata};
use std::io::Read;
use std::path::Path;

use super::text_file;
use crate::exit::Failure;
use crate::terminal::message;

/// The maximum size of a key file, in bytes.
const MAX_BYTES: u64 = 64 * 1024;

/// The key in a file, without the line break at its end. Warns if other users can read or write the file.
pub(crate) fn read(path: &Path) -> Result<String, Failure> {
    let unreadable = |error| {
        Failure::usage(format!("the key file can't be read: {error}"))
            .help("--api-key-file takes the path of a file, not the key itself; what was given is not shown")
    };
    let file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(MAX_BYTES)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() as u64 == MAX_BYTES {
        return Err(Failure::usage(
            "the key file is too large; it must contain only the key",
        ));
    }
    let mut key = text_file::decode(bytes)
        .map_err(|why| Failure::usage(format!("the key file {why}")).help("Save it as UTF-8"))?;
    if let Some(can) = others_can(&metadata) {
        message(format_args!(
            "warning: other users of this machine can {can} the key file; restrict it with chmod 600"
        ));
    }
    let end = key
        .strip_suffix('\n')
        .map(|key| key.strip_suffix('\r').unwrap_or(key).len());
    key.truncate(end.unwrap_or(key.len()));
    if key.is_empty() {
        return Err(Failure::usage("the key file is empty"));
    }
    Ok(key)
}

/// Returns the access to a file that users other than its owner have.
#[cfg(unix)]
fn others_can(metadata: &Metadata) -> Option<&'static str> {
    use std::os::unix::fs::PermissionsExt;
    let mode = metadata.permissions().mode();
    match (mode & 0o044 != 0, mode & 0o022 != 0) {
        // A pipe, as a shell makes one for `<(…)`, is not kept.
        _ if !metadata.is_file() => None,
        (true, true) => Some("read and change"),
        (true, false) => Some("read"),
        (false, true) => Some("change"),
        (false, false) => None,
    }
}

/// Windows has no mode bits; its access lists are not checked.
#[cfg(not(unix))]
fn others_can(_: &Metadata) -> Option<&'static str> {
    None
}
