//! The checkpoint of an export: what was requested and how far each group is, in a file beside the partial file.
//!
//! Its first line holds the settings of the export. A further line follows each page that was written: how far its group
//! is, and the length of the partial file. Whatever stops the program, the last complete line says which bytes of the
//! partial file are whole pages.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The version of the file format. A file of another version is ignored.
const VERSION: u32 = 1;

/// A larger file is not a checkpoint, in bytes. A million pages take about 80 MB.
pub(crate) const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// The settings of an export, by the name of the argument.
pub(crate) type Settings = Map<String, Value>;

#[derive(Serialize, Deserialize)]
struct Head {
    cometchat_export: u32,
    settings: Settings,
}

/// How far a group is after a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mark {
    pub(crate) group: usize,
    /// The page to continue with.
    pub(crate) next_page: u32,
    /// The rows of the group so far.
    pub(crate) rows: u64,
    pub(crate) done: bool,
    /// The length of the partial file, in bytes.
    pub(crate) bytes: u64,
}

impl Mark {
    /// The mark of a group that is not started.
    pub(crate) fn start(group: usize, first_page: u32) -> Self {
        Self {
            group,
            next_page: first_page,
            rows: 0,
            done: false,
            bytes: 0,
        }
    }
}

pub(crate) struct Checkpoint {
    pub(crate) file: File,
}

pub(crate) struct Saved {
    pub(crate) settings: Settings,
    /// The marks, in the order in which they were written.
    pub(crate) marks: Vec<Mark>,
    /// The length of the checkpoint up to the last valid mark, in bytes.
    length: u64,
}

impl Checkpoint {
    /// Starts a checkpoint in an empty file.
    pub(crate) fn start(file: File, settings: Settings) -> io::Result<Self> {
        let mut checkpoint = Self { file };
        checkpoint.write_line(&Head {
            cometchat_export: VERSION,
            settings,
        })?;
        Ok(checkpoint)
    }

    /// Continues a checkpoint after its last valid mark.
    pub(crate) fn resume(mut file: File, saved: &Saved) -> io::Result<Self> {
        file.set_len(saved.length)?;
        file.seek(SeekFrom::End(0))?;
        Ok(Self { file })
    }

    pub(crate) fn mark(&mut self, mark: Mark) -> io::Result<()> {
        self.write_line(&mark)
    }

    fn write_line(&mut self, line: &impl Serialize) -> io::Result<()> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        self.file.write_all(&text)
    }
}

impl Saved {
    /// Reads a checkpoint. Returns `None` if the file is not one.
    ///
    /// A mark beyond the end of the partial file is not valid: the system went down before all pages were on the disk.
    pub(crate) fn read(file: &File, partial_length: u64) -> io::Result<Option<Self>> {
        // The file can grow while it is read.
        let mut reader = BufReader::new(file.take(MAX_BYTES));
        let mut line = Vec::new();
        let Some(head) = read_line::<Head>(&mut reader, &mut line)? else {
            return Ok(None);
        };
        if head.cometchat_export != VERSION {
            return Ok(None);
        }
        let mut saved = Self {
            settings: head.settings,
            marks: Vec::new(),
            length: line.len() as u64,
        };
        while let Some(mark) = read_line::<Mark>(&mut reader, &mut line)? {
            if mark.bytes > partial_length {
                break;
            }
            saved.marks.push(mark);
            saved.length += line.len() as u64;
        }
        Ok(Some(saved))
    }

    /// The length of the partial file up to which it holds whole pages, in bytes.
    pub(crate) fn bytes(&self) -> u64 {
        self.marks.last().map_or(0, |mark| mark.bytes)
    }
}

/// Reads a line into `line`. Returns `None` for a line without a line break, which was being written when the program
/// was stopped, and for one that is not a `T`.
fn read_line<T: DeserializeOwned>(
    reader: &mut impl BufRead,
    line: &mut Vec<u8>,
) -> io::Result<Option<T>> {
    line.clear();
    reader.read_until(b'\n', line)?;
    if !line.ends_with(b"\n") {
        return Ok(None);
    }
    Ok(serde_json::from_slice(line).ok())
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

    fn start(marks: u64) -> Checkpoint {
        let mut checkpoint = Checkpoint::start(tempfile::tempfile().unwrap(), settings()).unwrap();
        for place in 1..=marks {
            checkpoint.mark(mark(0, place * 10)).unwrap();
        }
        checkpoint
    }

    fn read(file: &mut File, partial_length: u64) -> Option<Saved> {
        file.rewind().unwrap();
        Saved::read(file, partial_length).unwrap()
    }

    fn containing(text: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(text).unwrap();
        file
    }

    #[test]
    fn marks_are_read_back_and_continued() {
        let mut checkpoint = start(1);
        let saved = read(&mut checkpoint.file, 10).unwrap();
        assert_eq!(saved.settings, settings());
        let mut checkpoint = Checkpoint::resume(checkpoint.file, &saved).unwrap();
        checkpoint.mark(mark(1, 20)).unwrap();
        let saved = read(&mut checkpoint.file, 20).unwrap();
        assert_eq!(saved.marks, [mark(0, 10), mark(1, 20)]);
        assert_eq!(saved.bytes(), 20);
    }

    #[test]
    fn a_cut_checkpoint_keeps_its_complete_lines() {
        let mut whole = Vec::new();
        let mut checkpoint = start(3);
        checkpoint.file.rewind().unwrap();
        checkpoint.file.read_to_end(&mut whole).unwrap();
        for cut in 0..=whole.len() {
            let lines = whole[..cut].iter().filter(|byte| **byte == b'\n').count();
            let saved = read(&mut containing(&whole[..cut]), 1000);
            assert_eq!(saved.map_or(0, |saved| saved.marks.len() + 1), lines);
        }
    }

    #[test]
    fn marks_beyond_the_partial_file_are_dropped() {
        let mut checkpoint = start(3);
        let saved = read(&mut checkpoint.file, 29).unwrap();
        assert_eq!(saved.bytes(), 20);
        let mut checkpoint = Checkpoint::resume(checkpoint.file, &saved).unwrap();
        assert_eq!(read(&mut checkpoint.file, 1000).unwrap().bytes(), 20);
    }

    #[test]
    fn another_file_is_not_a_checkpoint() {
        for text in [
            "",
            "\n",
            "{}\n",
            "{\"cometchat_export\":99,\"settings\":{}}\n",
        ] {
            assert!(
                read(&mut containing(text.as_bytes()), 0).is_none(),
                "{text}"
            );
        }
    }
}
