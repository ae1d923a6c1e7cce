//! The error of every call: an opaque type that can grow.
//!
//! Its text says what happened, to which operation, page and id, and what to do. It never holds a header or a body: the
//! service's own words are in [`Error::message`], [`Error::details`] and [`Error::body_snippet`].

pub(crate) mod code;
pub(crate) mod decode_error;
mod for_tests;
pub(crate) mod hint;
pub(crate) mod redact;
pub(crate) mod response;
pub(crate) mod retried;
pub(crate) mod transport;

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use serde_json::Value;

use crate::error::code::printable;
use crate::error::hint::Hint;
use crate::generated::Operation;
use crate::generated::runtime::ErrorCode;
use crate::http::call_info::CallInfo;

pub use for_tests::ErrorForTests;

/// The kind of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A setting of the program can't be used: one of the client, or an option of a list. Nothing was sent.
    Config,
    /// An argument of a call was rejected before anything was sent: a GUID, a number of rows.
    InvalidRequest,
    /// The service refused the request or failed; see [`Error::code`] and [`Error::status`].
    Api,
    /// The service allows no further request now, or the call could not wait for its turn under
    /// [`requests_per_minute`](crate::ClientBuilder::requests_per_minute); see [`Error::retry_after`].
    RateLimited,
    /// A time limit was reached: [`connect_timeout`](crate::ClientBuilder::connect_timeout),
    /// [`attempt_timeout`](crate::ClientBuilder::attempt_timeout), or
    /// [`call_timeout`](crate::ClientBuilder::call_timeout).
    Timeout,
    /// The connection failed: it was refused, reset, or closed within a response. What a proxy or a certificate needs is set
    /// by [`configure_http`](crate::ClientBuilder::configure_http).
    Transport,
    /// The response is not what the spec says; see [`Error::json_path`].
    Decode,
    /// The response is larger than [`max_response_bytes`](crate::ClientBuilder::max_response_bytes), or a page has more than
    /// [`MAX_ROWS`](crate::ListOperation::MAX_ROWS) rows.
    TooLarge,
    /// The service answered with a redirect. None is followed, since the key would go along; see
    /// [`base_url`](crate::ClientBuilder::base_url).
    Redirect,
    /// A list made no progress: its pages repeated, were empty, or came to no end. Only streams of pages and of items give
    /// it, such as those of the crate `cometchat`.
    Pagination,
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Config => "invalid configuration",
            Self::InvalidRequest => "invalid request",
            Self::Api => "API error",
            Self::RateLimited => "rate limited",
            Self::Timeout => "timeout",
            Self::Transport => "connection error",
            Self::Decode => "undecodable response",
            Self::TooLarge => "response too large",
            Self::Redirect => "redirect",
            Self::Pagination => "pagination error",
        })
    }
}

/// The error of a call.
///
/// `Display` says what happened, to which operation, GUID and page, and what to do. Neither it nor `Debug` shows the key, a
/// header or a body.
pub struct Error(pub(crate) Box<Inner>);

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
    pub(crate) dev_message: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) details: Option<Value>,
    pub(crate) attempts: u32,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) retryable: bool,
    pub(crate) json_path: Option<String>,
    pub(crate) snippet: Option<String>,
    pub(crate) source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Inner {
    pub(crate) fn new(
        kind: ErrorKind,
        what: impl Into<String>,
        hint: impl Into<Option<Hint>>,
    ) -> Self {
        Self {
            kind: Some(kind),
            what: what.into(),
            hint: hint.into(),
            retryable: matches!(
                kind,
                ErrorKind::RateLimited | ErrorKind::Timeout | ErrorKind::Transport
            ),
            ..Self::default()
        }
    }
}

impl From<Inner> for Error {
    fn from(inner: Inner) -> Self {
        Self(Box::new(inner))
    }
}

impl Error {
    /// Returns the error of a setting that can't be used.
    #[doc(hidden)]
    pub fn config(what: impl Into<String>) -> Self {
        Inner::new(ErrorKind::Config, what, None).into()
    }

    /// Returns the error of an argument that is rejected.
    #[doc(hidden)]
    pub fn invalid(what: impl Into<String>) -> Self {
        Inner::new(ErrorKind::InvalidRequest, what, None).into()
    }

    pub(crate) fn hinted(mut self, hint: Hint) -> Self {
        self.0.hint = Some(hint);
        self
    }

    /// Returns the error of a list that ends at this page, for another reason than a call that failed.
    #[doc(hidden)]
    pub fn of_list(
        kind: ErrorKind,
        what: impl Into<String>,
        hint: Hint,
        operation: Operation,
        subjects: Vec<(&'static str, String)>,
        page: u32,
    ) -> Self {
        Self::from(Inner::new(kind, what, hint))
            .at(CallInfo {
                operation,
                subjects,
                page: Some(page),
            })
            .after(1)
    }

    /// A call outside of the runtime that it began in, or of any.
    pub(crate) fn no_runtime() -> Self {
        let what = "the call is not polled in the tokio runtime that it began in";
        Inner::new(ErrorKind::Transport, what, Hint::UseOneRuntime).into()
    }

    /// Adds the call that the error belongs to.
    pub(crate) fn at(mut self, call: CallInfo) -> Self {
        self.0.operation = Some(call.operation);
        self.0.subjects = call.subjects;
        self.0.page = call.page;
        self
    }

    pub(crate) fn after(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    /// The kind of the error.
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

    /// The status of the response, if one began.
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// The service's error code, if it sent one. Decide by this before the status.
    pub fn code(&self) -> Option<&ErrorCode> {
        self.0.code.as_ref()
    }

    /// The service's message for users, if it sent one. It can hold personal data.
    pub fn message(&self) -> Option<&str> {
        self.0.message.as_deref()
    }

    /// The service's message for developers (`devMessage`), if it sent one. It can hold personal data.
    pub fn dev_message(&self) -> Option<&str> {
        self.0.dev_message.as_deref()
    }

    /// The service's details, if it sent any: an object by parameter, or a text. They can hold personal data.
    pub fn details(&self) -> Option<&Value> {
        self.0.details.as_ref()
    }

    /// The id that the service gave the request, if it sent one (`x-request-id`): name it when you ask for support.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// The page asked for, from 1, if the operation pages. All rows before it have been delivered.
    pub fn page(&self) -> Option<u32> {
        self.0.page
    }

    /// How many attempts were made; 0 if nothing was sent.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// How long to wait before the same call, if the service says so or the client's own rate does.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Whether the same call can succeed later.
    pub fn is_retryable(&self) -> bool {
        self.0.retryable
    }

    /// Returns `true` if the service knows no such group or user.
    pub fn is_not_found(&self) -> bool {
        let hint = self.hint_of_response();
        matches!(
            hint,
            Some(Hint::CheckGroup | Hint::CheckUser | Hint::CheckAddress)
        )
    }

    /// Returns `true` if the service rejects the key: it knows no such key, or the key may not list.
    pub fn is_unauthorized(&self) -> bool {
        // Of an empty key, a proxy can be the cause.
        let hint = self.hint_of_response();
        matches!(
            hint,
            Some(Hint::CheckApiKey | Hint::UseFullAccessKey | Hint::CheckProxy)
        )
    }

    /// Returns what code and status say, whatever else ended the call.
    fn hint_of_response(&self) -> Option<Hint> {
        (self.kind() == ErrorKind::Api)
            .then(|| code::hint(self.status().unwrap_or_default(), self.code()))
    }

    /// The location in the response of a value that can't be decoded, such as `data[17].joinedAt`.
    pub fn json_path(&self) -> Option<&str> {
        self.0.json_path.as_deref()
    }

    /// The beginning of the response's body, at most 1 KiB. It can hold personal data; neither `Display` nor `Debug`
    /// shows it.
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
            shown.field("code", &printable(code));
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
