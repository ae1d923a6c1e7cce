// The README shows `cometchat`, which is packed after this crate; `tests/readme.rs` runs what it shows.
#![cfg_attr(not(doctest), doc = include_str!("../README.md"))]

mod answer;
mod builder;
mod control;
mod delivery;
mod documented;
mod error;
mod fault;
mod faults;
mod generated;
mod group;
mod gzip;
mod key;
mod latency;
mod list;
mod manner;
mod operation;
mod page;
mod percent;
mod query;
mod rate_limit;
mod rates;
mod refusal;
mod request;
mod row;
mod sandbox;
mod serve;
mod state;
mod wire;

pub use builder::Builder;
pub use control::Control;
pub use error::Error;
pub use fault::{ErrorBody, Fault, ResetAt, WaitHeaders};
pub use faults::Faults;
pub use group::Group;
pub use key::KeyKind;
pub use latency::Latency;
pub use operation::Operation;
pub use page::{FullLastPage, Totals};
pub use rate_limit::RateHeaders;
pub use rates::Rates;
pub use request::Request;
pub use row::Row;
pub use sandbox::Sandbox;
