//! Classifies the result of an attempt: a response to decode, or a failure.

use std::time::{Duration, SystemTime};

use crate::client::key::ApiKey;
use crate::error::response::{ErrorBody, refused, unread_encoding};
use crate::error::{Error, ErrorKind};
use crate::http::attempt::{Received, is_success};
use crate::http::disguise::{MAX_ERROR, begins_as_error};
use crate::http::rate_limit::{Delays, RateLimit};

/// What is known of one attempt.
pub(crate) struct Attempted {
    pub(crate) status: Option<u16>,
    /// Bytes of the body that have been read.
    pub(crate) bytes: u64,
    pub(crate) rate_limit: Option<RateLimit>,
    /// How long the service wants no request of this client.
    pub(crate) throttle: Option<Duration>,
    /// An error as the attempt leaves it; [`Error::end`] makes it that of the call.
    pub(crate) result: Result<Received, Error>,
}

pub(crate) fn classify(
    key: &ApiKey,
    result: Result<Received, Error>,
    now: SystemTime,
) -> Attempted {
    let received = match result {
        Ok(received) => received,
        Err(broken) => {
            return Attempted {
                status: broken.status(),
                bytes: 0,
                rate_limit: None,
                throttle: None,
                result: Err(broken),
            };
        }
    };
    let rate_limit = RateLimit::read(&received.headers);
    let (status, bytes) = (received.status, received.body.len() as u64);
    let delays = Delays::read(&received.headers, now);
    let body = if is_success(status) {
        disguised(&received.body)
    } else {
        Some(ErrorBody::read(&received.body))
    };
    let result = match body {
        None => match unread_encoding(key, &received) {
            Some(error) => Err(error),
            None => Ok(received),
        },
        Some(body) => Err(refused(key, &received, body, &delays)),
    };
    let throttle = match &result {
        Err(failure) if failure.kind() == ErrorKind::RateLimited => failure.retry_after(),
        // A bucket without a reset throttles nothing.
        _ => delays
            .until_reset
            .filter(|_| delays.is_empty)
            .map(|reset| delays.retry_after.unwrap_or(reset)),
    };
    Attempted {
        status: Some(status),
        bytes,
        rate_limit,
        throttle,
        result,
    }
}

/// The error that came with a status of success, which the code decides over; nothing where rows came.
///
/// Only an error that the body begins with counts, and that ends within the first 1 MiB.
fn disguised(body: &[u8]) -> Option<ErrorBody> {
    let body = begins_as_error(body).then(|| body.get(..MAX_ERROR).unwrap_or(body))?;
    Some(ErrorBody::read(body)).filter(|body| body.code.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generated::runtime::ErrorCode;

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
}
