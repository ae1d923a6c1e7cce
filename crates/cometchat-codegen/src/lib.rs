//! Turns an OpenAPI document with a few conventions into a Rust client, by way of progenitor.

#![warn(clippy::unwrap_used)]

pub mod diff;
pub mod drift;
mod error;
mod generate;
mod lint;
mod lists;
mod naming;
mod open_enum;
mod operations;
mod plan;
mod segment;
mod server;
pub mod spec;
#[cfg(test)]
mod specimen;
mod types;

pub use error::{Error, Finding};
pub use generate::generate;
pub use lint::{RULES, Rule, lint};
pub use spec::Spec;
