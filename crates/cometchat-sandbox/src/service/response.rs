//! A response, before a fault of its transfer applies.

use bytes::Bytes;
use cometchat_client::types::ErrorCode;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, LOCATION, RETRY_AFTER, SERVER};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::faults::fault::{Custom, ErrorBody, WaitHeaders};
use crate::service::api_error::ApiError;
use crate::service::quirks::Quirks;
use crate::service::rate_limit::{RateHeaders, Standing};

#[derive(Clone, Debug)]
pub(crate) struct Response {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Response {
    fn new(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers: HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(content_type))]),
            body: body.into(),
        }
    }

    /// A JSON response of the service.
    pub(crate) fn json(status: StatusCode, quirks: Quirks, body: String) -> Self {
        let mut response = Self::new(status, "application/json", quirks.apply(body));
        if quirks == Quirks::Observed {
            let headers = &mut response.headers;
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("none"));
            headers.insert(SERVER, HeaderValue::from_static(""));
        }
        response
    }

    pub(crate) fn api_error(quirks: Quirks, error: &ApiError) -> Self {
        Self::json(error.status, quirks, error.envelope().to_string())
    }

    pub(crate) fn error(
        quirks: Quirks,
        status: StatusCode,
        body: ErrorBody,
        guid: Option<&str>,
    ) -> Self {
        let reason = status.canonical_reason().unwrap_or("Error");
        let title = format!("{} {reason}", status.as_u16());
        match body {
            ErrorBody::Json => Self::api_error(quirks, &ApiError::of_status(status, guid)),
            ErrorBody::ForeignJson => {
                let body = format!(r#"{{"message":"{reason}","requestId":"sandbox"}}"#);
                Self::new(status, "application/json", body)
            }
            ErrorBody::Html => {
                let body = format!(
                    "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n\
                     </body>\r\n</html>\r\n"
                );
                Self::new(status, "text/html", body)
            }
            ErrorBody::Empty => Self {
                status,
                headers: HeaderMap::new(),
                body: Bytes::new(),
            },
            ErrorBody::Braces => Self::json(status, quirks, "{}".to_owned()),
        }
    }

    /// A 429 with a retry delay, in seconds.
    pub(crate) fn too_many_requests(quirks: Quirks, headers: WaitHeaders, wait: u64) -> Self {
        let mut response = Self::api_error(quirks, &ErrorCode::ErrTooManyRequests.into());
        let at = SystemTime::now() + Duration::from_secs(wait);
        let standing = Standing {
            allowed: false,
            // The free plan's.
            limit: 500,
            remaining: 0,
            reset: at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs(),
            wait,
        };
        let (name, value) = match headers {
            WaitHeaders::A => return response.with_retry_delay(RateHeaders::A, &standing),
            WaitHeaders::B => return response.with_retry_delay(RateHeaders::B, &standing),
            WaitHeaders::None => return response,
            WaitHeaders::RetryAfterSeconds => ("retry-after", wait.to_string()),
            WaitHeaders::RetryAfterDate => ("retry-after", httpdate::fmt_http_date(at)),
            WaitHeaders::ResetA => ("x-ratelimit-reset", standing.reset.to_string()),
            WaitHeaders::ResetB => ("x-rate-limit-reset", standing.reset.to_string()),
        };
        // Digits and HTTP dates are valid header values.
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers.insert(name, value);
        }
        response
    }

    /// Adds the rate limit headers and `Retry-After`.
    pub(crate) fn with_retry_delay(mut self, spelling: RateHeaders, standing: &Standing) -> Self {
        spelling.write(standing, &mut self.headers);
        self.headers.insert(RETRY_AFTER, standing.wait.into());
        self
    }

    pub(crate) fn redirect(location: &str) -> Self {
        let mut response = Self::new(StatusCode::FOUND, "text/html", "");
        // `Fault::check` has rejected invalid values.
        if let Ok(location) = HeaderValue::from_str(location) {
            response.headers.insert(LOCATION, location);
        }
        response
    }

    /// A response that a test defines.
    pub(crate) fn custom(status: StatusCode, custom: &Custom) -> Self {
        // `Fault::check` has rejected invalid headers.
        let headers = custom.headers.iter().filter_map(|(name, value)| {
            let name = HeaderName::try_from(name).ok()?;
            Some((name, HeaderValue::try_from(value).ok()?))
        });
        Self {
            status,
            headers: HeaderMap::from_iter(headers),
            body: custom.body.clone(),
        }
    }
}
