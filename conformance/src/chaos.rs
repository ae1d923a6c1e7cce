//! Large groups, listed from a sandbox that fails one request in four: every row has to come, once, in its place.
//!
//! For each seed, each number of requests in flight and each list, a process of its own reads the list with the library, and
//! goes on at a page that has failed for good. The sandbox runs here, so that its memory is not counted there.

mod place;
pub(crate) mod reader;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use clap::ValueEnum as _;
use cometchat_sandbox::{Builder, Group, Rates, Sandbox};
use serde_json::Value;

use crate::tool;
use place::Places;
use reader::{List, Outcome, PER_PAGE, POLICY};

/// The group that is listed.
const GUID: &str = "big";

/// How much is listed, and how often.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How many seeds, from 1: which requests fail, and how, follows from the seed.
    #[arg(long, default_value_t = 20)]
    seeds: u64,
    /// How many members the group has, and how many users are banned from it.
    #[arg(long, default_value_t = 100_000)]
    members: u32,
    /// How many requests are in flight at a time, one number or several.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 8])]
    prefetch: Vec<usize>,
}

/// Lists in every way that is asked for, prints a line for each, and exits with 1 where a row was not in its place.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let directory = tempfile::tempdir()?;
    let files = expect(arguments.members, directory.path())?;
    let rates = Rates::rough(1).to_string();
    println!("{} rows a list, {PER_PAGE} a page", arguments.members);
    println!(
        "the sandbox: {rates}, and so on to seed {}",
        arguments.seeds
    );
    println!("the client: {POLICY}\n");
    println!(
        "{:>4}  {:>8}  {:<7}  {:>7}  {:>8}  {:>7}  {:>7}  {:>7}  {:>8}",
        "seed", "prefetch", "list", "rows", "requests", "retries", "resumed", "seconds", "peak MiB"
    );
    let started = Instant::now();
    let mut total = Outcome::default();
    let (mut requests, mut wrong) = (0, 0);
    for seed in 1..=arguments.seeds {
        for prefetch in &arguments.prefetch {
            for (list, places) in &files {
                let sandbox = sandbox(arguments.members)
                    .faults(Rates::rough(seed))
                    .start_blocking()?;
                let outcome = read(&sandbox, *list, *prefetch, places)?;
                let asked = sandbox.requests().len();
                println!(
                    "{seed:>4}  {prefetch:>8}  {:<7}  {:>7}  {asked:>8}  {:>7}  {:>7}  {:>7.2}  {:>8}",
                    name(*list),
                    outcome.rows,
                    outcome.retries,
                    outcome.resumed,
                    outcome.seconds,
                    outcome.peak.map_or("?".to_owned(), mebibytes),
                );
                if let Some(fault) = &outcome.fault {
                    println!("      ✗ {fault}");
                    wrong += 1;
                }
                requests += asked;
                total.rows += outcome.rows;
                total.retries += outcome.retries;
                total.denied += outcome.denied;
                total.resumed += outcome.resumed;
                total.peak = total.peak.max(outcome.peak);
            }
        }
    }
    println!(
        "\n{} rows in {requests} requests, of which {} were retries; taken up again {} times; retries refused by the budget: {}; \
         at most {} MiB; {:.0} s",
        total.rows,
        total.retries,
        total.resumed,
        total.denied,
        total.peak.map_or("?".to_owned(), mebibytes),
        started.elapsed().as_secs_f64(),
    );
    if wrong == 0 {
        println!("✓ every row in its place: none lost, none doubled");
    } else {
        println!("✗ {wrong} lists were wrong");
    }
    Ok(ExitCode::from(u8::from(wrong > 0)))
}

fn sandbox(rows: u32) -> Builder {
    Sandbox::builder()
        .without_examples()
        .group(Group::generated(GUID, rows).generated_banned(rows))
}

/// What has to come of each list: read from a sandbox that does not fail, without the library, and written to files.
fn expect(rows: u32, directory: &Path) -> Result<Vec<(List, PathBuf)>> {
    let sandbox = sandbox(rows).start_blocking()?;
    let http = reqwest::Client::builder().no_proxy().build()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut files = Vec::new();
    for list in List::value_variants() {
        let path = match list {
            List::Members => "members",
            List::Banned => "bannedusers",
        };
        let address = format!("{}/groups/{GUID}/{path}", sandbox.base_url());
        let mut places = Places::default();
        for page in 1..=rows.div_ceil(PER_PAGE) {
            let request = http
                .get(format!("{address}?perPage={PER_PAGE}&page={page}"))
                .header("apikey", sandbox.api_key());
            let text = runtime.block_on(async { request.send().await?.text().await })?;
            let mut page: Value = serde_json::from_str(&text)?;
            for row in page["data"].as_array_mut().context("a page has rows")? {
                // A typed row has an empty list where none was sent, too, and writes neither.
                if let Some(row) = row.as_object_mut() {
                    row.retain(|_, value| value.as_array().is_none_or(|list| !list.is_empty()));
                }
                places.push(row);
            }
        }
        ensure!(
            places.len() == rows as usize,
            "{path}: {} rows",
            places.len()
        );
        let file = directory.join(path);
        places.write(&file)?;
        files.push((*list, file));
    }
    Ok(files)
}

/// Lists in a process of its own.
fn read(sandbox: &Sandbox, list: List, prefetch: usize, places: &Path) -> Result<Outcome> {
    let output = Command::new(std::env::current_exe()?)
        .args(["chaos-reader", "--base-url", sandbox.base_url()])
        .args(["--guid", GUID, "--list", name(list)])
        .args(["--prefetch", &prefetch.to_string(), "--places"])
        .arg(places)
        .env("COMETCHAT_API_KEY", sandbox.api_key())
        .output()?;
    ensure!(output.status.success(), "{}", tool::text_of(&output));
    serde_json::from_slice(&output.stdout).context("the reader does not say how it went")
}

fn name(list: List) -> &'static str {
    match list {
        List::Members => "members",
        List::Banned => "banned",
    }
}

fn mebibytes(kibibytes: u64) -> String {
    format!("{:.1}", kibibytes as f64 / 1024.0)
}
