//! Fault injection: single faults, random ones, and which requests each applies to.

pub(crate) mod fault;
pub(crate) mod latency;
pub(crate) mod random_faults;
pub(crate) mod set;
mod syntax;
