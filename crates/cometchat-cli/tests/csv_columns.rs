//! The columns of a CSV file, beside the spec's properties.

use std::collections::BTreeSet;
use std::process::Command;

/// The columns that a list from the sandbox has where none are chosen.
fn columns(list: &str) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_cometchat"))
        .args(["--sandbox", list, "supergroup", "--format", "csv"])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let header = text.lines().next().unwrap_or_default();
    header.split(',').map(str::to_owned).collect()
}

/// The properties of a schema in the spec: what is indented by eight spaces below its `properties:`.
fn properties(schema: &str) -> BTreeSet<String> {
    let spec = include_str!("../../../openapi.yaml");
    let start = spec.find(&format!("\n    {schema}:\n")).unwrap();
    let body = &spec[start + 1..];
    let properties = &body[body.find("\n      properties:\n").unwrap() + 1..];
    properties
        .lines()
        .skip(1)
        .take_while(|line| line.starts_with("        "))
        .filter(|line| !line.starts_with("         "))
        .map(|line| line.trim().trim_end_matches(':').to_owned())
        .collect()
}

#[test]
fn a_csv_file_has_every_documented_field() {
    for (list, schema) in [("members", "GroupMember"), ("banned", "BannedUser")] {
        assert_eq!(columns(list), properties(schema));
    }
}
