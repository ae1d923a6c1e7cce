//! Whole lists, and lists that change while they are read.

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
    /// Whether there are more: more rows came, or the service hinted at another page.
    pub truncated: bool,
}

/// A list that was read until two passes in a row agreed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Consistent<T> {
    /// The rows, each uid once.
    ///
    /// If two passes agreed, the rows of the last one. Otherwise the rows of all passes, each as it was last seen, those
    /// of the last pass first. A row that every pass missed is missing.
    pub items: Vec<T>,
    /// Whether the last two passes agreed: they had the same uids, and none came twice.
    ///
    /// If they did, every row that was in the list throughout is here. For a row to be missed, a row before it has to
    /// leave. That row was seen by one pass and not by the other, unless it joined during the same pass, and then it moved
    /// another row into two pages. Only a row that leaves and comes back, or an order that changes, can hide this.
    pub consistent: bool,
    /// Number of times the list was read.
    pub passes: u32,
}

/// All rows of the pages. The rows before a failure are lost.
pub(crate) async fn all<O: ListOperation, T: ListItem>(
    pages: &mut Pages<O, T>,
) -> Result<Vec<T>, Error> {
    let mut rows = Vec::new();
    while let Some(page) = pages.next().await {
        rows.extend(page?.items);
    }
    Ok(rows)
}

/// Reads the list until two passes in a row agree, at most `max_passes` times. Each pass drops what comes twice.
pub(crate) async fn consistent<O: ListOperation, T: ListItem>(
    pass: impl Fn() -> Pages<O, T>,
    max_passes: u32,
) -> Result<Consistent<T>, Error> {
    if max_passes < 2 {
        return Err(Error::config(format!(
            "max_passes must be at least 2, not {max_passes}: two passes have to agree"
        )));
    }
    let mut passes = 0;
    // By uid: the pass that last saw it, its position there, and the row.
    let mut seen: HashMap<String, (u32, usize, T)> = HashMap::new();
    // The number of uids of the pass before, if none came twice.
    let mut before = None;
    let mut consistent = false;
    while passes < max_passes && !consistent {
        let mut pages = pass();
        let rows = all(&mut pages).await?;
        passes += 1;
        let count = rows.len();
        let mut known = 0;
        for (position, row) in rows.into_iter().enumerate() {
            let key = row.id(O::KEY).into_owned();
            let earlier = seen.insert(key, (passes, position, row));
            known += usize::from(earlier.is_some_and(|(pass, ..)| pass + 1 == passes));
        }
        let clean = pages.progress().duplicates == 0;
        // No new uid, and as many as before: the same uids.
        consistent = clean && known == count && before == Some(count);
        before = clean.then_some(count);
    }
    let mut rows: Vec<_> = seen
        .into_values()
        .filter(|(pass, ..)| !consistent || *pass == passes)
        .collect();
    rows.sort_by_key(|(pass, position, _)| (Reverse(*pass), *position));
    Ok(Consistent {
        items: rows.into_iter().map(|(.., row)| row).collect(),
        consistent,
        passes,
    })
}
