//! Lists 200 groups at 500 requests a minute, the rate of the free plan, from a sandbox that fails one request in four.
//!
//! A client and its clones are paced together, however many lists are read at a time, so the time is known before: a
//! page takes 1.33 requests on average, and a request 60 s / 500.
//!
//! ```text
//! cargo run -p cometchat --example many_groups         # 200 groups, in about 32 s
//! cargo run -p cometchat --example many_groups -- 20   # 20 groups
//! ```

use std::collections::HashSet;
use std::time::Instant;

use cometchat::{Client, RetryPolicy};
use cometchat_sandbox::{Fault, Group, Sandbox};
use futures_util::{StreamExt, TryStreamExt, stream};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let groups: u32 = std::env::args()
        .nth(1)
        .as_deref()
        .unwrap_or("200")
        .parse()?;
    let mut sandbox = Sandbox::builder().faults(Fault::mixed(1));
    for number in 1..=groups {
        sandbox = sandbox.group(Group::generated(format!("team-{number}"), number));
    }
    let sandbox = sandbox.start().await?;
    let client = Client::builder()
        .base_url(sandbox.base_url())
        .api_key(sandbox.api_key())
        .requests_per_minute(500)
        .retry(RetryPolicy::default().attempts(10))
        .build()?;

    let started = Instant::now();
    let mut lists = stream::iter(1..=groups)
        .map(|number| {
            client
                .group(format!("team-{number}"))
                .members()
                .per_page(1000)
                .collect_all()
        })
        .buffered(8);
    let (mut uids, mut rows) = (HashSet::new(), 0);
    while let Some(members) = lists.try_next().await? {
        rows += members.len();
        uids.extend(members.into_iter().map(|member| member.uid));
    }
    let (requests, elapsed) = (sandbox.requests().len(), started.elapsed());
    println!(
        "{rows} members, {} uids, {requests} requests, {elapsed:.1?}",
        uids.len()
    );
    Ok(())
}
