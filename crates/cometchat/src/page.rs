//! A page, and how far a list has been read.

use std::vec;

use cometchat_client::types::{Cursor, Pagination};
use cometchat_client::{ListPage, RateLimit, Response};

use crate::walk::has_more;

/// A page of a list. Iterating over it gives its rows.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Page<T> {
    /// The rows, in order.
    pub items: Vec<T>,
    /// The number of the page that was requested, from 1.
    pub number: u32,
    /// The position of the page as sent, if it can be read. Only `total_pages` is reliable.
    pub pagination: Option<Pagination>,
    /// A mark for synchronising, not for paging, if one was sent and can be read.
    pub cursor: Option<Cursor>,
    /// The rate limit, if the response states it.
    pub rate_limit: Option<RateLimit>,
    /// Attempts that the page took; at least 1.
    pub attempts: u32,
    /// As sent: rows that are dropped later do not change it.
    more: bool,
    /// Whether a limit cut it.
    pub(crate) is_cut: bool,
    /// Status and headers; none of a page that no service sent.
    response: Option<Response<()>>,
}

impl<T> Page<T> {
    pub(crate) fn new(number: u32, response: Response<ListPage<T>>) -> Self {
        let (mut items, mut pagination, mut cursor) = (Vec::new(), None, None);
        let response = response.map(|page| {
            (items, pagination, cursor) = (page.items, page.pagination, page.cursor);
        });
        let total_pages = pagination
            .as_ref()
            .and_then(|pagination| pagination.total_pages);
        Self {
            more: has_more(number, items.len(), total_pages),
            items,
            number,
            pagination,
            cursor,
            rate_limit: response.rate_limit(),
            attempts: response.attempts(),
            is_cut: false,
            response: Some(response),
        }
    }

    /// A page that no service sent, for unit tests of code that handles pages.
    ///
    /// It took one attempt and has no headers. Its public fields can be set.
    ///
    /// ```
    /// use cometchat::Page;
    ///
    /// let mut page = Page::for_tests(3, vec!["ada", "bob"], false);
    /// page.attempts = 2;
    /// assert!(!page.has_more());
    /// assert_eq!(Vec::from_iter(page), ["ada", "bob"]);
    /// ```
    pub fn for_tests(number: u32, items: Vec<T>, has_more: bool) -> Self {
        Self {
            items,
            number,
            pagination: None,
            cursor: None,
            rate_limit: None,
            attempts: 1,
            more: has_more,
            is_cut: false,
            response: None,
        }
    }

    /// Returns `true` if more follows this page, by `total_pages`; if that can't be used, if the page has a row.
    pub fn has_more(&self) -> bool {
        self.more
    }

    /// Returns the page to resume from after this one: the page after it, or itself if a limit cut it.
    pub fn next_page(&self) -> u32 {
        self.number.saturating_add(u32::from(!self.is_cut))
    }

    /// The value of a header of the response, by its name in any case; the first one if there are several.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.response.as_ref()?.header(name)
    }

    /// The id of the request, if the response has one (`x-request-id`): quote it to the vendor's support.
    pub fn request_id(&self) -> Option<&str> {
        self.response.as_ref()?.request_id()
    }

    pub(crate) fn total_pages(&self) -> Option<i64> {
        self.pagination.as_ref()?.total_pages
    }
}

impl<T> IntoIterator for Page<T> {
    type Item = T;
    type IntoIter = vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Page<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

/// Position of a reader in a list.
///
/// A page that was requested ahead counts when it is its turn; a page past the end never counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Pages read, including those that were skipped; a page that failed does not count.
    pub pages: u64,
    /// Rows delivered: in pages by `Pages`, one by one by `Items`. Rows that were dropped, or cut by a limit, don't count.
    pub rows: u64,
    /// Rows dropped because their uid came before: by `dedup`, and on a page that repeats the one before.
    pub duplicates: u64,
    /// Attempts after the first of each page, including those of a page that failed.
    pub retries: u64,
    /// The rate limit that a response last stated, if any did.
    pub rate_limit: Option<RateLimit>,
}
