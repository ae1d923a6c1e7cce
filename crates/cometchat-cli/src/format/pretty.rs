//! JSON for people: indented and coloured, for a terminal.

use console::Style;

use crate::terminal::Screen;

/// The deepest indented level. Deeper values stay at its indentation, so that the text grows in proportion to the JSON.
const MAX_INDENT: usize = 20;

/// Writes valid JSON as an element of an array that begins on the line before. Numbers and escapes stay as they are, except
/// `\/`, which becomes `/`.
pub(crate) fn write(json: &str, screen: Screen, out: &mut Vec<u8>) {
    let mut depth = 1;
    new_line(depth, out);
    let mut rest = json.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => string_length(rest),
            '{' | '[' | '}' | ']' | ',' | ':' => 1,
            _ => rest
                .find([',', '}', ']', ' ', '\t', '\r', '\n'])
                .unwrap_or(rest.len()),
        };
        let (token, after) = rest.split_at(length);
        rest = after.trim_start();
        match first {
            '{' | '[' => {
                out.extend_from_slice(token.as_bytes());
                if rest.starts_with(['}', ']']) {
                    out.extend_from_slice(&rest.as_bytes()[..1]);
                    rest = rest[1..].trim_start();
                } else {
                    depth += 1;
                    new_line(depth, out);
                }
            }
            '}' | ']' => {
                depth -= 1;
                new_line(depth, out);
                out.extend_from_slice(token.as_bytes());
            }
            ',' => {
                out.push(b',');
                new_line(depth, out);
            }
            ':' => out.extend_from_slice(b": "),
            '"' => {
                let style = Style::new();
                let style = if rest.starts_with(':') {
                    style.blue().bold()
                } else {
                    style.green()
                };
                let text = screen.paint(style, &without_escaped_slashes(token));
                out.extend_from_slice(text.as_bytes());
            }
            _ => out.extend_from_slice(screen.paint(Style::new().cyan(), token).as_bytes()),
        }
    }
}

fn new_line(depth: usize, out: &mut Vec<u8>) {
    out.push(b'\n');
    out.extend((0..depth.min(MAX_INDENT) * 2).map(|_| b' '));
}

/// Returns the length of the string that the text begins with, in bytes.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |end| end + 2)
}

fn without_escaped_slashes(string: &str) -> String {
    // A backslash before `\/` is not part of it.
    let parts = string.split(r"\\").map(|part| part.replace(r"\/", "/"));
    parts.collect::<Vec<_>>().join(r"\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pretty(json: &str, colour: bool) -> String {
        let screen = Screen {
            colour,
            ..Screen::file()
        };
        let mut out = Vec::new();
        write(json, screen, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn values_are_indented_and_kept() {
        let json = r#" {"a":"x\/y\\/\"}" ,"b": [1.50e+2,{ }, [],null],"\u00e9":{"c":true}} "#;
        let expected = r#"
  {
    "a": "x/y\\/\"}",
    "b": [
      1.50e+2,
      {},
      [],
      null
    ],
    "\u00e9": {
      "c": true
    }
  }"#;
        assert_eq!(pretty(json, false), expected);
        let value = |json: &str| serde_json::from_str::<serde_json::Value>(json).unwrap();
        assert_eq!(value(expected), value(json));
        assert_eq!(pretty("7", false), "\n  7");
    }

    #[test]
    fn names_and_values_differ_in_colour() {
        let text = pretty(r#"{"a":"b"}"#, true);
        assert!(
            text.contains("\u{1b}[34m\u{1b}[1m\"a\"\u{1b}[0m: \u{1b}[32m\"b\"\u{1b}[0m"),
            "{text:?}"
        );
    }

    #[test]
    fn deep_values_grow_in_proportion() {
        let depth = 10_000;
        let json = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(pretty(&json, false).len() < depth * 100);
    }
}
