//! Large groups, quickly.

use std::time::{Duration, Instant};

use cometchat_sandbox::{Group, Sandbox};

use crate::caller::{Caller, started, uids};

fn big() -> cometchat_sandbox::Builder {
    Sandbox::builder().group(Group::generated("big", 100_000).generated_banned(100_000))
}

#[tokio::test]
async fn a_hundred_thousand_rows_start_within_a_second() {
    let start = Instant::now();
    let (_sandbox, caller) = started(big()).await;
    assert!(start.elapsed() < Duration::from_secs(1));
    let page = caller
        .page("/groups/big/members?perPage=1000&page=100")
        .await;
    assert_eq!(uids(&page).last().unwrap(), "big-100000");
    assert_eq!(page["meta"]["pagination"]["total_pages"], 100);
}

#[tokio::test]
#[ignore = "measures time: run it alone, with --release"]
async fn a_thousand_rows_take_two_milliseconds() {
    let start = Instant::now();
    let sandbox = big().start().await.unwrap();
    println!("start: {:?}", start.elapsed());
    let caller = Caller::new(&sandbox);
    for list in [
        "members",
        "bannedusers",
        "members?status=offline&scopes=participant,admin",
    ] {
        let mut times = Vec::new();
        for page in 1..=90 {
            let mark = if list.contains('?') { '&' } else { '?' };
            let path = format!("/groups/big/{list}{mark}perPage=1000&page={page}");
            let start = Instant::now();
            // The whole request over a socket, with the time that the client takes to read it.
            caller.get(&path).await;
            times.push(start.elapsed());
        }
        times.sort();
        println!("{list}: median {:?}, longest {:?}", times[45], times[89]);
        assert!(times[45] < Duration::from_millis(2));
    }
}
