//! The errors of a call as its attempts and its waits leave them.

use std::time::Duration;

use crate::error::hint::Hint;
use crate::error::{Error, ErrorKind, Inner};
use crate::http::pacer::TooLong;
use crate::http::retry_policy::{Outcome, Reason};

impl Error {
    /// What the retry policy decides by.
    pub(crate) fn outcome(&self) -> Outcome<'_> {
        match (self.is_retryable(), self.kind(), self.status()) {
            (false, ..) => Outcome::Useless,
            (_, ErrorKind::Api | ErrorKind::RateLimited, Some(status)) => {
                Outcome::Response(status, self.code())
            }
            _ => Outcome::Broken,
        }
    }

    /// The error of a call that ends with this attempt.
    pub(crate) fn end(mut self, reason: Reason, attempts: u32) -> Self {
        let retryable = self.outcome().is_retryable();
        let inner = &mut self.0;
        inner.retryable = retryable;
        inner.attempts = attempts;
        let delay = inner.retry_after.filter(|delay| !delay.is_zero());
        match (reason, delay) {
            (Reason::RetryAfterTooLong(limit), Some(delay)) => {
                inner.note = format!(
                    "The service asks for a retry in {} s, over the limit of {} s",
                    seconds(delay),
                    seconds(limit)
                );
                inner.hint = Some(Hint::RaiseMaxRetryAfter);
            }
            (Reason::NoBudget, _) => {
                inner.note = "It was not retried: too few calls succeeded lately".to_owned();
            }
            (Reason::CallTimeout(limit), _) => {
                inner.note =
                    format!("The call timeout of {limit:?} leaves no time for a further attempt");
                inner.hint = Some(Hint::RaiseCallTimeout);
            }
            (_, Some(delay)) if retryable => {
                inner.note = format!("The service asks for a retry in {} s", seconds(delay));
            }
            _ => {}
        }
        self
    }
}

/// The error of a call that can't wait as long as the client is throttled.
pub(crate) fn throttled(too_long: &TooLong, attempts: u32) -> Error {
    let (what, hint) = if too_long.by_service {
        (
            "the service allows no request of this client",
            Hint::RaiseMaxRetryAfter,
        )
    } else {
        (
            "the rate of this client allows no request",
            Hint::RaiseCallTimeout,
        )
    };
    let what = format!(
        "{what} for another {} s, longer than the call can wait",
        seconds(too_long.wait)
    );
    Inner {
        attempts,
        retry_after: Some(too_long.wait),
        ..Inner::new(ErrorKind::RateLimited, what, hint)
    }
    .into()
}

/// Whole seconds, rounded up.
fn seconds(duration: Duration) -> u64 {
    duration
        .as_secs()
        .saturating_add(u64::from(duration.subsec_nanos() > 0))
}
