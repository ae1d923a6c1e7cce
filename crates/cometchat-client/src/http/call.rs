//! One call of an operation, from the builder's `send` to the decoded response or the error.

use std::fmt::Display;
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use reqwest::Url;

use crate::error::Error;
use crate::generated::{Client, Operation};
use crate::http::request_state::Shared;
use crate::http::response::Response;
use crate::http::trace::CallSpan;
use crate::progenitor;

/// The call that an error, an event or a span names.
#[derive(Clone, Debug)]
pub(crate) struct CallInfo {
    pub(crate) operation: Operation,
    /// The path parameters, by name.
    pub(crate) subjects: Vec<(&'static str, String)>,
    /// The page, from 1, if the operation pages.
    pub(crate) page: Option<u32>,
}

impl CallInfo {
    /// Reads the call of a request from its URL.
    pub(crate) fn of(operation: Operation, url: &Url) -> Self {
        let template = operation.path();
        let template = template.split(['?', '#']).next().unwrap_or_default();
        // From the end: a base URL can have a path of its own.
        let parts = template.rsplit('/').zip(url.path().rsplit('/'));
        let mut subjects: Vec<_> = parts
            .filter_map(|(hole, value)| {
                let name = hole.strip_prefix('{')?.strip_suffix('}')?;
                let value = percent_decode_str(value).decode_utf8_lossy();
                Some((name, value.into_owned()))
            })
            .collect();
        subjects.reverse();
        let page = operation.traits().list.map(|list| {
            let mut pairs = url.query_pairs();
            let page = pairs.find(|(key, _)| key == list.page);
            page.and_then(|(_, page)| page.parse().ok()).unwrap_or(1)
        });
        Self {
            operation,
            subjects,
            page,
        }
    }
}

/// A call that is about to be made.
pub(crate) struct Call {
    info: CallInfo,
    shared: Arc<Shared>,
}

impl Call {
    pub(crate) fn new(client: &Client, operation: Operation) -> Self {
        let info = CallInfo {
            operation,
            subjects: Vec::new(),
            page: operation.traits().list.map(|_| 1),
        };
        Self {
            info,
            shared: client.inner.shared.clone(),
        }
    }

    /// Adds a path parameter, unless it was rejected.
    pub(crate) fn subject(
        mut self,
        name: &'static str,
        value: &Result<impl Display, String>,
    ) -> Self {
        let value = value.as_ref().ok().map(|value| (name, value.to_string()));
        self.info.subjects.extend(value);
        self
    }

    /// Sets the page, if one was chosen.
    pub(crate) fn page(mut self, page: &Result<impl Copy + Into<Option<u32>>, String>) -> Self {
        let chosen = page.as_ref().ok().and_then(|page| (*page).into());
        self.info.page = chosen.or(self.info.page);
        self
    }

    /// Runs what progenitor wrote, and adds the call to its error.
    ///
    /// Not an `async fn`, which would hold the future that it is given within its own: some ten kilobytes.
    pub(crate) fn run<T>(
        self,
        dispatch: impl Future<Output = Result<Response<T>, progenitor::Error>>,
    ) -> impl Future<Output = Result<Response<T>, Error>> {
        self.record(Box::pin(dispatch))
    }

    async fn record<T>(
        self,
        dispatch: impl Future<Output = Result<Response<T>, progenitor::Error>>,
    ) -> Result<Response<T>, Error> {
        let span = CallSpan::new(&self.info, &self.shared);
        let result = span.run(&self.info, dispatch).await;
        let (status, attempts, failure) = match &result {
            Ok(response) => (Some(response.status), response.attempts, None),
            Err(error) => (error.0.status(), error.0.attempts(), Some(error.0.kind())),
        };
        span.end(status, attempts, failure);
        result.map_err(|error| error.0.at(self.info))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_names_its_call() {
        for (url, guid, page) in [
            ("http://h/v3/groups/city/members", "city", 1),
            ("http://h/groups/a%20%25/members?scopes=a&page=7", "a %", 7),
        ] {
            let url = Url::parse(url).unwrap();
            let call = CallInfo::of(Operation::ListGroupMembers, &url);
            assert_eq!(call.subjects, [("guid", guid.to_owned())]);
            assert_eq!(call.page, Some(page));
        }
    }
}
