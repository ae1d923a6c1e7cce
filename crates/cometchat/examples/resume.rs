//! Resumes a list where it failed: no row is lost, and none comes twice.
//!
//! The sandbox fails page 13 more often than a call tries. Each failure comes after all rows before it, and the list resumes
//! at the page that failed. In your own program, store `next_page` with the rows.
//!
//! ```text
//! cargo run -p cometchat --example resume
//! ```

use std::collections::HashSet;
use std::time::Duration;

use cometchat::RetryPolicy;
use cometchat_sandbox::{ErrorBody, Fault, Sandbox};
use service::{groups_or, service};

#[path = "service/mod.rs"]
mod service;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let fault = Fault::error(503, ErrorBody::Html).on_page(13).times(5);
    let (client, _sandbox) = service(Sandbox::builder().fault(fault)).await?;
    // Two attempts per page, so that there is something to see.
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
                match pages.next().await {
                    // Whole pages are stored, so the page to resume from is always right.
                    Some(Ok(page)) => uids.extend(page.into_iter().map(|row| row.uid)),
                    None => break Ok(()),
                    Some(Err(error)) => break Err(error),
                }
            };
            next_page = pages.next_page();
            match result {
                Ok(()) => break,
                Err(error) if error.is_retryable() && failures < 10 => {
                    failures += 1;
                    eprintln!("{error}; resuming at page {next_page}");
                }
                Err(error) => return Err(error.into()),
            }
        }
        println!("{guid}: {} members, after {failures} failures", uids.len());
    }
    Ok(())
}
