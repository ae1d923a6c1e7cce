//! What is known of the terminal: whether there is one, how wide it is, and whether it may be coloured.

use std::env;
use std::fmt::Display;
use std::io::{IsTerminal, Write};

use terminal_size::Width;

/// Says a line on stderr, in one piece: what another program writes to the same terminal comes before it or after it.
///
/// Where nobody listens any more, nothing is said, and the program goes on.
pub(crate) fn say(line: impl Display) {
    let _ = std::io::stderr().write_all(format!("{line}\n").as_bytes());
}

/// How the output is shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Screen {
    /// Whether a terminal shows it.
    pub(crate) terminal: bool,
    /// How many columns there are, where that is known.
    pub(crate) width: Option<usize>,
    /// Whether colour may be used.
    pub(crate) colour: bool,
}

impl Screen {
    /// The screen that stdout is shown on.
    pub(crate) fn of_stdout() -> Self {
        let stdout = std::io::stdout();
        Self::new(
            stdout.is_terminal(),
            terminal_size::terminal_size_of(&stdout),
        )
    }

    /// The screen that stderr is shown on.
    pub(crate) fn of_stderr() -> Self {
        let stderr = std::io::stderr();
        Self::new(
            stderr.is_terminal(),
            terminal_size::terminal_size_of(&stderr),
        )
    }

    /// A file: as wide as need be, and never coloured.
    pub(crate) fn file() -> Self {
        Self {
            terminal: false,
            width: None,
            colour: false,
        }
    }

    fn new(terminal: bool, size: Option<(Width, terminal_size::Height)>) -> Self {
        let said = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
        let columns = said("COLUMNS").and_then(|columns| columns.parse().ok());
        let dumb = said("TERM").is_some_and(|term| term == "dumb");
        Self {
            terminal,
            width: columns
                .or(size.map(|(Width(columns), _)| usize::from(columns)))
                .filter(|columns| *columns > 0),
            colour: terminal && said("NO_COLOR").is_none() && !dumb,
        }
    }

    /// The text between an SGR code and the one that ends it, where colour may be used.
    pub(crate) fn paint(self, code: &str, text: &str) -> String {
        if self.colour && !text.is_empty() {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}
