//! The file that an export grows in: `FILE.part`, which is renamed to `FILE` when the export is complete.
//!
//! So `FILE` is always complete, and `FILE.part` holds whole pages.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::checkpoint::{Checkpoint, Mark, Saved};
use super::private_file;

#[derive(Clone, Debug)]
pub(crate) struct Paths {
    /// The file that `--output` names.
    pub(crate) file: PathBuf,
    pub(crate) partial: PathBuf,
    /// The checkpoint, which is locked while an export is running.
    pub(crate) checkpoint: PathBuf,
}

impl Paths {
    pub(crate) fn new(file: &Path) -> Self {
        let with = |ending: &str| {
            let mut name = OsString::from(file);
            name.push(ending);
            PathBuf::from(name)
        };
        Self {
            file: file.to_owned(),
            partial: with(".part"),
            checkpoint: with(".part.state"),
        }
    }
}

/// The partial file of a running export, with its checkpoint.
pub(crate) struct PartialFile {
    pub(crate) paths: Paths,
    file: File,
    checkpoint: Checkpoint,
    /// The length up to which the file holds whole pages, in bytes.
    bytes: u64,
}

impl PartialFile {
    /// Starts a new partial file, in place of anything at its path.
    pub(crate) fn create(paths: Paths, checkpoint: Checkpoint) -> io::Result<Self> {
        private_file::remove(&paths.partial)?;
        Ok(Self {
            file: private_file::create(&paths.partial)?,
            paths,
            checkpoint,
            bytes: 0,
        })
    }

    /// Continues a partial file after its last whole page.
    pub(crate) fn resume(
        paths: Paths,
        mut file: File,
        checkpoint: File,
        saved: &Saved,
    ) -> io::Result<Self> {
        let bytes = saved.bytes();
        file.set_len(bytes)?;
        file.seek(SeekFrom::Start(bytes))?;
        Ok(Self {
            paths,
            file,
            checkpoint: Checkpoint::resume(checkpoint, saved)?,
            bytes,
        })
    }

    /// Appends a page. If a part of it can't be written, the file is cut to the pages before it.
    pub(crate) fn append(&mut self, page: &[u8], mut mark: Mark) -> io::Result<()> {
        mark.bytes = self.bytes + page.len() as u64;
        let written = self
            .file
            .write_all(page)
            .and_then(|()| self.checkpoint.mark(mark));
        match written {
            Ok(()) => self.bytes = mark.bytes,
            Err(_) => {
                self.file.set_len(self.bytes)?;
                self.file.seek(SeekFrom::Start(self.bytes))?;
            }
        }
        written
    }

    /// Leaves the file for a later `--resume`. `end` follows its rows, so that it can be read as it is.
    pub(crate) fn leave(mut self, end: &[u8]) -> io::Result<()> {
        self.file.write_all(end)?;
        self.file.sync_all()?;
        self.checkpoint.file.sync_all()
    }

    pub(crate) fn discard(self) -> io::Result<()> {
        fs::remove_file(&self.paths.partial)?;
        fs::remove_file(&self.paths.checkpoint)
    }

    /// Completes the export. When this returns, the file has its name and is on the disk.
    ///
    /// The checkpoint is removed last: its lock keeps other exports from the partial file until then.
    pub(crate) fn finish(mut self, end: &[u8]) -> io::Result<()> {
        self.file.write_all(end)?;
        self.file.sync_all()?;
        let Paths {
            file,
            partial,
            checkpoint,
        } = &self.paths;
        if !private_file::is_at(&self.file, partial) {
            let name = partial.display();
            return Err(io::Error::other(format!("{name} was removed or replaced")));
        }
        fs::rename(partial, file)?;
        fs::remove_file(checkpoint)?;
        sync_folder(file)
    }
}

/// Writes the names in the folder of a file to the disk.
#[cfg(unix)]
fn sync_folder(file: &Path) -> io::Result<()> {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// Windows has no way to do this for a folder.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
