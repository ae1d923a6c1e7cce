//! `cargo xtask drift`: how far a vendor's published document has moved from our spec, for our operations.

use std::path::PathBuf;

use anyhow::anyhow;
use cometchat_codegen::drift::{Drift, drift, read_vendor};
use serde_json::{Value, json};

use crate::input;
use crate::table::{Format, printable_json, table};

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

/// Prints the differences: 0 if there is none, 1 if there is one.
pub(crate) fn run(args: &Args) -> anyhow::Result<u8> {
    let (_, ours) = input::spec(args.spec.as_deref())?;
    let origin = args.file.display();
    let theirs = read_vendor(&input::text(&args.file)?)
        .map_err(|error| anyhow!("{origin} is not a document to compare with\n{error}"))?;
    let mut found = drift(&ours, &theirs);
    let all = found.len();
    found.retain(|drift| args.all || !drift.convention);
    let rows: Vec<_> = found.iter().map(row).collect();
    input::print(&match args.format {
        Format::Text => text(&rows, all - rows.len()),
        Format::Json => printable_json(&json!({ "drift": rows })),
    })?;
    Ok(u8::from(!rows.is_empty()))
}

fn row(drift: &Drift) -> Value {
    json!({
        "group": drift.group.as_str(),
        "operation": drift.operation,
        "subject": drift.subject,
        "aspect": drift.aspect,
        "ours": drift.ours,
        "theirs": drift.theirs,
        "convention": drift.convention,
    })
}

/// The rows as a table, and a last line that counts them.
fn text(rows: &[Value], hidden: usize) -> String {
    let keys = ["group", "operation", "subject", "aspect", "ours", "theirs"];
    let found = match rows.len() {
        0 => "No drift.".to_owned(),
        count => format!("{}\n{count} in all.", table(keys, rows)),
    };
    match hidden {
        0 => format!("{found}\n"),
        _ => format!("{found} {hidden} more by our own conventions: `--all` shows them.\n"),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Args, Format, drift, row, run, text};
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
            ("{a: [", "not YAML"),
            ("swagger: '2.0'", "OpenAPI 2"),
        ] {
            let error = code_of(text, false).unwrap_err();
            assert!(error.contains(said), "{text:?}: {error}");
        }
    }

    #[test]
    fn differences_are_written_in_two_ways() {
        let theirs = OURS.replace("maximum: 1000", "maximum: \"5\\e\\u202e\"");
        let ours = input::parsed("ours", OURS).unwrap();
        let found = drift(&ours, &super::read_vendor(&theirs).unwrap());
        let rows: Vec<_> = found.iter().map(row).collect();
        assert_eq!(rows[0]["subject"], "query parameter `perPage`");
        assert_eq!(
            text(&rows, 2),
            "group    operation        subject                    aspect   ours  theirs\n\
             differs  every operation  query parameter `perPage`  maximum  1000  5\\u{1b}\\u{202e}\n\n\
             1 in all. 2 more by our own conventions: `--all` shows them.\n"
        );
        assert_eq!(text(&[], 0), "No drift.\n");
    }
}
