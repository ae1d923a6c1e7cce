//! Tasks of this workspace: `cargo xtask --help` lists them.

mod ci;
mod codegen;

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
    Codegen {
        /// Writes nothing; prints a diff and exits 1 where the file is stale.
        #[arg(long)]
        check: bool,
    },
    /// Makes every check: format, clippy, codegen, lint, tests, docs, packages.
    Ci,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match arguments.task {
        Task::Codegen { check } => codegen::run(check),
        Task::Ci => ci::run(),
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
