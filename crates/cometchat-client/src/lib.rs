#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![warn(clippy::unwrap_used)]

mod client;
mod error;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod http;
mod list;
pub mod values;

#[cfg(not(feature = "codegen"))]
#[rustfmt::skip]
mod generated;
#[cfg(feature = "codegen")]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/generated.rs"));
}

pub use client::config::ClientBuilder;
pub use client::key::ApiKey;
pub use error::hint::Hint;
pub use error::{Error, ErrorKind};
pub use generated::{Client, Operation, builder, server, types};
pub use http::body::ByteStream;
pub use http::call::Call;
pub use http::clock::{Clock, Sleep};
pub use http::events::{Event, Reporter};
pub use http::rate_limit::RateLimit;
pub use http::request_state::Context;
pub use http::response::Response;
pub use http::retry_policy::RetryPolicy;
pub use list::field::{Field, FieldKind};
pub use list::page::ListPage;
pub use list::raw_row::RawRow;
pub use list::{ListItem, ListOperation};
