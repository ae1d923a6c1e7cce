//! What a check found: a tick or a cross for each thing that was looked at, and the exit code that follows.

use std::fmt::Display;
use std::process::ExitCode;

use anyhow::{Result, bail};

/// What a check has found so far.
#[derive(Default)]
pub(crate) struct Findings {
    broken: usize,
}

impl Findings {
    /// Notes something that is as it should be.
    pub(crate) fn pass(&self, what: impl Display) {
        eprintln!("✓ {what}");
    }

    /// Notes something that is not, and what to do about it.
    pub(crate) fn fail(&mut self, what: impl Display, mend: impl Display) {
        self.broken += 1;
        eprintln!("✗ {what}\n  mend: {mend}");
    }

    /// Whether anything was found to be wrong.
    pub(crate) fn any(&self) -> bool {
        self.broken > 0
    }

    /// 0 where all is as it should be, 1 where something is not.
    pub(crate) fn exit(self) -> ExitCode {
        ExitCode::from(u8::from(self.any()))
    }
}

/// A check that can't be made here, because something is not installed: left out on a laptop, an error in CI.
///
/// # Errors
///
/// The variable `CI` is set.
pub(crate) fn skip(check: &str, missing: &str, install: &str) -> Result<ExitCode> {
    if std::env::var_os("CI").is_some_and(|value| !value.is_empty()) {
        bail!("{check} can't be checked: {missing}; in CI that is an error. Install it: {install}");
    }
    eprintln!("– SKIPPED: {check}: {missing}. Install it: {install}");
    Ok(ExitCode::SUCCESS)
}
