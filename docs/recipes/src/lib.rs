//! The programs of `docs/recipes.md`, which includes these files.

pub mod http_service;
pub mod nightly_export;
pub mod without_network;
