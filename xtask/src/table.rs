//! The two forms of a result: a table for a terminal, and JSON; strings of a document steer no terminal in either.

use cometchat_codegen::printable;
use serde_json::Value;

/// The form in which a result is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For a terminal.
    Text,
    /// For programs.
    Json,
}

/// Returns the headings and the rows in columns.
pub(crate) fn table<'a, const COLUMNS: usize>(
    headings: [&'a str; COLUMNS],
    rows: impl IntoIterator<Item = [&'a str; COLUMNS]>,
) -> String {
    let rows: Vec<[String; COLUMNS]> = std::iter::once(headings)
        .chain(rows)
        .map(|row| row.map(printable))
        .collect();
    let widths: [usize; COLUMNS] = std::array::from_fn(|column| {
        let widths = rows.iter().map(|row| row[column].chars().count());
        widths.max().unwrap_or(0)
    });
    let line = |row: &[String; COLUMNS]| {
        let cells = row.iter().zip(widths);
        let cells: String = cells
            .map(|(cell, width)| format!("{cell:width$}  "))
            .collect();
        format!("{}\n", cells.trim_end())
    };
    rows.iter().map(line).collect()
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

    use super::{printable_json, table};

    #[test]
    fn a_table_has_columns_and_escapes() {
        let rows = [["major", "a|b\nc\u{1b}"], ["é", ""]];
        assert_eq!(
            table(["level", "what"], rows),
            "level  what\nmajor  a|b\\nc\\u{1b}\né\n"
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
