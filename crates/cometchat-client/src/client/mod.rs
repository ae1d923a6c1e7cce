//! A client: its configuration, its base URL, and its key.

pub(crate) mod base_url;
mod build;
pub(crate) mod config;
pub(crate) mod environment;
pub(crate) mod key;
mod settings;
