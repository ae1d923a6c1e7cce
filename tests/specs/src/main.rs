//! `cargo xtask ci spec-changes`: generates, compiles and calls the changes of docs/spec-changes.md, and in a program of
//! its own the operations of docs/adding-an-endpoint.md and of another shape.

mod changes;
mod guide;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use serde_json::Value;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Reads a file of this repository.
fn read(path: &str) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Writes a spec below `target`.
fn write(name: &str, spec: &Value) -> Result<PathBuf> {
    let folder = root().join("target/specs");
    fs::create_dir_all(&folder)?;
    let file = folder.canonicalize()?.join(name);
    fs::write(&file, spec.to_string())?;
    Ok(file)
}

/// Tests a crate with the client of a spec, and returns whether it passes, with what cargo printed.
fn test(package: &str, spec: &Path) -> Result<(bool, String)> {
    let folder = root().join("tests").join(package);
    // The same versions of everything as in the workspace.
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock"))?;
    let mut cargo = Command::new("cargo");
    cargo
        .args(["test", "--quiet", "--manifest-path"])
        .arg(folder.join("Cargo.toml"));
    cargo
        .env("COMETCHAT_OPENAPI", spec)
        .env("CARGO_TARGET_DIR", root().join("target"));
    let done = cargo.stdin(Stdio::null()).output()?;
    let printed =
        [done.stdout, done.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    Ok((done.status.success(), printed.concat()))
}

/// Expects that a crate compiles without a warning, and that its tests pass.
fn passes(package: &str, spec: &Path) -> Result<()> {
    let (passed, printed) = test(package, spec)?;
    if !passed || printed.lines().any(|line| line.starts_with("warning")) {
        return Err(format!("{printed}\ntests/{package} fails, or compiles with a warning").into());
    }
    println!("✓ tests/{package}");
    Ok(())
}

/// Expects that a spec fails the build of a program, with a location and what to do.
fn fails(spec: &Path, problem: &str) -> Result<()> {
    let (passed, printed) = test("own-program", spec)?;
    if passed || !printed.contains(problem) || !printed.contains("help: ") {
        return Err(format!("{printed}\nthe build did not fail with help and `{problem}`").into());
    }
    println!("✓ the build fails: {problem}");
    Ok(())
}

fn run() -> Result<()> {
    passes(
        "spec-changes",
        &write("changes.json", &changes::together())?,
    )?;
    let mut leaving = guide::followed();
    leaving["paths"]["/users/{uid}/../keys"] = serde_json::json!({});
    fails(
        &write("leaving.json", &leaving)?,
        "paths./users/{uid}/../keys",
    )?;
    let mut without_lists = guide::followed();
    let paths = without_lists["paths"].as_object_mut().ok_or("no paths")?;
    paths.retain(|path, _| path.starts_with("/users/"));
    let problem = "the spec has no `list_group_members`, `list_banned_users`";
    fails(&write("without-lists.json", &without_lists)?, problem)?;
    fails(
        Path::new("openapi.yaml"),
        "COMETCHAT_OPENAPI is \"openapi.yaml\"",
    )?;
    passes(
        "own-program",
        &write("own-program.json", &guide::program())?,
    )
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("✗ {error}");
            ExitCode::FAILURE
        }
    }
}
