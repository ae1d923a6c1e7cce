#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![warn(clippy::unwrap_used)]

mod address;
mod advice;
mod body;
mod budget;
mod call;
mod clock;
mod config;
mod context;
mod environment;
mod error;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod hooks;
mod judge;
mod key;
mod limits;
mod list;
mod mismatch;
mod page;
mod raw_row;
mod report;
mod response;
mod retry;
mod scrub;
mod trace;
mod transport;
pub mod values;

#[cfg(not(feature = "codegen"))]
#[rustfmt::skip]
mod generated;
#[cfg(feature = "codegen")]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/generated.rs"));
}

pub use call::{Call, Operation};
pub use clock::{Clock, Sleep};
pub use config::ClientBuilder;
pub use context::Context;
pub use error::{Error, ErrorKind};
pub use generated::{Client, builder, server, types};
pub use key::ApiKey;
pub use limits::RateLimit;
pub use list::{ListItem, ListOperation};
pub use page::ListPage;
pub use raw_row::RawRow;
pub use report::{Report, Reporter};
pub use response::Response;
pub use retry::RetryPolicy;
