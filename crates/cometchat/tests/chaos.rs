//! A fault injection run: both lists, from a sandbox in which one request in four fails, by seed. Every row has to come,
//! once, in its place, with every field.
//!
//! `COMETCHAT_CHAOS_ROWS` sets the rows a list (3,000), `COMETCHAT_CHAOS_SEEDS` the number of seeds (3).

#![allow(
    clippy::unwrap_used,
    reason = "what the tests share may fail as the tests do"
)]

use std::hash::{BuildHasher as _, DefaultHasher};
use std::time::{Duration, Instant};

use cometchat::{Client, List, ListOperation, RetryPolicy};
use cometchat_sandbox::{Builder, Fault, Group, Sandbox};
use serde::Serialize;
use serde_json::Value;

const GUID: &str = "big";
/// The pages of a list.
const PAGES: u32 = 60;

fn number(variable: &str, default: u32) -> u32 {
    match std::env::var(variable) {
        Ok(text) => text.parse().unwrap(),
        Err(_) => default,
    }
}

fn rows() -> u32 {
    number("COMETCHAT_CHAOS_ROWS", 3_000)
}

fn per_page() -> u32 {
    rows().div_ceil(PAGES).min(1_000)
}

fn sandbox() -> Builder {
    let rows = rows();
    Sandbox::builder()
        .without_examples()
        .group(Group::generated(GUID, rows).generated_banned(rows))
}

/// The same for each order of the fields.
fn fingerprint(row: &Value) -> u64 {
    std::hash::BuildHasherDefault::<DefaultHasher>::default().hash_one(row)
}

/// The rows of a list, read without the library from a sandbox that does not fail.
async fn expected(list: &str) -> Vec<u64> {
    let sandbox = sandbox().start().await.unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let (url, size) = (sandbox.base_url(), per_page());
    let mut expected = Vec::new();
    for page in 1..=rows().div_ceil(size) {
        let url = format!("{url}/groups/{GUID}/{list}?perPage={size}&page={page}");
        let request = http.get(url).header("apikey", sandbox.api_key());
        let text = request.send().await.unwrap().text().await.unwrap();
        let mut page: Value = serde_json::from_str(&text).unwrap();
        for row in page["data"].as_array_mut().unwrap() {
            // A typed row writes no empty list.
            let row_fields = row.as_object_mut().unwrap();
            row_fields.retain(|_, value| value.as_array().is_none_or(|list| !list.is_empty()));
            expected.push(fingerprint(row));
        }
    }
    assert_eq!(expected.len() as u32, rows());
    expected
}

/// Reads a list to its end, and resumes at the failed page after each failure. Returns how often.
async fn read<O: ListOperation>(list: List<O>, expected: &[u64]) -> usize
where
    O::Item: Serialize,
{
    let list = list.per_page(per_page());
    let (mut place, mut resumed) = (0, 0);
    let mut items = list.clone().items();
    while let Some(row) = items.next().await {
        match row {
            Ok(row) => {
                let row = serde_json::to_value(row).unwrap();
                assert_eq!(fingerprint(&row), expected[place], "row {place}: {row}");
                place += 1;
            }
            Err(error) => {
                let page = error.page().unwrap();
                assert!(error.is_retryable(), "{error}");
                assert_eq!(items.next_page(), page, "{error}");
                assert_eq!(place as u32, (page - 1) * per_page(), "{error}");
                resumed += 1;
                items = list.clone().page(page).items();
            }
        }
    }
    assert_eq!(place, expected.len(), "the list ends early");
    resumed
}

/// Reads both lists for each seed and prefetch. Returns how often a list was resumed, and how many requests were made.
async fn run(attempts: u32) -> (usize, usize) {
    let (members, banned) = (expected("members").await, expected("bannedusers").await);
    let (mut resumed, mut requests) = (0, 0);
    let started = Instant::now();
    for seed in 1..=number("COMETCHAT_CHAOS_SEEDS", 3) {
        for prefetch in [1, 8] {
            let faults = Fault::mixed(seed.into());
            let sandbox = sandbox().faults(faults).start_blocking().unwrap();
            let policy = RetryPolicy::default()
                .attempts(attempts)
                .min_backoff(Duration::from_millis(1))
                .max_backoff(Duration::from_millis(4));
            let client = Client::builder()
                .base_url(sandbox.base_url())
                .api_key(sandbox.api_key())
                .retry(policy)
                .build()
                .unwrap();
            let group = client.group(GUID);
            resumed += read(group.members().prefetch(prefetch), &members).await;
            resumed += read(group.banned_users().prefetch(prefetch), &banned).await;
            requests += sandbox.requests().len();
        }
    }
    let (rows, elapsed) = (members.len(), started.elapsed());
    println!("{rows} rows a list: {requests} requests, resumed {resumed} times, {elapsed:.1?}");
    (resumed, requests)
}

/// The pages that all lists of a run have.
fn pages() -> usize {
    let lists = 2 * 2 * number("COMETCHAT_CHAOS_SEEDS", 3);
    (lists * rows().div_ceil(per_page())) as usize
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_row_comes_once_and_in_order() {
    let (_, requests) = run(5).await;
    assert!(requests > pages() + pages() / 10, "one in four must fail");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_resumes_where_it_failed() {
    let (resumed, _) = run(1).await;
    assert!(resumed > pages() / 10, "one in four must fail");
}
