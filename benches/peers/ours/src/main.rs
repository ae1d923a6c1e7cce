//! This SDK: `ours typed|raw BASE_URL GUID PREFETCH`, and `ours groups BASE_URL GROUPS` for all groups at once.

use cometchat::{Client, GroupMember, UnixTime};
use futures_util::TryStreamExt;
use futures_util::future::try_join_all;
use report::{Count, Result};

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let client = |base: &str| Client::builder().base_url(base).api_key("key").build();
    let count = match arguments[..] {
        ["typed", base, guid, prefetch] => typed(client(base)?, guid, prefetch.parse()?).await?,
        ["raw", base, guid, prefetch] => raw(client(base)?, guid, prefetch.parse()?).await?,
        ["groups", base, groups] => all_groups(client(base)?, groups.parse()?).await?,
        _ => return Err("see the first line of main.rs for the arguments".into()),
    };
    count.print();
    Ok(())
}

fn add(count: &mut Count, row: &GroupMember) {
    let joined_at = row.joined_at.map(UnixTime::as_secs);
    count.add(&row.uid, row.name.as_deref(), joined_at);
}

async fn typed(client: Client, guid: &str, prefetch: usize) -> Result<Count> {
    let members = client.group(guid).members().per_page(1000);
    let mut items = members.prefetch(prefetch).items();
    let mut count = Count::default();
    while let Some(row) = items.try_next().await? {
        add(&mut count, &row);
    }
    Ok(count)
}

/// Rows as they were sent, not decoded: counted by their length, so that the sum differs from the others'.
async fn raw(client: Client, guid: &str, prefetch: usize) -> Result<Count> {
    let members = client.group(guid).members().per_page(1000);
    let mut items = members.prefetch(prefetch).raw().items();
    let mut count = Count::default();
    while let Some(row) = items.try_next().await? {
        count.add(row.get(), None, None);
    }
    Ok(count)
}

async fn all_groups(client: Client, groups: u32) -> Result<Count> {
    let lists = (1..=groups).map(|group| {
        let members = client.group(format!("group{group}")).members();
        members.per_page(1000).collect_all()
    });
    let mut count = Count::default();
    for rows in try_join_all(lists).await? {
        rows.iter().for_each(|row| add(&mut count, row));
    }
    Ok(count)
}
