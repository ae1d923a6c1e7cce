//! The time, and how to wait: behind a trait, so that tests script time and never sleep.

use std::fmt::Debug;
use std::pin::Pin;
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

/// A wait in progress.
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A source of time.
///
/// The default is the system's clock with tokio's timer: `tokio::time::pause` pauses it. Give
/// [`ClientBuilder::clock`](crate::ClientBuilder::clock) another one to test how a program waits without waiting.
pub trait Clock: Debug + Send + Sync + 'static {
    /// The time of day. Reset headers are compared with it if a response has no `Date`.
    fn now(&self) -> SystemTime;

    /// The time since a fixed moment. It never decreases.
    fn monotonic(&self) -> Duration;

    /// Waits.
    fn sleep(&self, duration: Duration) -> Sleep;
}

/// The system's clock, and tokio's, which is the same one unless a test pauses it.
#[derive(Debug)]
pub(crate) struct SystemClock {
    start: Instant,
}

impl SystemClock {
    pub(crate) fn new() -> Self {
        Self {
            start: Instant::now(),
        }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn monotonic(&self) -> Duration {
        self.start.elapsed()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        Box::pin(tokio::time::sleep(duration))
    }
}
