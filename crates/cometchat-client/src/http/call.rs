//! One call of an operation, from the builder's `send` to the decoded response or the error.

use std::fmt::Display;
use std::sync::Arc;

use crate::error::Error;
use crate::generated::{Client, Operation};
use crate::http::call_info::CallInfo;
use crate::http::request_state::Shared;
use crate::http::response::Response;
use crate::http::trace::CallSpan;
use crate::progenitor;

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
