//! `chaos`: the client on a bad day, as a user would build it.

use std::process::ExitCode;

use anyhow::Result;

use crate::conformance::{self, Args};

/// Lists large groups from a sandbox that fails often.
pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    conformance::hand_on(&["--release"], "chaos", args)
}
