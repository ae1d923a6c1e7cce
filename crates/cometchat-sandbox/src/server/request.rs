//! A recorded request, for a test to inspect.

use std::fmt;

use http::HeaderMap;

use crate::service::query;
use cometchat_client::Operation;

/// A recorded request, and the status of its response.
///
/// `Debug` shows everything but credentials.
#[derive(Clone)]
pub struct Request {
    pub(crate) number: u64,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: Option<String>,
    pub(crate) pairs: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) list: Option<(Operation, String)>,
    pub(crate) page: Option<u64>,
    pub(crate) attempt: u32,
    pub(crate) faults: Vec<String>,
    pub(crate) status: Option<u16>,
}

impl Request {
    /// Returns the number of the request since the sandbox started, from 1.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Returns the method, such as `GET`.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// Returns the path verbatim, such as `/v3/groups/team/members`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the query verbatim, without the question mark, if there is one.
    pub fn query(&self) -> Option<&str> {
        self.query.as_deref()
    }

    /// Returns the names and values of the query, decoded, in order.
    pub fn query_pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// Returns the decoded value of a query parameter: the last one if repeated.
    pub fn query_value(&self, name: &str) -> Option<&str> {
        query::value(&self.pairs, name)
    }

    /// Returns the headers, with names in lower case; values that are not text are left out.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers
            .iter()
            .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
    }

    /// Returns the value of a header: the first one if repeated.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Returns the requested list, if the path is a list's.
    pub fn operation(&self) -> Option<Operation> {
        self.list.as_ref().map(|(operation, _)| *operation)
    }

    /// Returns the requested group, decoded and in lower case, if the path is a list's.
    pub fn group(&self) -> Option<&str> {
        self.list.as_ref().map(|(_, guid)| guid.as_str())
    }

    /// Returns the requested page, by default 1; `None` if it is not valid.
    pub fn page(&self) -> Option<u64> {
        self.page
    }

    /// Returns the number of requests for this page of this list so far, this one included.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// Returns the faults that applied, as text.
    pub fn faults(&self) -> &[String] {
        &self.faults
    }

    /// Returns the status of the response, even if its body is incomplete; `None` if no response was started.
    pub fn status(&self) -> Option<u16> {
        self.status
    }
}

/// Writes the number, the method, the target, the status and the faults: `3 GET /v3/groups/a/members?page=2 503 (503-json)`.
impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.number, self.method, self.path)?;
        if let Some(query) = &self.query {
            write!(f, "?{query}")?;
        }
        match self.status {
            Some(status) => write!(f, " {status}")?,
            None => f.write_str(" no response")?,
        }
        match &self.faults[..] {
            [] => Ok(()),
            faults => write!(f, " ({})", faults.join(", ")),
        }
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers = self.headers().map(|(name, value)| match name {
            "apikey" | "authorization" => (name, "[hidden]"),
            _ => (name, value),
        });
        f.debug_struct("Request")
            .field("number", &self.number)
            .field("method", &self.method)
            .field("path", &self.path)
            .field("query", &self.query)
            .field("headers", &headers.collect::<Vec<_>>())
            .field("attempt", &self.attempt)
            .field("faults", &self.faults)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}
