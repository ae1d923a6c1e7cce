//! `ci`: the checks that a change has to pass, as one list of commands.

use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use anyhow::{Result, bail};

use Group::{Conformance, Features, Quick, Release, Test};

/// What is asked of the task.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only these checks, by name.
    only: Vec<String>,
    /// Only the checks of this group: a job of the workflow `ci`.
    #[arg(long, value_enum, conflicts_with = "only")]
    group: Option<Group>,
    /// Leaves a check out.
    #[arg(long, value_name = "CHECK")]
    skip: Vec<String>,
}

/// Purposes of checks, each a job of the workflow `ci`.
#[derive(Clone, Copy, PartialEq, clap::ValueEnum)]
enum Group {
    /// Files, documents and the site. On Linux.
    Quick,
    /// The code and its tests. On Linux, macOS and Windows.
    Test,
    /// Features, and versions of dependencies and of Rust. On Linux.
    Features,
    /// Tools of others, and specs of others. On Linux.
    Conformance,
    /// Packages, and a release of each kind. On Linux.
    Release,
}

/// A check: its group, its name, and the command that makes it.
struct Check {
    group: Group,
    name: &'static str,
    command: &'static str,
    environment: &'static [(&'static str, &'static str)],
    needs: &'static [Tool],
}

/// What a command needs beside the toolchain.
struct Tool {
    /// A command that succeeds if the tool is installed.
    probe: &'static str,
    /// The command that installs it.
    install: &'static str,
}

const fn check(group: Group, name: &'static str, command: &'static str) -> Check {
    Check {
        group,
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
    check(Quick, "format", "cargo fmt --all --check"),
    check(Quick, "codegen", "cargo xtask codegen --check"),
    check(Quick, "lint", "cargo xtask lint --strict"),
    check(Quick, "actions", "bash .ci/actions").needs(&[PYTHON]),
    check(Quick, "site", "python3 docs/site.py").needs(&[NODE, MDBOOK]),
    check(Quick, "links", "bash conformance/links").needs(&[NODE]),
    check(Quick, "redocly", "bash conformance/redocly").needs(&[NODE]),
    check(Quick, "dependencies", "cargo deny check bans licenses sources").needs(&[CARGO_DENY]),
    check(Quick, "dependencies-all-features", "cargo deny --all-features check licenses sources")
        .needs(&[CARGO_DENY]),
    // The default features are one of the pairs of the check `features`.
    check(Test, "clippy", "cargo clippy --workspace --all-targets --all-features -- -D warnings"),
    // Workspaces of their own, so that what they depend on is no part of this one.
    check(
        Conformance,
        "benches",
        "cargo check --locked --manifest-path benches/peers/Cargo.toml --workspace --all-targets --target-dir target",
    ),
    check(Conformance, "fuzz-lock", "cargo fetch --locked --manifest-path fuzz/Cargo.toml"),
    check(Test, "tests", "cargo test --workspace --no-fail-fast").with(&[("INSTA_UPDATE", "no")]),
    // With `codegen` among the features: the workspace on a client that is generated at build time. The generator has no
    // features, so its tests are those of the check `tests`.
    check(Test, "tests-all-features", "cargo test --workspace --exclude cometchat-codegen --all-features --no-fail-fast").with(&[("INSTA_UPDATE", "no")]),
    // Features that another crate in a program can turn on change nothing.
    check(
        Test,
        "tests-unified-features",
        "cargo test --package cometchat-client --features serde_json/arbitrary_precision,serde_json/preserve_order",
    ),
    check(Conformance, "prism", "cargo test --workspace --test prism -- --ignored").needs(&[NODE]),
    check(Conformance, "schemathesis", "cargo test --workspace --test schemathesis -- --ignored").needs(&[PYTHON]),
    check(Conformance, "other-clients", "cargo test --workspace --test other_clients -- --ignored")
        .needs(&[NODE, PYTHON, JAVA]),
    check(Conformance, "spec-changes", "bash tests/run"),
    check(Conformance, "drift", "bash tests/watch-drift"),
    // Clippy reads the client with each pair of features too, as the dependency that has them.
    check(
        Features,
        "features",
        "cargo hack clippy --package cometchat --lib --feature-powerset --depth 2 --exclude-features default \
         --mutually-exclusive-features rustls,native-tls -- -D warnings",
    )
    .needs(&[CARGO_HACK]),
    check(
        Features,
        "features-client",
        "cargo hack clippy --package cometchat-client --lib --each-feature --exclude-features default \
         --exclude-all-features -- -D warnings",
    )
    .needs(&[CARGO_HACK]),
    check(Quick, "docs", "cargo doc --workspace --no-deps --all-features").with(&[("RUSTDOCFLAGS", "-D warnings")]),
    check(
        Features,
        "lowest-versions",
        "cargo minimal-versions check --direct --workspace --ignore-private --all-features",
    )
    .needs(&[MINIMAL_VERSIONS]),
    check(Features, "oldest-rust", "rustup run 1.88 cargo check --package cometchat-cli --all-features --target-dir target/oldest")
        .needs(&[Tool {
            probe: "rustup run 1.88 cargo --version",
            install: "rustup toolchain install 1.88 --profile minimal",
        }]),
    check(Features, "lock", "python3 .ci/lock"),
    check(Features, "interface", "cargo test --workspace --test public_interface -- --ignored"),
    check(Features, "external-types-client", "bash .ci/external-types cometchat-client jiff_0_2,schemars,tracing")
        .needs(&[EXTERNAL_TYPES]),
    check(Features, "external-types", "bash .ci/external-types cometchat blocking,jiff_0_2,schemars,tracing").needs(&[EXTERNAL_TYPES]),
    check(Release, "packages", "bash .ci/packages"),
    check(Release, "packed-program", "bash .ci/packed-program"),
    check(Release, "release", "bash .ci/rehearse-release"),
];

const NODE: Tool = Tool {
    probe: "node conformance/node_modules/@redocly/cli/bin/cli.js --version",
    install: "bash conformance/install",
};

const PYTHON: Tool = Tool {
    probe: "conformance/.venv/bin/zizmor --version",
    install: "bash conformance/install",
};

const MDBOOK: Tool = cargo_tool("mdbook --version");

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
        (args.only.is_empty() || named(&args.only))
            && args.group.is_none_or(|group| group == check.group)
            && !named(&args.skip)
    };
    let mut failed = Vec::new();
    let mut times = Vec::new();
    for check in CHECKS.iter().filter(chosen) {
        let started = Instant::now();
        let passed = make(check);
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

/// Makes one check. On a laptop it is skipped if its tool is missing; in CI that is a failure.
fn make(check: &Check) -> bool {
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
        return !in_ci;
    }
    let passed = match command(check.command)
        .envs(check.environment.iter().copied())
        .status()
    {
        Ok(status) => status.success(),
        Err(error) => {
            eprintln!("can't run {}: {error}", check.command);
            false
        }
    };
    eprintln!("{} {}", if passed { "✓" } else { "✗" }, check.name);
    passed
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

#[cfg(test)]
mod tests {
    use super::*;
    use clap::ValueEnum;

    #[test]
    fn the_workflow_has_a_job_per_group() {
        let workflow =
            std::fs::read_to_string(crate::root().join(".github/workflows/ci.yml")).unwrap();
        for group in Group::value_variants() {
            let job = format!(
                "{{ group: {},",
                group.to_possible_value().unwrap().get_name()
            );
            assert!(workflow.contains(&job), "{job}");
            assert!(CHECKS.iter().any(|check| check.group == *group), "{job}");
        }
    }

    #[test]
    fn a_command_that_does_not_start_fails_its_check_alone() {
        let check = check(Quick, "absent", "no-such-program-at-all");
        assert!(!make(&check));
    }
}
