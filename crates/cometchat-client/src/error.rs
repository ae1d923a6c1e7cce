//! The one error of every call: opaque, so that it can grow, with what a program decides by and a person needs.
//!
//! Its text says what happened, to which operation, page and id, and what to do. It never holds a header or a body:
//! what the service sent is in [`Error::message`], [`Error::details`] and [`Error::body_snippet`], for those who ask.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use serde_json::Value;

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
    /// What to do, as the last part of the text.
    pub(crate) advice: String,
    pub(crate) operation: Option<&'static str>,
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

    /// A list that does not move on, at this page.
    #[doc(hidden)]
    pub fn pagination(
        operation: &'static str,
        subjects: Vec<(&'static str, String)>,
        page: u32,
        what: String,
        advice: &str,
    ) -> Self {
        Inner {
            kind: Some(ErrorKind::Pagination),
            what,
            advice: advice.to_owned(),
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

    /// Says which call the error belongs to.
    pub(crate) fn at(
        mut self,
        operation: &'static str,
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
            f.write_str(operation)?;
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
        if !inner.advice.is_empty() {
            write!(f, ". {}", inner.advice)?;
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

/// A code, if it looks like one: what a stranger put in its place is not printed.
pub(crate) fn printable_code(code: &ErrorCode) -> &str {
    let text = code.as_str();
    let fits = text.len() <= 64
        && text
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    if fits {
        text
    } else {
        "(a code of another form)"
    }
}

/// What a code, or failing that a status, means and what to do about it.
pub(crate) fn advice(status: u16, code: Option<&ErrorCode>) -> &'static str {
    match code.map_or("", ErrorCode::as_str) {
        "AUTH_ERR_APIKEY_NOT_FOUND" => {
            "The key is not one of this app: check that it is a REST API key (fullAccess) from the dashboard, and that \
             app id and region belong to it"
        }
        "AUTH_ERR_EMPTY_APIKEY" => {
            "No key arrived: set COMETCHAT_API_KEY to a REST API key (fullAccess)"
        }
        "AUTH_ERR_NO_ACCESS" => {
            "This key may not list groups: use a REST API key (fullAccess) from the dashboard, not an authOnly key"
        }
        "AUTH_ERR_INVALID_APPID" => {
            "There is no such app in this region: check the app id, and the region (us, eu, in)"
        }
        "ERR_PLAN_QUOTA_RESTRICTION" => {
            "The quota of the app's plan is used up: wait for the next period, or change the plan"
        }
        "ERR_PLAN_RESTRICTION" => {
            "The app's plan does not include this: change the plan in the dashboard"
        }
        "ERR_SUBSCRIPTION_EXPIRED" => "The app's subscription has ended: renew it in the dashboard",
        "ERR_GUID_NOT_FOUND" => {
            "There is no such group in this app: check the GUID, the app id and the region"
        }
        "ERR_UID_NOT_FOUND" => {
            "There is no such user in this app: check the user to act for (onBehalfOf)"
        }
        "ERR_API_NOT_FOUND" => {
            "The address is not one of the API: check the base URL, which ends in /v3"
        }
        "ERR_BAD_REQUEST" => "A parameter is wrong; details() says which",
        "ERR_TOO_MANY_REQUESTS" => RATE_ADVICE,
        _ => match status {
            300..=399 => {
                "Set the base URL to the address that answers itself; redirects are not followed, as the key would go along"
            }
            401 => "Check that the key is a REST API key (fullAccess) of this app",
            402 => "The app's plan does not cover this: see the dashboard",
            403 => {
                "Check that the key is a REST API key (fullAccess), and that nothing between refuses you"
            }
            404 => "Check the base URL, the GUID, the app id and the region",
            408 | 500..=599 => "It may pass: try again later",
            429 => RATE_ADVICE,
            _ => "message() and details() hold what the service says of it",
        },
    }
}

const RATE_ADVICE: &str = "Slow down with .rate_limit(per_minute), or try again later";
