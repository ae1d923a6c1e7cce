//! Random faults: the same seed gives the same run in any order of requests.

use std::collections::BTreeMap;

use cometchat_sandbox::{Fault, Sandbox};
use tokio::task::JoinSet;

use crate::caller::{Caller, Reply, started, uids};

/// The faults and the status of each attempt at each page.
type Run = BTreeMap<(u64, u32), (Vec<String>, Option<u16>)>;

const PAGES: u64 = 60;

/// Reads all pages, `at_a_time` at once, each until it succeeds. Returns the faults and the rows.
async fn run(seed: u64, at_a_time: u64) -> (Run, Vec<String>) {
    let (sandbox, caller) = started(Sandbox::builder().faults(Fault::mixed(seed))).await;
    let caller = std::sync::Arc::new(caller);
    let mut rows = BTreeMap::new();
    let mut tasks = JoinSet::new();
    // Backwards if there are many at a time: the order must not matter.
    let mut pages: Vec<u64> = (1..=PAGES).collect();
    if at_a_time == 1 {
        pages.reverse();
    }
    loop {
        while tasks.len() < at_a_time as usize
            && let Some(page) = pages.pop()
        {
            tasks.spawn(until_it_works(caller.clone(), page));
        }
        match tasks.join_next().await {
            Some(done) => {
                let (page, uids) = done.unwrap();
                rows.insert(page, uids);
            }
            None => break,
        }
    }
    let run = sandbox
        .requests()
        .into_iter()
        .map(|request| {
            let place = (request.page().unwrap(), request.attempt());
            (place, (request.faults().to_vec(), request.status()))
        })
        .collect();
    (run, rows.into_values().flatten().collect())
}

async fn until_it_works(caller: std::sync::Arc<Caller>, page: u64) -> (u64, Vec<String>) {
    loop {
        let request = caller.request(&format!("/groups/city/members?perPage=40&page={page}"));
        match Reply::read(request).await {
            Ok(reply) if reply.status == 200 => return (page, uids(&reply.json())),
            _ => {}
        }
    }
}

#[tokio::test]
async fn the_same_seed_gives_the_same_run_one_at_a_time_and_eight() {
    for seed in [1, 2, 3] {
        let (one, rows) = run(seed, 1).await;
        let (eight, rows_of_eight) = run(seed, 8).await;
        assert_eq!(one, eight);
        assert_eq!(rows, rows_of_eight);
        assert_eq!(rows.len(), 2_400);
        assert!(one.len() as u64 > PAGES, "there must be failures");
        assert_ne!(one, run(seed + 100, 1).await.0);
    }
}
