//! The terminal: messages on stderr, its width, and whether it shows colours.

pub(crate) mod progress;
pub(crate) mod sanitize;

use std::borrow::Cow;
use std::env;
use std::fmt::Display;
use std::io::Write;
use std::path::Path;

use console::{Style, Term};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use self::sanitize::sanitize;

/// Prints a message on stderr in one write, so that lines of other programs do not mix with it.
///
/// On a terminal, lines wrap at words. /// A closed stderr is not an error: the program continues without messages.
pub(crate) fn message(message: impl Display) {
    let mut text = format!("{message}\n");
    let screen = Screen::stderr();
    if let Some(width) = screen.width.filter(|_| screen.terminal) {
        text = wrap(&text, width);
    }
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// Breaks lines that are wider than `width` between words. The rest of a line is indented further than its start.
fn wrap(text: &str, width: usize) -> String {
    let mut wrapped = String::with_capacity(text.len());
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        let mut used = 0;
        for word in line.split_inclusive(' ') {
            if used > indent + 2 && used + word.trim_end().width() > width {
                wrapped.truncate(wrapped.trim_end().len());
                wrapped.push_str(&format!("\n{:1$}", "", indent + 2));
                used = indent + 2;
            }
            wrapped.push_str(word);
            used += word.width();
        }
        wrapped.push('\n');
    }
    wrapped
}

pub(crate) fn show_path(path: &Path) -> String {
    sanitize(&path.display().to_string()).into_owned()
}

/// The properties of an output that decide how rows are shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Screen {
    pub(crate) terminal: bool,
    /// The width in columns, if known.
    pub(crate) width: Option<usize>,
    pub(crate) colour: bool,
}

impl Screen {
    pub(crate) fn stdout() -> Self {
        Self::new(&Term::stdout())
    }

    pub(crate) fn stderr() -> Self {
        Self::new(&Term::stderr())
    }

    /// A file: of unlimited width, without colours.
    pub(crate) fn file() -> Self {
        Self {
            terminal: false,
            width: None,
            colour: false,
        }
    }

    fn new(term: &Term) -> Self {
        let variable = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
        let columns = variable("COLUMNS").and_then(|columns| columns.parse().ok());
        let dumb = variable("TERM").is_some_and(|term| term == "dumb");
        Self {
            terminal: term.is_term(),
            width: columns
                .or(term.size_checked().map(|(_, columns)| usize::from(columns)))
                .filter(|columns| *columns > 0),
            colour: term.is_term() && variable("NO_COLOR").is_none() && !dumb,
        }
    }

    /// The text in this style, if colours are shown.
    pub(crate) fn paint(self, style: Style, text: &str) -> String {
        style
            .force_styling(self.colour && !text.is_empty())
            .apply_to(text)
            .to_string()
    }
}

/// The text, cut to `width` columns with `…` at the end if it is wider.
pub(crate) fn shorten(text: &str, width: usize) -> Cow<'_, str> {
    if text.width() <= width {
        return Cow::Borrowed(text);
    }
    let mut shown = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > width {
            break;
        }
        shown.push(c);
    }
    shown.push('…');
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_wrap_at_words() {
        for (text, width, expected) in [
            ("error: a b\n  cd\n", 80, "error: a b\n  cd\n"),
            ("warning: nam is not\n", 12, "warning: nam\n  is not\n"),
            ("  Check the key\n", 9, "  Check\n    the\n    key\n"),
            (
                "a_word_that_is_wide 李雷 李雷\n",
                8,
                "a_word_that_is_wide\n  李雷\n  李雷\n",
            ),
        ] {
            assert_eq!(wrap(text, width), expected);
        }
    }
}
