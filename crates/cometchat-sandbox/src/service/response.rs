//! An answer, before anything befalls it on its way.

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderName, LOCATION, RETRY_AFTER, SERVER};
use http::{HeaderMap, HeaderValue, StatusCode};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::faults::fault::{Custom, ErrorBody, WaitHeaders};
use crate::service::api_error::Refusal;
use crate::service::quirks::Manner;
use crate::service::rate_limit::{RateHeaders, Standing};

/// A status, headers and a whole body.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    fn new(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers: HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(content_type))]),
            body: body.into(),
        }
    }

    /// JSON of the service.
    fn json(status: StatusCode, manner: Manner, body: String) -> Self {
        let mut answer = Self::new(status, "application/json", body);
        if manner == Manner::Observed {
            let headers = &mut answer.headers;
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("none"));
            headers.insert(SERVER, HeaderValue::from_static(""));
        }
        answer
    }

    /// A page.
    pub(crate) fn page(manner: Manner, body: String) -> Self {
        Self::json(StatusCode::OK, manner, body)
    }

    /// The service's error envelope.
    pub(crate) fn refusal(manner: Manner, refusal: &Refusal) -> Self {
        Self::json(refusal.status(), manner, manner.json(&refusal.envelope()))
    }

    /// An error with one body or another.
    pub(crate) fn error(
        manner: Manner,
        status: StatusCode,
        body: ErrorBody,
        guid: Option<&str>,
    ) -> Self {
        let reason = status.canonical_reason().unwrap_or("Error");
        let title = format!("{} {reason}", status.as_u16());
        match body {
            ErrorBody::Json => Self::refusal(manner, &Refusal::of_status(status, guid)),
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
            ErrorBody::Braces => Self::json(status, manner, "{}".to_owned()),
        }
    }

    /// A 429 that says how long to wait.
    pub(crate) fn too_many_requests(manner: Manner, headers: WaitHeaders, wait: u64) -> Self {
        let mut answer = Self::refusal(manner, &Refusal::TooManyRequests);
        let at = SystemTime::now() + Duration::from_secs(wait);
        let standing = Standing {
            allowed: false,
            // The free plan's.
            limit: 500,
            remaining: 0,
            reset: at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs(),
            wait,
        };
        let mut set = |name: HeaderName, value: HeaderValue| answer.headers.insert(name, value);
        match headers {
            WaitHeaders::A => answer.turn_away(RateHeaders::A, &standing),
            WaitHeaders::B => answer.turn_away(RateHeaders::B, &standing),
            WaitHeaders::RetryAfterSeconds => answer.turn_away(RateHeaders::None, &standing),
            WaitHeaders::RetryAfterDate => {
                // A date of digits and letters is a header value.
                if let Ok(date) = HeaderValue::from_str(&httpdate::fmt_http_date(at)) {
                    set(RETRY_AFTER, date);
                }
            }
            WaitHeaders::ResetA => {
                set(
                    HeaderName::from_static("x-ratelimit-reset"),
                    standing.reset.into(),
                );
            }
            WaitHeaders::ResetB => {
                set(
                    HeaderName::from_static("x-rate-limit-reset"),
                    standing.reset.into(),
                );
            }
            WaitHeaders::None => {}
        }
        answer
    }

    /// Says where the one who asks stands, and when to come back.
    pub(crate) fn turn_away(&mut self, spelling: RateHeaders, standing: &Standing) {
        spelling.write(standing, &mut self.headers);
        self.headers.insert(RETRY_AFTER, standing.wait.into());
    }

    /// A 302.
    pub(crate) fn redirect(location: &str) -> Self {
        let mut answer = Self::new(StatusCode::FOUND, "text/html", "");
        // `Fault::check` has refused what can't stand there.
        if let Ok(location) = HeaderValue::from_str(location) {
            answer.headers.insert(LOCATION, location);
        }
        answer
    }

    /// An answer that a test has made up.
    pub(crate) fn custom(custom: &Custom) -> Self {
        Self {
            status: custom.status(),
            headers: custom.header_map().unwrap_or_default(),
            body: custom.body.clone(),
        }
    }

    /// The answer with this body, compressed with gzip.
    pub(crate) fn gzipped(mut self, body: Bytes) -> Self {
        self.headers
            .insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        self.body = body;
        self
    }
}
