//! The quirks of the live service, or none of them.

use serde_json::Value;

/// Whether the sandbox has the quirks of the live service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Quirks {
    /// Escaped slashes, `Content-Encoding: none`, an empty `Server:`, a `count` that is not the number of rows, a
    /// `cursor` beside `meta` or inside it.
    #[default]
    Observed,
    /// None of that.
    Tidy,
}

impl Quirks {
    /// A slash in a JSON string.
    pub(crate) fn slash(self) -> &'static str {
        match self {
            Self::Observed => "\\/",
            Self::Tidy => "/",
        }
    }

    /// The value as JSON text, with or without escaped slashes.
    pub(crate) fn json(self, value: &Value) -> String {
        let text = value.to_string();
        match self {
            // A slash occurs in strings only, and serde_json never escapes it.
            Self::Observed => text.replace('/', self.slash()),
            Self::Tidy => text,
        }
    }
}
