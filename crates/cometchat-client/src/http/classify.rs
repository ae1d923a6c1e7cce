//! Classifies the result of an attempt: a response to decode, or a failure.
//!
//! An error body may be the service's JSON, a third party's, a gateway's page, or empty. The status is kept with each,
//! the code where there is one, and the retry delay.

use std::time::{Duration, SystemTime};

use reqwest::header::LOCATION;
use serde_json::Value;

use crate::client::key::ApiKey;
use crate::error::hint::{Hint, hint, printable_code};
use crate::error::{Error, ErrorKind, Inner};
use crate::generated::runtime::ErrorCode;
use crate::http::attempt::{Received, is_success};
use crate::http::pacer::TooLong;
use crate::http::rate_limit::{Delays, RateLimit};
use crate::http::response::request_id;
use crate::http::retry_policy::{Outcome, Reason};
use crate::values::{JsonFields, entries, parse, value};

/// What is known of one attempt.
pub(crate) struct Seen {
    pub(crate) status: Option<u16>,
    /// Bytes of the body that have been read.
    pub(crate) bytes: u64,
    pub(crate) rate_limit: Option<RateLimit>,
    /// How long the service wants no request of this client.
    pub(crate) throttle: Option<Duration>,
    /// An error as the attempt leaves it; [`Error::end`] makes it that of the call.
    pub(crate) result: Result<Received, Error>,
}

pub(crate) fn classify(key: &ApiKey, result: Result<Received, Error>, now: SystemTime) -> Seen {
    let received = match result {
        Ok(received) => received,
        Err(broken) => {
            return Seen {
                status: broken.status(),
                bytes: 0,
                rate_limit: None,
                throttle: None,
                result: Err(broken),
            };
        }
    };
    let rate_limit = RateLimit::read(&received.headers);
    let none_left = rate_limit.is_some_and(|limit| limit.remaining == Some(0));
    let (status, bytes) = (received.status, received.body.len() as u64);
    let delays = Delays::read(&received.headers, now);
    let body = if is_success(status) {
        disguised(&received.body)
    } else {
        Some(error_body(&received.body))
    };
    let result = match body {
        None => Ok(received),
        Some(body) => Err(refused(key, &received, body, &delays)),
    };
    let throttle = match &result {
        Err(failure) if failure.kind() == ErrorKind::RateLimited => failure.retry_after(),
        _ => delays.until_reset.filter(|_| none_left),
    };
    Seen {
        status: Some(status),
        bytes,
        rate_limit,
        throttle,
        result,
    }
}

/// An error response of the service, or of a gateway before it.
fn refused(key: &ApiKey, received: &Received, body: ErrorBody, delays: &Delays) -> Error {
    let status = received.status;
    let code = body
        .code
        .map(|code| ErrorCode::from(key.redact(code.as_str())));
    let is_limit = code
        .as_ref()
        .is_some_and(|code| code.hint() == Some(Hint::SlowDown))
        || (status == 429 && Outcome::Response(status, code.as_ref()).is_retryable());
    let kind = match status {
        300..=399 => ErrorKind::Redirect,
        _ if is_limit => ErrorKind::RateLimited,
        _ => ErrorKind::Api,
    };
    let mut what = format!("the service answered {status}");
    if kind == ErrorKind::Redirect && received.headers.contains_key(LOCATION) {
        what.push_str(", a redirect");
    }
    if let Some(code) = &code {
        what.push(' ');
        what.push_str(printable_code(code));
    }
    let note = code.as_ref().and_then(ErrorCode::description);
    Inner {
        // The reset of a rate limit says nothing about when another failure is over.
        retry_after: delays
            .retry_after
            .or(delays.until_reset.filter(|_| is_limit)),
        retryable: kind != ErrorKind::Redirect,
        note: note.unwrap_or_default().to_owned(),
        status: Some(status),
        message: body.message.map(|message| key.redact(&message)),
        dev_message: body.dev_message.map(|message| key.redact(&message)),
        request_id: request_id(&received.headers).map(|id| key.redact(id)),
        details: body.details.map(|details| key.redact_value(details)),
        snippet: Some(key.snippet(&received.body)),
        hint: Some(hint(status, code.as_ref())),
        code,
        ..Inner::new(kind, what, None)
    }
    .into()
}

impl Error {
    /// What the retry policy decides by.
    pub(crate) fn outcome(&self) -> Outcome<'_> {
        match (self.is_retryable(), self.kind(), self.status()) {
            (false, ..) => Outcome::Useless,
            (_, ErrorKind::Api | ErrorKind::RateLimited, Some(status)) => {
                Outcome::Response(status, self.code())
            }
            _ => Outcome::Broken,
        }
    }

    /// The error of a call that ends with this attempt.
    pub(crate) fn end(mut self, reason: Reason, attempts: u32) -> Self {
        let retryable = self.outcome().is_retryable();
        let inner = &mut self.0;
        inner.retryable = retryable;
        inner.attempts = attempts;
        let delay = inner.retry_after.filter(|delay| !delay.is_zero());
        match (reason, delay) {
            (Reason::RetryAfterTooLong(limit), Some(delay)) => {
                inner.note = format!(
                    "The service asks for a retry in {} s, over the limit of {} s",
                    seconds(delay),
                    seconds(limit)
                );
                inner.hint = Some(Hint::RaiseMaxRetryAfter);
            }
            (Reason::NoBudget, _) => {
                inner.note = "It was not retried: too few calls succeeded lately".to_owned();
            }
            (Reason::CallTimeout(limit), _) => {
                inner.note =
                    format!("The call timeout of {limit:?} leaves no time for a further attempt");
                inner.hint = Some(Hint::RaiseCallTimeout);
            }
            (_, Some(delay)) if retryable => {
                inner.note = format!("The service asks for a retry in {} s", seconds(delay));
            }
            _ => {}
        }
        self
    }
}

/// The error of a call that can't wait as long as the client is throttled.
pub(crate) fn throttled(too_long: &TooLong, attempts: u32) -> Error {
    let (what, hint) = if too_long.by_service {
        (
            "the service allows no request of this client",
            Hint::RaiseMaxRetryAfter,
        )
    } else {
        (
            "the rate of this client allows no request",
            Hint::RaiseCallTimeout,
        )
    };
    let what = format!(
        "{what} for another {} s, longer than the call can wait",
        seconds(too_long.wait)
    );
    Inner {
        attempts,
        retry_after: Some(too_long.wait),
        ..Inner::new(ErrorKind::RateLimited, what, hint)
    }
    .into()
}

/// Whole seconds, rounded up.
fn seconds(duration: Duration) -> u64 {
    duration
        .as_secs()
        .saturating_add(u64::from(duration.subsec_nanos() > 0))
}

/// The most of a body that is looked at for an error, in bytes. An error of the service takes some hundred.
const MAX_ERROR: usize = 1024 * 1024;

/// What the client reads of an error, whatever the spec says of it.
#[derive(Debug, Default, PartialEq)]
struct ErrorBody {
    code: Option<ErrorCode>,
    message: Option<String>,
    dev_message: Option<String>,
    details: Option<Value>,
}

/// Reads `{"error": {…}}`; nothing if the body is something else. The last of several values counts.
fn error_body(body: &[u8]) -> ErrorBody {
    let text = std::str::from_utf8(body).unwrap_or_default().trim();
    let mut read = ErrorBody::default();
    let envelope = entries(text).into_iter().rev();
    let Some((_, error)) = envelope.into_iter().find(|(name, _)| name == "error") else {
        return read;
    };
    for (name, field) in JsonFields::new(error) {
        let string = || parse::<String>(field);
        match &*name {
            "code" => {
                let code = string().filter(|code| !code.is_empty());
                read.code = code.map(ErrorCode::from);
            }
            "message" => read.message = string(),
            "devMessage" => read.dev_message = string(),
            "details" => read.details = Some(value(field)).filter(|value| !value.is_null()),
            _ => {}
        }
    }
    read
}

/// The error that came with a status of success, which the code decides over; nothing where rows came.
///
/// Only an error that the body begins with counts, and that ends within the first 1 MiB.
fn disguised(body: &[u8]) -> Option<ErrorBody> {
    // Looked at no further where it can't be one, as a page is large.
    after_brace(body)?.strip_prefix(ERROR)?;
    Some(error_body(body.get(..MAX_ERROR).unwrap_or(body))).filter(|body| body.code.is_some())
}

/// Whether a body that begins so can be an [error](disguised): then more of it is needed to tell.
pub(crate) fn may_become_error(start: &[u8]) -> bool {
    let possible = match after_brace(start) {
        Some(start) => start.starts_with(ERROR) || ERROR.starts_with(start),
        None => start.trim_ascii_start().is_empty(),
    };
    possible && start.len() < MAX_ERROR
}

/// The key that an error begins with.
const ERROR: &[u8] = b"\"error\"";

/// What follows the brace that opens an object, without white space.
fn after_brace(body: &[u8]) -> Option<&[u8]> {
    let object = body.trim_ascii_start().strip_prefix(b"{")?;
    Some(object.trim_ascii_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_of_a_stream_is_read_until_it_is_no_error() {
        for start in ["", " \n", "{", "{ ", "{\"err", " { \"error\": {"] {
            assert!(may_become_error(start.as_bytes()), "{start}");
        }
        for start in ["a", "[", "{}", "{\"errors\"", "{\"data", "\u{feff}{"] {
            assert!(!may_become_error(start.as_bytes()), "{start}");
        }
        let long = format!("{{\"error\":\"{}", "a".repeat(MAX_ERROR));
        assert!(!may_become_error(long.as_bytes()));
    }

    #[test]
    fn an_error_in_the_place_of_rows_is_told_by_its_code() {
        for (body, code) in [
            (r#"{"error":{"code":"ERR_A"}}"#, Some("ERR_A")),
            ("\n { \"error\" : {\"code\":\"ERR_A\"}}", Some("ERR_A")),
            (r#"{"error":{"code":""}}"#, None),
            (r#"{"error":{"message":"no"}}"#, None),
            (r#"{"error":null,"data":[]}"#, None),
            (r#"{"errors":{"code":"ERR_A"}}"#, None),
            (r#"{"data":[],"error":{"code":"ERR_A"}}"#, None),
            (r#"{"error":{"code":"ERR_A"}"#, None),
            ("[]", None),
            ("", None),
        ] {
            let found = disguised(body.as_bytes()).and_then(|body| body.code);
            assert_eq!(found.as_ref().map(ErrorCode::as_str), code, "{body}");
        }
    }

    #[test]
    fn a_body_of_another_shape_leaves_the_code_out() {
        for body in [
            "",
            "{}",
            "[]",
            "null",
            "<html>",
            r#"{"error":"no"}"#,
            r#"{"error":{"code":5}}"#,
            r#"{"code":"ERR_A","message":"no"}"#,
            "\u{feff}{}",
        ] {
            let read = error_body(body.as_bytes());
            assert_eq!((read.code, read.message), (None, None), "{body}");
        }
        assert_eq!(error_body(&[0xff, 0xfe]), ErrorBody::default());
    }
}
