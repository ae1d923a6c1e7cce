//! One attempt: sends a request and reads its response, up to a size limit that is enforced while reading.
//!
//! The announced length can be wrong, and a compressed body has none, so the limit applies to the bytes that have been
//! read and decompressed.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::HeaderMap;

use crate::error::ErrorKind;
use crate::error::hint::Hint;

/// Maximum bytes read of an error's body. An error of the service has some hundred, a gateway's page some thousand.
const ERROR_BODY: u64 = 1024 * 1024;

/// Maximum bytes reserved for a body before any of it has come.
const RESERVE: u64 = 1024 * 1024;

/// A complete response.
pub(crate) struct Whole {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// Why the response is incomplete.
pub(crate) struct Broken {
    pub(crate) kind: ErrorKind,
    pub(crate) what: String,
    pub(crate) hint: Hint,
    /// The status, if the response broke off after it.
    pub(crate) status: Option<u16>,
    pub(crate) source: Option<reqwest::Error>,
}

impl Whole {
    /// Whether the status is one of success.
    pub(crate) fn is_success(&self) -> bool {
        is_success(self.status)
    }
}

impl From<Whole> for reqwest::Response {
    fn from(whole: Whole) -> Self {
        let mut response = http::Response::new(whole.body);
        *response.status_mut() = http::StatusCode::from_u16(whole.status).unwrap_or_default();
        *response.headers_mut() = whole.headers;
        response.into()
    }
}

fn is_success(status: u16) -> bool {
    (200..300).contains(&status)
}

/// Makes one attempt, and reads at most `limit` bytes of body.
///
/// Status and headers of an error matter more than its body: the part of that which can't be read is left out.
pub(crate) async fn attempt(
    http: &reqwest::Client,
    request: reqwest::Request,
    limit: u64,
) -> Result<Whole, Broken> {
    let mut response = http
        .execute(request)
        .await
        .map_err(|error| Broken::new(error, None))?;
    let status = response.status().as_u16();
    let headers = std::mem::take(response.headers_mut());
    let success = is_success(status);
    let limit = if success {
        limit
    } else {
        limit.min(ERROR_BODY)
    };
    let expected = response.content_length().unwrap_or(0);
    if success && expected > limit {
        return Err(Broken::too_large(limit, status));
    }
    let reserve = expected.min(limit).min(RESERVE);
    let mut body = BytesMut::with_capacity(usize::try_from(reserve).unwrap_or(0));
    loop {
        let room = limit - body.len() as u64;
        match response.chunk().await {
            Ok(Some(chunk)) if chunk.len() as u64 <= room => body.extend_from_slice(&chunk),
            Ok(Some(_)) if success => return Err(Broken::too_large(limit, status)),
            Ok(Some(chunk)) => {
                body.extend_from_slice(&chunk[..usize::try_from(room).unwrap_or(0)]);
                break;
            }
            Ok(None) => break,
            Err(error) if success => return Err(Broken::new(error, Some(status))),
            Err(_) => break,
        }
    }
    Ok(Whole {
        status,
        headers,
        body: body.freeze(),
    })
}

impl Broken {
    /// A response over the size limit.
    fn too_large(limit: u64, status: u16) -> Self {
        Self {
            kind: ErrorKind::TooLarge,
            what: format!("the response is larger than {limit} bytes"),
            hint: Hint::LowerPageSize,
            status: Some(status),
            source: None,
        }
    }

    /// Says that it was the call timeout that ended the attempt, if a timeout did.
    pub(crate) fn by_call_timeout(&mut self, limit: Duration) {
        if self.kind == ErrorKind::Timeout {
            self.what = format!("the call did not complete within its timeout of {limit:?}");
            self.hint = Hint::RaiseCallTimeout;
        }
    }

    /// An attempt that failed in the network or at the server.
    pub(crate) fn new(error: reqwest::Error, status: Option<u16>) -> Self {
        let (kind, what, hint) = match (error.is_timeout(), error.is_connect()) {
            _ if error.is_builder() => (
                ErrorKind::InvalidRequest,
                "the HTTP client refused the request",
                Hint::CheckHttpConfig,
            ),
            (true, true) => (
                ErrorKind::Timeout,
                "no connection was made in time",
                Hint::RaiseConnectTimeout,
            ),
            (true, false) => (
                ErrorKind::Timeout,
                "no complete response came in time",
                Hint::RaiseAttemptTimeout,
            ),
            (false, true) => (
                ErrorKind::Transport,
                "no connection could be made",
                Hint::CheckNetwork,
            ),
            (false, false) if status.is_some() => (
                ErrorKind::Transport,
                "the response broke off or is damaged",
                Hint::CheckNetwork,
            ),
            (false, false) => (
                ErrorKind::Transport,
                "the connection broke before a response came",
                Hint::CheckNetwork,
            ),
        };
        Self {
            kind,
            what: what.to_owned(),
            hint,
            status,
            // The URL holds the caller's arguments; the error names the operation itself.
            source: Some(error.without_url()),
        }
    }
}
