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
/// A closed stderr is not an error: the program continues without messages.
pub(crate) fn message(message: impl Display) {
    let _ = std::io::stderr().write_all(format!("{message}\n").as_bytes());
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
