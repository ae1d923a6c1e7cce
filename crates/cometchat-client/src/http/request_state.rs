//! The state of a client: what its clones share, and what is set for one clone.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderMap;

use crate::client::key::ApiKey;
use crate::http::clock::Clock;
use crate::http::events::{Event, Listener};
use crate::http::pacer::Pacer;
use crate::http::retry_budget::{Budget, Retries};
use crate::http::retry_policy::RetryPolicy;
use crate::http::runtime::HttpClients;

/// What the requests of a client work with. Made by [`ClientBuilder`](crate::ClientBuilder).
#[derive(Clone)]
pub(crate) struct Context {
    pub(crate) shared: Arc<Shared>,
    pub(crate) retry: RetryPolicy,
    pub(crate) call_timeout: Option<Duration>,
    /// Headers that the user adds to each request.
    pub(crate) headers: HeaderMap,
    /// The retries that are counted for one call alone.
    pub(crate) retries: Option<Retries>,
}

pub(crate) struct Shared {
    pub(crate) key: ApiKey,
    /// The headers of every request: the key, and the user to act for.
    pub(crate) identity: HeaderMap,
    pub(crate) http: HttpClients,
    #[cfg(feature = "tracing")]
    pub(crate) address: (String, Option<u16>),
    pub(crate) attempt_timeout: Duration,
    pub(crate) max_response_bytes: u64,
    pub(crate) pacer: Pacer,
    pub(crate) budget: Budget,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) listeners: Vec<Listener>,
}

impl Shared {
    /// Reports an event to the listeners.
    pub(crate) fn emit(&self, event: impl FnOnce() -> Event) {
        if !self.listeners.is_empty() {
            let event = event();
            self.listeners.iter().for_each(|listener| listener(&event));
        }
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("key", &self.shared.key)
            .field("retry", &self.retry)
            .field("pacer", &self.shared.pacer)
            .finish_non_exhaustive()
    }
}
