//! Rate control: what the service says of its limit, and pacing so that it is not reached.

use std::fmt;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, RETRY_AFTER};

use crate::http::clock::Clock;
use crate::values::UnixTime;

/// What a response says of the rate limit.
///
/// Two spellings of the headers are documented, and only one was seen live; either is read, none is required.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// Requests a minute that are allowed.
    pub limit: Option<u64>,
    /// Requests that are left until the reset.
    pub remaining: Option<u64>,
    /// When the count starts anew.
    pub reset: Option<UnixTime>,
}

impl RateLimit {
    /// Reads the headers; nothing where there are none that can be read.
    pub(crate) fn read(headers: &HeaderMap) -> Option<Self> {
        let number = |names: [&'static str; 3]| {
            names
                .into_iter()
                .filter_map(|name| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok())
        };
        let first = |names| number(names).next();
        let read = Self {
            limit: first([
                "x-ratelimit-limit",
                "x-rate-limit",
                "x-ratelimit-limit-for-app",
            ]),
            // The one for this kind of request or the one for the whole app: whichever is nearer to its end.
            remaining: number([
                "x-ratelimit-remaining",
                "x-rate-limit-remaining",
                "x-ratelimit-remaining-for-app",
            ])
            .min(),
            reset: first([
                "x-ratelimit-reset",
                "x-rate-limit-reset",
                "x-ratelimit-reset-for-app",
            ])
            .and_then(|seconds| i64::try_from(seconds).ok())
            .map(UnixTime::from_secs),
        };
        let said = read.limit.is_some() || read.remaining.is_some() || read.reset.is_some();
        said.then_some(read)
    }
}

/// How long a response asks to wait: by `Retry-After`, in seconds or as a date, and where `limited` also by the reset
/// header. The longer of the two; nothing where neither is there.
pub(crate) fn asked_wait(headers: &HeaderMap, limited: bool, now: SystemTime) -> Option<Duration> {
    // Dates are compared with the service's clock where it tells it, which keeps a wrong local clock out of it.
    let date = |name| httpdate::parse_http_date(headers.get(name)?.to_str().ok()?).ok();
    let now = date(reqwest::header::DATE).unwrap_or(now);
    let until = |time: SystemTime| time.duration_since(now).unwrap_or_default();

    let retry_after = headers
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.trim().parse::<u64>().ok())
        .map(Duration::from_secs)
        .or_else(|| date(RETRY_AFTER).map(until));
    let reset = RateLimit::read(headers)
        .and_then(|limit| limit.reset)
        .filter(|_| limited)
        .and_then(UnixTime::to_system_time)
        .map(until);
    retry_after.max(reset)
}

/// What all clones of a client keep to.
pub(crate) struct Pacer {
    clock: Arc<dyn Clock>,
    pace: Option<Pace>,
    schedule: Mutex<Schedule>,
}

/// How requests are spaced. This is the generic cell rate algorithm; the maintained crates for it bring a dozen others
/// to every consumer, for two times under a lock that is needed anyway.
struct Pace {
    /// From one request to the next.
    interval: Duration,
    /// How much earlier than evenly spaced a request may go.
    tolerance: Duration,
}

/// Times on the monotonic clock.
#[derive(Default)]
struct Schedule {
    /// Before which the service wants no request.
    held_until: Duration,
    /// When the next request is due.
    due: Duration,
}

impl Pacer {
    /// A pacer for so many requests a minute, or for any number.
    pub(crate) fn new(per_minute: Option<NonZeroU32>, clock: Arc<dyn Clock>) -> Self {
        let pace = per_minute.map(|per_minute| {
            let interval = Duration::from_secs(60) / per_minute.get();
            // What fits into 10 ms may go at once: a timer is no finer than a millisecond.
            let burst = (per_minute.get() / 6000).max(1);
            Pace {
                interval,
                tolerance: interval * (burst - 1),
            }
        });
        Self {
            clock,
            pace,
            schedule: Mutex::default(),
        }
    }

    /// Keeps the next requests back until so much time has passed.
    pub(crate) fn hold(&self, wait: Duration) {
        let until = self.clock.monotonic().saturating_add(wait);
        let mut schedule = self.schedule.lock().unwrap_or_else(PoisonError::into_inner);
        schedule.held_until = schedule.held_until.max(until);
    }

    /// How long the next request has to wait; nothing where it may go, which is then counted.
    pub(crate) fn check(&self) -> Option<Duration> {
        let now = self.clock.monotonic();
        let mut schedule = self.schedule.lock().unwrap_or_else(PoisonError::into_inner);
        if schedule.held_until > now {
            return Some(schedule.held_until - now);
        }
        let pace = self.pace.as_ref()?;
        let earliest = schedule.due.saturating_sub(pace.tolerance);
        if earliest > now {
            return Some((earliest - now).max(Duration::from_millis(1)));
        }
        schedule.due = schedule.due.max(now) + pace.interval;
        None
    }
}

impl fmt::Debug for Pacer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pacer")
            .field("limited", &self.pace.is_some())
            .finish()
    }
}
