//! Lists read whole, and lists that change while they are read.

use std::collections::HashMap;
use std::future::poll_fn;
use std::pin::Pin;

use cometchat_client::{Error, ListItem, ListOperation};
use futures_core::Stream;

use crate::pages::Pages;

/// The first rows of a list.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Collected<T> {
    /// The rows, in order.
    pub items: Vec<T>,
    /// Whether the list was cut: there were more rows, or the service said that there was another page.
    pub truncated: bool,
}

/// A list that was read until two passes agreed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Consistent<T> {
    /// The rows, each uid once. Where passes agreed, those of the last one; otherwise those of all passes together,
    /// each as it was seen last: whoever was there throughout is in it.
    pub items: Vec<T>,
    /// Whether the last two passes had the same uids.
    pub consistent: bool,
    /// How many passes were made.
    pub passes: u32,
}

/// All rows of the pages. Those before a failure are lost with it: read the items to keep them.
pub(crate) async fn all<O: ListOperation, T: ListItem>(
    mut pages: Pages<O, T>,
) -> Result<Vec<T>, Error> {
    let mut rows = Vec::new();
    while let Some(page) = next(&mut pages).await {
        rows.extend(page?.items);
    }
    Ok(rows)
}

/// The rows of the pages up to their limit, and whether there was more.
pub(crate) async fn up_to<O: ListOperation, T: ListItem>(
    mut pages: Pages<O, T>,
) -> Result<Collected<T>, Error> {
    let mut items = Vec::new();
    // A list of which nothing is asked for is cut as far as anyone knows.
    let mut truncated = true;
    while let Some(page) = next(&mut pages).await {
        let page = page?;
        // A page that was cut is the one to start from to go on.
        truncated = pages.next_page() == page.number || page.has_more();
        items.extend(page.items);
    }
    Ok(Collected { items, truncated })
}

/// Reads the list again and again until two passes in a row have the same uids, `max_passes` times at the most.
pub(crate) async fn consistent<O: ListOperation, T: ListItem>(
    start: impl Fn() -> Pages<O, T>,
    max_passes: u32,
) -> Result<Consistent<T>, Error> {
    if max_passes < 2 {
        return Err(Error::invalid_request(format!(
            "max_passes must be at least 2, not {max_passes}: one pass has nothing to agree with"
        )));
    }
    let mut passes = 0;
    // Every uid that was seen: in which pass last, at which place in it, and the row.
    let mut rows: HashMap<String, (u32, usize, T)> = HashMap::new();
    let mut consistent = false;
    while passes < max_passes && !consistent {
        let pass = all(start()).await?;
        passes += 1;
        let (mut known, mut count) = (0, 0);
        for (place, row) in pass.into_iter().enumerate() {
            let key = row.key(O::KEY).into_owned();
            let before = rows
                .insert(key, (passes, place, row))
                .map(|(pass, ..)| pass);
            match before {
                // Twice in one pass: rows shifted.
                Some(pass) if pass == passes => continue,
                Some(pass) if pass + 1 == passes => known += 1,
                _ => {}
            }
            count += 1;
        }
        // Nobody new, and nobody of the pass before left out.
        let missed = rows
            .values()
            .filter(|(pass, ..)| *pass + 1 == passes)
            .count();
        consistent = passes > 1 && known == count && missed == 0;
    }
    let mut rows: Vec<_> = rows
        .into_values()
        .filter(|(pass, ..)| !consistent || *pass == passes)
        .collect();
    rows.sort_by_key(|(pass, place, _)| (std::cmp::Reverse(*pass), *place));
    Ok(Consistent {
        items: rows.into_iter().map(|(.., row)| row).collect(),
        consistent,
        passes,
    })
}

/// The next page.
async fn next<O: ListOperation, T: ListItem>(
    pages: &mut Pages<O, T>,
) -> Option<Result<crate::Page<T>, Error>> {
    poll_fn(|context| Pin::new(&mut *pages).poll_next(context)).await
}
