//! What the READMEs and the guide show, run against the sandbox.

use cometchat::{Client, RetryPolicy};
use cometchat_sandbox::{Fault, Sandbox};

mod count;
mod export;
mod look;
#[cfg(feature = "blocking")]
mod print;
mod read;
#[cfg(feature = "blocking")]
mod resume;

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

async fn sandbox(fault: Option<Fault>) -> Outcome<Sandbox> {
    Ok(Sandbox::builder()
        .faults(Vec::from_iter(fault))
        .start()
        .await?)
}

/// A client that does not try again.
fn client(sandbox: &Sandbox) -> Outcome<Client> {
    let client = Client::builder()
        .base_url(sandbox.base_url())
        .api_key(sandbox.api_key());
    Ok(client.retry(RetryPolicy::none()).build()?)
}

#[test]
fn what_is_shown_is_what_is_run() {
    let run = [
        include_str!("count.rs"),
        include_str!("export.rs"),
        include_str!("look.rs"),
        include_str!("print.rs"),
        include_str!("read.rs"),
        include_str!("resume.rs"),
    ];
    let shown = concat!(
        include_str!("../../../../README.md"),
        include_str!("../../README.md"),
        include_str!("../../../../docs/paging.md")
    );
    let blocks = shown.split("```rust").skip(1);
    let blocks = blocks.filter_map(|rest| rest.split("```").next()?.split_once('\n'));
    // A whole program is run as it stands, or is compiled at the least.
    let parts: Vec<_> = blocks
        .filter(|(_, block)| !block.contains("fn main()"))
        .collect();
    assert_eq!(parts.len(), run.len());
    for (_, block) in parts {
        assert!(run.iter().any(|run| run.contains(block)), "{block}");
    }
}
