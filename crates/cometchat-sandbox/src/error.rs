//! What keeps a sandbox from starting, or a change from being made.

use std::fmt;
use std::io;

/// Why a sandbox could not do what it was told; its text says what to do about it.
///
/// A mistake in a test's own setting, such as an unknown group or a status that no answer can have, is an error here
/// and never an answer to a request.
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
