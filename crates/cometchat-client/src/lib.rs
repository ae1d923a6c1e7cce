#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![warn(clippy::unwrap_used)]

mod address;
mod call;
mod clock;
mod config;
mod context;
mod error;
mod hooks;
mod key;
mod limits;
mod list;
mod report;
mod response;
mod retry;
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
pub use list::{ListItem, ListOperation, ListPage, RawRow};
pub use report::{Report, Reporter};
pub use response::Response;
pub use retry::RetryPolicy;
