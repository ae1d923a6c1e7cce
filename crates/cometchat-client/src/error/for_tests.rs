//! Errors for the unit tests of a program, which then need no server.

use std::time::Duration;

use crate::error::code::hint;
use crate::error::{Error, ErrorKind, Inner};
use crate::generated::Operation;
use crate::generated::runtime::ErrorCode;

/// Puts an error together for a unit test; see [`Error::for_tests`] for the short form.
///
/// ```
/// use std::time::Duration;
/// use cometchat_client::{Error, ErrorForTests, ErrorKind};
///
/// fn pause(error: &Error) -> Option<Duration> {
///     error.is_retryable().then(|| error.retry_after().unwrap_or(Duration::from_secs(1)))
/// }
///
/// let error = ErrorForTests::new(ErrorKind::RateLimited).status(429).build();
/// assert_eq!(pause(&error), Some(Duration::from_secs(1)));
/// ```
#[must_use]
pub struct ErrorForTests(Inner);

impl Error {
    /// Returns an error of this kind, for the unit tests of a program that handles errors. No call gives such an error.
    ///
    /// [`ErrorForTests`] sets more of it.
    ///
    /// ```
    /// use cometchat_client::{Error, ErrorKind};
    ///
    /// let error = Error::for_tests(ErrorKind::Timeout);
    /// assert!(error.is_retryable());
    /// ```
    pub fn for_tests(kind: ErrorKind) -> Self {
        ErrorForTests::new(kind).build()
    }
}

impl ErrorForTests {
    /// Starts with an error of this kind, which is retryable if the kind is.
    pub fn new(kind: ErrorKind) -> Self {
        Self(Inner::new(kind, format!("{kind}, made for a test"), None))
    }

    /// Sets [`Error::operation`].
    pub fn operation(mut self, operation: Operation) -> Self {
        self.0.operation = Some(operation);
        self
    }

    /// Sets [`Error::page`].
    pub fn page(mut self, page: u32) -> Self {
        self.0.page = Some(page);
        self
    }

    /// Sets [`Error::status`].
    pub fn status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    /// Sets [`Error::code`].
    pub fn code(mut self, code: impl Into<ErrorCode>) -> Self {
        self.0.code = Some(code.into());
        self
    }

    /// Sets [`Error::message`].
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.0.message = Some(message.into());
        self
    }

    /// Sets [`Error::attempts`].
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    /// Sets [`Error::retry_after`].
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    /// Sets [`Error::is_retryable`].
    pub fn retryable(mut self, retryable: bool) -> Self {
        self.0.retryable = retryable;
        self
    }

    /// Returns the error. Its [`hint`](Error::hint) follows from code and status, if either is set.
    pub fn build(mut self) -> Error {
        if self.0.code.is_some() || self.0.status.is_some() {
            let status = self.0.status.unwrap_or_default();
            self.0.hint = Some(hint(status, self.0.code.as_ref()));
        }
        self.0.into()
    }
}

impl std::fmt::Debug for ErrorForTests {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("ErrorForTests").field(&self.0.kind).finish()
    }
}
