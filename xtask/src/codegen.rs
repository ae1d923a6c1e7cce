//! `codegen`: the committed client, and the check that it is the one that the spec gives.

use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result};
use similar::TextDiff;

/// Where the generated client is kept.
const CLIENT: &str = "crates/cometchat-client/src/generated.rs";

/// The copies of the spec that packages carry: the client's for generation at build time, the generator's to be tested
/// with.
const COPIES: [&str; 2] = [
    "crates/cometchat-client/openapi.yaml",
    "crates/cometchat-codegen/openapi.yaml",
];

/// Writes what follows from the spec, or with `check` says how what is committed differs from it.
pub(crate) fn run(check: bool) -> Result<ExitCode> {
    let root = crate::root();
    let spec = root.join("openapi.yaml");
    let text =
        fs::read_to_string(&spec).with_context(|| format!("can't read {}", spec.display()))?;
    let client = match cometchat_codegen::generate(&text) {
        Ok(client) => client,
        Err(error) => {
            for finding in error.findings() {
                eprintln!("error: openapi.yaml: {finding}");
            }
            eprintln!("{CLIENT} was left as it is.");
            return Ok(ExitCode::from(1));
        }
    };
    let mut stale = false;
    let copies = COPIES.map(|copy| (copy, text.clone()));
    for (name, fresh) in [(CLIENT, client)].into_iter().chain(copies) {
        let path = root.join(name);
        let committed = match fs::read_to_string(&path) {
            Ok(committed) => committed,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error).with_context(|| format!("can't read {name}")),
        };
        if committed == fresh {
            eprintln!("✓ {name} is what openapi.yaml gives");
        } else if check {
            let diff = TextDiff::from_lines(&committed, &fresh);
            let mut unified = diff.unified_diff();
            print!(
                "{}",
                unified.header(&format!("a/{name}"), &format!("b/{name}"))
            );
            eprintln!("✗ {name} is stale");
            stale = true;
        } else {
            fs::write(&path, &fresh).with_context(|| format!("can't write {name}"))?;
            eprintln!("✓ {name} written");
        }
    }
    if stale {
        eprintln!("To mend it: cargo xtask codegen");
        return Ok(ExitCode::from(1));
    }
    Ok(ExitCode::SUCCESS)
}
