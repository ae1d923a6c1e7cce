//! The runtimes that a client is used in.
//!
//! reqwest serves a connection by a task of the runtime that opened it. Another runtime that uses the connection waits
//! for that task, which stands still while its thread is blocked, and for ever once its runtime was shut down. So each
//! runtime has a reqwest client, with connections of its own.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::task::Poll;

use tokio::runtime::{Handle, Id};

/// The most runtimes whose connections are kept. A program has one or two; a test harness makes one a test.
const MOST: usize = 8;

/// The reqwest clients of the runtimes that a client is used in, except for the first, which is `Client::client`.
pub(crate) struct HttpClients {
    build: Box<dyn Fn() -> reqwest::Result<reqwest::Client> + Send + Sync>,
    /// The runtime of the first client.
    first: OnceLock<Option<Id>>,
    others: Mutex<Vec<(Option<Id>, reqwest::Client)>>,
}

impl HttpClients {
    /// Builds the first client, to find out whether it can be built.
    pub(crate) fn new(
        build: impl Fn() -> reqwest::Result<reqwest::Client> + Send + Sync + 'static,
    ) -> reqwest::Result<(Self, reqwest::Client)> {
        let first = build()?;
        let clients = Self {
            build: Box::new(build),
            first: OnceLock::new(),
            others: Mutex::default(),
        };
        Ok((clients, first))
    }

    /// Returns the client of this runtime: the first one in the runtime that asks first.
    pub(crate) fn current(&self, first: &reqwest::Client) -> reqwest::Result<reqwest::Client> {
        let here = current();
        if *self.first.get_or_init(|| here) == here {
            return Ok(first.clone());
        }
        let mut others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, client)) = others.iter().find(|(runtime, _)| *runtime == here) {
            return Ok(client.clone());
        }
        let client = (self.build)()?;
        if others.len() == MOST {
            others.remove(0);
        }
        others.push((here, client.clone()));
        Ok(client)
    }
}

/// The current runtime, if there is one.
pub(crate) fn current() -> Option<Id> {
    Handle::try_current().ok().map(|handle| handle.id())
}

/// Runs a future as long as it is polled in this runtime; nothing once it is polled in another one, or in none.
///
/// Timers and sockets panic when they are polled after their runtime was shut down, so the future is not polled then.
pub(crate) async fn in_runtime<T>(
    home: Option<Id>,
    mut future: Pin<Box<dyn Future<Output = T> + Send + '_>>,
) -> Option<T> {
    poll_fn(|context| match current() {
        Some(here) if home == Some(here) => future.as_mut().poll(context).map(Some),
        _ => Poll::Ready(None),
    })
    .await
}
