//! A span for each call, with the names that OpenTelemetry gives to HTTP, behind the feature `tracing`.
//!
//! It holds no key at any level, and no GUID at level info.

use std::time::Duration;

use crate::error::ErrorKind;
use crate::http::call_info::CallInfo;
use crate::http::request_state::Shared;

pub(crate) struct CallSpan {
    #[cfg(feature = "tracing")]
    span: tracing::Span,
}

#[cfg_attr(not(feature = "tracing"), expect(unused_variables))]
impl CallSpan {
    pub(crate) fn new(call: &CallInfo, shared: &Shared) -> Self {
        #[cfg(feature = "tracing")]
        let operation = call.operation;
        Self {
            #[cfg(feature = "tracing")]
            span: tracing::info_span!(
                "cometchat.call",
                otel.kind = "client",
                otel.name = format_args!("{} {}", operation.method(), operation.path()),
                http.request.method = operation.method(),
                url.template = operation.path(),
                server.address = shared.address.0,
                server.port = shared.address.1,
                cometchat.operation = operation.id(),
                cometchat.page = call.page,
                http.response.status_code = tracing::field::Empty,
                http.request.resend_count = tracing::field::Empty,
                error.type = tracing::field::Empty,
            ),
        }
    }

    pub(crate) async fn run<R>(&self, call: &CallInfo, part: impl Future<Output = R>) -> R {
        #[cfg(feature = "tracing")]
        let part = {
            let logged = async {
                for (name, value) in &call.subjects {
                    tracing::debug!(parameter = name, value, "path parameter");
                }
                part.await
            };
            tracing::Instrument::instrument(logged, self.span.clone())
        };
        part.await
    }

    /// Records how the call ended.
    pub(crate) fn end(&self, status: Option<u16>, attempts: u32, failure: Option<ErrorKind>) {
        #[cfg(feature = "tracing")]
        {
            if let Some(status) = status {
                self.span.record("http.response.status_code", status);
            }
            let resent = attempts.saturating_sub(1);
            self.span.record("http.request.resend_count", resent);
            if let Some(kind) = failure {
                self.span.record("error.type", tracing::field::debug(kind));
            }
        }
    }
}

/// Logs how an attempt ended.
#[cfg_attr(not(feature = "tracing"), expect(unused_variables))]
pub(crate) fn attempt(number: u32, status: Option<u16>, bytes: u64, retry_in: Option<Duration>) {
    #[cfg(feature = "tracing")]
    tracing::debug!(
        attempt = number,
        http.response.status_code = status,
        bytes,
        retry_in_ms = retry_in.map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)),
        "attempt"
    );
}
