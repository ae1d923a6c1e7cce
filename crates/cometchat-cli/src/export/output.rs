//! The destination of rows: stdout, a partial file, or a device or pipe.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::PathBuf;

use super::checkpoint::Mark;
use super::partial_file::PartialFile;
use crate::exit::Failure;
use crate::interrupt::Interrupt;
use crate::terminal::show_path;

/// The destination of rows.
pub(crate) enum Output {
    Stdout,
    /// A device or a named pipe, which is written to directly.
    Device(PathBuf, File),
    Partial(PartialFile),
}

/// Why rows could not be written.
pub(crate) enum WriteError {
    /// The reader of a pipe has closed it.
    Closed,
    Failed(Failure),
}

impl Output {
    /// Opens a device or a named pipe.
    pub(crate) fn device(path: PathBuf) -> io::Result<Self> {
        let file = OpenOptions::new().write(true).open(&path)?;
        Ok(Self::Device(path, file))
    }

    /// Writes a page.
    pub(crate) fn page(
        &mut self,
        page: &[u8],
        mark: Mark,
        interrupt: &Interrupt,
    ) -> Result<(), WriteError> {
        match self {
            Self::Partial(file) => {
                let written = file.append(page, mark);
                written.map_err(|error| self.write_error(&error))
            }
            _ => interrupt.while_writing(|| self.stream(page)),
        }
    }

    /// Completes the output after its last row.
    pub(crate) fn finish(mut self, end: &[u8], interrupt: &Interrupt) -> Result<(), WriteError> {
        match self {
            Self::Partial(file) => {
                let path = show_path(&file.paths().file);
                let finished = file.finish(end);
                finished.map_err(|error| WriteError::Failed(not_written(&path, &error)))
            }
            _ => interrupt.while_writing(|| self.stream(end)),
        }
    }

    /// Writes to stdout or a device.
    pub(crate) fn stream(&mut self, bytes: &[u8]) -> Result<(), WriteError> {
        let written = match self {
            Self::Device(_, file) => file.write_all(bytes),
            _ => {
                let mut stdout = io::stdout().lock();
                stdout.write_all(bytes).and_then(|()| stdout.flush())
            }
        };
        written.map_err(|error| self.write_error(&error))
    }

    fn write_error(&self, error: &io::Error) -> WriteError {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return WriteError::Closed;
        }
        WriteError::Failed(match self {
            Self::Stdout => not_written("stdout", error),
            Self::Device(path, _) => not_written(&show_path(path), error),
            Self::Partial(file) => not_written(&show_path(&file.paths().partial), error)
                .help("It holds the pages before. Free some space, then resume with the same command and --resume"),
        })
    }
}

/// The failure of an output that can't be written.
pub(crate) fn not_written(what: &str, error: &io::Error) -> Failure {
    Failure::failed(format!("{what} can't be written: {error}"))
}
