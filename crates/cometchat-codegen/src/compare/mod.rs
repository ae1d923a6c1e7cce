//! Two documents side by side: ours before and after a change, and ours beside a vendor's.
//!
//! Both comparisons read one thing, the [`facts`] of a document as a flat table. [`diff`] gives them the names that they
//! have in the generated code and looks up the level of each change; [`drift`] compares them operation by operation.

pub mod diff;
pub mod drift;
mod facts;
#[cfg(test)]
pub(crate) mod fixture;
