//! Options of a list: reading ahead, limits, and rows that shift.

use std::time::Duration;

use cometchat_client::Error;

/// Maximum requests in flight for one list.
pub(crate) const MAX_PREFETCH: usize = 64;

/// Options for reading a list. An option that is not set keeps its default.
///
/// ```
/// use cometchat::PageOptions;
///
/// let options = PageOptions::default().prefetch(8).limit(500).dedup(true);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageOptions {
    prefetch: Option<usize>,
    limit: Option<usize>,
    dedup: Option<bool>,
    max_pages: Option<u32>,
    max_empty_pages: Option<u32>,
    list_timeout: Option<Duration>,
}

impl PageOptions {
    /// Requests in flight at a time, 1 to 64; 1 by default, which is one page after the other.
    ///
    /// Pages are requested and delivered in order, and at most this many decoded pages are in memory. With more than 1,
    /// each page is decoded by a task of its own. Up to `requests - 1` pages past the end may be requested; they do not
    /// change the result. If the service reports fewer requests remaining until its reset, no more than those are in
    /// flight.
    ///
    /// Any other number is a `Config` error when the list is read, and nothing is sent.
    #[must_use]
    pub fn prefetch(mut self, requests: usize) -> Self {
        self.prefetch = Some(requests);
        self
    }

    /// Maximum rows delivered; all by default.
    ///
    /// Only the pages needed for them are requested. With 0 nothing is sent, and the list is empty.
    #[must_use]
    pub fn limit(mut self, rows: usize) -> Self {
        self.limit = Some(rows);
        self
    }

    /// Drops a row whose uid came before, and counts it in [`Progress::duplicates`](crate::Progress); off by default.
    ///
    /// Rows shift while a list changes, so a row can come twice. The stream keeps every uid in memory for this. A stream
    /// that resumes at a later page starts with none.
    #[must_use]
    pub fn dedup(mut self, dedup: bool) -> Self {
        self.dedup = Some(dedup);
        self
    }

    /// Maximum pages read, empty ones included; 100,000 by default.
    ///
    /// If the list has not ended by then, the stream ends with an error of kind `Pagination`. A group has up to 100,000
    /// members, so a list with more pages than that does not end. 0 is a `Config` error when the list is read.
    #[must_use]
    pub fn max_pages(mut self, pages: u32) -> Self {
        self.max_pages = Some(pages);
        self
    }

    /// Maximum empty pages in a row that say there is more; 10 by default.
    ///
    /// One more ends the stream with an error of kind `Pagination`. Pages are empty in the middle of a list where the
    /// service filters rows after it cuts the pages. This applies where `total_pages` is a has-more hint: where it is a
    /// count, every empty page up to that count is skipped. 0 allows none.
    #[must_use]
    pub fn max_empty_pages(mut self, pages: u32) -> Self {
        self.max_empty_pages = Some(pages);
        self
    }

    /// Sets the maximum time for the whole list, from the first poll of its stream; unlimited by default.
    ///
    /// It includes the time that your program takes between the pages. When it is over, requests in flight are cancelled, and
    /// the stream ends with an error of kind `Timeout` that names the page to resume from. `collect_consistent` applies it to
    /// each pass. It is measured by tokio's clock. Zero is a `Config` error when the list is read.
    #[must_use]
    pub fn list_timeout(mut self, timeout: Duration) -> Self {
        self.list_timeout = Some(timeout);
        self
    }

    /// These options, where `other` does not set them.
    pub(crate) fn overridden_by(self, other: Self) -> Self {
        Self {
            prefetch: other.prefetch.or(self.prefetch),
            limit: other.limit.or(self.limit),
            dedup: other.dedup.or(self.dedup),
            max_pages: other.max_pages.or(self.max_pages),
            max_empty_pages: other.max_empty_pages.or(self.max_empty_pages),
            list_timeout: other.list_timeout.or(self.list_timeout),
        }
    }

    pub(crate) fn resolve(&self) -> Resolved {
        Resolved {
            prefetch: self.prefetch.unwrap_or(1),
            limit: self.limit,
            dedup: self.dedup.unwrap_or(false),
            max_pages: self.max_pages.unwrap_or(100_000),
            max_empty_pages: self.max_empty_pages.unwrap_or(10),
            list_timeout: self.list_timeout,
        }
    }
}

/// [`PageOptions`] with the defaults filled in.
#[derive(Clone, Debug)]
pub(crate) struct Resolved {
    pub(crate) prefetch: usize,
    pub(crate) limit: Option<usize>,
    pub(crate) dedup: bool,
    pub(crate) max_pages: u32,
    pub(crate) max_empty_pages: u32,
    pub(crate) list_timeout: Option<Duration>,
}

impl Resolved {
    pub(crate) fn check(&self) -> Result<(), Error> {
        if !(1..=MAX_PREFETCH).contains(&self.prefetch) {
            return Err(Error::config(format!(
                "prefetch must be 1 to {MAX_PREFETCH} requests, not {}",
                self.prefetch
            )));
        }
        if self.max_pages == 0 {
            return Err(Error::config(
                "max_pages must be at least 1, not 0; to read nothing, use .limit(0)",
            ));
        }
        if self.list_timeout.is_some_and(|timeout| timeout.is_zero()) {
            return Err(Error::config("list_timeout is zero; set it to more"));
        }
        Ok(())
    }
}
