//! The error of a sandbox that can't start, or of a change that can't be made.

use std::fmt;
use std::io;

/// The reason that a sandbox can't start, or a change can't be made. Its text says what to do.
///
/// A mistake in the test itself, such as an unknown group or an invalid status, is this error and never a response.
#[derive(Debug)]
pub struct Error {
    problem: String,
    source: Option<io::Error>,
}

impl Error {
    pub(crate) fn new(problem: impl Into<String>) -> Self {
        Self {
            problem: problem.into(),
            source: None,
        }
    }

    pub(crate) fn io(problem: impl Into<String>, source: io::Error) -> Self {
        Self {
            problem: problem.into(),
            source: Some(source),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}
