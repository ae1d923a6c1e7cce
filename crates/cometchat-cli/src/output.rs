//! Where rows go: to stdout, to a file that grows as a part file, or straight into what is no plain file.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::PathBuf;

use crate::exit::Failure;
use crate::interrupt::Interrupt;
use crate::journal::Mark;
use crate::part::{self, Part};

/// Where rows go.
pub(crate) enum Output {
    Stdout,
    /// A device or a pipe, which no part file can stand in for.
    Device(PathBuf, File),
    Part(Part),
}

/// Why rows could not be written.
pub(crate) enum Unwritten {
    /// Whoever read them has had enough.
    Closed,
    Failed(Failure),
}

impl Output {
    /// Opens a device or a pipe.
    pub(crate) fn device(path: PathBuf) -> io::Result<Self> {
        let file = OpenOptions::new().write(true).open(&path)?;
        Ok(Self::Device(path, file))
    }

    /// Writes a whole page.
    pub(crate) fn page(
        &mut self,
        page: &[u8],
        mark: Mark,
        interrupt: &Interrupt,
    ) -> Result<(), Unwritten> {
        match self {
            Self::Part(part) => {
                let written = part.append(page, mark);
                written.map_err(|error| self.unwritten(&error))
            }
            _ => interrupt.while_writing(|| self.stream(page)),
        }
    }

    /// Ends the output, when all rows are written.
    pub(crate) fn finish(mut self, end: &[u8], interrupt: &Interrupt) -> Result<(), Unwritten> {
        match self {
            Self::Part(part) => {
                let shown = part::shown(&part.names().file);
                let finished = part.finish(end);
                finished.map_err(|error| Unwritten::Failed(not_written(&shown, &error)))
            }
            _ => interrupt.while_writing(|| self.stream(end)),
        }
    }

    /// Leaves the output as it is, to be gone on with; `end` makes a part file one that can be read.
    pub(crate) fn leave(self, end: &[u8]) -> Result<(), Unwritten> {
        match self {
            Self::Part(part) => {
                let shown = part::shown(&part.names().part);
                let left = part.leave(end);
                left.map_err(|error| Unwritten::Failed(not_written(&shown, &error)))
            }
            _ => Ok(()),
        }
    }

    /// Writes to what is no plain file.
    pub(crate) fn stream(&mut self, bytes: &[u8]) -> Result<(), Unwritten> {
        let written = match self {
            Self::Device(_, file) => file.write_all(bytes),
            _ => {
                let mut stdout = io::stdout().lock();
                stdout.write_all(bytes).and_then(|()| stdout.flush())
            }
        };
        written.map_err(|error| self.unwritten(&error))
    }

    fn unwritten(&self, error: &io::Error) -> Unwritten {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Unwritten::Closed;
        }
        Unwritten::Failed(match self {
            Self::Stdout => not_written("stdout", error),
            Self::Device(path, _) => not_written(&part::shown(path), error),
            Self::Part(part) => not_written(&part::shown(&part.names().part), error)
                .advise("It holds the pages before that. Make room, and go on with the same command and --resume"),
        })
    }
}

fn not_written(what: &str, error: &io::Error) -> Failure {
    Failure::failed(format!("{what} can't be written: {error}"))
}
