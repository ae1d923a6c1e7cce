//! A service that is down: what all calls of all clones may spend on trying again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use cometchat_client::{Client, Error, RetryPolicy};
use futures_util::future::join_all;
use test_server::{Step, answer, json};

use crate::support::{Server, page};

async fn members(client: &Client) -> Result<u32, Error> {
    let list = client.list_group_members().guid("supergroup");
    Ok(list.send().await?.attempts())
}

async fn failing(client: &Client) -> u32 {
    members(client).await.unwrap_err().attempts()
}

#[tokio::test]
async fn a_dead_service_gets_few_retries() {
    for down in [vec![Step::Reset], json(503, "{}"), vec![Step::Close]] {
        let server = Server::with([down]);
        let client = server.client().build().unwrap();
        let clones: Vec<_> = (0..5).map(|_| client.clone()).collect();
        // Some at a time and some after each other.
        let mut attempts = 0;
        for _ in 0..20 {
            let calls = clones.iter().chain(&clones).map(failing);
            attempts += join_all(calls).await.into_iter().sum::<u32>();
        }
        assert_eq!(attempts as usize, server.requests().len());
        let retries = attempts - 200;
        assert_eq!(retries, 128);
    }
}

/// Calls that take long must not earn their retries by that.
#[tokio::test]
async fn a_service_that_hangs_is_a_service_that_is_down() {
    let server = Server::with([vec![Step::Hang]]);
    let client = server
        .client()
        .retry_budget(16)
        .attempt_timeout(Duration::from_millis(10))
        .build()
        .unwrap();
    let mut attempts = 0;
    for _ in 0..25 {
        let calls: Vec<_> = join_all((0..4).map(|_| failing(&client))).await;
        attempts += calls.into_iter().sum::<u32>();
        server.clock().advance(Duration::from_secs(30));
    }
    assert!(attempts - 100 <= 21, "{attempts} attempts of 100 calls");
}

#[tokio::test]
async fn a_service_that_is_back_is_trusted_again() {
    let is_down = Arc::new(AtomicBool::new(true));
    let down = is_down.clone();
    let server = Server::start(move |_| match down.load(Ordering::Relaxed) {
        true => json(503, "{}"),
        false => page(),
    });
    let client = server.client().retry_budget(16).build().unwrap();
    for _ in 0..8 {
        failing(&client).await;
    }
    assert_eq!(failing(&client).await, 1);
    let error = client.list_group_members().guid("supergroup").send();
    let text = error.await.unwrap_err().to_string();
    assert!(text.contains("It was not retried"), "{text}");

    is_down.store(false, Ordering::Relaxed);
    for _ in 0..4 {
        client
            .list_group_members()
            .guid("supergroup")
            .send()
            .await
            .unwrap();
    }
    is_down.store(true, Ordering::Relaxed);
    assert_eq!(failing(&client).await, 5);
}

/// Faults that calls recover from cost nothing, however many there are.
#[tokio::test]
async fn a_service_that_fails_each_call_once_is_read_to_the_end() {
    let server = Server::start(|request| match request.number % 2 {
        0 => json(500, "{}"),
        _ => page(),
    });
    let client = server.client().retry(RetryPolicy::default().attempts(2));
    let client = client.build().unwrap();
    for _ in 0..100 {
        let list = client.list_group_members().guid("supergroup");
        assert_eq!(list.send().await.unwrap().attempts(), 2);
    }
}

/// As many as a list may have in flight, and more.
#[tokio::test]
async fn every_request_in_flight_may_fail_once() {
    for calls in [32, 64, 128] {
        let server = Server::start(move |request| match request.number {
            number if number < calls => json(503, "{}"),
            _ => page(),
        });
        let client = server.client().build().unwrap();
        for result in join_all((0..calls).map(|_| members(&client))).await {
            assert!(result.unwrap() <= 3);
        }
    }
}

#[tokio::test]
async fn a_dead_service_gets_under_two_requests_a_call() {
    let server = Server::with([json(503, "{}")]);
    let client = server.client().build().unwrap();
    join_all((0..400).map(|_| failing(&client))).await;
    let requests = server.requests().len();
    assert!((400 + 128..2 * 400).contains(&requests), "{requests}");
}

/// Calls that end before a request is sent, and requests that are not answered, tell nothing of the service.
#[tokio::test]
async fn calls_that_are_not_answered_earn_no_retry() {
    let server = Server::start(|request| match request.number {
        160 => answer(429, &[("Retry-After", "60")], "{}"),
        _ => vec![Step::Reset],
    });
    let client = server.client().build().unwrap();
    while server.requests().len() < 160 {
        failing(&client).await;
    }
    let once = client.with_retry(RetryPolicy::none());
    failing(&once).await;
    for _ in 0..5_000 {
        assert_eq!(failing(&once).await, 0, "a request of a throttled client");
    }
    server.clock().advance(Duration::from_secs(70));
    let before = server.requests().len();
    for _ in 0..100 {
        failing(&client).await;
    }
    let requests = server.requests().len() - before;
    assert!(requests < 160, "{requests}");
}

#[tokio::test]
async fn the_budget_can_be_set() {
    for (budget, requests) in [(0, 10), (7, 17), (u32::MAX, 50)] {
        let server = Server::with([json(503, "{}")]);
        let client = server.client().retry_budget(budget).build().unwrap();
        for _ in 0..10 {
            failing(&client).await;
        }
        assert_eq!(server.requests().len(), requests);
    }
}

/// 32 requests in flight when the service goes away for 150 ms: the budget lets each be made again. With the default of 5
/// attempts, full jitter puts all of them within 150 ms for one call in 12,000.
#[tokio::test(start_paused = true)]
async fn a_short_outage_costs_no_call() {
    for round in 0..10 {
        let started = tokio::time::Instant::now();
        let server = test_server::Server::start(move |request| {
            match request.received - started < Duration::from_millis(150) {
                true => vec![Step::Reset],
                false => page(),
            }
        });
        let client = Client::builder().base_url(server.base_url()).api_key("key");
        let policy = RetryPolicy::default().attempts(8);
        let client = client.retry(policy).build().unwrap();
        for result in join_all((0..32).map(|_| members(&client))).await {
            result.unwrap_or_else(|error| panic!("{round}: {error}"));
        }
    }
}

#[tokio::test]
async fn ended_retries_return_to_the_budget() {
    let server = Server::with([json(503, "{}")]);
    let client = server.client().retry_budget(8).build().unwrap();
    let (one, retries) = client.with_retries();
    assert_eq!((failing(&one).await, failing(&client).await), (5, 5));
    assert_eq!(failing(&client).await, 1, "the budget is used up");
    retries.end();
    assert_eq!(failing(&client).await, 5);
}

/// The attempt in flight completes, so that its connection can be used again.
#[tokio::test]
async fn a_call_that_is_ended_makes_no_further_attempt() {
    let answered = Arc::new(tokio::sync::Notify::new());
    let gate = answered.clone();
    let server: Server = test_server::Server::start_async(move |_| {
        let gate = gate.clone();
        async move {
            gate.notified().await;
            json(503, "{}")
        }
    })
    .into();
    let client = server.client().build().unwrap();
    let (one, retries) = client.with_retries();
    let call = tokio::spawn(async move { failing(&one).await });
    server.requested(1).await;
    retries.end();
    answered.notify_one();
    assert_eq!(call.await.unwrap(), 1);
    answered.notify_one();
    failing(&client.with_retry(RetryPolicy::none())).await;
    assert_eq!((server.connections(), server.abandoned()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_ended_does_not_wait() {
    let server = test_server::Server::with([answer(503, &[("Retry-After", "30")], "{}")]);
    let client = Client::builder().base_url(server.base_url()).api_key("key");
    let (one, retries) = client.build().unwrap().with_retries();
    let started = tokio::time::Instant::now();
    let call = tokio::spawn(async move { failing(&one).await });
    server.requested(1).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    retries.end();
    assert_eq!(call.await.unwrap(), 1);
    assert!(started.elapsed() < Duration::from_secs(2));
}
