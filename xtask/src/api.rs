//! `api`: the public interface of the libraries as text in the tree, and whose types it speaks in.
//!
//! A change of it shows in a diff, where a reviewer sees it, and a type of a dependency in it would tie our versions to
//! theirs: a new major version of that dependency would be one of ours. Both are read from rustdoc's JSON.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use serde_json::Value;
use similar::TextDiff;

use crate::cargo::{INSTALL_NIGHTLY, NIGHTLY, array, nightly, output, text};
use crate::findings::{Findings, skip};

/// The version of rustdoc's JSON that the pinned nightly writes and the pinned public-api reads.
const FORMAT: u64 = 57;

/// The libraries that people depend on, with the features that add to their interface.
const LIBRARIES: [(&str, &str); 2] = [
    ("cometchat-client", "gzip,jiff_0_2,rustls,schemars,tracing"),
    (
        "cometchat",
        "blocking,gzip,jiff_0_2,rustls,schemars,tracing",
    ),
];

/// What of other crates the interface may speak of, and why.
const ALLOWED: [(&str, &str); 13] = [
    (
        "futures_core::stream::FusedStream",
        "what a fused stream is called everywhere",
    ),
    (
        "futures_core::stream::Stream",
        "what a stream is called everywhere",
    ),
    (
        "jiff::timestamp::Timestamp",
        "the feature `jiff_0_2` is there for it",
    ),
    (
        "progenitor_client::progenitor_client::ClientHooks",
        "generated code calls the hooks by it",
    ),
    (
        "progenitor_client::progenitor_client::ClientInfo",
        "generated code is a client by it",
    ),
    (
        "reqwest::async_impl::client::ClientBuilder",
        "proxies and certificates are set on it",
    ),
    (
        "schemars::JsonSchema",
        "the feature `schemars` is there for it",
    ),
    (
        "serde_core::de::Deserialize",
        "rows are read into types of the caller's",
    ),
    (
        "serde_core::de::DeserializeOwned",
        "rows are read into types of the caller's",
    ),
    ("serde_core::ser::Serialize", "rows are written by it"),
    (
        "serde_json::error::Error",
        "why a raw row is not of the caller's type",
    ),
    ("serde_json::map::Map", "unknown fields are kept in it"),
    (
        "serde_json::value::Value",
        "what a spec gives no type is one",
    ),
];

/// Writes the interfaces to `api/`, or with `check` says how they differ from what is there.
pub(crate) fn run(check: bool) -> Result<ExitCode> {
    if nightly().is_none() {
        return skip(
            "the public API",
            "it is read with a nightly toolchain",
            INSTALL_NIGHTLY,
        );
    }
    let mut findings = Findings::default();
    for (name, features) in LIBRARIES {
        let json = rustdoc(name, features)?;
        compare(name, &interface(&json)?, check, &mut findings)?;

        let described = fs::read_to_string(&json)?;
        let described: Value = serde_json::from_str(&described)?;
        let foreign = foreign(&described);
        let refused: Vec<String> = foreign
            .iter()
            .filter(|(path, _)| !ALLOWED.iter().any(|(allowed, _)| path == allowed))
            .map(|(path, items)| {
                let items: Vec<&str> = items.iter().map(String::as_str).collect();
                format!("{path} (in {})", items.join(", "))
            })
            .collect();
        if refused.is_empty() {
            findings.pass(format!(
                "{name} speaks of {} things of other crates, all allowed",
                foreign.len()
            ));
        } else {
            findings.fail(
                format!("the public API of {name} speaks of {}", refused.join("; ")),
                "wrap it in a type of ours; or if its crate's versions shall tie ours, allow it in xtask/src/api.rs and \
                 say why",
            );
        }
    }
    Ok(findings.exit())
}

/// Has rustdoc describe a library, and gives the file.
fn rustdoc(name: &str, features: &str) -> Result<PathBuf> {
    // A directory of its own: what another compiler has built is of no use to the stable one.
    let target = crate::root().join("target").join("nightly");
    let mut command = nightly().context("the nightly toolchain is gone")?;
    command
        .args([
            "rustdoc",
            "--quiet",
            "--locked",
            "--lib",
            "--no-default-features",
        ])
        .arg(format!("--package={name}"))
        .arg(format!("--features={features}"))
        .arg("--target-dir")
        .arg(&target)
        .args([
            "--",
            "-Zunstable-options",
            "--output-format=json",
            "--cap-lints=allow",
        ]);
    output(&mut command)?;
    let json = target
        .join("doc")
        .join(format!("{}.json", name.replace('-', "_")));
    let read =
        fs::read_to_string(&json).with_context(|| format!("can't read {}", json.display()))?;
    let format = serde_json::from_str::<Value>(&read)?["format_version"].as_u64();
    if format != Some(FORMAT) {
        bail!(
            "rustdoc's JSON has the format {}, where {FORMAT} is read here: install {NIGHTLY} ({INSTALL_NIGHTLY}), or \
             raise public-api in Cargo.toml with the toolchain in xtask/src/cargo.rs",
            format.unwrap_or_default()
        );
    }
    Ok(json)
}

/// The interface as text, a line for each thing that a program can name.
fn interface(json: &Path) -> Result<String> {
    let api = public_api::Builder::from_rustdoc_json(json)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .build()
        .with_context(|| format!("can't read {}", json.display()))?;
    Ok(format!("{api}"))
}

/// Writes a text of `api/`, or shows how it differs.
fn compare(name: &str, fresh: &str, check: bool, findings: &mut Findings) -> Result<()> {
    let file = format!("api/{name}.txt");
    let path = crate::root().join(&file);
    let reviewed = fs::read_to_string(&path).unwrap_or_default();
    if reviewed == fresh {
        findings.pass(format!("{file} is the public API of {name}"));
    } else if check {
        let diff = TextDiff::from_lines(reviewed.as_str(), fresh);
        print!(
            "{}",
            diff.unified_diff()
                .header(&format!("a/{file}"), &format!("b/{file}"))
        );
        findings.fail(
            format!("the public API of {name} is not what {file} says"),
            "if the change is meant, `cargo xtask api`, and commit the text with it",
        );
    } else {
        fs::create_dir_all(crate::root().join("api"))?;
        fs::write(&path, fresh).with_context(|| format!("can't write {file}"))?;
        findings.pass(format!("{file} written"));
    }
    Ok(())
}

/// What a library's public interface speaks of that is of neither it, another crate of ours, nor the standard library:
/// by path, with the items that do.
fn foreign(described: &Value) -> BTreeMap<String, BTreeSet<String>> {
    let index = described["index"].as_object();
    let items = || {
        index
            .into_iter()
            .flatten()
            .map(|(id, item)| (id.as_str(), item))
    };
    let is_written = |item: &Value| {
        let written = &item["inner"]["impl"];
        written.is_object() && written["is_synthetic"] == false && written["blanket_impl"].is_null()
    };
    // An `impl` of another crate's trait speaks in that trait's words: the trait is judged, its methods are not.
    let methods: BTreeSet<String> = items()
        .filter(|(_, item)| item["inner"]["impl"]["trait"].is_object())
        .flat_map(|(_, item)| array(&item["inner"]["impl"]["items"]))
        .map(Value::to_string)
        .collect();

    let mut found = BTreeMap::new();
    for (id, item) in items() {
        let is_impl = item["inner"]["impl"].is_object();
        if item["crate_id"] != 0 || methods.contains(id) || (is_impl && !is_written(item)) {
            continue;
        }
        let inner = &item["inner"];
        let name = match (
            item["name"].as_str(),
            text(&inner["impl"]["for"]["resolved_path"]["path"]),
        ) {
            (Some(name), _) => name.to_owned(),
            (None, of) => format!("impl for {of}"),
        };
        mentions(described, inner, &name, &mut found);
        let reexported = &inner["use"]["id"];
        if !reexported.is_null() {
            mention(described, reexported, &name, &mut found);
        }
    }
    found
}

/// Finds what is spoken of anywhere in a part of an item.
fn mentions(
    described: &Value,
    part: &Value,
    name: &str,
    found: &mut BTreeMap<String, BTreeSet<String>>,
) {
    match part {
        Value::Object(fields) => {
            // A type or a trait that is named, with its arguments.
            if fields.contains_key("path") && fields.contains_key("args") {
                mention(described, &part["id"], name, found);
            }
            for value in fields.values() {
                mentions(described, value, name, found);
            }
        }
        Value::Array(values) => {
            for value in values {
                mentions(described, value, name, found);
            }
        }
        _ => {}
    }
}

/// Notes what an id stands for, if it is of another crate.
fn mention(
    described: &Value,
    id: &Value,
    name: &str,
    found: &mut BTreeMap<String, BTreeSet<String>>,
) {
    let summary = &described["paths"][id.to_string()];
    let owner = &described["external_crates"][summary["crate_id"].to_string()]["name"];
    let ours = ["std", "core", "alloc", "cometchat_client"];
    if !summary.is_object() || summary["crate_id"] == 0 || ours.contains(&text(owner)) {
        return;
    }
    let path: Vec<&str> = array(&summary["path"]).iter().map(text).collect();
    found
        .entry(path.join("::"))
        .or_default()
        .insert(name.to_owned());
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// A library with one item, and the paths of three things that it could speak of.
    fn library(inner: Value) -> Value {
        json!({
            "index": {"1": {"crate_id": 0, "name": "item", "inner": inner}},
            "paths": {
                "7": {"crate_id": 0, "path": ["own", "Type"]},
                "8": {"crate_id": 1, "path": ["std", "string", "String"]},
                "9": {"crate_id": 2, "path": ["other", "Type"]},
            },
            "external_crates": {"1": {"name": "std"}, "2": {"name": "other"}},
        })
    }

    fn named(id: u32) -> Value {
        json!({"resolved_path": {"path": "Type", "id": id, "args": null}})
    }

    #[test]
    fn a_type_of_another_crate_is_found_in_a_signature() {
        for (id, expected) in [(7, 0), (8, 0), (9, 1)] {
            let library = library(json!({"function": {"sig": {"inputs": [["a", named(id)]]}}}));
            assert_eq!(foreign(&library).len(), expected, "{id}");
        }
    }

    #[test]
    fn a_reexport_is_found() {
        let library = library(json!({"use": {"source": "other::Type", "id": 9}}));
        assert_eq!(
            foreign(&library)["other::Type"],
            BTreeSet::from(["item".to_owned()])
        );
    }

    #[test]
    fn an_impl_that_the_compiler_gives_is_nobodys_promise() {
        let implemented = |blanket: Value| {
            json!({"impl": {
                "trait": {"path": "Trait", "id": 9, "args": null}, "for": named(7), "items": [],
                "is_synthetic": false, "blanket_impl": blanket,
            }})
        };
        assert_eq!(foreign(&library(implemented(json!(null)))).len(), 1);
        assert_eq!(
            foreign(&library(implemented(json!({"generic": "T"})))).len(),
            0
        );
    }
}
