//! What a client is made of: its configuration, its base URL, and its key.

pub(crate) mod base_url;
pub(crate) mod config;
pub(crate) mod environment;
pub(crate) mod key;
