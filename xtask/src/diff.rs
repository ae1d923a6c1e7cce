//! `cargo xtask diff`: what a change of the spec means for users of the crates, and for the next version.

use std::cmp::Reverse;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, anyhow, bail};
use cometchat_codegen::diff::{Change, Level, changelog, diff, next_version, verdict};
use cometchat_codegen::{Spec, printable};
use serde_json::{Value, json};

use crate::input::{self, OUR_SPEC};
use crate::table::{Format, printable_json, table};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The old spec: a git revision that has openapi.yaml, or a file. The last release, or else the last commit.
    #[arg(long, value_name = "REV|FILE")]
    from: Option<String>,
    /// The new spec. The openapi.yaml of this workspace.
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// The form of the result.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Explains the choice of the old spec if there was no release.
const NO_TAG: &str = "There is no release tag (v1.2.3), so this compares with the last commit: a change that is \
                      committed is not in it. Name what to compare with by `--from`.";

/// Prints what changes: 0 for no change, 10 for a patch, 11 for a minor change, 12 for a major one.
pub(crate) fn run(args: &Args) -> anyhow::Result<u8> {
    let old = old(&crate::root(), args.from.as_deref())?;
    let (to, new) = input::spec(args.to.as_deref())?;
    let origin = &old.origin;
    let changes = diff(&old.spec, &new).map_err(|error| {
        anyhow!("no code can be generated from {origin} or {to}, so there is no verdict\n{error}")
    })?;
    let level = verdict(&changes);
    let report = report(origin, old.note, &to, changes)?;
    input::print(&match args.format {
        Format::Text => text(&report),
        Format::Json => printable_json(&report),
    })?;
    Ok(match level {
        None => 0,
        Some(Level::Major) => 12,
        Some(Level::Minor) => 11,
        Some(_) => 10,
    })
}

struct Old {
    origin: String,
    spec: Spec,
    note: Option<&'static str>,
}

fn old(root: &Path, from: Option<&str>) -> anyhow::Result<Old> {
    if let Some(file) = from.map(Path::new).filter(|file| file.is_file()) {
        let (origin, spec) = input::spec(Some(file))?;
        let note = None;
        return Ok(Old { origin, spec, note });
    }
    let last_tag = ["describe", "--tags", "--abbrev=0", "--match", "v[0-9]*"];
    let (revision, note) = match from {
        Some(from) => (from.to_owned(), None),
        None => match git(root, &last_tag)? {
            Some(tag) => (tag.trim().to_owned(), None),
            None => ("HEAD".to_owned(), Some(NO_TAG)),
        },
    };
    let origin = format!("{revision}:{OUR_SPEC}");
    let Some(text) = git(root, &["show", "--end-of-options", &origin])? else {
        bail!(
            "{origin} is not there: `{revision}` is no file, and no revision of this repository that has {OUR_SPEC}"
        );
    };
    let spec = input::parsed(&origin, &text)?;
    Ok(Old { origin, spec, note })
}

/// Returns what git prints, if it succeeds.
fn git(root: &Path, arguments: &[&str]) -> anyhow::Result<Option<String>> {
    let mut git = Command::new("git");
    let output = git.args(arguments).current_dir(root).output();
    let output = output.context("git doesn't start; name a file with `--from`")?;
    let said = String::from_utf8(output.stdout).context("what git printed is not UTF-8")?;
    Ok(output.status.success().then_some(said))
}

/// The changes, those that break first, and what follows from them.
fn report(
    from: &str,
    note: Option<&str>,
    to: &str,
    mut changes: Vec<Change>,
) -> anyhow::Result<Value> {
    changes.sort_by_key(|change| Reverse(change.level));
    let (level, current) = (verdict(&changes), env!("CARGO_PKG_VERSION"));
    let next = level.map_or(Ok(current.to_owned()), |level| next_version(current, level))?;
    let rows = changes.iter().map(|Change { level, kind, item, what, why, .. }| {
        json!({"level": level.as_str(), "kind": kind.as_str(), "item": item, "what": what, "why": why})
    });
    Ok(json!({
        "from": from,
        "to": to,
        "note": note,
        "verdict": level.map(Level::as_str),
        "current": current,
        "next": next,
        "changes": rows.collect::<Vec<_>>(),
        "changelog": level.map(|_| changelog(&next, &changes)),
    }))
}

fn text(report: &Value) -> String {
    let of = |key| printable(report[key].as_str().unwrap_or_default());
    let (level, next, current) = (of("verdict"), of("next"), of("current"));
    let mut out = format!("{} -> {}\n", of("from"), of("to"));
    if report["note"].is_string() {
        out += &format!("{}\n", of("note"));
    }
    let rows = report["changes"].as_array().map_or(&[][..], Vec::as_slice);
    if rows.is_empty() {
        return out + &format!("No change for users; {current} stays.\n");
    }
    let table = table(["level", "item", "what", "why"], rows);
    let changelog = report["changelog"].as_str().unwrap_or_default().lines();
    let changelog: String = changelog.map(|line| printable(line) + "\n").collect();
    out + &format!("\n{table}\nA {level} change: {next} after {current}.\n\n{changelog}")
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::process::Command;

    use serde_json::Value;

    use super::{Args, Format, diff, old, printable_json, report, run, text};
    use crate::input;

    /// A spec of the tests' own, so that openapi.yaml may change.
    const OURS: &str = include_str!("../../crates/cometchat-codegen/tests/specs/groups.yaml");

    fn report_of(new: &str) -> Value {
        let parsed = |text| input::parsed("a spec", text).unwrap();
        let changes = diff(&parsed(OURS), &parsed(new)).unwrap();
        report("old", None, "new", changes).unwrap()
    }

    fn code_of(new: &str) -> anyhow::Result<u8> {
        let folder = tempfile::tempdir()?;
        let (old_file, new_file) = (
            folder.path().join("old.yaml"),
            folder.path().join("new.yaml"),
        );
        fs::write(&old_file, OURS)?;
        fs::write(&new_file, new)?;
        run(&Args {
            from: Some(old_file.display().to_string()),
            to: Some(new_file),
            format: Format::Json,
        })
    }

    #[test]
    fn the_exit_code_says_the_verdict() {
        for (from, to, code) in [
            ("", "", 0),
            ("The name to show.", "A name.", 10),
            ("enum: [us, eu, in]", "enum: [us, eu, in, au]", 11),
            ("enum: [us, eu, in]", "enum: [us, eu]", 12),
        ] {
            assert_eq!(code_of(&OURS.replace(from, to)).unwrap(), code, "{to}");
        }
    }

    #[test]
    fn what_gives_no_code_has_no_verdict() {
        let error = code_of(&OURS.replace("meta: meta.pagination", "meta: meta.nothing"))
            .unwrap_err()
            .to_string();
        assert!(error.contains("so there is no verdict"), "{error}");
    }

    #[test]
    fn a_revision_that_is_not_there_is_an_error() {
        let root = crate::root();
        for from in ["no-such-revision", "no/such/file.yaml", "--output=x"] {
            let error = old(&root, Some(from)).err().unwrap().to_string();
            assert!(error.contains("no revision of this repository"), "{error}");
        }
    }

    #[test]
    fn without_a_tag_the_last_commit_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let git = |arguments: &[&str]| {
            let identity = ["-c", "user.name=A", "-c", "user.email=a@example.com"];
            let done = Command::new("git")
                .args(identity)
                .args(arguments)
                .current_dir(folder.path())
                .output();
            assert!(done.unwrap().status.success(), "{arguments:?}");
        };
        fs::write(folder.path().join("openapi.yaml"), OURS).unwrap();
        git(&["init", "--quiet"]);
        git(&["add", "openapi.yaml"]);
        git(&["commit", "--quiet", "--message", "One"]);
        let untagged = old(folder.path(), None).unwrap();
        assert_eq!(untagged.origin, "HEAD:openapi.yaml");
        assert!(untagged.note.unwrap().contains("no release tag"));
        git(&["tag", "v0.1.0"]);
        let tagged = old(folder.path(), None).unwrap();
        assert_eq!(
            (tagged.origin.as_str(), tagged.note),
            ("v0.1.0:openapi.yaml", None)
        );
    }

    #[test]
    fn what_changes_is_written_in_two_ways() {
        let new = OURS
            .replace("The name to show.", "A name.")
            .replace("enum: [us, eu, in]", "enum: [us, eu]");
        let report = report_of(&new);
        let text = text(&report);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[0], "old -> new");
        assert!(lines[3].starts_with("major  server::Region::In "), "{text}");
        assert!(
            lines[4].starts_with("patch  types::BannedUser::name "),
            "{text}"
        );
        assert!(
            text.contains("\nA major change: 0.2.0 after 0.1.0.\n"),
            "{text}"
        );
        assert!(text.contains("\n## [0.2.0] - unreleased\n"), "{text}");

        assert_eq!(report["verdict"], "major");
        assert_eq!(report["next"], "0.2.0");
        assert_eq!(report["changes"][0]["item"], "server::Region::In");
    }

    #[test]
    fn text_of_a_spec_steers_no_terminal() {
        let new = OURS.replace("https://{appId}", "https://\\e[2J\\u202e{appId}");
        let result = report_of(
            &new.replace("url: https://\\e", "url: \"https://\\e")
                .replace("cometchat.io/v3\n", "cometchat.io/v3\"\n"),
        );
        for text in [text(&result), printable_json(&result)] {
            assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text:?}");
            assert!(text.contains("[2J"), "{text}");
        }
    }

    /// docs/semver.md is written by hand; its verdicts are those that the edits are tested for.
    #[test]
    fn the_record_has_each_verdict() {
        let root = crate::root();
        let table = root.join("crates/cometchat-codegen/src/compare/diff/edits.yaml");
        let table = cometchat_codegen::spec::read(&input::text(&table).unwrap()).unwrap();
        let record = input::text(&root.join("docs/semver.md")).unwrap();
        for edit in table["table"].as_array().unwrap() {
            let level = |change: &Value| {
                change
                    .as_str()
                    .and_then(|change| change.split_once(' '))
                    .map(|(level, _)| level.to_owned())
            };
            let levels: Vec<_> = edit["changes"]
                .as_array()
                .unwrap()
                .iter()
                .filter_map(level)
                .collect();
            let verdict = ["major", "minor", "patch"]
                .into_iter()
                .find(|level| levels.iter().any(|other| other == level));
            let row = format!(
                "| {} | {} | ",
                edit["name"].as_str().unwrap(),
                verdict.unwrap_or("nothing")
            );
            assert!(
                record.contains(&row),
                "docs/semver.md lacks the row `{row}`"
            );
        }
    }

    #[test]
    fn no_change_has_no_changelog() {
        let result = report_of(OURS);
        assert_eq!(
            text(&result),
            "old -> new\nNo change for users; 0.1.0 stays.\n"
        );
        assert!(result["changelog"].is_null());
    }
}
