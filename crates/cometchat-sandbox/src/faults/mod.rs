//! Fault injection.

pub(crate) mod active;
pub(crate) mod chance;
pub(crate) mod fault;
pub(crate) mod latency;
mod syntax;
