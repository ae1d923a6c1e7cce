//! What a call that succeeded gives: the decoded body, and what came with it.

use std::ops::Deref;

use crate::http::rate_limit::RateLimit;

/// A decoded response.
#[derive(Clone, Debug)]
pub struct Response<T> {
    pub(crate) body: T,
    pub(crate) status: u16,
    pub(crate) rate_limit: Option<RateLimit>,
    pub(crate) attempts: u32,
}

impl<T> Response<T> {
    /// The decoded body.
    pub fn into_inner(self) -> T {
        self.body
    }

    /// The status, such as 200.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// What the service said of its rate limit, if it did.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        self.rate_limit
    }

    /// How many attempts it took; at least 1.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The same response with another body.
    pub fn map<U>(self, map: impl FnOnce(T) -> U) -> Response<U> {
        Response {
            body: map(self.body),
            status: self.status,
            rate_limit: self.rate_limit,
            attempts: self.attempts,
        }
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.body
    }
}
