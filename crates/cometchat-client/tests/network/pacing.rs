//! The rate limit that a client keeps to by itself.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use cometchat_client::{Client, Event};
use futures_util::future::join_all;
use test_server::json;

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
            operation: "list_group_members",
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
}
