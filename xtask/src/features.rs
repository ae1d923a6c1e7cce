//! `features`: every feature works alone, with each other one, and all of them together.
//!
//! Features are chosen by whoever depends on us, in combinations that nobody here uses. Each alone and all together are
//! built and tested, each pair is built; three that only fail together are taken to be too rare to look for. A quick look
//! builds each alone and all together, and tests nothing.

use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::cargo::{self, array, cargo, metadata, text};
use crate::findings::{Findings, skip};

/// What is asked of the task.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only build each feature alone and all together, as `ci` does.
    #[arg(long)]
    quick: bool,
}

/// The feature that needs a library of the operating system, on Linux.
const SYSTEM_TLS: &str = "native-tls";

/// Builds and tests the libraries with their features in combination.
pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let mut findings = Findings::default();
    let metadata = metadata()?;
    let mut skipped = None;
    for package in array(&metadata["packages"]) {
        let name = text(&package["name"]);
        let mut features = features(package, &metadata);
        if features.is_empty() {
            continue;
        }
        if features.contains(&SYSTEM_TLS) && !has_system_tls() {
            features.retain(|feature| *feature != SYSTEM_TLS);
            skipped = Some(SYSTEM_TLS);
        }
        check(name, &features, args.quick, &mut findings)
            .with_context(|| format!("can't check {name}"))?;
    }
    let left_out = match skipped {
        Some(feature) => skip(
            &format!("the feature {feature}"),
            "it is built with OpenSSL on Linux",
            "apt-get install libssl-dev pkg-config",
        )?,
        None => ExitCode::SUCCESS,
    };
    Ok(if findings.any() {
        findings.exit()
    } else {
        left_out
    })
}

/// The features of a published member of the workspace, but `default`.
fn features<'a>(package: &'a Value, metadata: &Value) -> Vec<&'a str> {
    let is_ours = array(&metadata["workspace_members"]).contains(&package["id"]);
    if !is_ours || !package["publish"].is_null() {
        return Vec::new();
    }
    let features = package["features"].as_object();
    features
        .into_iter()
        .flat_map(|features| features.keys())
        .map(String::as_str)
        .filter(|feature| *feature != "default")
        .collect()
}

/// Builds a library with each combination, and tests it with some.
fn check(name: &str, features: &[&str], quick: bool, findings: &mut Findings) -> Result<()> {
    let is_pair = |set: &[&str]| set.len() == 2 && features.len() > 2;
    let mut sets = sets(features);
    sets.retain(|set| !(quick && is_pair(set)));
    for set in &sets {
        let chosen = set.join(",");
        let select = |command: &mut Command| {
            command
                .args(["--quiet", "--locked", "--no-default-features"])
                .arg(format!("--package={name}"))
                .arg(format!("--features={chosen}"));
        };
        let mut lint = cargo();
        lint.arg("clippy");
        select(&mut lint);
        lint.args(["--lib", "--", "--deny=warnings"]);
        let mut outcome = cargo::run(&mut lint);
        if outcome.is_ok() && !quick && !is_pair(set) {
            let mut test = cargo();
            test.arg("test");
            select(&mut test);
            test.args(["--lib", "--tests"]).stdout(Stdio::null());
            outcome = cargo::run(&mut test);
        }
        if let Err(error) = outcome {
            let chosen = if chosen.is_empty() { "none" } else { &chosen };
            findings.fail(
                format!("{name} with the features {chosen}: {error}"),
                "put what needs a feature under `#[cfg(feature = \"…\")]`, and let the feature turn on what it needs",
            );
        }
    }
    findings.pass(format!(
        "{name}: {} combinations of {} {}",
        sets.len(),
        features.join(", "),
        if quick {
            "built"
        } else {
            "built, and tested but for the pairs"
        }
    ));
    Ok(())
}

/// None, each alone, each pair, and all.
fn sets<'a>(features: &[&'a str]) -> Vec<Vec<&'a str>> {
    let mut sets = vec![Vec::new()];
    sets.extend(features.iter().map(|feature| vec![*feature]));
    for (index, first) in features.iter().enumerate() {
        sets.extend(
            features[index + 1..]
                .iter()
                .map(|second| vec![*first, *second]),
        );
    }
    if features.len() > 2 {
        sets.push(features.to_vec());
    }
    sets
}

/// Whether the library is there that the operating system's TLS is built with.
fn has_system_tls() -> bool {
    if cfg!(any(windows, target_os = "macos")) || std::env::var_os("OPENSSL_DIR").is_some() {
        return true;
    }
    Command::new("pkg-config")
        .args(["--exists", "openssl"])
        .status()
        .is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn combinations_are_none_singles_pairs_and_all() {
        assert_eq!(
            sets(&["a", "b", "c"]),
            [
                vec![],
                vec!["a"],
                vec!["b"],
                vec!["c"],
                vec!["a", "b"],
                vec!["a", "c"],
                vec!["b", "c"],
                vec!["a", "b", "c"],
            ]
        );
        assert_eq!(
            sets(&["a", "b"]),
            [vec![], vec!["a"], vec!["b"], vec!["a", "b"]]
        );
        assert_eq!(sets(&["a"]), [vec![], vec!["a"]]);
    }
}
