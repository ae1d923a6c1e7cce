//! The rate limit that a client keeps to by itself.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cometchat_client::{Client, ClientBuilder, ErrorKind, Event, Operation};
use futures_util::future::{FutureExt, join_all};
use test_server::json;
use tokio::time::Instant;

use crate::support::{ScriptedClock, Server, page};

/// A server that answers with a page and notes when it was asked.
async fn noting(clock: &ScriptedClock) -> (Server, Arc<Mutex<Vec<Duration>>>) {
    let times = Arc::new(Mutex::new(Vec::new()));
    let (notes, clock) = (times.clone(), clock.clone());
    let server = Server::start(move |_| {
        notes.lock().unwrap().push(clock.passed());
        page()
    });
    (server, times)
}

async fn members(client: &Client) {
    let list = client.list_group_members().guid("supergroup");
    list.send().await.unwrap();
}

#[tokio::test]
async fn two_clones_share_an_even_pace() {
    let clock = ScriptedClock::default();
    let (server, times) = noting(&clock).await;
    let builder = server.client().clock(clock.clone()).requests_per_minute(60);
    let client = builder.build().unwrap();
    let clone = client.clone();
    for _ in 0..3 {
        members(&client).await;
        members(&clone).await;
    }
    let times = times.lock().unwrap().clone();
    assert_eq!(times, [0, 1, 2, 3, 4, 5].map(Duration::from_secs));
}

#[tokio::test]
async fn time_that_was_not_used_is_not_saved_up() {
    let clock = ScriptedClock::default();
    let (server, times) = noting(&clock).await;
    let builder = server
        .client()
        .clock(clock.clone())
        .requests_per_minute(120);
    let client = builder.build().unwrap();
    members(&client).await;
    clock.advance(Duration::from_secs(60));
    for _ in 0..3 {
        members(&client).await;
    }
    let times = times.lock().unwrap().clone();
    let expected = [0, 60_000, 60_500, 61_000].map(Duration::from_millis);
    assert_eq!(times, expected);
}

#[tokio::test]
async fn calls_at_the_same_time_are_told_apart() {
    let server = Server::with([page()]);
    let client = server.client().requests_per_minute(60).build().unwrap();
    join_all((0..10).map(|_| members(&client))).await;
    assert_eq!(server.requests().len(), 10);
    assert_eq!(server.clock().passed(), Duration::from_secs(9));
}

/// At the rate of the service, several requests fit between two ticks of a timer.
#[tokio::test]
async fn a_high_rate_is_kept_to() {
    let server = Server::with([page()]);
    let client = server.client().requests_per_minute(20_000).build().unwrap();
    for _ in 0..200 {
        members(&client).await;
    }
    // 200 requests at 333 a second: 3 at once, and 197 more.
    let passed = server.clock().passed().as_millis();
    assert!((591..=600).contains(&passed), "{passed} ms");
}

/// Each attempt is a request to the service, whichever call it is for.
#[tokio::test]
async fn retries_keep_to_the_pace_and_waits_are_reported() {
    let reports = Arc::new(Mutex::new(Vec::new()));
    let heard = reports.clone();
    let server = Server::with([json(500, "{}"), page()]);
    let client = server
        .client()
        .requests_per_minute(60)
        .on_event(move |report| heard.lock().unwrap().push(report.clone()))
        .build()
        .unwrap();
    let list = client.list_group_members().guid("supergroup").page(7);
    assert_eq!(list.send().await.unwrap().attempts(), 2);
    assert_eq!(server.clock().passed(), Duration::from_secs(1));

    let reports = reports.lock().unwrap().clone();
    let [
        Event::Attempt {
            page: Some(7),
            attempt: 1,
            status: Some(500),
            bytes: 2,
            retry_in: Some(retry_in),
            ..
        },
        Event::Throttled {
            operation: Operation::ListGroupMembers,
            subjects,
            page: Some(7),
            wait,
            ..
        },
        Event::Attempt {
            attempt: 2,
            status: Some(200),
            bytes: 31,
            retry_in: None,
            ..
        },
    ] = reports.as_slice()
    else {
        panic!("{reports:?}");
    };
    assert_eq!(*retry_in + *wait, Duration::from_secs(1));
    assert_eq!(*subjects, [("guid", "supergroup".to_owned())]);
    for report in &reports {
        assert!(format!("{report:?}").contains("supergroup"));
    }
}

fn paced(server: &test_server::Server, requests_per_minute: u32) -> ClientBuilder {
    Client::builder()
        .base_url(server.base_url())
        .api_key("key")
        .requests_per_minute(requests_per_minute)
}

/// With tokio's time paused: it is the clock's time.
#[tokio::test(start_paused = true)]
async fn loops_share_the_rate_evenly() {
    let server = test_server::Server::with([page()]);
    let client = paced(&server, 1200).build().unwrap();
    let started = Instant::now();
    let loops = (0..8).map(|_| async {
        let mut calls = 0;
        while started.elapsed() < Duration::from_secs(6) {
            members(&client).await;
            calls += 1;
        }
        calls
    });
    for calls in join_all(loops).await {
        assert!((15..=16).contains(&calls), "{calls} calls");
    }
    let sent = server.requests().len();
    assert!((120..=128).contains(&sent), "{sent} requests");
}

#[tokio::test(start_paused = true)]
async fn each_call_that_waits_is_one_event() {
    let events = Arc::new(AtomicUsize::new(0));
    let count = events.clone();
    let server = test_server::Server::with([page()]);
    let client = paced(&server, 6000).on_event(move |event| {
        if matches!(event, Event::Throttled { .. }) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    });
    let client = client.build().unwrap();
    let started = Instant::now();
    join_all((0..400).map(|_| members(&client))).await;
    assert_eq!(events.load(Ordering::Relaxed), 399);
    let passed = started.elapsed();
    assert!((3990..4100).contains(&passed.as_millis()), "{passed:?}");
}

#[tokio::test(start_paused = true)]
async fn calls_go_in_the_order_in_which_they_came() {
    let server = test_server::Server::with([page()]);
    let client = paced(&server, 600).build().unwrap();
    let list = |page: u32| client.list_group_members().guid("supergroup").page(page);
    join_all((1..=16).map(|page| list(page).send())).await;
    assert_eq!(server.pages(), (1..=16).collect::<Vec<_>>());
}

/// Nor is it left to a call that nobody polls to let the others go.
#[tokio::test(start_paused = true)]
async fn calls_that_are_dropped_leave_no_gap() {
    let server = test_server::Server::with([page()]);
    let client = paced(&server, 1).build().unwrap();
    members(&client).await;
    let mut waiting: Vec<_> = (0..32).map(|_| Box::pin(members(&client))).collect();
    for call in &mut waiting {
        assert!(call.now_or_never().is_none());
    }
    let last = tokio::spawn({
        let client = client.clone();
        async move { members(&client).await }
    });
    tokio::task::yield_now().await;
    let kept = waiting.pop();
    drop(waiting);
    let started = Instant::now();
    last.await.unwrap();
    let waited = started.elapsed().as_secs();
    assert!((119..=121).contains(&waited), "{waited} s");
    drop(kept);
}

#[tokio::test(start_paused = true)]
async fn a_turn_beyond_the_call_timeout_is_an_error_at_once() {
    let server = test_server::Server::with([page()]);
    let client = paced(&server, 1).call_timeout(Duration::from_secs(59));
    let client = client.build().unwrap();
    members(&client).await;
    let started = Instant::now();
    let list = client.list_group_members().guid("supergroup");
    let error = list.send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited, "{error}");
    assert_eq!(error.retry_after().unwrap().as_secs(), 60);
    assert!(started.elapsed() < Duration::from_secs(1));
    // The turn that it did not take is the next call's.
    members(&client.with_call_timeout(Duration::from_secs(61))).await;
    assert_eq!(server.requests().len(), 2);
}
