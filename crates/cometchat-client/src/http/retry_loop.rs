//! The attempts of a call: each paced, made, judged, and made again where that helps.

use std::time::Duration;

use bytes::Bytes;

use crate::error::Error;
use crate::generated::Client;
use crate::http::attempt::{Whole, attempt};
use crate::http::classify::{Failure, judge};
use crate::http::events::Event;
use crate::http::request_state::Context;
use crate::http::retry_policy::{Decision, Reason};
use crate::http::trace;

/// Makes a call. A failure goes into the record of the call, which the caller looks at before the response.
pub(crate) async fn exec(client: &Client, request: reqwest::Request) -> reqwest::Response {
    match attempts(client, request).await {
        Ok(whole) => whole.into(),
        Err(failure) => {
            if let Some(record) = &client.inner.call {
                record.state().failure = Some(failure);
            }
            http::Response::new(Bytes::new()).into()
        }
    }
}

/// What comes after an attempt.
enum Next {
    Done(Whole),
    Again(Duration, reqwest::Request),
    Over(Failure, Reason),
}

/// Makes attempts until one gives a response, or no further one is due.
async fn attempts(client: &Client, request: reqwest::Request) -> Result<Whole, Error> {
    let context = &client.inner;
    let shared = &context.shared;
    let (operation, page) = context.subject();
    let may_repeat = context.call.as_ref().is_some_and(|record| record.may_retry);
    let spare = may_repeat.then(|| request.try_clone()).flatten();
    let mut request = request;
    let (mut attempts, mut taken) = (0, 0);
    shared.budget.called();
    loop {
        turn(context).await;
        attempts += 1;
        let started = shared.clock.monotonic();
        let result = attempt(&client.client, request, shared.max_response_bytes).await;
        let elapsed = shared.clock.monotonic().saturating_sub(started);

        let seen = judge(&shared.key, result, shared.clock.now());
        // A wait beyond what a call would wait is left to the service, which then answers 429.
        if let Some(wait) = seen
            .quiet
            .filter(|wait| *wait <= context.retry.longest_asked())
        {
            shared.pacer.hold(wait);
        }
        if let Some(record) = &context.call {
            let mut state = record.state();
            state.attempts = attempts;
            state.status = seen.status;
            state.rate_limit = seen.rate_limit;
        }
        let next = match seen.result {
            Ok(whole) => Next::Done(whole),
            Err(failure) => match again(context, &failure, attempts, spare.as_ref(), &mut taken) {
                Ok((wait, request)) => Next::Again(wait, request),
                Err(reason) => Next::Over(failure, reason),
            },
        };
        let retry_in = match &next {
            Next::Again(wait, _) => Some(*wait),
            _ => None,
        };
        shared.reporter.tell(|| Event::Attempt {
            operation,
            page,
            attempt: attempts,
            status: seen.status,
            bytes: seen.bytes,
            elapsed,
            retry_in,
        });
        trace::attempt(attempts, seen.status, seen.bytes, retry_in);
        match next {
            Next::Done(whole) => {
                shared.budget.answered(taken);
                return Ok(whole);
            }
            Next::Again(wait, next) => {
                shared.clock.sleep(wait).await;
                request = next;
            }
            Next::Over(failure, reason) => {
                // A refusal is an answer too: the service is there.
                if !failure.outcome().is_retryable() {
                    shared.budget.answered(taken);
                }
                return Err(failure.end(reason, attempts));
            }
        }
    }
}

/// Waits until the rate limit lets the next request go.
async fn turn(context: &Context) {
    let shared = &context.shared;
    let (operation, page) = context.subject();
    while let Some(wait) = shared.pacer.check() {
        shared.reporter.tell(|| Event::Throttled {
            operation,
            page,
            wait,
        });
        shared.clock.sleep(wait).await;
    }
}

/// The next attempt and how long to wait before it, or why there is none.
fn again(
    context: &Context,
    failure: &Failure,
    attempts: u32,
    spare: Option<&reqwest::Request>,
    taken: &mut u32,
) -> Result<(Duration, reqwest::Request), Reason> {
    let chance = fastrand::f64();
    let wait = match context
        .retry
        .decide(attempts, failure.outcome(), failure.asked, chance)
    {
        Decision::Wait(wait) => wait,
        Decision::Stop(reason) => return Err(reason),
    };
    let request = spare
        .and_then(reqwest::Request::try_clone)
        .ok_or(Reason::Final)?;
    // A service that says when to come back is not down: it gets what it asks for, and from all clones.
    let invited = failure.is_limited() && failure.asked.is_some_and(|asked| !asked.is_zero());
    if !invited {
        if !context.shared.budget.take() {
            return Err(Reason::NoBudget);
        }
        *taken += 1;
    }
    Ok((wait, request))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use test_server::{Reply, Server, Step, answer};

    use super::*;
    use crate::generated::Operation;
    use crate::http::clock::{Clock, Sleep};
    use crate::http::request_state::Record;

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
        let mut client = Client::builder()
            .base_url(server.base_url())
            .api_key("s3cr3t")
            .clock(Instantly)
            .build()
            .unwrap();
        let operation = Operation::ListGroupMembers;
        let mut record = Record::new(operation, None);
        record.may_retry = may_retry;
        let record = Arc::new(record);
        client.inner.call = Some(record.clone());
        let method = operation.method().parse().unwrap();
        let url = client.base_url().parse().unwrap();
        exec(&client, reqwest::Request::new(method, url)).await;
        let failure = record.state().failure.take().unwrap();
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
