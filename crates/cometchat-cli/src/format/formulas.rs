//! Keeps spreadsheets from running text that strangers wrote as formulas.
//!
//! A spreadsheet runs a cell that begins with one of a few characters, after spaces or invisible characters. Where a cell
//! begins depends on the reader: at a comma, but in many countries at a semicolon, and for some readers at a tab, a pipe
//! or a line break, whether or not the text is quoted.

use std::borrow::Cow;

use crate::terminal::sanitize::is_invisible;

/// Disarms each formula in a cell with a `'` before its first character. Other text stays as it is.
pub(crate) fn disarm(cell: &str) -> Cow<'_, str> {
    let mut safe = String::new();
    let mut copied = 0;
    // Whether a reader can see the beginning of a cell here, and whether a separator of this cell is before it.
    let (mut at_start, mut separated) = (true, false);
    for (place, c) in cell.char_indices() {
        if is_separator(c) {
            (at_start, separated) = (true, true);
        } else if at_start && begins_formula(c) {
            if !begins_number(&cell[place..]) {
                safe.push_str(&cell[copied..place]);
                safe.push('\'');
                copied = place;
            }
            at_start = false;
        } else if c == '"' && separated {
            // Behind a separator, a reader can take a quote for one that encloses the cell.
        } else if !is_skipped(c) {
            at_start = false;
        }
    }
    if copied == 0 && safe.is_empty() {
        return Cow::Borrowed(cell);
    }
    safe.push_str(&cell[copied..]);
    Cow::Owned(safe)
}

/// Whether some reader ends a cell at a character.
fn is_separator(c: char) -> bool {
    matches!(
        c,
        ',' | ';'
            | '|'
            | '\t'
            | '\n'
            | '\r'
            | '\u{b}'
            | '\u{c}'
            | '\u{85}'
            | '\u{2028}'
            | '\u{2029}'
    )
}

/// Whether some reader ignores a character at the beginning of a cell.
fn is_skipped(c: char) -> bool {
    c.is_whitespace() || c.is_control() || is_invisible(c)
}

/// Whether a formula can begin with a character, also in its full-width or small form.
fn begins_formula(c: char) -> bool {
    matches!(
        c,
        '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '﹦' | '﹢' | '﹣' | '﹫'
    )
}

/// Whether the text up to the next separator is a negative number, which is not a formula. Brackets and quotes may follow
/// it, as they do in JSON.
fn begins_number(text: &str) -> bool {
    let number = text.split(is_separator).next().unwrap_or_default();
    let number = number.trim_end_matches([' ', '"', ']', '}']);
    let digits = number.strip_prefix('-').unwrap_or_default();
    digits.starts_with(|c: char| c.is_ascii_digit()) && serde_json::from_str::<f64>(number).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_disarmed() {
        for (cell, safe) in [
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1+1", "'-1+1"),
            ("-", "'-"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("  =1", "  '=1"),
            ("\t=1", "\t'=1"),
            ("\r=1", "\r'=1"),
            ("a\n=1", "a\n'=1"),
            ("x;=cmd|' /C calc'!A1", "x;'=cmd|' /C calc'!A1"),
            ("x|=1", "x|'=1"),
            ("x,=1;@a\t+1", "x,'=1;'@a\t'+1"),
            ("x;\"=1\"", "x;\"'=1\""),
            ("x;\"\" =1", "x;\"\" '=1"),
            ("\u{feff}=1", "\u{feff}'=1"),
            ("\u{a0}=1", "\u{a0}'=1"),
            (
                "\u{200b}\u{200d}\u{2060}\u{ad}\0=1",
                "\u{200b}\u{200d}\u{2060}\u{ad}\0'=1",
            ),
            ("x; \u{feff}\u{3000}-a", "x; \u{feff}\u{3000}'-a"),
            ("＝1", "'＝1"),
            ("-5=1", "'-5=1"),
            ("-5;=1", "-5;'=1"),
            (
                "{\"a\":\"x;=1\",\"b\":[\"y\",\"@z\"]}",
                "{\"a\":\"x;'=1\",\"b\":[\"y\",\"'@z\"]}",
            ),
        ] {
            assert_eq!(disarm(cell), safe, "{cell:?}");
        }
    }

    #[test]
    fn plain_text_stays() {
        for cell in [
            "",
            "1",
            "-15",
            "-1.5e3",
            "Zoë",
            "a=1",
            "'=1",
            "Smith, John; a|b\tc\nd",
            "mail@example.org, 1+1",
            "\"=1\"",
            "5 - 3; a - b",
            "{\"a\":-1,\"b\":[1,-5],\"c\":\"x=y\"}",
            "https://example.org/?a=1&b=2",
        ] {
            assert!(
                matches!(disarm(cell), Cow::Borrowed(same) if same == cell),
                "{cell:?}"
            );
        }
    }
}
