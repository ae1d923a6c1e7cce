//! Tasks of this workspace: `cargo xtask --help` lists them.

mod ci;
mod codegen;
mod diff;
mod drift;
mod input;
mod lint;
mod table;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Tasks of this workspace.
#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    disable_help_subcommand = true
)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Writes crates/cometchat-client/src/generated.rs from openapi.yaml.
    Codegen(codegen::Args),
    /// Says what a change of the spec means for users and for the next version. Exits 0 for no change, 10 for a patch,
    /// 11 for a minor change, 12 for a major one, 2 where a spec can't be read.
    Diff(diff::Args),
    /// Says how far a vendor's published document has moved from our spec, for our operations. Exits 1 where it has, 2
    /// where it can't be read.
    Drift(drift::Args),
    /// Says what is wrong with a spec. Exits 1 on an error, with --strict on a warning too, 2 where it can't be read.
    Lint(lint::Args),
    /// Runs the checks that a change has to pass.
    Ci(ci::Args),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match arguments.task {
        Task::Codegen(args) => codegen::run(&args),
        Task::Diff(args) => Ok(input::exit(diff::run(&args))),
        Task::Drift(args) => Ok(input::exit(drift::run(&args))),
        Task::Lint(args) => Ok(input::exit(lint::run(&args))),
        Task::Ci(args) => ci::run(&args),
    };
    result.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::from(1)
    })
}

/// The root of the workspace.
fn root() -> PathBuf {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    own.parent().map_or(own.clone(), PathBuf::from)
}
