//! Events of a client, for a progress line or a log.

use std::time::Duration;

use crate::generated::Operation;

/// An event of a call. It holds no key, header or body.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// An attempt has ended, with or without success; where the body is streamed, its first part has come.
    #[non_exhaustive]
    Attempt {
        /// The operation.
        operation: Operation,
        /// The path parameters, such as the GUID, by name.
        subjects: Vec<(&'static str, String)>,
        /// The page asked for, where the operation pages.
        page: Option<u32>,
        /// The number of the attempt within its call, from 1.
        attempt: u32,
        /// The status of the response, if one came.
        status: Option<u16>,
        /// Bytes of the body, decompressed; of one that is streamed, those of its first part.
        bytes: u64,
        /// How long the attempt took.
        elapsed: Duration,
        /// How long until the next attempt, if there is one. It may then have to wait for its turn; see `Throttled`, which
        /// tells the same wait again if the service throttles.
        retry_in: Option<Duration>,
    },
    /// A request waits for its turn: for the client's own rate, or because the service throttles. Once for each request
    /// that waits.
    #[non_exhaustive]
    Throttled {
        /// The operation.
        operation: Operation,
        /// The path parameters, such as the GUID, by name.
        subjects: Vec<(&'static str, String)>,
        /// The page asked for, where the operation pages.
        page: Option<u32>,
        /// For how long, as far as is known when the wait begins.
        wait: Duration,
    },
}

pub(crate) type Listener = Box<dyn Fn(&Event) + Send + Sync>;
