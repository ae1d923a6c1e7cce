//! A page, and how far a list has been read.

use cometchat_client::types::{Cursor, Pagination};
use cometchat_client::{ListPage, RateLimit, Response};

use crate::walk::has_more;

/// A page of a list.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Page<T> {
    /// The rows, in order.
    pub items: Vec<T>,
    /// The number of the page that was asked for, from 1.
    pub number: u32,
    /// What the service says of the page's place, where that can be read. Only `total_pages` can be built on.
    pub pagination: Option<Pagination>,
    /// A mark for synchronising, not for paging, where there is one that can be read.
    pub cursor: Option<Cursor>,
    /// What the service says of its rate limit, where it does.
    pub rate_limit: Option<RateLimit>,
    /// How many attempts the page took; at least 1.
    pub attempts: u32,
    /// As the page came: rows that are dropped later say nothing about the end of the list.
    more: bool,
}

impl<T> Page<T> {
    pub(crate) fn new(number: u32, response: Response<ListPage<T>>) -> Self {
        let (rate_limit, attempts) = (response.rate_limit(), response.attempts());
        let page = response.into_inner();
        let total_pages = total_pages(page.pagination.as_ref());
        Self {
            more: has_more(number, page.items.len(), total_pages),
            items: page.items,
            number,
            pagination: page.pagination,
            cursor: page.cursor,
            rate_limit,
            attempts,
        }
    }

    /// Whether the service says that there is more after this page; without a word of it, whether it sent a row.
    pub fn has_more(&self) -> bool {
        self.more
    }

    pub(crate) fn total_pages(&self) -> Option<i64> {
        total_pages(self.pagination.as_ref())
    }
}

fn total_pages(pagination: Option<&Pagination>) -> Option<i64> {
    pagination?.total_pages
}

/// How far a list has been read, when the stream was asked.
///
/// Pages that were asked for ahead count when it is their turn, and pages past the end never do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Pages read, empty ones that were passed over included; a page that failed is not.
    pub pages: u64,
    /// Rows delivered so far: in pages by `Pages`, one by one by `Items`. Those dropped, or cut by a limit, don't count.
    pub rows: u64,
    /// Rows dropped because their uid came before: by `dedup`, and on a page that repeats the one before.
    pub duplicates: u64,
    /// Attempts beyond the first of each page, those of a page that failed in the end included.
    pub retries: u64,
    /// What the service said last of its rate limit, if it ever did.
    pub rate_limit: Option<RateLimit>,
}
