//! `third-endpoint`: proof that an operation costs its lines in the spec, and nothing else.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use serde_json::Value;

/// Adds the lines of `tests/third-endpoint/additions.yaml` to the spec, and runs the tests beside them on the client
/// that this gives.
pub(crate) fn run() -> Result<ExitCode> {
    let root = crate::root();
    let package = root.join("tests/third-endpoint");
    let read = |path: &Path| -> Result<Value> {
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
    write(&larger, &spec)?;
    // The same versions of everything as in the workspace.
    fs::copy(root.join("Cargo.lock"), package.join("Cargo.lock"))
        .context("can't copy Cargo.lock")?;
    let cargo = |verb: &str, spec: &Path| {
        let mut command = Command::new("cargo");
        command
            .args([verb, "--quiet", "--manifest-path"])
            .arg(package.join("Cargo.toml"))
            .env("CARGO_TARGET_DIR", root.join("target"))
            .env("COMETCHAT_OPENAPI", spec);
        command
    };
    let status = cargo("test", &larger).status().context("can't run cargo")?;
    if !status.success() {
        return Ok(ExitCode::from(1));
    }
    eprintln!(
        "✓ a client of {} operations, from their lines in the spec",
        operations(&spec)
    );

    // What can't be built fails, and says where and what to do as `cargo xtask codegen` does.
    let unbuildable = |spec: &Path, expected: &str| -> Result<bool> {
        let output = cargo("check", spec).output().context("can't run cargo")?;
        let told = String::from_utf8_lossy(&output.stderr);
        let fails = !output.status.success() && told.contains(expected) && told.contains("help:");
        match fails {
            true => eprintln!("✓ the build fails: {expected}"),
            false => {
                eprintln!("✗ the build did not fail with a location and help: {expected}\n{told}")
            }
        }
        Ok(fails)
    };
    let broken = target.join("broken.json");
    spec["paths"]["/users/{uid}/../keys"] = serde_json::json!({});
    write(&broken, &spec)?;
    let without = target.join("without.json");
    if let Some(paths) = spec["paths"].as_object_mut() {
        paths.retain(|path, _| path.starts_with("/users/{uid}/blocked"));
    }
    write(&without, &spec)?;
    let all = [
        unbuildable(&broken, "paths./users/{uid}/../keys")?,
        unbuildable(
            &without,
            "the spec has no `list_group_members`, `list_banned_users`",
        )?,
        unbuildable(
            Path::new("openapi.yaml"),
            "COMETCHAT_OPENAPI is \"openapi.yaml\"",
        )?,
    ];
    Ok(ExitCode::from(u8::from(all.contains(&false))))
}

/// How many operations a spec has.
fn operations(spec: &Value) -> usize {
    cometchat_codegen::Spec::parse(&spec.to_string()).map_or(0, |spec| spec.operations().count())
}

/// Writes a spec, as JSON.
fn write(path: &Path, spec: &Value) -> Result<()> {
    fs::write(path, serde_json::to_string_pretty(spec)?)
        .with_context(|| format!("can't write {}", path.display()))
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
