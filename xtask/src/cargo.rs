//! Cargo, as the tasks call it.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// The nightly that reads and writes what only a nightly can: rustdoc's JSON, fuzzing, lowest versions.
///
/// The version of public-api in Cargo.toml reads the JSON of this one. Raise both together.
pub(crate) const NIGHTLY: &str = "nightly-2026-05-20";

/// The command that installs it.
pub(crate) const INSTALL_NIGHTLY: &str =
    "rustup toolchain install nightly-2026-05-20 --profile minimal";

/// The cargo that runs this task, to be run in the root of the workspace.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(crate::root());
    command
}

/// The cargo of the nightly: the one that is pinned, or failing that whichever goes by the name of `nightly`.
pub(crate) fn nightly() -> Option<Command> {
    let installed = Command::new("rustup")
        .args(["toolchain", "list", "--quiet"])
        .output()
        .ok()?;
    let installed = String::from_utf8_lossy(&installed.stdout).into_owned();
    let has = |name: &str| {
        installed
            .lines()
            .any(|line| line.starts_with(&format!("{name}-")))
    };
    // `nightly-2026-05-20-x86_64-…` begins with `nightly-`, too.
    let plain = installed.lines().any(|line| {
        line.strip_prefix("nightly-")
            .is_some_and(|rest| !rest.starts_with(|first: char| first.is_ascii_digit()))
    });
    let toolchain = match (has(NIGHTLY), plain) {
        (true, _) => NIGHTLY,
        (false, true) => "nightly",
        (false, false) => return None,
    };
    let mut command = Command::new("rustup");
    command
        .args(["run", toolchain, "cargo"])
        .current_dir(crate::root())
        .env_remove("CARGO")
        .env_remove("RUSTUP_TOOLCHAIN");
    Some(command)
}

/// Runs a command whose output is for whoever watches.
///
/// # Errors
///
/// The command can't be run, or fails.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let shown = show(command);
    let status = command
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("can't run {shown}"))?;
    if !status.success() {
        bail!("{shown} failed");
    }
    Ok(())
}

/// Runs a command, and gives what it printed.
///
/// # Errors
///
/// The command can't be run, or fails: with what it printed as errors.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let shown = show(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("can't run {shown}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("{shown} failed:\n{}", said.trim_end());
    }
    String::from_utf8(output.stdout).with_context(|| format!("{shown} printed no text"))
}

/// The files of the repository, with those that are not committed yet: all of them, or those below some paths.
///
/// # Errors
///
/// This is no git repository.
pub(crate) fn files(paths: &[&str]) -> Result<BTreeSet<String>> {
    let root = crate::root();
    let listed = output(
        Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others"])
            .args(["--exclude-standard", "--"])
            .args(paths)
            .current_dir(&root),
    )?;
    Ok(listed
        .split('\0')
        .filter(|name| !name.is_empty() && root.join(name).exists())
        .map(str::to_owned)
        .collect())
}

/// The workspace as cargo sees it: its packages, and with `--all-features` what they can depend on.
///
/// # Errors
///
/// Cargo can't read the workspace.
pub(crate) fn metadata() -> Result<Value> {
    let text = output(cargo().args(["metadata", "--format-version=1", "--all-features"]))?;
    serde_json::from_str(&text).context("what cargo metadata prints is not JSON")
}

/// The members of the workspace that are published, in the order in which they have to be: what a crate depends on, in
/// its tests too, comes before it.
///
/// # Errors
///
/// There is no such order.
pub(crate) fn published(metadata: &Value) -> Result<Vec<&Value>> {
    let members = array(&metadata["workspace_members"]);
    let mut waiting: Vec<&Value> = array(&metadata["packages"])
        .iter()
        .filter(|package| members.contains(&package["id"]))
        // `publish = false` is an empty list of registries, nothing said is null.
        .filter(|package| package["publish"].is_null())
        .collect();
    let mut order = Vec::new();
    while !waiting.is_empty() {
        let names: Vec<&str> = waiting
            .iter()
            .map(|package| text(&package["name"]))
            .collect();
        let (ready, blocked): (Vec<_>, Vec<_>) = waiting.iter().partition(|package| {
            !array(&package["dependencies"])
                .iter()
                // A development dependency by path alone is left out of the package.
                .filter(|dependency| dependency["req"] != "*")
                .any(|dependency| names.contains(&text(&dependency["name"])))
        });
        if ready.is_empty() {
            bail!(
                "{} depend on each other in a circle, so none can be published first; make one of the dependencies a \
                 development dependency by path alone",
                names.join(", ")
            );
        }
        order.extend(ready);
        waiting = blocked;
    }
    Ok(order)
}

/// The items of a JSON array; none where it is not one.
pub(crate) fn array(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The text of a JSON string; empty where it is not one.
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Whether a program is on the path, such as `cargo-deny`.
pub(crate) fn has_program(name: &str) -> bool {
    Command::new(name)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// A command, as it would be typed.
fn show(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_stem().unwrap_or(program.as_os_str());
    std::iter::once(name)
        .chain(command.get_args())
        .map(|part| part.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn package(name: &str, dependencies: Value) -> Value {
        json!({"id": name, "name": name, "publish": null, "dependencies": dependencies})
    }

    fn order(packages: Value) -> Result<Vec<String>> {
        let members: Vec<Value> = array(&packages)
            .iter()
            .map(|one| one["id"].clone())
            .collect();
        let metadata = json!({"packages": packages, "workspace_members": members});
        let order = published(&metadata)?;
        Ok(order
            .iter()
            .map(|one| text(&one["name"]).to_owned())
            .collect())
    }

    #[test]
    fn what_is_depended_on_is_published_first() {
        let packages = json!([
            package(
                "sdk",
                json!([{"name": "client", "req": "^0.1"}, {"name": "sandbox", "req": "^0.1", "kind": "dev"}])
            ),
            package(
                "sandbox",
                json!([{"name": "client", "req": "^0.1"}, {"name": "sdk", "req": "*", "kind": "dev"}])
            ),
            package("client", json!([{"name": "serde", "req": "^1"}])),
        ]);
        assert_eq!(order(packages).unwrap(), ["client", "sandbox", "sdk"]);
    }

    #[test]
    fn a_circle_is_refused_by_name() {
        let packages = json!([
            package(
                "sdk",
                json!([{"name": "sandbox", "req": "^0.1", "kind": "dev"}])
            ),
            package(
                "sandbox",
                json!([{"name": "sdk", "req": "^0.1", "kind": "dev"}])
            ),
        ]);
        let error = order(packages).unwrap_err().to_string();
        assert!(error.contains("sdk, sandbox"), "{error}");
    }

    #[test]
    fn what_is_not_published_is_left_out() {
        let mut task = package("task", json!([]));
        task["publish"] = json!([]);
        assert!(order(json!([task])).unwrap().is_empty());
    }
}
