//! What is remembered of an export, so that one that was cut off can go on: a file beside the part file.
//!
//! Its first line says what was asked for. Each further line is written after a whole page has been: how far its group
//! is, and how long the part file was then. Whatever stops the program, the last whole line tells which bytes are whole
//! pages; what comes after them is cut off when the export goes on.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The form of the journal. One of another form is not read.
const VERSION: u32 = 1;

/// What was asked for, by the name of the argument.
pub(crate) type Settings = Map<String, Value>;

#[derive(Serialize, Deserialize)]
struct Head {
    cometchat_export: u32,
    settings: Settings,
}

/// How far a group is, and how long the file is at that point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mark {
    /// The place of the group among all groups.
    pub(crate) group: usize,
    /// The page of that group to go on with.
    pub(crate) next_page: u32,
    /// The rows of that group so far.
    pub(crate) rows: u64,
    /// Whether that group is all there.
    pub(crate) done: bool,
    /// The length of the part file, in bytes.
    pub(crate) bytes: u64,
}

/// A journal that is being written.
pub(crate) struct Journal {
    file: File,
}

/// What a journal says.
pub(crate) struct Remembered {
    pub(crate) settings: Settings,
    /// In the order in which they were written.
    pub(crate) marks: Vec<Mark>,
    /// The length of the journal up to its last mark that holds.
    length: u64,
}

impl Journal {
    /// A new journal, in place of any that was there.
    pub(crate) fn create(path: &Path, settings: Settings) -> io::Result<Self> {
        let mut file = File::create(path)?;
        let head = Head {
            cometchat_export: VERSION,
            settings,
        };
        write_line(&mut file, &head)?;
        Ok(Self { file })
    }

    /// A journal that goes on after what is remembered of it.
    pub(crate) fn go_on(path: &Path, remembered: &Remembered) -> io::Result<Self> {
        let mut file = OpenOptions::new().write(true).open(path)?;
        file.set_len(remembered.length)?;
        file.seek(SeekFrom::End(0))?;
        Ok(Self { file })
    }

    /// Notes that the part file is whole up to here.
    pub(crate) fn mark(&mut self, mark: Mark) -> io::Result<()> {
        write_line(&mut self.file, &mark)
    }

    /// Has it all on the disk when this returns.
    pub(crate) fn sync(&self) -> io::Result<()> {
        self.file.sync_all()
    }
}

impl Remembered {
    /// Reads a journal; nothing where there is none, or where it is not one of this form.
    ///
    /// Marks past the end of the part file don't hold: the machine went down before all of it was on the disk.
    pub(crate) fn read(path: &Path, part_length: u64) -> io::Result<Option<Self>> {
        let mut text = Vec::new();
        match File::open(path) {
            Ok(mut file) => file.read_to_end(&mut text)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        // A line without its end was being written when the program was stopped.
        let mut lines = text
            .split_inclusive(|byte| *byte == b'\n')
            .filter(|line| line.ends_with(b"\n"));
        let head = lines
            .next()
            .map(|line| (line.len(), serde_json::from_slice::<Head>(line)));
        let Some((mut length, Ok(head))) = head else {
            return Ok(None);
        };
        if head.cometchat_export != VERSION {
            return Ok(None);
        }
        let mut marks = Vec::new();
        for line in lines {
            match serde_json::from_slice::<Mark>(line) {
                Ok(mark) if mark.bytes <= part_length => marks.push(mark),
                _ => break,
            }
            length += line.len();
        }
        Ok(Some(Self {
            settings: head.settings,
            marks,
            length: length as u64,
        }))
    }

    /// The length of the part file up to which it holds whole pages.
    pub(crate) fn bytes(&self) -> u64 {
        self.marks.last().map_or(0, |mark| mark.bytes)
    }
}

fn write_line(file: &mut File, line: &impl Serialize) -> io::Result<()> {
    let mut text = serde_json::to_vec(line)?;
    text.push(b'\n');
    file.write_all(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(group: usize, bytes: u64) -> Mark {
        Mark {
            group,
            next_page: 2,
            rows: 100,
            done: false,
            bytes,
        }
    }

    fn settings() -> Settings {
        Settings::from_iter([("--per-page".to_owned(), 100.into())])
    }

    #[test]
    fn what_was_noted_is_remembered_and_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        assert!(Remembered::read(&path, 0).unwrap().is_none());

        let mut journal = Journal::create(&path, settings()).unwrap();
        journal.mark(mark(0, 10)).unwrap();
        let remembered = Remembered::read(&path, 10).unwrap().unwrap();
        assert_eq!(remembered.settings, settings());
        let mut journal = Journal::go_on(&path, &remembered).unwrap();
        journal.mark(mark(1, 20)).unwrap();
        let remembered = Remembered::read(&path, 20).unwrap().unwrap();
        assert_eq!(remembered.marks, [mark(0, 10), mark(1, 20)]);
        assert_eq!(remembered.bytes(), 20);
    }

    #[test]
    fn wherever_a_journal_is_cut_its_whole_lines_hold() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let mut journal = Journal::create(&path, settings()).unwrap();
        let mut ends = vec![std::fs::metadata(&path).unwrap().len()];
        for place in 1..4 {
            journal.mark(mark(0, place * 10)).unwrap();
            ends.push(std::fs::metadata(&path).unwrap().len());
        }
        let whole = std::fs::read(&path).unwrap();
        for cut in 0..=whole.len() {
            std::fs::write(&path, &whole[..cut]).unwrap();
            let remembered = Remembered::read(&path, 1000).unwrap();
            let lines = ends.iter().filter(|end| **end <= cut as u64).count();
            assert_eq!(remembered.map(|it| it.marks.len() + 1).unwrap_or(0), lines);
        }
    }

    #[test]
    fn marks_past_the_end_of_the_file_do_not_hold() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let mut journal = Journal::create(&path, settings()).unwrap();
        for place in 1..4 {
            journal.mark(mark(0, place * 10)).unwrap();
        }
        let remembered = Remembered::read(&path, 29).unwrap().unwrap();
        assert_eq!(remembered.bytes(), 20);
        Journal::go_on(&path, &remembered).unwrap();
        assert_eq!(Remembered::read(&path, 1000).unwrap().unwrap().bytes(), 20);
    }

    #[test]
    fn another_file_is_no_journal() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        for text in [
            "",
            "\n",
            "{}\n",
            "{\"cometchat_export\":99,\"settings\":{}}\n",
        ] {
            std::fs::write(&path, text).unwrap();
            assert!(Remembered::read(&path, 0).unwrap().is_none(), "{text}");
        }
    }
}
