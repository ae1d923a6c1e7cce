//! One call of an operation, from the builder's `send` to the decoded response or the error.
//!
//! A generated `send` makes a [`Call`], attaches it to a clone of the client, and runs progenitor's code under it. The
//! hooks (`hooks.rs`) write what they see into the call's record, since progenitor's own result keeps little of it: a
//! gateway's HTML page loses its status there, and a retry its count.

use std::sync::Arc;

use serde::de::DeserializeOwned;

use crate::context::Record;
use crate::error::{Error, ErrorKind, Inner};
use crate::generated::Client;
use crate::response::Response;
use crate::transport::snippet;

/// An operation of the spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Operation {
    /// The operation id.
    pub id: &'static str,
    /// The method, in upper case.
    pub method: &'static str,
    /// The path template, such as `/groups/{guid}/members`.
    pub path: &'static str,
    /// Whether a call may be made again after a failure: a `GET` or `HEAD`, or one that the spec marks `x-retry: true`.
    pub retry: bool,
}

/// A call of an operation.
#[derive(Debug)]
pub struct Call {
    operation: &'static Operation,
    subjects: Vec<(&'static str, String)>,
    page: Option<u32>,
    client: Option<Client>,
}

impl Call {
    /// A call that nothing is known of yet.
    pub(crate) fn new(operation: &'static Operation) -> Self {
        Self {
            operation,
            subjects: Vec::new(),
            page: None,
            client: None,
        }
    }

    /// Notes what the call is about: a path parameter, for the text of an error.
    pub(crate) fn subject(mut self, name: &'static str, value: Option<&str>) -> Self {
        self.subjects
            .extend(value.map(|value| (name, value.to_owned())));
        self
    }

    /// Notes the page that is asked for; the first, where none is named.
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
    pub(crate) async fn run<T: DeserializeOwned, E>(
        self,
        dispatch: impl Future<Output = Dispatched<T, E>>,
    ) -> Result<Response<T>, Error> {
        let result = self.observe(dispatch).await;
        self.end(result, |body| {
            let mut decoder = serde_json::Deserializer::from_slice(body);
            let error = serde_path_to_error::deserialize::<_, T>(&mut decoder).err()?;
            Some((error.path().to_string(), error.into_inner()))
        })
    }

    /// Like [`run`](Self::run), for an operation whose response is not JSON.
    #[allow(dead_code, reason = "called where a spec has such an operation")]
    pub(crate) async fn run_plain<T, E>(
        self,
        dispatch: impl Future<Output = Dispatched<T, E>>,
    ) -> Result<Response<T>, Error> {
        let result = self.observe(dispatch).await;
        self.end(result, |_| None)
    }

    #[cfg(not(feature = "tracing"))]
    async fn observe<R>(&self, dispatch: impl Future<Output = R>) -> R {
        dispatch.await
    }

    /// Puts the call into a span with the names of OpenTelemetry. The GUID is only told at level debug.
    #[cfg(feature = "tracing")]
    async fn observe<T, E>(
        &self,
        dispatch: impl Future<Output = Dispatched<T, E>>,
    ) -> Dispatched<T, E> {
        use tracing::Instrument;

        let url = self
            .client
            .as_ref()
            .and_then(|client| reqwest::Url::parse(client.base_url()).ok());
        let span = tracing::info_span!(
            "cometchat.call",
            otel.kind = "client",
            otel.name = format_args!("{} {}", self.operation.method, self.operation.path),
            http.request.method = self.operation.method,
            url.template = self.operation.path,
            server.address = url.as_ref().and_then(|url| url.host_str()),
            server.port = url.as_ref().and_then(|url| url.port_or_known_default()),
            cometchat.operation = self.operation.id,
            cometchat.page = self.page,
            http.response.status_code = tracing::field::Empty,
            http.request.resend_count = tracing::field::Empty,
            error.type = tracing::field::Empty,
        );
        let result = async {
            for (name, value) in &self.subjects {
                tracing::debug!(parameter = name, value, "path parameter");
            }
            dispatch.await
        }
        .instrument(span.clone())
        .await;
        if let Some(record) = self.record() {
            let state = record.state();
            if state.status != 0 {
                span.record("http.response.status_code", state.status);
            }
            span.record(
                "http.request.resend_count",
                state.attempts.saturating_sub(1),
            );
            if let Some(failure) = &state.failure {
                span.record("error.type", tracing::field::debug(failure.kind()));
            }
        }
        result
    }

    /// What the hooks wrote down.
    fn record(&self) -> Option<&Record> {
        self.client.as_ref()?.inner.call.as_deref()
    }

    /// Makes one result of what the hooks saw and of what progenitor made of it.
    fn end<T, E>(
        self,
        result: Dispatched<T, E>,
        path: impl FnOnce(&[u8]) -> Option<(String, serde_json::Error)>,
    ) -> Result<Response<T>, Error> {
        let (mut attempts, mut status, mut rate_limit) = (0, 0, None);
        let mut failure = None;
        if let Some(record) = self.record() {
            let mut state = record.state();
            (attempts, status, rate_limit) = (state.attempts, state.status, state.rate_limit);
            failure = state.failure.take();
        }
        if let Some(failure) = failure {
            return Err(failure.at(self.operation.id, self.subjects, self.page));
        }
        use progenitor_client::Error as Progenitor;
        let inner = match result {
            Ok(value) => {
                return Ok(Response {
                    status: value.status().as_u16(),
                    body: value.into_inner(),
                    rate_limit,
                    attempts,
                });
            }
            Err(Progenitor::InvalidRequest(what) | Progenitor::Custom(what)) => Inner {
                kind: Some(ErrorKind::InvalidRequest),
                what,
                ..Inner::default()
            },
            Err(Progenitor::InvalidResponsePayload(body, error)) => {
                let (place, error) = path(&body).unwrap_or_else(|| (".".to_owned(), error));
                let shown = if place == "." {
                    "the body".to_owned()
                } else {
                    place.clone()
                };
                Inner {
                    kind: Some(ErrorKind::Decode),
                    what: format!("the response can't be read: {shown} is not what the spec says"),
                    advice: "If the service has changed, regenerate from a newer spec; body_snippet() shows what came".to_owned(),
                    json_path: Some(place),
                    snippet: self.client.as_ref().map(|client| snippet(client, &body)),
                    source: Some(Box::new(DecodeReason::from(error))),
                    ..Inner::default()
                }
            }
            Err(Progenitor::UnexpectedResponse(response)) => Inner {
                kind: Some(ErrorKind::Decode),
                what: format!(
                    "the service answered {}, which the spec does not know",
                    response.status().as_u16()
                ),
                ..Inner::default()
            },
            Err(
                Progenitor::CommunicationError(error)
                | Progenitor::ResponseBodyError(error)
                | Progenitor::InvalidUpgrade(error),
            ) => Inner {
                // Building the request failed: whatever happens later is in the record.
                kind: Some(ErrorKind::InvalidRequest),
                what: "the request can't be built".to_owned(),
                source: Some(Box::new(error.without_url())),
                ..Inner::default()
            },
            Err(Progenitor::ErrorResponse(response)) => Inner {
                kind: Some(ErrorKind::Api),
                what: format!("the service answered {}", response.status().as_u16()),
                ..Inner::default()
            },
        };
        let inner = Inner {
            attempts,
            status: (status != 0).then_some(status),
            ..inner
        };
        Err(Error::from(inner).at(self.operation.id, self.subjects, self.page))
    }
}

/// What progenitor's code gives.
type Dispatched<T, E> = Result<progenitor_client::ResponseValue<T>, progenitor_client::Error<E>>;

/// Where and why decoding stopped, without the value that it stopped at: that can be personal.
#[derive(Debug)]
struct DecodeReason {
    line: usize,
    column: usize,
    syntax: bool,
}

impl From<serde_json::Error> for DecodeReason {
    fn from(error: serde_json::Error) -> Self {
        Self {
            line: error.line(),
            column: error.column(),
            syntax: !error.is_data(),
        }
    }
}

impl std::fmt::Display for DecodeReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let what = if self.syntax {
            "not JSON"
        } else {
            "a value of another type"
        };
        write!(f, "{what} at line {} column {}", self.line, self.column)
    }
}

impl std::error::Error for DecodeReason {}
