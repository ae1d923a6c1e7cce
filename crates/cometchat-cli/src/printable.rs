//! Text from outside, for a terminal.
//!
//! A name can hold an escape sequence that clears the screen, retitles the window or worse, and marks that reverse the
//! order of what follows. None of these reaches a terminal: each is shown as what it is.

use std::borrow::Cow;
use std::fmt::Write;

/// The text on one line, with everything that would steer a terminal written as an escape.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if !text.chars().any(steers) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if steers(c) {
            // \n, \t and \r by name, the others by number.
            let _ = write!(shown, "{}", c.escape_default());
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// JSON text in which characters that would steer a terminal are written as JSON escapes: the same value.
///
/// JSON itself only forbids those below a space, and a line break between tokens is the caller's to judge.
pub(crate) fn printable_json(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| !c.is_ascii_whitespace() && steers(c)) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if !c.is_ascii_whitespace() && steers(c) {
            // All of them are in the basic plane.
            let _ = write!(shown, "\\u{:04x}", u32::from(c));
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// Whether a character moves the cursor, starts a sequence, ends a line or turns the direction of writing.
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{061c}'
        )
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_steer_a_terminal_is_shown_as_what_it_is() {
        assert_eq!(printable("Zoë 🦊 لين"), "Zoë 🦊 لين");
        assert_eq!(printable("a\u{1b}[2Jb\nc"), "a\\u{1b}[2Jb\\nc");
        assert_eq!(printable("\u{9b}31m\u{202e}x"), "\\u{9b}31m\\u{202e}x");
    }

    #[test]
    fn json_stays_the_same_value() {
        let text = "{\"name\": \"a\u{9b}31m\u{7f}\u{202e}\",\n\t\"x\": 1}";
        let shown = printable_json(text);
        assert!(!shown.contains('\u{9b}') && shown.contains("\\u009b31m\\u007f\\u202e"));
        let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(value(&shown), value(text));
    }
}
