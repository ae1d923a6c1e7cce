//! The end of the program: its exit code, and the message of a failure.

use std::process::ExitCode;

use crate::terminal::message;

/// The exit codes, as the help lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything is done.
    Done = 0,
    /// The service or the network failed, or the output could not be written.
    Failed = 1,
    /// The arguments or files are wrong; nothing was sent.
    Usage = 2,
    /// The service rejected the key.
    KeyRejected = 3,
    /// The group, or the path of the API, was not found.
    NotFound = 4,
    /// Ctrl-C, or the system's request to stop.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// A failure: what happened on the first line, what to do on the others.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    pub(crate) lines: Vec<String>,
}

impl Failure {
    /// A failure of the service, the network or a disk.
    pub(crate) fn failed(what: impl Into<String>) -> Self {
        Self::new(Exit::Failed, what)
    }

    /// A failure of the arguments or the configuration.
    pub(crate) fn usage(what: impl Into<String>) -> Self {
        Self::new(Exit::Usage, what)
    }

    fn new(exit: Exit, what: impl Into<String>) -> Self {
        Self {
            exit,
            lines: vec![what.into()],
        }
    }

    /// Adds a line on what to do.
    #[must_use]
    pub(crate) fn help(mut self, line: impl Into<String>) -> Self {
        self.lines.push(line.into());
        self
    }

    pub(crate) fn print(&self) {
        message(format_args!("error: {}", self.lines.join("\n  ")));
    }
}
