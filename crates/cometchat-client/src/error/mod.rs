//! The one error of every call: opaque, so that it can grow, with what a program decides by and a person needs.
//!
//! Its text says what happened, to which operation, page and id, and what to do. It never holds a header or a body:
//! what the service sent is in [`Error::message`], [`Error::details`] and [`Error::body_snippet`], for those who ask.

pub(crate) mod decode_error;
pub(crate) mod hint;
pub(crate) mod redact;

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use serde_json::Value;

use crate::error::hint::{Hint, printable_code};
use crate::generated::Operation;
use crate::types::ErrorCode;

/// What went wrong, by kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request, or the client's configuration, is refused before anything is sent.
    InvalidRequest,
    /// The service refused the request, or failed.
    Api,
    /// The service wants fewer requests.
    RateLimited,
    /// No whole response came in time.
    Timeout,
    /// The connection failed: refused, reset, or closed in the middle of a response.
    Transport,
    /// The response is not what the spec says it is.
    Decode,
    /// The response is larger than the client accepts.
    TooLarge,
    /// The service answered with a redirect, which is not followed: the key would go along.
    Redirect,
    /// The list does not move on.
    Pagination,
}

/// Why a call failed.
pub struct Error(Box<Inner>);

pub(crate) type Source = Box<dyn StdError + Send + Sync>;

/// What an error holds.
#[derive(Default)]
pub(crate) struct Inner {
    pub(crate) kind: Option<ErrorKind>,
    /// What happened, as the first part of the text.
    pub(crate) what: String,
    /// More on what happened: a sentence, or nothing.
    pub(crate) note: String,
    /// What to do, as the last part of the text.
    pub(crate) hint: Option<Hint>,
    pub(crate) operation: Option<Operation>,
    pub(crate) subjects: Vec<(&'static str, String)>,
    pub(crate) page: Option<u32>,
    pub(crate) status: Option<u16>,
    pub(crate) code: Option<ErrorCode>,
    pub(crate) message: Option<String>,
    pub(crate) details: Option<Value>,
    pub(crate) attempts: u32,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) retryable: bool,
    pub(crate) json_path: Option<String>,
    pub(crate) snippet: Option<String>,
    pub(crate) source: Option<Source>,
}

impl From<Inner> for Error {
    fn from(inner: Inner) -> Self {
        Self(Box::new(inner))
    }
}

impl Error {
    /// A refusal of what the caller said.
    pub(crate) fn invalid(what: impl Into<String>) -> Self {
        Inner {
            kind: Some(ErrorKind::InvalidRequest),
            what: what.into(),
            ..Inner::default()
        }
        .into()
    }

    /// Says what to do about it.
    pub(crate) fn hinted(mut self, hint: Hint) -> Self {
        self.0.hint = Some(hint);
        self
    }

    /// A list that does not move on, at this page.
    #[doc(hidden)]
    pub fn pagination(
        operation: Operation,
        subjects: Vec<(&'static str, String)>,
        page: u32,
        what: String,
        hint: Hint,
    ) -> Self {
        Inner {
            kind: Some(ErrorKind::Pagination),
            what,
            hint: Some(hint),
            operation: Some(operation),
            subjects,
            page: Some(page),
            attempts: 1,
            ..Inner::default()
        }
        .into()
    }

    /// A refusal of an argument, before a request is made of it.
    #[doc(hidden)]
    pub fn invalid_request(what: String) -> Self {
        Self::invalid(what)
    }

    /// The end of what a call ran on, which is nothing that the service did.
    #[doc(hidden)]
    pub fn shut_down(
        operation: Operation,
        subjects: Vec<(&'static str, String)>,
        page: u32,
    ) -> Self {
        Inner {
            operation: Some(operation),
            subjects,
            page: Some(page),
            kind: Some(ErrorKind::Transport),
            what: "the runtime that made the request was shut down".to_owned(),
            hint: Some(Hint::ResumeFromPage),
            retryable: true,
            ..Inner::default()
        }
        .into()
    }

    /// Says which call the error belongs to.
    pub(crate) fn at(
        mut self,
        operation: Operation,
        subjects: Vec<(&'static str, String)>,
        page: Option<u32>,
    ) -> Self {
        self.0.operation = Some(operation);
        self.0.subjects = subjects;
        self.0.page = page;
        self
    }

    /// What went wrong, by kind.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind.unwrap_or(ErrorKind::Transport)
    }

    /// The operation that was called; `None` if the client could not be built.
    pub fn operation(&self) -> Option<Operation> {
        self.0.operation
    }

    /// What happened, without the call that it happened to and without what to do: the middle of this error's text.
    pub fn summary(&self) -> &str {
        &self.0.what
    }

    /// What to do about it. This error's text ends with the same, worded for a programmer.
    pub fn hint(&self) -> Option<Hint> {
        self.0.hint
    }

    /// The status of the response, where one came.
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// The service's code for what went wrong, where it sent one. Decide by this before the status.
    pub fn code(&self) -> Option<&ErrorCode> {
        self.0.code.as_ref()
    }

    /// What the service says of it, where it says something: text from outside, not a part of this error's own.
    pub fn message(&self) -> Option<&str> {
        self.0.message.as_deref()
    }

    /// More of what the service says: an object by parameter, a text, or nothing.
    pub fn details(&self) -> Option<&Value> {
        self.0.details.as_ref()
    }

    /// The page that was asked for, from 1, where the operation pages. All rows before it have been delivered.
    pub fn page(&self) -> Option<u32> {
        self.0.page
    }

    /// How many attempts were made; 0 where nothing was sent.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// How long the service asks to wait before the next request, where it does.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Whether the same call may well succeed later.
    pub fn is_retryable(&self) -> bool {
        self.0.retryable
    }

    /// Where in the response the value stands that could not be read, such as `data[17].joinedAt`.
    pub fn json_path(&self) -> Option<&str> {
        self.0.json_path.as_deref()
    }

    /// The beginning of the response's body, at most 1 KiB. It can hold personal data, and is never printed by itself.
    pub fn body_snippet(&self) -> Option<&str> {
        self.0.snippet.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.0;
        if let Some(operation) = inner.operation {
            f.write_str(operation.id())?;
            for (name, value) in &inner.subjects {
                write!(f, " {name} {value:?}")?;
            }
            if let Some(page) = inner.page {
                write!(f, " page {page}")?;
            }
            f.write_str(": ")?;
        }
        f.write_str(&inner.what)?;
        if inner.attempts > 1 {
            write!(f, ", after {} attempts", inner.attempts)?;
        }
        if !inner.note.is_empty() {
            write!(f, ". {}", inner.note.trim_end_matches('.'))?;
        }
        if let Some(hint) = inner.hint {
            write!(f, ". {hint}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Error");
        shown.field("kind", &self.kind());
        if let Some(status) = self.status() {
            shown.field("status", &status);
        }
        if let Some(code) = self.code() {
            shown.field("code", &printable_code(code));
        }
        shown.field("text", &format_args!("{:?}", self.to_string()));
        if let Some(source) = &self.0.source {
            shown.field("source", &format_args!("{:?}", source.to_string()));
        }
        shown.finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
