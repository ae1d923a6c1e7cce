//! When to try again, and how long to wait first: a pure function.
//!
//! A call that fails because the service is overloaded makes that worse if it is simply made again. So waits grow and
//! are drawn at random (full jitter), and what the service asks for is the least.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};

use crate::error::hint::Hint;
use crate::types::ErrorCode;

/// How often a call is made, and how long it waits in between.
///
/// ```
/// use std::time::Duration;
/// use cometchat_client::RetryPolicy;
///
/// let patient = RetryPolicy::default().attempts(8).max_backoff(Duration::from_secs(20));
/// assert_ne!(patient, RetryPolicy::default());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    attempts: u32,
    min_backoff: Duration,
    max_backoff: Duration,
    max_retry_after: Duration,
}

impl Default for RetryPolicy {
    /// 5 attempts; 250 ms doubling to 8 s; up to 60 s where the service asks for it.
    fn default() -> Self {
        Self {
            attempts: 5,
            min_backoff: Duration::from_millis(250),
            max_backoff: Duration::from_secs(8),
            max_retry_after: Duration::from_secs(60),
        }
    }
}

impl RetryPolicy {
    /// One attempt, no retry.
    pub fn none() -> Self {
        Self::default().attempts(1)
    }

    /// How often a call is made at the most, the first time included; 0 counts as 1.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// The longest wait before the first retry; it doubles from retry to retry.
    #[must_use]
    pub fn min_backoff(mut self, backoff: Duration) -> Self {
        self.min_backoff = backoff;
        self
    }

    /// The longest wait before any retry.
    #[must_use]
    pub fn max_backoff(mut self, backoff: Duration) -> Self {
        self.max_backoff = backoff;
        self
    }

    /// The longest wait that the service may ask for. A call that is asked to wait longer ends at once, and its error
    /// says when to come back.
    #[must_use]
    pub fn max_retry_after(mut self, wait: Duration) -> Self {
        self.max_retry_after = wait;
        self
    }

    /// The longest wait that the service may ask for.
    pub(crate) fn longest_asked(&self) -> Duration {
        self.max_retry_after
    }

    /// What to do after an attempt, counted from 1, that ended so; `chance` is drawn from 0 to 1.
    pub(crate) fn decide(
        &self,
        attempt: u32,
        outcome: Outcome,
        asked: Option<Duration>,
        chance: f64,
    ) -> Decision {
        if !outcome.is_retryable() {
            return Decision::Stop(Reason::Final);
        }
        if asked.is_some_and(|asked| asked > self.max_retry_after) {
            return Decision::Stop(Reason::AskedTooLong);
        }
        if attempt >= self.attempts {
            return Decision::Stop(Reason::NoAttemptLeft);
        }
        let ceiling = ExponentialBuilder::new()
            .with_min_delay(self.min_backoff)
            .with_max_delay(self.max_backoff)
            .with_factor(2.0)
            .without_max_times()
            .build()
            .nth(attempt.saturating_sub(1) as usize)
            .unwrap_or(self.max_backoff)
            .min(self.max_backoff);
        // Rounding can take the largest of all durations over its end.
        let backoff = Duration::try_from_secs_f64(ceiling.as_secs_f64() * chance.clamp(0.0, 1.0))
            .unwrap_or(ceiling);
        Decision::Wait(backoff.max(asked.unwrap_or_default()))
    }
}

/// How an attempt ended, as far as trying again is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome<'a> {
    /// A response with this status and, where it was an error of the service, this code.
    Response(u16, Option<&'a ErrorCode>),
    /// No whole response: no connection, a time-out, a reset, a body cut short.
    Broken,
    /// A response that would be the same again.
    Useless,
}

impl Outcome<'_> {
    /// Whether the next attempt may well succeed.
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

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Decision {
    /// Wait so long, then try again.
    Wait(Duration),
    /// Don't try again.
    Stop(Reason),
}

/// Why there is no further attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// It would end in the same way, or must not be repeated.
    Final,
    /// The service asked for a longer wait than the policy allows.
    AskedTooLong,
    /// All attempts are used up.
    NoAttemptLeft,
    /// The budget is used up: too few calls of this client have succeeded lately.
    NoBudget,
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
        let wait = Decision::Wait;
        let stop = Decision::Stop;
        for (attempt, outcome, asked, chance, expected) in [
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
            (1, response(503), Some(60 * SECOND), 1.0, wait(60 * SECOND)),
            (
                1,
                response(429),
                Some(61 * SECOND),
                1.0,
                stop(Reason::AskedTooLong),
            ),
            (
                5,
                response(429),
                Some(61 * SECOND),
                1.0,
                stop(Reason::AskedTooLong),
            ),
            (1, response(400), Some(SECOND), 1.0, stop(Reason::Final)),
        ] {
            assert_eq!(
                policy.decide(attempt, outcome, asked, chance),
                expected,
                "attempt {attempt}, {outcome:?}, asked {asked:?}"
            );
        }
    }

    #[test]
    fn the_ceiling_ends_at_the_longest_backoff() {
        let policy = RetryPolicy::default().attempts(100);
        for attempt in 6..99 {
            let decision = policy.decide(attempt, Outcome::Broken, None, 1.0);
            assert_eq!(decision, Decision::Wait(8 * SECOND), "attempt {attempt}");
        }
    }

    #[test]
    fn no_attempt_is_one_attempt() {
        let decision = RetryPolicy::default()
            .attempts(0)
            .decide(1, Outcome::Broken, None, 1.0);
        assert_eq!(decision, Decision::Stop(Reason::NoAttemptLeft));
    }

    #[test]
    fn no_duration_is_too_long_to_reckon_with() {
        let policy = RetryPolicy::default()
            .attempts(u32::MAX)
            .min_backoff(Duration::MAX)
            .max_backoff(Duration::MAX)
            .max_retry_after(Duration::MAX);
        for chance in [0.0, 0.5, 1.0, f64::INFINITY] {
            let decision = policy.decide(1, Outcome::Broken, Some(Duration::MAX), chance);
            assert_eq!(decision, Decision::Wait(Duration::MAX));
        }
    }
}
