//! When to retry, and how long to wait first: a pure function.
//!
//! A call that fails because the service is overloaded makes that worse if it is made again at once. So waits grow, are
//! drawn at random (full jitter), and are never shorter than the service asks for.

use std::time::Duration;

use crate::error::hint::Hint;
use crate::generated::runtime::ErrorCode;

/// How often a call is made, and how long it waits between attempts.
///
/// ```
/// use std::time::Duration;
/// use cometchat_client::RetryPolicy;
///
/// let patient = RetryPolicy::default().attempts(8).max_backoff(Duration::from_secs(20));
/// assert_ne!(patient, RetryPolicy::default());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    attempts: u32,
    min_backoff: Duration,
    max_backoff: Duration,
    /// The longest wait that the service may ask for.
    pub(crate) max_retry_after: Duration,
}

impl Default for RetryPolicy {
    /// 5 attempts; backoff from 250 ms, doubled to at most 8 s; a `Retry-After` of at most 60 s.
    fn default() -> Self {
        Self {
            attempts: 5,
            min_backoff: Duration::from_millis(250),
            max_backoff: Duration::from_secs(8),
            max_retry_after: MAX_RETRY_AFTER,
        }
    }
}

/// The default of [`RetryPolicy::max_retry_after`].
pub(crate) const MAX_RETRY_AFTER: Duration = Duration::from_secs(60);

impl RetryPolicy {
    /// One attempt, and no wait while the service throttles: such a call ends at once with kind `RateLimited`.
    pub fn none() -> Self {
        Self::default().attempts(1).max_retry_after(Duration::ZERO)
    }

    /// Maximum attempts per call, the first one included; 5 by default. 0 counts as 1.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// Maximum wait before the first retry; 250 ms by default. It doubles with each further retry, and the wait is drawn
    /// at random between zero and it.
    #[must_use]
    pub fn min_backoff(mut self, backoff: Duration) -> Self {
        self.min_backoff = backoff;
        self
    }

    /// Maximum wait before any retry; 8 s by default. A longer wait that the service asks for is kept to.
    #[must_use]
    pub fn max_backoff(mut self, backoff: Duration) -> Self {
        self.max_backoff = backoff;
        self
    }

    /// Maximum wait that the service may ask for, by `Retry-After` or a rate limit reset; 60 s by default.
    ///
    /// It is the limit before the first attempt too, while the service throttles the client. A call that would have to
    /// wait longer ends at once, and [`Error::retry_after`](crate::Error::retry_after) says how long.
    #[must_use]
    pub fn max_retry_after(mut self, wait: Duration) -> Self {
        self.max_retry_after = wait;
        self
    }

    /// How long to wait for the next attempt after one, counted from 1, that ended so, or why there is none.
    /// `retry_after` is the wait that the service asks for; `chance` is drawn from 0 to 1.
    pub(crate) fn decide(
        &self,
        attempt: u32,
        outcome: Outcome,
        retry_after: Option<Duration>,
        chance: f64,
    ) -> Result<Duration, Reason> {
        if !outcome.is_retryable() {
            return Err(Reason::Final);
        }
        if attempt >= self.attempts {
            return Err(Reason::NoAttemptLeft);
        }
        if retry_after.is_some_and(|wait| wait > self.max_retry_after) {
            return Err(Reason::RetryAfterTooLong(self.max_retry_after));
        }
        let doubled = 2_u32.saturating_pow(attempt.saturating_sub(1));
        let ceiling = self
            .min_backoff
            .saturating_mul(doubled)
            .min(self.max_backoff);
        let chance = chance.clamp(0.0, 1.0);
        // Rounding can take the largest of all durations over its end.
        let backoff =
            Duration::try_from_secs_f64(ceiling.as_secs_f64() * chance).unwrap_or(ceiling);
        let asked = retry_after.map(|wait| wait.saturating_add(jitter(wait, chance)));
        Ok(backoff.max(asked.unwrap_or_default()))
    }
}

/// What is added to a wait that the service asks for, so that many calls don't come back at once: up to a tenth of it,
/// and up to a second.
pub(crate) fn jitter(wait: Duration, chance: f64) -> Duration {
    wait.min(Duration::from_secs(10)).mul_f64(chance / 10.0)
}

/// How an attempt ended, as the policy sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome<'a> {
    /// A response with this status and, where it was an error of the service, this code.
    Response(u16, Option<&'a ErrorCode>),
    /// No complete response: no connection, a timeout, a reset, a body cut short.
    Broken,
    /// A response that would be the same again.
    Useless,
}

impl Outcome<'_> {
    /// Whether the next attempt can succeed.
    pub(crate) fn is_retryable(self) -> bool {
        match self {
            Self::Broken => true,
            Self::Useless => false,
            // Code and status are in no fixed relation: by code first.
            Self::Response(status, code) => {
                code.and_then(ErrorCode::may_retry).unwrap_or(match status {
                    // An error in place of rows: its status says nothing.
                    ..300 => code.and_then(ErrorCode::hint) == Some(Hint::RetryLater),
                    _ => matches!(status, 408 | 429 | 500 | 502..=599),
                })
            }
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// It would end in the same way, or must not be repeated.
    Final,
    /// The service asked for a longer wait than this, which the policy allows.
    RetryAfterTooLong(Duration),
    /// All attempts are used up.
    NoAttemptLeft,
    /// The budget is used up: too few calls of this client have succeeded lately.
    NoBudget,
    /// The wait for it would exceed the call timeout, which is this.
    CallTimeout(Duration),
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn the_policy_is_a_table() {
        let policy = RetryPolicy::default();
        let ms = Duration::from_millis;
        let not_found = ErrorCode::from("ERR_GUID_NOT_FOUND");
        let too_many = ErrorCode::from("ERR_TOO_MANY_REQUESTS");
        let failed = ErrorCode::from("ERR_MISSION_FAILED");
        let other = ErrorCode::from("ERR_OTHER");
        let response = |status| Outcome::Response(status, None);
        let wait = Ok;
        let stop = Err;
        for (attempt, outcome, retry_after, chance, expected) in [
            // Full jitter: anything from 0 to a ceiling that doubles.
            (1, Outcome::Broken, None, 1.0, wait(ms(250))),
            (2, Outcome::Broken, None, 1.0, wait(ms(500))),
            (3, Outcome::Broken, None, 1.0, wait(ms(1000))),
            (4, Outcome::Broken, None, 1.0, wait(ms(2000))),
            (1, Outcome::Broken, None, 0.5, wait(ms(125))),
            (1, Outcome::Broken, None, 0.0, wait(ms(0))),
            (5, Outcome::Broken, None, 1.0, stop(Reason::NoAttemptLeft)),
            (1, Outcome::Useless, None, 1.0, stop(Reason::Final)),
            // By status.
            (1, response(408), None, 1.0, wait(ms(250))),
            (1, response(429), None, 1.0, wait(ms(250))),
            (1, response(500), None, 1.0, wait(ms(250))),
            (1, response(501), None, 1.0, stop(Reason::Final)),
            (1, response(502), None, 1.0, wait(ms(250))),
            (1, response(599), None, 1.0, wait(ms(250))),
            (1, response(400), None, 1.0, stop(Reason::Final)),
            (1, response(404), None, 1.0, stop(Reason::Final)),
            (1, response(302), None, 1.0, stop(Reason::Final)),
            // By code before the status.
            (
                1,
                Outcome::Response(400, Some(&too_many)),
                None,
                1.0,
                wait(ms(250)),
            ),
            (
                1,
                Outcome::Response(500, Some(&not_found)),
                None,
                1.0,
                stop(Reason::Final),
            ),
            (
                1,
                Outcome::Response(500, Some(&other)),
                None,
                1.0,
                wait(ms(250)),
            ),
            (
                1,
                Outcome::Response(400, Some(&other)),
                None,
                1.0,
                stop(Reason::Final),
            ),
            (
                1,
                Outcome::Response(200, Some(&failed)),
                None,
                1.0,
                wait(ms(250)),
            ),
            (
                1,
                Outcome::Response(200, Some(&other)),
                None,
                1.0,
                stop(Reason::Final),
            ),
            (
                1,
                Outcome::Response(501, Some(&failed)),
                None,
                1.0,
                stop(Reason::Final),
            ),
            // What the service asks for is the least, and has a ceiling.
            (1, response(429), Some(SECOND), 0.0, wait(SECOND)),
            (4, response(429), Some(SECOND), 1.0, wait(ms(2000))),
            (1, response(429), Some(SECOND), 1.0, wait(ms(1100))),
            (1, response(503), Some(60 * SECOND), 0.5, wait(ms(60_500))),
            (
                1,
                response(429),
                Some(61 * SECOND),
                1.0,
                stop(Reason::RetryAfterTooLong(60 * SECOND)),
            ),
            (
                5,
                response(429),
                Some(61 * SECOND),
                1.0,
                stop(Reason::NoAttemptLeft),
            ),
            (1, response(400), Some(SECOND), 1.0, stop(Reason::Final)),
        ] {
            assert_eq!(
                policy.decide(attempt, outcome, retry_after, chance),
                expected,
                "attempt {attempt}, {outcome:?}, {retry_after:?}"
            );
        }
    }

    #[test]
    fn the_ceiling_ends_at_the_longest_backoff() {
        let policy = RetryPolicy::default().attempts(100);
        for attempt in 6..99 {
            let decision = policy.decide(attempt, Outcome::Broken, None, 1.0);
            assert_eq!(decision, Ok(8 * SECOND), "attempt {attempt}");
        }
    }

    #[test]
    fn no_attempt_is_one_attempt() {
        let decision = RetryPolicy::default()
            .attempts(0)
            .decide(1, Outcome::Broken, None, 1.0);
        assert_eq!(decision, Err(Reason::NoAttemptLeft));
    }

    #[test]
    fn no_duration_overflows() {
        let policy = RetryPolicy::default()
            .attempts(u32::MAX)
            .min_backoff(Duration::MAX)
            .max_backoff(Duration::MAX)
            .max_retry_after(Duration::MAX);
        for chance in [0.0, 0.5, 1.0, f64::INFINITY] {
            let decision = policy.decide(1, Outcome::Broken, Some(Duration::MAX), chance);
            assert_eq!(decision, Ok(Duration::MAX));
        }
    }
}
