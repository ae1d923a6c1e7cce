//! Turns an OpenAPI document with a few conventions into a Rust client, by way of progenitor.

#![warn(clippy::unwrap_used)]

mod error;
mod generate;
mod open_enum;
mod operations;
mod plan;
mod segment;
mod server;
pub mod spec;
mod types;

pub use error::{Error, Finding};
pub use generate::generate;
pub use spec::Spec;
