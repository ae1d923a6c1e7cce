//! The rows of a list, as a stream.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use cometchat_client::{Error, ListItem, ListOperation};
use futures_core::Stream;
use futures_core::stream::FusedStream;

use crate::page::Progress;
use crate::pages::Pages;

/// The rows of a list, in order: a stream of `Result<T, Error>`, read by [`next`](Self::next) or as a [`Stream`].
///
/// All rows before a failure come first, then one `Err`, then the end. Nothing is sent before the first poll. Dropping the
/// stream cancels the requests in flight.
///
/// ```
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sandbox = cometchat_sandbox::Sandbox::start().await?;
/// # let client = cometchat::Client::builder().base_url(sandbox.base_url()).api_key(sandbox.api_key()).build()?;
/// let mut members = client.group("city").members().prefetch(4).items();
/// while let Some(member) = members.next().await {
///     if member?.uid == "city-000150" {
///         break;
///     }
/// }
/// // In the middle of page 2: resuming there repeats some rows.
/// assert_eq!((members.progress().pages, members.progress().rows), (2, 150));
/// assert_eq!(members.next_page(), 2);
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is sent before the stream is polled"]
pub struct Items<O: ListOperation, T = <O as ListOperation>::Item> {
    pages: Pages<O, T>,
    rows: vec::IntoIter<T>,
    /// The page that `rows` are of.
    page: u32,
}

impl<O: ListOperation, T: ListItem> Items<O, T> {
    pub(crate) fn new(pages: Pages<O, T>) -> Self {
        Self {
            page: pages.next_page(),
            pages,
            rows: Vec::new().into_iter(),
        }
    }

    /// The next row; `None` after the last one, and after an error.
    ///
    /// It is safe to drop the future before it completes: no row is lost.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// The next row that has arrived, without waiting for another page.
    #[cfg(feature = "blocking")]
    pub(crate) fn next_at_hand(&mut self) -> Option<T> {
        self.rows.next()
    }

    /// The page to resume from: the one after the last page whose rows have all been delivered.
    ///
    /// In the middle of a page it is that page: resuming repeats rows rather than skipping some. After an error it is the
    /// page that failed.
    pub fn next_page(&self) -> u32 {
        if self.rows.len() > 0 {
            self.page
        } else {
            self.pages.next_page()
        }
    }

    /// Sets the requests in flight from now on; see [`Pages::set_prefetch`].
    pub fn set_prefetch(&mut self, requests: usize) {
        self.pages.set_prefetch(requests);
    }

    /// Returns the position in the list. `rows` counts the rows that this stream has delivered.
    pub fn progress(&self) -> Progress {
        let mut progress = self.pages.progress();
        progress.rows -= self.rows.len() as u64;
        progress
    }
}

// No row is ever pinned.
impl<O: ListOperation, T> Unpin for Items<O, T> {}

impl<O: ListOperation, T: ListItem> Stream for Items<O, T> {
    type Item = Result<T, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            if let Some(row) = this.rows.next() {
                return Poll::Ready(Some(Ok(row)));
            }
            match ready!(Pin::new(&mut this.pages).poll_next(context)) {
                Some(Ok(page)) => {
                    this.page = page.number;
                    this.rows = page.items.into_iter();
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (
            self.rows.len(),
            self.pages.is_terminated().then_some(self.rows.len()),
        )
    }
}

impl<O: ListOperation, T: ListItem> FusedStream for Items<O, T> {
    fn is_terminated(&self) -> bool {
        self.rows.len() == 0 && self.pages.is_terminated()
    }
}

impl<O: ListOperation, T> fmt::Debug for Items<O, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("pages", &self.pages)
            // A row holds personal data: only their number is shown.
            .field("rows_to_come", &self.rows.len())
            .finish()
    }
}
