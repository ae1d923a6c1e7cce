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
    /// Reads the headers; nothing where none can be read.
    ///
    /// The result is the bucket with the fewest requests left, of several the one that is reset last. Its reset is its own; a
    /// limit that it does not state, and a reset if no bucket counts, are those of the first bucket that states them.
    pub(crate) fn read(headers: &HeaderMap) -> Option<Self> {
        let buckets = BUCKETS.map(|names| Self::bucket(headers, names));
        let first = |part: fn(&Self) -> Option<u64>| buckets.iter().find_map(part);
        let fewest = buckets
            .iter()
            .filter(|bucket| bucket.remaining.is_some())
            .min_by_key(|bucket| (bucket.remaining, Reverse(bucket.reset)));
        let any_reset = || buckets.iter().find_map(|bucket| bucket.reset);
        let fewest = fewest.copied().unwrap_or(Self {
            reset: any_reset(),
            ..Self::default()
        });
        let read = Self {
            limit: fewest.limit.or_else(|| first(|bucket| bucket.limit)),
            remaining: fewest.remaining,
            reset: fewest.reset,
        };
        (read != Self::default()).then_some(read)
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
    /// `Retry-After`, in seconds, also with a fraction, or as a date.
    pub(crate) retry_after: Option<Duration>,
    /// The time until the reset of the bucket that has the fewest requests left.
    pub(crate) until_reset: Option<Duration>,
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
        Self {
            retry_after: text
                .and_then(|text| seconds(text.trim()))
                .or_else(|| date(RETRY_AFTER).map(until)),
            until_reset: RateLimit::read(headers)
                .and_then(|limit| limit.reset?.to_system_time())
                .map(until),
        }
    }
}

/// Reads seconds, with a fraction or without.
fn seconds(text: &str) -> Option<Duration> {
    let digits = text.strip_prefix(|c: char| c.is_ascii_digit())?;
    if let Ok(whole) = text.parse() {
        return Some(Duration::from_secs(whole));
    }
    let is_number = digits.chars().all(|c| c == '.' || c.is_ascii_digit());
    let seconds = is_number.then(|| text.parse::<f64>().ok()).flatten()?;
    Some(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX))
}
