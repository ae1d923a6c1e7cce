//! Tasks of this workspace: `cargo xtask --help` lists them.

mod api;
mod cargo;
mod codegen;
mod deps;
mod features;
mod findings;
mod links;
mod package;

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
    /// Writes the public interface of the libraries to api/, and refuses types of other crates in it.
    Api {
        /// Writes nothing; prints a diff and exits 1 where a text is stale.
        #[arg(long)]
        check: bool,
    },
    /// Checks what the published crates depend on: its Rust, its number, and that it generates no code.
    Deps,
    /// Builds and tests the libraries with their features in combination.
    Features,
    /// Checks that the links of the Markdown files lead somewhere, without a network.
    Links,
    /// Packs every published crate, and builds and tests each from its packed files alone.
    Package,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match arguments.task {
        Task::Codegen { check } => codegen::run(check),
        Task::Api { check } => api::run(check),
        Task::Deps => deps::run(),
        Task::Features => features::run(),
        Task::Links => links::run(),
        Task::Package => package::run(),
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
