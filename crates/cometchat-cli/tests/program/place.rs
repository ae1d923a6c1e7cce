//! A file to export to, and what an export to it leaves.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use crate::run::{run, sandbox, with_sandbox};

/// A folder with a file to export to.
pub struct Place {
    pub folder: TempDir,
    pub file: PathBuf,
}

impl Place {
    pub fn new(name: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(name);
        Self { folder, file }
    }

    /// The arguments of an export to it.
    pub fn arguments<'a>(&'a self, more: &[&'a str]) -> Vec<&'a str> {
        let mut arguments = vec!["members", "city", "--output", self.file.to_str().unwrap()];
        arguments.extend(more);
        arguments
    }

    pub fn part(&self) -> PathBuf {
        let mut name = self.file.clone().into_os_string();
        name.push(".part");
        name.into()
    }

    pub fn checkpoint(&self) -> PathBuf {
        let mut name = self.file.clone().into_os_string();
        name.push(".part.state");
        name.into()
    }

    /// The names of the files in the folder.
    pub fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    }
}

/// The number of rows of a CSV file, each of them complete.
pub fn csv_rows(text: &[u8]) -> usize {
    let records = csv::Reader::from_reader(text).into_records();
    records.collect::<Result<Vec<_>, _>>().unwrap().len()
}

/// The file of an export without interruption.
pub fn uninterrupted(name: &str, more: &[&str]) -> Vec<u8> {
    let (place, sandbox) = (Place::new(name), sandbox());
    run(&mut with_sandbox(&sandbox, place.arguments(more))).done();
    fs::read(&place.file).unwrap()
}
