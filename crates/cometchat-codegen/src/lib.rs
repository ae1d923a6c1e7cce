#![doc = include_str!("../README.md")]
#![warn(clippy::unwrap_used)]

mod compare;
mod document;
mod emit;
mod error;
mod generate;
mod lint;
mod normalise;
mod plan;

pub use compare::{diff, drift};
pub use document::spec::{self, Spec};
pub use error::{Error, Finding, Level, printable};
pub use generate::{Generated, Stage, generate, generate_with_warnings, stage};
pub use lint::lint;
