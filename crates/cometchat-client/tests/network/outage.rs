//! A service that is down: what all calls of all clones may spend on trying again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use cometchat_client::{Client, RetryPolicy};
use futures_util::future::join_all;
use test_server::{Step, json};

use crate::support::{Server, page};

async fn failing(client: &Client) -> u32 {
    let list = client.list_group_members().guid("supergroup");
    list.send().await.unwrap_err().attempts()
}

#[tokio::test]
async fn fewer_than_a_fifth_of_the_requests_are_retries() {
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
        assert!(
            (16..=26).contains(&retries),
            "{retries} retries of {attempts}"
        );
    }
}

/// Calls that take long must not earn their retries by that.
#[tokio::test]
async fn a_service_that_hangs_is_a_service_that_is_down() {
    let server = Server::with([vec![Step::Hang]]);
    let client = server
        .client()
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
    let client = server.client().build().unwrap();
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
