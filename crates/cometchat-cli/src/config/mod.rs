//! The configuration of a run: from arguments, environment variables and files.

pub(crate) mod client;
pub(crate) mod export_options;
pub(crate) mod guids;
mod key_file;
mod text_file;
