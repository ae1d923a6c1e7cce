//! What a call survives and what it keeps to itself, against real sockets.

#[path = "../support/mod.rs"]
mod support;

mod anything;
mod bodies;
mod breaks;
#[cfg(feature = "gzip")]
mod compression;
mod configuration;
mod decoding;
mod limits;
mod odd_values;
mod outage;
mod pacing;
mod redaction;
mod redirects;
mod runtimes;
#[cfg(feature = "tracing")]
mod spans;
mod statuses;
mod texts;
mod time;
#[cfg(any(feature = "rustls", feature = "native-tls"))]
mod tls;
