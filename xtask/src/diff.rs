//! `cargo xtask diff`: what a change of the spec means for users of the crates, and for the next version.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use cometchat_codegen::Spec;
use cometchat_codegen::diff::{Change, Level, changelog, diff, next_version, verdict};
use serde_json::json;

use crate::input;
use crate::table::{Format, Table};

/// What is asked of the task.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The spec as it was: a git revision that has openapi.yaml, or a file. The last release, or else the last commit.
    #[arg(long, value_name = "REV|FILE")]
    from: Option<String>,
    /// The spec as it is. The openapi.yaml of this workspace.
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// How the result is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Prints what changes: 0 where nothing does, 10 for a patch, 11 for a minor change, 12 for a major one.
pub(crate) fn run(args: &Args) -> anyhow::Result<u8> {
    let root = crate::root();
    let (from, old) = before(&root, args.from.as_deref())?;
    let (to, new) = input::spec(args.to.as_deref())?;
    let changes = diff(&old, &new);
    let result = Verdict {
        from,
        to,
        level: verdict(&changes),
        current: env!("CARGO_PKG_VERSION"),
        next: match verdict(&changes) {
            Some(level) => next_version(env!("CARGO_PKG_VERSION"), level)?,
            None => env!("CARGO_PKG_VERSION").to_owned(),
        },
        changes,
    };
    input::print(&match args.format {
        Format::Text => result.text(),
        Format::Markdown => result.markdown(),
        Format::Json => result.json(),
    })?;
    Ok(match result.level {
        None => 0,
        Some(Level::Major) => 12,
        Some(Level::Minor) => 11,
        Some(_) => 10,
    })
}

/// The spec as it was, and what it is called.
fn before(root: &Path, from: Option<&str>) -> anyhow::Result<(String, Spec)> {
    if let Some(from) = from
        && Path::new(from).is_file()
    {
        return input::spec(Some(Path::new(from)));
    }
    let revision = match from {
        Some(from) => from.to_owned(),
        None => {
            let tag = git(
                root,
                &["describe", "--tags", "--abbrev=0", "--match", "v[0-9]*"],
            )?;
            tag.unwrap_or_else(|| "HEAD".to_owned())
        }
    };
    let origin = format!("{}:{}", revision.trim(), input::OUR_SPEC);
    let Some(text) = git(root, &["show", "--end-of-options", &origin])? else {
        bail!(
            "{origin} is not there: `{}` is no file, and no revision of this repository that has {}",
            revision.trim(),
            input::OUR_SPEC
        );
    };
    let spec = input::parsed(&origin, &text)?;
    Ok((origin, spec))
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
    to: String,
    level: Option<Level>,
    current: &'static str,
    next: String,
    changes: Vec<Change>,
}

impl Verdict {
    fn table(&self) -> Table<4> {
        let mut table = Table::new(["level", "item", "what", "why"]);
        let mut changes: Vec<_> = self.changes.iter().collect();
        changes.sort_by_key(|change| std::cmp::Reverse(change.level));
        for change in changes {
            table.push([
                change.level.to_string(),
                change.item.clone(),
                change.what.clone(),
                change.why.to_owned(),
            ]);
        }
        table
    }

    fn sentence(&self) -> String {
        match self.level {
            None => format!("No change for users; {} stays.", self.current),
            Some(level) => format!("A {level} change: {} after {}.", self.next, self.current),
        }
    }

    fn text(&self) -> String {
        let head = format!("{} -> {}\n", self.from, self.to);
        match self.level {
            None => format!("{head}{}\n", self.sentence()),
            Some(_) => format!(
                "{head}\n{}\n{}\n\n{}",
                self.table().text(),
                self.sentence(),
                changelog(&self.next, &self.changes)
            ),
        }
    }

    fn markdown(&self) -> String {
        let head = format!(
            "**{}** From `{}` to `{}`.\n",
            self.sentence(),
            self.from,
            self.to
        );
        match self.level {
            None => head,
            Some(_) => format!(
                "{head}\n{}\nA draft for the changelog:\n\n```markdown\n{}```\n",
                self.table().markdown(),
                changelog(&self.next, &self.changes)
            ),
        }
    }

    fn json(&self) -> String {
        let changes: Vec<_> = self
            .changes
            .iter()
            .map(|change| {
                json!({
                    "level": change.level.as_str(),
                    "kind": change.kind.as_str(),
                    "item": change.item,
                    "what": change.what,
                    "why": change.why,
                })
            })
            .collect();
        let result = json!({
            "from": self.from,
            "to": self.to,
            "verdict": self.level.map(Level::as_str),
            "current": self.current,
            "next": self.next,
            "changes": changes,
            "changelog": self.level.map(|_| changelog(&self.next, &self.changes)),
        });
        format!("{result:#}\n")
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::Value;

    use super::{Args, Format, Level, Verdict, before, diff, run, verdict};
    use crate::input;

    const OURS: &str = include_str!("../../openapi.yaml");

    fn verdict_of(new: &str) -> Verdict {
        let parsed = |text| input::parsed("a spec", text).unwrap();
        let changes = diff(&parsed(OURS), &parsed(new));
        Verdict {
            from: "old".to_owned(),
            to: "new".to_owned(),
            level: verdict(&changes),
            current: "0.1.0",
            next: "0.2.0".to_owned(),
            changes,
        }
    }

    #[test]
    fn the_exit_code_says_the_verdict() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let file = folder.path().join(name);
            fs::write(&file, text).unwrap();
            file
        };
        let old = file("old.yaml", OURS);
        for (from, to, code) in [
            ("", "", 0),
            ("The name to show.", "A name.", 10),
            ("enum: [us, eu, in]", "enum: [us, eu, in, au]", 11),
            ("enum: [us, eu, in]", "enum: [us, eu]", 12),
        ] {
            let new = file("new.yaml", &OURS.replace(from, to));
            let args = Args {
                from: Some(old.display().to_string()),
                to: Some(new),
                format: Format::Json,
            };
            assert_eq!(run(&args).unwrap(), code, "{to}");
        }
    }

    #[test]
    fn a_revision_that_is_not_there_is_an_error() {
        let root = crate::root();
        for from in ["no-such-revision", "no/such/file.yaml", "--output=x"] {
            let error = before(&root, Some(from)).unwrap_err().to_string();
            assert!(error.contains("no revision of this repository"), "{error}");
        }
        assert!(before(&root, Some("HEAD")).is_ok());
        assert!(before(&root, None).is_ok());
    }

    #[test]
    fn what_changes_is_written_in_three_ways_with_what_breaks_first() {
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
            lines[4].starts_with("patch  types::GroupMember::name "),
            "{text}"
        );
        assert!(
            text.contains("\nA major change: 0.2.0 after 0.1.0.\n"),
            "{text}"
        );
        assert!(text.contains("\n## [0.2.0] - unreleased\n"), "{text}");

        let markdown = result.markdown();
        assert!(
            markdown.contains("| major | server::Region::In | the variant is gone |"),
            "{markdown}"
        );

        let json: Value = serde_json::from_str(&result.json()).unwrap();
        assert_eq!(json["verdict"], "major");
        assert_eq!(json["next"], "0.2.0");
        assert_eq!(json["changes"][2]["item"], "server::Region::In");
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
