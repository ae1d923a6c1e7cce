//! Counts the members of many groups at once, and those who are banned, under one rate limit.
//!
//! A client and its clones are paced together, so however many groups are read at a time, the service sees no more
//! requests a minute than it is told to allow.
//!
//! ```text
//! cargo run -p cometchat --example many_groups                  # groups of a sandbox
//! cargo run -p cometchat --example many_groups -- GUID GUID …   # groups of yours, with COMETCHAT_API_KEY and the like set
//! ```

use cometchat::Group;
use cometchat_sandbox::Sandbox;
use futures_util::{StreamExt, TryStreamExt, stream};
use service::{groups_or, service};

#[path = "service/mod.rs"]
mod service;

async fn count(group: Group) -> Result<String, cometchat::Error> {
    let members = group.members().per_page(1000).collect_all().await?.len();
    let banned = group
        .banned_users()
        .per_page(1000)
        .collect_all()
        .await?
        .len();
    Ok(format!(
        "{}: {members} members, {banned} banned",
        group.guid()
    ))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut sandbox = Sandbox::builder();
    for number in 1..=20 {
        sandbox = sandbox.generated_group(format!("team-{number}"), 50 * number);
    }
    let (client, _sandbox) = service(sandbox).await?;
    // What standard operations may be asked for on paid plans; on the free plan it is 500.
    let client = client.requests_per_minute(20_000).build()?;

    let teams: Vec<String> = (1..=20).map(|number| format!("team-{number}")).collect();
    let teams: Vec<&str> = teams.iter().map(String::as_str).collect();
    let groups = groups_or(&teams);
    let mut counts =
        stream::iter(groups.into_iter().map(|guid| count(client.group(guid)))).buffered(8);
    while let Some(line) = counts.try_next().await? {
        println!("{line}");
    }
    Ok(())
}
