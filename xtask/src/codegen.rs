//! `codegen`: the committed client, and the check that it is the one that the spec gives.

use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result};
use similar::TextDiff;

/// Where the generated client is kept.
const CLIENT: &str = "crates/cometchat-client/src/generated.rs";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Writes nothing; prints a diff and exits 1 if the file is stale.
    #[arg(long)]
    check: bool,
    /// Writes nothing; prints what one stage of the generator produces.
    #[arg(long, value_enum, conflicts_with = "check")]
    stage: Option<Stage>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Stage {
    /// The spec in plain form, as JSON.
    Plain,
    /// The document that progenitor reads, as JSON.
    Prepared,
    /// The code that progenitor writes, before the mends.
    Progenitor,
}

/// Writes the client of the spec, checks it, or prints a stage on the way to it.
pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let root = crate::root();
    let spec = root.join("openapi.yaml");
    let text =
        fs::read_to_string(&spec).with_context(|| format!("can't read {}", spec.display()))?;
    let stage = args.stage.map(|stage| match stage {
        Stage::Plain => cometchat_codegen::Stage::Plain,
        Stage::Prepared => cometchat_codegen::Stage::Prepared,
        Stage::Progenitor => cometchat_codegen::Stage::Progenitor,
    });
    let generated = match stage {
        Some(stage) => cometchat_codegen::stage(&text, stage).map(|text| (text, Vec::new())),
        None => cometchat_codegen::generate_with_warnings(&text)
            .map(|generated| (generated.code, generated.warnings)),
    };
    let client = match generated {
        Ok((text, _)) if stage.is_some() => {
            print!("{text}");
            return Ok(ExitCode::SUCCESS);
        }
        Ok((code, warnings)) => {
            for warning in &warnings {
                eprintln!("warning: openapi.yaml: {warning}");
            }
            code
        }
        Err(error) => {
            for finding in error.findings() {
                eprintln!("error: openapi.yaml: {finding}");
            }
            if stage.is_none() {
                eprintln!("{CLIENT} was left as it is.");
            }
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
    } else if args.check {
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
