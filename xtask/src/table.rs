//! Rows under headings, for a terminal and for a pull request; text of a document in them steers no terminal.

use cometchat_codegen::printable;
use serde_json::Value;

/// How a result is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For a terminal.
    Text,
    /// For a pull request.
    Markdown,
    /// For programs.
    Json,
}

/// Rows under headings; each row has a cell for each heading.
pub(crate) struct Table<const COLUMNS: usize> {
    rows: Vec<[String; COLUMNS]>,
}

impl<const COLUMNS: usize> Table<COLUMNS> {
    /// A table without rows.
    pub(crate) fn new(headings: [&str; COLUMNS]) -> Self {
        Self {
            rows: vec![headings.map(str::to_owned)],
        }
    }

    /// Adds a row.
    pub(crate) fn push(&mut self, row: [&str; COLUMNS]) {
        self.rows.push(row.map(printable));
    }

    /// The headings and the rows in columns.
    pub(crate) fn text(&self) -> String {
        let width = |column: usize| {
            self.rows
                .iter()
                .map(|row| row[column].chars().count())
                .max()
        };
        let widths: [usize; COLUMNS] = std::array::from_fn(|column| width(column).unwrap_or(0));
        let line = |row: &[String; COLUMNS]| {
            let cells = row
                .iter()
                .zip(widths)
                .map(|(cell, width)| format!("{cell:width$}  "));
            format!("{}\n", cells.collect::<String>().trim_end())
        };
        self.rows.iter().map(line).collect()
    }

    /// The rows as a table of Markdown.
    pub(crate) fn markdown(&self) -> String {
        let line = |row: &[String; COLUMNS]| {
            format!(
                "| {} |\n",
                row.each_ref()
                    .map(|cell| cell.replace('|', "\\|"))
                    .join(" | ")
            )
        };
        let mut lines: Vec<_> = self.rows.iter().map(line).collect();
        lines.insert(1, format!("|{}\n", "---|".repeat(COLUMNS)));
        lines.concat()
    }
}

/// JSON on several lines, in which what would steer a terminal is written as an escape.
pub(crate) fn printable_json(value: &Value) -> String {
    let json = format!("{value:#}\n");
    let escaped = |c: char| match c {
        '\n' => c.to_string(),
        _ if printable(c.encode_utf8(&mut [0; 4])) == c.to_string() => c.to_string(),
        // It can only stand in a string, where this is the same character.
        _ => c
            .encode_utf16(&mut [0; 2])
            .iter()
            .map(|unit| format!("\\u{unit:04x}"))
            .collect(),
    };
    json.chars().map(escaped).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Table, printable_json};

    #[test]
    fn a_table_is_written_in_two_ways() {
        let mut table = Table::new(["level", "what"]);
        table.push(["major", "a|b\nc\u{1b}"]);
        table.push(["é", ""]);
        assert_eq!(table.text(), "level  what\nmajor  a|b\\nc\\u{1b}\né\n");
        assert_eq!(
            table.markdown(),
            "| level | what |\n|---|---|\n| major | a\\|b\\nc\\u{1b} |\n| é |  |\n"
        );
    }

    #[test]
    fn json_says_the_same_in_escapes() {
        let value = json!({"a": "é\u{9b}\u{202e}\n"});
        let text = printable_json(&value);
        assert_eq!(text, "{\n  \"a\": \"é\\u009b\\u202e\\n\"\n}\n");
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&text).unwrap(),
            value
        );
    }
}
