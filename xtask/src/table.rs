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

/// Returns some keys of the rows, JSON objects, as columns under their names.
pub(crate) fn table<const COLUMNS: usize>(keys: [&str; COLUMNS], rows: &[Value]) -> String {
    let cell = |row: &Value, key| printable(row[key].as_str().unwrap_or_default());
    let rows = rows.iter().map(|row| keys.map(|key| cell(row, key)));
    let lines: Vec<_> = std::iter::once(keys.map(str::to_owned))
        .chain(rows)
        .collect();
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max();
    let widths: [usize; COLUMNS] = std::array::from_fn(|column| width(column).unwrap_or(0));
    let line = |line: &[String; COLUMNS]| {
        let cells = line.iter().zip(widths);
        let cells: String = cells
            .map(|(cell, width)| format!("{cell:width$}  "))
            .collect();
        format!("{}\n", cells.trim_end())
    };
    lines.iter().map(line).collect()
}

/// JSON on several lines, in which what would steer a terminal is written as an escape.
pub(crate) fn printable_json(value: &Value) -> String {
    let json = format!("{value:#}\n");
    let escaped = |c: char| match c {
        '\n' => c.to_string(),
        _ if printable(c.encode_utf8(&mut [0; 4])) == c.to_string() => c.to_string(),
        // It can only stand in a string, where this is the same character.
        _ => {
            let mut units = [0; 2];
            let units = c.encode_utf16(&mut units).iter();
            units.map(|unit| format!("\\u{unit:04x}")).collect()
        }
    };
    json.chars().map(escaped).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{printable_json, table};

    #[test]
    fn a_table_has_columns_and_escapes() {
        let rows = [
            json!({"level": "major", "kind": "removed", "what": "a|b\nc\u{1b}"}),
            json!({"level": "é", "what": ""}),
        ];
        assert_eq!(
            table(["level", "what"], &rows),
            "level  what\nmajor  a|b\\nc\\u{1b}\né\n"
        );
    }

    #[test]
    fn json_says_the_same_in_escapes() {
        let value = json!({"a": "é\u{9b}\u{202e}\n"});
        let text = printable_json(&value);
        assert_eq!(text, "{\n  \"a\": \"é\\u009b\\u202e\\n\"\n}\n");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
