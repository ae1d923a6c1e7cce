//! Lists read whole, and lists that change while they are read.

use std::cmp::Reverse;
use std::collections::HashMap;

use cometchat_client::{Error, ListItem, ListOperation};

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
    /// The rows, each uid once. Where passes agreed, those of the last one. Otherwise those of all passes together,
    /// each as it was seen last, those of the last pass first: the most that is known, in which a row can still be
    /// missing that was missed in each pass.
    pub items: Vec<T>,
    /// Whether the last two passes agreed: they had the same uids, and none came twice.
    ///
    /// If they did, no row is missing that was there throughout. For a row to be missed, one before it has to leave;
    /// that one was seen and is not seen again, or it came in the same pass too, and pushed another row into two pages.
    /// Only a row that leaves and comes back, or an order that changes, can hide that.
    pub consistent: bool,
    /// How many passes were made.
    pub passes: u32,
}

/// All rows of the pages. Those before a failure are lost with it: read the items to keep them.
pub(crate) async fn all<O: ListOperation, T: ListItem>(
    pages: &mut Pages<O, T>,
) -> Result<Vec<T>, Error> {
    let mut rows = Vec::new();
    while let Some(page) = pages.next().await {
        rows.extend(page?.items);
    }
    Ok(rows)
}

/// The rows of the pages up to their limit, and whether there was more.
pub(crate) async fn up_to<O: ListOperation, T: ListItem>(
    mut pages: Pages<O, T>,
) -> Result<Collected<T>, Error> {
    let mut items = Vec::new();
    while let Some(page) = pages.next().await {
        items.extend(page?.items);
    }
    Ok(Collected {
        items,
        truncated: pages.is_truncated(),
    })
}

/// Reads the list again and again until two passes in a row agree, `max_passes` times at the most. Each pass drops
/// what comes twice.
pub(crate) async fn consistent<O: ListOperation, T: ListItem>(
    pass: impl Fn() -> Pages<O, T>,
    max_passes: u32,
) -> Result<Consistent<T>, Error> {
    if max_passes < 2 {
        return Err(Error::invalid_request(format!(
            "max_passes must be at least 2, not {max_passes}: one pass has nothing to agree with"
        )));
    }
    let mut passes = 0;
    // Every uid that was seen: in which pass last, at which place in it, and the row.
    let mut seen: HashMap<String, (u32, usize, T)> = HashMap::new();
    // How many uids the pass before had, if none came twice.
    let mut before = None;
    let mut consistent = false;
    while passes < max_passes && !consistent {
        let mut pages = pass();
        let rows = all(&mut pages).await?;
        passes += 1;
        let count = rows.len();
        let mut known = 0;
        for (place, row) in rows.into_iter().enumerate() {
            let key = row.id(O::KEY).into_owned();
            let earlier = seen.insert(key, (passes, place, row));
            known += usize::from(earlier.is_some_and(|(pass, ..)| pass + 1 == passes));
        }
        let clean = pages.progress().duplicates == 0;
        // Nobody new, and as many as before: nobody left out.
        consistent = clean && known == count && before == Some(count);
        before = clean.then_some(count);
    }
    let mut rows: Vec<_> = seen
        .into_values()
        .filter(|(pass, ..)| !consistent || *pass == passes)
        .collect();
    rows.sort_by_key(|(pass, place, _)| (Reverse(*pass), *place));
    Ok(Consistent {
        items: rows.into_iter().map(|(.., row)| row).collect(),
        consistent,
        passes,
    })
}
