//! Plain reqwest and serde: `plain few|typed|typed-extra BASE_URL GUID`, one page after the other;
//! `plain buffered BASE_URL GUID PAGES` so many pages at a time; `plain groups BASE_URL GROUPS` all groups at once.

use futures_util::{StreamExt, TryStreamExt, stream};
use plain::{Few, Page, Row, Typed, TypedExtra};
use report::{Count, Result};
use reqwest::Client;

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let count = match arguments[..] {
        ["few", base, guid] => one_by_one::<Few>(base, guid).await?,
        ["typed", base, guid] => one_by_one::<Typed>(base, guid).await?,
        ["typed-extra", base, guid] => one_by_one::<TypedExtra>(base, guid).await?,
        ["buffered", base, guid, pages] => buffered(base, guid, pages.parse()?).await?,
        ["groups", base, groups] => all_groups(base, groups.parse()?).await?,
        _ => return Err("see the first lines of main.rs for the arguments".into()),
    };
    count.print();
    Ok(())
}

async fn page<T: Row>(client: &Client, base: &str, guid: &str, page: u32) -> Result<Page<T>> {
    let url = format!("{base}/groups/{guid}/members");
    let request = client.get(url).query(&[("perPage", 1000), ("page", page)]);
    let response = request.header("apikey", "key").send().await?;
    Ok(response.error_for_status()?.json().await?)
}

async fn one_by_one<T: Row>(base: &str, guid: &str) -> Result<Count> {
    let client = Client::new();
    let read = async |number, count: &mut Count| {
        let page = page::<T>(&client, base, guid, number).await?;
        page.data.iter().for_each(|row| row.count(count));
        Ok(page.meta.pagination.total_pages.into())
    };
    report::one_by_one(read).await
}

/// The first page says how many there are: a careful program does this if the service counts its pages.
async fn buffered(base: &str, guid: &str, at_a_time: usize) -> Result<Count> {
    let client = Client::new();
    let first = page::<Typed>(&client, base, guid, 1).await?;
    let others = stream::iter(2..=first.meta.pagination.total_pages);
    let others = others.map(|number| page::<Typed>(&client, base, guid, number));
    let others = others.buffered(at_a_time);
    counted(stream::once(async { Ok(first) }).chain(others)).await
}

async fn all_groups(base: &str, groups: u32) -> Result<Count> {
    let client = &Client::new();
    let pages = stream::iter(1..=groups)
        .map(|group| async move { page::<Typed>(client, base, &format!("group{group}"), 1).await });
    counted(pages.buffered(groups as usize)).await
}

async fn counted(pages: impl stream::Stream<Item = Result<Page<Typed>>>) -> Result<Count> {
    let add = async |mut count: Count, page: Page<Typed>| {
        page.data.iter().for_each(|row| row.count(&mut count));
        Ok(count)
    };
    pages.try_fold(Count::default(), add).await
}
