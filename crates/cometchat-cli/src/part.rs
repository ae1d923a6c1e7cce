//! The file that an export grows in: `FILE.part`, which gets its name when all is done.
//!
//! So whoever finds `FILE` finds all of it, and whoever finds `FILE.part` finds whole pages.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::journal::{Journal, Mark, Remembered, Settings};
use crate::printable::printable;

/// An export in progress.
pub(crate) struct Part {
    names: Names,
    file: File,
    journal: Journal,
    /// The length of the file up to which it holds whole pages.
    bytes: u64,
}

/// The files of an export.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    /// The file that was asked for.
    pub(crate) file: PathBuf,
    /// The file that it grows in.
    pub(crate) part: PathBuf,
    /// What is remembered of it.
    pub(crate) journal: PathBuf,
}

impl Names {
    /// The files of an export to this one.
    pub(crate) fn new(file: &Path) -> Self {
        let with = |ending: &str| {
            let mut name = OsString::from(file);
            name.push(ending);
            PathBuf::from(name)
        };
        Self {
            file: file.to_owned(),
            part: with(".part"),
            journal: with(".part.state"),
        }
    }

    /// What is left of an export that was cut off; nothing where there is nothing to go on with.
    pub(crate) fn remembered(&self) -> io::Result<Option<Remembered>> {
        match fs::metadata(&self.part) {
            Ok(part) => Remembered::read(&self.journal, part.len()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl Part {
    /// An export from the beginning.
    pub(crate) fn create(names: Names, settings: Settings) -> io::Result<Self> {
        // The journal first: one that is left from another export must not speak of this file.
        let journal = Journal::create(&names.journal, settings)?;
        let file = File::create(&names.part)?;
        Ok(Self {
            names,
            file,
            journal,
            bytes: 0,
        })
    }

    /// An export that goes on after its last whole page.
    pub(crate) fn go_on(names: Names, remembered: &Remembered) -> io::Result<Self> {
        let bytes = remembered.bytes();
        let mut file = OpenOptions::new().write(true).open(&names.part)?;
        file.set_len(bytes)?;
        file.seek(SeekFrom::Start(bytes))?;
        let journal = Journal::go_on(&names.journal, remembered)?;
        Ok(Self {
            names,
            file,
            journal,
            bytes,
        })
    }

    /// The files.
    pub(crate) fn names(&self) -> &Names {
        &self.names
    }

    /// Appends a whole page, or nothing: what of it was written is taken back where the rest can't be.
    pub(crate) fn append(&mut self, page: &[u8], mut mark: Mark) -> io::Result<()> {
        mark.bytes = self.bytes + page.len() as u64;
        let written = self
            .file
            .write_all(page)
            .and_then(|()| self.journal.mark(mark));
        match written {
            Ok(()) => self.bytes = mark.bytes,
            Err(_) => self.cut()?,
        }
        written
    }

    /// Takes back what comes after the last whole page.
    fn cut(&mut self) -> io::Result<()> {
        self.file.set_len(self.bytes)?;
        self.file.seek(SeekFrom::Start(self.bytes)).map(drop)
    }

    /// Leaves the export to be gone on with, with `end` after its rows, so that the part file can be read as it is.
    pub(crate) fn leave(mut self, end: &[u8]) -> io::Result<()> {
        self.file.write_all(end)?;
        self.file.sync_all()?;
        self.journal.sync()
    }

    /// Removes what there is of the export.
    pub(crate) fn discard(self) -> io::Result<()> {
        drop(self.file);
        fs::remove_file(&self.names.part)?;
        fs::remove_file(&self.names.journal)
    }

    /// Ends the export: it is on the disk, and has its name, when this returns.
    pub(crate) fn finish(mut self, end: &[u8]) -> io::Result<()> {
        self.file.write_all(end)?;
        self.file.sync_all()?;
        drop(self.file);
        fs::rename(&self.names.part, &self.names.file)?;
        fs::remove_file(&self.names.journal)?;
        sync_folder(&self.names.file)
    }
}

/// A path, for a person to read.
pub(crate) fn shown(path: &Path) -> String {
    printable(&path.display().to_string()).into_owned()
}

/// Has a new name on the disk, where a folder can be synchronised.
#[cfg(unix)]
fn sync_folder(file: &Path) -> io::Result<()> {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(next_page: u32) -> Mark {
        Mark {
            group: 0,
            next_page,
            rows: 0,
            done: false,
            bytes: 0,
        }
    }

    #[test]
    fn the_file_has_its_name_when_all_is_done() {
        let folder = tempfile::tempdir().unwrap();
        let names = Names::new(&folder.path().join("a.csv"));
        let mut part = Part::create(names.clone(), Settings::new()).unwrap();
        part.append(b"one\n", mark(2)).unwrap();
        assert!(!names.file.exists());
        assert_eq!(fs::read(&names.part).unwrap(), b"one\n");
        part.finish(b"end\n").unwrap();
        assert_eq!(fs::read(&names.file).unwrap(), b"one\nend\n");
        assert!(!names.part.exists() && !names.journal.exists());
    }

    #[test]
    fn an_export_goes_on_after_its_last_whole_page() {
        let folder = tempfile::tempdir().unwrap();
        let names = Names::new(&folder.path().join("a.csv"));
        assert!(names.remembered().unwrap().is_none());
        let mut part = Part::create(names.clone(), Settings::new()).unwrap();
        part.append(b"one\n", mark(2)).unwrap();
        part.leave(b"end\n").unwrap();
        assert_eq!(fs::read(&names.part).unwrap(), b"one\nend\n");

        // Half of a page, as a kill leaves it.
        let mut file = OpenOptions::new().append(true).open(&names.part).unwrap();
        file.write_all(b"tw").unwrap();
        let remembered = names.remembered().unwrap().unwrap();
        assert_eq!(remembered.marks.last().unwrap().next_page, 2);
        let mut part = Part::go_on(names.clone(), &remembered).unwrap();
        part.append(b"two\n", mark(3)).unwrap();
        part.finish(b"end\n").unwrap();
        assert_eq!(fs::read(&names.file).unwrap(), b"one\ntwo\nend\n");
    }

    #[test]
    fn a_new_export_does_not_go_on_with_an_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let names = Names::new(&folder.path().join("a.csv"));
        let mut part = Part::create(names.clone(), Settings::new()).unwrap();
        part.append(b"one\n", mark(2)).unwrap();
        let part = Part::create(names.clone(), Settings::new()).unwrap();
        drop(part);
        assert_eq!(names.remembered().unwrap().unwrap().bytes(), 0);
    }
}
