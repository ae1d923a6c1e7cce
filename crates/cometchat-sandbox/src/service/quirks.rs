//! As the service was seen to answer, or as a tidy reader of its documentation would expect: one switch.

use serde_json::Value;

/// Which of the service's habits the sandbox has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Escaped slashes, `Content-Encoding: none`, an empty `Server:`, a `count` that is not the number of rows, a
    /// `cursor` beside `meta` or inside it.
    #[default]
    Observed,
    /// None of that.
    Tidy,
}

impl Manner {
    /// How a slash stands in JSON.
    pub(crate) fn slash(self) -> &'static str {
        match self {
            Self::Observed => "\\/",
            Self::Tidy => "/",
        }
    }

    /// The value as JSON, slashes as the manner has them.
    pub(crate) fn json(self, value: &Value) -> String {
        let text = value.to_string();
        match self {
            // In JSON a slash stands in strings only, and is never written escaped here.
            Self::Observed => text.replace('/', self.slash()),
            Self::Tidy => text,
        }
    }
}
