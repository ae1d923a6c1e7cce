//! A page in flight: polled by the reader of the stream, or by a task of its own so that pages overlap.

use std::cell::RefCell;
use std::future::{pending, ready};
use std::hash::{BuildHasher as _, RandomState};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use cometchat_client::{Error, ListItem, ListOperation, Retries};
use tokio::runtime::{Handle, Id};
use tokio::task::{JoinError, JoinHandle};
use tokio::time::timeout;

use crate::page::Page;
use crate::walk::Fingerprint;

pub(crate) struct Arrived<T> {
    pub(crate) page: Page<T>,
    pub(crate) fingerprint: Fingerprint,
    /// The ids of its rows, where they are needed.
    pub(crate) ids: Vec<String>,
}

/// A request for a page, which reads the ids of its rows where it decodes them, and a handle to end its retries.
pub(crate) fn request<O: ListOperation, T: ListItem>(
    request: &O,
    number: u32,
    keep_ids: bool,
    hasher: RandomState,
) -> (
    impl Future<Output = Fetched<T>> + Send + use<O, T>,
    Option<Retries>,
) {
    let mut retries = None;
    let request = request.clone().map_client(|client| {
        let (client, own) = client.with_retries();
        retries = Some(own);
        client
    });
    let request = request.with_page(number);
    let fetched = async move {
        let page = Page::new(number, request.send_page::<T>().await?);
        let (mut hashes, mut ids) = (Vec::with_capacity(page.items.len()), Vec::new());
        for item in &page {
            let id = item.id(O::KEY);
            hashes.push(hasher.hash_one(id.as_ref()));
            if keep_ids {
                ids.push(id.into_owned());
            }
        }
        Ok(Arrived {
            page,
            fingerprint: Fingerprint::of(hashes),
            ids,
        })
    };
    (fetched, retries)
}

type Fetched<T> = Result<Arrived<T>, Error>;

/// Time allowed to requests for pages past the end, once the end is known.
const PAST_THE_END: Duration = Duration::from_secs(2);

/// A page in flight. Dropping it cancels the request.
pub(crate) enum Fetch<T> {
    /// Polled by the reader of the stream.
    Here(Pin<Box<dyn Future<Output = Fetched<T>> + Send>>),
    /// Made, and decoded, by a task of its own.
    Task(Abort<Fetched<T>>),
}

/// A task that ends when this is dropped.
pub(crate) struct Abort<R>(JoinHandle<R>);

impl<R> Drop for Abort<R> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Returns `true` if the current runtime was shut down. Polling a timer panics then.
pub(crate) fn is_shut_down() -> bool {
    thread_local! {
        /// A task of the runtime that this thread last polled a stream in. A shutdown ends it.
        static TASK: RefCell<Option<(Id, Abort<()>)>> = const { RefCell::new(None) };
    }
    // A task is not polled after a shutdown; a future that is given to `Handle::block_on` can be.
    if tokio::task::try_id().is_some() {
        return false;
    }
    let here = Handle::current().id();
    TASK.with_borrow_mut(|task| {
        if task.as_ref().is_none_or(|(runtime, _)| *runtime != here) {
            *task = Some((here, Abort(tokio::spawn(pending()))));
        }
        task.as_ref().is_some_and(|(_, task)| task.0.is_finished())
    })
}

impl<T: Send + 'static> Fetch<T> {
    /// Sends a request, and returns whether it was rejected before that.
    ///
    /// It is polled here first, also for a task: so requests leave, and wait for the rate limit, in the order of their
    /// pages, and a rejection is known before the next request is made.
    pub(crate) fn start(
        request: impl Future<Output = Fetched<T>> + Send + 'static,
        own_task: bool,
        context: &mut Context<'_>,
    ) -> (Self, bool) {
        let mut request = Box::pin(request);
        match request.as_mut().poll(context) {
            Poll::Ready(fetched) => {
                let refused = fetched.is_err();
                (Self::Here(Box::pin(ready(fetched))), refused)
            }
            Poll::Pending if own_task => (Self::Task(Abort(tokio::spawn(request))), false),
            Poll::Pending => (Self::Here(request), false),
        }
    }

    /// The page, or why there is none. Its task ends without either where it panics, or its runtime is shut down.
    pub(crate) fn poll(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Result<Fetched<T>, JoinError>> {
        match self {
            Self::Here(request) => request.as_mut().poll(context).map(Ok),
            Self::Task(task) => Pin::new(&mut task.0).poll(context),
        }
    }
}

/// Lets requests for pages past the end finish: cancelling them would close their connections, which the next list
/// would have to open again. Those that take too long are cancelled all the same.
pub(crate) fn finish<T: Send + 'static>(past_the_end: impl Iterator<Item = Fetch<T>>) {
    let tasks: Vec<_> = past_the_end
        .filter_map(|fetch| match fetch {
            Fetch::Task(task) if !task.0.is_finished() => Some(task),
            _ => None,
        })
        .collect();
    if tasks.is_empty() {
        return;
    }
    tokio::spawn(timeout(PAST_THE_END, async move {
        for mut task in tasks {
            // Its result is not needed.
            let _ = (&mut task.0).await;
        }
    }));
}
