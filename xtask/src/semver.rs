//! `cargo xtask semver`: holds what `cargo xtask diff` says of a table of edits against what cargo-semver-checks says of
//! the code that is generated, and writes both down.
//!
//! `diff` judges a spec, cargo-semver-checks judges Rust. Where they differ one of them is wrong, or sees what the other
//! one can't; the table of edits says which, for each difference.

use std::collections::HashMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, anyhow, bail};
use cometchat_codegen::Spec;
use cometchat_codegen::diff::{Level, diff, verdict};
use cometchat_codegen::spec::read;
use serde_json::Value;

use crate::input;

const TABLE: &str = "crates/cometchat-codegen/src/diff/edits.yaml";
const PAGE: &str = "docs/semver.md";
/// Why a change that is only additive goes unnoticed, for all of them.
const ADDITION: &str = "nothing breaks, and cargo-semver-checks reports what breaks";

/// What is asked of the task.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Compares the table with docs/semver.md, and writes nothing.
    #[arg(long)]
    check: bool,
}

/// Both verdicts on one edit.
struct Row {
    name: String,
    ours: Option<Level>,
    theirs: Theirs,
    differs: Option<String>,
}

/// What cargo-semver-checks says.
struct Theirs {
    level: Option<Level>,
    lints: Vec<String>,
}

/// Writes docs/semver.md: 0 where each difference is explained, 1 where one is not.
pub(crate) fn run(args: &Args) -> anyhow::Result<u8> {
    let root = crate::root();
    let table = read(&input::text(&root.join(TABLE))?)?;
    let ours = read(&input::text(&root.join(input::OUR_SPEC))?)?;
    let mut documents = Documents::new(&root)?;
    let mut rows = Vec::new();
    for edit in table["table"].as_array().into_iter().flatten() {
        rows.push(row(&ours, edit, &mut documents)?);
    }
    let version = documents.version()?;
    let page = page(&rows, &version)?;
    let mut code = 0;
    for row in rows.iter().filter(|row| row.unexplained()) {
        code = 1;
        let theirs = shown(row.theirs.level);
        let ours = shown(row.ours);
        input::print(&format!(
            "{}: diff says {ours}, cargo-semver-checks {theirs}; mend one, or explain it under `differs` in {TABLE}\n",
            row.name
        ))?;
    }
    let file = root.join(PAGE);
    if !args.check {
        fs::write(&file, &page).with_context(|| format!("{PAGE} can't be written"))?;
        input::print(&format!("{PAGE}: {} edits\n", rows.len()))?;
    } else if input::text(&file)? != page {
        input::print(&format!(
            "{PAGE} is stale; `cargo xtask semver` writes it\n"
        ))?;
        code = 1;
    } else {
        input::print(&format!(
            "{PAGE} is what both say of {} edits\n",
            rows.len()
        ))?;
    }
    Ok(code)
}

impl Row {
    /// Whether the verdicts differ without a word on why, or are the same with one.
    fn unexplained(&self) -> bool {
        let explained = self.differs.is_some();
        if breaks(self.ours) == breaks(self.theirs.level) {
            explained
        } else {
            !explained
        }
    }

    /// Why the verdicts differ; nothing where they don't.
    fn why(&self) -> &str {
        match &self.differs {
            Some(why) => why,
            None if self.ours == Some(Level::Minor) && self.theirs.level.is_none() => ADDITION,
            None => "",
        }
    }
}

fn breaks(level: Option<Level>) -> bool {
    level == Some(Level::Major)
}

fn shown(level: Option<Level>) -> &'static str {
    level.map_or("nothing", Level::as_str)
}

fn row(ours: &Value, edit: &Value, documents: &mut Documents) -> anyhow::Result<Row> {
    let name = edit["name"].as_str().unwrap_or_default().to_owned();
    let mut root = ours.clone();
    let mut sides = Vec::new();
    for edits in [&edit["base"], &edit["edits"]] {
        if !edits.is_null() {
            let edits: json_patch::Patch = serde_json::from_value(edits.clone())
                .with_context(|| format!("{TABLE}: the edits of `{name}` are no patch"))?;
            json_patch::patch(&mut root, &edits)
                .with_context(|| format!("{TABLE}: `{name}` doesn't fit the spec"))?;
        }
        sides.push(root.to_string());
    }
    if edit["reverse"] == true {
        sides.reverse();
    }
    let changes = diff(
        &input::parsed(&name, &sides[0])?,
        &input::parsed(&name, &sides[1])?,
    );
    Ok(Row {
        ours: verdict(&changes),
        theirs: documents.compare(&sides[0], &sides[1])?,
        differs: edit["differs"].as_str().map(str::to_owned),
        name,
    })
}

/// What rustdoc says of the client of each spec, in the form that cargo-semver-checks reads.
struct Documents {
    root: PathBuf,
    scratch: PathBuf,
    made: HashMap<String, PathBuf>,
}

impl Documents {
    fn new(root: &Path) -> anyhow::Result<Self> {
        let scratch = root.join("target/semver");
        fs::create_dir_all(&scratch)
            .with_context(|| format!("{} can't be made", scratch.display()))?;
        Ok(Self {
            root: root.to_owned(),
            scratch,
            made: HashMap::new(),
        })
    }

    /// What cargo-semver-checks is called.
    fn version(&self) -> anyhow::Result<String> {
        let output = Command::new("cargo-semver-checks")
            .arg("--version")
            .output();
        let output = output.context(
            "cargo-semver-checks doesn't start; `cargo install cargo-semver-checks --locked` installs it",
        )?;
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Compares the clients of two specs.
    fn compare(&mut self, old: &str, new: &str) -> anyhow::Result<Theirs> {
        let (old, new) = (self.of(old)?, self.of(new)?);
        let output = Command::new("cargo-semver-checks")
            .args(["semver-checks", "--color", "never", "--release-type", "patch"])
            .args([Path::new("--baseline-rustdoc"), &old])
            .args([Path::new("--current-rustdoc"), &new])
            .output()
            .context(
                "cargo-semver-checks doesn't start; `cargo install cargo-semver-checks --locked` installs it",
            )?;
        let said = [output.stdout, output.stderr].concat();
        understood(&String::from_utf8_lossy(&said), output.status.success())
    }

    /// The documentation of the client of a spec.
    fn of(&mut self, spec: &str) -> anyhow::Result<PathBuf> {
        // Specs are told apart by their hash, so that each is documented once.
        let sha256 = Spec::parse(spec)?.sha256().to_owned();
        if let Some(made) = self.made.get(&sha256) {
            return Ok(made.clone());
        }
        let file = self.scratch.join(format!("{sha256}.yaml"));
        fs::write(&file, spec).with_context(|| format!("{} can't be written", file.display()))?;
        let output = Command::new(env!("CARGO"))
            .args([
                "rustdoc",
                "--quiet",
                "--package",
                "cometchat-client",
                "--lib",
            ])
            .args(["--features", "codegen", "--", "-Zunstable-options"])
            .args(["--output-format", "json", "--document-private-items"])
            .args(["--document-hidden-items", "--cap-lints=allow"])
            .env("COMETCHAT_OPENAPI", &file)
            .env("CARGO_TARGET_DIR", &self.scratch)
            // The form that cargo-semver-checks reads is not stable yet; it asks for it in the same way.
            .env("RUSTC_BOOTSTRAP", "1")
            .current_dir(&self.root)
            .output()
            .context("cargo doesn't start")?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            return Err(anyhow!(said).context("the client of an edited spec doesn't compile"));
        }
        let made = file.with_extension("json");
        fs::copy(self.scratch.join("doc/cometchat_client.json"), &made)
            .context("rustdoc left no document")?;
        self.made.insert(sha256, made.clone());
        Ok(made)
    }
}

/// Reads what cargo-semver-checks printed.
fn understood(said: &str, success: bool) -> anyhow::Result<Theirs> {
    let lints = said
        .lines()
        .filter_map(|line| line.strip_prefix("--- failure "))
        .filter_map(|line| Some(line.split_once(':')?.0.to_owned()))
        .collect();
    let level = if said.contains("requires new major version") {
        Some(Level::Major)
    } else if said.contains("requires new minor version") {
        Some(Level::Minor)
    } else if success {
        None
    } else {
        bail!("cargo-semver-checks said what is not understood:\n{said}");
    };
    Ok(Theirs { level, lints })
}

/// The page of the table.
fn page(rows: &[Row], version: &str) -> anyhow::Result<String> {
    let agree = rows
        .iter()
        .filter(|row| breaks(row.ours) == breaks(row.theirs.level))
        .count();
    let mut out = format!(
        "<!-- Written by `cargo xtask semver`, do not edit. -->\n\
         # What a change of the spec means for the version\n\n\
         `cargo xtask diff` reads two specs and says what changes for users of the crates, row by row, and how much that\n\
         asks of the version. It judges by what is generated: every struct and every enum is `#[non_exhaustive]`, an\n\
         optional property is an `Option`, a parameter is a setter that takes whatever converts, and its range is checked\n\
         when it is set.\n\n\
         Below is each edit of a table, what `diff` says of it, and what {version} says of the code that is\n\
         generated before and after it (with `--release-type patch`, so that it reports whatever asks for more). On whether\n\
         the edit breaks code of users they agree in {agree} of {} edits.\n\n\
         cargo-semver-checks compares names and shapes, not the types of fields and arguments, nor what a value is checked\n\
         against when it is set or read; the last column says which of these a difference is. A test of `diff` closes that\n\
         gap from the other side: it compares every signature of the generated code, types included, before and after\n\
         each edit. None is lost where `diff` doesn't say major, and none is different where it says patch.\n\n\
         | edit | `xtask diff` | cargo-semver-checks | why they differ |\n\
         |---|---|---|---|\n",
        rows.len()
    );
    for row in rows {
        let lints: Vec<_> = row
            .theirs
            .lints
            .iter()
            .map(|lint| format!("`{lint}`"))
            .collect();
        let theirs = match lints.is_empty() {
            true => shown(row.theirs.level).to_owned(),
            false => format!("{}: {}", shown(row.theirs.level), lints.join(", ")),
        };
        writeln!(
            out,
            "| {} | {} | {theirs} | {} |",
            row.name,
            shown(row.ours),
            row.why()
        )?;
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::{Level, Row, Theirs, page, understood};

    const FAILED: &str = "\
--- failure struct_pub_field_missing: pub struct's pub field removed or renamed ---
     Summary semver requires new major version: 1 major and 0 minor checks failed
";

    fn row(ours: Level, theirs: Option<Level>, differs: Option<&str>) -> Row {
        Row {
            name: "an edit".to_owned(),
            ours: Some(ours),
            theirs: Theirs {
                level: theirs,
                lints: Vec::new(),
            },
            differs: differs.map(str::to_owned),
        }
    }

    #[test]
    fn what_cargo_semver_checks_prints_is_understood() {
        let theirs = understood(FAILED, false).unwrap();
        assert_eq!(theirs.level, Some(Level::Major));
        assert_eq!(theirs.lints, ["struct_pub_field_missing"]);
        let theirs = understood("     Summary no semver update required", true).unwrap();
        assert_eq!(theirs.level, None);
        assert!(understood("error: no such file", false).is_err());
    }

    #[test]
    fn a_difference_must_be_explained_and_nothing_else() {
        use Level::{Major, Minor};
        for (row, unexplained) in [
            (row(Major, Some(Major), None), false),
            (row(Major, Some(Major), Some("why")), true),
            (row(Major, None, None), true),
            (row(Major, None, Some("why")), false),
            (row(Minor, Some(Major), None), true),
            (row(Minor, None, None), false),
        ] {
            assert_eq!(row.unexplained(), unexplained);
        }
    }

    #[test]
    fn each_edit_has_a_line() {
        let rows = [
            row(Level::Minor, None, None),
            row(Level::Major, None, Some("it is so")),
        ];
        let page = page(&rows, "a checker 1.0").unwrap();
        assert!(page.contains("agree in 1 of 2 edits"), "{page}");
        assert!(
            page.contains("| an edit | minor | nothing | nothing breaks"),
            "{page}"
        );
        assert!(
            page.ends_with("| an edit | major | nothing | it is so |\n"),
            "{page}"
        );
    }
}
