//! Both lists on a bad day: one request in four fails, by seed. `cargo xtask chaos` does the same with large groups.

use std::time::Duration;

use cometchat::{Client, List, ListItem, ListOperation, RetryPolicy};
use cometchat_sandbox::{Group, Rates, Sandbox};
use futures_util::TryStreamExt as _;

const GUID: &str = "big";
const ROWS: u32 = 3_000;
const PER_PAGE: u32 = 50;

fn sandbox(seed: u64) -> Sandbox {
    Sandbox::builder()
        .without_examples()
        .group(Group::generated(GUID, ROWS).generated_banned(ROWS))
        .faults(Rates::rough(seed).latency(Duration::ZERO))
        .start_blocking()
        .unwrap()
}

fn client(sandbox: &Sandbox, attempts: u32) -> Client {
    let policy = RetryPolicy::default()
        .attempts(attempts)
        .min_backoff(Duration::from_millis(1))
        .max_backoff(Duration::from_millis(4));
    Client::builder()
        .base_url(sandbox.base_url())
        .api_key(sandbox.api_key())
        .retry(policy)
        .build()
        .unwrap()
}

/// Reads a list to its end, from the failed page on after each failure; and how often that was needed.
async fn read<O: ListOperation>(list: List<O>) -> (Vec<String>, usize)
where
    O::Item: Unpin,
{
    let (mut uids, mut resumed) = (Vec::new(), 0);
    let mut items = list.clone().per_page(PER_PAGE).items();
    loop {
        match items.try_next().await {
            Ok(Some(row)) => uids.push(row.id(O::KEY).into_owned()),
            Ok(None) => return (uids, resumed),
            Err(error) => {
                let page = error.page().unwrap();
                assert!(error.is_retryable(), "{error}");
                assert_eq!(items.next_page(), page, "{error}");
                assert_eq!(uids.len() as u32, (page - 1) * PER_PAGE, "{error}");
                resumed += 1;
                items = list.clone().per_page(PER_PAGE).page(page).items();
            }
        }
    }
}

/// Reads both lists, and says how often a list was taken up again, and how many requests there were.
async fn exact(seed: u64, attempts: u32, prefetch: usize) -> (usize, usize) {
    let sandbox = sandbox(seed);
    let group = client(&sandbox, attempts).group(GUID);
    let control = sandbox.control();
    let (members, first) = read(group.members().prefetch(prefetch)).await;
    assert_eq!(members, control.member_uids(GUID).unwrap(), "seed {seed}");
    let (banned, second) = read(group.banned_users().prefetch(prefetch)).await;
    assert_eq!(banned, control.banned_uids(GUID).unwrap(), "seed {seed}");
    (first + second, sandbox.requests().len())
}

const PAGES: usize = 2 * (ROWS / PER_PAGE) as usize;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_row_comes_once_and_in_order() {
    for seed in 1..=3 {
        for prefetch in [1, 8] {
            let (_, requests) = exact(seed, 5, prefetch).await;
            assert!(requests > PAGES + PAGES / 10, "something must go wrong");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_that_fails_for_good_goes_on_where_it_stopped() {
    for seed in 1..=3 {
        for prefetch in [1, 8] {
            let (resumed, _) = exact(seed, 1, prefetch).await;
            assert!(resumed > PAGES / 10, "one call in four must fail");
        }
    }
}
