//! The client's side of a run, in a process of its own: it lists, goes on after each failure, and says how that went.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::ValueEnum;
use cometchat::{Client, Event, ListOperation, RetryPolicy};
use futures_util::TryStreamExt as _;
use serde::{Deserialize, Serialize};

use super::place::Places;

/// Rows a page: as many as the service gives.
pub(crate) const PER_PAGE: u32 = 1000;

/// The attempts of the library's default, its waits a fiftieth: what is tested is what is made of failures, not patience.
pub(crate) const POLICY: &str =
    "5 attempts as by default, backoff a fiftieth of the default: 5 ms doubling to 160 ms";
const ATTEMPTS: u32 = 5;

fn policy() -> RetryPolicy {
    RetryPolicy::default()
        .min_backoff(Duration::from_millis(5))
        .max_backoff(Duration::from_millis(160))
}

/// How often a list is taken up again before it is given up: a page that fails once in a thousand times does not fail so
/// often.
const PATIENCE: u32 = 100;

/// Which list.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum List {
    /// The members.
    Members,
    /// The users who are banned.
    Banned,
}

/// What to list, and what has to come.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[arg(long)]
    base_url: String,
    #[arg(long)]
    guid: String,
    #[arg(long)]
    list: List,
    #[arg(long)]
    prefetch: usize,
    /// A file with the rows that have to come.
    #[arg(long)]
    places: PathBuf,
}

/// How it went.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Outcome {
    /// Rows that came in their places.
    pub(crate) rows: usize,
    /// Attempts that were made again.
    pub(crate) retries: usize,
    /// Retries that the budget refused.
    pub(crate) denied: usize,
    /// How often the list was taken up again at a page that had failed for good.
    pub(crate) resumed: u32,
    pub(crate) seconds: f64,
    /// The most memory that this process had, in KiB, where that is known.
    pub(crate) peak: Option<u64>,
    /// What came out wrong.
    pub(crate) fault: Option<String>,
}

/// Lists, and prints how it went as JSON.
pub(crate) fn run(arguments: Arguments) -> Result<ExitCode> {
    let places = Places::read(&arguments.places)?;
    let (retries, denied) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let counters = (Arc::clone(&retries), Arc::clone(&denied));
    let client = Client::builder()
        .base_url(arguments.base_url)
        .api_key(std::env::var("COMETCHAT_API_KEY")?)
        .retry(policy())
        .configure_http(reqwest::ClientBuilder::no_proxy)
        .on_event(move |report| {
            let Event::Attempt {
                attempt,
                status,
                retry_in,
                ..
            } = report
            else {
                return;
            };
            if retry_in.is_some() {
                counters.0.fetch_add(1, Ordering::Relaxed);
            } else if *attempt < ATTEMPTS && *status != Some(200) {
                counters.1.fetch_add(1, Ordering::Relaxed);
            }
        })
        .build()?;
    let group = client.group(arguments.guid);
    let mut outcome = Outcome::default();
    let started = Instant::now();
    let read = async {
        match arguments.list {
            List::Members => {
                let list = group.members().prefetch(arguments.prefetch);
                read(list, &places, &mut outcome).await
            }
            List::Banned => {
                let list = group.banned_users().prefetch(arguments.prefetch);
                read(list, &places, &mut outcome).await
            }
        }
    };
    let result = tokio::runtime::Runtime::new()?.block_on(read);
    outcome.seconds = started.elapsed().as_secs_f64();
    outcome.fault = result.err().map(|error| format!("{error:#}"));
    outcome.retries = retries.load(Ordering::Relaxed);
    outcome.denied += denied.load(Ordering::Relaxed);
    outcome.peak = peak();
    println!("{}", serde_json::to_string(&outcome)?);
    Ok(ExitCode::SUCCESS)
}

/// Reads a list to its end, from the failed page on after each failure.
async fn read<O>(list: cometchat::List<O>, places: &Places, outcome: &mut Outcome) -> Result<()>
where
    O: ListOperation,
    O::Item: Serialize + Unpin,
{
    let list = list.per_page(PER_PAGE);
    let mut page = 1;
    loop {
        let mut items = list.clone().page(page).items();
        let error = loop {
            match items.try_next().await {
                Ok(Some(row)) => {
                    let row = serde_json::to_value(row)?;
                    places
                        .check(outcome.rows, &row)
                        .map_err(anyhow::Error::msg)?;
                    outcome.rows += 1;
                }
                Ok(None) => {
                    let (rows, all) = (outcome.rows, places.len());
                    anyhow::ensure!(rows == all, "the list ends after {rows} of {all} rows");
                    return Ok(());
                }
                Err(error) => break error,
            }
        };
        // A refusal by the budget is in the reports already, but for that of a body cut short, which came with a 200.
        if error.attempts() < ATTEMPTS && error.status() == Some(200) {
            outcome.denied += 1;
        }
        outcome.resumed += 1;
        let shown = error.to_string();
        page = error
            .page()
            .with_context(|| format!("no page in {shown}"))?;
        anyhow::ensure!(
            error.is_retryable() && items.next_page() == page && outcome.resumed <= PATIENCE,
            "gave up after {shown}"
        );
    }
}

/// The most memory that this process had, in KiB, as Linux tells.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}
