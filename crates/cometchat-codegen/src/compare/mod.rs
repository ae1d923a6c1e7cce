//! Two documents side by side: ours before and after a change, and ours beside a vendor's.
//!
//! [`diff`] compares the code that both give; [`drift`] compares the documents, operation by operation.

pub mod diff;
pub mod drift;

#[cfg(test)]
pub(crate) mod fixture;
