//! The built program, driven as a process against sandboxes.

mod credentials;
mod failures;
mod files;
mod formats;
mod groups;
mod help;
mod messages;
#[cfg(unix)]
mod private_files;
mod run;
mod sandbox;
mod settings;
#[cfg(unix)]
mod signals;
#[cfg(unix)]
mod terminal;
