//! Tasks of this workspace: `cargo xtask --help` lists them.

mod api;
mod bench;
mod cargo;
mod chaos;
mod ci;
mod codegen;
mod conformance;
mod deps;
mod diff;
mod drift;
mod features;
mod findings;
mod fuzz;
mod input;
mod links;
mod lint;
mod lowest;
mod package;
mod semver;
mod table;
mod third_endpoint;

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
    /// Says what a change of the spec means for users and for the next version. Exits 0 for no change, 10 for a patch,
    /// 11 for a minor change, 12 for a major one, 2 where a spec can't be read.
    Diff(diff::Args),
    /// Says how far a vendor's published document has moved from our spec, for our operations. Exits 1 where it has, 2
    /// where it can't be read.
    Drift(drift::Args),
    /// Says what is wrong with a spec. Exits 1 on an error, with --strict on a warning too, 2 where it can't be read.
    Lint(lint::Args),
    /// Holds `diff` against cargo-semver-checks over a table of edits, and writes docs/semver.md.
    Semver(semver::Args),
    /// Builds a client from the spec with a third list in it, and tests that.
    ThirdEndpoint,
    /// Has the spec, the sandbox and the client judged by tools of others: redocly, schemathesis, prism, examples.
    #[command(disable_help_flag = true)]
    Conformance(conformance::Args),
    /// Lists large groups from a sandbox that fails one request in four, and holds every row to its place.
    #[command(disable_help_flag = true)]
    Chaos(conformance::Args),
    /// Makes every check: format, clippy, codegen, lint, tests, docs, packages.
    Ci,
    /// Sets the SDK beside its peers, and writes the numbers into docs/benchmarks.md.
    Bench(bench::Options),
    /// Writes the public interface of the libraries to api/, and refuses types of other crates in it.
    Api {
        /// Writes nothing; prints a diff and exits 1 where a text is stale.
        #[arg(long)]
        check: bool,
    },
    /// Checks what the published crates depend on: its Rust, its number, and that it generates no code.
    Deps,
    /// Builds and tests the libraries with their features in combination.
    Features(features::Args),
    /// Gives what reads text from outside any text.
    Fuzz(fuzz::Args),
    /// Checks that the links of the Markdown files lead somewhere, without a network.
    Links,
    /// Builds the published crates with the lowest versions of what they depend on.
    Lowest,
    /// Packs every published crate, and builds and tests each from its packed files alone.
    Package,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match arguments.task {
        Task::Codegen { check } => codegen::run(check),
        Task::Diff(args) => Ok(input::exit(diff::run(&args))),
        Task::Drift(args) => Ok(input::exit(drift::run(&args))),
        Task::Lint(args) => Ok(input::exit(lint::run(&args))),
        Task::Semver(args) => Ok(input::exit(semver::run(&args))),
        Task::ThirdEndpoint => third_endpoint::run(),
        Task::Conformance(args) => conformance::run(&args),
        Task::Chaos(args) => chaos::run(&args),
        Task::Ci => ci::run(),
        Task::Bench(options) => bench::run(&options),
        Task::Api { check } => api::run(check),
        Task::Deps => deps::run(),
        Task::Features(args) => features::run(&args),
        Task::Fuzz(args) => fuzz::run(&args),
        Task::Links => links::run(),
        Task::Lowest => lowest::run(),
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
