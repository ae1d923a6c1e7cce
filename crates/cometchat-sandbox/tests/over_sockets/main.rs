//! The sandbox as a client sees it: over sockets, through an HTTP client that knows nothing of it, and without one.

#![allow(
    clippy::unwrap_used,
    reason = "what the tests share may fail as the tests do"
)]

mod any_bytes;
mod caller;
mod changes;
mod faults;
mod lifecycle;
mod lists;
mod rate_limit;
mod rates;
mod refusals;
mod requests;
mod spec;
mod speed;
