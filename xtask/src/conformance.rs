//! `conformance`: the judges of the spec, the sandbox and the client, which are in the package of that name.
//!
//! They need the generated client. They are a package apart so that `codegen` can be built, and can mend the client, when
//! the client does not compile.

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::cargo::cargo;

/// What is handed on to the package, `--help` too.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// Asks the judges.
pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    hand_on(&[], "conformance", args)
}

/// Runs a task of the package, built with these flags.
pub(crate) fn hand_on(flags: &[&str], task: &str, args: &Args) -> Result<ExitCode> {
    let status = cargo()
        .args(["run", "--quiet", "--package", "conformance"])
        .args(flags)
        .args(["--", task])
        .args(&args.arguments)
        .status()
        .context("can't run cargo")?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(1)))
}
