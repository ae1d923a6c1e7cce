//! A page, and how far a list has been read.

use cometchat_client::types::{Cursor, Pagination};
use cometchat_client::{ListPage, RateLimit, Response};

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
}

impl<T> Page<T> {
    pub(crate) fn new(number: u32, response: Response<ListPage<T>>) -> Self {
        let (rate_limit, attempts) = (response.rate_limit(), response.attempts());
        let page = response.into_inner();
        Self {
            items: page.items,
            number,
            pagination: page.pagination,
            cursor: page.cursor,
            rate_limit,
            attempts,
        }
    }

    /// Whether the service says that there is more after this page; without a word of it, whether there was a row.
    pub fn has_more(&self) -> bool {
        crate::walk::has_more(self.number, self.items.len(), self.total_pages())
    }

    pub(crate) fn total_pages(&self) -> Option<i64> {
        self.pagination.as_ref()?.total_pages
    }
}

/// How far a list has been read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Pages read, those passed over included.
    pub pages: u64,
    /// Rows delivered by pages so far.
    pub rows: u64,
    /// Rows dropped because their uid came before; 0 without `dedup`.
    pub duplicates: u64,
    /// Attempts beyond the first of each page.
    pub retries: u64,
    /// What the service said last of its rate limit.
    pub rate_limit: Option<RateLimit>,
}
