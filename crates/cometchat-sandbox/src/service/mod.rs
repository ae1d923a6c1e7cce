//! The service: its state, and its response to a request.

pub(crate) mod api_error;
pub(crate) mod control;
pub(crate) mod fixtures;
pub(crate) mod group;
mod handler;
pub(crate) mod key;
pub(crate) mod list;
pub(crate) mod page;
mod path;
pub(crate) mod query;
pub(crate) mod quirks;
pub(crate) mod rate_limit;
pub(crate) mod response;
pub(crate) mod row;
pub(crate) mod state;
pub(crate) mod synthetic_rows;
