//! What a client carries beside its address: shared by all clones, and by the one call that a clone is made for.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::header::HeaderMap;

use crate::client::key::ApiKey;
use crate::error::Error;
use crate::generated::Operation;
use crate::http::clock::Clock;
use crate::http::events::Reporter;
use crate::http::rate_limit::{Pacer, RateLimit};
use crate::http::retry_budget::Budget;
use crate::http::retry_policy::RetryPolicy;

/// What the hooks of a client work with. Made by [`ClientBuilder`](crate::ClientBuilder); holds the key and shows
/// nothing of it.
#[derive(Clone)]
pub struct Context {
    pub(crate) shared: Arc<Shared>,
    pub(crate) retry: RetryPolicy,
    pub(crate) call: Option<Arc<Record>>,
}

impl Context {
    /// The operation and the page of the call, for a report.
    pub(crate) fn subject(&self) -> (&'static str, Option<u32>) {
        match &self.call {
            Some(record) => (record.operation.id(), record.page),
            None => ("", None),
        }
    }
}

/// What all clones of a client share.
pub(crate) struct Shared {
    pub(crate) key: ApiKey,
    /// What every request carries: the key, and whom it is made for.
    pub(crate) identity: HeaderMap,
    pub(crate) attempt_timeout: Duration,
    pub(crate) max_response_bytes: u64,
    pub(crate) pacer: Pacer,
    pub(crate) budget: Budget,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) reporter: Reporter,
}

/// What becomes known of one call while it is made.
pub(crate) struct Record {
    pub(crate) operation: Operation,
    pub(crate) may_retry: bool,
    pub(crate) page: Option<u32>,
    state: Mutex<RecordState>,
}

#[derive(Default)]
pub(crate) struct RecordState {
    pub(crate) attempts: u32,
    pub(crate) status: Option<u16>,
    pub(crate) rate_limit: Option<RateLimit>,
    pub(crate) failure: Option<Error>,
}

impl Record {
    /// A record of a call that has not begun.
    pub(crate) fn new(operation: Operation, page: Option<u32>) -> Self {
        Self {
            operation,
            may_retry: operation.may_retry(),
            page,
            state: Mutex::default(),
        }
    }

    /// What is known so far.
    pub(crate) fn state(&self) -> MutexGuard<'_, RecordState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
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
