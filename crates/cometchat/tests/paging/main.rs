//! How lists are read: each rule of how paging ends, reading ahead, resuming after a failure, and all of it together
//! against a model.

#![allow(
    clippy::unwrap_used,
    reason = "what the tests share may fail as the tests do"
)]

mod server;

mod ahead;
mod churn;
mod ends;
mod limits;
mod model;
mod refused;
mod resume;
