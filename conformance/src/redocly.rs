//! A linter on `openapi.yaml`: every rule that it has, but for those that `redocly.yaml` turns off and says why.

use std::fs;
use std::path::Path;
use std::process::Output;

use anyhow::{Context, Result, ensure};

use crate::tool;

/// Lints the spec, and a copy with a fault in it.
pub(crate) fn ask() -> Result<String> {
    let output = lint(&tool::spec())?;
    ensure!(output.status.success(), "\n{}", tool::text_of(&output));

    // A linter with no rule to go by finds no fault either.
    let spec = fs::read_to_string(tool::spec())?;
    let faulty = spec.replacen("{\"uid\":", "{\"id\":", 1);
    ensure!(faulty != spec, "there is no example to break in the spec");
    let directory = tempfile::tempdir()?;
    let copy = directory.path().join("faulty.yaml");
    fs::write(&copy, faulty)?;
    let output = lint(&copy)?;
    ensure!(
        !output.status.success()
            && tool::text_of(&output).contains("no-invalid-media-type-examples"),
        "a row without a uid among the examples goes unnoticed\n{}",
        tool::text_of(&output)
    );
    Ok("no error and no warning".to_owned())
}

fn lint(spec: &Path) -> Result<Output> {
    tool::on_node("redocly")?
        .arg("lint")
        .arg(spec)
        .args(["--config", "redocly.yaml", "--format", "stylish"])
        .env("REDOCLY_TELEMETRY", "off")
        .env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true")
        .output()
        .context("redocly can't be run")
}
