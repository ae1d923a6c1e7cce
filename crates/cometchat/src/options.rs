//! How a list is read: how far ahead, how much of it, and what is done about rows that shift.

use cometchat_client::Error;

/// The most requests that can be in flight for one list.
pub(crate) const MAX_PREFETCH: usize = 64;

/// How a list is read.
///
/// ```
/// use cometchat::PageOptions;
///
/// let options = PageOptions::default().prefetch(8).limit(500).dedup(true);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageOptions {
    pub(crate) prefetch: usize,
    pub(crate) limit: Option<usize>,
    pub(crate) dedup: bool,
    pub(crate) max_pages: u32,
}

impl Default for PageOptions {
    /// One page after the other, all rows, as they come, and no more than 100,000 pages.
    fn default() -> Self {
        Self {
            prefetch: 1,
            limit: None,
            dedup: false,
            max_pages: 100_000,
        }
    }
}

impl PageOptions {
    /// How many requests are in flight at a time, 1 to 64; 1 by default, which is one page after the other.
    ///
    /// Rows come in the same order. At most this many decoded pages are held. Up to `requests - 1` pages past the end
    /// may be asked for; nothing of them shows. Where the service says that fewer requests remain until its reset, no
    /// more than those are in flight. With more than 1, pages are decoded by tasks of their own.
    ///
    /// Any other number is an `InvalidRequest` when the list is read, and nothing is sent.
    #[must_use]
    pub fn prefetch(mut self, requests: usize) -> Self {
        self.prefetch = requests;
        self
    }

    /// The most rows that are delivered. No page is asked for that is not needed for them; with 0 none is, and the list
    /// is empty.
    #[must_use]
    pub fn limit(mut self, rows: usize) -> Self {
        self.limit = Some(rows);
        self
    }

    /// Drops a row whose uid came before, and counts it (see [`Progress::duplicates`](crate::Progress)).
    ///
    /// Rows shift while a list changes, so that one can come twice. Every uid is held in memory for this. It is known
    /// to this stream alone: one that goes on at a later page begins anew.
    #[must_use]
    pub fn dedup(mut self, dedup: bool) -> Self {
        self.dedup = dedup;
        self
    }

    /// The most pages that are read before the list is given up with an error of kind `Pagination`; 100,000 by
    /// default. A group has up to 100,000 members: a list of more pages than that does not end. A list that ends with
    /// the last of these pages is no error. 0 is an `InvalidRequest` when the list is read.
    #[must_use]
    pub fn max_pages(mut self, pages: u32) -> Self {
        self.max_pages = pages;
        self
    }

    /// Refuses what can't be done.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if !(1..=MAX_PREFETCH).contains(&self.prefetch) {
            return Err(Error::invalid_request(format!(
                "prefetch must be 1 to {MAX_PREFETCH} requests, not {}",
                self.prefetch
            )));
        }
        if self.max_pages == 0 {
            return Err(Error::invalid_request(
                "max_pages must be at least 1, not 0; to read nothing, say .limit(0)".to_owned(),
            ));
        }
        Ok(())
    }
}
