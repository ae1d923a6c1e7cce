//! A client in several runtimes, in one that is shut down, and in none.

use std::time::{Duration, Instant};

use cometchat_client::{Client, ErrorKind};
use futures_util::FutureExt;
use test_server::Server;
use tokio::runtime::{Builder, Runtime};

use crate::support::page;

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn start() -> (Server, Client) {
    let server = Server::on_thread(|_| page());
    let client = Client::builder().base_url(server.base_url()).api_key("key");
    (server, client.build().unwrap())
}

async fn members(client: Client) -> u32 {
    let list = client.list_group_members().guid("supergroup");
    list.send().await.unwrap().attempts()
}

/// Such as a blocking call from within an async one: the first runtime's tasks stand still meanwhile.
#[test]
fn a_runtime_that_is_blocked_stalls_no_other() {
    let (server, client) = start();
    let started = Instant::now();
    let outer = runtime();
    outer.block_on(async {
        assert_eq!(members(client.clone()).await, 1);
        let other = std::thread::spawn({
            let client = client.clone();
            move || runtime().block_on(members(client))
        });
        // This thread runs the tasks of the outer runtime, and waits.
        assert_eq!(other.join().unwrap(), 1);
        assert_eq!(members(client.clone()).await, 1);
    });
    assert!(started.elapsed() < Duration::from_secs(10));
    assert_eq!((server.requests().len(), server.connections()), (3, 2));
}

#[test]
fn a_runtime_that_was_shut_down_stalls_no_other() {
    let (server, client) = start();
    for _ in 0..20 {
        assert_eq!(runtime().block_on(members(client.clone())), 1);
    }
    assert_eq!(server.requests().len(), 20);
}

#[test]
fn a_call_outside_of_a_runtime_is_an_error() {
    let (server, client) = start();
    let call = client.list_group_members().guid("supergroup").send();
    let error = call.now_or_never().unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(error.to_string().contains("runtime"), "{error}");
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn a_call_whose_runtime_is_shut_down_is_an_error() {
    for inside in [false, true] {
        let (_server, client) = start();
        let first = runtime();
        let mut call = Box::pin(client.list_group_members().guid("supergroup").send());
        first.block_on(async { assert!(call.as_mut().now_or_never().is_none()) });
        drop(first);
        let error = if inside {
            runtime().block_on(call).unwrap_err()
        } else {
            call.now_or_never().unwrap().unwrap_err()
        };
        assert_eq!(error.kind(), ErrorKind::Transport, "{error}");
    }
}
