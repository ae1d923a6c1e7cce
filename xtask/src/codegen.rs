//! `cargo xtask codegen`: the committed client, and the check that it is the one that the spec gives.

use std::fs;

use anyhow::{Context, bail};
use cometchat_codegen::{Error, Stage, generate_with_warnings, stage};
use similar::TextDiff;

use crate::input::{self, OUR_SPEC};

const CLIENT: &str = "crates/cometchat-client/src/generated.rs";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Writes nothing; prints a diff and exits 1 if the file is stale.
    #[arg(long)]
    check: bool,
    /// Writes nothing; prints what a stage of the generator makes: the spec in plain form (JSON), the document that
    /// progenitor reads (JSON), or the code that progenitor writes, before the mends.
    #[arg(long, value_name = "plain|prepared|progenitor", conflicts_with = "check", value_parser = stage_of)]
    stage: Option<Stage>,
}

fn stage_of(name: &str) -> anyhow::Result<Stage> {
    Ok(match name {
        "plain" => Stage::Plain,
        "prepared" => Stage::Prepared,
        "progenitor" => Stage::Progenitor,
        _ => bail!("name plain, prepared or progenitor"),
    })
}

/// Writes the client of the spec, checks it, or prints a stage on the way to it.
pub(crate) fn run(args: &Args) -> anyhow::Result<u8> {
    let (root, failed) = (crate::root(), |error: Error| {
        let findings = error.findings().iter();
        findings.for_each(|finding| eprintln!("error: {OUR_SPEC}: {finding}"));
        Ok(1)
    });
    let spec = input::text(&root.join(OUR_SPEC))?;
    if let Some(wanted) = args.stage {
        return match stage(&spec, wanted) {
            Ok(text) => input::print(&text).map(|()| 0),
            Err(error) => failed(error),
        };
    }
    let generated = match generate_with_warnings(&spec) {
        Ok(generated) => generated,
        Err(error) => {
            eprintln!("{CLIENT} was left as it is.");
            return failed(error);
        }
    };
    for warning in &generated.warnings {
        eprintln!("warning: {OUR_SPEC}: {warning}");
    }
    let (path, client) = (root.join(CLIENT), generated.code);
    // A file that is not there is stale, too.
    let committed = fs::read_to_string(&path).unwrap_or_default();
    if committed == client {
        eprintln!("✓ {CLIENT} is up to date");
    } else if args.check {
        let (old, new) = (format!("a/{CLIENT}"), format!("b/{CLIENT}"));
        let diff = TextDiff::from_lines(&committed, &client);
        input::print(&diff.unified_diff().header(&old, &new).to_string())?;
        eprintln!("✗ {CLIENT} is stale. To update it, run: cargo xtask codegen");
        return Ok(1);
    } else {
        fs::write(&path, &client).with_context(|| format!("can't write {CLIENT}"))?;
        eprintln!("✓ {CLIENT} written");
    }
    Ok(0)
}
