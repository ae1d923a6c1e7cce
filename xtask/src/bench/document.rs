//! What a run leaves in `docs/benchmarks.md`: the numbers between marks; the words around them are written by hand.

use std::fmt::Write as _;

use anyhow::{Context, Result};

use super::plot::{Plot, short};

/// A table of numbers, with what was asked of them and their plots.
pub struct Table {
    /// The block of the document that it goes into. The first letter says which part of the run it is of.
    pub name: &'static str,
    head: Vec<String>,
    lines: Vec<Vec<String>>,
    notes: Vec<String>,
    pub targets: Vec<Target>,
    /// By the name of the file, without its ending.
    pub plots: Vec<(String, Plot)>,
}

/// What was to be reached.
pub struct Target {
    pub what: String,
    pub bound: Bound,
    pub measured: f64,
    /// Behind both numbers: `×`, `s`, `MiB`.
    pub unit: &'static str,
}

/// On which side of a number to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    AtMost(f64),
    AtLeast(f64),
}

impl Bound {
    fn holds(self, measured: f64) -> bool {
        match self {
            Self::AtMost(most) => measured <= most,
            Self::AtLeast(least) => measured >= least,
        }
    }
}

impl Table {
    pub fn new(name: &'static str, head: &[&str]) -> Self {
        Self {
            name,
            head: head.iter().map(|&cell| cell.to_owned()).collect(),
            lines: Vec::new(),
            notes: Vec::new(),
            targets: Vec::new(),
            plots: Vec::new(),
        }
    }

    fn letter(&self) -> &str {
        &self.name[..1]
    }

    pub fn line(&mut self, cells: Vec<String>) {
        self.lines.push(cells);
    }

    /// A sentence under the table: what was left out, or which server it was.
    pub fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    pub fn target(&mut self, what: &str, bound: Bound, measured: f64, unit: &'static str) {
        self.targets.push(Target {
            what: what.to_owned(),
            bound,
            measured,
            unit,
        });
    }

    pub fn plot(&mut self, name: &str, plot: Plot) {
        self.plots.push((name.to_owned(), plot));
    }

    /// The table as Markdown, its plots first.
    pub fn markdown(&self) -> String {
        let mut text = String::new();
        for (name, plot) in &self.plots {
            let (Plot::Bars { title, .. } | Plot::Lines { title, .. }) = plot;
            let _ = writeln!(text, "![{title}](benchmarks/{name}.svg)\n");
        }
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        text += &line(&self.head);
        let rule = (0..self.head.len()).map(|place| if place == 0 { "---" } else { "---:" });
        text += &line(&rule.map(str::to_owned).collect::<Vec<_>>());
        for cells in &self.lines {
            text += &line(cells);
        }
        for note in &self.notes {
            let _ = write!(text, "\n{note}\n");
        }
        text
    }

    /// The lines of this table in the table of targets.
    fn target_lines(&self) -> Vec<String> {
        let line = |target: &Target| {
            let bound = match target.bound {
                Bound::AtMost(most) => format!("≤ {most}"),
                Bound::AtLeast(least) => format!("≥ {least}"),
            };
            let reached = match target.bound.holds(target.measured) {
                true => "yes",
                false => "**no**",
            };
            let (letter, what, unit) = (self.letter(), &target.what, target.unit);
            let measured = short(target.measured);
            format!("| ({letter}) {what} | {bound} {unit} | {measured} {unit} | {reached} |")
        };
        self.targets.iter().map(line).collect()
    }
}

/// The table of targets: the lines of these tables, and of the other ones as they were before.
pub fn targets(before: &str, tables: &[Table]) -> String {
    let of = |line: &str, letter: &str| line.starts_with(&format!("| ({letter})"));
    let kept = before
        .lines()
        .filter(|line| line.starts_with("| ("))
        .filter(|line| !tables.iter().any(|table| of(line, table.letter())));
    let mut lines: Vec<String> = kept.map(str::to_owned).collect();
    lines.extend(tables.iter().flat_map(Table::target_lines));
    lines.sort_by_key(|line| line.chars().nth(3));
    let head = "| what | to reach | measured | reached |\n| --- | ---: | ---: | --- |";
    format!("{head}\n{}\n", lines.join("\n"))
}

/// What stands between the marks of a block.
pub fn block<'a>(document: &'a str, name: &str) -> Option<&'a str> {
    let (start, end) = marks(name);
    let (_, rest) = document.split_once(&start)?;
    let (inside, _) = rest.split_once(&end)?;
    Some(inside)
}

/// The document with other text between the marks of a block.
pub fn replace(document: &str, name: &str, text: &str) -> Result<String> {
    let inside = block(document, name);
    inside.with_context(|| format!("docs/benchmarks.md has no block {name}"))?;
    let (start, end) = marks(name);
    let (head, rest) = document.split_once(&start).unwrap_or_default();
    let (_, tail) = rest.split_once(&end).unwrap_or_default();
    Ok(format!("{head}{start}\n{}\n{end}{tail}", text.trim_end()))
}

fn marks(name: &str) -> (String, String) {
    (
        format!("<!-- measured: {name} -->"),
        format!("<!-- end: {name} -->"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: &'static str, measured: f64) -> Table {
        let mut table = Table::new(name, &["peer", "s"]);
        table.line(vec!["one".to_owned(), "0.2".to_owned()]);
        table.target("fast", Bound::AtMost(1.1), measured, "×");
        table
    }

    #[test]
    fn a_block_is_replaced_and_the_rest_stays() {
        let before = "a\n<!-- measured: x -->\nold\n<!-- end: x -->\nb\n";
        let after = replace(before, "x", "new\n").unwrap();
        assert_eq!(after, "a\n<!-- measured: x -->\nnew\n<!-- end: x -->\nb\n");
        assert_eq!(block(&after, "x"), Some("\nnew\n"));
        assert!(replace(before, "y", "new").is_err());
    }

    #[test]
    fn a_target_is_reached_or_not_and_other_tables_keep_theirs() {
        let first = targets("", &[table("a", 1.05), table("b", 1.2)]);
        assert!(first.contains("| (a) fast | ≤ 1.1 × | 1.05 × | yes |"));
        assert!(first.contains("| (b) fast | ≤ 1.1 × | 1.20 × | **no** |"));
        let second = targets(&first, &[table("b", 1.0)]);
        assert!(second.contains("| (a) fast | ≤ 1.1 × | 1.05 × | yes |"));
        assert!(second.contains("| (b) fast | ≤ 1.1 × | 1.00 × | yes |"));
        assert!(!second.contains("**no**"));
    }

    #[test]
    fn a_number_that_is_not_there_reaches_nothing() {
        assert!(!Bound::AtMost(1.0).holds(f64::NAN));
        assert!(!Bound::AtLeast(1.0).holds(f64::NAN));
    }
}
