//! Files of an export that only their owner can read, in folders that others may write to.
//!
//! Under a name that an export is about to use, another user can have put a link to a file of the owner, a pipe that never
//! ends, or a file that stays theirs. A new file therefore replaces whatever is there and is created by this program, and a
//! file to continue with is opened only if it is a regular one, belongs to the user and has no other name.
//!
//! On Windows, files get the permissions of their folder, since there are no mode bits. Links are detected, but the owner and
//! the number of names are not checked.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::path::Path;

pub(crate) enum Found {
    Nothing,
    /// A file of the user's own, open for reading and writing.
    File(File),
    /// Something else, and what is wrong with it, such as `is a symbolic link`.
    Unsafe(String),
}

/// Creates a file that only its owner can read and write. Fails if there is anything at the path.
pub(crate) fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Removes whatever is at the path, if anything is; of a link, the link.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Opens a file of the user's own, and restricts it to its owner.
pub(crate) fn open(path: &Path) -> Found {
    match try_open(path) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Found::Nothing,
        Err(error) => Found::Unsafe(format!("can't be opened: {error}")),
    }
}

fn try_open(path: &Path) -> io::Result<Found> {
    // Checked before it is opened, since opening a device can have effects.
    if let Some(found) = unsafe_kind(&fs::symlink_metadata(path)?) {
        return Ok(Found::Unsafe(found));
    }
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
        options.custom_flags(flags.bits().cast_signed());
    }
    let file = options.open(path)?;
    // Checked again, since it can have been replaced in between.
    let metadata = file.metadata()?;
    if let Some(found) = unsafe_kind(&metadata) {
        return Ok(Found::Unsafe(found));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if metadata.permissions().mode() & 0o077 != 0 {
            file.set_permissions(fs::Permissions::from_mode(0o600))?;
        }
    }
    Ok(Found::File(file))
}

/// Locks a file until it is closed. Returns whether that succeeded: not if another process has locked it.
///
/// A file system without locks counts as success.
pub(crate) fn lock(file: &File) -> bool {
    !matches!(
        fs4::FileExt::try_lock(file),
        Err(fs4::TryLockError::WouldBlock)
    )
}

/// Whether the file is still the one at the path.
#[cfg(unix)]
pub(crate) fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let id = |metadata: Metadata| (metadata.dev(), metadata.ino());
    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(file), Ok(there)) => id(file) == id(there),
        _ => false,
    }
}

/// Whether the file is still the one at the path: Windows keeps an open file from being replaced.
#[cfg(not(unix))]
pub(crate) fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}

/// What makes a file unsafe to continue with, if anything does.
fn unsafe_kind(metadata: &Metadata) -> Option<String> {
    let kind = metadata.file_type();
    if kind.is_symlink() {
        Some("is a symbolic link".to_owned())
    } else if kind.is_dir() {
        Some("is a directory".to_owned())
    } else if !kind.is_file() {
        Some("is not a regular file".to_owned())
    } else {
        unsafe_owner(metadata)
    }
}

#[cfg(unix)]
fn unsafe_owner(metadata: &Metadata) -> Option<String> {
    use std::os::unix::fs::MetadataExt;
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        Some("belongs to another user".to_owned())
    } else if metadata.nlink() != 1 {
        Some(format!("has {} hard links", metadata.nlink()))
    } else {
        None
    }
}

#[cfg(not(unix))]
fn unsafe_owner(_: &Metadata) -> Option<String> {
    None
}
