//! The pages of a list, as a stream: which one to ask for next, how many at a time, and when to stop.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::panic::resume_unwind;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use cometchat_client::{Error, ListItem, ListOperation, ListPage, Response};
use futures_core::Stream;
use futures_core::stream::FusedStream;
use tokio::task::JoinHandle;

use crate::options::{MAX_PREFETCH, PageOptions};
use crate::page::{Page, Progress};
use crate::walk::{Fingerprint, Verdict, Walk};

/// The pages of any operation that pages, such as one that a larger spec adds.
///
/// ```
/// # async fn example(client: cometchat::Client) -> Result<(), cometchat::Error> {
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

/// The pages of a list, in order: a stream of `Result<Page<T>, Error>`.
///
/// Nothing is sent before the first poll. After an error, or the last page, the stream has ended. An empty page that
/// says there is more is passed over. Dropping the stream cancels what is in flight.
#[must_use = "nothing is sent before the stream is polled"]
pub struct Pages<O: ListOperation, T = <O as ListOperation>::Item> {
    request: O,
    options: PageOptions,
    /// The requests in flight, by page, in order.
    in_flight: VecDeque<(u32, Fetch<T>)>,
    /// The page to ask for next.
    ask: u32,
    /// The page to deliver next.
    deliver: u32,
    /// The last page, where the service counts.
    last: Option<u32>,
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

type Fetched<T> = Result<Response<ListPage<T>>, Error>;

/// A page on its way.
enum Fetch<T> {
    /// Made by whoever polls the stream.
    Here(Pin<Box<dyn Future<Output = Fetched<T>> + Send>>),
    /// Made, and decoded, by a task of its own.
    Task(JoinHandle<Fetched<T>>),
}

impl<T> Fetch<T> {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Fetched<T>> {
        match self {
            Self::Here(future) => future.as_mut().poll(context),
            Self::Task(task) => Poll::Ready(match ready!(Pin::new(task).poll(context)) {
                Ok(fetched) => fetched,
                Err(error) => match error.try_into_panic() {
                    Ok(panic) => resume_unwind(panic),
                    Err(_) => Err(Error::invalid_request(
                        "the runtime that read ahead was shut down".to_owned(),
                    )),
                },
            }),
        }
    }
}

impl<T> Drop for Fetch<T> {
    fn drop(&mut self) {
        if let Self::Task(task) = self {
            task.abort();
        }
    }
}

impl<O: ListOperation, T: ListItem> Pages<O, T> {
    pub(crate) fn new(request: O, options: PageOptions) -> Self {
        let first = request.page_number();
        Self {
            request,
            options,
            in_flight: VecDeque::new(),
            ask: first,
            deliver: first,
            last: None,
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
        let prefetch = self.options.prefetch;
        // Read no further ahead than the service says it will answer.
        let remaining = self.progress.rate_limit.and_then(|limit| limit.remaining);
        let window = remaining.map_or(prefetch, |remaining| {
            prefetch.min(usize::try_from(remaining).unwrap_or(prefetch))
        });
        match (self.rows_left(), self.request.page_size()) {
            (None, _) => window.max(1),
            // How many pages the limit needs can't be said: find out one by one.
            (Some(_), None) => 1,
            (Some(left), Some(size)) => {
                let pages = left.div_ceil(u64::from(size.max(1))).max(1);
                window.clamp(1, usize::try_from(pages).unwrap_or(window.max(1)))
            }
        }
    }

    /// Asks for pages until as many are on their way as may be.
    fn fill(&mut self) {
        let window = self.window();
        while self.in_flight.len() < window && self.last.is_none_or(|last| self.ask <= last) {
            let request = self.request.clone().with_page(self.ask);
            let fetch = if self.options.prefetch == 1 {
                Fetch::Here(Box::pin(request.send_page::<T>()))
            } else {
                Fetch::Task(tokio::spawn(request.send_page::<T>()))
            };
            self.in_flight.push_back((self.ask, fetch));
            let Some(next) = self.ask.checked_add(1) else {
                break;
            };
            self.ask = next;
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

        let sum = page.items.iter().fold(0_u64, |sum, item| {
            sum.wrapping_add(self.hasher.hash_one(item.key(O::KEY).as_ref()))
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
                let advice = "The service does not page as it says; start again later, or from another page with .page(…)";
                return Some(Err(self.stuck(number, what.to_owned(), advice)));
            }
            Verdict::Deliver { more } => more,
            Verdict::PassOver => true,
        };
        // More than one page ahead: the service counts, and nothing past its count need be asked for.
        self.last = total_pages
            .and_then(|total| u32::try_from(total).ok())
            .filter(|total| *total > number.saturating_add(1));
        self.deliver = number.saturating_add(1);

        if self.options.dedup {
            let (seen, before) = (&mut self.seen, page.items.len());
            page.items
                .retain(|item| seen.insert(item.key(O::KEY).into_owned()));
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
        } else if self.progress.pages >= u64::from(self.options.max_pages) {
            // The page itself is delivered; the next poll says why there is no further one.
            self.in_flight.clear();
        }
        (verdict != Verdict::PassOver).then_some(Ok(page))
    }
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
                    if let Err(error) = this.options.check() {
                        this.end();
                        return Poll::Ready(Some(Err(error)));
                    }
                    if this.options.limit == Some(0) {
                        this.end();
                        return Poll::Ready(None);
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
            this.fill();
            let Some((number, fetch)) = this.in_flight.front_mut() else {
                // Page numbers are used up.
                this.end();
                return Poll::Ready(None);
            };
            let number = *number;
            let fetched = ready!(fetch.poll(context));
            this.in_flight.pop_front();
            match fetched {
                Err(error) => {
                    this.end();
                    return Poll::Ready(Some(Err(error)));
                }
                Ok(response) => {
                    if let Some(taken) = this.take(number, Page::new(number, response)) {
                        return Poll::Ready(Some(taken));
                    }
                }
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
