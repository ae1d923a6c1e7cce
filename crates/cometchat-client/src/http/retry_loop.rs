//! The attempts of a call: each one waits for its turn, is made and classified, and is retried where that helps.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;

use crate::error::retried::throttled;
use crate::error::transport::{broken, by_call_timeout};
use crate::error::{Error, ErrorKind};
use crate::generated::Client;
use crate::http::attempt::{Limits, Reading, RemainingBody, attempt};
use crate::http::call_info::CallInfo;
use crate::http::classify::{Attempted, classify};
use crate::http::events::Event;
use crate::http::pacer::Patience;
use crate::http::request_state::Context;
use crate::http::response::Response;
use crate::http::retry_budget::Retries;
use crate::http::retry_policy::{MAX_RETRY_AFTER, Reason, jitter};
use crate::http::runtime::{current, in_runtime};
use crate::http::trace;

/// Makes a call. The response has the body, and what of it is still to come.
pub(crate) async fn exec(
    client: &Client,
    call: &CallInfo,
    request: reqwest::Request,
    reading: Reading,
) -> Result<Response<(Bytes, Option<RemainingBody>)>, Error> {
    // In a box, since it is ten times as large as all else in the future of a call.
    let may_retry = call.operation.may_retry();
    let attempts = Box::pin(Attempts::new(client, call, reading).run(request, may_retry));
    let result = in_runtime(current(), attempts).await;
    result.unwrap_or_else(|| Err(Error::no_runtime()))
}

struct Attempts<'a> {
    client: &'a Client,
    context: &'a Context,
    call: &'a CallInfo,
    reading: Reading,
    retries: Retries,
    /// When the call has to end, on the monotonic clock.
    until: Option<Duration>,
    made: u32,
}

impl<'a> Attempts<'a> {
    fn new(client: &'a Client, call: &'a CallInfo, reading: Reading) -> Self {
        let context = &client.inner;
        let shared = &context.shared;
        let started = shared.clock.monotonic();
        Self {
            client,
            context,
            call,
            reading,
            retries: context
                .retries
                .clone()
                .unwrap_or_else(|| Retries::new(&shared.budget)),
            until: context
                .call_timeout
                .map(|timeout| started.saturating_add(timeout)),
            made: 0,
        }
    }

    async fn run(
        mut self,
        mut request: reqwest::Request,
        may_retry: bool,
    ) -> Result<Response<(Bytes, Option<RemainingBody>)>, Error> {
        let shared = &self.context.shared;
        let (mut pause, mut last) = (None, None);
        loop {
            match self.unless_ended(self.turn(pause)).await {
                Some(turn) => turn?,
                None => {
                    let last = last.map(|failure: Error| failure.end(Reason::Final, self.made));
                    let ended = || Error::invalid("the call was ended before a request was sent");
                    return Err(last.unwrap_or_else(ended));
                }
            }
            let spare = may_retry.then(|| request.try_clone()).flatten();
            let (seen, elapsed) = self.attempt(request).await;
            // Beyond what a call waits, the next call asks the service again.
            let longest = self.context.retry.max_retry_after.max(MAX_RETRY_AFTER);
            let throttle = seen
                .throttle
                .filter(|wait| !wait.is_zero() && *wait <= longest);
            let chance = fastrand::f64();
            // What a call of this client that is throttled waits at least: this one, if no other is before it.
            let throttle = throttle.map(|wait| {
                let jitter = jitter(wait, chance);
                shared.pacer.throttle(wait, jitter);
                wait.saturating_add(jitter)
            });
            let (status, bytes) = (seen.status, seen.bytes);
            let next = match &seen.result {
                Ok(_) => Err(Reason::Final),
                Err(failure) => self.again(failure, spare, chance),
            };
            let retry_in = next.as_ref().ok().map(|(wait, _)| *wait);
            shared.emit(|| Event::Attempt {
                operation: self.call.operation,
                subjects: self.call.subjects.clone(),
                page: self.call.page,
                attempt: self.made,
                status,
                bytes,
                elapsed,
                retry_in,
            });
            trace::attempt(self.made, status, bytes, retry_in);
            let failure = match seen.result {
                Ok(received) => {
                    self.retries.answered();
                    return Ok(Response {
                        body: (received.body, received.rest),
                        status: received.status,
                        headers: received.headers,
                        rate_limit: seen.rate_limit,
                        attempts: self.made,
                    });
                }
                Err(failure) => failure,
            };
            match next {
                Ok((wait, spare)) => {
                    // The pacer makes a throttled call wait, in its place among the others, unless its backoff is longer.
                    pause =
                        Some(wait).filter(|wait| throttle.is_none_or(|throttle| *wait > throttle));
                    last = Some(failure);
                    request = spare;
                }
                Err(reason) => {
                    // A refusal is an answer too: the service is there.
                    if !failure.outcome().is_retryable() {
                        self.retries.answered();
                    }
                    return Err(failure.end(reason, self.made));
                }
            }
        }
    }

    /// Waits for so long, and then until the next request may be sent.
    async fn turn(&self, pause: Option<Duration>) -> Result<(), Error> {
        let shared = &self.context.shared;
        if let Some(pause) = pause {
            shared.clock.sleep(pause).await;
        }
        let patience = Patience {
            throttled: self.context.retry.max_retry_after,
            until: self.until,
        };
        let turn = shared.pacer.turn(&patience, |wait| {
            shared.emit(|| Event::Throttled {
                operation: self.call.operation,
                subjects: self.call.subjects.clone(),
                page: self.call.page,
                wait,
            });
        });
        turn.await
            .map_err(|too_long| throttled(&too_long, self.made))
    }

    async fn attempt(&mut self, request: reqwest::Request) -> (Attempted, Duration) {
        let shared = &self.context.shared;
        self.made += 1;
        let started = shared.clock.monotonic();
        let left = self.left();
        let limits = Limits {
            bytes: shared.max_response_bytes,
            time: shared.attempt_timeout.min(left.unwrap_or(Duration::MAX)),
            part: shared.attempt_timeout,
            call: left
                .and_then(|left| Instant::now().checked_add(left))
                .zip(self.context.call_timeout),
        };
        let mut result = match shared.http.current(&self.client.client) {
            Ok(http) => attempt(&http, request, limits, self.reading).await,
            Err(error) => Err(broken(error, None)),
        };
        if let (Err(error), Some(limit)) = (&mut result, self.context.call_timeout)
            && left.is_some_and(|left| left <= shared.attempt_timeout)
        {
            by_call_timeout(error, limit);
        }
        let elapsed = shared.clock.monotonic().saturating_sub(started);
        let seen = classify(&shared.key, result, shared.clock.now());
        (seen, elapsed)
    }

    /// How long to wait for the next attempt, and its request, or why there is none.
    fn again(
        &self,
        failure: &Error,
        spare: Option<reqwest::Request>,
        chance: f64,
    ) -> Result<(Duration, reqwest::Request), Reason> {
        let asked = failure.retry_after();
        let policy = &self.context.retry;
        let wait = policy.decide(self.made, failure.outcome(), asked, chance)?;
        let request = spare.ok_or(Reason::Final)?;
        if let (Some(left), Some(limit)) = (self.left(), self.context.call_timeout)
            && wait >= left
        {
            return Err(Reason::CallTimeout(limit));
        }
        // A service that says when to come back is not down. It gets what it asks for, and from all clones.
        let invited =
            failure.kind() == ErrorKind::RateLimited && asked.is_some_and(|wait| !wait.is_zero());
        if !invited && !self.retries.take() {
            return Err(Reason::NoBudget);
        }
        Ok((wait, request))
    }

    /// Waits for a future; nothing once the call's retries are ended.
    async fn unless_ended<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        let mut future = pin!(future);
        let mut ended = pin!(self.retries.ended());
        poll_fn(|context| match ended.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(None),
            Poll::Pending => future.as_mut().poll(context).map(Some),
        })
        .await
    }

    fn left(&self) -> Option<Duration> {
        let now = self.context.shared.clock.monotonic();
        self.until.map(|until| until.saturating_sub(now))
    }
}

#[cfg(test)]
mod tests {
    use test_server::{Reply, Server, Step, answer};

    use super::*;
    use crate::generated::Operation;
    use crate::http::clock::{Clock, Sleep};

    /// Time in which no wait takes any.
    #[derive(Debug)]
    struct Instantly;

    impl Clock for Instantly {
        fn now(&self) -> std::time::SystemTime {
            std::time::SystemTime::UNIX_EPOCH
        }

        fn monotonic(&self) -> Duration {
            Duration::ZERO
        }

        fn sleep(&self, _: Duration) -> Sleep {
            Box::pin(std::future::ready(()))
        }
    }

    /// How many requests a call makes of a service that always fails, and how many its error counts.
    async fn requests(may_retry: bool, failure: Reply) -> (usize, u32) {
        let server = Server::with([failure]);
        let client = Client::builder()
            .base_url(server.base_url())
            .api_key("s3cr3t")
            .clock(Instantly)
            .build()
            .unwrap();
        let url = client.base_url().parse().unwrap();
        let call = CallInfo::of(Operation::ListGroupMembers, &url);
        let request = reqwest::Request::new(reqwest::Method::GET, url);
        let attempts = Attempts::new(&client, &call, Reading::Whole);
        let result = attempts.run(request, may_retry).await;
        let failure = result.err().unwrap();
        assert!(failure.is_retryable());
        (server.requests().len(), failure.attempts())
    }

    #[tokio::test]
    async fn only_what_may_be_repeated_is() {
        for failure in [vec![Step::Close], answer(503, &[], "")] {
            assert_eq!(requests(false, failure.clone()).await, (1, 1));
            assert_eq!(requests(true, failure).await, (5, 5));
        }
    }
}
