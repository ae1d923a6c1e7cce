//! `cargo xtask drift`: how far a vendor's published document has moved from our spec, for our operations.

use std::path::PathBuf;

use anyhow::anyhow;
use cometchat_codegen::drift::{Drift, Group, drift, read_vendor};
use serde_json::json;

use crate::input;
use crate::table::{Format, Table};

/// What is asked of the task.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The vendor's document, in JSON or YAML.
    file: PathBuf,
    /// Our spec. The openapi.yaml of this workspace.
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
    /// How the result is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

const GROUPS: [Group; 3] = [Group::Theirs, Group::Ours, Group::Differs];

/// Prints the differences: 0 where there is none, 1 where there is one.
pub(crate) fn run(args: &Args) -> anyhow::Result<u8> {
    let (_, ours) = input::spec(args.spec.as_deref())?;
    let origin = args.file.display();
    let theirs = read_vendor(&input::text(&args.file)?)
        .map_err(|error| anyhow!("{origin} is not a document to compare with\n{error}"))?;
    let found = drift(&ours, &theirs);
    input::print(&match args.format {
        Format::Text => sections(&found, |group, table| {
            format!("{group}:\n{}\n", indented(&table.text()))
        }),
        Format::Markdown => sections(&found, |group, table| {
            format!("### {}\n\n{}\n", heading(group), table.markdown())
        }),
        Format::Json => rows(&found),
    })?;
    Ok(u8::from(!found.is_empty()))
}

/// The differences group by group, and a last line that counts them.
fn sections(found: &[Drift], section: impl Fn(Group, Table<5>) -> String) -> String {
    let mut out = String::new();
    for group in GROUPS {
        let mut table = Table::new(["operation", "what", "of it", "ours", "theirs"]);
        for drift in found.iter().filter(|drift| drift.group == group) {
            table.push([
                drift.operation.clone(),
                drift.subject.clone(),
                drift.aspect.to_owned(),
                drift.ours.clone(),
                drift.theirs.clone(),
            ]);
        }
        if found.iter().any(|drift| drift.group == group) {
            out.push_str(&section(group, table));
        }
    }
    let count = |group| found.iter().filter(|drift| drift.group == group).count();
    let counts = GROUPS.map(|group| format!("{} {}", count(group), said(group)));
    out.push_str(&match found {
        [] => "No drift.\n".to_owned(),
        _ => format!("{}.\n", counts.join(", ")),
    });
    out
}

fn said(group: Group) -> &'static str {
    match group {
        Group::Theirs => "only theirs",
        Group::Ours => "only ours",
        _ => "different",
    }
}

fn heading(group: Group) -> &'static str {
    match group {
        Group::Theirs => "Only they have",
        Group::Ours => "Only we have",
        _ => "Differs",
    }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}\n")).collect()
}

fn rows(found: &[Drift]) -> String {
    let rows: Vec<_> = found
        .iter()
        .map(|drift| {
            json!({
                "group": drift.group.as_str(),
                "operation": drift.operation,
                "subject": drift.subject,
                "aspect": drift.aspect,
                "ours": drift.ours,
                "theirs": drift.theirs,
            })
        })
        .collect();
    format!("{:#}\n", json!({ "drift": rows }))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::Value;

    use super::{Args, Format, drift, rows, run, sections};
    use crate::input;

    const OURS: &str = include_str!("../../openapi.yaml");

    fn code_of(text: &str) -> Result<u8, String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("vendor.yaml");
        fs::write(&file, text).unwrap();
        let args = Args {
            file,
            spec: None,
            format: Format::Json,
        };
        run(&args).map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn the_exit_code_says_whether_there_is_drift() {
        assert_eq!(code_of(OURS), Ok(0));
        assert_eq!(
            code_of(&OURS.replace("maximum: 1000", "maximum: 500")),
            Ok(1)
        );
        assert_eq!(code_of("{openapi: 3.0.0, paths: {}}"), Ok(1));
    }

    #[test]
    fn what_is_no_document_is_an_error_that_says_so() {
        for (text, said) in [
            ("", "it is empty"),
            ("{a: [", "neither JSON nor YAML"),
            ("swagger: '2.0'", "OpenAPI 2"),
        ] {
            let error = code_of(text).unwrap_err();
            assert!(error.contains(said), "{text:?}: {error}");
        }
    }

    #[test]
    fn differences_are_written_in_three_ways() {
        let text = OURS.replace("maximum: 1000", "maximum: 500");
        let ours = input::parsed("ours", OURS).unwrap();
        let found = drift(&ours, input::parsed("theirs", &text).unwrap().root());
        assert_eq!(
            sections(&found, |group, table| format!("{group}:\n{}", table.text())),
            "differs:\n\
             operation        what                       of it    ours  theirs\n\
             every operation  query parameter `perPage`  maximum  1000  500\n\
             0 only theirs, 0 only ours, 1 different.\n"
        );
        assert_eq!(sections(&[], |_, _| String::new()), "No drift.\n");
        let json: Value = serde_json::from_str(&rows(&found)).unwrap();
        assert_eq!(json["drift"][0]["theirs"], "500");
    }
}
