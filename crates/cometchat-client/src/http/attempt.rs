//! One attempt: sends a request and reads its response, up to a size limit that is enforced while reading.
//!
//! The announced length can be wrong, and a compressed body has none, so the limit applies to the bytes that have been
//! read and decompressed. Of a response that is streamed, an attempt reads the first part: what fails before that can be
//! retried, and what comes later is read by the caller.

use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use reqwest::header::HeaderMap;
use tokio::time::{Instant, sleep, timeout_at};

use crate::error::Error;
use crate::error::transport::{broken, late, stalled, too_large};
use crate::http::disguise::{BOM, may_become_error};

/// Maximum bytes read of an error's body. An error of the service has some hundred, a gateway's page some thousand.
const ERROR_BODY: u64 = 1024 * 1024;

/// Maximum bytes reserved for a body before any of it has come.
const RESERVE: u64 = 1024 * 1024;

/// How much of a successful response an attempt reads.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// All of it.
    Whole,
    /// Its first part, and as much as tells that it is no error with a status of success.
    Start,
}

/// The limits of an attempt and of the response that it begins.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) bytes: u64,
    pub(crate) time: Duration,
    /// Maximum time to wait for each further part of a streamed body.
    pub(crate) part: Duration,
    /// When the call ends, and its timeout.
    pub(crate) call: Option<(Instant, Duration)>,
}

/// What an attempt has read of a response.
pub(crate) struct Received {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Whether the body broke off, or is longer than what was read of it.
    pub(crate) cut: bool,
    pub(crate) rest: Option<RemainingBody>,
}

/// The part of a body that is still to come.
pub(crate) struct RemainingBody {
    response: reqwest::Response,
    limits: Limits,
    /// How many more bytes the limit allows.
    room: u64,
}

pub(crate) fn is_success(status: u16) -> bool {
    (200..300).contains(&status)
}

/// Makes one attempt, and reads at most the limit of bytes of the body.
///
/// Status and headers of an error matter more than its body: the part of that which can't be read is left out.
pub(crate) async fn attempt(
    http: &reqwest::Client,
    mut request: reqwest::Request,
    limits: Limits,
    reading: Reading,
) -> Result<Received, Error> {
    // reqwest's timeout ends with the body, so that of a stream is kept here. It is set all the same, since the user's
    // configuration may have one.
    let (whole, start) = match reading {
        Reading::Whole => (limits.time, Duration::MAX),
        Reading::Start => (Duration::MAX, limits.time),
    };
    *request.timeout_mut() = Some(whole);
    let ends = sleep(start).deadline();
    let mut response = timeout_at(ends, http.execute(request))
        .await
        .map_err(|_| late(None))?
        .map_err(|error| broken(error, None))?;
    let status = response.status().as_u16();
    let headers = std::mem::take(response.headers_mut());
    let success = is_success(status);
    let limit = if success {
        limits.bytes
    } else {
        limits.bytes.min(ERROR_BODY)
    };
    let expected = response.content_length().unwrap_or(0);
    if success && expected > limit {
        return Err(too_large(limit, status));
    }
    let streamed = success && reading == Reading::Start;
    let reserve = if streamed { 0 } else { expected.min(RESERVE) };
    let mut body = BytesMut::with_capacity(usize::try_from(reserve.min(limit)).unwrap_or(0));
    let (mut rest, mut cut) = (None, false);
    loop {
        let room = limit - body.len() as u64;
        if streamed && !may_become_error(&body) {
            rest = Some(RemainingBody {
                response,
                limits,
                room,
            });
            break;
        }
        let Ok(part) = timeout_at(ends, response.chunk()).await else {
            if success {
                return Err(late(Some(status)));
            }
            cut = true;
            break;
        };
        match part {
            Ok(Some(part)) if part.len() as u64 <= room => body.extend_from_slice(&part),
            Ok(Some(_)) if success => return Err(too_large(limit, status)),
            Ok(Some(part)) => {
                body.extend_from_slice(&part[..usize::try_from(room).unwrap_or(0)]);
                cut = true;
                break;
            }
            Ok(None) => break,
            Err(error) if success => return Err(broken(error, Some(status))),
            Err(_) => {
                cut = true;
                break;
            }
        }
    }
    if !streamed && body.starts_with(BOM) {
        body.advance(BOM.len());
    }
    Ok(Received {
        status,
        headers,
        body: body.freeze(),
        cut,
        rest,
    })
}

impl RemainingBody {
    /// Waits for the next part; nothing at the end of the body.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        let status = self.response.status().as_u16();
        let latest = sleep(self.limits.part).deadline();
        let call = self.limits.call.filter(|(ends, _)| *ends < latest);
        let ends = call.map_or(latest, |(ends, _)| ends);
        // A part that has come does not make up for the time that the call has taken.
        let part = if ends <= Instant::now() {
            None
        } else {
            timeout_at(ends, self.response.chunk()).await.ok()
        };
        match part {
            Some(Ok(Some(part))) => match self.room.checked_sub(part.len() as u64) {
                Some(room) => {
                    self.room = room;
                    Ok(Some(part))
                }
                None => Err(too_large(self.limits.bytes, status)),
            },
            Some(Ok(None)) => Ok(None),
            Some(Err(error)) => Err(broken(error, Some(status))),
            None => Err(stalled(status, call.map(|(_, limit)| limit))),
        }
    }
}
