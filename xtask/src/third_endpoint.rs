//! `third-endpoint`: proof that an operation costs its lines in the spec, and nothing else.

use std::fs;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use serde_json::Value;

/// Adds the lines of `tests/third-endpoint/additions.yaml` to the spec, and runs the tests beside them on the client
/// that this gives.
pub(crate) fn run() -> Result<ExitCode> {
    let root = crate::root();
    let package = root.join("tests/third-endpoint");
    let read = |path: &std::path::Path| -> Result<Value> {
        let text =
            fs::read_to_string(path).with_context(|| format!("can't read {}", path.display()))?;
        cometchat_codegen::spec::read(&text)
            .map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))
    };
    let mut spec = read(&root.join("openapi.yaml"))?;
    merge(&mut spec, read(&package.join("additions.yaml"))?);

    let target = root.join("target/third-endpoint");
    fs::create_dir_all(&target).with_context(|| format!("can't make {}", target.display()))?;
    let larger = target.join("openapi.json");
    fs::write(&larger, serde_json::to_string_pretty(&spec)?)
        .with_context(|| format!("can't write {}", larger.display()))?;
    // The same versions of everything as in the workspace.
    fs::copy(root.join("Cargo.lock"), package.join("Cargo.lock"))
        .context("can't copy Cargo.lock")?;
    let status = Command::new("cargo")
        .args(["test", "--quiet", "--manifest-path"])
        .arg(package.join("Cargo.toml"))
        .env("CARGO_TARGET_DIR", root.join("target"))
        .env("COMETCHAT_OPENAPI", &larger)
        .status()
        .context("can't run cargo")?;
    Ok(ExitCode::from(u8::from(!status.success())))
}

/// Adds the entries of one object to another, object by object.
fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from,
    }
}
