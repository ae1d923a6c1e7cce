// The README shows `cometchat`, which is packed after this crate; `tests/readme.rs` runs what it shows.
#![cfg_attr(not(doctest), doc = include_str!("../README.md"))]

mod builder;
mod error;
mod faults;
mod sandbox;
mod server;
mod service;

pub use builder::Builder;
pub use cometchat_client::Operation;
pub use error::Error;
pub use faults::fault::{ErrorBody, Fault, ResetAt, WaitHeaders};
pub use faults::latency::Latency;
pub use sandbox::Sandbox;
pub use server::request::Request;
pub use service::control::Control;
pub use service::group::Group;
pub use service::key::KeyKind;
pub use service::page::{FullLastPage, Totals};
pub use service::rate_limit::RateHeaders;
pub use service::row::Row;
