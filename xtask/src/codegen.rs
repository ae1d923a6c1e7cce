//! `codegen`: the committed client, and the check that it is the one that the spec gives.

use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result};
use similar::TextDiff;

/// Where the generated client is kept.
const CLIENT: &str = "crates/cometchat-client/src/generated.rs";

/// Writes what follows from the spec, or with `check` says how what is committed differs from it.
pub(crate) fn run(check: bool) -> Result<ExitCode> {
    let root = crate::root();
    let spec = root.join("openapi.yaml");
    let text =
        fs::read_to_string(&spec).with_context(|| format!("can't read {}", spec.display()))?;
    let client = match cometchat_codegen::generate_with_warnings(&text) {
        Ok(generated) => {
            for warning in &generated.warnings {
                eprintln!("warning: openapi.yaml: {warning}");
            }
            generated.code
        }
        Err(error) => {
            for finding in error.findings() {
                eprintln!("error: openapi.yaml: {finding}");
            }
            eprintln!("{CLIENT} was left as it is.");
            return Ok(ExitCode::from(1));
        }
    };
    let path = root.join(CLIENT);
    let committed = match fs::read_to_string(&path) {
        Ok(committed) => committed,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error).with_context(|| format!("can't read {CLIENT}")),
    };
    if committed == client {
        eprintln!("✓ {CLIENT} is up to date");
    } else if check {
        let diff = TextDiff::from_lines(&committed, &client);
        let mut unified = diff.unified_diff();
        print!(
            "{}",
            unified.header(&format!("a/{CLIENT}"), &format!("b/{CLIENT}"))
        );
        eprintln!("✗ {CLIENT} is stale. To update it, run: cargo xtask codegen");
        return Ok(ExitCode::from(1));
    } else {
        fs::write(&path, &client).with_context(|| format!("can't write {CLIENT}"))?;
        eprintln!("✓ {CLIENT} written");
    }
    Ok(ExitCode::SUCCESS)
}
