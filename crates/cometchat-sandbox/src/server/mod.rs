//! The server: connections, requests, and how a response is sent.

pub(crate) mod listener;
pub(crate) mod request;
pub(crate) mod response_body;
