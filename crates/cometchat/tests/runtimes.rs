//! Streams and runtimes: one that was shut down, another one, or none.

#![allow(
    clippy::unwrap_used,
    reason = "what the tests share may fail as the tests do"
)]

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use cometchat::{Client, Error, ErrorKind, Items, builder};
use test_server::{Reply, Request, Server, Step, page};
use tokio::runtime::{Builder, Runtime};

/// Three pages of a row each; page 2 never comes.
fn script(request: &Request) -> Reply {
    match request.page() {
        2 => vec![Step::Hang],
        number => page(
            [format!("u{number}")],
            Some(r#"{"pagination":{"total_pages":3}}"#),
        ),
    }
}

/// Rows of the service, read up to page 2.
fn items(server: &Server, prefetch: usize) -> Items<builder::ListGroupMembers> {
    let client = Client::builder()
        .base_url(server.base_url())
        .api_key("key")
        .configure_http(|http| http.no_proxy());
    let group = client.build().unwrap().group("team");
    group.members().prefetch(prefetch).items()
}

fn runtimes() -> [Runtime; 2] {
    [Builder::new_current_thread(), Builder::new_multi_thread()]
        .map(|mut builder| builder.enable_all().build().unwrap())
}

/// Reads the first row, and waits until page 2 is requested.
async fn begin(items: &mut Items<builder::ListGroupMembers>, server: &Server) {
    assert_eq!(items.next().await.unwrap().unwrap().uid, "u1");
    tokio::select! {
        _ = items.next() => panic!("page 2 never comes"),
        () = server.requested(2) => {}
    }
}

/// The error that a stream ends with.
async fn end(mut items: Items<builder::ListGroupMembers>) -> Error {
    let error = items.next().await.unwrap().unwrap_err();
    assert!(items.next().await.is_none());
    error
}

#[test]
fn a_runtime_shut_down_is_an_error() {
    for prefetch in [1, 8] {
        for runtime in runtimes() {
            let server = Server::on_thread(script);
            let mut items = items(&server, prefetch);
            runtime.block_on(begin(&mut items, &server));
            drop(runtime);
            let other = Builder::new_current_thread().enable_all().build().unwrap();
            let error = other.block_on(end(items));
            assert_eq!(error.page(), Some(2), "{error}");
            assert!(error.is_retryable(), "{error}");
        }
    }
}

#[test]
fn a_handle_after_shutdown_is_an_error() {
    for prefetch in [1, 8] {
        for runtime in runtimes() {
            let server = Server::on_thread(script);
            let (mut begun, fresh) = (items(&server, prefetch), items(&server, prefetch));
            runtime.block_on(begin(&mut begun, &server));
            let handle = runtime.handle().clone();
            runtime.shutdown_background();
            for (items, page) in [(begun, 2), (fresh, 1)] {
                let error = handle.block_on(end(items));
                assert_eq!(error.page(), Some(page), "{error}");
                assert!(error.to_string().contains("shut down"), "{error}");
            }
        }
    }
}

#[test]
fn outside_of_a_runtime_is_an_error() {
    for prefetch in [1, 8] {
        for runtime in runtimes() {
            let server = Server::on_thread(script);
            let mut items = items(&server, prefetch);
            runtime.block_on(begin(&mut items, &server));
            let mut context = Context::from_waker(Waker::noop());
            let next = pin!(items.next()).poll(&mut context);
            let Poll::Ready(Some(Err(error))) = next else {
                panic!("there is a runtime");
            };
            assert_eq!(error.kind(), ErrorKind::Config);
            assert!(error.to_string().contains("tokio runtime"), "{error}");
            assert!(matches!(
                pin!(items.next()).poll(&mut context),
                Poll::Ready(None)
            ));
        }
    }
}

/// A connection of the async call must not serve the blocking one: its task runs on the thread that waits.
#[cfg(feature = "blocking")]
mod blocking_after_async {
    use super::*;
    use std::time::{Duration, Instant};

    /// Makes an async call and then a blocking one, which both get a response.
    async fn one_then_the_other() {
        let server = Server::on_thread(|_| page(["u1"], None));
        let client = Client::builder()
            .base_url(server.base_url())
            .api_key("key")
            .configure_http(|http| http.no_proxy());
        let members = client.build().unwrap().group("team").members();
        let started = Instant::now();
        for _ in 0..2 {
            let page = members.clone().send().await.unwrap();
            assert_eq!(page.items.len(), 1);
            let page = members.clone().blocking().send().unwrap();
            assert_eq!((page.items.len(), page.attempts), (1, 1));
        }
        // Less than an attempt may take.
        assert!(started.elapsed() < Duration::from_secs(20));
    }

    #[tokio::test]
    async fn in_a_runtime_of_one_thread() {
        one_then_the_other().await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn in_a_runtime_of_many_threads() {
        one_then_the_other().await;
        tokio::spawn(one_then_the_other()).await.unwrap();
    }

    #[tokio::test]
    async fn in_a_local_set() {
        let local = tokio::task::LocalSet::new();
        local.run_until(one_then_the_other()).await;
    }

    #[tokio::test]
    async fn in_spawn_blocking() {
        let handle = tokio::runtime::Handle::current();
        let blocking = move || handle.block_on(one_then_the_other());
        tokio::task::spawn_blocking(blocking).await.unwrap();
    }
}
