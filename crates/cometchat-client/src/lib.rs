#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
// The runtime serves any document, and a document may use a part of it.
#![cfg_attr(feature = "codegen", allow(dead_code, unused_imports, unused_macros))]
#![warn(clippy::unwrap_used)]

mod client;
mod error;
#[cfg(any(fuzzing, test))]
#[doc(hidden)]
pub mod fuzzing;
mod http;
mod list;
mod progenitor;
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
pub use error::{Error, ErrorForTests, ErrorKind};
pub use generated::{Client, Operation, builder, server, types};
pub use http::body::ByteStream;
pub use http::clock::{Clock, Sleep};
pub use http::events::Event;
pub use http::rate_limit::RateLimit;
pub use http::response::Response;
pub use http::retry_budget::Retries;
pub use http::retry_policy::RetryPolicy;
pub use list::field::{Field, FieldKind};
pub use list::page::ListPage;
pub use list::raw_row::RawRow;
pub use list::{ListItem, ListOperation};
/// The HTTP client that [`ClientBuilder::configure_http`] configures.
pub use reqwest;

// Named by generated code.
pub(crate) use http::request_state::Context;
