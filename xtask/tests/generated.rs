//! The committed client is progenitor's, and not another writer's.

use std::fs;
use std::path::Path;

use cometchat_codegen::{Stage, stage};
use similar::{ChangeTag, TextDiff};

/// Least share of the lines of the module `builder` that progenitor wrote, in percent.
const LEAST: usize = 60;

/// Returns the lines of the module `builder`.
fn builders(code: &str) -> String {
    let (_, rest) = code.split_once("\npub mod builder {\n").unwrap();
    let (module, _) = rest.split_once("\n}\n").unwrap();
    let lines = module
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty());
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn most_lines_of_builders_are_written_by_progenitor() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let spec = fs::read_to_string(root.join("openapi.yaml")).unwrap();
    let client = fs::read_to_string(root.join("crates/cometchat-client/src/generated.rs")).unwrap();
    let (written, kept) = (stage(&spec, Stage::Progenitor).unwrap(), builders(&client));
    let written = builders(&written);
    let diff = TextDiff::from_lines(&written, &kept);
    let verbatim = diff.iter_all_changes();
    let verbatim = verbatim
        .filter(|change| change.tag() == ChangeTag::Equal)
        .count();
    let share = 100 * verbatim / kept.lines().count();
    assert!(share >= LEAST, "{share} % of the lines are progenitor's");
}
