//! Tasks of this workspace: `cargo xtask --help` lists them.

mod ci;
mod codegen;
mod diff;
mod drift;
mod input;
mod lint;
mod table;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

/// Tasks of this workspace.
#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    disable_help_subcommand = true
)]
enum Task {
    /// Writes crates/cometchat-client/src/generated.rs from openapi.yaml.
    Codegen(codegen::Args),
    /// Says what a change of the spec means for users and for the next version. Exits 0 for no change, 10 for a patch,
    /// 11 for a minor change, 12 for a major one, 2 if a spec can't be read.
    Diff(diff::Args),
    /// Says how far a vendor's published document has moved from our spec, for our operations. Exits 1 if it has, 2 if
    /// it can't be read.
    Drift(drift::Args),
    /// Says what is wrong with a spec. Exits 1 on an error, with --strict on a warning too, 2 if it can't be read.
    Lint(lint::Args),
    /// Runs the checks that a change has to pass.
    Ci(ci::Args),
}

fn main() -> ExitCode {
    let (done, failed) = match Task::parse() {
        Task::Codegen(args) => (codegen::run(&args), 1),
        Task::Diff(args) => (diff::run(&args), 2),
        Task::Drift(args) => (drift::run(&args), 2),
        Task::Lint(args) => (lint::run(&args), 2),
        Task::Ci(args) => (ci::run(&args), 1),
    };
    ExitCode::from(done.unwrap_or_else(|error| {
        // If standard error is closed, the exit code is all that says it.
        let _ = writeln!(std::io::stderr().lock(), "error: {error:#}");
        failed
    }))
}

/// The root of the workspace.
fn root() -> PathBuf {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    own.parent().map_or(own.clone(), PathBuf::from)
}
