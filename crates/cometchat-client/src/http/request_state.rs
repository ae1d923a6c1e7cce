//! The state of a client: what its clones share, what is set for one clone, and the record of one call.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::header::HeaderMap;

use crate::client::key::ApiKey;
use crate::generated::Operation;
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
    pub(crate) call: Option<Arc<Record>>,
}

impl Context {
    /// Reports what happened to the call.
    pub(crate) fn emit(&self, event: impl FnOnce(&Record) -> Event) {
        let listeners = &self.shared.listeners;
        if let Some(call) = &self.call
            && !listeners.is_empty()
        {
            let event = event(call);
            listeners.iter().for_each(|listener| listener(&event));
        }
    }
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

/// What is known of one call.
pub(crate) struct Record {
    pub(crate) operation: Operation,
    pub(crate) may_retry: bool,
    pub(crate) subjects: Vec<(&'static str, String)>,
    pub(crate) page: Option<u32>,
    /// How many attempts were made, and the status that the last one saw.
    last_attempt: Mutex<(u32, Option<u16>)>,
}

impl Record {
    pub(crate) fn new(
        operation: Operation,
        subjects: Vec<(&'static str, String)>,
        page: Option<u32>,
    ) -> Self {
        Self {
            operation,
            may_retry: operation.may_retry(),
            subjects,
            page,
            last_attempt: Mutex::default(),
        }
    }

    pub(crate) fn last_attempt(&self) -> MutexGuard<'_, (u32, Option<u16>)> {
        self.last_attempt
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
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
