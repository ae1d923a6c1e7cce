//! What was asked of the sandbox, for a test to look at.

use std::fmt;

use http::HeaderMap;

use crate::service::operation::Operation;
use crate::service::query;

/// A request as it came, and what became of it.
///
/// Its `Debug` shows everything but the key.
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
    /// Its number among all requests since the sandbox started, from 1, in the order in which they came.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The method, such as `GET`.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The path as it was on the wire, such as `/v3/groups/team/members`.
    ///
    /// Bytes that HTTP does not allow there are percent-encoded, here and in the query.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The query as it was on the wire, without the question mark; `None` where there was no question mark.
    pub fn query(&self) -> Option<&str> {
        self.query.as_deref()
    }

    /// The names and values of the query, decoded, in order.
    pub fn query_pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// The decoded value of that name in the query: the last one where there are more.
    pub fn query_value(&self, name: &str) -> Option<&str> {
        query::value(&self.pairs, name)
    }

    /// The headers, names in lower case; a value that is not text is left out.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers
            .iter()
            .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
    }

    /// The value of a header, the first one where there are more.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The list that was asked for, where the path leads to one.
    pub fn operation(&self) -> Option<Operation> {
        self.list.as_ref().map(|(operation, _)| *operation)
    }

    /// The group that was asked for, decoded and in lower case, where the path leads to a list.
    pub fn group(&self) -> Option<&str> {
        self.list.as_ref().map(|(_, guid)| guid.as_str())
    }

    /// The page that was asked for, 1 where none was named; `None` where it was no page.
    pub fn page(&self) -> Option<u64> {
        self.page
    }

    /// How many times, this one included, this page of this list was asked for.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// The faults that befell it, as text; empty where there were none.
    pub fn faults(&self) -> &[String] {
        &self.faults
    }

    /// The status of the answer, also where its body broke off; `None` where no answer was begun.
    pub fn status(&self) -> Option<u16> {
        self.status
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        struct Headers<'a>(&'a HeaderMap);
        impl fmt::Debug for Headers<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_map()
                    .entries(self.0.iter().map(|(name, value)| {
                        let secret = name == "apikey" || name == http::header::AUTHORIZATION;
                        let shown = if secret {
                            "[hidden]".into()
                        } else {
                            String::from_utf8_lossy(value.as_bytes())
                        };
                        (name.as_str(), shown)
                    }))
                    .finish()
            }
        }
        f.debug_struct("Request")
            .field("number", &self.number)
            .field("method", &self.method)
            .field("path", &self.path)
            .field("query", &self.query)
            .field("headers", &Headers(&self.headers))
            .field("attempt", &self.attempt)
            .field("faults", &self.faults)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}
