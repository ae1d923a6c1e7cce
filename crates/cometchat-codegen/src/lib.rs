//! Turns an OpenAPI document with a few conventions into a Rust client, by way of progenitor.

mod error;
pub mod spec;

pub use error::{Error, Finding};
pub use spec::Spec;
