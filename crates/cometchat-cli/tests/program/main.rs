//! The built program, driven as a process against sandboxes.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod credentials;
mod failures;
mod files;
mod formats;
mod groups;
mod help;
mod messages;
mod run;
mod sandbox;
mod settings;
#[cfg(unix)]
mod signals;
#[cfg(unix)]
mod terminal;
