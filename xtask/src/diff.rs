//! `cargo xtask diff`: what a change of the spec means for users of the crates, and for the next version.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, anyhow, bail};
use cometchat_codegen::diff::{Change, Level, changelog, diff, next_version, verdict};
use cometchat_codegen::{Spec, printable};
use serde_json::json;

use crate::input;
use crate::table::{Format, printable_json, table};

/// What is asked of the task.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The spec as it was: a git revision that has openapi.yaml, or a file. The last release, or else the last commit.
    #[arg(long, value_name = "REV|FILE")]
    from: Option<String>,
    /// The spec as it is. The openapi.yaml of this workspace.
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// The form of the result.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// What stands for the last release where there was none.
const NO_TAG: &str = "There is no release tag (v1.2.3), so this compares with the last commit: a change that is \
                      committed is not in it. Name what to compare with by `--from`.";

/// Prints what changes: 0 where nothing does, 10 for a patch, 11 for a minor change, 12 for a major one.
pub(crate) fn run(args: &Args) -> anyhow::Result<u8> {
    let before = before(&crate::root(), args.from.as_deref())?;
    let (to, new) = input::spec(args.to.as_deref())?;
    let changes = diff(&before.spec, &new).map_err(|error| {
        anyhow!(
            "no code can be generated from {} or {to}, so there is no verdict\n{error}",
            before.origin
        )
    })?;
    let result = Verdict::new(before.origin, before.note, to, changes)?;
    input::print(&match args.format {
        Format::Text => result.text(),
        Format::Json => result.json(),
    })?;
    Ok(match result.level {
        None => 0,
        Some(Level::Major) => 12,
        Some(Level::Minor) => 11,
        Some(_) => 10,
    })
}

/// The spec as it was.
struct Before {
    origin: String,
    spec: Spec,
    /// What to know about the choice of it.
    note: Option<&'static str>,
}

fn before(root: &Path, from: Option<&str>) -> anyhow::Result<Before> {
    if let Some(from) = from
        && Path::new(from).is_file()
    {
        let (origin, spec) = input::spec(Some(Path::new(from)))?;
        return Ok(Before {
            origin,
            spec,
            note: None,
        });
    }
    let (revision, note) = match from {
        Some(from) => (from.to_owned(), None),
        None => match git(
            root,
            &["describe", "--tags", "--abbrev=0", "--match", "v[0-9]*"],
        )? {
            Some(tag) => (tag.trim().to_owned(), None),
            None => ("HEAD".to_owned(), Some(NO_TAG)),
        },
    };
    let origin = format!("{revision}:{}", input::OUR_SPEC);
    let Some(text) = git(root, &["show", "--end-of-options", &origin])? else {
        bail!(
            "{origin} is not there: `{revision}` is no file, and no revision of this repository that has {}",
            input::OUR_SPEC
        );
    };
    let spec = input::parsed(&origin, &text)?;
    Ok(Before { origin, spec, note })
}

/// What git prints; nothing where it refuses.
fn git(root: &Path, arguments: &[&str]) -> anyhow::Result<Option<String>> {
    let output = Command::new("git")
        .args(arguments)
        .current_dir(root)
        .output()
        .context("git doesn't start; name a file with `--from`")?;
    let said = String::from_utf8(output.stdout).context("what git printed is not UTF-8")?;
    Ok(output.status.success().then_some(said))
}

/// What changes, and what follows from it.
struct Verdict {
    from: String,
    note: Option<&'static str>,
    to: String,
    level: Option<Level>,
    current: &'static str,
    next: String,
    changes: Vec<Change>,
}

impl Verdict {
    fn new(
        from: String,
        note: Option<&'static str>,
        to: String,
        changes: Vec<Change>,
    ) -> anyhow::Result<Self> {
        let (level, current) = (verdict(&changes), env!("CARGO_PKG_VERSION"));
        let next = level.map_or(Ok(current.to_owned()), |level| next_version(current, level))?;
        Ok(Self {
            from,
            note,
            to,
            level,
            current,
            next,
            changes,
        })
    }

    fn text(&self) -> String {
        let mut lines = vec![format!(
            "{} -> {}",
            printable(&self.from),
            printable(&self.to)
        )];
        lines.extend(self.note.map(str::to_owned));
        let Some(level) = self.level else {
            lines.push(format!("No change for users; {} stays.\n", self.current));
            return lines.join("\n");
        };
        let mut changes: Vec<_> = self.changes.iter().collect();
        changes.sort_by_key(|change| std::cmp::Reverse(change.level));
        let rows = changes.into_iter().map(|change| -> [&str; 4] {
            let Change {
                level,
                item,
                what,
                why,
                ..
            } = change;
            [level.as_str(), item, what, why]
        });
        lines.extend([
            String::new(),
            table(["level", "item", "what", "why"], rows),
            format!("A {level} change: {} after {}.\n", self.next, self.current),
        ]);
        let draft = changelog(&self.next, &self.changes);
        lines.extend(draft.lines().map(printable));
        lines.push(String::new());
        lines.join("\n")
    }

    fn json(&self) -> String {
        let changes = self.changes.iter().map(|Change { level, kind, item, what, why, .. }| {
            json!({"level": level.as_str(), "kind": kind.as_str(), "item": item, "what": what, "why": why})
        });
        printable_json(&json!({
            "from": self.from,
            "to": self.to,
            "note": self.note,
            "verdict": self.level.map(Level::as_str),
            "current": self.current,
            "next": self.next,
            "changes": changes.collect::<Vec<_>>(),
            "changelog": self.level.map(|_| changelog(&self.next, &self.changes)),
        }))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::process::Command;

    use serde_json::Value;

    use super::{Args, Format, Level, Verdict, before, diff, run};
    use crate::input;

    const OURS: &str = include_str!("../../openapi.yaml");

    fn verdict_of(new: &str) -> Verdict {
        let parsed = |text| input::parsed("a spec", text).unwrap();
        let changes = diff(&parsed(OURS), &parsed(new)).unwrap();
        Verdict::new("old".to_owned(), None, "new".to_owned(), changes).unwrap()
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
            let error = before(&root, Some(from)).err().unwrap().to_string();
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
        let untagged = before(folder.path(), None).unwrap();
        assert_eq!(untagged.origin, "HEAD:openapi.yaml");
        assert!(untagged.note.unwrap().contains("no release tag"));
        git(&["tag", "v0.1.0"]);
        let tagged = before(folder.path(), None).unwrap();
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
        let result = verdict_of(&new);
        assert_eq!(result.level, Some(Level::Major));
        let text = result.text();
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

        let json: Value = serde_json::from_str(&result.json()).unwrap();
        assert_eq!(json["verdict"], "major");
        assert_eq!(json["next"], "0.2.0");
        assert_eq!(json["changes"][0]["item"], "server::Region::In");
    }

    #[test]
    fn text_of_a_spec_steers_no_terminal() {
        let new = OURS.replace("https://{appId}", "https://\\e[2J\\u202e{appId}");
        let result = verdict_of(
            &new.replace("url: https://\\e", "url: \"https://\\e")
                .replace("cometchat.io/v3\n", "cometchat.io/v3\"\n"),
        );
        for text in [result.text(), result.json()] {
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
        let result = verdict_of(OURS);
        assert_eq!(
            result.text(),
            "old -> new\nNo change for users; 0.1.0 stays.\n"
        );
        assert!(result.json().contains("\"changelog\": null"));
    }
}
