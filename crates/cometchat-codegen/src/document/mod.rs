//! The document itself: the JSON value, its references, what stands where, and the Rust names of its words.

pub(crate) mod location;
pub(crate) mod markdown;
pub(crate) mod media;
pub(crate) mod naming;
pub(crate) mod read;
pub(crate) mod references;
pub mod spec;
pub(crate) mod walk;
