//! `cargo xtask ci`: the checks that a change has to pass, as one list of commands.

use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::ensure;

use Group::{Conformance, Features, Quick, Release, Test};

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

/// A check: its group, its name, the command that makes it, and the tools that the command needs beside the toolchain.
struct Check(Group, &'static str, &'static str, &'static [Tool]);

/// A command that succeeds if the tool is installed, and the command that installs it.
struct Tool(&'static str, &'static str);

/// The checks, the quickest first.
///
/// A single test is run with `--workspace`, not `--package`: cargo then resolves the same features as for all tests, and
/// builds nothing again.
#[rustfmt::skip]
const CHECKS: &[Check] = &[
    Check(Quick, "format", "cargo fmt --all --check", &[]),
    Check(Quick, "codegen", "cargo xtask codegen --check", &[]),
    Check(Quick, "lint", "cargo xtask lint --strict", &[]),
    Check(Quick, "actions", "bash .ci/actions", &[PYTHON]),
    Check(Quick, "site", "python3 docs/site.py", &[NODE, MDBOOK]),
    Check(Quick, "links", "bash conformance/links", &[NODE]),
    Check(Quick, "redocly", "bash conformance/redocly", &[NODE]),
    Check(Quick, "dependencies", "cargo deny check bans licenses sources", &[CARGO_DENY]),
    Check(Quick, "dependencies-all-features", "cargo deny --all-features check licenses sources", &[CARGO_DENY]),
    // The default features are one of the pairs of the check `features`.
    Check(Test, "clippy", "cargo clippy --workspace --all-targets --all-features -- -D warnings", &[]),
    // Workspaces of their own, so that their dependencies are not those of this one.
    Check(Conformance, "benches", "cargo check --locked --manifest-path benches/peers/Cargo.toml --workspace --all-targets \
        --target-dir target", &[]),
    Check(Conformance, "fuzz-lock", "cargo fetch --locked --manifest-path fuzz/Cargo.toml", &[]),
    Check(Test, "tests", "cargo test --workspace --no-fail-fast", &[]),
    // With `codegen` among the features: the workspace on a client that is generated at build time. The generator has no
    // features, so its tests are those of the check `tests`.
    Check(Test, "tests-all-features", "cargo test --workspace --exclude cometchat-codegen --all-features --no-fail-fast", &[]),
    // Features that another crate in a program can turn on change nothing.
    Check(Test, "tests-unified-features", "cargo test --package cometchat-client \
        --features serde_json/arbitrary_precision,serde_json/preserve_order", &[]),
    Check(Conformance, "prism", "cargo test --workspace --test prism -- --ignored", &[NODE]),
    Check(Conformance, "schemathesis", "cargo test --workspace --test schemathesis -- --ignored", &[PYTHON]),
    Check(Conformance, "other-clients", "cargo test --workspace --test other_clients -- --ignored", &[NODE, PYTHON, JAVA]),
    Check(Conformance, "spec-changes", "cargo run --quiet --package specs", &[]),
    Check(Conformance, "drift", "bash tests/watch-drift", &[]),
    // Clippy reads the client with each pair of features too, as the dependency that has them.
    Check(Features, "features", "cargo hack clippy --package cometchat --lib --feature-powerset --depth 2 \
        --exclude-features default --mutually-exclusive-features rustls,native-tls -- -D warnings", &[CARGO_HACK]),
    Check(Features, "features-client", "cargo hack clippy --package cometchat-client --lib --each-feature \
        --exclude-features default --exclude-all-features -- -D warnings", &[CARGO_HACK]),
    Check(Quick, "docs", "cargo doc --workspace --no-deps --all-features --config build.rustdocflags=['-Dwarnings']", &[]),
    Check(Features, "lowest-versions", "cargo minimal-versions check --direct --workspace --ignore-private --all-features", &[MINIMAL_VERSIONS]),
    Check(Features, "oldest-rust", "rustup run 1.88 cargo check --package cometchat-cli --all-features \
        --target-dir target/oldest", &[OLDEST_RUST]),
    Check(Features, "lock", "python3 .ci/lock", &[]),
    Check(Features, "interface", "cargo test --workspace --test public_interface -- --ignored", &[]),
    Check(Features, "external-types-client", "bash .ci/external-types cometchat-client jiff_0_2,schemars,tracing",
        &[EXTERNAL_TYPES]),
    Check(Features, "external-types", "bash .ci/external-types cometchat blocking,jiff_0_2,schemars,tracing", &[EXTERNAL_TYPES]),
    Check(Release, "packages", "bash .ci/packages", &[]),
    Check(Release, "packed-program", "bash .ci/packed-program", &[]),
    Check(Release, "release", "bash .ci/rehearse-release", &[]),
];

const NODE: Tool = Tool(
    "node conformance/node_modules/@redocly/cli/bin/cli.js --version",
    "bash conformance/install",
);
const PYTHON: Tool = Tool(
    "conformance/.venv/bin/zizmor --version",
    "bash conformance/install",
);
const JAVA: Tool = Tool("java -version", "apt-get install default-jre-headless");
const OLDEST_RUST: Tool = Tool("rustup run 1.88 cargo -V", "rustup toolchain install 1.88");
const MDBOOK: Tool = Tool("mdbook --version", "bash .ci/tools");
const CARGO_HACK: Tool = Tool("cargo hack --version", "bash .ci/tools");
const CARGO_DENY: Tool = Tool("cargo deny --version", "bash .ci/tools");
const MINIMAL_VERSIONS: Tool = Tool("cargo minimal-versions -V", "bash .ci/tools");
const EXTERNAL_TYPES: Tool = Tool("cargo check-external-types -h", "bash .ci/tools");

/// Runs the checks, and says at the end which of them failed.
pub(crate) fn run(args: &Args) -> anyhow::Result<u8> {
    let names: Vec<&str> = CHECKS.iter().map(|check| check.1).collect();
    for name in args.only.iter().chain(&args.skip) {
        let (is_known, all) = (names.contains(&name.as_str()), names.join(", "));
        ensure!(is_known, "there is no check {name:?}; they are: {all}");
    }
    let chosen = |Check(group, name, ..): &&Check| {
        let named = |list: &[String]| list.iter().any(|other| other == name);
        (args.only.is_empty() || named(&args.only))
            && args.group.is_none_or(|only| only == *group)
            && !named(&args.skip)
    };
    let (mut failed, mut times) = (Vec::new(), Vec::new());
    for check in CHECKS.iter().filter(chosen) {
        let started = Instant::now();
        if !passes(check) {
            failed.push(check.1);
        }
        times.push((check.1, started.elapsed()));
    }
    for (name, time) in times {
        eprintln!("{:>5.0} s  {name}", time.as_secs_f64());
    }
    match failed.is_empty() {
        true => eprintln!("✓ all checks passed"),
        false => eprintln!("✗ failed: {}", failed.join(", ")),
    }
    Ok(u8::from(!failed.is_empty()))
}

/// Makes one check. On a laptop it is skipped if its tool is missing; in CI that is a failure.
fn passes(Check(_, name, line, needs): &Check) -> bool {
    eprintln!("▶ {name}: {line}");
    let is_there = |Tool(probe, _): &&Tool| {
        let probe = command(probe)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        probe.is_ok_and(|status| status.success())
    };
    if let Some(Tool(_, install)) = needs.iter().find(|tool| !is_there(tool)) {
        let in_ci = std::env::var_os("CI").is_some_and(|value| !value.is_empty());
        let mark = if in_ci { "✗" } else { "– SKIPPED" };
        eprintln!("{mark} {name}: a tool is missing; install it: {install}");
        return !in_ci;
    }
    let status = command(line).status();
    if let Err(error) = &status {
        eprintln!("can't run {line}: {error}");
    }
    let passed = status.is_ok_and(|status| status.success());
    eprintln!("{} {name}", if passed { "✓" } else { "✗" });
    passed
}

/// A command line as it would be typed at the root of the workspace; no word of one holds a space.
fn command(line: &str) -> Command {
    let mut words = line.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words).current_dir(crate::root());
    // A test with another snapshot fails, and writes nothing.
    command.stdin(Stdio::null()).env("INSTA_UPDATE", "no");
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
            assert!(CHECKS.iter().any(|check| check.0 == *group), "{job}");
        }
    }

    #[test]
    fn a_command_that_does_not_start_fails_its_check_alone() {
        assert!(!passes(&Check(
            Quick,
            "absent",
            "no-such-program-at-all",
            &[]
        )));
    }
}
