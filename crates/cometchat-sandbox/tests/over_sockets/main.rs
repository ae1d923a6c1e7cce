//! The sandbox over sockets, as an HTTP client or a plain connection sees it.

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
mod random_faults;
mod rate_limit;
mod refusals;
mod requests;
mod spec;
mod speed;
