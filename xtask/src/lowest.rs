//! `lowest`: the published crates build with the lowest versions that they ask for.
//!
//! Whoever depends on us may have a dependency of ours in an older version, and Cargo takes us at our word that it
//! will do. So a copy of the workspace is resolved to the lowest version of each direct dependency, and built.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::cargo::{self, INSTALL_NIGHTLY, cargo, metadata, nightly, published, text};
use crate::findings::{Findings, skip};

/// Builds the published crates with the lowest versions.
pub(crate) fn run() -> Result<ExitCode> {
    let Some(mut update) = nightly() else {
        return skip(
            "the lowest versions",
            "they are resolved with a nightly toolchain",
            INSTALL_NIGHTLY,
        );
    };
    let metadata = metadata()?;
    let folder = tempfile::tempdir()?;
    copy(folder.path())?;
    cargo::run(update.current_dir(folder.path()).args([
        "update",
        "--quiet",
        "-Zdirect-minimal-versions",
    ]))
    .context("the lowest versions don't fit together: raise one of them in Cargo.toml")?;

    let target = Path::new(text(&metadata["target_directory"])).join("lowest");
    let mut findings = Findings::default();
    for package in published(&metadata)? {
        let name = text(&package["name"]);
        let mut check = cargo();
        check
            .args(["check", "--quiet", "--locked", "--all-features"])
            .arg(format!("--package={name}"))
            .current_dir(folder.path())
            .env("CARGO_TARGET_DIR", &target);
        match cargo::run(&mut check) {
            Ok(()) => findings.pass(format!("{name} builds with the lowest versions")),
            Err(error) => findings.fail(
                format!("{name} does not build with the lowest versions: {error}"),
                "raise the version that lacks what is used, under [workspace.dependencies] in Cargo.toml",
            ),
        }
    }
    Ok(findings.exit())
}

/// Copies the published crates, without what only their tests depend on: that is nobody's concern but ours.
fn copy(to: &Path) -> Result<()> {
    let root = crate::root();
    for name in cargo::files(&["Cargo.toml", "Cargo.lock", "crates"])? {
        let (from, to) = (root.join(&name), to.join(&name));
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder)?;
        }
        if name.ends_with("Cargo.toml") {
            fs::write(to, without_tests(&fs::read_to_string(from)?))?;
        } else {
            fs::copy(from, to)?;
        }
    }
    Ok(())
}

/// A manifest without its development dependencies, and of a workspace with the published members alone.
fn without_tests(manifest: &str) -> String {
    let mut kept = String::new();
    let mut development = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            development = line.starts_with("[dev-dependencies");
        }
        let line = if line.starts_with("members = ") || line.starts_with("default-members = ") {
            let key = line.split(' ').next().unwrap_or_default();
            format!("{key} = [\"crates/*\"]")
        } else {
            line.to_owned()
        };
        if !development {
            kept.push_str(&line);
            kept.push('\n');
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn development_dependencies_are_left_out() {
        let manifest = "[dependencies]\na = \"1\"\n\n[dev-dependencies]\nb = \"1\"\n\n[dev-dependencies.c]\nversion = \
                        \"1\"\n\n[lints]\nworkspace = true\n";
        assert_eq!(
            without_tests(manifest),
            "[dependencies]\na = \"1\"\n\n[lints]\nworkspace = true\n"
        );
    }

    #[test]
    fn members_that_are_not_published_are_left_out() {
        assert_eq!(
            without_tests("members = [\"crates/*\", \"xtask\"]\nresolver = \"3\""),
            "members = [\"crates/*\"]\nresolver = \"3\"\n"
        );
    }
}
