//! The pages of a list, as a stream: which one to ask for next, how many at a time, and when to stop.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::panic::resume_unwind;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use cometchat_client::{Error, ListItem, ListOperation};
use futures_core::Stream;
use futures_core::stream::FusedStream;
use tokio::runtime::Handle;

use crate::fetch::Fetch;
use crate::options::{MAX_PREFETCH, PageOptions};
use crate::page::{Page, Progress};
use crate::walk::{Fingerprint, Verdict, Walk};

/// The pages of any operation that pages, such as one that a larger spec adds.
///
/// ```
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sandbox = cometchat_sandbox::Sandbox::start().await?;
/// # let client = cometchat::Client::builder().base_url(sandbox.base_url()).api_key(sandbox.api_key()).build()?;
/// use cometchat::PageOptions;
/// use futures_util::TryStreamExt;
///
/// let request = client.api().list_group_members().guid("supergroup");
/// let mut pages = cometchat::pages(request, PageOptions::default().prefetch(4));
/// while let Some(page) = pages.try_next().await? {
///     println!("page {}: {} rows", page.number, page.items.len());
/// }
/// # Ok(())
/// # }
/// ```
pub fn pages<O: ListOperation>(request: O, options: PageOptions) -> Pages<O> {
    Pages::new(request, options)
}

const STUCK_ADVICE: &str =
    "The service does not page as it says; start again later, or from another page with .page(…)";

/// The pages of a list, in order: a stream of `Result<Page<T>, Error>`.
///
/// Nothing is sent before the first poll. After an error, or the last page, the stream has ended: it is fused. An empty
/// page that says there is more is passed over; the last page comes even if it is empty, with what the service said
/// beside its rows, so that a list without rows is one page. Dropping the stream cancels what is in flight.
///
/// It is polled within a tokio runtime; elsewhere it gives an `InvalidRequest`. Its `Debug` shows no row.
#[must_use = "nothing is sent before the stream is polled"]
pub struct Pages<O: ListOperation, T = <O as ListOperation>::Item> {
    request: O,
    options: PageOptions,
    /// The requests in flight, by page, in order.
    in_flight: VecDeque<(u32, Fetch<T>)>,
    /// The page to ask for next; nothing where numbers are used up.
    ask: Option<u32>,
    /// The page to deliver next.
    deliver: u32,
    /// Whether `total_pages` was seen to be a count: it was further off than a look-ahead goes.
    counts: bool,
    /// The last page, where the service counts.
    last: Option<u32>,
    /// How many requests the service said last that it will answer.
    remaining: Option<u64>,
    walk: Walk,
    hasher: RandomState,
    seen: HashSet<String>,
    progress: Progress,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Fresh,
    Reading,
    Ended,
}

impl<O: ListOperation, T: ListItem> Pages<O, T> {
    pub(crate) fn new(request: O, options: PageOptions) -> Self {
        let first = request.page_number();
        Self {
            request,
            options,
            in_flight: VecDeque::new(),
            ask: Some(first),
            deliver: first,
            counts: false,
            last: None,
            remaining: None,
            walk: Walk::default(),
            hasher: RandomState::new(),
            seen: HashSet::new(),
            progress: Progress::default(),
            state: State::Fresh,
        }
    }

    /// The page to start from to go on: the one after the last that was delivered whole.
    ///
    /// After an error it is the page that failed. Where `limit` cut a page, it is that page, so that going on repeats
    /// rows rather than skip some.
    pub fn next_page(&self) -> u32 {
        self.deliver
    }

    /// How far the list has been read.
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// Keeps so many requests in flight from now on, 1 to 64; what is nearer is taken for any other number.
    ///
    /// Whoever reads several lists can share one number between them: a list that waits its turn reads one page, the
    /// one whose turn it is reads ahead.
    pub fn set_prefetch(&mut self, requests: usize) {
        self.options.prefetch = requests.clamp(1, MAX_PREFETCH);
    }

    /// How many rows may still be delivered.
    fn rows_left(&self) -> Option<u64> {
        let limit = self.options.limit?;
        Some((limit as u64).saturating_sub(self.progress.rows))
    }

    /// How many requests may be in flight now.
    fn window(&self) -> usize {
        let mut window = self.options.prefetch as u64;
        if let Some(remaining) = self.remaining {
            window = window.min(remaining);
        }
        if let Some(left) = self.rows_left() {
            // How many pages that makes can't be said where their size is not known: find out one by one.
            let size = self.request.page_size().map_or(left, u64::from);
            window = window.min(left.div_ceil(size.max(1)));
        }
        let pages_left = u64::from(self.options.max_pages).saturating_sub(self.progress.pages);
        window.min(pages_left).max(1) as usize
    }

    /// Asks for pages until as many are on their way as may be.
    fn fill(&mut self, context: &mut Context<'_>) {
        let window = self.window();
        while self.in_flight.len() < window
            && let Some(number) = self.ask
            && self.last.is_none_or(|last| number <= last)
        {
            let request = self.request.clone().with_page(number);
            let own_task = self.options.prefetch > 1;
            let (fetch, refused) = Fetch::start(request.send_page::<T>(), own_task, context);
            self.in_flight.push_back((number, fetch));
            // What is refused for one page is refused for all.
            self.ask = number.checked_add(1).filter(|_| !refused);
        }
    }

    /// Ends the stream, and cancels what is in flight.
    fn end(&mut self) {
        self.state = State::Ended;
        self.in_flight.clear();
    }

    /// The error of a list that does not move on.
    fn stuck(&self, number: u32, what: String, advice: &str) -> Error {
        let operation = O::OPERATION.id;
        Error::pagination(operation, self.request.subjects(), number, what, advice)
    }

    /// Judges a page that has come, and gives it if it is to be delivered.
    fn take(&mut self, number: u32, mut page: Page<T>) -> Option<Result<Page<T>, Error>> {
        self.progress.pages += 1;
        self.progress.retries += u64::from(page.attempts.saturating_sub(1));
        self.progress.rate_limit = page.rate_limit.or(self.progress.rate_limit);
        self.remaining = page.rate_limit.and_then(|limit| limit.remaining);

        let sum = page.items.iter().fold(0_u64, |sum, item| {
            sum.wrapping_add(self.hasher.hash_one(item.id(O::KEY).as_ref()))
        });
        let fingerprint = Fingerprint {
            rows: page.items.len(),
            sum,
        };
        let total_pages = page.total_pages();
        let verdict = self.walk.judge(number, fingerprint, total_pages);
        let more = match verdict {
            Verdict::Stuck(what) => {
                self.end();
                return Some(Err(self.stuck(number, what.to_owned(), STUCK_ADVICE)));
            }
            Verdict::Deliver { more } => more,
            Verdict::PassOver => true,
        };
        // Where the service counts, nothing past its count need be asked for.
        let total = total_pages.and_then(|total| u32::try_from(total).ok());
        self.counts |= total.is_some_and(|total| total > number.saturating_add(1));
        self.last = total.filter(|_| self.counts);
        self.deliver = number.saturating_add(1);

        if self.options.dedup {
            let (seen, before) = (&mut self.seen, page.items.len());
            page.items
                .retain(|item| seen.insert(item.id(O::KEY).into_owned()));
            self.progress.duplicates += (before - page.items.len()) as u64;
        }
        if let Some(left) = self.rows_left() {
            let left = usize::try_from(left).unwrap_or(usize::MAX);
            if page.items.len() > left {
                page.items.truncate(left);
                self.deliver = number;
            }
        }
        self.progress.rows += page.items.len() as u64;
        let full = self.rows_left() == Some(0);
        if !more || full {
            self.end();
        }
        (verdict != Verdict::PassOver).then_some(Ok(page))
    }
}

/// Refuses to go on where the network can't be used, which would panic.
pub(crate) fn within_runtime() -> Result<(), Error> {
    Handle::try_current().map(drop).map_err(|_| {
        Error::invalid_request(
            "there is no tokio runtime here; call from one, or use cometchat::blocking (feature `blocking`)"
                .to_owned(),
        )
    })
}

impl<O: ListOperation, T: ListItem> Stream for Pages<O, T> {
    type Item = Result<Page<T>, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            match this.state {
                State::Ended => return Poll::Ready(None),
                State::Reading => {}
                State::Fresh => {
                    this.state = State::Reading;
                    let checked = this.options.check();
                    if checked.is_ok() && this.options.limit == Some(0) {
                        this.end();
                        return Poll::Ready(None);
                    }
                    if let Err(error) = checked.and_then(|()| within_runtime()) {
                        this.end();
                        return Poll::Ready(Some(Err(error)));
                    }
                }
            }
            if this.progress.pages >= u64::from(this.options.max_pages) {
                this.end();
                let what = format!(
                    "the list has not ended after {} pages",
                    this.options.max_pages
                );
                let advice =
                    "Read more with .max_pages(…), or in parts with .page(…) and .limit(…)";
                return Poll::Ready(Some(Err(this.stuck(this.deliver, what, advice))));
            }
            this.fill(context);
            let Some((number, fetch)) = this.in_flight.front_mut() else {
                this.end();
                let what = "the list has not ended, and there is no larger page number".to_owned();
                return Poll::Ready(Some(Err(this.stuck(this.deliver, what, STUCK_ADVICE))));
            };
            let number = *number;
            let fetched = ready!(fetch.poll(context));
            this.in_flight.pop_front();
            let response = match fetched {
                Ok(Ok(response)) => response,
                Ok(Err(error)) => {
                    this.progress.retries += u64::from(error.attempts().saturating_sub(1));
                    this.end();
                    return Poll::Ready(Some(Err(error)));
                }
                Err(error) => {
                    this.end();
                    if let Ok(panic) = error.try_into_panic() {
                        resume_unwind(panic);
                    }
                    let subjects = this.request.subjects();
                    let error = Error::shut_down(O::OPERATION.id, subjects, number);
                    return Poll::Ready(Some(Err(error)));
                }
            };
            if let Some(taken) = this.take(number, Page::new(number, response)) {
                return Poll::Ready(Some(taken));
            }
        }
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
            .field("operation", &O::OPERATION.id)
            .field("next_page", &self.deliver)
            .field("in_flight", &self.in_flight.len())
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
