//! The maximum requests per minute, and the headers that state it.
//!
//! The service documents one spelling of the headers and sends another; a client has to read both.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{HeaderMap, HeaderValue};

/// The spelling of the rate limit headers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RateHeaders {
    /// `X-RateLimit-Limit`, `-Remaining`, `-Reset`, and the first two with `-For-App`: observed, on a 200 too.
    #[default]
    A,
    /// `X-Rate-Limit`, `X-Rate-Limit-Remaining`, `X-Rate-Limit-Reset`: documented.
    B,
    /// None.
    None,
}

/// Documented limit of standard operations, in requests per minute.
const STANDARD: u32 = 20_000;

/// Counts requests in fixed windows.
#[derive(Clone, Debug)]
pub(crate) struct RateLimit {
    limit: u32,
    enforced: bool,
    window: Duration,
    /// The end of the current window, and the requests in it.
    running: Option<(SystemTime, u32)>,
}

/// A request's place in the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) allowed: bool,
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    /// In unix seconds.
    pub(crate) reset: u64,
    /// Whole seconds until then.
    pub(crate) wait: u64,
}

impl RateLimit {
    /// A limit that rejects requests, or the standard one, which only counts.
    pub(crate) fn new(per_window: Option<u32>, window: Duration) -> Self {
        Self {
            limit: per_window.unwrap_or(STANDARD),
            enforced: per_window.is_some(),
            window,
            running: None,
        }
    }

    pub(crate) fn take(&mut self, now: SystemTime) -> Standing {
        let (end, used) = match self.running {
            Some((end, used)) if now < end && end <= now + self.window => (end, used),
            _ => (now + self.window, 0),
        };
        let allowed = used < self.limit || !self.enforced;
        let used = used.saturating_add(u32::from(allowed));
        self.running = Some((end, used));
        let mut remaining = self.limit.saturating_sub(used);
        if !self.enforced {
            // A client may wait at 0, for which there is no reason here.
            remaining = remaining.max(1);
        }
        let wait = end.duration_since(now).unwrap_or_default();
        Standing {
            allowed,
            limit: self.limit,
            remaining,
            reset: whole_seconds(end.duration_since(UNIX_EPOCH).unwrap_or_default()),
            wait: whole_seconds(wait),
        }
    }
}

/// Whole seconds, rounded up, so that no client comes back too early.
fn whole_seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

impl RateHeaders {
    /// Writes the headers in this spelling.
    pub(crate) fn write(self, standing: &Standing, headers: &mut HeaderMap) {
        let Standing {
            limit,
            remaining,
            reset,
            ..
        } = *standing;
        let (limit, remaining) = (u64::from(limit), u64::from(remaining));
        let written: &[(&'static str, u64)] = match self {
            Self::A => &[
                ("x-ratelimit-limit", limit),
                ("x-ratelimit-remaining", remaining),
                ("x-ratelimit-limit-for-app", limit),
                ("x-ratelimit-remaining-for-app", remaining),
                ("x-ratelimit-reset", reset),
            ],
            Self::B => &[
                ("x-rate-limit", limit),
                ("x-rate-limit-remaining", remaining),
                ("x-rate-limit-reset", reset),
            ],
            Self::None => &[],
        };
        for (name, value) in written {
            headers.insert(*name, HeaderValue::from(*value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn at(seconds: f64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs_f64(1_700_000_000.0 + seconds)
    }

    #[test]
    fn a_window_allows_its_number_of_requests() {
        let mut limit = RateLimit::new(Some(2), MINUTE);
        // Second, whether it is allowed, what remains, how long to wait.
        for (second, expected) in [
            (0.5, (true, 1, 60)),
            (1.0, (true, 0, 60)),
            (20.5, (false, 0, 40)),
            (60.0, (false, 0, 1)),
            (60.5, (true, 1, 60)),
            (200.0, (true, 1, 60)),
        ] {
            let standing = limit.take(at(second));
            assert_eq!(
                (standing.allowed, standing.remaining, standing.wait),
                expected,
                "{second}"
            );
        }
        assert_eq!(limit.take(at(201.0)).reset, 1_700_000_260);
    }

    #[test]
    fn a_clock_set_back_starts_a_new_window() {
        let mut limit = RateLimit::new(Some(1), MINUTE);
        assert!(limit.take(at(1_000.0)).allowed);
        assert!(limit.take(at(0.0)).allowed);
    }

    #[test]
    fn the_standard_limit_only_counts() {
        let mut limit = RateLimit::new(None, MINUTE);
        for _ in 0..STANDARD + 10 {
            let standing = limit.take(at(0.0));
            assert!(standing.allowed && standing.remaining >= 1);
        }
    }
}
