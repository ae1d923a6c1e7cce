//! One call of an operation, from the builder's `send` to the decoded response or the error.
//!
//! A generated `send` makes a [`Call`], attaches it to a clone of the client, and runs progenitor's code under it. The
//! hooks (`hooks.rs`) write what they see into the call's record, since progenitor's own result keeps little of it: a
//! gateway's HTML page loses its status there, and a retry its count.

use std::fmt::Display;
use std::sync::Arc;

use progenitor_client::Error as Progenitor;
use serde::de::DeserializeOwned;

use crate::client::key::ApiKey;
use crate::error::decode_error::decode_error;
use crate::error::hint::Hint;
use crate::error::{Error, ErrorKind, Inner};
use crate::generated::{Client, Operation};
use crate::http::body::{ByteStream, CallInfo};
use crate::http::request_state::{Record, RecordState};
use crate::http::response::Response;
use crate::http::trace::CallSpan;
use crate::values::read_json;

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
        client.inner.call = Some(Arc::new(Record::new(self.operation, self.page)));
        self.client = Some(client.clone());
        client
    }

    /// Runs progenitor's code for the call, and decides what came of it.
    ///
    /// Not an `async fn`, which would hold the future that it is given within its own: some ten kilobytes.
    pub(crate) fn run<T: DeserializeOwned>(
        self,
        dispatch: impl Future<Output = Dispatched<T>>,
    ) -> impl Future<Output = Result<Response<T>, Error>> {
        self.record(Box::pin(dispatch), decode_error::<T>)
    }

    /// Like [`run`](Self::run), for an operation whose response is not JSON.
    #[allow(dead_code, reason = "called where a spec has such an operation")]
    pub(crate) fn run_plain<T>(
        self,
        dispatch: impl Future<Output = Dispatched<T>>,
    ) -> impl Future<Output = Result<Response<T>, Error>> {
        self.record(Box::pin(dispatch), decode_error::<serde_json::Value>)
    }

    /// Like [`run_plain`](Self::run_plain), for an operation whose response is a stream of bytes.
    #[allow(dead_code, reason = "called where a spec has such an operation")]
    pub(crate) async fn run_bytes(
        self,
        dispatch: impl Future<Output = Dispatched<ByteStream>>,
    ) -> Result<Response<ByteStream>, Error> {
        let (operation, subjects, page) = (self.operation, self.subjects.clone(), self.page);
        let mut response = self.run_plain(dispatch).await?;
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
        mismatch: impl FnOnce(&ApiKey, &str, &[u8], serde_json::Error) -> Inner,
    ) -> Result<Response<T>, Error> {
        let Some(client) = &self.client else {
            return Err(Error::invalid("the call has no client to make it with"));
        };
        let span = CallSpan::new(self.operation, self.page, client);
        let result = span.run(&self.subjects, dispatch).await;
        let known = match &client.inner.call {
            Some(record) => std::mem::take(&mut *record.state()),
            None => RecordState::default(),
        };
        let (status, attempts) = (known.status, known.attempts);
        let key = &client.inner.shared.key;
        let result = outcome(known, result, |body, error| {
            mismatch(key, "the response", body, error)
        });
        span.end(status, attempts, result.as_ref().err().map(Error::kind));
        result.map_err(|error| error.at(self.operation, self.subjects, self.page))
    }
}

/// What a request of generated code gives.
pub(crate) type Dispatched<T> = Result<progenitor_client::ResponseValue<T>, Progenitor>;

/// Decodes a response, as progenitor does, but for [`decode`].
pub(crate) async fn read<T: DeserializeOwned>(mut response: reqwest::Response) -> Dispatched<T> {
    let status = response.status();
    let headers = std::mem::take(response.headers_mut());
    let body = response
        .bytes()
        .await
        .map_err(Progenitor::ResponseBodyError)?;
    match decode(&body) {
        Ok(value) => Ok(progenitor_client::ResponseValue::new(
            value, status, headers,
        )),
        Err(error) => Err(Progenitor::InvalidResponsePayload(body, error)),
    }
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

/// Makes one result of what the hooks saw and of what progenitor made of it.
fn outcome<T>(
    known: RecordState,
    result: Dispatched<T>,
    mismatch: impl FnOnce(&[u8], serde_json::Error) -> Inner,
) -> Result<Response<T>, Error> {
    if let Some(failure) = known.failure {
        return Err(failure);
    }
    let inner = match result {
        Ok(value) => {
            return Ok(Response {
                status: value.status().as_u16(),
                headers: value.headers().clone(),
                body: value.into_inner(),
                rate_limit: known.rate_limit,
                attempts: known.attempts,
            });
        }
        Err(Progenitor::InvalidRequest(what) | Progenitor::Custom(what)) => {
            Inner::new(ErrorKind::InvalidRequest, what, None)
        }
        Err(Progenitor::InvalidResponsePayload(body, error)) => mismatch(&body, error),
        Err(
            Progenitor::CommunicationError(error)
            | Progenitor::ResponseBodyError(error)
            | Progenitor::InvalidUpgrade(error),
        ) => Inner {
            // Building the request failed: whatever happens later is in the record.
            source: Some(Box::new(error.without_url())),
            ..Inner::new(
                ErrorKind::InvalidRequest,
                "the request can't be built",
                None,
            )
        },
        // A status of success, but not the one that the spec has: others are in the record.
        Err(Progenitor::UnexpectedResponse(response)) => unknown_status(response.status()),
        Err(Progenitor::ErrorResponse(response)) => unknown_status(response.status()),
    };
    Err(Inner {
        attempts: known.attempts,
        status: known.status,
        ..inner
    }
    .into())
}

/// The error of an answer whose status the spec does not have.
fn unknown_status(status: reqwest::StatusCode) -> Inner {
    let what = format!(
        "the service answered {}, which the spec does not know",
        status.as_u16()
    );
    Inner::new(ErrorKind::Decode, what, Hint::CheckBaseUrl)
}
