//! Goes on where a list failed: no row is lost, and none comes twice.
//!
//! The sandbox fails page 13 more often than a call tries. Each failure is told after all rows before it; the next
//! attempt begins with the page that failed. In a program of its own, keep `next_page` beside the rows that were written.
//!
//! ```text
//! cargo run -p cometchat --example resume
//! ```

use std::collections::HashSet;
use std::time::Duration;

use cometchat::RetryPolicy;
use cometchat_sandbox::{ErrorBody, Fault, Sandbox};
use futures_util::TryStreamExt;
use service::{groups_or, service};

#[path = "service/mod.rs"]
mod service;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let fault = Fault::error(503, ErrorBody::Html).on_page(13).times(5);
    let (client, _sandbox) = service(Sandbox::builder().fault(fault)).await?;
    // Two attempts a page, so that there is something to see.
    let policy = RetryPolicy::default()
        .attempts(2)
        .min_backoff(Duration::from_millis(10));
    let client = client.retry(policy).build()?;

    for guid in groups_or(&["city"]) {
        let list = client.group(&guid).members().prefetch(4);
        let (mut next_page, mut failures, mut uids) = (1, 0, HashSet::new());
        loop {
            let mut pages = list.clone().page(next_page).pages();
            let result = loop {
                match pages.try_next().await {
                    // A page is dealt with as a whole: so the page to go on from is always right.
                    Ok(Some(page)) => uids.extend(page.items.into_iter().map(|row| row.uid)),
                    Ok(None) => break Ok(()),
                    Err(error) => break Err(error),
                }
            };
            next_page = pages.next_page();
            match result {
                Ok(()) => break,
                Err(error) if error.is_retryable() && failures < 10 => {
                    failures += 1;
                    eprintln!("{error}; going on from page {next_page}");
                }
                Err(error) => return Err(error.into()),
            }
        }
        println!("{guid}: {} members, after {failures} failures", uids.len());
    }
    Ok(())
}
