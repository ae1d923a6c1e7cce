//! Turns an OpenAPI document with a few conventions into a Rust client, by way of progenitor.

pub mod diff;
mod error;
mod lint;
#[cfg(test)]
mod mangled;
mod naming;
pub mod spec;

pub use error::{Error, Finding};
pub use lint::{PATH_SEGMENT_PATTERN, RULES, Rule, lint};
pub use spec::Spec;
