//! `package`: what is published works from its packed files alone.
//!
//! In the workspace a crate finds what it should not need: a file that is not packed, a feature that another member
//! turns on, a dependency by path. So every crate is packed as for publishing, unpacked where nothing of the workspace
//! is, and built and tested there; last of all, a program that is new uses them.

mod contents;
mod page;
mod program;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::cargo::{self, cargo, metadata, published, text};
use crate::findings::Findings;

/// The crate that can generate its code when it is built, and the feature that has it do so.
const GENERATES: (&str, &str) = ("cometchat-client", "codegen");

/// Packs, unpacks, builds and tests every published crate, and a program that uses them.
pub(crate) fn run() -> Result<ExitCode> {
    let mut findings = Findings::default();
    let metadata = metadata()?;
    let packages = published(&metadata)?;
    for package in &packages {
        page::check(package, &mut findings)?;
    }
    if findings.any() {
        return Ok(findings.exit());
    }

    let archives = pack(&metadata, &packages)?;
    // Nothing may be above the folder that cargo could take for a workspace.
    let folder = tempfile::tempdir().context("there is no place for temporary files")?;
    let mut unpacked = BTreeMap::new();
    for (name, archive) in &archives {
        let place = unpack(archive, folder.path())?;
        contents::check(name, archive, &place, &mut findings)?;
        unpacked.insert(name.clone(), place);
    }
    fs::create_dir(folder.path().join(".cargo"))?;
    fs::write(
        folder.path().join(".cargo/config.toml"),
        in_place_of_the_registry(&unpacked)?,
    )?;

    let target = PathBuf::from(text(&metadata["target_directory"])).join("packed");
    for (name, _) in &archives {
        let place = &unpacked[name];
        let mut outcome = cargo::run(isolated(place, &target).args(["test", "--quiet"]));
        if outcome.is_ok() && name == GENERATES.0 {
            let feature = format!("--features={}", GENERATES.1);
            outcome =
                cargo::run(isolated(place, &target).args(["test", "--quiet", "--lib", &feature]));
        }
        match outcome {
            Ok(()) => findings.pass(format!("{name} works from its packed files alone")),
            Err(error) => findings.fail(
                format!("{name} does not work from its packed files alone: {error}"),
                "add what is missing to `include` in its Cargo.toml, or move what needs the repository to tests/, which is \
                 not packed",
            ),
        }
    }
    if !findings.any() {
        program::check(&unpacked, &target, &mut findings)?;
    }
    Ok(findings.exit())
}

/// Packs the crates, and gives their archives in the order in which they are to be published.
fn pack(metadata: &Value, packages: &[&Value]) -> Result<Vec<(String, PathBuf)>> {
    let mut command = cargo();
    command.args(["package", "--quiet", "--no-verify", "--allow-dirty"]);
    for package in packages {
        command.arg(format!("--package={}", text(&package["name"])));
    }
    // Says of each test that it is not packed, which is meant.
    cargo::output(&mut command)?;
    let folder = Path::new(text(&metadata["target_directory"])).join("package");
    let archives = packages.iter().map(|package| {
        let (name, version) = (text(&package["name"]), text(&package["version"]));
        (
            name.to_owned(),
            folder.join(format!("{name}-{version}.crate")),
        )
    });
    Ok(archives.collect())
}

/// Unpacks an archive, and gives the folder that it holds.
fn unpack(archive: &Path, folder: &Path) -> Result<PathBuf> {
    let name = archive.file_name().context("an archive has a name")?;
    // By a name without a drive, which some `tar` on Windows take for another machine.
    fs::copy(archive, folder.join(name))?;
    cargo::run(
        Command::new("tar")
            .arg("-xzf")
            .arg(name)
            .current_dir(folder),
    )?;
    fs::remove_file(folder.join(name))?;
    Ok(folder.join(archive.file_stem().unwrap_or(name)))
}

/// Configures cargo to take the unpacked crates for those of the registry, which does not have them yet.
fn in_place_of_the_registry(unpacked: &BTreeMap<String, PathBuf>) -> Result<String> {
    let mut lines = String::from("[patch.crates-io]\n");
    for (name, place) in unpacked {
        // TOML's literal strings take a backslash for itself.
        writeln!(lines, "{name} = {{ path = '{}' }}", place.display())?;
    }
    Ok(lines)
}

/// A cargo that works in a folder outside of the workspace. Dependencies are built once for all folders.
fn isolated(folder: &Path, target: &Path) -> Command {
    let mut command = cargo();
    command
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("CARGO_INCREMENTAL", "0");
    command
}
