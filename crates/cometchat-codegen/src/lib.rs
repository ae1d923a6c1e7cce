#![doc = include_str!("../README.md")]
#![warn(clippy::unwrap_used)]

mod compare;
mod error;
mod generate;
mod ir;
mod lint;
mod normalise;
mod references;
mod rewrite;
pub mod spec;

pub use compare::{diff, drift};
pub use error::{Error, Finding, Level, printable};
pub use generate::{Generated, generate, generate_with_warnings};
pub use lint::lint;
pub use spec::Spec;
