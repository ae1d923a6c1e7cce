//! The built program, driven as a process against sandboxes.

mod check;
mod credentials;
mod failures;
mod files;
mod formats;
#[cfg(target_os = "linux")]
mod full_disk;
mod groups;
mod help;
mod messages;
mod place;
#[cfg(unix)]
mod private_files;
mod resume;
mod run;
mod sandbox;
mod settings;
#[cfg(unix)]
mod signals;
#[cfg(unix)]
mod terminal;
