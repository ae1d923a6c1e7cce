//! A draft of what a changelog says of a change, under the headings of Keep a Changelog.

use std::fmt::Write;

use super::change::{Change, Kind, Level};

const HEADINGS: [(&str, Kind); 4] = [
    ("Added", Kind::Added),
    ("Changed", Kind::Changed),
    ("Deprecated", Kind::Deprecated),
    ("Removed", Kind::Removed),
];

/// A draft of the section of a changelog for `version`, in Markdown; whatever breaks comes first under its heading.
pub fn changelog(version: &str, changes: &[Change]) -> String {
    let mut out = format!("## [{version}] - unreleased\n");
    for (heading, kind) in HEADINGS {
        let mut of_kind: Vec<_> = changes
            .iter()
            .filter(|change| change.kind == kind)
            .collect();
        of_kind.sort_by_key(|change| change.level != Level::Major);
        let line = |Change {
                        level, item, what, ..
                    }: &Change| match level {
            Level::Major => format!("- **Breaking:** `{item}`: {what}."),
            _ => format!("- `{item}`: {what}."),
        };
        let mut lines: Vec<_> = of_kind.into_iter().map(line).collect();
        if kind == Kind::Changed {
            lines.extend(documentation(changes));
        }
        if !lines.is_empty() {
            // Writing to a string doesn't fail.
            let _ = write!(out, "\n### {heading}\n\n{}\n", lines.join("\n"));
        }
    }
    out
}

/// One line for all words that have changed.
fn documentation(changes: &[Change]) -> Option<String> {
    let mut items: Vec<_> = changes
        .iter()
        .filter(|change| change.kind == Kind::Documented)
        .map(|change| format!("`{}`", change.item))
        .collect();
    items.dedup();
    (!items.is_empty()).then(|| format!("- Documentation of {}.", items.join(", ")))
}
