//! `ci`: the checks that a change has to pass, as one list of commands.

use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

/// What is asked of the task.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only these checks, by name.
    only: Vec<String>,
    /// Leaves a check out.
    #[arg(long, value_name = "CHECK")]
    skip: Vec<String>,
}

/// A check: its name, and the command that makes it.
struct Check {
    name: &'static str,
    command: &'static str,
    environment: &'static [(&'static str, &'static str)],
    needs: &'static [Tool],
}

/// What a command needs beside the toolchain.
#[derive(Clone, Copy)]
struct Tool {
    /// A command that succeeds where the tool is installed.
    probe: &'static str,
    /// The command that installs it.
    install: &'static str,
}

const fn check(name: &'static str, command: &'static str) -> Check {
    Check {
        name,
        command,
        environment: &[],
        needs: &[],
    }
}

impl Check {
    const fn with(self, environment: &'static [(&'static str, &'static str)]) -> Self {
        Self {
            environment,
            ..self
        }
    }

    const fn needs(self, needs: &'static [Tool]) -> Self {
        Self { needs, ..self }
    }
}

/// The checks. Those that are done soonest come first.
///
/// A single test is run with `--workspace`, not `--package`: cargo then resolves the same features as for all tests, and
/// builds nothing again.
const CHECKS: &[Check] = &[
    check("format", "cargo fmt --all --check"),
    check("codegen", "cargo xtask codegen --check"),
    check("lint", "cargo xtask lint --strict"),
    check("actions", "bash .ci/pinned-actions"),
    check("links", "bash conformance/links").needs(&[NODE]),
    check("redocly", "bash conformance/redocly").needs(&[NODE]),
    check("site", "python3 docs/site.py").needs(&[NODE, MDBOOK]),
    check("dependencies", "cargo deny check bans licenses sources").needs(&[CARGO_DENY]),
    check("dependencies-all-features", "cargo deny --all-features check licenses sources")
        .needs(&[CARGO_DENY]),
    check("clippy", "cargo clippy --workspace --all-targets -- -D warnings"),
    check("clippy-all-features", "cargo clippy --workspace --all-targets --all-features -- -D warnings"),
    // Workspaces of their own, so that what they depend on is no part of this one.
    check(
        "benches",
        "cargo check --locked --manifest-path benches/peers/Cargo.toml --workspace --all-targets --target-dir target",
    ),
    check("fuzz-lock", "cargo fetch --locked --manifest-path fuzz/Cargo.toml"),
    // With `codegen` among the features: the whole workspace, on a client that is generated at build time.
    check("tests-all-features", "cargo test --workspace --all-features").with(&[("INSTA_UPDATE", "no")]),
    // Features that another crate in a program can turn on change nothing.
    check(
        "tests-unified-features",
        "cargo test --package cometchat-client --features serde_json/arbitrary_precision,serde_json/preserve_order",
    ),
    check("prism", "cargo test --workspace --test prism -- --ignored").needs(&[NODE]),
    check("schemathesis", "cargo test --workspace --test schemathesis -- --ignored").needs(&[PYTHON]),
    check("other-clients", "cargo test --workspace --test other_clients -- --ignored")
        .needs(&[NODE, PYTHON, JAVA]),
    check("spec-changes", "tests/run"),
    check(
        "features",
        "cargo hack clippy --workspace --exclude cometchat-cli --ignore-private --lib --feature-powerset --depth 2 \
         --mutually-exclusive-features rustls,native-tls -- -D warnings",
    )
    .needs(&[CARGO_HACK]),
    check("docs", "cargo doc --workspace --no-deps --all-features").with(&[("RUSTDOCFLAGS", "-D warnings")]),
    check(
        "lowest-versions",
        "cargo minimal-versions check --direct --workspace --ignore-private --all-features --target-dir target/lowest",
    )
    .needs(&[MINIMAL_VERSIONS]),
    check("oldest-rust", "rustup run 1.88 cargo check --package cometchat-cli --all-features --target-dir target/oldest")
        .needs(&[Tool {
            probe: "rustup run 1.88 cargo --version",
            install: "rustup toolchain install 1.88 --profile minimal",
        }]),
    check("interface", "cargo test --workspace --test public_interface -- --ignored"),
    check("external-types-client", "bash .ci/external-types cometchat-client jiff_0_2,schemars,tracing")
        .needs(&[EXTERNAL_TYPES]),
    check("external-types", "bash .ci/external-types cometchat blocking,jiff_0_2,schemars,tracing").needs(&[EXTERNAL_TYPES]),
    check("packages", "bash .ci/packages"),
    check("packed-program", "bash .ci/packed-program"),
];

const NODE: Tool = Tool {
    probe: "test -x conformance/node_modules/.bin/redocly",
    install: "bash conformance/install",
};

const MDBOOK: Tool = cargo_tool("mdbook --version");

const PYTHON: Tool = Tool {
    probe: "test -x conformance/.venv/bin/schemathesis",
    install: "bash conformance/install",
};

const JAVA: Tool = Tool {
    probe: "java -version",
    install: "Java 11 or later, such as apt-get install default-jre-headless",
};

const CARGO_HACK: Tool = cargo_tool("cargo hack --version");
const CARGO_DENY: Tool = cargo_tool("cargo deny --version");
const MINIMAL_VERSIONS: Tool = cargo_tool("cargo minimal-versions --version");
const EXTERNAL_TYPES: Tool = cargo_tool("cargo check-external-types --help");

const fn cargo_tool(probe: &'static str) -> Tool {
    Tool {
        probe,
        install: "bash .ci/tools",
    }
}

/// Runs the checks, and says at the end which of them failed.
pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let names: Vec<&str> = CHECKS.iter().map(|check| check.name).collect();
    if let Some(unknown) = args
        .only
        .iter()
        .chain(&args.skip)
        .find(|name| !names.contains(&name.as_str()))
    {
        bail!(
            "there is no check {unknown:?}; they are: {}",
            names.join(", ")
        );
    }
    let chosen = |check: &&Check| {
        let named = |list: &[String]| list.iter().any(|name| name == check.name);
        (args.only.is_empty() || named(&args.only)) && !named(&args.skip)
    };
    let mut failed = Vec::new();
    let mut times = Vec::new();
    for check in CHECKS.iter().filter(chosen) {
        let started = Instant::now();
        let passed = make(check)?;
        times.push((check.name, started.elapsed()));
        if !passed {
            failed.push(check.name);
        }
    }
    for (name, time) in times {
        eprintln!("{:>5.0} s  {name}", time.as_secs_f64());
    }
    if failed.is_empty() {
        eprintln!("✓ all checks passed");
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("✗ failed: {}", failed.join(", "));
    Ok(ExitCode::from(1))
}

/// Makes one check. On a laptop it is passed over where its tool is missing; in CI that is a failure.
fn make(check: &Check) -> Result<bool> {
    eprintln!("▶ {}: {}", check.name, check.command);
    let is_there = |tool: &&Tool| {
        let mut probe = command(tool.probe);
        let status = probe.stdout(Stdio::null()).stderr(Stdio::null()).status();
        status.is_ok_and(|status| status.success())
    };
    if let Some(tool) = check.needs.iter().find(|tool| !is_there(tool)) {
        let in_ci = std::env::var_os("CI").is_some_and(|value| !value.is_empty());
        let mark = if in_ci { "✗" } else { "– SKIPPED" };
        eprintln!(
            "{mark} {}: a tool is missing; install it: {}",
            check.name, tool.install
        );
        return Ok(!in_ci);
    }
    let status = command(check.command)
        .envs(check.environment.iter().copied())
        .status()
        .with_context(|| format!("can't run {}", check.command))?;
    eprintln!(
        "{} {}",
        if status.success() { "✓" } else { "✗" },
        check.name
    );
    Ok(status.success())
}

/// A command line as it would be typed at the root of the workspace; no word of one holds a space.
fn command(line: &str) -> Command {
    let mut words = line.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or_default());
    command
        .args(words)
        .current_dir(crate::root())
        .stdin(Stdio::null());
    command
}
