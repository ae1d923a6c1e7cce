//! The time limits of an attempt and of a call.

use std::time::Duration;

use cometchat_client::{Client, ClientBuilder, Error, ErrorKind};
use test_server::{Server, Step, answer, json};
use tokio::time::Instant;

use crate::support::page;

const SECOND: Duration = Duration::from_secs(1);

fn client(server: &Server) -> ClientBuilder {
    Client::builder().base_url(server.base_url()).api_key("key")
}

/// How a call ended, and after how long.
async fn timed(client: &Client) -> (Result<u32, Error>, Duration) {
    let started = Instant::now();
    let list = client.list_group_members().guid("supergroup");
    let result = list.send().await.map(|response| response.attempts());
    (result, started.elapsed())
}

#[tokio::test(start_paused = true)]
async fn a_call_timeout_ends_an_attempt() {
    let server = Server::with([vec![Step::Hang]]);
    let client = client(&server).call_timeout(3 * SECOND).build().unwrap();
    let (result, took) = timed(&client).await;
    let error = result.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1));
    assert!(
        error.to_string().contains("within its timeout of 3s"),
        "{error}"
    );
    assert!(
        (3 * SECOND..3 * SECOND + SECOND / 10).contains(&took),
        "{took:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_call_timeout_covers_all_attempts() {
    let server = Server::with([vec![Step::Hang]]);
    let client = client(&server)
        .attempt_timeout(2 * SECOND)
        .call_timeout(5 * SECOND);
    let (result, took) = timed(&client.build().unwrap()).await;
    let error = result.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!((2..=3).contains(&error.attempts()), "{error}");
    assert!(took <= 5 * SECOND + SECOND / 10, "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_wait_beyond_the_call_timeout_ends_the_call_at_once() {
    for status in [429, 503] {
        let server = Server::with([answer(status, &[("Retry-After", "9")], "{}"), page()]);
        let client = client(&server).build().unwrap();
        let (result, took) = timed(&client.with_call_timeout(5 * SECOND)).await;
        let error = result.unwrap_err();
        assert_eq!((error.status(), error.attempts()), (Some(status), 1));
        assert_eq!(error.retry_after(), Some(9 * SECOND));
        assert!(error.to_string().contains("call timeout of 5s"), "{error}");
        assert!(took < SECOND, "{took:?}");
        let (result, took) = timed(&client.with_call_timeout(12 * SECOND)).await;
        result.unwrap();
        assert!(took < 11 * SECOND, "{took:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_without_a_timeout_waits_as_long_as_it_takes() {
    let slow = |seconds| [vec![Step::Sleep(seconds * SECOND)], page()].concat();
    let server = Server::with([json(500, "{}"), slow(29), slow(31), slow(29)]);
    let client = client(&server).build().unwrap();
    let (result, _) = timed(&client).await;
    assert_eq!(result.unwrap(), 2);
    let (result, took) = timed(&client).await;
    assert_eq!(result.unwrap(), 2);
    assert!(took > 59 * SECOND, "{took:?}");
}
