//! `cargo xtask drift`: how far a vendor's published document has moved from our spec, for our operations.

use std::path::PathBuf;

use anyhow::anyhow;
use cometchat_codegen::drift::{Drift, Group, drift, read_vendor};
use serde_json::json;

use crate::input;
use crate::table::{Format, printable_json, table};

/// What is asked of the task.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The vendor's document, in JSON or YAML.
    file: PathBuf,
    /// Our spec. The openapi.yaml of this workspace.
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
    /// Shows what our own conventions make, too: names of variables, limits on a GUID, `4XX` for all errors.
    #[arg(long)]
    all: bool,
    /// The form of the result.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// The groups with what they are called in the heading, and in the count.
const GROUPS: [(Group, &str, &str); 3] = [
    (Group::Theirs, "Only they have", "only theirs"),
    (Group::Ours, "Only we have", "only ours"),
    (Group::Differs, "Differs", "different"),
];

/// Prints the differences: 0 where there is none, 1 where there is one.
pub(crate) fn run(args: &Args) -> anyhow::Result<u8> {
    let (_, ours) = input::spec(args.spec.as_deref())?;
    let origin = args.file.display();
    let theirs = read_vendor(&input::text(&args.file)?)
        .map_err(|error| anyhow!("{origin} is not a document to compare with\n{error}"))?;
    let mut found = drift(&ours, &theirs);
    let all = found.len();
    found.retain(|drift| args.all || !drift.convention);
    let hidden = all - found.len();
    input::print(&match args.format {
        Format::Text => sections(&found, hidden),
        Format::Json => rows(&found),
    })?;
    Ok(u8::from(!found.is_empty()))
}

/// The differences group by group, and a last line that counts them.
fn sections(found: &[Drift], hidden: usize) -> String {
    let (mut out, mut counts) = (String::new(), Vec::new());
    for (group, heading, counted) in GROUPS {
        let of_group: Vec<_> = found.iter().filter(|drift| drift.group == group).collect();
        if !of_group.is_empty() {
            let rows = of_group.iter().map(|drift| -> [&str; 5] {
                let Drift {
                    operation,
                    subject,
                    aspect,
                    ours,
                    theirs,
                    ..
                } = drift;
                [operation, subject, aspect, ours, theirs]
            });
            let table = table(["operation", "what", "of it", "ours", "theirs"], rows);
            let lines: String = table.lines().map(|line| format!("  {line}\n")).collect();
            out.push_str(&format!("{heading}:\n{lines}\n"));
        }
        counts.push(format!("{} {counted}", of_group.len()));
    }
    let conventions = match hidden {
        0 => String::new(),
        hidden => format!(" {hidden} more by our own conventions: `--all` shows them."),
    };
    let counts = if found.is_empty() {
        "No drift".to_owned()
    } else {
        counts.join(", ")
    };
    format!("{out}{counts}.{conventions}\n")
}

fn rows(found: &[Drift]) -> String {
    let rows = found.iter().map(|drift| {
        json!({
            "group": drift.group.as_str(),
            "operation": drift.operation,
            "subject": drift.subject,
            "aspect": drift.aspect,
            "ours": drift.ours,
            "theirs": drift.theirs,
            "convention": drift.convention,
        })
    });
    printable_json(&json!({ "drift": rows.collect::<Vec<_>>() }))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::Value;

    use super::{Args, Format, drift, rows, run, sections};
    use crate::input;

    /// A spec of the tests' own, so that openapi.yaml may change.
    const SPEC: &str = "crates/cometchat-codegen/tests/specs/groups.yaml";
    const OURS: &str = include_str!("../../crates/cometchat-codegen/tests/specs/groups.yaml");

    fn code_of(text: &str, all: bool) -> Result<u8, String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("vendor.yaml");
        fs::write(&file, text).unwrap();
        let args = Args {
            file,
            spec: Some(crate::root().join(SPEC)),
            all,
            format: Format::Json,
        };
        run(&args).map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn the_exit_code_says_whether_there_is_drift() {
        assert_eq!(code_of(OURS, true), Ok(0));
        assert_eq!(
            code_of(&OURS.replace("maximum: 1000", "maximum: 500"), false),
            Ok(1)
        );
        assert_eq!(code_of("{openapi: 3.0.0, paths: {}}", false), Ok(1));
        let conventions = OURS
            .replace("appId", "appid")
            .replace("      maxLength: 100\n", "");
        assert_eq!(code_of(&conventions, false), Ok(0));
        assert_eq!(code_of(&conventions, true), Ok(1));
    }

    #[test]
    fn what_is_no_document_is_an_error() {
        for (text, said) in [
            ("", "it is empty"),
            ("{a: [", "neither JSON nor YAML"),
            ("swagger: '2.0'", "OpenAPI 2"),
        ] {
            let error = code_of(text, false).unwrap_err();
            assert!(error.contains(said), "{text:?}: {error}");
        }
    }

    #[test]
    fn differences_are_written_in_two_ways() {
        let text = OURS.replace("maximum: 1000", "maximum: \"5\\e\\u202e\"");
        let ours = input::parsed("ours", OURS).unwrap();
        let found = drift(&ours, &super::read_vendor(&text).unwrap());
        assert_eq!(
            sections(&found, 2),
            "Differs:\n\
             \x20 operation        what                       of it    ours  theirs\n\
             \x20 every operation  query parameter `perPage`  maximum  1000  5\\u{1b}\\u{202e}\n\n\
             0 only theirs, 0 only ours, 1 different. 2 more by our own conventions: `--all` shows them.\n"
        );
        assert_eq!(sections(&[], 0), "No drift.\n");
        let json: Value = serde_json::from_str(&rows(&found)).unwrap();
        assert_eq!(json["drift"][0]["subject"], "query parameter `perPage`");
    }
}
