//! A page on its way: made by whoever reads the stream, or by a task of its own, so that pages overlap.

use std::future::ready;
use std::pin::Pin;
use std::task::{Context, Poll};

use cometchat_client::{Error, ListPage, Response};
use tokio::task::{JoinError, JoinHandle};

/// What comes of asking for a page.
type Fetched<T> = Result<Response<ListPage<T>>, Error>;

/// A page on its way. Dropping it cancels the request.
pub(crate) enum Fetch<T> {
    /// Made by whoever polls the stream.
    Here(Pin<Box<dyn Future<Output = Fetched<T>> + Send>>),
    /// Made, and decoded, by a task of its own.
    Task(JoinHandle<Fetched<T>>),
}

impl<T: Send + 'static> Fetch<T> {
    /// Sends a request, and says whether it was refused before that.
    ///
    /// The first poll is here, also for a task: so requests leave in the order of their pages, and one that is refused
    /// is known to be before another one is made.
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
            Poll::Pending if own_task => (Self::Task(tokio::spawn(request)), false),
            Poll::Pending => (Self::Here(request), false),
        }
    }

    /// The page, or why there is none; an outer error where its task came to no end.
    pub(crate) fn poll(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Result<Fetched<T>, JoinError>> {
        match self {
            Self::Here(request) => request.as_mut().poll(context).map(Ok),
            Self::Task(task) => Pin::new(task).poll(context),
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
