//! One call of an operation, from the builder's `send` to the decoded response or the error.
//!
//! A generated `send` makes a [`Call`], attaches it to a clone of the client, and runs the request under it.

use std::fmt::Display;
use std::sync::Arc;

use crate::error::Error;
use crate::generated::{Client, Operation};
use crate::http::body::{ByteStream, CallInfo};
use crate::http::request::Dispatched;
use crate::http::request_state::Record;
use crate::http::response::Response;
use crate::http::trace::CallSpan;

#[derive(Debug)]
pub(crate) struct Call {
    operation: Operation,
    subjects: Vec<(&'static str, String)>,
    page: Option<u32>,
    client: Option<Client>,
}

impl Call {
    pub(crate) fn new(operation: Operation) -> Self {
        Self {
            operation,
            subjects: Vec::new(),
            page: None,
            client: None,
        }
    }

    /// Adds a path parameter, for the text of an error.
    pub(crate) fn subject(mut self, name: &'static str, value: Option<&impl Display>) -> Self {
        self.subjects
            .extend(value.map(|value| (name, value.to_string())));
        self
    }

    /// Sets the page asked for; the first by default.
    pub(crate) fn page(mut self, page: Option<u32>) -> Self {
        self.page = Some(page.unwrap_or(1));
        self
    }

    /// The client to make the call with, which reports to this call.
    pub(crate) fn attach(&mut self, mut client: Client) -> Client {
        let record = Record::new(self.operation, self.subjects.clone(), self.page);
        client.inner.call = Some(Arc::new(record));
        self.client = Some(client.clone());
        client
    }

    /// Sends the request of the call, and adds the call to its error.
    ///
    /// Not an `async fn`, which would hold the future that it is given within its own: some ten kilobytes.
    pub(crate) fn run<T>(
        self,
        dispatch: impl Future<Output = Dispatched<T>>,
    ) -> impl Future<Output = Result<Response<T>, Error>> {
        self.record(Box::pin(dispatch))
    }

    /// Like [`run`](Self::run), for an operation whose response is a stream of bytes.
    #[allow(dead_code, reason = "called where a spec has such an operation")]
    pub(crate) async fn run_bytes(
        self,
        dispatch: impl Future<Output = Dispatched<ByteStream>>,
    ) -> Result<Response<ByteStream>, Error> {
        let (operation, subjects, page) = (self.operation, self.subjects.clone(), self.page);
        let mut response = self.run(dispatch).await?;
        response.body.call = Some(CallInfo {
            operation,
            subjects,
            page,
            attempts: response.attempts,
        });
        Ok(response)
    }

    async fn record<T>(
        self,
        dispatch: impl Future<Output = Dispatched<T>>,
    ) -> Result<Response<T>, Error> {
        let Some(client) = &self.client else {
            return Err(Error::invalid("the call has no client to make it with"));
        };
        let span = CallSpan::new(self.operation, self.page, client);
        let result = span.run(&self.subjects, dispatch).await;
        let record = client.inner.call.as_ref();
        let (attempts, status) = record.map_or((0, None), |record| *record.last_attempt());
        span.end(status, attempts, result.as_ref().err().map(Error::kind));
        result.map_err(|error| error.at(self.operation, self.subjects, self.page))
    }
}
