//! `deps`: what the published crates bring along with them.
//!
//! A stranger who adds `cometchat` gets its dependencies too. So they are few, none of them generates code, and none
//! states a newer Rust than we promise: no build with that toolchain is needed to see that a promise is broken.

use std::collections::BTreeSet;
use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::cargo::{self, array, cargo, has_program, metadata, output, published, text};
use crate::findings::{Findings, skip};

/// The crates that turn a spec into code. Consumers compile what they made, not them.
const GENERATORS: [&str; 8] = [
    "cometchat-codegen",
    "openapiv3",
    "prettyplease",
    "progenitor",
    "progenitor-impl",
    "progenitor-macro",
    "typify",
    "typify-impl",
];

/// How many crates `cometchat` may bring beside what a plain HTTP client does.
const MOST_EXTRA: usize = 25;

/// What a program would depend on that did without `cometchat`. Features of reqwest that read other character sets are
/// left out: `cometchat` does without them, so they make no difference to what it brings beside.
const PLAIN: &str = r#"
[package]
name = "plain"
version = "0.0.0"
edition = "2024"

[lib]
path = "lib.rs"

[dependencies]
reqwest = { version = "0.13", default-features = false, features = ["http2", "json", "rustls", "system-proxy"] }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
"#;

/// Where the count is taken, so that it is the same on every machine.
const TARGET: &str = "--target=x86_64-unknown-linux-gnu";

/// Checks the dependencies of the published crates.
pub(crate) fn run() -> Result<ExitCode> {
    let mut findings = Findings::default();
    let metadata = metadata()?;
    rust_versions(&metadata, &mut findings)?;

    let ours = tree(&["--package=cometchat", TARGET])?;
    generators(&ours, &mut findings);
    extra(&ours, &plain()?, &mut findings);

    let denied = deny(&mut findings)?;
    Ok(if findings.any() {
        findings.exit()
    } else {
        denied
    })
}

/// Has cargo-deny hold licences, crates and where they come from against deny.toml. What is banned by default may come
/// with a feature; its licence may not.
fn deny(findings: &mut Findings) -> Result<ExitCode> {
    if !has_program("cargo-deny") {
        return skip(
            "deny.toml",
            "cargo-deny is not installed",
            "cargo install cargo-deny --locked",
        );
    }
    for arguments in [
        &["check", "bans", "licenses", "sources"][..],
        &["--all-features", "check", "licenses", "sources"][..],
    ] {
        let mut command = cargo();
        command.args(["deny", "--offline"]).args(arguments);
        if let Err(error) = cargo::run(&mut command) {
            findings.fail(
                error,
                "do without the crate, or say in deny.toml why it is taken",
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A crate in a tree of dependencies, by name and version.
type Crate = (String, String);

/// Holds what the dependencies say of the Rust they need against what we say.
fn rust_versions(metadata: &Value, findings: &mut Findings) -> Result<()> {
    for package in published(metadata)? {
        let name = text(&package["name"]);
        let Some(ours) = version(&package["rust_version"]) else {
            findings.fail(
                format!("{name} does not say which Rust it needs"),
                "write `rust-version.workspace = true`",
            );
            continue;
        };
        let select = format!("--package={name}");
        let tree = tree(&[&select, "--all-features", "--target=all"])?;
        let mut silent = 0;
        let mut newer = Vec::new();
        for (name, number) in &tree {
            let stated = array(&metadata["packages"])
                .iter()
                .find(|package| package["name"] == **name && package["version"] == **number)
                .and_then(|package| version(&package["rust_version"]));
            match stated {
                Some(stated) if stated > ours => {
                    newer.push(format!("{name} {number} ({}.{})", stated.0, stated.1));
                }
                Some(_) => {}
                None => silent += 1,
            }
        }
        if newer.is_empty() {
            findings.pass(format!(
                "{name}: none of {} dependencies states a Rust above {}.{} ({silent} state none)",
                tree.len(),
                ours.0,
                ours.1
            ));
        } else {
            findings.fail(
                format!("{name} promises Rust {}.{}, but needs {}", ours.0, ours.1, newer.join(", ")),
                "take older versions with `cargo update --precise`, or raise rust-version in Cargo.toml",
            );
        }
    }
    Ok(())
}

/// Major and minor of a `rust-version`, where one is stated.
fn version(stated: &Value) -> Option<(u32, u32)> {
    let mut parts = stated.as_str()?.split('.').map(str::parse);
    Some((parts.next()?.ok()?, parts.next().unwrap_or(Ok(0)).ok()?))
}

/// Refuses generators in what `cometchat` is built from.
fn generators(tree: &BTreeSet<Crate>, findings: &mut Findings) {
    let found: Vec<&str> = tree
        .iter()
        .map(|(name, _)| name.as_str())
        .filter(|name| GENERATORS.contains(name))
        .collect();
    if found.is_empty() {
        findings.pass("cometchat is built without a generator");
    } else {
        findings.fail(
            format!("cometchat is built with a generator: {}", found.join(", ")),
            "make it a dependency of the feature `codegen` only, which is off by default",
        );
    }
}

/// Counts what `cometchat` brings beside a plain HTTP client.
fn extra(ours: &BTreeSet<Crate>, plain: &BTreeSet<Crate>, findings: &mut Findings) {
    let extra: Vec<String> = ours
        .difference(plain)
        .filter(|(name, _)| !matches!(name.as_str(), "cometchat" | "cometchat-client"))
        .map(|(name, version)| format!("{name} {version}"))
        .collect();
    let counted = format!(
        "cometchat is built from {} crates, {} more than reqwest, serde and tokio alone: {}",
        ours.len(),
        extra.len(),
        extra.join(", ")
    );
    if extra.len() <= MOST_EXTRA {
        findings.pass(counted);
    } else {
        findings.fail(
            counted,
            format!(
                "{MOST_EXTRA} are allowed: do without one, or turn off a feature that brings some"
            ),
        );
    }
}

/// The crates that the plain client is built from, in the versions that our Cargo.lock names.
fn plain() -> Result<BTreeSet<Crate>> {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("Cargo.toml"), PLAIN)?;
    fs::write(folder.path().join("lib.rs"), "")?;
    fs::copy(
        crate::root().join("Cargo.lock"),
        folder.path().join("Cargo.lock"),
    )?;
    let manifest = folder.path().join("Cargo.toml");
    let select = format!("--manifest-path={}", manifest.display());
    let mut tree = tree(&[&select, TARGET])?;
    tree.retain(|(name, _)| name != "plain");
    Ok(tree)
}

/// The crates that what is selected is built from, itself included, as `cargo tree` finds them.
fn tree(select: &[&str]) -> Result<BTreeSet<Crate>> {
    let printed = output(
        cargo()
            .args([
                "tree",
                "--edges=normal,build",
                "--prefix=none",
                "--format={p}",
            ])
            .args(select),
    )?;
    let tree = crates(&printed)?;
    if tree.is_empty() {
        bail!("cargo tree shows no crate for {}", select.join(" "));
    }
    Ok(tree)
}

/// Reads lines such as `serde v1.0.228 (*)`.
fn crates(printed: &str) -> Result<BTreeSet<Crate>> {
    printed
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| {
            let mut words = line.split_whitespace();
            let name = words.next().unwrap_or_default();
            let version = words
                .next()
                .and_then(|word| word.strip_prefix('v'))
                .with_context(|| format!("cargo tree printed a line of another form: {line}"))?;
            Ok((name.to_owned(), version.to_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_rust_version_is_compared_by_number() {
        assert_eq!(version(&json!("1.88")), Some((1, 88)));
        assert_eq!(version(&json!("1.88.1")), Some((1, 88)));
        assert!(version(&json!("1.100")) > version(&json!("1.88")));
        assert_eq!(version(&json!(null)), None);
    }

    #[test]
    fn a_tree_is_read_without_what_follows_the_version() {
        let read =
            crates("a v1.0.0 (/a folder/a)\nb v2.0.0 (proc-macro) (*)\n\nb v2.0.0\n").unwrap();
        let expected = [("a", "1.0.0"), ("b", "2.0.0")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(read, BTreeSet::from(expected));
        assert!(crates("error: no\n").is_err());
    }

    #[test]
    fn a_generator_is_found_by_name() {
        for (name, broken) in [("progenitor-client", false), ("progenitor-impl", true)] {
            let mut findings = Findings::default();
            generators(
                &BTreeSet::from([(name.to_owned(), "1.0.0".to_owned())]),
                &mut findings,
            );
            assert_eq!(findings.any(), broken, "{name}");
        }
    }

    #[test]
    fn our_own_crates_are_not_counted() {
        let tree = |count: usize| -> BTreeSet<Crate> {
            let mut tree: BTreeSet<Crate> = (0..count)
                .map(|n| (format!("crate-{n}"), "1.0.0".to_owned()))
                .collect();
            tree.insert(("cometchat".to_owned(), "0.1.0".to_owned()));
            tree.insert(("cometchat-client".to_owned(), "0.1.0".to_owned()));
            tree
        };
        for (count, broken) in [(MOST_EXTRA, false), (MOST_EXTRA + 1, true)] {
            let mut findings = Findings::default();
            extra(&tree(count), &BTreeSet::new(), &mut findings);
            assert_eq!(findings.any(), broken, "{count}");
        }
    }
}
