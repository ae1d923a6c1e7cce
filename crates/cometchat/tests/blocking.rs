//! The blocking client: outside of a runtime, inside of one of each kind, and where it can't be.

#![allow(
    clippy::unwrap_used,
    reason = "what the tests share may fail as the tests do"
)]
#![cfg(feature = "blocking")]

use std::sync::{Arc, Mutex};

use cometchat::blocking::{Client, Group, Items, List, ListMembers, Pages, pages};
use cometchat::{ClientBuilder, ErrorKind, PageOptions, RawRow, RetryPolicy, builder};
use cometchat_sandbox::{ErrorBody, Fault, Sandbox};

fn client(sandbox: &Sandbox) -> ClientBuilder<Client> {
    Client::builder()
        .base_url(sandbox.base_url())
        .api_key(sandbox.api_key())
        .configure_http(|http| http.no_proxy())
}

/// Calls everything, against its own sandbox.
fn all_of_it() {
    let sandbox = Sandbox::builder().start_blocking().unwrap();
    let client = client(&sandbox).build().unwrap();
    let group: Group = client.group("city");
    let list: ListMembers = group.members().per_page(250).prefetch(4);

    let mut items: Items<builder::ListGroupMembers> = list.clone().items();
    assert_eq!(items.next_page(), 1);
    let uids: Vec<_> = items.by_ref().map(|item| item.unwrap().uid).collect();
    assert_eq!((uids.len(), items.next_page()), (2_500, 11));
    assert!(items.next().is_none());
    assert_eq!(items.progress().rows, 2_500);

    let mut pages_of: Pages<builder::ListGroupMembers> = list.clone().pages();
    let first = pages_of.next().unwrap().unwrap();
    assert_eq!(
        (first.number, first.items.len(), pages_of.next_page()),
        (1, 250, 2)
    );
    assert_eq!(pages_of.progress().pages, 1);

    assert_eq!(list.clone().send().unwrap().items.len(), 250);
    assert_eq!(list.clone().collect_all().unwrap().len(), 2_500);
    assert!(list.clone().collect_up_to(300).unwrap().truncated);
    assert!(list.collect_consistent(2).unwrap().consistent);

    let raw: Vec<RawRow> = group.banned_users().raw().collect_all().unwrap();
    assert_eq!(raw.len(), 120);
    let request = || client.api().list_banned_users().guid("city");
    let by_pages = pages(request(), PageOptions::default().prefetch(2));
    assert_eq!(
        by_pages
            .map(|page| page.unwrap().items.len())
            .sum::<usize>(),
        120
    );
    let by_list: List<_> = cometchat::List::new(request()).blocking();
    assert_eq!(by_list.collect_all().unwrap().len(), 120);
    assert!(group.check().is_ok());
}

#[test]
fn outside_of_a_runtime() {
    all_of_it();
}

#[tokio::test(flavor = "current_thread")]
async fn inside_a_runtime_of_one_thread() {
    all_of_it();
}

/// tokio lets a task do a limited amount of work in one poll, and a blocking call is within one poll. Each page takes some
/// of that budget: here are more pages than it allows.
#[tokio::test]
async fn a_poll_may_exceed_the_task_budget() {
    let sandbox = Sandbox::builder()
        .group(cometchat_sandbox::Group::generated("many", 300))
        .start()
        .await
        .unwrap();
    let client = client(&sandbox).build().unwrap();
    let list = client.group("many").members().per_page(1);
    for prefetch in [1, 8] {
        let members = list.clone().prefetch(prefetch).collect_all().unwrap();
        assert_eq!(members.len(), 300);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inside_a_runtime_of_many_threads() {
    all_of_it();
    tokio::spawn(async { all_of_it() }).await.unwrap();
    tokio::task::block_in_place(all_of_it);
}

#[tokio::test]
async fn inside_spawn_blocking() {
    tokio::task::spawn_blocking(all_of_it).await.unwrap();
}

#[tokio::test]
async fn inside_a_local_set() {
    let local = tokio::task::LocalSet::new();
    local.run_until(async { all_of_it() }).await;
}

/// A runtime must not be dropped within another: none is.
#[tokio::test]
async fn all_can_be_dropped_within_a_runtime() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let client = client(&sandbox).build().unwrap();
    let mut items = client.group("city").members().prefetch(8).items();
    assert!(items.next().unwrap().is_ok());
    drop(client);
    // The stream does not need the client.
    assert!(items.next().unwrap().is_ok());
    drop(items);
}

#[test]
fn many_threads_share_a_client() {
    let sandbox = Sandbox::builder().start_blocking().unwrap();
    let client = client(&sandbox).build().unwrap();
    let counts: Vec<_> = std::thread::scope(|scope| {
        let read = || {
            client
                .group("city")
                .members()
                .prefetch(3)
                .collect_all()
                .unwrap()
                .len()
        };
        let threads: Vec<_> = (0..6).map(|_| scope.spawn(read)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert_eq!(counts, [2_500; 6]);
}

#[test]
fn one_error_comes_after_all_earlier_rows() {
    let fault = Fault::error(500, ErrorBody::Json).on_page(3);
    let sandbox = Sandbox::builder().fault(fault).start_blocking().unwrap();
    let client = client(&sandbox).retry(RetryPolicy::none()).build().unwrap();
    let mut items = client.group("city").members().prefetch(2).items();
    let rows = items.by_ref().take_while(Result::is_ok).count();
    assert_eq!((rows, items.next_page()), (200, 3));
    assert!(items.next().is_none() && items.next().is_none());

    let error = client.group("city").members().page(0).send().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
}

/// If the threads that serve calls made calls, none might be left to serve them: an error, not a deadlock.
#[test]
fn a_call_within_a_call_is_an_error() {
    let sandbox = Sandbox::builder().start_blocking().unwrap();
    let other = client(&sandbox).build().unwrap();
    let results = Arc::new(Mutex::new(Vec::new()));
    let seen = results.clone();
    let client = client(&sandbox)
        .on_event(move |_| {
            let members = other.group("city").members();
            let mut items = members.clone().items();
            assert!(items.next().unwrap().is_err() && items.next().is_none());
            seen.lock().unwrap().push(members.send().unwrap_err());
        })
        .build()
        .unwrap();
    for prefetch in [1, 4] {
        let list = client.group("city").members().prefetch(prefetch);
        assert_eq!(list.collect_all().unwrap().len(), 2_500);
    }
    let errors = results.lock().unwrap();
    assert!(errors.len() >= 50);
    for error in errors.iter() {
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains("on_event"), "{error}");
    }
}
