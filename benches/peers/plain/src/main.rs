//! Plain reqwest and serde: `plain few|typed|typed-extra BASE_URL GUID`, one page after the other;
//! `plain buffered BASE_URL GUID PAGES` so many pages at a time; `plain groups BASE_URL GROUPS` all groups at once.

use std::env;
use std::error::Error;

use futures_util::future::try_join_all;
use futures_util::{StreamExt, TryStreamExt, stream};
use plain::{Page, Row, few, typed, typed_extra};
use report::Count;
use reqwest::Client;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let count = match arguments[..] {
        ["few", base, guid] => one_by_one::<few::Member>(base, guid).await?,
        ["typed", base, guid] => one_by_one::<typed::Member>(base, guid).await?,
        ["typed-extra", base, guid] => one_by_one::<typed_extra::Member>(base, guid).await?,
        ["buffered", base, guid, pages] => buffered(base, guid, pages.parse()?).await?,
        ["groups", base, groups] => all_groups(base, groups.parse()?).await?,
        _ => return Err("see the first lines of main.rs for the arguments".into()),
    };
    count.print();
    Ok(())
}

/// Asks for a page.
async fn page<T: Row>(client: &Client, base: &str, guid: &str, page: u32) -> Result<Page<T>> {
    let response = client
        .get(format!("{base}/groups/{guid}/members"))
        .query(&[("perPage", 1000), ("page", page)])
        .header("apikey", "key")
        .send()
        .await?
        .error_for_status()?;
    Ok(response.json().await?)
}

async fn one_by_one<T: Row>(base: &str, guid: &str) -> Result<Count> {
    let client = Client::new();
    let mut count = Count::default();
    let mut number = 0;
    loop {
        number += 1;
        let page = page::<T>(&client, base, guid, number).await?;
        page.data.iter().for_each(|row| row.count(&mut count));
        if number >= page.meta.pagination.total_pages {
            return Ok(count);
        }
    }
}

/// The first page says how many there are: what a careful program does where the service counts its pages.
async fn buffered(base: &str, guid: &str, at_a_time: usize) -> Result<Count> {
    let client = Client::new();
    let mut count = Count::default();
    let first = page::<typed::Member>(&client, base, guid, 1).await?;
    first.data.iter().for_each(|row| row.count(&mut count));
    let mut pages = stream::iter(2..=first.meta.pagination.total_pages)
        .map(|number| page::<typed::Member>(&client, base, guid, number))
        .buffered(at_a_time);
    while let Some(page) = pages.try_next().await? {
        page.data.iter().for_each(|row| row.count(&mut count));
    }
    Ok(count)
}

async fn all_groups(base: &str, groups: u32) -> Result<Count> {
    let client = Client::new();
    let guids: Vec<_> = (1..=groups).map(|group| format!("group{group}")).collect();
    let pages = guids
        .iter()
        .map(|guid| page::<typed::Member>(&client, base, guid, 1));
    let mut count = Count::default();
    for page in try_join_all(pages).await? {
        page.data.iter().for_each(|row| row.count(&mut count));
    }
    Ok(count)
}
