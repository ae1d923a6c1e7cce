//! The attempts of a call: each paced, read whole and within its limit, judged, and made again where that helps.

use std::time::{Duration, SystemTime};

use bytes::{Bytes, BytesMut};
use reqwest::header::{HeaderMap, HeaderName};
use serde_json::Value;

use crate::context::Shared;
use crate::error::{Error, ErrorKind, Inner, advice, printable_code};
use crate::generated::Client;
use crate::limits::{RateLimit, asked_wait};
use crate::report::Report;
use crate::retry::{Decision, Outcome, Reason};
use crate::types::{ErrorBody, ErrorCode, ErrorResponse};
use crate::values::readable;

/// How much of a body an error keeps, in bytes.
const SNIPPET: usize = 1024;

/// A response that has been read whole.
struct Whole {
    status: u16,
    headers: HeaderMap,
    body: Bytes,
}

/// Why no whole response was had.
struct Broken {
    kind: ErrorKind,
    what: String,
    /// The status, where the response broke off after it.
    status: Option<u16>,
    source: Option<reqwest::Error>,
}

/// Makes a call. A failure goes into the record of the call, which the caller looks at before the response.
pub(crate) async fn exec(client: &Client, request: reqwest::Request) -> reqwest::Response {
    let context = &client.inner;
    let shared = &context.shared;
    let (operation, page) = match &context.call {
        Some(record) => (record.operation.id, record.page),
        None => ("", None),
    };
    let may_repeat = context
        .call
        .as_ref()
        .is_some_and(|record| record.operation.retry);
    let mut spare = may_repeat.then(|| request.try_clone()).flatten();
    let mut next = request;
    let mut attempts = 0;
    let mut taken = 0;

    let (failure, whole) = loop {
        while let Some(wait) = shared.pacer.check() {
            shared.reporter.tell(|| Report::Held {
                operation,
                page,
                wait,
            });
            shared.clock.sleep(wait).await;
        }
        attempts += 1;
        let started = shared.clock.monotonic();
        let result = attempt(client, next, shared.max_response_bytes).await;
        let elapsed = shared.clock.monotonic().saturating_sub(started);

        let seen = judge(client, result, shared.clock.now());
        let decision = match &seen.failure {
            None => Decision::Stop(Reason::Final),
            Some(failure) => {
                let decision =
                    context
                        .retry
                        .decide(attempts, failure.outcome(), seen.asked, fastrand::f64());
                match decision {
                    Decision::Wait(_) if spare.is_none() => Decision::Stop(Reason::Final),
                    Decision::Wait(_) if !shared.budget.take(shared.clock.monotonic()) => {
                        Decision::Stop(Reason::NoBudget)
                    }
                    decision => decision,
                }
            }
        };
        let retry_in = match decision {
            Decision::Wait(wait) => Some(wait),
            Decision::Stop(_) => None,
        };
        shared.reporter.tell(|| Report::Attempt {
            operation,
            page,
            attempt: attempts,
            status: seen.status,
            bytes: seen.bytes,
            elapsed,
            retry_in,
        });
        trace_attempt(attempts, &seen, retry_in);
        if let Some(record) = &context.call {
            let mut state = record.state();
            state.attempts = attempts;
            state.status = seen.status.unwrap_or(0);
            state.rate_limit = seen.rate_limit;
        }
        hold_back(shared, &seen, context.retry.longest_asked());

        match (decision, seen.failure) {
            (Decision::Wait(wait), Some(_)) => {
                taken += 1;
                shared.clock.sleep(wait).await;
                let Some(again) = spare.take() else {
                    unreachable!(
                        "a call is only made again where there is a request to make it with"
                    );
                };
                spare = again.try_clone();
                next = again;
            }
            (Decision::Stop(reason), Some(failure)) => {
                break (Some(failure.end(reason, attempts, seen.asked)), None);
            }
            (_, None) => break (None, seen.whole),
        }
    };
    match (failure, whole) {
        (None, Some(whole)) => {
            shared.budget.succeeded(taken);
            let mut response = http::Response::new(whole.body);
            *response.status_mut() = http::StatusCode::from_u16(whole.status).unwrap_or_default();
            *response.headers_mut() = whole.headers;
            response.into()
        }
        (failure, _) => {
            if let Some(record) = &context.call {
                record.state().failure = failure;
            }
            http::Response::new(Bytes::new()).into()
        }
    }
}

/// Keeps the next requests of all clones back where the service says that none is left until its reset.
///
/// A reset further off than a call would wait for is left to the service, which then answers 429.
fn hold_back(shared: &Shared, seen: &Seen, longest: Duration) {
    let spent = seen
        .rate_limit
        .filter(|limit| limit.remaining == Some(0) && limit.reset.is_some());
    if spent.is_some()
        && let Some(wait) = seen.until_reset.filter(|wait| *wait <= longest)
    {
        shared.pacer.hold(wait);
    }
}

#[cfg(feature = "tracing")]
fn trace_attempt(attempt: u32, seen: &Seen, retry_in: Option<Duration>) {
    tracing::debug!(
        attempt,
        http.response.status_code = seen.status,
        bytes = seen.bytes,
        retry_in_ms = retry_in.map(|wait| wait.as_millis() as u64),
        "attempt"
    );
}

#[cfg(not(feature = "tracing"))]
fn trace_attempt(_: u32, _: &Seen, _: Option<Duration>) {}

/// Makes one attempt, and reads the body within its limit.
async fn attempt(client: &Client, request: reqwest::Request, limit: u64) -> Result<Whole, Broken> {
    let mut response = client
        .client
        .execute(request)
        .await
        .map_err(|error| Broken::new(error, None))?;
    let status = response.status().as_u16();
    let headers = std::mem::take(response.headers_mut());
    let too_large = || Broken {
        kind: ErrorKind::TooLarge,
        what: format!("the response is larger than {limit} bytes"),
        status: Some(status),
        source: None,
    };
    let expected = response.content_length().unwrap_or(0);
    if expected > limit {
        return Err(too_large());
    }
    // The length is the service's word: it may save a copy, not reserve what never comes.
    let reserve = usize::try_from(expected).unwrap_or(0).min(1024 * 1024);
    let mut body = BytesMut::with_capacity(reserve);
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => {
                if (body.len() + chunk.len()) as u64 > limit {
                    return Err(too_large());
                }
                body.extend_from_slice(&chunk);
            }
            Ok(None) => break,
            Err(error) => return Err(Broken::new(error, Some(status))),
        }
    }
    Ok(Whole {
        status,
        headers,
        body: body.freeze(),
    })
}

impl Broken {
    /// An attempt that the network, or the other side, broke off.
    fn new(error: reqwest::Error, status: Option<u16>) -> Self {
        let (kind, what) = if error.is_timeout() {
            let what = if error.is_connect() {
                "no connection was made in time"
            } else {
                "no whole response came in time"
            };
            (ErrorKind::Timeout, what)
        } else if error.is_connect() {
            (ErrorKind::Transport, "no connection could be made")
        } else if status.is_some() {
            (ErrorKind::Transport, "the response broke off")
        } else {
            (
                ErrorKind::Transport,
                "the connection broke before a response came",
            )
        };
        Self {
            kind,
            what: what.to_owned(),
            status,
            // The URL holds what the caller said; the error names the operation itself.
            source: Some(error.without_url()),
        }
    }
}

/// What there is to know of one attempt.
struct Seen {
    status: Option<u16>,
    bytes: u64,
    rate_limit: Option<RateLimit>,
    asked: Option<Duration>,
    until_reset: Option<Duration>,
    failure: Option<Failure>,
    whole: Option<Whole>,
}

/// An attempt that failed.
struct Failure {
    inner: Inner,
    repeatable: bool,
}

impl Failure {
    fn outcome(&self) -> Outcome<'_> {
        match (self.repeatable, self.inner.kind, self.inner.status) {
            (false, ..) => Outcome::Useless,
            (_, Some(ErrorKind::Api | ErrorKind::RateLimited), Some(status)) => {
                Outcome::Response(status, self.inner.code.as_ref())
            }
            _ => Outcome::Broken,
        }
    }

    /// The error of a call that ends with this attempt.
    fn end(self, reason: Reason, attempts: u32, asked: Option<Duration>) -> Error {
        let retryable = self.outcome().is_retryable();
        let mut inner = self.inner;
        inner.retryable = retryable;
        inner.attempts = attempts;
        inner.retry_after = asked;
        match (reason, asked) {
            (Reason::AskedTooLong, Some(asked)) => {
                inner.advice = format!(
                    "It asks to come back in {} s, which is longer than a call waits: try again then",
                    asked.as_secs()
                );
            }
            (Reason::NoBudget, _) => {
                inner.advice = format!(
                    "It was not tried again: too few calls have succeeded lately for more retries. {}",
                    inner.advice
                );
            }
            _ => {}
        }
        inner.into()
    }
}

/// Looks at what an attempt gave: a page to hand on, or what went wrong.
fn judge(client: &Client, result: Result<Whole, Broken>, now: SystemTime) -> Seen {
    let whole = match result {
        Ok(whole) => whole,
        Err(broken) => {
            let large = broken.kind == ErrorKind::TooLarge;
            let advice = match broken.kind {
                ErrorKind::TooLarge => {
                    "Ask for fewer rows a page, or accept more with .max_response_bytes(…)"
                }
                ErrorKind::Timeout => {
                    "Try again later, ask for fewer rows a page, or allow more time with .attempt_timeout(…)"
                }
                _ => "Check the network and the base URL, and try again",
            };
            return Seen {
                status: broken.status,
                bytes: 0,
                rate_limit: None,
                asked: None,
                until_reset: None,
                failure: Some(Failure {
                    repeatable: !large,
                    inner: Inner {
                        kind: Some(broken.kind),
                        what: broken.what,
                        advice: advice.to_owned(),
                        status: broken.status,
                        source: broken.source.map(|error| Box::new(error) as _),
                        ..Inner::default()
                    },
                }),
                whole: None,
            };
        }
    };
    let headers = &whole.headers;
    let limited_wait = asked_wait(headers, true, now);
    let mut seen = Seen {
        status: Some(whole.status),
        bytes: whole.body.len() as u64,
        rate_limit: RateLimit::read(headers),
        asked: None,
        until_reset: limited_wait,
        failure: None,
        whole: None,
    };
    if (200..300).contains(&whole.status) {
        seen.whole = Some(whole);
        return seen;
    }
    let (status, location) = (
        whole.status,
        whole
            .headers
            .contains_key(HeaderName::from_static("location")),
    );
    let body = error_body(&whole.body);
    let code = body.code;
    let is_code = |known: &str| code.as_ref().is_some_and(|code| code.as_str() == known);
    let limited = status == 429 || is_code("ERR_TOO_MANY_REQUESTS");
    seen.asked = asked_wait(headers, limited, now);
    let redirect = (300..400).contains(&status);
    let kind = match () {
        () if redirect => ErrorKind::Redirect,
        () if limited => ErrorKind::RateLimited,
        () => ErrorKind::Api,
    };
    let mut what = format!("the service answered {status}");
    if redirect && location {
        what.push_str(", a redirect");
    }
    if let Some(code) = &code {
        what.push(' ');
        what.push_str(printable_code(code));
    }
    let key = &client.inner.shared.key;
    seen.failure = Some(Failure {
        repeatable: !redirect,
        inner: Inner {
            kind: Some(kind),
            what,
            advice: advice(status, code.as_ref()).to_owned(),
            status: Some(status),
            message: body.message.map(|message| key.scrub(message)),
            details: body
                .details
                .map(|details| scrub_value(client, details.into())),
            snippet: Some(snippet(client, &whole.body)),
            code: code.map(|code| ErrorCode::from(key.scrub(code.to_string()))),
            ..Inner::default()
        },
    });
    seen
}

/// An error body in the shape of the spec; an empty one where the body is of another shape, or no JSON.
fn error_body(body: &[u8]) -> ErrorBody {
    serde_json::from_slice::<Value>(body)
        .ok()
        .and_then(readable::<ErrorResponse>)
        .and_then(|response| response.error)
        .unwrap_or_default()
}

/// A JSON value without the key, where somebody sent it back.
fn scrub_value(client: &Client, value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(client.inner.shared.key.scrub(text)),
        Value::Array(items) => items
            .into_iter()
            .map(|item| scrub_value(client, item))
            .collect(),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| {
                (
                    client.inner.shared.key.scrub(name),
                    scrub_value(client, value),
                )
            })
            .collect(),
        other => other,
    }
}

/// The beginning of a body, without the key.
pub(crate) fn snippet(client: &Client, body: &[u8]) -> String {
    // Scrubbed before it is cut: half a key at the end would not be found.
    let longer = &body[..body.len().min(4 * SNIPPET)];
    let mut text = client
        .inner
        .shared
        .key
        .scrub(String::from_utf8_lossy(longer).into_owned());
    text.truncate(text.floor_char_boundary(SNIPPET));
    text
}
