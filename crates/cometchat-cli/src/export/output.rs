//! The destination of rows: a partial file, or a stream such as stdout, a device or a pipe.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;

use super::checkpoint::Mark;
use super::partial_file::PartialFile;
use crate::exit::Failure;
use crate::interrupt::Interrupt;
use crate::terminal::show_path;

pub(crate) enum Output {
    /// A stream and its name.
    Stream(String, Box<dyn Write + Send>),
    Partial(PartialFile),
}

pub(crate) enum Stopped {
    Interrupted,
    /// The reader of a pipe has closed it.
    Closed,
    Failed(Failure),
}

impl Output {
    pub(crate) fn stdout() -> Self {
        Self::Stream("stdout".to_owned(), Box::new(io::stdout()))
    }

    /// A device, a named pipe or an open file, which is appended to.
    pub(crate) fn device(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().append(true).open(path)?;
        Ok(Self::Stream(show_path(path), Box::new(file)))
    }

    pub(crate) fn page(
        &mut self,
        page: &[u8],
        mark: Mark,
        interrupt: &Interrupt,
    ) -> Result<(), Stopped> {
        match self {
            Self::Stream(..) => self.stream(page, interrupt),
            Self::Partial(file) => file.append(page, mark).map_err(|error| {
                let failure = not_written(&show_path(&file.paths.partial), &error);
                Stopped::Failed(failure.help(
                    "It holds the pages before. Free some space, then resume with the same command and --resume",
                ))
            }),
        }
    }

    /// Writes the end, after the last row, and completes the output.
    pub(crate) fn finish(mut self, end: &[u8], interrupt: &Interrupt) -> Result<(), Stopped> {
        match self {
            Self::Stream(..) => self.stream(end, interrupt),
            Self::Partial(file) => {
                let path = show_path(&file.paths.file);
                file.finish(end)
                    .map_err(|error| Stopped::Failed(not_written(&path, &error)))
            }
        }
    }

    pub(crate) fn stream(&mut self, bytes: &[u8], interrupt: &Interrupt) -> Result<(), Stopped> {
        let Self::Stream(name, writer) = self else {
            return Ok(());
        };
        let written =
            interrupt.while_writing(|| writer.write_all(bytes).and_then(|()| writer.flush()));
        written.map_err(|error| match error.kind() {
            io::ErrorKind::BrokenPipe => Stopped::Closed,
            _ => Stopped::Failed(not_written(name, &error)),
        })
    }
}

pub(crate) fn not_written(what: &str, error: &io::Error) -> Failure {
    Failure::failed(format!("{what} can't be written: {error}"))
}
