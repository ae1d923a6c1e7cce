//! Makes text from outside safe to show on a terminal.
//!
//! A name can contain an escape sequence that clears the screen, characters that are invisible or reverse the direction of
//! the text, and any number of marks on one letter. The characters are shown as escapes, the marks are limited.

use std::borrow::Cow;
use std::fmt::Write;

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};
use unicode_width::UnicodeWidthChar as _;

/// The maximum number of combining marks on one character. The scripts of the world use up to about five.
const MAX_MARKS: usize = 8;

/// The text on one line, with each unsafe character as an escape: `\n`, `\u{1b}`.
///
/// Marks beyond the eighth of one character become a single `…`.
pub(crate) fn sanitize(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| (b' '..0x7f).contains(&byte)) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    let mut marks = 0;
    for c in text.chars() {
        if is_unsafe(c) {
            marks = 0;
            let _ = write!(shown, "{}", c.escape_default());
            continue;
        }
        marks = if is_mark(c) { marks + 1 } else { 0 };
        if marks <= MAX_MARKS {
            shown.push(c);
        } else if marks == MAX_MARKS + 1 {
            shown.push('…');
        }
    }
    Cow::Owned(shown)
}

/// JSON text of the same value, with each unsafe character as a JSON escape.
///
/// Line breaks and tabs between tokens stay.
pub(crate) fn sanitize_json(text: &str) -> Cow<'_, str> {
    let plain = |byte: u8| (b' '..0x7f).contains(&byte) || byte.is_ascii_whitespace();
    if text.bytes().all(plain) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    let mut marks = 0;
    for c in text.chars() {
        let is_unsafe = is_unsafe(c) && !c.is_ascii_whitespace();
        marks = if is_mark(c) && !is_unsafe {
            marks + 1
        } else {
            0
        };
        if is_unsafe || marks > MAX_MARKS {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(shown, "\\u{unit:04x}");
            }
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// Whether a terminal or a reader of the terminal is misled by a character: it moves the cursor, ends the line, changes the
/// direction of the text, or is invisible.
///
/// Two kinds of invisible character pass, since they shape visible ones: the zero width joiner and the variation selectors.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}')
        || (is_invisible(c) && !is_joiner_or_selector(c))
}

/// Whether a character is invisible without being a space: format characters, tags, fillers.
pub(crate) fn is_invisible(c: char) -> bool {
    if c.is_ascii() {
        return false;
    }
    c.general_category() == GeneralCategory::Format
        || is_joiner_or_selector(c)
        // The fillers of Hangul, Khmer and Braille, the grapheme joiner, and what is reserved for such characters.
        || matches!(
            c,
            '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{2065}' | '\u{2800}' | '\u{3164}'
                | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{e0000}'..='\u{e0fff}'
        )
}

/// Whether a character is the zero width joiner or a variation selector, of emoji, ideographs or Mongolian.
fn is_joiner_or_selector(c: char) -> bool {
    matches!(
        c,
        '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' | '\u{180b}'..='\u{180d}' | '\u{180f}'
    )
}

/// Whether a character takes no column of its own: it is shown on the one before it.
fn is_mark(c: char) -> bool {
    !c.is_ascii() && c.width() == Some(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsafe_characters_become_escapes() {
        for (text, shown) in [
            ("a\u{1b}[2Jb\nc", "a\\u{1b}[2Jb\\nc"),
            (
                "\u{9b}31m\u{202e}x\u{2028}",
                "\\u{9b}31m\\u{202e}x\\u{2028}",
            ),
            (
                "a\u{200b}\u{feff}\u{ad}\u{2060}",
                "a\\u{200b}\\u{feff}\\u{ad}\\u{2060}",
            ),
            ("\u{e0041}\u{e0001}", "\\u{e0041}\\u{e0001}"),
            (
                "\u{3164}\u{115f}\u{2800}\u{34f}",
                "\\u{3164}\\u{115f}\\u{2800}\\u{34f}",
            ),
        ] {
            assert_eq!(sanitize(text), shown);
        }
    }

    #[test]
    fn text_of_people_passes() {
        for text in [
            "Zoë 🦊 لين",
            "👩\u{200d}👩\u{200d}👧 ❤\u{fe0f} 葛\u{e0100}",
            "e\u{301}\u{323} שָׁלוֹם हिन्दी ཧཱུྃ 한",
        ] {
            assert_eq!(sanitize(text), text);
            assert_eq!(sanitize_json(text), text);
        }
    }

    #[test]
    fn marks_of_one_character_are_bounded() {
        for mark in ["\u{301}", "\u{20dd}", "\u{200d}", "\u{fe0f}", "\u{1161}"] {
            let text = format!("a{}b", mark.repeat(100_000));
            assert_eq!(sanitize(&text), format!("a{}…b", mark.repeat(MAX_MARKS)));
        }
    }

    #[test]
    fn json_stays_the_same_value() {
        let text = format!(
            "{{\"name\": \"a\u{9b}31m\u{7f}\u{202e}\u{e0041}{}\",\n\t\"x\": 1}}",
            "\u{301}".repeat(20)
        );
        let shown = sanitize_json(&text);
        assert!(
            shown.contains("\\u009b31m\\u007f\\u202e\\udb40\\udc41")
                && shown.ends_with(",\n\t\"x\": 1}"),
            "{shown}"
        );
        assert_eq!(shown.matches('\u{301}').count(), MAX_MARKS);
        let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(value(&shown), value(&text));
    }
}
