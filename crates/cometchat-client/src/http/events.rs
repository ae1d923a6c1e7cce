//! What a client tells while it works, for a progress line or a log.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Something that happened to a call. It holds no key, no header, no body and no GUID.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// An attempt has ended, well or not.
    #[non_exhaustive]
    Attempt {
        /// The operation, by its id in the spec.
        operation: &'static str,
        /// The page asked for, where the operation pages.
        page: Option<u32>,
        /// Which attempt of the call it was, from 1.
        attempt: u32,
        /// The status of the response, if one came.
        status: Option<u16>,
        /// Bytes of the body, decompressed.
        bytes: u64,
        /// How long the attempt took.
        elapsed: Duration,
        /// How long until the next attempt, if there is to be one.
        retry_in: Option<Duration>,
    },
    /// A request is kept back by the rate limit.
    #[non_exhaustive]
    Throttled {
        /// The operation, by its id in the spec.
        operation: &'static str,
        /// The page that is waited for, where the operation pages.
        page: Option<u32>,
        /// For how long.
        wait: Duration,
    },
}

/// Who is told.
#[derive(Clone, Default)]
pub struct Reporter(Option<Arc<Tell>>);

type Tell = dyn Fn(&Event) + Send + Sync;

impl Reporter {
    /// Calls `tell` for each report, from whichever thread it happens on.
    pub fn new(tell: impl Fn(&Event) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(tell)))
    }

    /// Tells, if somebody listens.
    pub(crate) fn tell(&self, report: impl FnOnce() -> Event) {
        if let Some(tell) = &self.0 {
            tell(&report());
        }
    }
}

impl fmt::Debug for Reporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() {
            "Reporter(…)"
        } else {
            "Reporter(none)"
        })
    }
}
