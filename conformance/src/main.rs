//! Judges of the spec, the sandbox and the client, written by others; and a long run of the client on a bad day.
//!
//! Whoever writes a client and the double that it is tested against puts the same mistake into both. So `openapi.yaml` is
//! read by a linter, the sandbox is asked by a tester, and the client asks a mock server, none of which know this project.
//!
//! A crate of its own rather than a part of `xtask`: it needs the generated client, and `cargo xtask codegen` must run when
//! that does not compile.

mod chaos;
mod judge;
mod prism;
mod redocly;
mod schemathesis;
mod tool;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Judges of the spec, the sandbox and the client.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Asks the judges: all of them, or those that are named.
    Conformance {
        /// Which judges; all if none is named.
        judges: Vec<judge::Judge>,
    },
    /// Lists large groups from a sandbox that fails one request in four, and holds every row to its place.
    Chaos(chaos::Arguments),
    /// Lists one group for `chaos`.
    #[command(hide = true)]
    ChaosReader(chaos::reader::Arguments),
}

fn main() -> ExitCode {
    let result = match Arguments::parse().task {
        Task::Conformance { judges } => judge::run(&judges),
        Task::Chaos(arguments) => chaos::run(&arguments),
        Task::ChaosReader(arguments) => chaos::reader::run(arguments),
    };
    result.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::from(1)
    })
}
