//! The result of a call that succeeded: the decoded body, and what came with it.

use std::fmt;

use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;

use crate::http::rate_limit::RateLimit;
use crate::values::read_json;

/// A decoded response.
///
/// `Debug` shows the names of the headers, not their values.
#[derive(Clone)]
pub struct Response<T> {
    pub(crate) body: T,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) rate_limit: Option<RateLimit>,
    pub(crate) attempts: u32,
}

impl<T> Response<T> {
    /// The decoded body.
    pub fn body(&self) -> &T {
        &self.body
    }

    /// The decoded body, by value.
    pub fn into_inner(self) -> T {
        self.body
    }

    /// The status, such as 200.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The value of a header, by its name in any case; the first one where there are several, and nothing where it is
    /// not text.
    ///
    /// A body that came compressed has been decompressed: `content-encoding` and `content-length` are gone then.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The id that the service gave the request, if it sent one (`x-request-id`): name it when you ask for support.
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }

    /// The rate limit, if the response states it.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        self.rate_limit
    }

    /// How many attempts the call took; at least 1.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The same response with another body.
    pub fn map<U>(self, map: impl FnOnce(T) -> U) -> Response<U> {
        Response {
            body: map(self.body),
            status: self.status,
            headers: self.headers,
            rate_limit: self.rate_limit,
            attempts: self.attempts,
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("body", &self.body)
            .field("status", &self.status)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("rate_limit", &self.rate_limit)
            .field("attempts", &self.attempts)
            .finish()
    }
}

/// The id of a request, where it is short printable text: it goes into logs.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    let id = headers.get("x-request-id")?.to_str().ok()?.trim();
    (1..=128).contains(&id.len()).then_some(id)
}

/// Decodes a body, whose encoding is checked in the whole text at once: that costs a fraction of a check of each key and
/// string in it. Table (d) of docs/benchmarks.md has both.
pub(crate) fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, serde_json::Error> {
    match std::str::from_utf8(body) {
        Ok(text) => read_json(text),
        // Its error says where.
        Err(_) => serde_json::from_slice(body),
    }
}
