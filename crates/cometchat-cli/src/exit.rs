//! How the program ends: its exit code, and what it says when something went wrong.

use std::process::ExitCode;

use crate::terminal::say;

/// The exit codes, as the help lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All is done.
    Done = 0,
    /// The service or the network failed, or the output could not be written.
    Failed = 1,
    /// What was asked for can't be done.
    Usage = 2,
    /// Somebody pressed Ctrl-C.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why the program could not do what it was asked: what happened on the first line, what to do on the others.
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

    /// A failure of the one who asked.
    pub(crate) fn usage(what: impl Into<String>) -> Self {
        Self::new(Exit::Usage, what)
    }

    fn new(exit: Exit, what: impl Into<String>) -> Self {
        Self {
            exit,
            lines: vec![what.into()],
        }
    }

    /// With a line on what to do.
    #[must_use]
    pub(crate) fn advise(mut self, line: impl Into<String>) -> Self {
        self.lines.push(line.into());
        self
    }

    /// Says it on stderr.
    pub(crate) fn print(&self) {
        say(format_args!("error: {}", self.lines.join("\n  ")));
    }
}
