//! `ci`: every check that protects users, in one command, the same on a laptop and on a machine that lands changes.

use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Context, Result};

/// A check: its name, and the command that makes it.
struct Check {
    name: &'static str,
    program: &'static str,
    arguments: &'static [&'static str],
    environment: &'static [(&'static str, &'static str)],
}

const fn cargo(name: &'static str, arguments: &'static [&'static str]) -> Check {
    Check {
        name,
        program: "cargo",
        arguments,
        environment: &[],
    }
}

/// The checks, those that fail fast first.
const CHECKS: &[Check] = &[
    cargo("format", &["fmt", "--all", "--check"]),
    cargo("codegen", &["xtask", "codegen", "--check"]),
    cargo("lint", &["xtask", "lint", "--strict"]),
    cargo(
        "clippy",
        &[
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ],
    ),
    cargo(
        "clippy, all features",
        &[
            "clippy",
            "--workspace",
            "--all-targets",
            "--all-features",
            "--",
            "-D",
            "warnings",
        ],
    ),
    // With `codegen` among the features: the whole workspace, on a client that was generated at build time.
    Check {
        environment: &[("INSTA_UPDATE", "no")],
        ..cargo(
            "tests, all features",
            &["test", "--workspace", "--all-features"],
        )
    },
    cargo("features", &["xtask", "features", "--quick"]),
    cargo("third endpoint", &["xtask", "third-endpoint"]),
    Check {
        environment: &[("RUSTDOCFLAGS", "-D warnings")],
        ..cargo(
            "docs",
            &["doc", "--workspace", "--no-deps", "--all-features"],
        )
    },
    cargo("links", &["xtask", "links"]),
    cargo("dependencies", &["xtask", "deps"]),
    cargo("lowest versions", &["xtask", "lowest"]),
    cargo("public interface", &["xtask", "api", "--check"]),
    cargo("conformance", &["xtask", "conformance"]),
    cargo("packages", &["xtask", "package"]),
];

/// Runs the checks, and says at the end which of them failed.
pub(crate) fn run() -> Result<ExitCode> {
    let mut failed = Vec::new();
    for check in CHECKS {
        eprintln!(
            "▶ {}: {} {}",
            check.name,
            check.program,
            check.arguments.join(" ")
        );
        let started = Instant::now();
        let status = Command::new(check.program)
            .args(check.arguments)
            .envs(check.environment.iter().copied())
            .current_dir(crate::root())
            .status()
            .with_context(|| format!("can't run {}", check.program))?;
        let mark = if status.success() { "✓" } else { "✗" };
        eprintln!(
            "{mark} {} ({:.0} s)",
            check.name,
            started.elapsed().as_secs_f64()
        );
        if !status.success() {
            failed.push(check.name);
        }
    }
    if failed.is_empty() {
        eprintln!("✓ all {} checks passed", CHECKS.len());
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("✗ failed: {}", failed.join(", "));
    Ok(ExitCode::from(1))
}
