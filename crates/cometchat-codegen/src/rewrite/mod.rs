//! From progenitor's syntax tree to ours.

pub(crate) mod checks;
pub(crate) mod docs;
pub(crate) mod lists;
pub(crate) mod naming;
pub(crate) mod open_enum;
pub(crate) mod operations;
pub(crate) mod path_param;
pub(crate) mod server;
pub(crate) mod structs;
pub(crate) mod tables;
pub(crate) mod types;
