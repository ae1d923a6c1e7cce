//! The rate limit headers of a response.

use std::cmp::Reverse;
use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, RETRY_AFTER};

use crate::values::UnixTime;

/// The rate limit as a response states it.
///
/// Two spellings of the headers are documented, and a third set counts the requests of the whole app. Each set is one
/// bucket. All are read, none is required.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// Requests allowed per minute.
    pub limit: Option<u64>,
    /// Requests left until the reset, in the bucket that has the fewest.
    pub remaining: Option<u64>,
    /// When the count of that bucket starts anew.
    pub reset: Option<UnixTime>,
}

/// The names of limit, remaining and reset, for each bucket.
const BUCKETS: [[&str; 3]; 3] = [
    [
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
    ],
    [
        "x-rate-limit",
        "x-rate-limit-remaining",
        "x-rate-limit-reset",
    ],
    [
        "x-ratelimit-limit-for-app",
        "x-ratelimit-remaining-for-app",
        "x-ratelimit-reset-for-app",
    ],
];

impl RateLimit {
    /// Reads the bucket with the fewest requests left, and of these the one with the latest reset. `None` without any.
    pub(crate) fn read(headers: &HeaderMap) -> Option<Self> {
        let buckets = BUCKETS.map(|names| Self::bucket(headers, names));
        let stated = buckets
            .into_iter()
            .filter(|bucket| *bucket != Self::default());
        stated.min_by_key(|bucket| (bucket.remaining.unwrap_or(u64::MAX), Reverse(bucket.reset)))
    }

    fn bucket(headers: &HeaderMap, [limit, remaining, reset]: [&str; 3]) -> Self {
        let number = |name| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok();
        Self {
            limit: number(limit),
            remaining: number(remaining),
            reset: number(reset)
                .and_then(|seconds| i64::try_from(seconds).ok())
                .map(UnixTime::from_secs),
        }
    }
}

/// The times at which a response asks for the next request.
pub(crate) struct Delays {
    /// `Retry-After`, in seconds or as a date.
    pub(crate) retry_after: Option<Duration>,
    /// The time until the reset of [`RateLimit::read`]'s bucket.
    pub(crate) until_reset: Option<Duration>,
    /// Whether that bucket is empty.
    pub(crate) is_empty: bool,
}

impl Delays {
    /// Reads the headers. Dates are compared with the service's `Date` if there is one, since the local clock may be
    /// wrong.
    pub(crate) fn read(headers: &HeaderMap, now: SystemTime) -> Self {
        let date = |name| httpdate::parse_http_date(headers.get(name)?.to_str().ok()?).ok();
        let now = date(reqwest::header::DATE).unwrap_or(now);
        let until = |time: SystemTime| time.duration_since(now).unwrap_or_default();
        let text = headers
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok());
        let limit = RateLimit::read(headers);
        Self {
            retry_after: text
                .and_then(|text| seconds(text.trim()))
                .or_else(|| date(RETRY_AFTER).map(until)),
            until_reset: limit
                .and_then(|limit| limit.reset?.to_system_time())
                .map(until),
            is_empty: limit.is_some_and(|limit| limit.remaining == Some(0)),
        }
    }
}

/// Reads seconds, which may have a fraction. More than a `Duration` holds are the longest one.
fn seconds(text: &str) -> Option<Duration> {
    if let Ok(whole) = text.parse() {
        return Some(Duration::from_secs(whole));
    }
    // Neither a sign nor an exponent, which a float can have.
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let seconds: f64 = text.parse().ok().filter(|_| plain)?;
    Some(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX))
}
