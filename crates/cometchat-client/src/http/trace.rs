//! A span for each call, with the names that OpenTelemetry gives to HTTP, behind the feature `tracing`.
//!
//! It holds no key at any level, and no GUID at level info.

use std::time::Duration;

use crate::error::ErrorKind;
use crate::generated::{Client, Operation};

#[cfg(feature = "tracing")]
pub(crate) struct CallSpan(tracing::Span);

#[cfg(not(feature = "tracing"))]
pub(crate) struct CallSpan;

#[cfg(feature = "tracing")]
impl CallSpan {
    pub(crate) fn new(operation: Operation, page: Option<u32>, client: &Client) -> Self {
        let (host, port) = &client.inner.shared.address;
        Self(tracing::info_span!(
            "cometchat.call",
            otel.kind = "client",
            otel.name = format_args!("{} {}", operation.method(), operation.path()),
            http.request.method = operation.method(),
            url.template = operation.path(),
            server.address = host,
            server.port = port,
            cometchat.operation = operation.id(),
            cometchat.page = page,
            http.response.status_code = tracing::field::Empty,
            http.request.resend_count = tracing::field::Empty,
            error.type = tracing::field::Empty,
        ))
    }

    pub(crate) async fn run<R>(
        &self,
        subjects: &[(&'static str, String)],
        part: impl Future<Output = R>,
    ) -> R {
        use tracing::Instrument;

        let part = async {
            for (name, value) in subjects {
                tracing::debug!(parameter = name, value, "path parameter");
            }
            part.await
        };
        part.instrument(self.0.clone()).await
    }

    /// Records how the call ended.
    pub(crate) fn end(&self, status: Option<u16>, attempts: u32, failure: Option<ErrorKind>) {
        if let Some(status) = status {
            self.0.record("http.response.status_code", status);
        }
        let resent = attempts.saturating_sub(1);
        self.0.record("http.request.resend_count", resent);
        if let Some(kind) = failure {
            self.0.record("error.type", tracing::field::debug(kind));
        }
    }
}

#[cfg(not(feature = "tracing"))]
impl CallSpan {
    pub(crate) fn new(_: Operation, _: Option<u32>, _: &Client) -> Self {
        Self
    }

    pub(crate) async fn run<R>(
        &self,
        _: &[(&'static str, String)],
        part: impl Future<Output = R>,
    ) -> R {
        part.await
    }

    pub(crate) fn end(&self, _: Option<u16>, _: u32, _: Option<ErrorKind>) {}
}

/// Logs how an attempt ended.
#[cfg(feature = "tracing")]
pub(crate) fn attempt(number: u32, status: Option<u16>, bytes: u64, retry_in: Option<Duration>) {
    tracing::debug!(
        attempt = number,
        http.response.status_code = status,
        bytes,
        retry_in_ms = retry_in.map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)),
        "attempt"
    );
}

#[cfg(not(feature = "tracing"))]
pub(crate) fn attempt(_: u32, _: Option<u16>, _: u64, _: Option<Duration>) {}
