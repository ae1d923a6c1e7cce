//! The pages of a list, as a stream: which one to request next, how many at a time, and when to stop.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::future::poll_fn;
use std::hash::RandomState;
use std::panic::resume_unwind;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use cometchat_client::{Error, ErrorKind, Hint, ListItem, ListOperation, Retries};
use futures_core::Stream;
use futures_core::stream::FusedStream;
use tokio::runtime::Handle;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::fetch::{self, Arrived, Fetch};
use crate::options::{MAX_PREFETCH, PageOptions, Resolved};
use crate::page::{Page, Progress};
use crate::walk::{Verdict, Walk};

/// The pages of any operation with `x-pagination`, such as one that a larger spec adds.
///
/// ```
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sandbox = cometchat_sandbox::Sandbox::start().await?;
/// # let client = cometchat::Client::builder().base_url(sandbox.base_url()).api_key(sandbox.api_key()).build()?;
/// use cometchat::PageOptions;
///
/// let request = client.api().list_group_members().guid("supergroup");
/// let mut pages = cometchat::pages(request, PageOptions::default().prefetch(4));
/// while let Some(page) = pages.next().await {
///     let page = page?;
///     println!("page {}: {} rows", page.number, page.items.len());
/// }
/// # Ok(())
/// # }
/// ```
pub fn pages<O: ListOperation>(request: O, options: PageOptions) -> Pages<O> {
    Pages::new(request, &options, None)
}

/// The pages of a list, in order: a stream of `Result<Page<T>, Error>`, read by [`next`](Self::next) or as a [`Stream`].
///
/// Nothing is sent before the first poll. The stream ends after the last page, or after an error, and is fused. An empty
/// page that says there is more is skipped. The last page is delivered even if it is empty, with what the service sent
/// beside its rows, so a list without rows is one page. Dropping the stream cancels the requests in flight.
///
/// It must be polled within a tokio runtime; elsewhere it gives an error of kind `Config`. Its `Debug` shows no row.
#[must_use = "nothing is sent before the stream is polled"]
pub struct Pages<O: ListOperation, T = <O as ListOperation>::Item> {
    request: O,
    options: Resolved,
    /// The error that ends the list.
    rejected: Option<Error>,
    /// The requests in flight, by page, in order.
    in_flight: VecDeque<(u32, Fetch<T>, Option<Retries>)>,
    /// The page to request next; `None` when there is no larger number.
    ask: Option<u32>,
    deliver: u32,
    /// Remaining requests, as last reported by the service.
    remaining: Option<u64>,
    walk: Walk,
    hasher: RandomState,
    seen: HashSet<String>,
    progress: Progress,
    /// Whether `limit` ended the list before the service did.
    pub(crate) truncated: bool,
    state: State,
    /// When the list has to be complete, and the timer that wakes its reader then.
    ends: Option<Instant>,
    timer: Option<Pin<Box<Sleep>>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Fresh,
    Reading,
    Ended,
}

impl<O: ListOperation, T: ListItem> Pages<O, T> {
    pub(crate) fn new(request: O, options: &PageOptions, refused: Option<String>) -> Self {
        let options = options.resolve();
        let number = request.page_number();
        let first = *number.as_ref().unwrap_or(&1);
        let rejected = refused.map(Error::invalid);
        Self {
            request,
            truncated: options.limit == Some(0),
            rejected: rejected
                .or_else(|| options.check().err())
                .or_else(|| number.err()),
            options,
            in_flight: VecDeque::new(),
            ask: Some(first),
            deliver: first,
            remaining: None,
            walk: Walk::default(),
            hasher: RandomState::new(),
            seen: HashSet::new(),
            progress: Progress::default(),
            state: State::Fresh,
            ends: None,
            timer: None,
        }
    }

    /// The next page; `None` after the last one, and after an error.
    ///
    /// It is safe to drop the future before it completes: no page is lost.
    pub async fn next(&mut self) -> Option<Result<Page<T>, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// The page to resume from: the one after the last that was delivered whole.
    ///
    /// After an error it is the page that failed. If `limit` cut a page, it is that page, so resuming repeats rows
    /// rather than skipping some.
    pub fn next_page(&self) -> u32 {
        self.deliver
    }

    /// Returns whether `limit` ended the list before the service did: there are more rows.
    pub fn is_truncated(&self) -> bool {
        self.truncated
    }

    /// Returns the position in the list.
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// Sets the requests in flight from now on, 1 to 64; a number out of range becomes the nearest in it.
    ///
    /// Several lists can share one number this way: the list whose turn it is reads ahead, the others read one page.
    pub fn set_prefetch(&mut self, requests: usize) {
        self.options.prefetch = requests.clamp(1, MAX_PREFETCH);
    }

    fn rows_left(&self) -> Option<u64> {
        let limit = self.options.limit?;
        Some((limit as u64).saturating_sub(self.progress.rows))
    }

    /// Returns the number of requests that may be in flight now.
    fn window(&self) -> usize {
        let mut window = self.options.prefetch as u64;
        if let Some(remaining) = self.remaining {
            window = window.min(remaining);
        }
        if let Some(left) = self.rows_left() {
            // Where the size of a page is not known, neither is how many are needed: request them one by one.
            let size = self.request.page_size().map_or(left, u64::from);
            window = window.min(left.div_ceil(size.max(1)));
        }
        let pages_left = u64::from(self.options.max_pages).saturating_sub(self.progress.pages);
        window.min(pages_left).max(1) as usize
    }

    /// Requests pages until as many are in flight as may be.
    fn fill(&mut self, context: &mut Context<'_>) {
        let window = self.window();
        let last = self.walk.last_page(self.deliver.saturating_sub(1));
        while self.in_flight.len() < window
            && let Some(number) = self.ask
            && last.is_none_or(|last| number <= last)
        {
            let own_task = self.options.prefetch > 1;
            let (dedup, hasher) = (self.options.dedup, self.hasher.clone());
            let (request, retries) = fetch::request(&self.request, number, dedup, hasher);
            let (fetch, refused) = Fetch::start(request, own_task, context);
            self.in_flight.push_back((number, fetch, retries));
            // A request that is rejected for one page is rejected for all.
            self.ask = number.checked_add(1).filter(|_| !refused);
        }
    }

    /// Ends the stream, and cancels what is in flight.
    fn end(&mut self) {
        self.state = State::Ended;
        self.timer = None;
        self.in_flight.clear();
    }

    /// Ends the stream at the end of the list: what is in flight is for pages past it.
    fn end_of_list(&mut self) {
        self.state = State::Ended;
        self.timer = None;
        let past_the_end = self.in_flight.drain(..).map(|(_, fetch, retries)| {
            if let Some(retries) = retries {
                retries.end();
            }
            fetch
        });
        fetch::finish(past_the_end);
    }

    fn fail(&mut self, error: Error) -> Option<Result<Page<T>, Error>> {
        self.end();
        Some(Err(error))
    }

    fn error(&self, kind: ErrorKind, page: u32, what: impl Into<String>, hint: Hint) -> Error {
        let subjects = self.request.subjects();
        Error::of_list(kind, what, hint, O::OPERATION, subjects, page)
    }

    /// Returns the error of a page whose runtime was shut down.
    fn shut_down(&self, page: u32) -> Error {
        let what = "the runtime that made the request was shut down";
        self.error(ErrorKind::Transport, page, what, Hint::ResumeFromPage)
    }

    /// Returns why no further page can be awaited, if that is so.
    fn stopped(&mut self, context: &mut Context<'_>) -> Option<Error> {
        if let Err(error) = within_runtime() {
            return Some(error);
        }
        if fetch::is_shut_down() {
            return Some(self.shut_down(self.deliver));
        }
        if let Some(error) = self.late(context) {
            return Some(error);
        }
        let most = self.options.max_pages;
        (self.progress.pages >= u64::from(most)).then(|| {
            let what = format!("the list has not ended after {most} pages");
            self.error(
                ErrorKind::Pagination,
                self.deliver,
                what,
                Hint::RaiseMaxPages,
            )
        })
    }

    /// Returns the error of the list's timeout once that is over, and wakes the reader then.
    fn late(&mut self, context: &mut Context<'_>) -> Option<Error> {
        let (timeout, ends) = (self.options.list_timeout?, self.ends?);
        // A new timer for each poll: the stream may have moved to another runtime.
        let timer = self.timer.insert(Box::pin(sleep_until(ends)));
        timer.as_mut().poll(context).is_ready().then(|| {
            let what = format!("the list did not complete within its timeout of {timeout:?}");
            self.error(
                ErrorKind::Timeout,
                self.deliver,
                what,
                Hint::RaiseListTimeout,
            )
        })
    }

    /// Classifies a page that has arrived, and returns what is to be delivered, if anything.
    fn take(&mut self, number: u32, arrived: Arrived<T>) -> Option<Result<Page<T>, Error>> {
        let Arrived {
            mut page,
            fingerprint,
            ids,
        } = arrived;
        self.progress.pages += 1;
        self.progress.retries += u64::from(page.attempts.saturating_sub(1));
        self.progress.rate_limit = page.rate_limit.or(self.progress.rate_limit);
        self.remaining = page.rate_limit.and_then(|limit| limit.remaining);

        let max_empty = self.options.max_empty_pages;
        let verdict = self
            .walk
            .classify(number, fingerprint, page.total_pages(), max_empty);
        let more = match verdict {
            Verdict::Stuck(what) => {
                let error = self.error(ErrorKind::Pagination, number, what, Hint::RestartList);
                return self.fail(error);
            }
            Verdict::Deliver { more } => more,
            Verdict::Skip { more } => {
                self.progress.duplicates += page.items.len() as u64;
                self.deliver = number.saturating_add(1);
                if !more {
                    self.end_of_list();
                }
                return None;
            }
        };
        self.deliver = number.saturating_add(1);

        if self.options.dedup {
            let (before, mut ids) = (page.items.len(), ids.into_iter());
            page.items
                .retain(|_| ids.next().is_some_and(|id| self.seen.insert(id)));
            self.progress.duplicates += (before - page.items.len()) as u64;
        }
        let left = self.rows_left();
        if let Some(left) = left {
            let left = usize::try_from(left).unwrap_or(usize::MAX);
            if page.items.len() > left {
                page.items.truncate(left);
                page.is_cut = true;
                self.deliver = number;
                self.truncated = true;
            }
        }
        self.progress.rows += page.items.len() as u64;
        let full = self.rows_left() == Some(0);
        self.truncated |= full && more;
        if full || !more {
            self.end_of_list();
        }
        Some(Ok(page))
    }
}

/// Refuses to continue where the network can't be used.
pub(crate) fn within_runtime() -> Result<(), Error> {
    Handle::try_current().map(drop).map_err(|_| {
        Error::config(
            "there is no tokio runtime here; call from one, or use cometchat::blocking (feature `blocking`)",
        )
    })
}

impl<O: ListOperation, T: ListItem> Stream for Pages<O, T> {
    type Item = Result<Page<T>, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if this.state == State::Fresh {
            this.state = State::Reading;
            if let Some(error) = this.rejected.take() {
                return Poll::Ready(this.fail(error));
            }
            if this.options.limit == Some(0) {
                this.end();
            }
            let timeout = this.options.list_timeout;
            this.ends = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        }
        while this.state == State::Reading {
            if let Some(error) = this.stopped(context) {
                return Poll::Ready(this.fail(error));
            }
            this.fill(context);
            let Some((number, fetch, _)) = this.in_flight.front_mut() else {
                let what = "the list has not ended, and there is no larger page number";
                let error =
                    this.error(ErrorKind::Pagination, this.deliver, what, Hint::RestartList);
                return Poll::Ready(this.fail(error));
            };
            let number = *number;
            let fetched = ready!(fetch.poll(context));
            this.in_flight.pop_front();
            let delivered = match fetched {
                Ok(Ok(arrived)) => this.take(number, arrived),
                Ok(Err(error)) => {
                    this.progress.retries += u64::from(error.attempts().saturating_sub(1));
                    this.fail(error)
                }
                Err(error) => {
                    this.end();
                    match error.try_into_panic() {
                        Ok(panic) => resume_unwind(panic),
                        Err(_) => Some(Err(this.shut_down(number))),
                    }
                }
            };
            if delivered.is_some() {
                return Poll::Ready(delivered);
            }
        }
        Poll::Ready(None)
    }
}

impl<O: ListOperation, T: ListItem> FusedStream for Pages<O, T> {
    fn is_terminated(&self) -> bool {
        self.state == State::Ended
    }
}

impl<O: ListOperation, T> fmt::Debug for Pages<O, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("operation", &O::OPERATION.id())
            .field("next_page", &self.deliver)
            .field("in_flight", &self.in_flight.len())
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
